"""How well a paragraph says what a project is, as a score.

A definition of the project goes before a line without a verb, and that before what the authors do
here; what is said of the world, or of another thing, is passed over. The words that tell are lists
of `prose.txt`.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from aggregator.readme.passages import MIN_WORDS, OF_A_THING, WIDE
from aggregator.readme.prose import Prose, sentences_of
from aggregator.readme.subjects import (
    DOES,
    START,
    bare,
    explains_another,
    is_kin,
    may_be_of_a_work,
    speaks_of_itself,
    starts_with_a_name,
    tells_of_another,
)

_LONGEST_TAGLINE = 30  # words
_RICH = 9  # words of a definition that says more than the name of a thing
_LONGEST_QUOTED = 45
_DEFINITIONS = Prose("definitions")
_OF_WHAT_CAN_BE = Prose("of what can be")
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
_IS_HERE = Prose("what is here")
_AN_OCCASION = Prose("occasion")
# As in "rotas: plans shifts", with any dash, and with brackets after the name.
_TAGLINE = re.compile(
    r"[`{\"'*]{0,2}([\w.{}/ -]{1,60}?)[`}\"'*]{0,2}(?:\s*\([^()]{1,40}\))?"
    r"(?:\s*[:\uff1a]\s*|\s+(?:-{1,3}|[\u2013\u2014|])\s+|\s*\u2014\s*)(?=\w|[\"'(\u201c])"
)
_A_THING_THAT = re.compile(r"An? (?:[^\s.,:;!?]+,? ){1,7}?(?:that|which|for|to) \w")
# "Charts of shifts for the planners of a ward".
_SAYS_OF_WHAT = re.compile(
    r"(?!(?:the|welcome|this|these|here|we|our|all|monorepo)\b)"
    r"(?:[^\s.:;!?]+ ){1,9}?(?:that|for|to|of|from|with|using|into|over) (?:[^\s.]+ ){2}",
    re.IGNORECASE,
)
# "Rotas encodes those rules", which were named above.
_HANGS = re.compile(
    r"(?!Th[eio])(?:\S+ ){2,6}?(?:those|these|that (?:gap|work|need|problem|question))\b"
)
_IS_A = re.compile(r"\A[^.!?:;]{0,80}?\b(?:is|are) (?:an?|the)\b", re.IGNORECASE)

# Nothing is shown that scores less than `LEAST`, and a paragraph loses `STEP` for each that stood
# before it.
LEAST = 15
STEP = 3
_BEST = 100
_QUOTED = 85
DEFINING = 80
_TAGLINE_OF_A_THING = 78  # "A job that removes what nobody uses", next to a definition
_TAGLINE_TELLING = 76  # after a definition right below it, and before one further down
_TAGLINE_MARKED = 72  # in bold letters
_MOTTO_ELSEWHERE = 65  # one that says of what, or in a language of which no words are listed
TAGLINE_ALONE = 60
_DEFINING_IN_PASSING = 75
_DEFINING_BELOW = 55
_OURS = 54
_WHAT_IS_HERE = 50  # before a title that says of what
EXPLAINING = 48  # of what the project is about, which its name holds
_MOTTO = 30
_OCCASION = 30
_NEUTRAL = LEAST + 2 * STEP
_DOUBTFUL = LEAST  # where nothing stands before it
_PASSED_OVER = 1  # never shown; after some of them nobody reads on


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
    return (_of_a_definition if is_defined else _of_no_definition)(text, names, stand)


def _of_a_definition(text: str, names: Iterable[str], stand: Stand) -> int:
    """Say how well a definition does: "The tool shows ..." below other words tells less."""
    first = sentences_of(text)[0]
    is_thin = len(first.split()) < _RICH and first.startswith("This is ")
    is_of_the_thing = first.startswith("The ") and not starts_with_a_name(first, names)
    is_hanging = _HANGS.match(first) is not None
    is_in_passing = not stand.opens and (is_thin or is_of_the_thing or is_hanging)
    return _DEFINING_IN_PASSING if is_in_passing else DEFINING


def _of_a_quotation(text: str, names: Iterable[str], stand: Stand) -> int:
    """Say how well a quotation under the title does; most that READMEs quote are mottos."""
    if not text.startswith(("A ", "An ")) and tells_of_another(sentences_of(text)[0], names):
        return _PASSED_OVER
    if OF_A_THING.begins(text[:START]) or (stand.opens and _opens_with_a_verb(text)):
        return _QUOTED
    motto = _MOTTO_ELSEWHERE if WIDE.search(text) else _MOTTO
    motto = _MOTTO_ELSEWHERE if stand.opens and _SAYS_OF_WHAT.match(text) else motto
    return motto if _is_tagline(text, _LONGEST_QUOTED) else 0


def _is_told(text: str, names: Iterable[str]) -> bool:
    """Recognise "The frameworks for data can simplify ...", which no more than sounds so."""
    return _OF_WHAT_CAN_BE.begins(text[:START]) and tells_of_another(sentences_of(text)[0], names)


def _of_no_definition(text: str, names: Iterable[str], stand: Stand) -> int:
    start = text[:START]
    if _WE_DO.begins(start):
        return _OURS
    is_here = stand.opens and _IS_HERE.begins(start)
    if not is_here and _is_of_the_world(text, names, stand):
        return _PASSED_OVER
    if stand.opens and (_opens_with_a_verb(text) or _is_tagline(text)):
        return _of_a_tagline(text, is_marked=stand.is_marked)
    if _SMALL_TALK.begins(start) or _OF_A_PART.begins(start):
        return _DOUBTFUL
    return _WHAT_IS_HERE if is_here else _NEUTRAL


def _is_of_the_world(text: str, names: Iterable[str], stand: Stand) -> bool:
    """Tell whether a paragraph says why or when something is so, and nothing of the project."""
    first = sentences_of(text)[0]
    if stand.is_background and not (stand.opens and _is_tagline(text)):
        return True
    if _OF_THE_WORLD.begins(first) or (_SUBORDINATE.begins(first) and not stand.opens):
        return True
    is_of_a_work = (stand.opens and stand.is_marked) or may_be_of_a_work(first, names)
    return not is_of_a_work or tells_of_another(first, names)


def _of_a_tagline(text: str, *, is_marked: bool) -> int:
    if _opens_with_a_verb(text):
        return DEFINING
    first = sentences_of(text)[0]
    if _AN_OCCASION.begins(first):
        return _OCCASION
    if _A_THING_THAT.match(first):
        return _TAGLINE_OF_A_THING
    if _SAYS_OF_WHAT.match(first):
        return _TAGLINE_TELLING
    return _TAGLINE_MARKED if is_marked else TAGLINE_ALONE


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
    return DOES.begins(text) and len(sentences_of(text)[0].split()) >= MIN_WORDS


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
