r"""The layout of a registry file as a person sees it: sections, entries, settings.

Cuts text by its left edge and its dashes, without understanding YAML, so that it also works on a
file that is not YAML at the moment: one missing quotation mark must not cost a community its site.
`read_broken` reads each part of such a file alone; the ones that fail are explained, the others go
on as if nothing had happened. The ways in use the same cuts to edit one entry, and to see which
entries a change touches.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import pairwise

import yaml

from aggregator.registry.declaration import declared_fields
from aggregator.registry.mistakes import Mistakes, Place
from aggregator.registry.models import Entry
from aggregator.registry.slips import ENTRY_DASH, explain, unindented_block
from aggregator.registry.tree import (
    BARE_NAME,
    Items,
    Node,
    Scalar,
    Table,
    TextFile,
    one_list,
    read_tree,
)

_SECTION = re.compile(r"([A-Za-z_]+) *:(?:\s|$)")
_DASH = re.compile(r"( *)-(?:\s|$)")
_INDENTED_FIELD = re.compile(r"( +)[A-Za-z_]+ *:(?:\s|$)")
_STEPS = re.compile(r" +steps *:\s*(#.*)?$")
_SECOND_REPO = re.compile(r" *repo *[:=]")
# Dashes of word processors and bullets of Markdown and chat.
_SECOND_DASH = re.compile(r" *(?:-[^\s-]|[*+\u2022\u2013\u2014])")
# A line that begins something, a field or an entry, even when it cannot be read.
_OWN_LINE = re.compile(
    r"\s*(?:[-*+\u2022\u2013\u2014]|[A-Za-z_]+ ?[:=]|(?:repo|title|summary|stage) )"
)


@dataclass(frozen=True, slots=True)
class FilePart:
    """Some lines of a file, and how many stand above them."""

    lines: Sequence[str]
    offset: int

    @property
    def body(self) -> "FilePart":
        """All but the first line."""
        return FilePart(self.lines[1:], self.offset + 1)

    @property
    def text(self) -> str:
        """What is written, without blank lines and comments at the end."""
        lines = [line.rstrip() for line in self.lines]
        while lines and (not lines[-1] or lines[-1].lstrip().startswith("#")):
            lines.pop()
        return "\n".join(lines)


def sections(lines: Sequence[str]) -> Iterator[FilePart]:
    """Cut a file at the field names on its left edge."""
    starts = [index for index, line in enumerate(lines) if _SECTION.match(line)]
    return _cut(FilePart(lines, 0), [0, *(start for start in starts if start > 0)])


def dashed(body: FilePart) -> Iterator[FilePart]:
    """Cut a list at the dashes of its own level, and at any that clearly begin an entry."""
    indents, nested = _indents(_DASH, body), _in_steps(body.lines)
    usual = next(iter(indents.values()), 0)
    starts = (
        index
        for index, line in enumerate(body.lines)
        if indents.get(index) == usual or (index not in nested and ENTRY_DASH.match(line))
    )
    return _cut(body, starts)


def _in_steps(lines: Sequence[str]) -> Set[int]:
    """Find the lines below each `steps:`, where a dash and `repo:` begin no entry."""
    found: set[int] = set()
    edge: int | None = None
    for index, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if edge is not None and line.strip():
            is_inside = indent > edge or (indent == edge and line.startswith("- ", indent))
            edge = edge if is_inside else None
        if edge is not None:
            found.add(index)
        elif _STEPS.match(line):
            edge = indent
    return found


def fielded(body: FilePart) -> Iterator[FilePart]:
    """Cut a group of fields at the names of its own level."""
    indents = _indents(_INDENTED_FIELD, body)
    usual = next(iter(indents.values()), 0)
    return _cut(body, (index for index, indent in indents.items() if indent <= usual))


def has_dashes(part: FilePart) -> bool:
    """Tell whether there is a list in it."""
    return any(_DASH.match(line) for line in part.lines)


def blocks(text: str) -> Iterator[FilePart]:
    """Cut a file into its entries and settings."""
    for section in sections(text.split("\n")):
        yield FilePart(section.lines[:1], section.offset)
        yield from dashed(section.body) if has_dashes(section.body) else fielded(section.body)


def _indents(pattern: re.Pattern[str], part: FilePart) -> dict[int, int]:
    """Find the lines that begin with a pattern, and how many spaces stand before it."""
    found = ((index, pattern.match(line)) for index, line in enumerate(part.lines))
    return {index: len(match[1]) for index, match in found if match}


def _cut(part: FilePart, starts: Iterable[int]) -> Iterator[FilePart]:
    for start, end in pairwise([*starts, len(part.lines)]):
        yield FilePart(part.lines[start:end], part.offset + start)


def read_broken(source: TextFile, error: yaml.YAMLError) -> tuple[Table, Mistakes]:
    """Read what can be read of a file that is not YAML, with at least one mistake.

    Args:
        source: The file.
        error: What the YAML library said about the whole of it.
    """
    salvage = _Salvage(source.file)
    whole = FilePart(source.lines, 0)
    table = _merged(map(salvage.section, sections(source.lines)), salvage.start(whole))
    if not salvage.mistakes:
        salvage.explain(whole, error)
    return table, salvage.mistakes


@dataclass
class _Salvage:
    """Reads one broken file part by part, and gathers what is wrong with each."""

    file: str
    mistakes: Mistakes = field(default_factory=Mistakes)

    def start(self, part: FilePart) -> Place:
        return Place(self.file, part.offset + 1, 1)

    def read(self, part: FilePart) -> Node | None:
        node, found = read_tree("\n".join(part.lines) + "\n", self.file, part.offset)
        self.mistakes += found
        return node

    def explain(self, part: FilePart, error: yaml.YAMLError) -> Set[int]:
        """Say what is wrong with a part; give the indexes of the lines that it is about."""
        found = explain(part.lines, error, self.file, part.offset)
        self.mistakes += found
        return {mistake.where.line - part.offset - 1 for mistake in found}

    def section(self, part: FilePart) -> Table:
        try:
            node = self.read(part)
        except yaml.YAMLError as error:
            return self._broken_section(part, error)
        if isinstance(node, Table):
            return node
        if isinstance(node, Items):
            cure = "put its lines below the line `projects:`"
            self.mistakes.add(node.place, "this list has no name", cure)
            return Table(node.place, {"projects": node}, {"projects": node.place})
        if node is not None:
            cure = "indent it under the field it belongs to, or put # in front of it"
            self.mistakes.add(node.place, "this text belongs to nothing", cure)
        return Table(self.start(part))

    def _broken_section(self, part: FilePart, error: yaml.YAMLError) -> Table:
        place, before = self.start(part), len(self.mistakes)
        header = _SECTION.match(part.lines[0])
        name = header[1] if header else "projects"
        beside = part.lines[0][header.end() :].split("#")[0].strip() if header else ""
        node: Node | None = None
        if has_dashes(part.body) and beside in {"", "[]"}:
            if beside:
                what = f"`{name}: []` says that the list is empty, but entries follow"
                self.mistakes.add(place, what, f"delete the brackets, so that `{name}:` is left")
            node = self._items(part.body if header else part)
        elif header is not None:
            fields = map(self._field, fielded(part.body))
            node = _merged(fields, self.start(part.body))
        if len(self.mistakes) == before:
            self.explain(part, error)
        return Table(place, {name: node}, {name: place}) if node else Table(place)

    def _field(self, part: FilePart) -> Table:
        try:
            node = self.read(part)
        except yaml.YAMLError as error:
            self.explain(part, error)
            node = None
        return node if isinstance(node, Table) else Table(self.start(part))

    def _items(self, body: FilePart) -> Items:
        items: list[Node] = []
        usual: int | None = None
        for part in dashed(body):
            indent = len(part.lines[0]) - len(part.lines[0].lstrip(" "))
            usual = indent if usual is None else usual
            items += self._item(part)
            if indent != usual:
                what = f"this dash has {indent} spaces before it; the first of the list has {usual}"
                cure = f"put exactly {usual} spaces before the dash"
                self.mistakes.add(Place(self.file, part.offset + 1, indent + 1), what, cure)
        return Items(self.start(body), tuple(items))

    def _item(self, part: FilePart) -> Sequence[Node]:
        """Read one item; when that fails, explain it and read what the bad lines leave of it."""
        try:
            node = self.read(part)
        except yaml.YAMLError as error:
            bad = _bad_lines(part.lines, self.explain(part, error))
            lost = "\n".join(part.lines[index] for index in bad)
            # Blanked, not cut out, so that the others keep their places.
            lines = ["" if index in bad else line for index, line in enumerate(part.lines)]
            lines[0] = BARE_NAME.sub(r"\1repo: \2", lines[0])
            try:
                node = self.read(FilePart(lines, part.offset))
            except yaml.YAMLError:
                return ()
            return list(_spoilt(node.items, lost)) if isinstance(node, Items) else ()
        return node.items if isinstance(node, Items) else ()


def _merged(tables: Iterable[Table], place: Place) -> Table:
    """Put the parts of a broken map together; the first place of a name stays."""
    fields: dict[str, Node] = {}
    keys: dict[str, Place] = {}
    for table in tables:
        for name, node in table.fields.items():
            fields[name] = one_list(fields[name], node) if name in fields else node
        keys = table.keys | keys
    return Table(place, fields, keys, sound=False)


def _bad_lines(lines: Sequence[str], bad: Set[int]) -> Set[int]:
    """Widen lines that cannot be read to all that falls with them; the first one stays.

    A line that goes on from a value takes the value along, rather than cutting it short, and
    what goes on from it below; a `repo` without a dash takes along everything below it, which is
    not of this entry.
    """
    widened = set(bad)
    for header, last in unindented_block(lines):
        widened |= set(range(header, last + 1))
    for index in bad:
        start, end = index, index + 1
        while start > 0 and not _OWN_LINE.match(lines[start]):
            start -= 1
        while end < len(lines) and lines[end].strip() and not _OWN_LINE.match(lines[end]):
            end += 1
        widened |= set(range(start, end))
    nested = _in_steps(lines)
    for index, line in enumerate(lines[1:], 1):
        if index in nested:
            continue
        if _SECOND_REPO.match(line) or (index in bad and _SECOND_DASH.match(line)):
            widened |= set(range(index, len(lines)))
            break
    # Without its first line, what is left would be taken for part of the entry above.
    return widened - {0}


def _spoilt(items: Sequence[Node], lost: str) -> Iterator[Table]:
    """Mark what is left of entries; what a lost line may have hidden stays hidden."""
    careful = {
        one.name: one.fallback
        for one in declared_fields(Entry)
        if one.fallback and one.name in lost.lower()
    }
    for item in items:
        if isinstance(item, Table):
            hidden = {name: Scalar(item.place, value) for name, value in careful.items()}
            keys = dict.fromkeys(hidden, item.place) | item.keys
            yield replace(item, sound=False, fields=hidden | item.fields, keys=keys)
