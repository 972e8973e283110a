"""Files of a repository: which one is the README, its exact bytes, and what names of files tell.

GitHub looks for community files in ``.github``, then the root, then ``docs`` (docs.github.com,
"Creating a default community health file"). Pure: takes listings and answers, returns facts. What
a README looks like is no matter of this module; ``aggregator.readme`` shows it.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from posixpath import dirname, join, normpath

from aggregator.facts.protocol import Fetched
from aggregator.facts.record import ReadmeText, blob_oid
from aggregator.facts.repository import CommunityFiles, ReadmeBlob
from aggregator.github.values import count, file_name, inside, objects
from aggregator.readme.encodings import read_text
from aggregator.readme.formats import readme_rank
from aggregator.words.clean import clean_line

FOLDERS = (".github", "", "docs")
LARGEST_README = 2_000_000  # bytes kept of one README; GitHub itself renders 512,000
# A link may lead to a link; so many at most, and then it leads nowhere.
MOST_HOPS = 5
_MOST_NAMES = 300
_LONGEST_LINK = 1_000
_LINK_MODES = (0o120000, "120000")  # GraphQL gives a number, REST the same in octal digits

# Which community file it is by the stem of its name, in any of the folders, in lower case.
_STEMS: Mapping[str, tuple[str, ...]] = {
    "contributing": ("contributing",),
    "code_of_conduct": ("code_of_conduct", "code-of-conduct"),
    "security": ("security",),
    "support": ("support",),
    "changelog": ("changelog", "changes", "history", "news"),
    "licence": ("license", "licence", "copying", "unlicense"),
}
# Which it is by its whole name, in the root.
_NAMES: Mapping[str, str] = {
    "citation": "CITATION.cff",
    "codemeta": "codemeta.json",
    "publiccode": "publiccode.yml",
}
_FOLDERS_IN_ROOT: Mapping[str, tuple[str, ...]] = {
    "docs": ("docs", "doc", "documentation", "vignettes"),
    "tests": ("tests", "test", "testthat", "spec", "__tests__"),
}


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One line of a folder listing."""

    name: str
    kind: str  # "blob", "tree" or "commit"
    oid: str
    size: int | None = None
    is_link: bool = False  # a symbolic link; its blob holds the path it leads to


Listings = Mapping[str, Sequence[TreeEntry]]  # by folder: "", ".github", "docs"


def read_entries(entries: object, name_key: str = "name", oid_key: str = "oid") -> list[TreeEntry]:
    """Read a folder listing under the field names of either API."""
    found = []
    for entry in objects(entries):
        name, kind = file_name(entry.get(name_key)), clean_line(entry.get("type"))
        oid = clean_line(entry.get(oid_key))
        if name and kind and oid:
            is_link = entry.get("mode") in _LINK_MODES
            found.append(TreeEntry(name, kind, oid, count(entry.get("size")), is_link))
    return found


def read_rest_tree(tree: object) -> list[TreeEntry]:
    """Read every entry of a recursive tree, named by its whole path."""
    return read_entries(inside(tree, "tree"), name_key="path", oid_key="sha")


def listings_of(tree: Iterable[TreeEntry]) -> Listings:
    """Sort a recursive tree into the three folders that matter."""
    folders: dict[str, list[TreeEntry]] = {folder: [] for folder in FOLDERS}
    for entry in tree:
        folder, _, name = entry.name.rpartition("/")
        if folder in folders:
            folders[folder].append(replace(entry, name=name))
    return folders


def read_listings(node: object) -> Listings:
    """Read the three folders that matter from GraphQL."""
    aliases = {"": "root", ".github": "dotGithub", "docs": "docs"}
    return {name: read_entries(inside(node, alias, "entries")) for name, alias in aliases.items()}


def facts_of(listings: Listings) -> dict[str, object]:
    """Return those details that names of files tell."""
    return {
        "community": _community(listings),
        "top_level": _top_level(listings),
        "readme": find_readme(listings),
    }


def find_readme(listings: Listings) -> ReadmeBlob | None:
    """Return the README that GitHub would show; None too where it is a link, see `readme_link`."""
    found = _best_readme(listings)
    return None if found is None or found[1].is_link else blob_of(*found)


def readme_link(listings: Listings) -> str | None:
    """Return the path of the README if it is a symbolic link."""
    found = _best_readme(listings)
    return _path(found[0], found[1].name) if found and found[1].is_link else None


# By folder first: GitHub shows a README.txt in .github before a README.md in the root.
def _best_readme(listings: Listings) -> tuple[str, TreeEntry] | None:
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


def blob_of(folder: str, entry: TreeEntry) -> ReadmeBlob:
    """Return a file of a listing as a README."""
    return ReadmeBlob(path=_path(folder, entry.name), oid=entry.oid, size=entry.size)


def _community(listings: Listings) -> CommunityFiles:
    """Return which community files are present, each as its path."""
    files = [(name.lower().partition(".")[0], path) for name, path in _all(listings, "blob")]
    in_root = dict(_all(listings, "blob", ("",)))
    folders = [(name.lower(), f"{path}/") for name, path in _all(listings, "tree", ("",))]
    found: dict[str, str | None] = {
        field: next((path for stem, path in files if stem in stems), None)
        for field, stems in _STEMS.items()
    }
    found |= {field: in_root.get(name) for field, name in _NAMES.items()}
    found |= {
        field: next((path for name, path in folders if name in wanted), None)
        for field, wanted in _FOLDERS_IN_ROOT.items()
    }
    workflows = any(name == "workflows" for name, _ in _all(listings, "tree", (".github",)))
    return CommunityFiles.model_validate({**found, "workflows": workflows})


def _top_level(listings: Listings) -> tuple[str, ...]:
    """Return the names in the root folder, at most 300; folders end with a slash."""
    names = (e.name + ("/" if e.kind == "tree" else "") for e in listings.get("", ()))
    return tuple(sorted(names))[:_MOST_NAMES]


def _all(
    listings: Listings, kind: str, folders: Iterable[str] = FOLDERS
) -> Iterator[tuple[str, str]]:
    """Give the name and the path of each entry of a kind, folder by folder."""
    for folder in folders:
        for entry in listings.get(folder, ()):
            if entry.kind == kind:
                yield entry.name, _path(folder, entry.name)


def _path(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def fetched(oid: str, content: bytes) -> Fetched:
    """Wrap the bytes of a README, with the encoding that they turned out to have."""
    kept = content[:LARGEST_README]
    return Fetched(ReadmeText(oid=oid, content=kept), read_text(kept).encoding)


def from_text(node: object, oid: str) -> tuple[Fetched | None, bool]:
    """Read a GraphQL blob; the flag says whether the bytes are exactly those in the repository.

    GraphQL gives text, which is exact only for UTF-8 of at most 512,000 bytes; the git hash tells.
    """
    text = inside(node, "text")
    if not isinstance(text, str):
        return None, False
    content = text.encode("utf-8", "replace")
    return fetched(oid, content), blob_oid(content) == oid


def blob_content(data: object) -> bytes | None:
    """Read the bytes of a REST answer about a blob, as base64; None when it holds none."""
    source = inside(data, "content")
    if not isinstance(source, str):
        return None
    if inside(data, "encoding") == "utf-8":
        return source.encode("utf-8", "replace")
    try:
        return base64.b64decode(source)
    except (binascii.Error, ValueError):
        return None
