"""How well a paragraph says what a project is, as a score, and whether it may stand on a card.

What may not: a template's text, which stands unchanged in thousands of READMEs; a notice, which
says in what state a project is ("experimental", "moved"); an order, such as what to install; what
is left of markup. A definition that merely holds such a word stays: "an experimental library for
...". The words that tell are lists of `prose.txt`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category

from aggregator.readme.prose import Prose, joined, sentences_of
from aggregator.readme.subjects import (
    DOES,
    START,
    bare,
    ends_with_a_work,
    explains_another,
    is_kin,
    may_be_of_a_work,
    speaks_of_itself,
    starts_with_a_name,
    tells_of_another,
)
from aggregator.words.phrases import sentence as capitalised

MIN_LENGTH = 25
_MIN_WORDS = 4
# Of a line under the title that is about a thing, or begins with what it does.
_MOST_OF_AN_END = 5  # words
_SHORTEST = 15  # characters
_FEWEST_WORDS = 3
_TELLING = 4  # letters of a word that says something
_SHOUTED = 0.8
_LONGEST_TAGLINE = 30  # words
_LONGEST_QUOTED = 45
_COMPOUND = 16  # letters
_MOST_BEFORE_NAMES = 8  # words
_LEAST_LETTERS = 0.6  # of all characters that are no address

_NOTICES = Prose("notices", "orders", "origins", "greetings")
_TEMPLATES = Prose("templates", "unfinished beginnings")
_UNFINISHED = Prose("unfinished")
_GUARANTEES = Prose("guarantees")
_NOTICES_ELSEWHERE = ("\u6ce8\u610f", "\u8b66\u544a", "\u8bf7", "\u91cd\u8981", "\u8acb")
_OPENINGS = Prose("openings")
_ANYWHERE = Prose("anywhere", form=r"(?:\b(?=[a-z])|(?=[^\w\s.,]))(?:{})")
_DEFINITIONS = Prose("definitions")
_OF_WHAT_CAN_BE = Prose("of what can be")
_OF_A_THING = Prose("of a thing")
_FALSE_DEFINITIONS = Prose("false definitions", form=r"{}\b")
_SAYS_WHAT_IT_IS_NOT = Prose("denials")
_BARE_THING = Prose("bare thing")
_STATES = Prose("states", form=r"\b{}\b")
_WE_DO = Prose("we do", form=r"{}\b")
_SUBORDINATE = Prose("subordinate", form=r"{}\b")
_SMALL_TALK = Prose("small talk", form=r"{}\b")
_OF_THE_WORLD = Prose("of the world", form=r"{}\b")
_OF_A_PART = Prose("of a part", form=r"{}\b")
_MADE_WITH = Prose("made with", form=r"{}\b")
_HANGS_ON = Prose("hangs on", form=r"{}\b")
_BEFORE_IT = Prose("before it", form=r"{}\b")
_LEADS_ON = re.compile(Prose.pattern("leads on"), re.IGNORECASE)
_IS_HERE = Prose("what is here")
_AN_OCCASION = Prose("occasion")
_ORIGIN_OF_NAME = Prose("origins of names")
# As in "rotas: plans shifts", with any dash, and with brackets after the name.
_TAGLINE = re.compile(
    r"[`{\"'*]{0,2}([\w.{}/ -]{1,60}?)[`}\"'*]{0,2}(?:\s*\([^()]{1,40}\))?"
    r"(?:\s*[:\uff1a]\s*|\s+(?:-{1,3}|[\u2013\u2014|])\s+|\s*\u2014\s*)(?=\w|[\"'(\u201c])"
)
_A_THING_THAT = re.compile(r"An? (?:[^\s.,:;!?]+,? ){1,7}?(?:that|which|for|to) \w")
_IS_A = re.compile(r"\A[^.!?:;]{0,80}?\b(?:is|are) (?:an?|the)\b", re.IGNORECASE)
_BEFORE_A_LIST = (":", "\uff1a", " e.g", " e.g.", " i.e", " i.e.")
# An address of mail is looked for once a word, and never in another way: words may be endless.
_LINK = re.compile(r"https?://\S+|www\.\S+|(?<!\S)[^\s@]++@[^\s@.]++\.\S+")
# What parsers leave of markup that nobody closed: links without targets, signs of a merge, names of
# substitutions. Most characters begin none of it, which shows at once.
_MARKUP = re.compile(
    r"(?=[\"'\u201c#\]!\[*~`<>={|:&\u2500-\u257f])(?:\A[\"'\u201c]?#{1,6} |"
    r"\]\(|\]\[|!\[|\[\[|\]\]|\*\*|~~|`|<{3}|>{3}|={4}|\{[:%#]|</|\|\s*\||\|[A-Za-z][\w.-]*\||:::|"
    r"&[a-z]{2,6};|'{3}|[\u2500-\u257f])"
)
# A remark within brackets, which goes with what is above it; a longer text than this is none.
_LONGEST_ASIDE = 1_000  # characters
_ASIDE = re.compile(r"\(.*\)\W*|\[.*\]\W*|[^()]*\([^()]*\w:\)", re.DOTALL)
# Who made it: "Ann Picker (ann@example.org)"
_WHO = re.compile(r"(?:[^\W\d_a-z][\w.'\u2019-]* ){1,4}[(<]\s*[^\s@]+@")
# "A package for shifts; for more, please visit ..."
_ASKS = re.compile(r";[^;]*\bplease\b.*", re.IGNORECASE | re.DOTALL)
# What somebody else said once: "Plan for the worst." - A. Picker
_SAYING = re.compile(r"[\"\u201c].+[\"\u201d]\s*[-\u2013\u2014~]\s*\w")
# Each sign fits one place alone, or a list of people with initials would be tried in all ways.
_NAMES = re.compile(
    r"(?:(?:[^\W\d_a-z][\w.'\u2019-]*|(?:of|and|for|the|at|in|&|de|van|von)\.?)[,;]?(?: |\Z)){3,40}"
)
_BODY = re.compile(
    r"\b(?:Department|Faculty|School|Division|Institute|Cent(?:re|er)|Laboratory|University|Team)\b"
)
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer; then Hangul, kana, Han; and how
# many of their characters make a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_UNSPACED_WORD = 5
_WIDE = re.compile(
    "[\uac00-\ud7a3\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WIDE_WORD = 2

# Nothing is shown that scores less than `LEAST`, and a paragraph loses `STEP` for each that stood
# before it.
LEAST = 15
STEP = 3
_BEST = 100
_QUOTED = 85
DEFINING = 80
_TAGLINE_OF_A_THING = 78  # "A job that removes what nobody uses", next to a definition
TAGLINE_ALONE = 60
_WHAT_IS_HERE = 50  # before a title
_OCCASION = 30
_DEFINING_BELOW = 55
_MOTTO_ELSEWHERE = 65  # where our lists of words tell nothing of a definition
_MOTTO = 30
_NEUTRAL = LEAST + 2 * STEP
_OURS = 54
_DOUBTFUL = LEAST  # where nothing stands before it
_PASSED_OVER = 1  # never shown; after some of them nobody reads on
EXPLAINING = 48  # of what the project is about, which its name holds


class Stand(NamedTuple):
    """Where a paragraph stands in its README.

    Args:
        introduces: Its section, or its place at the top, says what the project is.
        opens: No words stand before it.
        follows_name: It follows the project's name, as in "rotas: plans shifts".
        is_quoted: It is a quotation under the title.
        is_marked: It is set in bold or slanted letters from end to end.
        is_background: Its section tells why, before it tells what.
    """

    introduces: bool
    opens: bool
    follows_name: bool = False
    is_quoted: bool = False
    is_background: bool = False
    is_marked: bool = False


def score(text: str, names: Iterable[str], stand: Stand) -> int:
    """Say how well a paragraph that `describes` would do on a card; below `LEAST` it would not.

    Args:
        text: The paragraph.
        names: What the project is called.
        stand: Where it stands.
    """
    start = text[:START]
    if _SAYS_WHAT_IT_IS_NOT.begins(start):
        return 0
    if stand.follows_name and stand.introduces:
        return _BEST
    if stand.is_quoted:
        return _of_a_quotation(text, names, stand)
    if explains_another(text, names):
        return EXPLAINING if stand.introduces and is_kin(text, names) else _PASSED_OVER
    is_of_itself = speaks_of_itself(start) or starts_with_a_name(start, names)
    if not stand.introduces:  # further down it must speak of the whole repository
        return _DEFINING_BELOW if is_of_itself and not _MADE_WITH.begins(start) else 0
    is_defined = is_of_itself or (_defines(start, text) and not _is_told(text, names))
    return DEFINING if is_defined else _of_no_definition(text, names, stand)


def _of_a_quotation(text: str, names: Iterable[str], stand: Stand) -> int:
    """Say how well a quotation under the title does; most that READMEs quote are mottos."""
    if not text.startswith(("A ", "An ")) and tells_of_another(sentences_of(text)[0], names):
        return _PASSED_OVER
    if _OF_A_THING.begins(text[:START]) or (stand.opens and _opens_with_a_verb(text)):
        return _QUOTED
    motto = _MOTTO_ELSEWHERE if _WIDE.search(text) else _MOTTO
    return motto if _is_tagline(text, _LONGEST_QUOTED) else 0


def _is_told(text: str, names: Iterable[str]) -> bool:
    """Recognise "The frameworks for data can simplify ...", which no more than sounds so."""
    return _OF_WHAT_CAN_BE.begins(text[:START]) and tells_of_another(sentences_of(text)[0], names)


def _of_no_definition(text: str, names: Iterable[str], stand: Stand) -> int:
    start = text[:START]
    if _WE_DO.begins(start):
        return _OURS
    if _is_of_the_world(text, names, stand):
        return _PASSED_OVER
    if stand.opens and (_opens_with_a_verb(text) or _is_tagline(text)):
        return _of_a_tagline(text)
    if _SMALL_TALK.begins(start) or _OF_A_PART.begins(start):
        return _DOUBTFUL
    return _WHAT_IS_HERE if stand.opens and _IS_HERE.begins(start) else _NEUTRAL


def _is_of_the_world(text: str, names: Iterable[str], stand: Stand) -> bool:
    """Tell whether a paragraph says why or when something is so, and nothing of the project."""
    first = sentences_of(text)[0]
    if stand.is_background and not (stand.opens and _is_tagline(text)):
        return True
    if _OF_THE_WORLD.begins(first) or (_SUBORDINATE.begins(first) and not stand.opens):
        return True
    is_of_a_work = (stand.opens and stand.is_marked) or may_be_of_a_work(first, names)
    return not is_of_a_work or tells_of_another(first, names)


def _of_a_tagline(text: str) -> int:
    """Say how well the line below the title does."""
    if _opens_with_a_verb(text):
        return DEFINING
    first = sentences_of(text)[0]
    if _AN_OCCASION.begins(first):
        return _OCCASION
    return _TAGLINE_OF_A_THING if _A_THING_THAT.match(first) else TAGLINE_ALONE


def is_definition(text: str) -> bool:
    """Tell whether a text says what something is."""
    return _defines(text[:START], text)


def _defines(start: str, text: str) -> bool:
    """Tell whether the start of a paragraph says what something is, not only something about it."""
    if _FALSE_DEFINITIONS.begins(start) or not _DEFINITIONS.begins(start):
        return False
    # "Labels set for the group are only applied ..." tells something of labels.
    return not (_BARE_THING.begins(start) and _STATES.is_in(sentences_of(text)[0]))


def _opens_with_a_verb(text: str) -> bool:
    """Recognise "Draws charts of ward counts" and "Draw charts of ward counts"."""
    return DOES.begins(text) and len(sentences_of(text)[0].split()) >= _MIN_WORDS


def _is_tagline(text: str, longest: int = _LONGEST_TAGLINE) -> bool:
    """Recognise a line without a verb: "Charts of ward counts for every hospital"."""
    first = sentences_of(text)[0]
    is_short = len(first.split()) <= longest
    return is_short and not (_STATES.is_in(first) or _SMALL_TALK.begins(first))


def after_name(text: str, names: Iterable[str]) -> str | None:
    """Give the words of "Name: what it does" and "Name - what it does" after the name, or None."""
    match = _TAGLINE.match(text)
    written = bare(match[1]) if match else ""
    if match and written and any(written == bare(name) for name in names):
        rest = text[match.end() :]
        # In "Rotas - a planner - is a package that ..." the name is still the subject.
        return None if _IS_A.search(rest[:START]) else rest
    return None


def says_only_a_name(text: str, names: Iterable[str]) -> bool:
    """Tell whether a line is the project's name again, written as a heading would be."""
    return bare(text) in map(bare, names)


# Sentences are judged alone, and again as part of what is left of their paragraph.
@lru_cache(maxsize=500)
def _is_template(text: str) -> bool:
    return _TEMPLATES.begins(text) or _UNFINISHED.is_in(text)


@lru_cache(maxsize=500)
def is_notice(text: str) -> bool:
    """Tell whether a sentence says in what state a project is, or what to do."""
    if _NOTICES.begins(text) or _GUARANTEES.is_in(text):
        return True
    capitals = sum(map(str.isupper, text))
    cased = capitals + sum(map(str.islower, text))
    is_shouted = len(text.split()) >= 4 and capitals > _SHOUTED * cased > 0
    return is_shouted or text.startswith(_NOTICES_ELSEWHERE)


def is_of_names(text: str) -> bool:
    """Tell whether a line only names people, or the department that they are of."""
    # "University project - Ann Picker, Ben Grower"
    before, _, last = text.rpartition(" - ")
    names = last if len(before.split()) <= _MOST_BEFORE_NAMES else text
    is_list = _NAMES.fullmatch(names) is not None
    return is_list and ("," in names or _BODY.search(names) is not None)


def describes(text: str) -> bool:
    """Tell whether a paragraph's words can stand alone on a card."""
    words_only = _LINK.sub("", text)
    is_long = measure(words_only) >= MIN_LENGTH and _words_in(words_only) >= _MIN_WORDS
    return is_long and _is_fit(text, words_only)


def describes_in_few_words(text: str, names: Iterable[str]) -> bool:
    """Tell whether a line under the title says what the project is: "HL7 parser in Go".

    Args:
        text: The line, perhaps shorter than what `describes`.
        names: What the project is called, which the line must say more than.
    """
    words = text.split()
    if len(text) < _SHORTEST or len(words) < _FEWEST_WORDS:
        return False
    known = [bare(name) for name in names]
    if not any(
        len(word) >= _TELLING and not any(bare(word) in own for own in known) for word in words
    ):
        return False
    is_telling = DOES.begins(text) or _OF_A_THING.begins(text) or ends_with_a_work(text)
    return is_telling and _is_fit(text, _LINK.sub("", text))


def _is_fit(text: str, words_only: str) -> bool:
    if "\ufffd" in text:
        return False
    first = sentences_of(text)[0]
    is_aside = len(first) <= _LONGEST_ASIDE and _ASIDE.fullmatch(first)
    if is_aside or _SAYING.match(text) or _WHO.match(text) or is_of_names(first):
        return False
    if _OPENINGS.begins(text) or _is_template(first) or is_notice(first) or _MARKUP.search(first):
        return False
    # Letters, and the vowels that many scripts write above or below them.
    letters = sum(map(str.isalpha, words_only))
    if not words_only.isascii():
        letters += sum(one > "\u0300" and category(one)[0] == "M" for one in words_only)
    return letters > _LEAST_LETTERS * len(words_only) and not _ORIGIN_OF_NAME.is_in(first)


def _words_in(text: str) -> float:
    """Count words; "Krankenhausdatenbank" is two, and a script without spaces has some."""
    spaced = text.split()
    compounds = sum(len(word) >= _COMPOUND and word.isalpha() for word in spaced)
    wide, unspaced = len(_WIDE.findall(text)), len(_UNSPACED.findall(text))
    return len(spaced) + compounds + wide / _WIDE_WORD + unspaced / _UNSPACED_WORD


def begun_anew(sentence: str) -> str:
    """Leave out how a sentence follows another, "Therefore, this package ...", where it need not.

    Args:
        sentence: The first of a text that is to stand alone.
    """
    match = _LEADS_ON.match(sentence)
    rest = sentence[match.end() :] if match else ""
    return capitalised(rest) if speaks_of_itself(rest) else sentence


def without_asides(text: str) -> str:
    """Leave out sentences that give orders, licences or addresses, and an unfinished last one."""
    found = sentences_of(text)
    # What a paragraph asks, or says of the project's state, before it says what it is.
    first = next((n for n, one in enumerate(found) if not _comes_before(one)), 0)
    others = (
        one
        for one in found[first + 1 :]
        if not _OPENINGS.begins(one) and not _is_template(one) and not is_notice(one)
    )
    kept = [one for one in (_ASKS.sub(".", found[first]), *others) if not _is_aside(one)]
    if kept and kept[-1].endswith(_BEFORE_A_LIST):
        *kept, last = kept
        kept = kept or list(_before_a_list(last))
    return joined(kept)


def _comes_before(sentence: str) -> bool:
    # "A ranking built to answer a question: which team is best?" says what it is all the same.
    is_question = _is_question(sentence) and not _OF_A_THING.begins(sentence)
    return (is_question and not _is_template(sentence)) or is_notice(sentence)


def _is_aside(sentence: str) -> bool:
    is_template = _is_template(sentence)
    is_spoilt = _ANYWHERE.is_in(sentence) or _MARKUP.search(sentence) is not None
    is_spoilt = is_spoilt or _ORIGIN_OF_NAME.is_in(sentence)
    is_question = _is_question(sentence) and not _OF_A_THING.begins(sentence)
    return is_spoilt or (is_question and not is_template)


def _is_question(sentence: str) -> bool:
    return sentence.endswith(("?", "\uff1f"))


def _before_a_list(sentence: str) -> Iterable[str]:
    """Cut "a gem for registers, providing:" where its list begins, if what is left says enough."""
    before, comma, after = sentence.rpartition(", ")
    is_whole = comma and _HANGS_ON.begins(after) and not _BEFORE_IT.begins(before)
    is_whole = is_whole and not (after.startswith("and ") and len(after.split()) > _MOST_OF_AN_END)
    return [before] if is_whole and len(before) >= MIN_LENGTH else []


def measure(text: str, han: int = 3) -> int:
    """Count letters: a Han sign says as much as three of them, and takes the room of two."""
    return len(text) if text.isascii() else len(text) + (han - 1) * len(_WIDE.findall(text))
