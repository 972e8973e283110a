"""Read what can be read of a file that is not YAML as a whole.

One missing quotation mark must not cost a community its site, so a file that
fails is cut where a person sees its parts: at the field names on the left edge,
and inside a list at its dashes. Each part is read alone; the ones that fail are
explained, the others go on as if nothing had happened.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import replace

import yaml

from aggregator.registry.habits import FIELD
from aggregator.registry.mistakes import Mistake, Place
from aggregator.registry.parts import SECTION, Part, dashed, fielded, has_dashes, sections
from aggregator.registry.syntax import BARE_NAME, explain
from aggregator.registry.tree import Items, Node, Scalar, Table, joined, read_tree

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


def _bad_lines(lines: Sequence[str], bad: Set[int]) -> Set[int]:
    """Widen lines that cannot be read to all that falls with them; the first one stays.

    A line that goes on from a value takes the value along, rather than cutting it short;
    a `repo` without a dash takes along everything below it, which is not of this entry.
    """
    widened = set(bad)
    for index in bad:
        start = index
        while start > 0 and not (FIELD.match(lines[start]) or OWN_LINE.match(lines[start])):
            start -= 1
        widened |= set(range(start, index))
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
