"""What a project does, in one line that begins with what matters: a summary, words taken away.

"This repository contains the code for ..." says nothing until its fifth word. What is taken away is
such a beginning and nothing else; no word is added, changed or moved, only the first letter becomes
a capital. Where too little would be left the summary stays as it is. Pure.
"""

import re

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
    r"(?:contains?|holds?|hosts?|houses|stores|includes|is (?:home to|intended to \w+)|consists of|"
    r"is (?:the|a) (?:home|place) (?:of|for))"
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
    # "This is a ...", "This project is an ..."
    rf"this (?:(?:[\w.-]+ ){{0,3}}?{_THING} )?is (?=(?:an?|the) )",
)
_SEPARATORS = re.compile(r"(?:\\?[-_. ])+")
_PATTERNS = tuple(re.compile(each, re.IGNORECASE) for each in _BEGINNINGS)


def purpose_of(summary: str, names: tuple[str, ...] = ()) -> str:
    """Take away how a summary begins before it says anything.

    Args:
        summary: What the project says of itself.
        names: What it is called; "NAME is a ..." begins at its article.
    """
    named = "|".join(_SEPARATORS.sub("[-_. ]?", re.escape(name)) for name in names if name)
    what = r"(?:[\w-]+ )?(?:(?:is|are) (?=(?:an?|the) )|(?:contains?|holds?) )"
    called = rf"(?:the )?(?:{named}) {what}" if named else "(?!)"
    text = summary
    for pattern in (re.compile(called, re.IGNORECASE), *_PATTERNS):
        match = pattern.match(text)
        rest = text[match.end() :] if match else ""
        if len(rest.split()) >= _LEAST_WORDS:
            text = sentence(rest)
    return text
