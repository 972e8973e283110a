"""What a project does, in one line that begins with what matters: a summary, words taken away.

"This repository contains the code for ..." says nothing until its fifth word. What is taken away is
such a beginning and nothing else; no word is added, changed or moved, only the first letter becomes
a capital. Where too little would be left the summary stays as it is. Pure.
"""

import re
from collections.abc import Iterable

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
_HOLDS = (
    r"(?:(?:currently |also )?(?:contains?|holds?|hosts?|houses|stores|includes|consists of)|"
    r"is (?:home to|(?:intended|meant|designed) to be)|is (?:the|a) (?:home|place) (?:of|for))"
)
# What comes first in English and ends in s without being done by anybody.
_VERB = (
    r"(?!(?:is|was|has|does|this|its|as|us|was|analysis|statistics|contains|holds|hosts|houses|"
    r"stores|consists|series|needs|requires|uses|depends|comes|supports|works|runs)\b)[a-z]+s\b"
)
# Each takes its match away; the first that leaves enough counts.
_BEGINNINGS = (
    # "This repository contains ...", "A repository containing ..."
    rf"(?:welcome to )?(?:this|the|our) (?:[\w.-]+ ){{0,3}}?{_THING} {_HOLDS} ",
    r"(?:an? |the )?(?:[\w.-]+ ){0,2}?repo(?:sitory)? (?:containing|holding|hosting|with) ",
    # "This package is a tool that draws ...", "A Python library that draws ..."
    rf"(?:(?:this|it) (?:[\w.-]+ ){{0,3}}?(?:is|was) )?{_KIND} (?:that|which) (?={_VERB})",
    rf"(?:this|the|our) (?:[\w.-]+ ){{0,3}}?{_THING} (?={_VERB})",
    # "This repository is used to draw ...", "This repository is for drawing ..."
    rf"(?:this|the|our) (?:[\w.-]+ ){{0,3}}?{_THING} is (?:used|intended|designed) to (?!be\b)",
    rf"(?:this|the|our) (?:[\w.-]+ ){{0,3}}?{_THING} is (?:used )?for (?=\w+ing\b)",
    # "Below you will find ..."
    r"(?:below|here|in this repo(?:sitory)?),? you(?:'ll| will| can) find |here are (?=the )",
    # "This is a ...", "This project is an ..."
    rf"this (?:(?:[\w.-]+ ){{0,3}}?{_THING} )?is (?=(?:an?|the) )",
)
# What is left of these has lost its subject: "the model code but there are other repositories".
_GOES_ON = re.compile(r"(?:[\w-]+ ){1,6}but ", re.IGNORECASE)
_PATTERNS = tuple(re.compile(each, re.IGNORECASE) for each in _BEGINNINGS)
_GREETINGS = (
    re.compile(r"welcome to [^.!?]{1,80}! (?=\w)", re.IGNORECASE),
    re.compile(r"welcome to (?=(?:the|our|an?)\b)", re.IGNORECASE),
)
# What stands before the name of a project, and after it. The name itself is in no pattern: each
# project would have one of its own, which takes a hundred times longer to make than to use.
_ARTICLE = re.compile("the ", re.IGNORECASE)
_WELCOME = re.compile("welcome to ", re.IGNORECASE)
_IS = re.compile(
    r" (?:[\w-]+ )?(?:(?:is|are) (?=(?:an?|the) )|(?:contains?|holds?) )", re.IGNORECASE
)
_DASH = re.compile(r"\W*(?: -| \u2013| \u2014|:|,) ")
_SEPARATORS = re.compile("[-_. ]+")


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
    article = _ARTICLE.match(text)
    end = _after_name(text, article.end(), names, _IS) if article else 0
    text = _without(text, end or _after_name(text, 0, names, _IS))
    for pattern in _PATTERNS:
        match = pattern.match(text)
        text = _without(text, match.end() if match else 0)
    return text


def _without(text: str, end: int) -> str:
    """Take away how a text begins, up to a place, where enough is left."""
    rest = text[end:]
    is_enough = end and len(rest.split()) >= _LEAST_WORDS and not _GOES_ON.match(rest)
    return sentence(rest) if is_enough else text


def _after_name(text: str, start: int, names: Iterable[str], what: re.Pattern[str]) -> int:
    """Give where something ends that follows one of some names; 0 where nothing does."""
    ends = (_end_of(name, text, start) for name in names if name)
    matches = (what.match(text, end) for end in ends if end)
    return next((match.end() for match in matches if match), 0)


def _end_of(name: str, text: str, at: int) -> int:
    """Give where a name ends that stands at a place in a text, however its words are joined."""
    for number, part in enumerate(_SEPARATORS.split(name)):
        is_joined = number and _SEPARATORS.match(text, at, at + 1)
        # Behind a name that ends in a full stop a text may have none.
        if is_joined and (part or text[at + 1 : at + 2] == " "):
            at += 1
        if text[at : at + len(part)].casefold() != part.casefold():
            return 0
        at += len(part)
    return at


def _without_welcome(summary: str, names: Iterable[str]) -> str:
    """Take away a greeting: "Welcome to NAME - a ..." begins after it, "Welcome to the ..." at it.

    A greeting that is a sentence of its own goes where another one follows.
    """
    welcome = _WELCOME.match(summary)
    if not welcome:
        return summary
    matches = (each.match(summary) for each in _GREETINGS)
    ends = (match.end() for match in matches if match)
    rests = (
        summary[end:] for end in (_after_name(summary, welcome.end(), names, _DASH), *ends) if end
    )
    return next((sentence(rest) for rest in rests if len(rest.split()) >= _LEAST_WORDS), summary)
