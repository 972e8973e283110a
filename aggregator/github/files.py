"""What the names of files tell: which one is the README, and which community files are there.

GitHub looks for community files in ``.github``, then the root, then ``docs`` (docs.github.com,
"Creating a default community health file"). Pure: takes listings, returns facts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.facts import Community, ReadmeBlob
from aggregator.readme.formats import readme_rank

FOLDERS = (".github", "", "docs")
TEST_FOLDERS = ("tests", "test", "testthat", "spec", "__tests__")
LICENCE_NAMES = ("license", "licence", "copying", "unlicense")


@dataclass(frozen=True, slots=True)
class Named:
    """One line of a folder listing."""

    name: str
    kind: str  # "blob", "tree" or "commit"
    oid: str
    size: int | None = None


Listings = Mapping[str, Sequence[Named]]  # by folder: "", ".github", "docs"


def find_readme(listings: Listings) -> ReadmeBlob | None:
    """Return the README that GitHub would show, or None; a link is given as it stands."""
    for folder in FOLDERS:
        ranked = [
            (rank, entry.name, entry)
            for entry in listings.get(folder, ())
            if entry.kind == "blob" and (rank := readme_rank(entry.name)) is not None
        ]
        if ranked:
            best = min(ranked, key=lambda one: one[:2])[2]
            return _blob_of(best, folder)
    return None


def _blob_of(entry: Named, folder: str) -> ReadmeBlob:
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
