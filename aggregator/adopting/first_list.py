"""Lists that others keep already, read as the first list of a showcase. Pure: texts in, names out.

An awesome list, the `projects.yaml` of a best-of list, the folders of awesome-selfhosted-data and
of up-for-grabs, a table. Only names of repositories and the labels beside them are taken: what a
list says of a project is the words of its author. Everything here is hostile: YAML is read by the
bounded reader of the registry, a list has an end, and what was left out is said.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import yaml

from aggregator.registry.mistakes import NOWHERE
from aggregator.registry.models import Entry
from aggregator.registry.tree import FORBIDDEN, Items, Node, Scalar, Table, read_tree
from aggregator.registry.validation import read_values
from aggregator.words.clean import clean_line
from aggregator.words.names import RepoName, meant_repo, names_a_repo
from aggregator.words.phrases import listed, plural

MOST_PROJECTS = 2_000  # more is a directory of the world and not a community
_MOST_TAGS = 12  # as many as an entry may have
_MOST_NAMED = 5  # of what was left out, these are named
_MOST_ROWS = 20_000
_MOST_COLUMNS = 200
_ADDRESS = re.compile(
    r"(?<![\w/.-])https?://(?:www\.)?github\.com/[A-Za-z0-9_-]{1,39}/[A-Za-z0-9._-]{1,100}",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://", re.IGNORECASE)
_ITEM = re.compile(r"\s{0,12}(?:[-*+]\s|\d{1,4}[.)]\s|\||<li\b)", re.IGNORECASE)
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_TITLE = re.compile(r"[\w][^\[\]|<>]{0,60}")
_DELIMITERS = ",;\t|"
_TAG_COLUMNS = frozenset({"tags", "tag", "topics", "categories", "category", "keywords"})


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One repository that a list names, and the tags that its labels there stand for."""

    repo: RepoName
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FirstList:
    """What a list gives, in its order, and sentences on what of it was left out."""

    projects: tuple[ListEntry, ...] = ()
    left_out: tuple[str, ...] = ()


def joined(lists: Iterable[FirstList]) -> FirstList:
    """Put lists together: each repository once, by name, with the tags of all; no more than fit."""
    tags: dict[RepoName, dict[str, None]] = {}
    left_out: list[str] = []
    for one in lists:
        left_out.extend(one.left_out)
        for found in one.projects:
            tags.setdefault(found.repo, {}).update(dict.fromkeys(found.tags))
    whole = [ListEntry(repo, tuple(tags[repo])[:_MOST_TAGS]) for repo in sorted(tags)]
    if (beyond := len(whole) - MOST_PROJECTS) > 0:
        told = f"{plural(beyond, 'project')} left out: a first list has at most {MOST_PROJECTS:,}"
        left_out.append(told)
    return FirstList(tuple(whole[:MOST_PROJECTS]), tuple(dict.fromkeys(left_out)))


def gathered(found: Iterable[tuple[RepoName | None, str, Iterable[str]]], what: str) -> FirstList:
    """Make a list of what was found one after the other.

    Args:
        found: for each item the repository, None where it names none that can be listed; what to
            call the item; and its labels.
        what: one item in a word, such as "row".
    """
    projects: dict[RepoName, ListEntry] = {}
    without: list[str] = []
    twice = 0
    for repo, called, labels in found:
        if repo is None:
            without.append(clean_line(called) or what)
        elif repo in projects:
            twice += 1
        else:
            tags = dict.fromkeys(tag for label in labels for tag in _tags(label))
            projects[repo] = ListEntry(repo, tuple(tags)[:_MOST_TAGS])
    left_out = []
    if without:
        named = listed(without, _MOST_NAMED)
        several = plural(len(without), what)
        left_out.append(f"{several} left out, with no repository on GitHub: {named}")
    if twice:
        left_out.append(f"{plural(twice, what)} left out, with a project that is there already")
    return FirstList(tuple(projects.values()), tuple(left_out))


def from_markdown(text: str) -> FirstList:
    """Read an awesome list: of each item and each row of a table, the first repository it links to.

    Links in sentences, badges above the list and code are not items. An item that links only to
    other places is left out and named.
    """
    items = (item for item in _items(text) if _LINK.search(item))
    return gathered(((_repo_in(item), _title(item), ()) for item in items), "item")


def _items(text: str) -> Iterator[str]:
    """Cut out items of lists and rows of tables, each with the lines that continue it."""
    item: list[str] = []
    fenced = False
    for line in (*text.splitlines(), ""):
        if _FENCE.match(line):
            fenced = not fenced
        begins = _ITEM.match(line) and not fenced
        if item and (begins or not line.strip() or line.startswith("#")):
            yield " ".join(item)
            item = []
        if begins or (item and not fenced):
            item.append(line.strip())


def _title(item: str) -> str:
    words = re.sub(r"^[\s\-*+|\d.)\[!]+|<[^>]{0,200}>", "", item)
    found = _TITLE.search(words)
    return (found[0] if found else item[:60]).strip()


def _repo_in(text: str) -> RepoName | None:
    found = (meant_repo(match[0]) for match in _ADDRESS.finditer(text[:20_000]))
    return next(filter(None, found), None)


def from_best_of(text: str) -> FirstList:
    """Read the `projects.yaml` of a best-of list; the title of its category becomes a tag.

    Format: github.com/best-of-lists/best-of-generator, "Project Properties".
    """
    top = _table(text)
    if not isinstance(top.fields.get("projects"), Items):
        told = "no projects.yaml of a best-of list: it cannot be read as a map with `projects`"
        return FirstList((), (told,))
    categories = _items_of(top.fields.get("categories"))
    titles = {_text(one, "category"): _text(one, "title") for one in categories}

    def projects() -> Iterator[tuple[RepoName | None, str, Iterable[str]]]:
        for one in _items_of(top.fields.get("projects")):
            name, category = _text(one, "github_id"), _text(one, "category")
            labels = [titles.get(category) or category]
            yield meant_repo(name) if name else None, _text(one, "name"), labels

    return gathered(projects(), "project")


def from_selfhosted(texts: Mapping[str, str]) -> FirstList:
    """Read the files of `software/` in awesome-selfhosted-data, by their names.

    Format: github.com/awesome-selfhosted/awesome-selfhosted-data, `.github/ISSUE_TEMPLATE`.
    """
    return _from_files(texts, ("source_code_url", "website_url"))


def from_up_for_grabs(texts: Mapping[str, str]) -> FirstList:
    """Read the files of `_data/projects/` in up-for-grabs.net, by their names.

    Format: github.com/up-for-grabs/up-for-grabs.net, `docs/list-a-project.md`.
    """
    return _from_files(texts, ("site", "upforgrabs"))


def _from_files(texts: Mapping[str, str], fields: tuple[str, ...]) -> FirstList:
    def projects() -> Iterator[tuple[RepoName | None, str, Iterable[str]]]:
        for name, text in sorted(texts.items()):
            one = _table(text)
            places = (_text(one, field) or _text(one.fields.get(field), "link") for field in fields)
            repo = next(filter(None, map(_repo_in, places)), None)
            yield repo, _text(one, "name") or name, _texts(one.fields.get("tags"))

    return gathered(projects(), "file")


def from_csv(text: str) -> FirstList:
    """Read a table: its column with most addresses of repositories, and one that is called tags.

    Commas, semicolons, tabs or bars may stand between the cells.
    """
    rows, cut = _rows(text.removeprefix("\ufeff"))
    width = min(max(map(len, rows), default=0), _MOST_COLUMNS)
    scores = [sum(_weight(row[at]) for row in rows if at < len(row)) for at in range(width)]
    if not any(scores):
        without = "no column of the table holds addresses of repositories on GitHub"
        return FirstList((), (without, *cut))
    column, head = scores.index(max(scores)), [cell.strip().lower() for cell in rows[0]]
    tagged = next((at for at, name in enumerate(head) if name in _TAG_COLUMNS), None)

    def projects() -> Iterator[tuple[RepoName | None, str, Iterable[str]]]:
        for number, row in enumerate(rows, 1):
            cell = row[column].strip() if column < len(row) else ""
            repo = meant_repo(cell) if _weight(cell) else None
            if repo is None and (number == 1 or not any(map(str.strip, row))):
                continue  # the headings, or an empty line
            labels = row[tagged] if tagged is not None and tagged < len(row) else ""
            yield repo, f"row {number}", re.split(r"[;,|]", labels)

    found = gathered(projects(), "row")
    return FirstList(found.projects, (*found.left_out, *cut))


def _rows(text: str) -> tuple[list[list[str]], tuple[str, ...]]:
    """Cut a table into rows and cells, and say where it stopped being one."""
    begins = text[:5_000]
    delimiter = max(_DELIMITERS, key=begins.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter):
            if len(rows) == _MOST_ROWS:
                return rows, (f"what stands below row {_MOST_ROWS:,} was not read",)
            rows.append(row)
    except csv.Error as problem:
        return rows, (f"what stands below row {len(rows):,} cannot be read: {problem}",)
    return rows, ()


def _weight(cell: str) -> int:
    """Tell how surely a cell names a repository: an address more than a/b, which 2025/26 is."""
    text = cell.strip()
    if not names_a_repo(text):
        return 0
    return 10 if "github.com" in text.lower() else 1


def _table(text: str) -> Table:
    """Read a map of YAML; what cannot be read is an empty one, and is left out as such."""
    clean = FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text.removeprefix("\ufeff"))
    try:
        node = read_tree(clean, "")[0]
    except (yaml.YAMLError, RecursionError):
        node = None
    return node if isinstance(node, Table) else Table(NOWHERE)


def _items_of(node: Node | None) -> Iterable[Node]:
    return node.items if isinstance(node, Items) else ()


def _text(node: Node | None, name: str) -> str:
    found = node.fields.get(name) if isinstance(node, Table) else None
    return found.text.strip() if isinstance(found, Scalar) and found.sound else ""


def _texts(node: Node | None) -> list[str]:
    return [one.text for one in _items_of(node) if isinstance(one, Scalar) and one.sound]


@lru_cache(maxsize=10_000)
def _tags(label: str) -> tuple[str, ...]:
    """Give the tag that a label is by the rules of the registry, or nothing."""
    if not label.strip():
        return ()
    entry, mistakes = read_values(Entry, {"repo": "owner/name", "tags": [label.strip()]})
    return () if mistakes or entry is None else entry.tags
