"""Read what can be read of a file that is not YAML as a whole.

One missing quotation mark must not cost a community its site, so a file that
fails is cut where a person sees its parts: at the field names on the left edge,
and inside a list at its dashes. Each part is read alone; the ones that fail are
explained, the others go on as if nothing had happened. A file that is YAML but has
lost its frame, the line `projects:` or the dashes, is read as if they were there.
"""

import re
from collections.abc import Container, Sequence, Set
from dataclasses import replace

import yaml

from aggregator.registry.habits import FIELD
from aggregator.registry.mistakes import Mistake, Place
from aggregator.registry.parts import SECTION, Part, dashed, fielded, has_dashes, sections
from aggregator.registry.rules import shown
from aggregator.registry.syntax import BARE_NAME, explain, unindented_block
from aggregator.registry.tree import Items, Node, Scalar, Table, joined, read_tree
from aggregator.words.names import is_slug, meant_repo, names_a_repo

KEY_OF = {"projects": "repo", "organisations": "slug"}
SECOND_REPO = re.compile(r" *repo *[:=]")
SECOND_DASH = re.compile(r" *(?:-[^\s-]|[*+\u2022\u2013\u2014])")
# A line that stands for itself even when it is no field that can be read.
OWN_LINE = re.compile(
    r"\s*(?:[-*+\u2022\u2013\u2014]|[A-Za-z_]+ ?[:=]|(?:repo|title|summary|stage) )"
)


def read_in_parts(text: str, file: str, error: yaml.YAMLError) -> tuple[Table, list[Mistake]]:
    """Read a broken file part by part, with at least one mistake for what is broken.

    Args:
        text: The file.
        file: The name that places carry.
        error: What the YAML library said about the whole of it.
    """
    lines = text.split("\n")
    fields: dict[str, Node] = {}
    keys: dict[str, Place] = {}
    mistakes: list[Mistake] = []
    for part in sections(lines):
        tree, found = _read_section(part, file)
        mistakes.extend(found)
        for name, node in tree.fields.items():
            fields[name] = joined(fields[name], node) if name in fields else node
            keys.setdefault(name, tree.keys[name])
    if not mistakes:
        mistakes = explain(lines, error, file, 0)
    return Table(Place(file, 1, 1), fields, keys, sound=False), mistakes


def _read(part: Part, file: str) -> tuple[Node | None, list[Mistake]]:
    return read_tree("\n".join(part.lines) + "\n", file, part.offset)


def _read_section(part: Part, file: str) -> tuple[Table, list[Mistake]]:
    try:
        node, mistakes = _read(part, file)
    except yaml.YAMLError as error:
        return _read_inside(part, file, error)
    if isinstance(node, Table):
        return node, mistakes
    if isinstance(node, Items):
        place = node.place
        return Table(place, {"projects": node}, {"projects": place}), mistakes
    if node is not None:
        what = "this text belongs to nothing"
        cure = "indent it under the field it belongs to, or put # in front of it"
        mistakes = [*mistakes, Mistake(node.place, what, cure)]
    return Table(Place(file, part.offset + 1, 1), {}, {}), mistakes


def _read_inside(part: Part, file: str, error: yaml.YAMLError) -> tuple[Table, list[Mistake]]:
    header = SECTION.match(part.lines[0])
    body = part.body
    name = header[1] if header else "projects"
    place = Place(file, part.offset + 1, 1)
    node: Node
    beside = part.lines[0][header.end() :].split("#")[0].strip() if header else ""
    if has_dashes(body) and beside in {"", "[]"}:
        node, mistakes = _read_items(body if header else part, file)
        if beside:
            what = f"`{name}: []` says that the list is empty, but entries follow"
            mistakes.insert(
                0, Mistake(place, what, f"delete the brackets, so that `{name}:` is left")
            )
    elif header is not None:
        node, mistakes = _read_fields(body, file)
    else:
        return Table(place, {}, {}), explain(part.lines, error, file, part.offset)
    if not mistakes:
        mistakes = explain(part.lines, error, file, part.offset)
    return Table(place, {name: node}, {name: place}), mistakes


def _read_items(body: Part, file: str) -> tuple[Items, list[Mistake]]:
    items: list[Node] = []
    mistakes: list[Mistake] = []
    usual: int | None = None
    for part in dashed(body):
        indent = len(part.lines[0]) - len(part.lines[0].lstrip(" "))
        usual = indent if usual is None else usual
        node, found = _read_item(part, file)
        mistakes.extend(found)
        items.extend(node.items if isinstance(node, Items) else ())
        if indent != usual:
            mistakes.append(_out_of_line(Place(file, part.offset + 1, indent + 1), usual))
    return Items(Place(file, body.offset + 1, 1), tuple(items)), mistakes


def _read_item(part: Part, file: str) -> tuple[Node | None, list[Mistake]]:
    """Read one item; when that fails, explain it and read what the bad lines leave of it."""
    try:
        return _read(part, file)
    except yaml.YAMLError as error:
        mistakes = explain(part.lines, error, file, part.offset)
    bad = _bad_lines(part.lines, {m.where.line - part.offset - 1 for m in mistakes})
    lines = ["" if index in bad else line for index, line in enumerate(part.lines)]
    lines[0] = BARE_NAME.sub(r"\1repo: \2", lines[0]) if any(lines[1:]) else lines[0]
    try:
        node, found = _read(Part(lines, part.offset), file)
    except yaml.YAMLError:
        return None, mistakes
    lost = "\n".join(part.lines[index] for index in bad)
    return _spoilt(node, lost), mistakes + found


def begins_something(line: str) -> bool:
    """Tell whether a line begins a field or an entry, rather than going on from one above."""
    return bool(FIELD.match(line) or OWN_LINE.match(line))


def _bad_lines(lines: Sequence[str], bad: Set[int]) -> Set[int]:
    """Widen lines that cannot be read to all that falls with them; the first one stays.

    A line that goes on from a value takes the value along, rather than cutting it short, and
    what goes on from it below;
    a `repo` without a dash takes along everything below it, which is not of this entry.
    """
    widened = set(bad)
    for header, last in unindented_block(lines):
        widened |= set(range(header, last + 1))
    for index in bad:
        start = index
        while start > 0 and not begins_something(lines[start]):
            start -= 1
        end = index + 1
        while end < len(lines) and lines[end].strip() and not begins_something(lines[end]):
            end += 1
        widened |= set(range(start, end))
    second = (
        index
        for index, line in enumerate(lines[1:], 1)
        if SECOND_REPO.match(line) or (index in bad and SECOND_DASH.match(line))
    )
    widened |= set(range(next(second, len(lines)), len(lines)))
    return widened - {0}


def _spoilt(node: Node | None, lost: str) -> Node | None:
    if not isinstance(node, Items):
        return None
    hidden = {"readme": Scalar(node.place, "hide")} if "readme" in lost.lower() else {}
    items = (
        replace(
            item,
            sound=False,
            fields=hidden | item.fields,
            keys=dict.fromkeys(hidden, item.place) | item.keys,
        )
        for item in node.items
        if isinstance(item, Table)
    )
    return replace(node, items=tuple(items), sound=False)


def _out_of_line(place: Place, usual: int) -> Mistake:
    what = f"this dash has {place.column - 1} spaces before it; the first of the list has {usual}"
    return Mistake(place, what, f"put exactly {usual} spaces before the dash")


def _read_fields(body: Part, file: str) -> tuple[Table, list[Mistake]]:
    """Read a map of settings field by field."""
    fields: dict[str, Node] = {}
    keys: dict[str, Place] = {}
    mistakes: list[Mistake] = []
    for part in fielded(body):
        try:
            node, found = _read(part, file)
        except yaml.YAMLError as error:
            mistakes.extend(explain(part.lines, error, file, part.offset))
            continue
        mistakes.extend(found)
        if isinstance(node, Table):
            fields |= node.fields
            keys |= node.keys
    return Table(Place(file, body.offset + 1, 1), fields, keys, sound=False), mistakes


def with_frame(root: Table, known: Sequence[str]) -> tuple[Table, list[Mistake]]:
    """Put the line `projects:` around an entry that stands alone in its file.

    Args:
        root: The whole file.
        known: The sections that it may have.
    """
    loose = {name: node for name, node in root.fields.items() if name not in known}
    section = next((s for s in known if s in KEY_OF and KEY_OF[s] in loose), None)
    keyed = {name: node for name, node in loose.items() if names_a_repo(name)}
    if section is None and not keyed:
        return root, []
    if section is None:
        table = Table(root.place, keyed, root.keys, root.sound)
        items, mistakes = as_items("projects", table)
        mistakes = [replace(m, cure=f"begin with `projects:`, and {m.cure}") for m in mistakes]
        return _framed(root, "projects", items, keyed), mistakes
    first = next(iter(loose))
    what = "this entry stands alone, without a list around it"
    cure = f"begin the file with `{section}:`, put `- ` before `{first}`"
    more = " and two spaces before each other field" if len(loose) > 1 else ""
    mistake = Mistake(root.keys[first], what, f"{cure}{more}")
    entry = Table(root.keys[first], loose, root.keys, root.sound)
    return _framed(root, section, (entry,), loose), [mistake]


def _framed(root: Table, section: str, items: Sequence[Node], taken: Container[str]) -> Table:
    fields = {name: node for name, node in root.fields.items() if name not in taken}
    framed: Node = Items(root.place, tuple(items))
    framed = joined(fields[section], framed) if section in fields else framed
    keys = {section: root.place} | root.keys
    return replace(root, fields=fields | {section: framed}, keys=keys)


def as_items(section: str, node: Node) -> tuple[Sequence[Node], list[Mistake]]:
    """Read a list, or what somebody wrote instead of one.

    Args:
        section: `projects` or `organisations`.
        node: What stands below it.
    """
    if isinstance(node, Items):
        return [_named_inside(section, item) for item in node.items], []
    what = f"`{section}` must be a list"
    if isinstance(node, Table) and KEY_OF[section] in node.fields:
        first = next(iter(node.fields))
        cure = f"put `- ` before `{first}`, and two spaces before each field below it"
        return [node], [Mistake(node.keys[first], what, cure)]
    if isinstance(node, Table):
        found = [_from_key(section, name, value, node) for name, value in node.fields.items()]
        return [entry for entry, _ in found if entry], [mistake for _, mistake in found]
    names = [word for word in re.split(r"[,;\s]+", node.text) if word]
    if section == "projects" and names and all(map(names_a_repo, names)):
        cure = f"put each on its own line, after a dash: `- {names[0]}`"
        return [replace(node, text=name) for name in names], [Mistake(node.place, what, cure)]
    return [], [Mistake(node.place, what, "put each one on its own line, after a dash")]


def _from_key(section: str, name: str, value: Node, node: Table) -> tuple[Table | None, Mistake]:
    """Read `owner/name: ...`, one of a map that should be a list."""
    what, place = f"`{section}` must be a list, with a dash before each", node.keys[name]
    repo = meant_repo(name) if section == "projects" else None
    key = str(repo) if repo else name
    inner = value.fields if isinstance(value, Table) else {}
    cure = f"write `- {KEY_OF[section]}: {key}`"
    if repo is None and KEY_OF[section] in inner and isinstance(value, Table):
        cure = f"write a dash in place of `{name}:`, with the fields after and below it"
        return value, Mistake(place, what, cure)
    if repo is None and (section == "projects" or not is_slug(name)):
        return None, Mistake(place, what, "put each one on its own line, after a dash")
    fields: dict[str, Node] = {KEY_OF[section]: Scalar(place, key)} | inner
    keys = {KEY_OF[section]: place} | (value.keys if isinstance(value, Table) else {})
    if inner:
        cure += ", with its fields below that, each under the `r` of repo" if repo else ""
    elif isinstance(value, Scalar) and not value.blank:
        said = "summary" if repo else "name"
        fields, keys = fields | {said: value}, keys | {said: value.place}
        cure += f" and below it {shown(f'{said}: {value.text}', 320)}"
    return Table(place, fields, keys, value.sound), Mistake(place, what, cure)


def _named_inside(section: str, item: Node) -> Node:
    """Read `- owner/name:` with fields below it, which is reported, as the entry it is."""
    if section != "projects" or not isinstance(item, Table) or "repo" in item.fields:
        return item
    names = [name for name in item.fields if names_a_repo(name)]
    if len(names) != 1:
        return item
    inner = item.fields[names[0]]
    fields = {"repo": Scalar(item.place, str(meant_repo(names[0])))} | item.fields
    keys = {"repo": item.place} | item.keys
    if isinstance(inner, Table):
        fields, keys = fields | inner.fields, keys | inner.keys
    return replace(item, fields=fields, keys=keys)
