"""What a project does, in one line that begins with what matters: a summary, words taken away.

"This repository contains the code for ..." says nothing until its fifth word. What is taken away is
such a beginning and nothing else; no word is added, changed or moved, only the first letter becomes
a capital. Where too little would be left the summary stays as it is. Pure.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aggregator.catalogue.types import Project
from aggregator.words.phrases import sentence

_LEAST_WORDS = 3
_THING = (
    r"(?:repo(?:sitory)?|project|package|library|tool(?:kit|box)?|app(?:lication)?|software|code"
    r"|module|site|website|dashboard|service|script|framework|collection|set of \w+|program)"
)
# Words with which authors hold back are theirs to take away.
_HELD_BACK = (
    r"(?!(?:crude|experimental|prototype|alpha|beta|early|unofficial|minimal|toy|demo|simple|rough"
    r"|deprecated|archived|unmaintained|basic|small|draft)\b)"
)
_KIND = rf"(?:an?|the) (?:{_HELD_BACK}[\w./+-]+ ){{0,4}}?{_THING}"
_ITSELF = rf"(?:this|the|our) (?:[\w.-]+ ){{0,3}}?{_THING}"
_HOLDS = r"(?:(?:currently |also )?(?:contains?|holds?|hosts?|houses|stores|includes|consists of))"
_HOME = (
    r"is (?:home to|dedicated to|(?:intended|meant|designed) to be"
    r"|(?:the|a) (?:home|place) (?:of|for))"
)
# What comes first in English and ends in s without being done by anybody.
_VERB = (
    r"(?!(?:is|was|has|does|this|its|as|us|was|analysis|statistics|contains|holds|hosts|houses|"
    r"stores|consists|series|needs|requires|uses|depends|comes|supports|works|runs)\b)[a-z]+s\b"
)
# After a name only these: "Orchard maps of the north" is no orchard that maps anything.
_SURE_VERB = (
    r"(?:provides|offers|helps|allows|enables|lets|makes|creates|generates|implements|extends"
    r"|supports|performs|facilitates|simplifies|automates|computes|calculates|estimates|converts|simulates|visualises|visualizes)\b"
)
# "is built by growers to ...": who it was, and what for.
_MADE = (
    r"(?:is|was|has been|can be|are) (?:(?:currently|primarily|mainly|originally|specifically) )?"
    r"(?:used|intended|designed|meant|built|made|created|developed|written|set up|established"
    r"|maintained|produced|provided)"
    r"(?: (?:and \w+ed )?by [^.!?;:]{1,80}?)?(?: in order)? to (?!be\b)"
)
_AIM = r"(?:aim|goal|purpose|objective|mission|intention|intent|idea)"
# Who does it in "we draw": what follows has no ending, so it can stand first as it is.
_PLAIN = (
    r"(?!(?:are|were|have|had|do|did|can|could|may|might|will|would|shall|should|must|hope|plan"
    r"|want|aim|propose|present|describe|discuss|think|believe|know|need|go|come|get|try|seek|intend|also|all|\w+ed|\w+ly|found|built|made|ran|took|used|showed|saw|got"
    r"|wrote|began|gave|kept|held|put|cannot|never|no|not)\b)"
    r"(?=[a-z]+ )"
)
_HERE = rf"(?:in|within|inside) {_ITSELF},? |(?:below|here),? "
_LINKING = r"(?:as such|therefore|thus|hence|accordingly|to this end|to that end|consequently),? "


class _Lead(NamedTuple):
    """A beginning that says nothing yet.

    Args:
        pattern: what it is; what follows can stand first.
        keeps_its_doer: whether what follows is a verb in its own form, to which more may be joined.
    """

    pattern: str
    keeps_its_doer: bool = False


# Each takes its match away, where that leaves enough, and the next sees what is left.
_LEADS = (
    # "As such, in this project we draw ..."; where "we" cannot go, only what is before it does.
    _Lead(rf"{_LINKING}(?=\w)", keeps_its_doer=True),
    _Lead(rf"(?:{_HERE})(?:you(?:'ll| will| can| may)(?: also)? find |there (?:is|are) )"),
    _Lead(rf"(?:{_HERE})we {_PLAIN}", keeps_its_doer=True),
    _Lead(rf"(?:{_HERE})(?=we )", keeps_its_doer=True),
    _Lead(r"here are (?=the )"),
    # "The aim of this project is to draw ..."
    _Lead(
        rf"(?:the|our) (?:[\w-]+ ){{0,2}}?{_AIM} (?:(?:of|behind|for) {_ITSELF} )?(?:is|was) "
        r"(?:simply |mainly |primarily )?to (?!(?:be|not|never|no)\b)"
    ),
    # "This repository contains ...", "A repository containing ...", "Contains ..."
    _Lead(rf"(?:welcome to )?{_ITSELF} (?:{_HOLDS}|{_HOME}) "),
    _Lead(
        r"(?:(?:this|it) is )?(?:an? |the )?(?:[\w.-]+ ){0,2}?repo(?:sitory)? "
        rf"(?:containing|holding|hosting|with|(?:that|which) {_HOLDS}) "
    ),
    _Lead(r"(?:contains|holds|houses) (?=(?:an?|the|all|some|various|code|scripts|tools)\b)"),
    # "This package is a tool that draws ...", "A Python library that draws ...", "It draws ..."
    _Lead(
        rf"(?:(?:this|it) (?:[\w.-]+ ){{0,3}}?(?:is|was) )?{_KIND} (?:that|which) (?={_VERB})",
        keeps_its_doer=True,
    ),
    _Lead(rf"{_ITSELF} (?={_VERB})", keeps_its_doer=True),
    _Lead(rf"(?-i:It) (?!always|sometimes|perhaps)(?={_VERB})", keeps_its_doer=True),
    # "This repository is used to draw ...", "This repository is for drawing ..."
    _Lead(rf"(?:{_ITSELF}|(?-i:It)) {_MADE}"),
    _Lead(rf"{_ITSELF} is (?:used )?for (?=\w+ing\b)"),
    # "This is a ...", "This project is an ..."
    _Lead(
        rf"(?:this (?:(?:[\w.-]+ ){{0,3}}?{_THING} )?|it )is (?=(?:an?|the) )", keeps_its_doer=True
    ),
)
# What is left of these has lost its subject: "the model code but there are other repositories",
# "the press and is used by growers".
_GOES_ON = re.compile(r"(?:[\w-]+ ){1,6}but ", re.IGNORECASE)
_JOINED = re.compile(
    r"[^.!?]*?\band (?:(?:also|it) )?"
    r"(?:is|are|was|has|have|can|will|should|may|aims|provides|allows|helps|contains|includes"
    r"|serves|runs|uses|offers|enables|gives|shows|covers)\b",
    re.IGNORECASE,
)
# What stands before the name of a project, longest first, and what goes on after it. The name is
# in no pattern: each project would have its own, and making one costs a hundred times its use.
_BEFORE_NAME = tuple(
    re.compile(each, re.IGNORECASE) for each in (rf"the {_THING} ", rf"{_THING} ", r"the ", "")
)
_AFTER_NAME = tuple(
    (re.compile(rf" {each}", re.IGNORECASE), keeps_its_doer)
    for each, keeps_its_doer in (
        (r"(?:[\w-]+ )?(?:is|are) (?=(?:an?|the) )", True),
        (r"(?:[\w-]+ )?(?:contains?|holds?) ", False),
        (rf"(?={_SURE_VERB})", True),
        (_MADE, False),
    )
)
_WELCOME = re.compile("welcome to ", re.IGNORECASE)
_GREETED = re.compile(r"\W*(?: -| \u2013| \u2014|:|,) ")
_GREETINGS = (
    re.compile(r"welcome to [^.!?]{1,80}! (?=\w)", re.IGNORECASE),
    re.compile(r"welcome to (?=(?:the|our|an?)\b)", re.IGNORECASE),
)
_SEPARATORS = re.compile(r"[-_. ]+")
_PATTERNS = tuple((re.compile(one.pattern, re.IGNORECASE), one.keeps_its_doer) for one in _LEADS)


def does(project: Project) -> str:
    """Say what a project does, the same on its page, on cards and in search; empty: no summary."""
    if not project.summary:
        return ""
    return purpose_of(project.summary.text, (project.title, project.repo.partition("/")[2]))


def purpose_of(summary: str, names: tuple[str, ...] = ()) -> str:
    """Take away how a summary begins before it says anything.

    Args:
        summary: What the project says of itself.
        names: What it is called; "NAME is a ..." begins at its article.
    """
    text = _without_welcome(summary, names)
    for pattern, keeps_its_doer in _AFTER_NAME:
        named = _after_name(text, _BEFORE_NAME, names, pattern)
        text = _without(text, named, keeps_its_doer)
    for pattern, keeps_its_doer in _PATTERNS:
        text = _without(text, pattern.match(text), keeps_its_doer)
    return text


def _without(text: str, lead: re.Match[str] | None, keeps_its_doer: bool) -> str:
    rest = text[lead.end() :] if lead else ""
    is_broken = _GOES_ON.match(rest) or (not keeps_its_doer and _JOINED.match(rest))
    return text if is_broken or len(rest.split()) < _LEAST_WORDS else sentence(rest)


def _without_welcome(summary: str, names: Sequence[str]) -> str:
    """Take away a greeting: "Welcome to NAME - a ..." begins after it, "Welcome to the ..." at it.

    A greeting that is a sentence of its own goes where another one follows.
    """
    named = _after_name(summary, (_WELCOME,), names, _GREETED)
    matches = (named, *(greeting.match(summary) for greeting in _GREETINGS))
    rests = (summary[match.end() :] for match in matches if match)
    return next((sentence(rest) for rest in rests if len(rest.split()) >= _LEAST_WORDS), summary)


def _after_name(
    text: str,
    before: Iterable[re.Pattern[str]],
    names: Sequence[str],
    after: re.Pattern[str],
) -> re.Match[str] | None:
    """Match what follows a name with which a text begins, after one of the words before it."""
    starts = (match.end() for each in before if (match := each.match(text)))
    ends = (_end_of_name(text, start, name) for start in starts for name in names if name)
    return next((match for end in ends if end and (match := after.match(text, end))), None)


def _end_of_name(text: str, start: int, name: str) -> int:
    """Say where a name ends that stands at `start`, its words joined in any way; 0: it does not."""
    end = start
    for number, word in enumerate(_SEPARATORS.split(name.lower())):
        joint = text[end : end + 1]
        # A name that ends in a joint leaves the space that follows to the sentence.
        if number and _SEPARATORS.fullmatch(joint) and (word or joint != " "):
            end += 1
        if text[end : end + len(word)].lower() != word:
            return 0
        end += len(word)
    return end
