"""What the names of files tell: which one is the README, and which community files are there.

GitHub looks for community files in ``.github``, then the root, then ``docs`` (docs.github.com,
"Creating a default community health file"). Pure: takes listings, returns facts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from aggregator.facts.repository import Community, ReadmeBlob
from aggregator.readme.formats import readme_rank

FOLDERS = (".github", "", "docs")
# A link may lead to a link; so many at most, and then it leads nowhere.
MOST_HOPS = 5
_LONGEST_LINK = 1_000
LINK_MODES = (0o120000, "120000")  # GraphQL gives a number, REST the same in octal digits
TEST_FOLDERS = ("tests", "test", "testthat", "spec", "__tests__")
LICENCE_NAMES = ("license", "licence", "copying", "unlicense")


@dataclass(frozen=True, slots=True)
class Named:
    """One line of a folder listing."""

    name: str
    kind: str  # "blob", "tree" or "commit"
    oid: str
    size: int | None = None
    is_link: bool = False  # a symbolic link; its blob holds the path it leads to


Listings = Mapping[str, Sequence[Named]]  # by folder: "", ".github", "docs"


def find_readme(listings: Listings) -> ReadmeBlob | None:
    """Return the README that GitHub would show; None too where it is a link, see `readme_link`."""
    found = _best_readme(listings)
    return None if found is None or found[1].is_link else blob_of(*found)


def readme_link(listings: Listings) -> str | None:
    """Return the path of the README if it is a symbolic link."""
    found = _best_readme(listings)
    return blob_of(*found).path if found and found[1].is_link else None


def _best_readme(listings: Listings) -> tuple[str, Named] | None:
    for folder in FOLDERS:
        ranked = [
            (rank, entry.name, entry)
            for entry in listings.get(folder, ())
            if entry.kind == "blob" and (rank := readme_rank(entry.name)) is not None
        ]
        if ranked:
            return folder, min(ranked, key=lambda one: one[:2])[2]
    return None


def link_target(path: str, written: str) -> str | None:
    """Return the path in the repository that a symbolic link leads to, None for one that leaves it.

    Args:
        path: Where the link stands.
        written: What its blob holds: a path from the link's folder (man7.org, symlink(7)).
    """
    if not written or len(written) > _LONGEST_LINK or written.startswith("/"):
        return None
    if any(character in written for character in "\0\n\\"):
        return None
    target = normpath(join(dirname(path), written))
    return None if target.split("/")[0] in {"..", "."} else target


def blob_of(folder: str, entry: Named) -> ReadmeBlob:
    """Return a file of a listing as a README."""
    path = f"{folder}/{entry.name}" if folder else entry.name
    return ReadmeBlob(path=path, oid=entry.oid, size=entry.size)


def find_community(listings: Listings, workflows: bool) -> Community:
    """Return which community files are present, each as its path."""
    return Community(
        contributing=_first(listings, ("contributing",)),
        code_of_conduct=_first(listings, ("code_of_conduct", "code-of-conduct")),
        security=_first(listings, ("security",)),
        support=_first(listings, ("support",)),
        citation=_named(listings, "CITATION.cff"),
        codemeta=_named(listings, "codemeta.json"),
        publiccode=_named(listings, "publiccode.yml"),
        changelog=_first(listings, ("changelog", "changes", "history", "news")),
        licence=_first(listings, LICENCE_NAMES),
        docs=_folder(listings, ("docs", "doc", "documentation", "vignettes")),
        tests=_folder(listings, TEST_FOLDERS),
        workflows=workflows,
    )


def top_level(listings: Listings) -> tuple[str, ...]:
    """Return the names in the root folder, at most 300; folders end with a slash."""
    names = (e.name + ("/" if e.kind == "tree" else "") for e in listings.get("", ()))
    return tuple(sorted(names))[:300]


def _paths(listings: Listings, kind: str, folders: Iterable[str]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for entry in listings.get(folder, ()):
            if entry.kind == kind:
                yield entry.name, f"{folder}/{entry.name}" if folder else entry.name


def _first(listings: Listings, stems: Sequence[str]) -> str | None:
    paths = _paths(listings, "blob", FOLDERS)
    return next((path for name, path in paths if name.lower().partition(".")[0] in stems), None)


def _named(listings: Listings, wanted: str) -> str | None:
    paths = _paths(listings, "blob", ("",))
    return next((path for name, path in paths if name == wanted), None)


def _folder(listings: Listings, wanted: Sequence[str]) -> str | None:
    paths = dict(_paths(listings, "tree", ("",)))
    return next((f"{paths[name]}/" for name in paths if name.lower() in wanted), None)
