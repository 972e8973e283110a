"""What people write in a form or at a prompt, and which value they plainly mean.

A form is filled in by somebody who has never seen the file: addresses with words around them,
`N/A` where there is nothing, an organisation under its full name. Text in, value or a plain
complaint out; nothing is read or fetched here.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from aggregator.joining.editor import Value
from aggregator.registry.mistakes import Mistake, near, shown
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.validation import read_values
from aggregator.words.addresses import place_of
from aggregator.words.names import (
    CURLY_QUOTES,
    GITHUB_ADDRESS,
    SLUG_LENGTH,
    RepoName,
    meant_repo,
    names_a_repo,
    slug_of,
)
from aggregator.words.phrases import listed

# What stands for "nothing" once signs and capitals are gone: N/A, n.a., _No response_, "-" ...
# The empty first line counts: nothing at all is nothing, too. The last two lines are what an edit
# form is told of a field that shall stay.
_NOTHING = frozenset(
    words.strip()
    for line in """
        na, n a, none, no, nope, nil, null, nothing, blank, empty, undefined, skip, unknown
        tbd, tbc, tba, to be confirmed, to be decided, to be announced, to follow
        not applicable, non applicable, no response, no answer, not available, nothing to add
        not yet, none yet, nothing yet, none at present, none so far, none at the moment
        not sure, dont know, don t know, no thanks, no thank you
        leave blank, leave empty, left blank
        no change, no changes, unchanged, same, same as before, as before
        as it is, leave as is, leave as it is, keep as is, keep as it is
    """.splitlines()
    for words in line.split(",")
)
_CLEAR = re.compile(
    r"(?:please )?(?:remove|delete|clear|empty)(?: (?:it|this|that|the)(?: (?:field|text|value|one|"
    r"title|summary|organisation|stage|tags|people|documentation|link|story))?)?(?: please)?"
)
_WORDS_LENGTH = 200  # longer texts say more than that there is nothing
_ANSWER_LENGTH = 3_000  # more than any field takes; searching in more could take for ever
_MARKDOWN_LINK = re.compile(r"\[([^\]]*)\]\(<?([^)\s>]+)>?[^)]*\)")
_ADDRESS = re.compile(r"https?://[^\s<>\"`|\])]+")
_OWN_PAGE = re.compile(r"^(?:https?://)?(?:www\.)?github\.com/", re.IGNORECASE)
_HOST = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s,;&+|]+|\band\b", re.IGNORECASE)
# Steps that part addresses of GitHub from what stands around them, so that each ends where it ends.
_AROUND_ADDRESSES = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"https?://api\.github\.com/repos/", "https://github.com/"),
        (r"https?://raw\.githubusercontent\.com/", "https://github.com/"),
        # A gist lies at a name of GitHub's own, and is no repository.
        (r"(?:https?://|git@)?gist\.github\.com[/:]\S*", " "),
        # Elsewhere an address may well hold the words github.com/owner/name and mean another thing.
        (r"https?://(?!(?:www\.)?github\.com)[^\s)\]]+", " "),
        (r"ssh\.(?=github\.com)|(?<=github\.com):443(?=/)", ""),
        (r"[\[\]()<>\"'`*|,;]+", " "),
    )
)
# A name with a slash that is no piece of an address, a path or a longer name.
_TOKEN = re.compile(r"(?<![\w./@:-])@?([A-Za-z0-9][\w-]*/[\w.-]*\w)(?![\w/])")
_SHELL = re.compile(r"^\s*(?:\$\s*)?(?:git|gh repo) clone\s+(?:-\S+\s+)*", re.IGNORECASE)
# Words with a slash that are no repositories.
_ALTERNATIVES = frozenset(
    ["and/or", "either/or", "n/a", "yes/no", "on/off", "he/she", "his/her", "input/output"]
)
# One letter left out of a word of five is .89; `North` and `South` are .60.
_LIKE_ENOUGH = 0.85


def is_nothing(text: str) -> bool:
    """Tell whether an answer says that there is none, in whatever spelling."""
    return len(text) <= _WORDS_LENGTH and _words(text) in _NOTHING


def means_clear(text: str) -> bool:
    """Tell whether an answer asks for the field to be emptied: the word `remove`."""
    return len(text) <= _WORDS_LENGTH and _CLEAR.fullmatch(_words(text)) is not None


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKC", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    return " ".join(re.sub(r"[\W_]+", " ", plain.casefold()).split())


def repos_in(text: str) -> tuple[RepoName, ...]:
    """Find the repositories that a text names, with whatever stands around them.

    An address of GitHub outweighs words with a slash, unless the text is nothing but names.
    """
    words = [word for word in _SEPARATORS.split(_SHELL.sub("", text)) if word]
    if words and all(map(names_a_repo, words)):
        return _once(map(meant_repo, words))
    whole = meant_repo(text)
    if whole and not GITHUB_ADDRESS.search(text):
        return (whole,)
    plain = text
    for pattern, instead in _AROUND_ADDRESSES:
        plain = pattern.sub(instead, plain)
    addresses = (match[0] for match in GITHUB_ADDRESS.finditer(plain))
    found = _once(meant_repo(re.sub(r"[?#].*$", "", at).rstrip(".:!?")) for at in addresses)
    if found or "github.com" in text.lower():
        return found
    tokens = _TOKEN.findall(_ADDRESS.sub(" ", text))
    return _once(meant_repo(word) for word in tokens if word.lower() not in _ALTERNATIVES)


def _once(repos: Iterable[RepoName | None]) -> tuple[RepoName, ...]:
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


def read_answer(registry: Registry, name: str, text: str) -> tuple[Value | None, str]:
    """Read one answer as the field it fills.

    Args:
        registry: Knows the organisations and stages.
        name: The field of an entry; of `links`, the documentation is meant.
        text: What somebody wrote.

    Returns:
        The value, None when there is none; and what is wrong with it, "" when nothing is.
    """
    text = text.strip()
    if is_nothing(text):
        return None, ""
    if name == "organisation":
        known = same_organisation(registry, text)
        slugs = [body.slug for body in registry.organisations]
        meant = near(text, slugs)
        cure = (
            f"did you mean {meant}?" if meant else f"use one of {listed(slugs)}, or leave it empty"
        )
        problem = f"there is no organisation {shown(text)}: {cure}"
        return (known.slug, "") if known else (None, problem)
    if name == "stage":
        stages = registry.showcase.stages
        stage = next((one for one in stages if slug_of(one) == slug_of(text)), None)
        problem = f"there is no stage {shown(text)}: use one of {listed(stages)}"
        return stage, "" if stage else problem
    if name != "story" and len(text) > _ANSWER_LENGTH:
        return None, _too_long(text)
    # By the very rules of the file, so that no form lets in what the check would refuse.
    value = _VALUES[name](text) or None
    _, mistakes = read_values(Entry, {"repo": "owner/name", name: value})
    return (None, _words_of(mistakes)) if mistakes else (value, "")


def _too_long(text: str) -> str:
    return f"this is {len(text):,} characters long: shorten it"


def _words_of(mistakes: Iterable[Mistake]) -> str:
    return "; ".join(f"{mistake.what}: {mistake.cure}" for mistake in mistakes)


def several_in(text: str, sign: str) -> list[str]:
    """Cut an answer into its words: at commas, lines and bullets, or before each @ or #."""
    lines = _MARKDOWN_LINK.sub(lambda link: link[2] if sign == "@" else link[1], text)
    lines = re.sub(r"^[ \t]*(?:[-*+\u2022]|\d+[.)])[ \t]+", "", lines, flags=re.MULTILINE)
    if sign == "@":
        lines = re.sub(r"\s+(?:and|&)\s+", ",", lines)
    cut = rf"[,;\n]+|\s+(?={re.escape(sign)}\w)"
    words = (word.strip().strip("`\"'" + CURLY_QUOTES).rstrip(".") for word in re.split(cut, lines))
    return [word for word in words if word and not is_nothing(word)]


def address_in(text: str) -> str:
    """Find the web address that a text plainly is; else the text, for the rules to refuse."""
    link = _MARKDOWN_LINK.search(text)
    found = [link[2]] if link else _ADDRESS.findall(text)
    if len(set(found)) == 1:
        return found[0].rstrip(".,;:!?'\"")
    bare = text.strip().strip("<>`\"'" + CURLY_QUOTES).rstrip(".")
    return f"https://{bare}" if _HOST.fullmatch(bare) and not found else bare


_VALUES: Mapping[str, Callable[[str], Value]] = {
    "title": lambda text: text.strip("`").strip().strip(CURLY_QUOTES),
    "summary": lambda text: text.strip("`").strip(),
    "tags": lambda text: [slug_of(word) or word for word in several_in(text, "#")],
    "does": lambda text: several_in(text, "-*"),
    "people": lambda text: [_OWN_PAGE.sub("", word).strip("@/ ") for word in several_in(text, "@")],
    "links": lambda text: {"docs": address_in(text)},
    "story": lambda text: text,
}


def same_organisation(registry: Registry, name: str, url: str = "") -> Organisation | None:
    """Find the organisation that somebody means, under another spelling or with a slip in it."""
    if len(name) > _ANSWER_LENGTH or len(url) > _ANSWER_LENGTH:
        return None
    site, spelt = _site(url), _spelt(name)
    for body in registry.organisations:
        names = filter(None, (body.slug, body.name, body.acronym))
        if (spelt and spelt in map(_spelt, names)) or (site and site == _site(body.url or "")):
            return body
    return next((body for body in registry.organisations if _is_slip(name, body.name)), None)


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
    if len(name) > _ANSWER_LENGTH:
        return _too_long(name)
    name, kind, url = _all_in_one(registry, name, kind, url)
    known = same_organisation(registry, name, url)
    if known is not None:
        return f"{shown(known.name)} is listed already: write that under Organisation"
    # Bay Hospital may be Bay Hospital Trust or a body of its own; only its people know, so ask.
    start = f"{slug_of(name)}-"
    longer = [
        body.name
        for body in registry.organisations
        if slug_of(body.name).startswith(start) and "-" in slug_of(name)
    ]
    if len(longer) == 1:
        same = f"is {shown(name)} the same as {shown(longer[0])}?"
        return f"{same} Then write that; else its full name"
    kinds, wanted = kinds_in_use(registry), slug_of(name) or "organisation"
    taken = {body.slug for body in registry.organisations}
    numbered = (f"{wanted[: SLUG_LENGTH - 4]}-{number}" for number in range(2, len(taken) + 3))
    said = _kind_called(kind, kinds) or near(kind, kinds) or kind.strip()
    fields: Mapping[str, object] = {
        "slug": next(slug for slug in (wanted, *numbered) if slug not in taken),
        "name": name,
        "kind": None if is_nothing(kind) else said,
        "url": None if is_nothing(url) else address_in(url),
    }
    body, mistakes = read_values(Organisation, fields)
    return body if body and not mistakes else _words_of(mistakes)


def kinds_in_use(registry: Registry) -> tuple[str, ...]:
    """Name the kinds of organisation that there are, in the order of their last use.

    Of two spellings of a kind the first is taken.
    """
    kinds = [body.kind for body in registry.organisations if body.kind]
    first = {slug_of(kind): kind for kind in reversed(kinds)}
    return tuple(reversed(first.values()))


def _all_in_one(registry: Registry, name: str, kind: str, url: str) -> tuple[str, str, str]:
    """Take a kind and a website out of the field of the name, where somebody wrote all three."""
    link = _MARKDOWN_LINK.search(name)
    if link:
        name = name.replace(link[0], f"{link[1]}, {link[2]}")
    address = _ADDRESS.search(name)
    if address:
        url = url if url and not is_nothing(url) else address[0].rstrip(".,;:!?")
        name = _ADDRESS.sub("", name).strip(" \t\n,;:-\u2013\u2014()<>")
    start, separator, end = re.sub(r"\s*\n+\s*", ", ", name).rpartition(",")
    same = _kind_called(end, kinds_in_use(registry))
    if separator and same and slug_of(start):
        return start.strip(" ,"), kind if kind and not is_nothing(kind) else same, url
    return name, kind, url


def _kind_called(text: str, kinds: Sequence[str]) -> str | None:
    return next((kind for kind in kinds if slug_of(kind) == slug_of(text)), None)


def _spelt(name: str) -> str:
    """Give what two spellings of a name have in common: neither `The`, `and` nor spaces."""
    words = slug_of(name).split("-") if slug_of(name) else name.casefold().split()
    kept = words[1:] if len(words) > 1 and words[0] == "the" else words
    return "".join(word for word in kept if word != "and")


def _site(url: str) -> str:
    site = place_of(address_in(url)).casefold() if url else ""
    return site if "." in site else ""


def _is_slip(name: str, known: str) -> bool:
    """Tell whether two names differ by letters inside words only: not North from South."""
    mine, theirs = name.casefold().split(), known.casefold().split()
    if len(mine) != len(theirs) or len(mine) < 2:
        return False
    return all(
        one == other or (len(one) > 4 and SequenceMatcher(None, one, other).ratio() >= _LIKE_ENOUGH)
        for one, other in zip(mine, theirs, strict=True)
    )
