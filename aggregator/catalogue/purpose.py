"""What a project does, in one line that begins with what matters: a summary, words taken away.

"This repository contains the code for ..." says nothing until its fifth word. What is taken away is
such a beginning and nothing else; no word is added, changed or moved, only the first letter becomes
a capital. Where too little would be left the summary stays as it is. Pure.
"""

import re

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
# How a sentence goes on after a name, and a greeting.
_IS_OR_HOLDS = re.compile(
    r" (?:[\w-]+ )?(?:(?:is|are) (?=(?:an?|the) )|(?:contains?|holds?) )", re.IGNORECASE
)
_GREETED = re.compile(r"\W*(?: -| \u2013| \u2014|:|,) ")
_THE = "the "
_WELCOME = "welcome to "
_GREETINGS = (
    re.compile(r"welcome to [^.!?]{1,80}! (?=\w)", re.IGNORECASE),
    re.compile(r"welcome to (?=(?:the|our|an?)\b)", re.IGNORECASE),
)
_SEPARATORS = re.compile(r"[-_. ]+")


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
    text = _without(text, _named(text, _THE, names) or _named(text, "", names))
    for pattern in _PATTERNS:
        text = _without(text, pattern.match(text))
    return text


def _without(text: str, beginning: re.Match[str] | None) -> str:
    rest = text[beginning.end() :] if beginning else ""
    if len(rest.split()) >= _LEAST_WORDS and not _GOES_ON.match(rest):
        return sentence(rest)
    return text


def _without_welcome(summary: str, names: tuple[str, ...]) -> str:
    """Take away a greeting: "Welcome to NAME - a ..." begins after it, "Welcome to the ..." at it.

    A greeting that is a sentence of its own goes where another one follows.
    """
    named = _named(summary, _WELCOME, names, _GREETED)
    matches = (named, *(greeting.match(summary) for greeting in _GREETINGS))
    rests = (summary[match.end() :] for match in matches if match)
    return next((sentence(rest) for rest in rests if len(rest.split()) >= _LEAST_WORDS), summary)


def _named(
    text: str, before: str, names: tuple[str, ...], after: re.Pattern[str] = _IS_OR_HOLDS
) -> re.Match[str] | None:
    """Match what follows a name at the beginning of a text, from where the name ends.

    Not by a pattern that holds the names: each project would have one of its own, and making it
    costs a hundred times what matching does.
    """
    if text[: len(before)].lower() != before:
        return None
    ends = (_end_of_name(text, len(before), name) for name in names if name)
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
