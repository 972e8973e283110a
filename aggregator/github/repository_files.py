"""Files of a repository: which one is the README, its exact bytes, and what names of files tell.

GitHub looks for community files in ``.github``, then the root, then ``docs`` (docs.github.com,
"Creating a default community health file"). Pure: takes listings and answers, returns facts. What
a README looks like is no matter of this module; ``aggregator.readme`` shows it.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from aggregator.facts.record import ReadmeText, blob_oid
from aggregator.facts.repository import CommunityFiles, ReadmeBlob
from aggregator.github.values import Json, count, file_name, inside, objects
from aggregator.readme.encodings import read_text
from aggregator.readme.formats import readme_rank
from aggregator.words.clean import clean_line

FOLDERS = (".github", "", "docs")
_ALIASES = {".github": "dotGithub", "": "root", "docs": "docs"}  # in our queries
_WORKFLOWS = ".github/workflows"
# The names that nearly all READMEs have, by the alias under which pass 2 asks for their text.
USUAL_READMES: Mapping[str, str] = {"README.md": "readmeMd", "README.rst": "readmeRst"}
LARGEST_README = 2_000_000  # bytes kept of one README; GitHub itself renders 512,000
# A link may lead to a link, and through a linked folder, for which one has to look above it; so
# many looks at most, and then it leads nowhere.
MOST_HOPS = 8
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
# Which it is by its whole name, in the root: the files in which a project speaks of itself, each by
# its alias in our queries, in the order in which `statements` reads them.
STATEMENT_FILES: Mapping[str, str] = {
    "citation": "CITATION.cff",
    "codemeta": "codemeta.json",
    "publiccode": "publiccode.yml",
}
# The files in which a package describes itself, in the root as well, in the order in which
# `packages` reads them.
PACKAGE_FILES: Mapping[str, str] = {
    "rPackage": "DESCRIPTION",
    "pyproject": "pyproject.toml",
    "setupCfg": "setup.cfg",
    "packageJson": "package.json",
}
_FOLDERS_IN_ROOT: Mapping[str, tuple[str, ...]] = {
    "docs": ("docs", "doc", "documentation", "vignettes"),
    "tests": ("tests", "test", "testthat", "spec", "__tests__"),
}


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One file or folder of a repository, as a listing has it."""

    path: str
    kind: str  # "blob", "tree" or "commit"
    oid: str
    size: int | None = None
    is_link: bool = False  # a symbolic link; its blob holds the path it leads to

    @property
    def name(self) -> str:
        """Return its name in its folder."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class LinkedPath:
    """Where a file is looked for: a path, and the rest of it where that is a link to a folder."""

    path: str
    below: str = ""

    def holds(self, entry: TreeEntry) -> bool:
        """Tell whether what stands there is the file itself."""
        return entry.kind == "blob" and not (entry.is_link or self.below)


def read_entry(line: Json, folder: str = "") -> TreeEntry | None:
    """Read one line of a folder's listing, under the field names of either API."""
    name = file_name(line.get("name") or line.get("path"))
    kind, oid = clean_line(line.get("type")), clean_line(line.get("oid") or line.get("sha"))
    if not (name and kind and oid):
        return None
    path = f"{folder}/{name}" if folder else name
    return TreeEntry(path, kind, oid, count(line.get("size")), line.get("mode") in _LINK_MODES)


def read_rest_tree(tree: object) -> list[TreeEntry]:
    """Read every entry of a recursive tree."""
    return [entry for line in objects(inside(tree, "tree")) if (entry := read_entry(line))]


def read_folders(node: object) -> list[TreeEntry]:
    """Read the three folders that matter from GraphQL."""
    return [
        entry
        for folder, alias in _ALIASES.items()
        for line in objects(inside(node, alias, "entries"))
        if (entry := read_entry(line, folder))
    ]


def facts_of(tree: Iterable[TreeEntry]) -> dict[str, object]:
    """Return those details that names of files tell, in the three folders that matter."""
    near = sorted((e for e in tree if _folder(e) in FOLDERS), key=_place)
    root = (e.path + ("/" if e.kind == "tree" else "") for e in near if not _folder(e))
    return {
        "community": _community(near),
        "top_level": tuple(sorted(root))[:_MOST_NAMES],
        "readme": find_readme(near),
    }


def _folder(entry: TreeEntry) -> str:
    return entry.path.rpartition("/")[0]


def _place(entry: TreeEntry) -> int:
    return FOLDERS.index(_folder(entry))


def _community(near: Sequence[TreeEntry]) -> CommunityFiles:
    """Return which community files are present, each as its path."""
    files = [(e.name.lower().partition(".")[0], e.path) for e in near if e.kind == "blob"]
    folders = [e.path for e in near if e.kind == "tree"]
    found: dict[str, str | None] = {
        field: next((path for stem, path in files if stem in stems), None)
        for field, stems in _STEMS.items()
    }
    found |= {
        field: next((path for _, path in files if path == name), None)
        for field, name in STATEMENT_FILES.items()
    }
    found |= {
        field: next((f"{path}/" for path in folders if path.lower() in names), None)
        for field, names in _FOLDERS_IN_ROOT.items()
    }
    return CommunityFiles.model_validate({**found, "workflows": _WORKFLOWS in folders})


def find_readme(tree: Iterable[TreeEntry]) -> ReadmeBlob | None:
    """Return the README that GitHub would show; None too where it is a link, see `readme_link`."""
    found = _best_readme(tree)
    return None if found is None or found.is_link else blob_of(found)


def readme_link(tree: Iterable[TreeEntry]) -> str | None:
    """Return the path of the README if it is a symbolic link."""
    found = _best_readme(tree)
    return found.path if found and found.is_link else None


# By folder first: GitHub shows a README.txt in .github before a README.md in the root.
def _best_readme(tree: Iterable[TreeEntry]) -> TreeEntry | None:
    ranked = [
        (_place(entry), rank, entry.name, entry)
        for entry in tree
        if entry.kind == "blob"
        and _folder(entry) in FOLDERS
        and (rank := readme_rank(entry.name)) is not None
    ]
    return min(ranked, key=lambda one: one[:3])[3] if ranked else None


def blob_of(entry: TreeEntry) -> ReadmeBlob:
    """Return a file of a listing as a README."""
    return ReadmeBlob(path=entry.path, oid=entry.oid, size=entry.size)


def link_target(path: str, written: object) -> str | None:
    """Return the path in the repository that a symbolic link leads to, None for one that leaves it.

    Args:
        path: Where the link stands.
        written: What its blob holds: a path from the link's folder (man7.org, symlink(7)).
    """
    if not isinstance(written, str) or not 0 < len(written) <= _LONGEST_LINK:
        return None
    if written.startswith("/") or any(character in written for character in "\0\n\\"):
        return None
    target = normpath(join(dirname(path), written))
    return None if target.split("/")[0] in {"..", "."} else target


def follow_link(place: LinkedPath, entry: TreeEntry | None, written: object) -> LinkedPath | None:
    """Say where to look next for what a link leads to; None where that is nowhere.

    Git follows no links: what lies in a linked folder has no entry, but the link above it has one.

    Args:
        place: Where was looked.
        entry: What stands there, if anything does.
        written: What its blob holds, where it is a link.
    """
    if entry is None:
        above, _, name = place.path.rpartition("/")
        return LinkedPath(above, _below(name, place.below)) if above else None
    target = link_target(entry.path, written) if entry.is_link else None
    return LinkedPath(_below(target, place.below)) if target else None


def _below(folder: str, path: str) -> str:
    return f"{folder}/{path}" if path else folder


def readme_text(oid: str, content: bytes) -> ReadmeText:
    """Wrap the bytes of a README, with the encoding that they turned out to have."""
    kept = content[:LARGEST_README]
    return ReadmeText(oid=oid, content=kept, encoding=read_text(kept).encoding)


def from_text(node: object, oid: str) -> tuple[ReadmeText | None, bool]:
    """Read a GraphQL blob; the flag says whether the bytes are exactly those in the repository.

    GraphQL gives text, which is exact only for UTF-8 of at most 512,000 bytes; the git hash tells.
    """
    text = inside(node, "text")
    if not isinstance(text, str):
        return None, False
    content = text.encode("utf-8", "replace")
    return readme_text(oid, content), blob_oid(content) == oid


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
