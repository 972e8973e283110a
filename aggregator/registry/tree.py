"""From the bytes of a file to a tree in which every key and value knows its line and column.

    bytes --read_file--> text --without_conflicts--> text --read_tree--> Table, Items, Scalar

Sizes and depth are bounded here, and what YAML forbids as a character becomes a sign that the
rules recognise, so that it spoils one value and not the file. Of YAML only maps, lists and text
are read, and every value stays the text that was typed, so `no`, `1.10` and `2026-11-22` mean what
they say; anchors, aliases, tags and duplicate keys are mistakes. What a field may hold is none of
this module's business, and neither is what to do with a text that is not YAML.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import yaml

from aggregator.registry.mistakes import Mistake, Place, shown
from aggregator.words.errors import RegistryError

FILE_LIMIT = 5_000_000
DEPTH_LIMIT = 8
# YAML 1.2.2, section 5.1, allows fewer; the line ends of old systems go as well,
# because editors and GitHub do not count them as lines.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
_COMMENT = re.compile(r"[ \t]+#")
# libyaml reads 2,000 entries five times faster; wheels of PyYAML for some systems lack it.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Event = yaml.events.Event


@dataclass(frozen=True, slots=True)
class TextFile:
    """One file of the registry: the name that messages carry, and its text."""

    file: str
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return self.text.split("\n")


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
    fields: dict[str, "Node"] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    sound: bool = True

    def having(self, name: str, value: "Node", place: Place | None = None) -> "Table":
        """Put a field first, unless it is there; its name stands where its value does."""
        keys = {name: place or value.place} | self.keys
        return replace(self, fields={name: value} | self.fields, keys=keys)


Node = Scalar | Items | Table


def joined(first: Node, second: Node) -> Node:
    """Join two lists that were written under the same name; anything else stays the first."""
    if isinstance(first, Items) and isinstance(second, Items):
        return Items(first.place, first.items + second.items, first.sound and second.sound)
    return first


def follow(node: Node, path: Sequence[int | str]) -> tuple[Node, Place, bool]:
    """Go down a tree by names and indexes, as far as they lead.

    Returns:
        The last node on the way, the place of its name, and whether the path ends there.
    """
    name = node.place
    for step in path:
        if isinstance(node, Table) and step in node.fields:
            name, node = node.keys[str(step)], node.fields[str(step)]
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            name = node.place
        else:
            return node, name, False
    return node, name, True


def second_entry(repo: str) -> tuple[str, str]:
    """Answer a `repo:` inside another entry, which is an entry whose dash was forgotten."""
    what = "another project begins here, but there is no dash before it"
    return what, f"write {shown(f'- repo: {repo}')}, with the dash below the others"


def read_file(path: Path) -> TextFile:
    """Read one file of the registry; messages name it by its path.

    Raises:
        RegistryError: It is absent, no file, unreadable or too large.
    """
    name = path.as_posix()
    try:
        with path.open("rb") as stream:
            content = stream.read(FILE_LIMIT + 1)
    except FileNotFoundError:
        cure = "run `aggregator init` to make one, or name it with --registry"
        raise RegistryError(name, "there is no such file", cure) from None
    except OSError as error:
        cause = f"it cannot be read ({error.strerror})"
        raise RegistryError(name, cause, "name a readable file with --registry") from None
    if len(content) > FILE_LIMIT:
        cause = f"it is larger than {FILE_LIMIT // 1_000_000} MB"
        raise RegistryError(name, cause, "split it into files in registry.d/")
    return TextFile(name, decode(content))


def decode(content: bytes) -> str:
    """Decode a file and mend its line ends; what cannot be read becomes U+FFFD."""
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    text = content.decode(encoding, errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def without_conflicts(source: TextFile) -> tuple[TextFile, list[Mistake]]:
    """Blank the marks of an unresolved merge and report each."""
    if not re.search(r"^(?:<{7}|>{7})", source.text, re.MULTILINE):
        return source, []
    what = "two changes to this file were joined and not sorted out (a merge conflict mark)"
    cure = "keep the lines you want between the marks and delete the marks"
    found = [
        Mistake(Place(source.file, number, 1), what, cure)
        for number, line in enumerate(source.lines, 1)
        if _CONFLICT.match(line)
    ]
    return replace(source, text=_CONFLICT.sub("", source.text)), found


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
    """Turns the events of the YAML library into nodes; one for each text."""

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
        return rest.rstrip() if _COMMENT.match(rest) else ""

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
        self.add(
            key.place, *second_entry(value.text if isinstance(value, Scalar) else "owner/name")
        )
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
            # An error of YAML itself: what holds it is then cut up and read around it.
            raise yaml.MarkedYAMLError(
                problem="this is nested too deeply", problem_mark=_mark(event)
            )

    def place(self, event: _Event) -> Place:
        mark = _mark(event)
        return Place(self.file, mark.line + 1 + self.line_offset, mark.column + 1)

    def add(self, place: Place, what: str, cure: str) -> None:
        self.mistakes.append(Mistake(place, what, cure))


def _mark(event: _Event) -> yaml.Mark:
    return cast("yaml.Mark", event.start_mark)
