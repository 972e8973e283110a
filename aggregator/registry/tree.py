"""YAML as a tree in which every key and value knows its line and column.

Reads a deliberately small part of YAML: maps, lists and text. Every value stays
the text that was typed, so `no`, `1.10` and `2026-11-22` mean what they say.
Anchors, aliases, tags and duplicate keys are mistakes. What a field may hold is
none of this module's business; the loader asks the models.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import yaml

from aggregator.registry.mistakes import Mistake, Place
from aggregator.registry.rules import shown

DEPTH_LIMIT = 8
COMMENT = re.compile(r"[ \t]+#")
TOO_DEEP = "this is nested too deeply"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Event = yaml.events.Event


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text; `blank` when nothing was written where it should stand.

    `comment` is what YAML takes for a comment beside it, with the spaces before the #: members
    mean it as text more often than they know.
    """

    place: Place
    text: str
    blank: bool = False
    sound: bool = True
    comment: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    place: Place
    items: tuple["Node", ...]
    sound: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A map; a key that is written twice keeps its first value and makes it unsound."""

    place: Place
    fields: dict[str, "Node"]
    keys: dict[str, Place]
    sound: bool = True


Node = Scalar | Items | Table


def joined(first: Node, second: Node) -> Node:
    """Join two lists that were written under the same name; anything else stays the first."""
    if isinstance(first, Items) and isinstance(second, Items):
        return Items(first.place, first.items + second.items, first.sound and second.sound)
    return first


def read_tree(text: str, file: str, line_offset: int = 0) -> tuple[Node | None, list[Mistake]]:
    """Read the first document of a text.

    Args:
        text: The YAML, free of characters that YAML forbids.
        file: The name that places carry.
        line_offset: How many lines stand above this text in the file.

    Returns:
        The tree, None for an empty document, and what is wrong with its form.

    Raises:
        yaml.YAMLError: The text is not YAML.
    """
    builder = _Builder(yaml.parse(text, Loader=_Loader), file, line_offset, text.split("\n"))
    return builder.document(), builder.mistakes


@dataclass
class _Builder:
    events: Iterator[_Event]
    file: str
    line_offset: int
    lines: Sequence[str]
    mistakes: list[Mistake] = field(default_factory=list)

    def document(self) -> Node | None:
        next(self.events)
        if not isinstance(next(self.events), yaml.DocumentStartEvent):
            return None
        root = self.node(next(self.events), 0)
        next(self.events)
        extra = next(self.events)
        if isinstance(extra, yaml.DocumentStartEvent):
            self.add(self.place(extra), "a second document begins here", "delete the line `---`")
        return root

    def node(self, event: _Event, depth: int) -> Node:
        before = len(self.mistakes)
        place = self.place(event)
        self.refuse_machinery(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self.table(place, depth, before)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.items(place, depth, before)
        text = event.value if isinstance(event, yaml.ScalarEvent) else ""
        blank = bool(text in {"", "~", "null"} and getattr(event, "implicit", (False,))[0])
        quoted = getattr(event, "style", None) in {"'", '"'}
        sound = len(self.mistakes) == before
        return Scalar(place, text, blank, sound, self.comment(event), quoted)

    def comment(self, event: _Event) -> str:
        """Give what follows a value on its line, when YAML takes that for a comment."""
        if not isinstance(event, yaml.ScalarEvent) or event.style in {"|", ">"}:
            return ""
        mark = cast("yaml.Mark", event.end_mark)
        rest = self.lines[mark.line][mark.column :] if mark.line < len(self.lines) else ""
        return rest.rstrip() if COMMENT.match(rest) else ""

    def table(self, place: Place, depth: int, before: int) -> Table:
        fields: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            self.refuse_depth(event, depth)
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if self.begins_another(key, value, keys):
                self.skip_rest(depth)
                break
            name = self.key_name(key, keys, depth)
            if name is not None:
                fields[name], keys[name] = value, key.place
            elif depth == 0 and isinstance(key, Scalar):
                fields[key.text] = joined(fields[key.text], value)
        return Table(place, fields, keys, len(self.mistakes) == before)

    def items(self, place: Place, depth: int, before: int) -> Items:
        found: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            self.refuse_depth(event, depth)
            found.append(self.node(event, depth + 1))
        return Items(place, tuple(found), len(self.mistakes) == before)

    def begins_another(self, key: Node, value: Node, keys: dict[str, Place]) -> bool:
        """Tell whether this is the next entry without its dash, and say so."""
        if not isinstance(key, Scalar) or key.text != "repo" or "repo" not in keys:
            return False
        what = "another project begins here, but there is no dash before it"
        name = value.text if isinstance(value, Scalar) else "owner/name"
        cure = f"write {shown(f'- repo: {name}')}, with the dash below the others"
        self.add(key.place, what, cure)
        return True

    def skip_rest(self, depth: int) -> None:
        """Pass over fields that would otherwise be taken for those of the entry above."""
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            self.refuse_depth(event, depth)
            self.node(event, depth + 1)

    def key_name(self, key: Node, keys: dict[str, Place], depth: int) -> str | None:
        if not isinstance(key, Scalar):
            self.add(key.place, "a field name must be one word", "remove the brackets or braces")
            return None
        if key.text in keys:
            what = f"{shown(key.text)} is written twice here, first on line {keys[key.text].line}"
            merge = "move what stands below it under the first one, and delete this line"
            self.add(key.place, what, merge if depth == 0 else "keep one of the two")
            return None
        return key.text

    def refuse_machinery(self, event: _Event) -> None:
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.AliasEvent):
            what = f"a value that begins with * is a YAML alias ({shown(f'*{anchor}')})"
        elif anchor:
            what = f"a value that begins with & is a YAML anchor ({shown(f'&{anchor}')})"
        elif getattr(event, "tag", None):
            what = "a value that begins with ! is a YAML tag"
        else:
            return
        self.add(self.place(event), what, "put double quotes around the value")

    def refuse_depth(self, event: _Event, depth: int) -> None:
        if depth >= DEPTH_LIMIT:
            raise yaml.MarkedYAMLError(problem=TOO_DEEP, problem_mark=_mark(event))

    def place(self, event: _Event) -> Place:
        mark = _mark(event)
        return Place(self.file, mark.line + 1 + self.line_offset, mark.column + 1)

    def add(self, place: Place, what: str, cure: str) -> None:
        self.mistakes.append(Mistake(place, what, cure))


def _mark(event: _Event) -> yaml.Mark:
    return cast("yaml.Mark", event.start_mark)
