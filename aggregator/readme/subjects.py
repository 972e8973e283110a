"""Whose a sentence is: whether it speaks of this project, or of a thing that it uses or is about.

A README of a model explains the library it is built with, the programme its data come from and the
notion it is called after, in the very words that another README says of its project. What tells
them apart is the subject of the sentence: the project's name, "this package", or something else.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from aggregator.readme.prose import Prose

START = 200  # characters, in which a sentence shows what it is of
_LEAST_OF_A_NAME = 3  # letters of a word
_LEAST_OF_INITIALS = 4  # of a name that does not tell them itself
_MOST_OF_A_NAME = 8  # words
_MOST_OF_IT = 0.5  # of a name's letters, which a sentence has to have in its subject
_ALIKE = 0.8  # how much alike a name and the same with a slip of the pen are
_VERB = Prose("verb", "verb elsewhere", form=r"\b(?:{})\b")
_SPEAKS_OF_ITSELF = Prose(
    "of itself",
    form=r"(?!(?:the(?! (?:\w+ )?(?:goal|aim|purpose|objective)s? (?:of|for)\b)|welcome|"
    r"this (?:(?:has|had|can|could|will|would|was|should|may|does)|"
    r"is an? (?:\w+ )?(?:question|problem|issue|topic|challenge)))\b)"
    r"(?!.{{0,40}}\b(?:also|then)\b){}",
)
_IS_A = (
    r" (?:(?:is|are) (?:an?|the|used|designed|intended|being)|defines (?:an?|the)|"
    r"(?:ist eine?|est une?|es una?|\u00e9 uma?|\u00e8 una?|is een))\b"
)
_THIS = r"this|est[ea]|esto|isto|ce|c['\u2019]est|dies|das ist|quest[oa]|dit|deze"
_SUBJECT = re.compile(
    rf"((?!(?i:{_THIS})\b)(?:(?!\b(?:which|that|who)\b)[^.!?:;]){{1,80}}?){_IS_A}"
)
_NAMED_THING = re.compile(
    r"The ((?:[\w.+-]+ ){1,3}?)(?:package|library|framework|software|platform|toolkit|module|"
    r"(?i:database|programme|project))\b"
)
_IS_A_THING = Prose(
    "thing",
    "thing elsewhere",
    form=r" (?:(?:is|are) (?:not )?(?:an?|the)|defines (?:an?|the)|ist eine?|est une?|es una?|"
    r"\u00e9 uma?|\u00e8 una?) (?:[\w,/-]+ ){{0,6}}?\w*(?:{})\b",
)
_IS_A_NOTION = Prose("notion", form=r"^an? | (?:is|are) (?:an?|the) (?:[\w,/-]+ ){{0,6}}?{}\b")
_A_WORK = Prose("work of somebody", form=r"(?:{})$")
_OWN_THING = Prose("thing", "project", form=r"(?:the|these|our) (?:.* )?(?:{})s?(?: \([^()]*\))?$")
_THING_ELSEWHERE = Prose(
    "thing elsewhere", form=r"(?:la|le|el|les|das|die|der|il|lo|het|l['\u2019]) ?\w*{}\b"
)
_FALSE_DEFINITIONS = Prose("false definitions", form=r"{}\b")
_TOLD_OF = Prose("told of things")
IT_DOES = Prose("it does")
_OF_A_WORK = Prose("of a work")
_THIS_WORK_DOES = Prose("this work does", holding=("this ",))
_OF_A_NOUN_WORDS = "for of to in with from on about by per since"
_OF_A_NOUN = frozenset(_OF_A_NOUN_WORDS.split())
_PREPOSITIONS = _OF_A_NOUN | {"via", "into", "at", "among", "as"}
_PARTICIPLE_WORDS = "drawn written shown given taken known seen chosen driven"
_PARTICIPLES = frozenset(_PARTICIPLE_WORDS.split())
_MADE_FROM = frozenset({"built from", "built with", "made from", "made of", "made with", "read by"})
# What a truth begins with more often than a line without a verb; and words of other languages.
_OF_ALL_WORDS = "the every each no nobody nothing most many much half few all both more"
_OF_ALL = frozenset(_OF_ALL_WORDS.split())
_OTHER_WORDS = "der die das dem den und viele seit im am le la les des du et el los las il het een"
_ELSEWHERE = frozenset(_OTHER_WORDS.split())
_MOST_BEFORE = 5  # words
_LINKING = _PREPOSITIONS | {"and", "or", "&", "-", "\u2013", "\u2014", "that", "which", "where"}
_DASH = re.compile(" [-\u2013\u2014] ")
_NO_PLURAL = ("ss", "us", "is")
# Letters of scripts and languages of which no words are listed: not Latin, Polish, Swedish, ...
_OTHER_SCRIPT = re.compile(
    "[^\\W\\d_\\u0000-\\u024f]|[\u00e5\u00f8\u00f0\u00fe\u0103-\u0107\u010c-\u0113\u0118-\u011b\u011f"
    "\u0131\u0141-\u0144\u0147\u0148\u0150\u0151\u0158-\u015b\u015e-\u0165\u016f-\u0171\u0179-\u017e\u0218-\u021b]"
)
_ENDS = (".", "!", '."', ".)", ".\u201d")
# "Das Dienstplanprojekt" is a project; a network is no work.
_OF_OUR_THING = Prose(
    "project",
    form=r"(?:the|das|die|der) (?:(?!(?:that|which|who|of|for|from|by|is|are|provides?)\b)"
    r"[\w'\u2019()\"\u201c\u201d-]+ ){{0,8}}?(?!network)\w*{}\b",
)
_KIND = Prose("thing", "thing elsewhere", form=r"\w*(?:{})$")
_SMALL = re.compile(r"[\W_](?:of|and|the|for|in|to|on|with|a)(?=[\W_])", re.IGNORECASE)
_A_THING = Prose("thing", "project", form=r"(?:{})s?$")
# "Reports are", "plots of": nouns as well as verbs.
DOES = Prose(
    "does",
    form=r"(?!\w+ (?:is|are|was|were|has|have|can|may|will|from|of|about)\b)"
    r"(?!(?:group|plan|report|map|plot|format) \d){}\b",
)
_TOOLS = Prose("tools of the trade", form=r"{}\W*$")
# In "A model of beds with SimPy" the latter is not the project.
_TAIL_OF_A_TITLE = re.compile(
    r"(?<=\S) (?:with|using|for|in|by|from|on|of|based on)\b.*", re.IGNORECASE
)
_HERE = re.compile(r"\bhere\W*\Z")
_ARTICLE = re.compile(r"\A(?:the|das|die|der|le|la|les|el|los|las|il|lo|het|de) ", re.IGNORECASE)
_ANY_VERB = re.compile(r"[a-z]{2,}(?<![suiy])s")  # "explores", and not "analysis"
_WORD = re.compile(r"[\w'\u2019.-]+")
_MARKS = re.compile(r"[\W_]+")


# A project's names are compared with each paragraph.
@lru_cache(maxsize=500)
def bare(name: str) -> str:
    """Give a name without what people write differently: capitals, spaces and hyphens."""
    return _MARKS.sub("", name).lower()


def speaks_of_itself(sentence: str) -> bool:
    """Tell whether a sentence speaks of the whole repository: "This package draws ..."."""
    return _SPEAKS_OF_ITSELF.begins(sentence[:START])


def ends_with_a_thing(title: str) -> bool:
    """Tell whether a line names a thing such as a repository holds: "Planner and dashboard"."""
    return _A_THING.begins(title.rsplit(" ", 1)[-1])


def ends_with_a_work(line: str) -> bool:
    """Tell whether a line names what somebody may have made: "Display of shifts", "Ward charts"."""
    return _A_WORK.begins(line.rstrip(".").rsplit(" ", 1)[-1])


def starts_with_a_name(text: str, names: Iterable[str]) -> bool:
    """Tell whether a sentence has the project's name as its subject."""
    known = {own for name in names if (own := bare(name))}
    article = _ARTICLE.match(text)
    words = text[article.end() if article else 0 :].split()
    if _is_short_for(words, names):
        return not _IS_A_NOTION.is_in(text[:START])
    if article and words and _KIND.begins(words[0]):  # "The package rotas"
        article, words = None, words[1:]
    for count in range(1, min(len(words), 6)):
        if bare("".join(words[:count])) in known:
            rest = words[count : count + 12]
            if article and len(rest) > 1 and _A_THING.begins(rest[0]):  # "The rotas package"
                rest = rest[1:]
            if _ANY_VERB.fullmatch(rest[0]):
                return True
            # "The nurse scheduling problem is ..." is not said of a tool of that name.
            return _VERB.is_in(" ".join(rest) if article is None else rest[0])
    return False


def is_namesake(linked: str, text: str, names: list[str]) -> bool:
    """Tell whether a link that a text begins with is a tool that the project is called after.

    Args:
        linked: The words of the link.
        text: What begins with it.
        names: What the project is called, its repository's name first.
    """
    own, others = names[:1], names[1:]
    if starts_with_a_name(text, own) or not starts_with_a_name(text, others):
        return False
    said, known = ("".join(_stems([name])) for name in (linked, *own))
    return not said or not (said in known or known in said)


def explains_another(text: str, names: Iterable[str]) -> bool:
    """Recognise "FHIR is a specification for ...", which says what the project is about.

    Args:
        text: A paragraph that may stand on a card.
        names: What the project is called.
    """
    start = text[:START]
    subject = _SUBJECT.match(start)
    if subject is None or _FALSE_DEFINITIONS.begins(start):
        return _is_of_a_named_thing(start, names)
    if speaks_of_itself(start) or starts_with_a_name(start, names):
        return False
    return not _is_ours(subject[1], list(names))


def _is_of_a_named_thing(start: str, names: Iterable[str]) -> bool:
    """Recognise "The Example package provides ..." in a project called otherwise."""
    match = _NAMED_THING.match(start)
    words = match[1].split() if match else []
    called = [bare(word) for word in words if not word.islower() and not _TOOLS.begins(word)]
    if not called:
        return False
    said = "".join(called)
    known = [one for name in names for one in (bare(name), _initials(name))]
    return not any(own in said or _is_most_of(said, own) for own in known)


def _is_most_of(said: str, own: str) -> bool:
    """Tell whether a name is nearly ours: "RosterDist" is built on the package "Roster"."""
    least = _ALIKE if own.startswith(said) else _MOST_OF_IT
    return said in own and len(said) > least * len(own)


def is_kin(text: str, names: Iterable[str]) -> bool:
    """Tell whether what is explained is a thing such as a project, called nearly as ours is."""
    start = text[:START]
    subject = _SUBJECT.match(start)
    if subject is None or not _IS_A_THING.is_in(start) or _IS_A_NOTION.is_in(start):
        return False
    said = [word for found in _WORD.findall(subject[1]) if (word := bare(found))]
    return any(_is_nearly(said, name) for name in _stems(names))


def tells_of_another(sentence: str, names: Iterable[str]) -> bool:
    """Recognise "Patients were asked ...": a whole sentence with another subject than the project.

    Args:
        sentence: One that is no definition.
        names: What the project is called.
    """
    start = sentence[:START]
    if not _TOLD_OF.begins(start) or DOES.begins(start) or _OF_OUR_THING.begins(start):
        return False
    if _HERE.search(sentence) or _THIS_WORK_DOES.is_in(sentence):
        return False
    # As it is written: "wards" is no name in a sentence on wards.
    return not any(len(name) > _LEAST_OF_A_NAME and name in start for name in names)


def may_be_of_a_work(sentence: str, names: Iterable[str]) -> bool:
    """Tell whether a sentence that defines nothing may be of the repository all the same.

    "Notes on survival analysis." is a line without a verb, of something such as people keep in
    repositories. "Glaciers retreat faster." may be true, and says nothing of what is here; nobody
    can list all such truths, so what is of a work is listed. What has no stop is no sentence, and
    the lists know no script but the Latin one.

    Args:
        sentence: The first of a paragraph.
        names: What the project is called.
    """
    is_whole = sentence.endswith(_ENDS) and sentence[:1].isupper()
    if not is_whole or _OTHER_SCRIPT.search(sentence):
        return True
    start = sentence[:START]
    kinds = (_OF_A_WORK, _OF_OUR_THING, DOES)
    is_known = any(kind.begins(start) for kind in kinds) or speaks_of_itself(start)
    return is_known or _is_noun_phrase(sentence) or any(_holds(start, name) for name in names)


def _is_noun_phrase(sentence: str) -> bool:
    """Recognise "Paywall for Quarto blogs." by its plurals, which a verb would follow.

    "Demand for beds outgrows supply." has a word in -s with another behind it, and "Trusts compete
    for nurses." one before the preposition: the endings of verbs and of their subjects.
    """
    written = _DASH.split(sentence.rstrip(".!"), maxsplit=1)[0].split()
    words = [word.lower() for word in written]
    at = next((n for n, word in enumerate(words) if word in _PREPOSITIONS), 0)
    if not 0 < at <= _MOST_BEFORE or words[at] not in _OF_A_NOUN or words[0] in _OF_ALL:
        return False
    is_participle = " ".join(words[at - 1 : at + 1]) in _MADE_FROM or words[at - 1] in _PARTICIPLES
    end = at - 2 if is_participle else at - 1
    before = [word for word in written[: max(end, 0)] if not word.isupper()]  # but "NHS"
    if any(_ends_in_s(word.lower()) for word in before) or words[at - 1].endswith("ed"):
        return False
    if not _ELSEWHERE.isdisjoint(words):
        return False
    return not any(
        word.islower()  # "Postgres extension" has no plural
        and _ends_in_s(word)
        and not (after in _LINKING | _PARTICIPLES or (after.endswith("ed") and then in _LINKING))
        for word, after, then in zip(
            written[at:], words[at + 1 :], [*words[at + 2 :], ""], strict=False
        )
    )


def _ends_in_s(word: str) -> bool:
    return word.endswith("s") and not word.endswith(_NO_PLURAL)


def _holds(text: str, name: str) -> bool:
    own = bare(name)
    return len(own) > _LEAST_OF_A_NAME and own in bare(text)


def _is_ours(subject: str, names: list[str]) -> bool:
    """Tell whether a subject is "the R package" or "the Rotas tool (version 2)"."""
    words = _WORD.findall(subject)
    if any(_is_name(words, name) for name in names) or _THING_ELSEWHERE.begins(subject):
        return True
    if not _OWN_THING.begins(subject):
        return False
    known = [known for name in names for known in (bare(name), _initials(name))]
    called = [word for word in words[1:] if not word.islower() and not _TOOLS.begins(word)]
    return not called or any(bare(word) in name for word in called for name in known)


def _is_name(words: list[str], name: str) -> bool:
    """Tell whether words end with a name, or with a name and what it names: "Rotas package"."""
    own = bare(name)
    if len(own) < _LEAST_OF_A_NAME:
        return False
    said = [bare(word) for word in words]
    while said and _A_THING.begins(said[-1]) and not own.endswith(said[-1]):
        said.pop()
    return any("".join(said[-count:]) == own for count in range(1, _MOST_OF_A_NAME + 1))


def _is_short_for(words: list[str], names: Iterable[str]) -> bool:
    """Tell whether a sentence on what "PHR" is is on the "Planner of Hospital Rotas (PHR)"."""
    if len(words) < _LEAST_OF_A_NAME or not words[0].isupper() or words[1] != "is":
        return False
    if words[2] not in {"a", "an", "the"}:
        return False
    own = words[0].strip("()").lower()
    for name in names:
        written, _, inside = name.partition("(")
        least = _LEAST_OF_A_NAME if bare(inside) == own else _LEAST_OF_INITIALS
        if len(own) >= least and own in {_initials(written), _initials(_SMALL.sub(" ", written))}:
            return True
    return False


@lru_cache(maxsize=500)
def _initials(name: str) -> str:
    """Give what a name of several words is called in short."""
    first = [word[0] for word in re.split(r"[\W_]+", name) if word]
    return "".join(first).lower() if len(first) >= _LEAST_OF_A_NAME else "-"


def _stems(names: Iterable[str]) -> Iterator[str]:
    """Give names without what they are made with: "A model with SimPy", "orchard-python"."""
    for name in names:
        words = re.split(r"[\W_]+", _TAIL_OF_A_TITLE.sub("", name))
        if own := "".join(word for word in words if not _TOOLS.begins(word)).lower():
            yield own


def _is_nearly(said: list[str], name: str) -> bool:
    shared = sum(len(word) for word in said if len(word) >= _LEAST_OF_A_NAME and word in name)
    if shared >= _MOST_OF_IT * len(name):
        return True
    return SequenceMatcher(None, "".join(said), name).ratio() >= _ALIKE
