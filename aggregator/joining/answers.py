"""What people write in a form or at a prompt, and which value they plainly mean.

A form is filled in by somebody who has never seen the file: addresses with words
around them, `N/A` where there is nothing, an organisation under its full name. Text
in, value or a plain complaint out; nothing is read or fetched here.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pydantic import ValidationError

from aggregator.joining.editor import Value
from aggregator.registry.messages import explain_refusal, near
from aggregator.registry.mistakes import NOWHERE, shown
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.tree import Scalar
from aggregator.words.names import (
    CURLY_QUOTES,
    GITHUB_ADDRESS,
    RepoName,
    meant_repo,
    names_a_repo,
    slug_of,
)
from aggregator.words.phrases import listed

# What stands for "nothing" once signs and capitals are gone: N/A, n.a., _No response_, "-" ...
NOTHING = frozenset(
    [
        "",
        "na",
        "n a",
        "none",
        "no",
        "nope",
        "nil",
        "null",
        "nothing",
        "blank",
        "empty",
        "undefined",
        "skip",
        "unknown",
        "tbd",
        "tbc",
        "tba",
        "not applicable",
        "non applicable",
        "no response",
        "no answer",
        "not available",
        "not yet",
        "none yet",
        "nothing yet",
        "not sure",
        "dont know",
        "don t know",
        "to be confirmed",
        "to be decided",
        "to be announced",
        "to follow",
        "none at present",
        "none so far",
        "none at the moment",
        "no thanks",
        "no thank you",
        "nothing to add",
        "leave blank",
        "leave empty",
        "left blank",
        # what an edit form is told of a field that shall stay
        "no change",
        "no changes",
        "unchanged",
        "same",
        "same as before",
        "as before",
        "as it is",
        "leave as is",
        "leave as it is",
        "keep as is",
        "keep as it is",
    ]
)
CLEAR = re.compile(
    r"(?:please )?(?:remove|delete|clear|empty)(?: (?:it|this|that|the)(?: (?:field|text|value|one|"
    r"title|summary|organisation|stage|tags|people|documentation|link|story))?)?(?: please)?"
)
WORDS_LENGTH = 200  # longer texts say more than that there is nothing
ANSWER_LENGTH = 3_000  # more than any field takes; searching in more could take for ever
MARKDOWN_LINK = re.compile(r"\[([^\]]*)\]\(<?([^)\s>]+)>?[^)]*\)")
ADDRESS = re.compile(r"https?://[^\s<>\"`|\])]+")
SEPARATORS = re.compile(r"[\s,;&+|]+|\band\b", re.IGNORECASE)
TOKEN = re.compile(r"(?<![\w./@:-])@?([A-Za-z0-9][\w-]*/[\w.-]*\w)(?![\w/])")
SHELL = re.compile(r"^\s*(?:\$\s*)?(?:git|gh repo) clone\s+(?:-\S+\s+)*", re.IGNORECASE)
# Words with a slash that are no repositories.
ALTERNATIVES = frozenset(
    {"and/or", "either/or", "n/a", "yes/no", "on/off", "he/she", "his/her", "input/output"}
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer means, or what is wrong with it; `clears` when a field is to be emptied."""

    value: Value | None
    problem: str | None = None
    clears: bool = False


def is_nothing(text: str) -> bool:
    """Tell whether an answer says that there is none, in whatever spelling."""
    return len(text) <= WORDS_LENGTH and _words(text) in NOTHING


def means_clear(text: str) -> bool:
    """Tell whether an answer asks for the field to be emptied: the word `remove`."""
    return len(text) <= WORDS_LENGTH and CLEAR.fullmatch(_words(text)) is not None


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKC", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    return " ".join(re.sub(r"[\W_]+", " ", plain.casefold()).split())


def repos_in(text: str) -> tuple[RepoName, ...]:
    """Find the repositories that a text names, with whatever stands around them.

    An address of GitHub outweighs words with a slash, unless the text is nothing but names.
    """
    parts = [part for part in SEPARATORS.split(SHELL.sub("", text)) if part]
    if parts and all(map(names_a_repo, parts)):
        return _once(meant_repo(part) for part in parts)
    whole = meant_repo(text)
    if whole and not GITHUB_ADDRESS.search(text):
        return (whole,)
    found = _once(_repo_at(match[0]) for match in GITHUB_ADDRESS.finditer(_spaced(text)))
    if found or "github.com" in text.lower():
        return found
    tokens = (word for word in TOKEN.findall(ADDRESS.sub(" ", text)))
    return _once(meant_repo(word) for word in tokens if word.lower() not in ALTERNATIVES)


def _spaced(text: str) -> str:
    """Part addresses from the signs around them, so that each ends where it ends."""
    api = re.sub(r"https?://api\.github\.com/repos/", "https://github.com/", text)
    raw = re.sub(r"https?://raw\.githubusercontent\.com/", "https://github.com/", api)
    foreign = re.sub(r"https?://(?!(?:www\.)?github\.com)[^\s)\]]+", " ", raw, flags=re.IGNORECASE)
    plain = re.sub(r"ssh\.(?=github\.com)|(?<=github\.com):443(?=/)", "", foreign)
    return re.sub(r"[\[\]()<>\"'`*|,;]+", " ", plain)


def _repo_at(address: str) -> RepoName | None:
    return meant_repo(re.sub(r"[?#].*$", "", address).rstrip(".:!?"))


def _once(repos: Iterator[RepoName | None] | Sequence[RepoName | None]) -> tuple[RepoName, ...]:
    return tuple(dict.fromkeys(repo for repo in repos if repo is not None))


def entries_called(text: str, registry: Registry) -> list[Entry]:
    """Find entries by the address of their page here, their title or the name alone."""
    page = re.search(r"/projects/([\w.-]+/[\w.-]+)", text)
    said = {text.strip().strip("`\"'").casefold(), page[1].casefold() if page else ""}
    return [
        entry
        for entry in registry.projects
        if said & {str(entry.repo).casefold(), entry.repo.name.casefold()}
        or (entry.title and entry.title.casefold() in said)
    ]


def read_answer(registry: Registry, name: str, text: str) -> Answer:
    """Read one answer as the field it fills.

    Args:
        registry: Knows the organisations and stages.
        name: The field of an entry; `docs` for that link.
        text: What somebody wrote.
    """
    text = text.strip()
    if is_nothing(text):
        return Answer(None)
    if name == "organisation":
        return read_organisation(registry, text)
    if name == "stage":
        return _read_stage(registry, text)
    if name != "story" and len(text) > ANSWER_LENGTH:
        return Answer(None, f"this is {len(text):,} characters long: shorten it")
    value = _plain_value(name, text)
    field = "links" if name == "docs" else name
    problem = problem_with(field, value) if value else None
    return Answer(None, problem) if problem else Answer(value or None)


def _plain_value(name: str, text: str) -> Value:
    if name == "docs":
        return {"docs": _address_in(text)}
    if name == "people":
        return [_login_in(word) for word in _several(text, "@")]
    if name == "tags":
        return [slug_of(word) or word for word in _several(text, "#")]
    if name == "used_by":
        return _several(text, "@")
    bare = text if name == "story" else text.strip("`").strip()
    return bare.strip(CURLY_QUOTES) if name == "title" else bare


def _several(text: str, sign: str) -> list[str]:
    """Cut an answer into its parts: at commas, lines and bullets, or before each @ or #."""
    lines = MARKDOWN_LINK.sub(lambda link: link[2] if sign == "@" else link[1], text)
    lines = re.sub(r"^[ \t]*(?:[-*+\u2022]|\d+[.)])[ \t]+", "", lines, flags=re.MULTILINE)
    if sign == "@":
        lines = re.sub(r"\s+(?:and|&)\s+", ",", lines)
    cut = rf"[,;\n]+|\s+(?={re.escape(sign)}\w)"
    words = (word.strip().strip("`\"'" + CURLY_QUOTES).rstrip(".") for word in re.split(cut, lines))
    return [word for word in words if word and not is_nothing(word)]


def _login_in(word: str) -> str:
    bare = re.sub(r"^(?:https?://)?(?:www\.)?github\.com/", "", word, flags=re.IGNORECASE)
    return bare.strip("@/ ")


def _address_in(text: str) -> str:
    """Find the web address that a text plainly is; else the text, for the rules to refuse."""
    link = MARKDOWN_LINK.search(text)
    found = [link[2]] if link else ADDRESS.findall(text)
    if len(set(found)) == 1:
        return found[0].rstrip(".,;:!?'\"")
    bare = text.strip().strip("<>`\"'" + CURLY_QUOTES).rstrip(".")
    is_host = re.fullmatch(
        r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?", bare, re.IGNORECASE
    )
    return f"https://{bare}" if is_host and not found else bare


def _read_stage(registry: Registry, text: str) -> Answer:
    for stage in registry.showcase.stages:
        if slug_of(stage) == slug_of(text):
            return Answer(stage)
    known = listed(registry.showcase.stages)
    return Answer(None, f"there is no stage {shown(text)}: use one of {known}")


def problem_with(name: str, value: Value) -> str | None:
    """Say what is wrong with one field, by the same rules as in the file."""
    try:
        Entry.model_validate({"repo": "owner/name", name: value})
    except ValidationError as error:
        node = Scalar(NOWHERE, "")
        found = explain_refusal(error.errors(include_url=False), node, Entry)
        return "; ".join(f"{mistake.what}: {mistake.cure}" for mistake in found)
    return None


def read_organisation(registry: Registry, text: str) -> Answer:
    """Read an organisation by its slug, its acronym or its full name, however it is spelt."""
    known = same_organisation(registry, text)
    if known is not None:
        return Answer(known.slug)
    slugs = [body.slug for body in registry.organisations]
    meant = near(text, slugs)
    cure = f"did you mean {meant}?" if meant else f"use one of {listed(slugs)}, or leave it empty"
    return Answer(None, f"there is no organisation {shown(text)}: {cure}")


def kinds_in_use(registry: Registry) -> tuple[str, ...]:
    """Name the kinds of organisation that there are, in the order of their first use."""
    kinds = (body.kind for body in registry.organisations if body.kind)
    return tuple({slug_of(kind): kind for kind in reversed(list(kinds))}.values())[::-1]


def same_organisation(registry: Registry, name: str, url: str = "") -> Organisation | None:
    """Find the organisation that somebody means, under another spelling or with a slip in it."""
    if len(name) > ANSWER_LENGTH or len(url) > ANSWER_LENGTH:
        return None
    site = _site(url)
    for body in registry.organisations:
        names = (body.slug, body.name, body.acronym or "")
        if _spelt(name) and any(_spelt(name) == _spelt(known) for known in names if known):
            return body
        if site and site == _site(body.url or ""):
            return body
    return next((b for b in registry.organisations if _is_slip(name, b.name)), None)


def new_organisation(
    registry: Registry, name: str, kind: str = "", url: str = ""
) -> Organisation | str:
    """Read an organisation that is not listed yet.

    Args:
        registry: The organisations that are.
        name: Its full name.
        kind: What sort of body it is. A slip of a kind in use is taken for that kind; any other
            is a new kind, which whoever merges the change sees.
        url: Its website.

    Returns:
        The organisation, with a slug of its own; or what is wrong, a sentence.
    """
    if len(name) > ANSWER_LENGTH:
        return f"this is {len(name):,} characters long: shorten it"
    name, kind, url = _all_in_one(registry, name, kind, url)
    known = same_organisation(registry, name, url)
    if known is not None:
        return f"{shown(known.name)} is listed already: write that under Organisation"
    longer = [body.name for body in registry.organisations if _begins(body.name, name)]
    if len(longer) == 1:
        return (
            f"is {shown(name)} the same as {shown(longer[0])}? Then write that; else its full name"
        )
    fields: Mapping[str, object] = {
        "slug": _free_slug(registry, name),
        "name": name,
        "kind": _kind(registry, kind),
        "url": None if is_nothing(url) else _address_in(url),
    }
    try:
        return Organisation.model_validate(fields)
    except ValidationError as error:
        found = explain_refusal(error.errors(include_url=False), Scalar(NOWHERE, ""), Organisation)
        return "; ".join(f"{mistake.what}: {mistake.cure}" for mistake in found)


def _all_in_one(registry: Registry, name: str, kind: str, url: str) -> tuple[str, str, str]:
    """Take a kind and a website out of the field of the name, where somebody wrote all three."""
    link = MARKDOWN_LINK.search(name)
    if link:
        name = name.replace(link[0], f"{link[1]}, {link[2]}")
    address = ADDRESS.search(name)
    if address:
        url = url if url and not is_nothing(url) else address[0].rstrip(".,;:!?")
        name = ADDRESS.sub("", name).strip(" \t\n,;:-\u2013\u2014()<>")
    start, separator, end = re.sub(r"\s*\n+\s*", ", ", name).rpartition(",")
    same = next((one for one in kinds_in_use(registry) if slug_of(one) == slug_of(end)), None)
    if separator and same and slug_of(start):
        return start.strip(" ,"), kind if kind and not is_nothing(kind) else same, url
    return name, kind, url


def _kind(registry: Registry, text: str) -> str | None:
    kinds = kinds_in_use(registry)
    if is_nothing(text):
        return None
    same = next((kind for kind in kinds if slug_of(kind) == slug_of(text)), None)
    return same or near(text, kinds) or text.strip()


def _free_slug(registry: Registry, name: str) -> str:
    wanted = slug_of(name) or "organisation"
    taken = {body.slug for body in registry.organisations}
    numbered = (f"{wanted[:56]}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (wanted, *numbered) if slug not in taken)


def _spelt(name: str) -> str:
    words = slug_of(name).split("-") if slug_of(name) else name.casefold().split()
    kept = words[1:] if len(words) > 1 and words[0] == "the" else words
    return "".join(word for word in kept if word != "and")


def _site(url: str) -> str:
    bare = re.sub(r"^https?://(www\.)?", "", _address_in(url).lower()) if url else ""
    return bare.rstrip("/") if "." in bare else ""


def _is_slip(name: str, known: str) -> bool:
    """Tell whether two names differ by letters inside words only: not North from South."""
    mine, theirs = name.casefold().split(), known.casefold().split()
    if len(mine) != len(theirs) or len(mine) < 2:
        return False
    pairs = zip(mine, theirs, strict=True)
    return all(a == b or (len(a) > 4 and _likeness(a, b) >= 0.85) for a, b in pairs)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _begins(known: str, name: str) -> bool:
    words, start = slug_of(known).split("-"), slug_of(name).split("-")
    return len(start) > 1 and len(words) > len(start) and words[: len(start)] == start
