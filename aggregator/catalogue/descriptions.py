"""Whether what a file or GitHub says of a project may stand as its summary, and how much of it.

An abstract may be of a study, a file of a package may be a copy of another project's or a template
that nobody filled in, and a description may say the name again. What is refused says why, as a
message; no word is added or changed, only markup and what does not fit are left out. Pure; called
by `claims`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aggregator.catalogue.titles import compact
from aggregator.facts.statement import Package
from aggregator.readme.prose import joined, sentences_of
from aggregator.readme.ways import OwnNames
from aggregator.words.addresses import is_web_address
from aggregator.words.speech import later

# An abstract in CITATION.cff can be a page long; a summary is read in one breath. `_TOO_LONG` says
# the number as well.
LONGEST_SUMMARY = 300
_TOO_LONG = later("it is longer than 300 characters")
_LIKE_A_STUDY = later("it reads like the abstract of a study")
_OF_ANOTHER = later("the file is of a package of another name")
_UNFINISHED = later("it is the text of a template")
# How the abstract of a paper speaks; what a program does is not told so.
_STUDY = re.compile(
    r"\b(?:(?:in )?this (?:study|paper|article|work|manuscript|thesis|dissertation|dataset|report)"
    r"|the present (?:study|paper|work)|our (?:study|results|findings|analysis|paper|cohort)"
    r"|we (?:\w+ ){0,2}(?:study|studied|investigate|examine|analy[sz]e|assess|evaluate|estimate|"
    r"find|found|show|report|review|compare|conduct|explore|propose|present|describe|aim|collect|"
    r"survey|hypothesi[sz]e|demonstrate|observe|identify)(?:ed|d|s)?"
    r"|(?:background|objectives?|methods?|results|conclusions?|aims?|introduction)\s*:)",
    re.IGNORECASE,
)
_TRIAL = re.compile(
    r"\b(?:participants|systematic review|meta-analysis|cross-sectional|randomi[sz]ed|cohort study|"
    r"confidence interval|odds ratio|p ?[<=] ?0?\.\d)",
    re.IGNORECASE,
)
# What usethis, uv, PDM, PyScaffold, cookiecutters, `npm init` of frameworks and manuals put where a
# description is to be written.
_PLACEHOLDER = re.compile(
    r"what the package does\b|more about what it does\b|use four spaces when indenting"
    r"|\W*(?:please )?(?:add|put|write|insert|enter|provide|describe|replace|edit|fill in)"
    r" (?:[\w-]+ ){0,4}(?:description|summary|package|project|text)\b"
    r"|(?:an? )?(?:(?:short|brief|one[- ]line|package|project|app|simple) )*(?:description|summary)"
    r"(?: (?:of|for) (?:the|this|your|my) (?:[\w-]+ )?\w+)?(?: (?:goes )?here)?\W*\Z"
    r"|default template for\b|python boilerplate contains\b"
    r"|(?:[\w()]+ ){0,6}for (?:the |a )?template (?:api|app|project|service|package)\b"
    r"|(?:an? |the |my )?(?:(?:small|new|first|sample|example|test|demo|minimal|basic|simple"
    r"|starter|awesome|python|node|node\.?js|next\.?js|vue\.?js|react|express|electron|django"
    r"|typescript|javascript|flask|rust|r|shiny|golem|kedro) )+"
    r"(?:project|package|library|app|application|module)\W*\Z"
    r"|(?:my|your) (?:\w+ ){0,3}(?:project|package|app|application|library|description)\W*\Z"
    r"|\W*(?:to-?do(?=\W*(?:\Z|:))|tbd|tba|fixme|xxx+|lorem ipsum)\b",
    re.IGNORECASE,
)
# Markup of descriptions in R, and addresses within angles, which are set off from the sentence.
_ANGLE = r"<(?:https?:|doi:|arxiv:)[^<>]{1,200}>"
_ANGLED = re.compile(rf"\s*(?:\({_ANGLE}\)|{_ANGLE})", re.IGNORECASE)
_LINKED = re.compile(r"\[([^\[\]]{1,200})\]\([^()\s]{1,500}\)")
_MARKED = re.compile(r"`+\{?|\}?`+|\{(?=[\w.]+\})|(?<=[\w.])\}|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)")
_TOO_DAMAGED = re.compile("\N{REPLACEMENT CHARACTER}|<[a-z/]|\\{[%{]")
# Words that go with any name: a project that is called "beds" is "the beds package".
_OF_ANYTHING = frozenset(
    {
        "a",
        "an",
        "and",
        "api",
        "app",
        "application",
        "code",
        "for",
        "in",
        "library",
        "master",
        "module",
        "monorepo",
    }
    | {"my", "of", "package", "project", "python", "r", "repo", "repository", "site", "software"}
    | {"source", "the", "this", "tool", "tools", "website", "wip"}
)
_LONGEST_NAME = 60  # characters; more is a sentence
_WORD = re.compile(r"[^\W_]+")


class Described(NamedTuple):
    """What a file says of what a package does, and how much of it can be shown."""

    stated: str
    value: str
    refused: str


def is_of_no_software(text: str, *, of_a_citation: bool) -> str:
    """Say why an abstract is no summary; "" where it is one.

    Args:
        text: The abstract or description.
        of_a_citation: Whether it stands in a file that may as well be of a paper.
    """
    if _STUDY.search(text) or (of_a_citation and _TRIAL.search(text)):
        return _LIKE_A_STUDY
    return _TOO_LONG if len(text) > LONGEST_SUMMARY else ""


def of_a_package(package: Package, names: Sequence[str]) -> Iterator[Described]:
    """Give what a package says of itself, what says most first.

    Args:
        package: As its file describes it.
        names: owner/name of the repository today, and what it was before.
    """
    is_its_own = package.name is None or any(_is_of(package.name, name) for name in names)
    for stated in filter(None, (package.description, package.title)):
        value = _whole_sentences(_plain(stated))
        refused = "" if value else _TOO_LONG
        if _PLACEHOLDER.match(stated) or _TOO_DAMAGED.search(value):
            refused = _UNFINISHED
        elif not is_its_own:
            refused = _OF_ANOTHER
        yield Described(stated, value or stated, refused)


def says_little(text: str, names: Sequence[str]) -> bool:
    """Tell whether a description only says the name of the repository again, or is an address."""
    words = {word.casefold() for word in _WORD.findall(text)}
    is_one_word = len(words) < 2 and text.isascii()  # many scripts have no spaces between words
    if is_web_address(text.strip()) or is_one_word:
        return True
    if len(text) > _LONGEST_NAME:
        return False
    wholes = (" ".join(map(compact, name.split("/"))) for name in names)
    return any(all(word in whole for word in words - _OF_ANYTHING) for whole in wholes)


def _is_of(package: str, repository: str) -> bool:
    """Tell whether a package is called as its repository is, or shares several words in a row.

    A copied file keeps the name of what it was copied from, and a part ("frontend") has its own.
    """
    if OwnNames(repository).own_package(package):
        return True
    names = (each.rpartition("/")[2].casefold() for each in (package, repository))
    shorter, longer = sorted((_WORD.findall(name) for name in names), key=len)
    return len(shorter) > 1 and f" {' '.join(shorter)} " in f" {' '.join(longer)} "


def _plain(text: str) -> str:
    return " ".join(_MARKED.sub("", _LINKED.sub(r"\1", _ANGLED.sub("", text))).split())


def _whole_sentences(text: str) -> str:
    """Give as many whole sentences as a summary has room for, "" for not even one."""
    kept = ""
    for one in sentences_of(text):
        longer = joined([kept, one]) if kept else one
        if len(longer) > LONGEST_SUMMARY:
            break
        kept = longer
    return kept
