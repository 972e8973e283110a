r"""Read the sections of one file, and of a broken one all that can be read.

    text --read_tree--> tree --with_frame--> sections         the usual way
      \__ cut at the left edge, at dashes, at names __/        when it is not YAML as a whole

One missing quotation mark must not cost a community its site, so a file that fails is cut where a
person sees its parts. Each is read alone; the ones that fail are explained, the others go on as if
nothing had happened. A file that is YAML but has lost its frame, the line `projects:` or the
dashes, is read as if they were there. What a field may hold is judged later, in `validation`.
"""

import re
from collections.abc import Container, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace

import yaml

from aggregator.registry.blocks import SECTION, Block, dashed, fielded, has_dashes, sections
from aggregator.registry.fields import declared_fields
from aggregator.registry.mistakes import Mistake, Place, shown
from aggregator.registry.models import Entry
from aggregator.registry.slips import BARE_NAME, FIELD, explain, unindented_block
from aggregator.registry.tree import (
    Items,
    Node,
    Scalar,
    Table,
    TextFile,
    joined,
    read_tree,
    without_conflicts,
)
from aggregator.words.errors import RegistryError
from aggregator.words.names import is_slug, meant_repo, names_a_repo

_KEY_OF = {"projects": "repo", "organisations": "slug"}
_SECOND_REPO = re.compile(r" *repo *[:=]")
_SECOND_DASH = re.compile(r" *(?:-[^\s-]|[*+\u2022\u2013\u2014])")
# A line that stands for itself even when it is no field that can be read.
_OWN_LINE = re.compile(
    r"\s*(?:[-*+\u2022\u2013\u2014]|[A-Za-z_]+ ?[:=]|(?:repo|title|summary|stage) )"
)


def read_sections(source: TextFile, known: Sequence[str], mistakes: list[Mistake]) -> Table:
    """Read one file of the registry as its sections.

    Args:
        source: The file.
        known: The sections that it may have.
        mistakes: Takes what is wrong with the form of the file.

    Raises:
        RegistryError: It is nothing like a registry.
    """
    clean, conflicts = without_conflicts(source)
    try:
        node, found = read_tree(clean.text, clean.file)
    except yaml.YAMLError as error:
        node, found = _Salvage(clean.file).whole(clean.lines, error)
    mistakes += conflicts + found
    start = Place(source.file, 1, 1)
    if isinstance(node, Table):
        root, found = _with_frame(node, known)
    elif isinstance(node, Items):
        cure = "put the line `projects:` above the list"
        found = [Mistake(node.place, "this list has no name", cure)]
        root = Table(start).having("projects", node)
    elif node is None or node.blank:
        cure = "list your first project below the line `projects:`"
        root, found = Table(start), [Mistake(start, "this file is empty", cure, "hint")]
    elif names_a_repo(node.text):
        cure = f"write `projects:` above it, and below that `- {node.text.strip()}`"
        found = [Mistake(start, f"{shown(node.text)} has no list around it", cure)]
        root = Table(start).having("projects", Items(start, (node,)))
    else:
        cure = "begin with the line `projects:` and list below it"
        raise RegistryError(f"{source.file}:1:1", "this is not a registry", cure)
    mistakes += found
    return root


@dataclass
class _Salvage:
    """Reads one broken file block by block, and gathers what is wrong with each."""

    file: str
    mistakes: list[Mistake] = field(default_factory=list)

    def whole(self, lines: Sequence[str], error: yaml.YAMLError) -> tuple[Table, list[Mistake]]:
        """Read all of it, with at least one mistake."""
        fields: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for block in sections(lines):
            section = self._section(block)
            for name, node in section.fields.items():
                fields[name] = joined(fields[name], node) if name in fields else node
            keys = section.keys | keys
        if not self.mistakes:
            self._explain(Block(lines, 0), error)
        return Table(Place(self.file, 1, 1), fields, keys, sound=False), self.mistakes

    def _read(self, block: Block) -> Node | None:
        node, found = read_tree("\n".join(block.lines) + "\n", self.file, block.offset)
        self.mistakes += found
        return node

    def _explain(self, block: Block, error: yaml.YAMLError) -> Set[int]:
        """Say what is wrong with a block; give the indexes of the lines that it is about."""
        found = explain(block.lines, error, self.file, block.offset)
        self.mistakes += found
        return {mistake.where.line - block.offset - 1 for mistake in found}

    def _add(self, place: Place, what: str, cure: str) -> None:
        self.mistakes.append(Mistake(place, what, cure))

    def _section(self, block: Block) -> Table:
        place = Place(self.file, block.offset + 1, 1)
        try:
            node = self._read(block)
        except yaml.YAMLError as error:
            return self._broken_section(block, place, error)
        if isinstance(node, Table):
            return node
        if isinstance(node, Items):
            return Table(node.place).having("projects", node)
        if node is not None:
            cure = "indent it under the field it belongs to, or put # in front of it"
            self._add(node.place, "this text belongs to nothing", cure)
        return Table(place)

    def _broken_section(self, block: Block, place: Place, error: yaml.YAMLError) -> Table:
        header = SECTION.match(block.lines[0])
        name = header[1] if header else "projects"
        beside = block.lines[0][header.end() :].split("#")[0].strip() if header else ""
        before = len(self.mistakes)
        node: Node | None = None
        if has_dashes(block.body) and beside in {"", "[]"}:
            if beside:
                what = f"`{name}: []` says that the list is empty, but entries follow"
                self._add(place, what, f"delete the brackets, so that `{name}:` is left")
            node = self._items(block.body if header else block)
        elif header is not None:
            node = self._settings(block.body)
        if len(self.mistakes) == before:
            self._explain(block, error)
        return Table(place).having(name, node, place) if node else Table(place)

    def _items(self, body: Block) -> Items:
        items: list[Node] = []
        usual: int | None = None
        for block in dashed(body):
            indent = len(block.lines[0]) - len(block.lines[0].lstrip(" "))
            usual = indent if usual is None else usual
            items += self._item(block)
            if indent != usual:
                what = f"this dash has {indent} spaces before it; the first of the list has {usual}"
                cure = f"put exactly {usual} spaces before the dash"
                self._add(Place(self.file, block.offset + 1, indent + 1), what, cure)
        return Items(Place(self.file, body.offset + 1, 1), tuple(items))

    def _item(self, block: Block) -> Sequence[Node]:
        """Read one item; when that fails, explain it and read what the bad lines leave of it."""
        lost = ""
        try:
            node = self._read(block)
        except yaml.YAMLError as error:
            bad = _bad_lines(block.lines, self._explain(block, error))
            lost = "\n".join(block.lines[index] for index in bad)
            lines = ["" if index in bad else line for index, line in enumerate(block.lines)]
            lines[0] = BARE_NAME.sub(r"\1repo: \2", lines[0]) if any(lines[1:]) else lines[0]
            try:
                node = self._read(Block(lines, block.offset))
            except yaml.YAMLError:
                return ()
            return list(_spoilt(node.items, lost)) if isinstance(node, Items) else ()
        return node.items if isinstance(node, Items) else ()

    def _settings(self, body: Block) -> Table:
        """Read a group of fields field by field."""
        fields: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for block in fielded(body):
            try:
                node = self._read(block)
            except yaml.YAMLError as error:
                self._explain(block, error)
                continue
            if isinstance(node, Table):
                fields |= node.fields
                keys |= node.keys
        return Table(Place(self.file, body.offset + 1, 1), fields, keys, sound=False)


def _begins_something(line: str) -> bool:
    """Tell whether a line begins a field or an entry, rather than going on from one above."""
    return bool(FIELD.match(line) or _OWN_LINE.match(line))


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
        while start > 0 and not _begins_something(lines[start]):
            start -= 1
        while end < len(lines) and lines[end].strip() and not _begins_something(lines[end]):
            end += 1
        widened |= set(range(start, end))
    for index, line in enumerate(lines[1:], 1):
        if _SECOND_REPO.match(line) or (index in bad and _SECOND_DASH.match(line)):
            widened |= set(range(index, len(lines)))
            break
    return widened - {0}


def _spoilt(items: Sequence[Node], lost: str) -> Iterator[Table]:
    """Mark what is left of entries; what a lost line may have hidden stays hidden."""
    careful = {
        one.name: one.about.fallback
        for one in declared_fields(Entry)
        if one.about.fallback and one.name in lost.lower()
    }
    for item in items:
        if isinstance(item, Table):
            hidden = {name: Scalar(item.place, value) for name, value in careful.items()}
            keys = dict.fromkeys(hidden, item.place) | item.keys
            yield replace(item, sound=False, fields=hidden | item.fields, keys=keys)


def _with_frame(root: Table, known: Sequence[str]) -> tuple[Table, list[Mistake]]:
    """Put the line `projects:` around an entry that stands alone in its file."""
    loose = {name: node for name, node in root.fields.items() if name not in known}
    section = next((s for s in known if s in _KEY_OF and _KEY_OF[s] in loose), None)
    keyed = {name: node for name, node in loose.items() if names_a_repo(name)}
    if section is None and not keyed:
        return root, []
    if section is None:
        items, mistakes = as_items("projects", replace(root, fields=keyed))
        mistakes = [replace(m, cure=f"begin with `projects:`, and {m.cure}") for m in mistakes]
        return _framed(root, "projects", items, keyed), mistakes
    first = next(iter(loose))
    what = "this entry stands alone, without a list around it"
    cure = f"begin the file with `{section}:`, put `- ` before `{first}`"
    more = " and two spaces before each other field" if len(loose) > 1 else ""
    entry = replace(root, place=root.keys[first], fields=loose)
    found = [Mistake(root.keys[first], what, f"{cure}{more}")]
    return _framed(root, section, (entry,), loose), found


def _framed(root: Table, section: str, items: Sequence[Node], taken: Container[str]) -> Table:
    fields = {name: node for name, node in root.fields.items() if name not in taken}
    framed: Node = Items(root.place, tuple(items))
    fields[section] = joined(fields[section], framed) if section in fields else framed
    return replace(root, fields=fields, keys={section: root.place} | root.keys)


def as_items(section: str, node: Node) -> tuple[Sequence[Node], list[Mistake]]:
    """Read a list, or what somebody wrote instead of one.

    Args:
        section: `projects` or `organisations`.
        node: What stands below it.
    """
    if isinstance(node, Items):
        return [_as_entry(item) for item in node.items] if section == "projects" else node.items, []
    what = f"`{section}` must be a list"
    if isinstance(node, Table) and _KEY_OF[section] in node.fields:
        first = next(iter(node.fields))
        cure = f"put `- ` before `{first}`, and two spaces before each field below it"
        return [node], [Mistake(node.keys[first], what, cure)]
    if isinstance(node, Table):
        found = [
            _from_key(section, name, value, node.keys[name]) for name, value in node.fields.items()
        ]
        return [entry for entry, _ in found if entry], [mistake for _, mistake in found]
    names = [word for word in re.split(r"[,;\s]+", node.text) if word]
    if section == "projects" and names and all(map(names_a_repo, names)):
        cure = f"put each on its own line, after a dash: `- {names[0]}`"
        entries = [_as_entry(replace(node, text=name)) for name in names]
        return entries, [Mistake(node.place, what, cure)]
    return [], [Mistake(node.place, what, "put each one on its own line, after a dash")]


def _from_key(section: str, name: str, value: Node, place: Place) -> tuple[Table | None, Mistake]:
    """Read `owner/name: ...`, one of a map that should be a list."""
    what = f"`{section}` must be a list, with a dash before each"
    key, repo = _KEY_OF[section], meant_repo(name) if section == "projects" else None
    inner = value if isinstance(value, Table) else Table(place)
    if repo is None and key in inner.fields:
        cure = f"write a dash in place of `{name}:`, with the fields after and below it"
        return inner, Mistake(place, what, cure)
    if repo is None and (section == "projects" or not is_slug(name)):
        return None, Mistake(place, what, "put each one on its own line, after a dash")
    entry = inner.having(key, Scalar(place, str(repo or name)))
    cure = f"write `- {key}: {repo or name}`"
    if inner.fields:
        cure += ", with its fields below that, each under the `r` of repo" if repo else ""
    elif isinstance(value, Scalar) and not value.blank:
        said = "summary" if repo else "name"
        entry = Table(place).having(said, value).having(key, Scalar(place, str(repo or name)))
        cure += f" and below it {shown(f'{said}: {value.text}', 320)}"
    return replace(entry, place=place, sound=value.sound), Mistake(place, what, cure)


def _as_entry(item: Node) -> Node:
    """Read a bare owner/name, and `- owner/name:` with fields below it, as the map it is."""
    if isinstance(item, Scalar) and not item.blank:
        return replace(Table(item.place).having("repo", item), sound=item.sound)
    if not isinstance(item, Table) or "repo" in item.fields:
        return item
    names = [name for name in item.fields if names_a_repo(name)]
    if len(names) != 1:
        return item
    # The name stays as a field that does not exist, which is how it is reported.
    entry = item.having("repo", Scalar(item.place, str(meant_repo(names[0]))))
    inner = item.fields[names[0]]
    if not isinstance(inner, Table):
        return entry
    return replace(entry, fields=entry.fields | inner.fields, keys=entry.keys | inner.keys)
