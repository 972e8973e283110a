"""The sentence of a README that says what the project is: the one a visitor reads on a card.

A paragraph of the README is taken as it stands and cut at the end of a sentence. Nothing is ever
made up: when no paragraph qualifies there is no excerpt. Each paragraph near the top gets a score
by what it says and where it stands (`definitions`); the best is taken, of equals the first.

Every text here has one space between words and no markup.
"""

import re
from collections.abc import Iterable, Iterator, Set
from itertools import islice, pairwise
from typing import NamedTuple

from turbohtml import Element, Node, Text

from aggregator.readme.definitions import (
    DEFINING,
    EXPLAINING,
    LEAST,
    STEP,
    TAGLINE_ALONE,
    Stand,
    after_name,
    is_definition,
    says_only_a_name,
    score,
)
from aggregator.readme.markup import HEADINGS
from aggregator.readme.ornaments import without_links, without_ornaments
from aggregator.readme.passages import (
    MIN_LENGTH,
    MIN_WORDS,
    begun_anew,
    describes,
    describes_in_few_words,
    is_notice,
    measure,
    without_asides,
)
from aggregator.readme.prose import joined, sentences_of
from aggregator.readme.running_text import (
    MAX_LENGTH,
    OF_FEATURES,
    announces,
    as_paragraphs,
    ended,
    goes_on_below,
    items_of,
    leads_to_a_list,
    sentences_about_it,
    with_its_list,
)
from aggregator.readme.subjects import (
    IT_DOES,
    explains_another,
    is_namesake,
    speaks_of_itself,
    starts_with_a_name,
)
from aggregator.readme.whereabouts import (
    LONG_WORD,
    LONGEST_NAME,
    OF_A_KIND,
    OF_A_TITLE,
    READ,
    Candidate,
    Whereabouts,
    kinds_of,
)

_BLOCKS = f"p,ul,ol,{HEADINGS}"
# What takes a paragraph out of the running text; a quotation does where words stand before it.
_CLOSED = "table,details:not([open]),dl,figure"
_LISTS = frozenset({"ul", "ol"})
# Descriptions stand near the top: blocks looked at in all, and after the first that would do.
_LOOKED_AT = 40
_PATIENCE = 5
_MOST_LINKED = 0.6
# The sentence of a paragraph that says what the project is may be one of the first.
_SENTENCES_READ = 5
# A paragraph whose list ends its sentence is taken where no other says what the project is.
_LESS_FOR_A_LIST = -29
_LESS_FOR_A_LATER_SENTENCE = -6

_MOST_PASTED = 4
_LONGEST_PASTED = 8  # words
_WORDS_OF_A_NAME = 3  # words
_MOST_OF_A_TITLE = 6  # words
_ARTICLES = ("A ", "An ")
_PRONOUNS = ("It ", "You ", "We ", "They ")
_BOLD = frozenset({"strong", "b"})
_MARKED = _BOLD | {"em", "i"}
# "##Data", which is a heading to whoever wrote it; and a link alone below a line.
_UNSPACED_HEADING = re.compile(r"#{1,6}[^\s#]")
_CALL_BELOW = re.compile(
    r"(?<![.:,])\n(?:(?:view|see|open|try|read|visit|go to|check out|watch|download)"
    r" (?:the|this|it|here|our|my|a|live)|click|live (?:demo|site|app)|demo)\b[^\n.]{0,80}\Z",
    re.IGNORECASE,
)
# A link alone above the line: "[Live dashboard](https://...)".
_LINK_ABOVE = re.compile(
    r"\A(?:live |online )?(?:dashboard|demo|site|app|website|docs|documentation)\n", re.IGNORECASE
)
# A list that somebody wrote without its marks, and one with those of another editor.
_ITEMS_BELOW = re.compile(
    r"\n(?:example|step|part|lab|week|day|task|exercise|question) \d+ ?[:.)(\u2013-].*",
    re.IGNORECASE | re.DOTALL,
)
_BULLET = re.compile(r"\n(?:[\u2022\u25cf\u25aa\u2713\u2714]|[-*\u2013] )")
_ENDS = frozenset(".,:;!?\u2026\u3002")

# No sentence ends so; and none does so above a list or a quotation.
_UNENDED_WORDS = "including includes contains as for to from of and are is that which can"
_UNENDED = tuple(f" {word}" for word in _UNENDED_WORDS.split())
_LEADING_WORDS = "in by on with like using"
_LEADING = tuple(f" {word}" for word in _LEADING_WORDS.split())


class Excerpt(NamedTuple):
    """A paragraph that describes a project, and whether it says what that is.

    One that only stands where such a paragraph would is not sure, nor one that explains what the
    project is about ("FHIR is a specification for ..."): what a file says goes before it.
    """

    text: str
    is_sure: bool


def find_excerpt(root: Element, name: str) -> Excerpt | None:
    """Give the paragraph that describes the project best, or None when none does.

    Args:
        root: The README, its badges removed.
        name: What the project is called, without its owner.
    """
    with as_paragraphs(root):
        best, is_sure = _best(root, name)
    if not best:
        return None
    left = without_links(best)
    return Excerpt(_shortened(left if describes(left) else best), is_sure)


def _best(root: Element, name: str) -> tuple[str, bool]:
    blocks = (block for block in root.select(_BLOCKS) if _is_running_text(block))
    best, patience, sure = Candidate("", LEAST - 1), _PATIENCE, False
    for place, found in enumerate(_candidates(islice(blocks, _LOOKED_AT), name)):
        one = found._replace(score=found.score - STEP * place)
        if one.score > best.score:
            best, sure = one, found.is_sure and found.score >= OF_A_TITLE
        patience -= bool(best.text)
        # A definition is not bettered further down, and the patterns take their time.
        if not patience or found.score >= DEFINING:
            break
    return best.text, sure


def _is_running_text(block: Element) -> bool:
    above = block.parent
    if block.closest(_CLOSED) or not isinstance(above, Element):
        return False
    return above.tag not in _LISTS and not above.closest("ul,ol")


def _candidates(blocks: Iterable[Element], name: str) -> Iterator[Candidate]:
    section = Whereabouts(name)
    for block in blocks:
        if block.tag in _LISTS:
            section.pass_list()
            if section.awaits_words and not section.words_seen:
                yield from _of_a_list(block, section)
            continue
        written = "" if block.tag != "p" else block.text.strip()
        section.awaits_words = not written
        if block.tag != "p":
            yield from section.enter(block.text)
            if not section.is_at_tagline:
                continue
        elif len(written) < LONGEST_NAME and section.pass_line(
            written, is_bold=_is_set_in(block, _BOLD)
        ):
            continue
        is_quoted = block.closest("blockquote") is not None
        if not (section.words_seen and (is_quoted or section.is_elsewhere)):
            yield from _of_a_paragraph(block, section, is_quoted=is_quoted)


def _of_a_paragraph(
    block: Element, section: Whereabouts, *, is_quoted: bool
) -> Iterator[Candidate]:
    lines = list(_lines(block))
    written = _without_links_alone(lines, _linked_last(block))
    title, _, below = written.partition("\n")
    if below and (_UNSPACED_HEADING.match(title) or says_only_a_name(title, section.names)):
        yield from section.enter(title.strip("# "))
        written = below
    text = without_ornaments(_below_pasted_headings(written, section.names))
    is_noticed = is_notice(sentences_of(text)[0])
    if not (is_noticed and is_quoted) and section.may_speak(text):
        stand = section.stand(is_quoted=is_quoted)
        stand = stand._replace(is_marked=stand.opens and _is_set_in(block, _MARKED))
        found = _readings(text, block, section, stand)
        if section.has_title or len(text.split()) > _MOST_OF_A_TITLE or text[-1:] in _ENDS:
            yield from found
        else:  # a title that somebody wrote as a paragraph
            yield from (_as_title(one) for one in found)
    if not section.words_seen and len(text.split()) <= _WORDS_OF_A_NAME:
        section.names.append(text)
    unlinked = sum(measure(text) - linked for text, linked in lines)
    section.words_seen |= unlinked >= MIN_LENGTH and not (is_quoted or is_noticed)


def _without_links_alone(lines: Iterable[tuple[str, int]], last: str) -> str:
    """Give the lines of a paragraph that are no links alone, up to a list without its marks.

    Args:
        lines: Its lines, and how many letters of each are linked.
        last: The words of a link that it ends with.
    """
    kept = [
        text
        for text, linked in lines
        if linked <= _MOST_LINKED * len(text) or speaks_of_itself(text)
    ]
    # Where the author broke a line, a sentence ends that has no stop.
    stopped = [
        f"{text}." if _is_a_sentence_above(text, below) else text
        for text, below in pairwise([*kept, ""])
    ]
    rows = (row.strip() for row in "\n".join(stopped)[:READ].splitlines())
    written = "\n".join(row for row in rows if row)
    if "\n" not in written:  # as in most
        return written
    if last and written.endswith(f"\n{last}"):
        written = _CALL_BELOW.sub("", written)
    written = _ITEMS_BELOW.sub("", _LINK_ABOVE.sub("", written))
    announced, *items = _BULLET.split(written)
    if items and announced.endswith((":", *_UNENDED, *_LEADING)):
        return f"{announced} {'; '.join(item.strip() for item in items)}"
    return announced


def _is_a_sentence_above(text: str, below: str) -> bool:
    is_long = len(text) >= MIN_LENGTH and len(below.split()) >= MIN_WORDS
    is_whole = text[-1:].isalnum() and below[:1].isupper()
    # A capital alone proves nothing: "the Royal" above "London Hospital".
    is_begun = speaks_of_itself(below) or is_definition(below) or below.startswith(_PRONOUNS)
    return is_long and is_whole and is_begun


def _as_title(found: Candidate) -> Candidate:
    is_telling = found.score >= DEFINING
    return found if is_telling else found._replace(score=min(found.score, OF_A_KIND))


def _of_a_list(block: Element, section: Whereabouts) -> Iterator[Candidate]:
    """Give what is introduced in a list alone: "+ This package draws ...", or what it can do."""
    first, *others = [*items_of(block), ""]
    if not section.introduces or section.is_elsewhere or not describes(first):
        return
    if _is_of_project(first, section.names):
        more = next((item for item in others if _is_of_project(item, section.names)), "")
        more = more or next((item for item in others if is_definition(item)), "")
        text = joined(ended(item) for item in (first, more) if item)
        yield Candidate(text, score(text, section.names, section.stand(is_quoted=False)))


def _readings(text: str, block: Element, section: Whereabouts, stand: Stand) -> Iterator[Candidate]:
    """Give a paragraph; what follows in it once it speaks of the project; and it with its list."""
    names = section.names
    if says_only_a_name(text, names):
        return
    after = after_name(text, names)
    stand = stand._replace(follows_name=after is not None)
    written = after or text
    first, *others = sentences_of(written)
    others = others[: sentences_about_it(first, others, block)]
    # What goes on in a list is no sentence without it: "It covers the following, including".
    leads_on = written.endswith(_LEADING) and goes_on_below(block)
    end = ":" if leads_on or written.endswith(_UNENDED) else ""
    whole = without_asides(joined([begun_anew(first), *others]) + end)
    says_enough = describes(whole) or (stand.opens and describes_in_few_words(whole, names))
    points = score(whole, names, stand) if says_enough else 0
    linked = _linked_first(block)
    if linked and (points == EXPLAINING or is_namesake(linked, whole, names)):
        points = 0  # "[Tool](https://...) is a tool for ...", in a project called after it
    if points:
        yield Candidate(whole, points, not explains_another(whole, names))
    is_told = points >= TAGLINE_ALONE and measure(whole) <= MAX_LENGTH
    if stand.is_quoted or points >= DEFINING or is_told:
        return
    read = _SENTENCES_READ - 1 if stand.introduces else 0
    for at, other in enumerate(others[:read], 1):
        sentence = begun_anew(other)
        is_of_project = _is_of_project(sentence, names) or IT_DOES.begins(sentence)
        if not (is_of_project and section.may_speak(sentence)):
            continue
        later = without_asides(joined([sentence, *others[at:]]))
        if later.startswith(sentence) and describes(later):
            yield Candidate(later, score(later, names, stand) + _LESS_FOR_A_LATER_SENTENCE)
            return
    if announces(written) and describes(completed := with_its_list(written, block, names)):
        is_of_features = OF_FEATURES.fullmatch(written) is not None
        points = -LEAST if is_of_features else _LESS_FOR_A_LIST if leads_to_a_list(block) else 0
        yield Candidate(completed, score(completed, names, stand) + points)


def _lines(block: Element) -> Iterator[tuple[str, int]]:
    """Give a paragraph's lines, and how many of their letters are links; raised words are none.

    A reference to a citation in reStructuredText ("[Smith2020]") is no word of the sentence.
    """
    text, linked = "", 0
    for node in block.descendants:
        if isinstance(node, Element) and node.tag == "br":
            yield text.strip(), linked
            text, linked = "", 0
        elif isinstance(node, Text) and not node.closest("sup,a[id*=citation-reference]"):
            text += node.data
            is_label = "://" not in node.data and node.closest("a") is not None
            linked += len(node.data.strip()) if is_label else 0
    yield text.strip(), linked


def _linked_last(block: Element) -> str:
    """Give the words of the link that a paragraph ends with; "" for none."""
    for node in reversed(list(block.children)):
        if not _is_blank(node):
            return node.text.strip() if isinstance(node, Element) and node.tag == "a" else ""
    return ""


def _linked_first(block: Element) -> str:
    """Give the words that a paragraph begins with, where they are a link; "" for none."""
    first = next((node for node in block.children if not _is_blank(node)), None)
    return first.text if isinstance(first, Element) and first.tag == "a" else ""


def _is_blank(node: Node) -> bool:
    return isinstance(node, Text) and not node.data.strip()


def _is_set_in(block: Element, tags: Set[str]) -> bool:
    """Tell whether a paragraph is one run of bold letters, say, as a heading would be."""
    inside = [node for node in block.children if not _is_blank(node)]
    return len(inside) == 1 and isinstance(inside[0], Element) and inside[0].tag in tags


def _below_pasted_headings(text: str, names: list[str]) -> str:
    r"""Leave out short lines without an end before one that speaks of the project.

    Somebody pasted headings without their marks: "Ward counts\nOverview\nThis project ...", or
    left out the space after a mark: "#Ward counts". The first is what the project is called.
    """
    lines = text.split("\n")
    for at, line in enumerate(lines[:_MOST_PASTED]):
        is_below = at and line[:1].isupper() and _is_of_project(line, [*names, lines[0]])
        is_below = is_below or (at > 0 and _is_below_title(lines[at - 1], line))
        above = lines[at - 1].strip()
        is_heading = at > 0 and len(above.split()) <= _WORDS_OF_A_NAME and kinds_of(above)[0]
        if is_below or is_heading:
            names.append(lines[0].strip("# "))
            return "\n".join(lines[at:])
        is_marked = line.startswith("#") and len(lines) > 1
        is_long = line.rstrip()[-1:] in _ENDS or len(line.split()) > _LONGEST_PASTED
        if is_long and not is_marked:
            break
    return text


def _is_below_title(title: str, line: str) -> bool:
    """Recognise "Ward Counts" above "A dashboard for ...", with no empty line between them."""
    words = title.split()
    is_name = all(word[0].isupper() or len(word) < LONG_WORD for word in words)
    is_title = is_name and words[:1] != [] and words[0][0].isupper() and words[-1][0].isupper()
    return is_title and line.startswith(_ARTICLES) and is_definition(line)


def _is_of_project(line: str, names: Iterable[str]) -> bool:
    return speaks_of_itself(line) or starts_with_a_name(line, names)


def _shortened(text: str) -> str:
    """Cut a paragraph after the last whole sentence that fits a card, or after a word."""
    width = measure(text, han=2)
    if width <= MAX_LENGTH:
        return text
    kept = ""
    for sentence in sentences_of(text):
        if measure(kept, han=2) + measure(sentence, han=2) > MAX_LENGTH:
            break
        kept = joined([kept, sentence])
    if measure(kept) >= MIN_LENGTH:
        return kept
    longest = MAX_LENGTH * len(text) // width
    end = text.rfind(" ", longest // 2, longest)
    return text[: end if end > 0 else longest].rstrip(" ,;:-\u2013(\uff0c\u3001") + "\u2026"
