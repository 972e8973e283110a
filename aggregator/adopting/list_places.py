"""Where a first list may come from: what somebody typed is understood here, and the list is read.

    ORG | https://github.com/ORG      the projects of an owner
    topic:NAME | stars:LOGIN          what GitHub lists under a topic, or with somebody's stars
    https://github.com/OWNER/NAME     the README of an awesome list
    an address or a file              an awesome list, the projects.yaml of a best-of list, a table
    a folder                          awesome-selfhosted-data, or the projects of up-for-grabs

The parsers are in `first_list`; this is their edge to files and to GitHub.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, Protocol
from urllib.parse import parse_qs

from aggregator.adopting.first_list import (
    FirstList,
    from_best_of,
    from_csv,
    from_markdown,
    from_selfhosted,
    from_up_for_grabs,
    gathered,
)
from aggregator.github.listings import OwnerProfile, RepositoryList
from aggregator.registry.tree import FILE_LIMIT, decode
from aggregator.words.addresses import is_web_address, split_address
from aggregator.words.errors import UsageError
from aggregator.words.names import RepoName, is_owner, meant_repo
from aggregator.words.phrases import listed, plural

PlaceKind = Literal["owner", "topic", "stars", "readme", "address", "path"]

_MOST_FILES = 5_000
_LONGEST_PATH = 1_000
_TOPIC = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
_BLOB = re.compile(r"(https?://github\.com/[\w.-]+/[\w.-]+)/blob/(.+)", re.IGNORECASE)
_NAMED = 5
_WORDS = {"org": "owner", "user": "owner", "owner": "owner", "topic": "topic", "stars": "stars"}


class ListSource(Protocol):
    """What is asked of GitHub; `aggregator.github.listings.Listings` is one."""

    def owner(self, login: str, /) -> OwnerProfile:
        """Ask who somebody is."""

    def owned_by(self, owner: OwnerProfile, /) -> RepositoryList:
        """Ask for the public repositories of an owner."""

    def starred_by(self, login: str, /) -> RepositoryList:
        """Ask which repositories somebody has starred."""

    def with_topic(self, topic: str, /) -> RepositoryList:
        """Ask for repositories with a topic."""

    def readme_of(self, repo: RepoName, /) -> str:
        """Ask for the README of a repository as text."""


@dataclass(frozen=True, slots=True)
class ListPlace:
    """One place of a first list: its kind, and the login, topic, repository, address or path."""

    kind: PlaceKind
    value: str


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list as it was read, and whose it is where it is all of an owner's projects."""

    found: FirstList
    owner: OwnerProfile | None = None


def meant_place(text: str) -> ListPlace:
    """Understand what somebody typed.

    Raises:
        UsageError: It is none of the places above.
    """
    word, colon, value = text.strip().partition(":")
    if colon and word.lower() in _WORDS and not value.startswith("//"):
        return _named(_WORDS[word.lower()], value.strip())
    if is_web_address(text.strip()):
        return _address(text.strip())
    if text.lower().startswith(("github.com/", "www.github.com/")):
        return _address(f"https://{text.strip()}")
    if len(text) < _LONGEST_PATH and _is_here(text):
        return ListPlace("path", text)
    if is_owner(text.strip()):
        return ListPlace("owner", text.strip())
    cause = "it is neither a file or folder here nor an owner on GitHub"
    raise UsageError(f"no list at {text[:200]!r}", cause, _CURE)


_CURE = "give an owner, topic:NAME, stars:LOGIN, a web address, a file or a folder"


def _is_here(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError:  # a name that is longer than any can be
        return False


def _named(kind: str, value: str) -> ListPlace:
    if kind == "topic" and _TOPIC.fullmatch(value.lower()):
        return ListPlace("topic", value.lower())
    if kind != "topic" and is_owner(value):
        return ListPlace("stars" if kind == "stars" else "owner", value)
    raise UsageError(f"no list at {kind}:{value[:100]}", "GitHub has no such name", _CURE)


def _address(url: str) -> ListPlace:
    address = split_address(url)
    if address is None or (address.hostname or "").removeprefix("www.") != "github.com":
        return ListPlace("address", url)
    match [part for part in address.path.split("/") if part]:
        case [("topics" | "stars" | "orgs") as page, name, *_]:
            return _named({"topics": "topic", "stars": "stars", "orgs": "owner"}[page], name)
        case [login]:
            starred = parse_qs(address.query).get("tab") == ["stars"]
            return _named("stars" if starred else "owner", login)
        case [owner, name] if repo := meant_repo(f"{owner}/{name}"):
            return ListPlace("readme", str(repo))
    blob = _BLOB.fullmatch(url)
    return ListPlace("address", f"{blob[1]}/raw/{blob[2]}" if blob else url)


def read_place(
    place: ListPlace, github: ListSource, download: Callable[[str, int], bytes]
) -> ReadList:
    """Read the list at a place.

    Args:
        place: Where it is.
        github: Answers for GitHub.
        download: Gives the bytes of an address, at most so many.

    Raises:
        SourceError: GitHub or the address gives nothing.
        UsageError: A file is too large, or a folder holds no list of a form that is known.
        OSError: A file cannot be read.
    """
    value = place.value
    match place.kind:
        case "owner":
            owner = github.owner(value)
            return ReadList(_of_github(github.owned_by(owner)), owner)
        case "topic":
            return ReadList(_of_github(github.with_topic(value)))
        case "stars":
            return ReadList(_of_github(github.starred_by(value)))
        case "readme":
            return ReadList(from_markdown(github.readme_of(RepoName.parse(value))))
        case "address":
            return ReadList(list_in(value, decode(download(value, FILE_LIMIT))))
        case "path":
            path = Path(value)
            return ReadList(_in_folder(path) if path.is_dir() else _in_file(path))


def list_in(name: str, text: str) -> FirstList:
    """Read a text by what its name ends in; what is neither a table nor YAML is an awesome list."""
    address = split_address(name) if is_web_address(name) else None
    ending = PurePosixPath(address.path if address else name).suffix.lower()
    if ending in {".csv", ".tsv"}:
        return from_csv(text)
    if ending in {".yaml", ".yml"}:
        return from_best_of(text)
    return from_markdown(text)


def _in_file(path: Path) -> FirstList:
    return list_in(path.name, _text_of(path))


def _text_of(path: Path) -> str:
    with path.open("rb") as stream:
        content = stream.read(FILE_LIMIT + 1)
    if len(content) > FILE_LIMIT:
        cause = f"it is larger than {FILE_LIMIT // 1_000_000} MB"
        raise UsageError(f"{path} is not read", cause, "cut it into several, each with --from")
    return decode(content)


def _in_folder(folder: Path) -> FirstList:
    inner = next(
        (below for name in ("software", "_data/projects") if (below := folder / name).is_dir()),
        folder,
    )
    names = sorted(
        path
        for path in inner.iterdir()
        if path.suffix.lower() in {".yml", ".yaml"} and path.is_file() and not path.is_symlink()
    )
    if not names:
        raise UsageError(f"no list in {folder}", "it holds no files of YAML", _CURE)
    texts = {path.name: _text_of(path) for path in names[:_MOST_FILES]}
    selfhosted = any("source_code_url" in text for text in texts.values())
    found = (from_selfhosted if selfhosted else from_up_for_grabs)(texts)
    if beyond := len(names) - len(texts):
        told = f"{plural(beyond, 'file')} left out: a folder is read up to {_MOST_FILES:,} files"
        return FirstList(found.projects, (*found.left_out, told))
    return found


def _of_github(said: RepositoryList) -> FirstList:
    """Leave out copies of others' work, and the repository that only holds an owner's settings."""
    forks = [one.name for one in said.repositories if one.fork]
    settings = [one.name for one in said.repositories if one.name.endswith("/.github")]
    others = (
        one.name for one in said.repositories if not one.fork and not one.name.endswith("/.github")
    )
    found = gathered(((meant_repo(name), name, ()) for name in others), "repository")
    left_out = list(found.left_out)
    if forks:
        left_out.append(f"{plural(len(forks), 'fork')} left out: {listed(forks, _NAMED)}")
    if settings:
        left_out.append(f"left out, because it holds settings: {listed(settings, _NAMED)}")
    if said.more:
        left_out.append("GitHub lists more of them than were read")
    return FirstList(found.projects, tuple(left_out))
