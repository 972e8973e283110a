"""How the text of a README runs: what stands in no paragraph, and sentences that a list ends.

Markdown makes no paragraph of what follows a tag without an empty line. Readers see one all the
same, so for as long as a README is read such text is put into one. And "This package can:" says
nothing without its items: as many of them are taken as a card holds.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from turbohtml import Element, Node, Text

from aggregator.readme.definitions import is_definition
from aggregator.readme.ornaments import without_ornaments
from aggregator.readme.passages import MIN_LENGTH, measure
from aggregator.readme.prose import Prose, sentences_of
from aggregator.readme.subjects import speaks_of_itself, starts_with_a_name

MAX_LENGTH = 240  # of what stands on a card
_ITEMS_READ = 4
_LEAST_OF_AN_ITEM = 6
_LEAST_OF_A_TITLE = 5  # words
_LEADING = (" in", " for", " of", " from", " by")
_READ_OF_AN_ITEM = 1_000  # characters: four times what a card holds
_STOPS = tuple(".!?\u2026\u3002\uff01\uff1f")
_PLACEHOLDER = re.compile(
    r"(?:feature|item|goal|objective|point|step|objectif|objetivo)s? ?\d*", re.IGNORECASE
)
_TAIL = 40  # characters, in which a paragraph without an end announces its list
_LEFT_OPEN = 50  # characters that say enough without their list
_ANNOUNCES = Prose("announces")
_IS_A = re.compile(r"[\w{}.-]+ is an? ")
_IN_THIS = re.compile(r"\bin this (?:repo(?:sitory)?|project|package|folder)\b")
_OF_WHAT_FOLLOWS = re.compile(r"\b(?:these|following|below)\b", re.IGNORECASE)
_USED = re.compile(
    r"(?:(?:in|for) (?:this|my|our) [\w-]+, )?(?:i|we) (?:have |had )?"
    r"(?:used?|worked with|work with|chose|applied|apply|relied on|rely on)\b",
    re.IGNORECASE,
)
# What stands above a list of what a project does.
OF_FEATURES = re.compile(
    r"(?:(?:basic|main|key|core|current|primary) )?"
    r"(?:functionalit(?:y|ies)|features?|capabilities|aims?|goals?|objectives?|what it does)\W*",
    re.IGNORECASE,
)
_CONTAINERS = "div,center"
_CONTAINERS_READ = 10  # containers
_NODES_READ = 60  # of each, and of a list
_LEAST_OF_A_RUN = 25  # characters that are no single word
_INLINE_WORDS = """
    a abbr b br cite code em font i img kbd mark picture q s small span strong sub sup u
"""
_INLINE = frozenset(_INLINE_WORDS.split())


@contextmanager
def as_paragraphs(root: Element) -> Iterator[None]:
    """Put loose text near the top into paragraphs, and take it out again at the end.

    Args:
        root: The README, which is the same afterwards.
    """
    made: list[Element] = []
    for container in (root, *islice(root.select(_CONTAINERS), _CONTAINERS_READ)):
        for first, last in list(_runs(container)):
            made.append(first.wrap_siblings(Element("p", {}), until=last))
    try:
        yield
    finally:
        for paragraph in made:
            paragraph.unwrap()


def _runs(container: Element) -> Iterator[tuple[Node, Node]]:
    """Give the first and the last node of each run of text between blocks."""
    run: list[Node] = []
    letters = 0
    for node in (*islice(container.children, _NODES_READ), None):
        if isinstance(node, Text):
            letters += len(node.data.strip())
        elif not (isinstance(node, Element) and node.tag in _INLINE):
            if letters >= _LEAST_OF_A_RUN:
                yield run[0], run[-1]
            run, letters = [], 0
            continue
        run.append(node)


def announces(text: str) -> bool:
    """Tell whether a paragraph is begun and goes on in what stands below."""
    return text.endswith((":", "\uff1a", ",", *_LEADING)) or _ANNOUNCES.is_in(text[-_TAIL:])


def with_its_list(text: str, block: Element, names: Iterable[str]) -> str:
    """End a sentence with the quotation or the items that it announces, as far as a card holds.

    Args:
        text: A paragraph that `announces` something.
        block: It in its README.
        names: What the project is called.
    """
    listed = _below(block)
    if listed is not None and listed.tag == "p" and (named := _named_in(listed)):
        return ended(f"{sentences_of(text)[-1].rstrip(',')} {named}")
    if listed is None or listed.tag not in {"ul", "ol", "blockquote"} or text.endswith(" to"):
        return _left_open(sentences_of(text)[-1], names)
    items = list(items_of(listed))
    begun, kept = sentences_of(text)[-1], list[str]()
    begun = "" if OF_FEATURES.fullmatch(begun) else begun
    for item in items[:_ITEMS_READ]:
        longer = f"{begun} {'; '.join([*kept, item])}"
        is_too_long = bool(kept) and measure(longer, han=2) >= MAX_LENGTH
        if len(item) < _LEAST_OF_AN_ITEM or _PLACEHOLDER.fullmatch(item) or is_too_long:
            break
        kept.append(item)
    said = f"{begun} {'; '.join(kept)}".strip()
    if not kept:
        return ""
    return ended(said) if len(kept) == len(items) else f"{said}\u2026"


def leads_to_a_list(block: Element) -> bool:
    """Tell whether a list stands right below a paragraph."""
    below = _below(block)
    return below is not None and below.tag in {"ul", "ol"}


def goes_on_below(block: Element) -> bool:
    """Tell whether what stands below a paragraph may end its last sentence."""
    below = _below(block)
    if below is None:
        return False
    return below.tag in {"ul", "ol", "blockquote"} or (below.tag == "p" and bool(_named_in(below)))


def _below(block: Element) -> Element | None:
    return next((node for node in block.next_siblings if isinstance(node, Element)), None)


def _named_in(block: Element) -> str:
    """Give what a paragraph names that the one before led to: the title of a paper, in bold say."""
    words = without_ornaments(block.text.strip()[:_READ_OF_AN_ITEM].partition("\n")[0])
    is_name = words[:1].isupper() and len(words.split()) >= _LEAST_OF_A_TITLE
    return words.rstrip(" .;,:") if is_name and measure(words) <= MAX_LENGTH else ""


def sentences_about_it(first: str, others: Sequence[str], block: Element) -> int:
    """Say how many sentences after the first of a paragraph go on about the same thing.

    What follows "In this work, we used the portal Example." says what Example is; and a last
    sentence that stops short above a list is none without it.
    """
    if _USED.match(first):
        return 0
    last = others[-1] if others else ""
    is_short = 0 < len(last) < _TAIL and not last.endswith((*_STOPS, ":"))
    return len(others) - (is_short and leads_to_a_list(block))


def ended(text: str) -> str:
    """End what an item says with a stop, unless it has an end of its own."""
    return text if text.endswith(_STOPS) else f"{text}."


def items_of(listed: Element) -> Iterator[str]:
    """Give the first items of a list, without the lists in them, or a quotation's paragraphs."""
    for row in islice(listed.children, _NODES_READ):
        if isinstance(row, Element) and row.tag in {"p", "li"}:
            first = _own_words(row)[:_READ_OF_AN_ITEM]
            yield without_ornaments(first).rstrip(" .;,:\uff1a")


def _own_words(item: Element) -> str:
    """Give the words of an item without the blocks below them, or of a paragraph."""
    said = ""
    for node in item.children:
        if isinstance(node, Element) and node.tag not in _INLINE:
            if said.strip():
                break
            said += _own_words(node) if node.tag == "p" else ""
        elif isinstance(node, (Element, Text)):
            said += node.text if isinstance(node, Element) else node.data
    return said.strip()


def _left_open(sentence: str, names: Iterable[str]) -> str:
    """Give a long sentence on the project without the list that it announces and nobody wrote."""
    said = sentence.rstrip(" :\uff1a")
    is_named = starts_with_a_name(said, names) and not _OF_WHAT_FOLLOWS.search(said)
    is_its_own = is_named or speaks_of_itself(said)
    if is_definition(said) and not is_its_own and len(said) >= MIN_LENGTH:
        return f"{said}\u2026"  # "A planner that shows rotas:" above a picture
    is_whole = is_its_own or _IS_A.match(said) is not None or _IN_THIS.search(said)
    return f"{said}\u2026" if len(said) >= _LEFT_OPEN and is_whole else ""
