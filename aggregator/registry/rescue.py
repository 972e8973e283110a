"""Read what can be read of a file that is not YAML as a whole.

One missing quotation mark must not cost a community its site, so a file that
fails is cut where a person sees its parts: at the field names on the left edge,
and inside a list at its dashes. Each part is read alone; the ones that fail are
explained, the others go on as if nothing had happened.
"""

from dataclasses import replace

import yaml

from aggregator.registry.mistakes import Mistake, Place
from aggregator.registry.parts import SECTION, Part, dashed, fielded, has_dashes, sections
from aggregator.registry.syntax import explain
from aggregator.registry.tree import Items, Node, Table, joined, read_tree


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
    if has_dashes(body) and (
        header is None or not part.lines[0][header.end() :].split("#")[0].strip()
    ):
        node, mistakes = _read_items(body if header else part, file)
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
    bad = {mistake.where.line - part.offset - 1 for mistake in mistakes} - {0}
    rest = Part(["" if i in bad else line for i, line in enumerate(part.lines)], part.offset)
    try:
        node, found = _read(rest, file)
    except yaml.YAMLError:
        return None, mistakes
    return _spoilt(node), mistakes + found


def _spoilt(node: Node | None) -> Node | None:
    if not isinstance(node, Items):
        return None
    items = (replace(item, sound=False) for item in node.items if isinstance(item, Table))
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
