"""From the bytes of a file to a tree in which every key and value knows its line and column.

    bytes --read_file--> text --without_conflicts--> text --read_tree--> Table, Items, Scalar

Sizes and depth are bounded here, and what YAML forbids as a character becomes a sign that the
rules recognise, so that it spoils one value and not the file. Of YAML only maps, lists and text
are read, and every value stays the text that was typed, so `no`, `1.10` and `2026-11-22` mean what
they say; anchors, aliases, tags and duplicate keys are mistakes. What a field may hold is none of
this module's business, and neither is what to do with a text that is not YAML.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import yaml

from aggregator.registry.mistakes import NOWHERE, Mistake, Mistakes, Place, shown
from aggregator.words.errors import RegistryError
from aggregator.words.names import names_a_repo

# A full entry takes half a kilobyte, so this is room for 10,000; more is a slip or an attack.
FILE_LIMIT = 5_000_000
# The deepest thing a member can write, an address of a talk, stands five levels down.
DEPTH_LIMIT = 8
# YAML 1.2.2, section 5.1, allows fewer; the line ends of old systems go as well,
# because editors and GitHub do not count them as lines.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
_COMMENT = re.compile(r"[ \t]+#")
# A line that lists one project and says no more of it.
BARE_NAME = re.compile(r"( *- +)([\w.-]+/[\w.-]+)\s*$")
SWALLOWED = "an entry stands inside a text"
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


Node = Scalar | Items | Table


def node_of(value: Mapping[str, Any]) -> Table:
    """Make a tree of plain values that stand in no file; without what is None."""
    return cast("Table", _node_of(value))


def _node_of(value: object) -> Node:
    if isinstance(value, Mapping):
        fields = {name: _node_of(inner) for name, inner in value.items() if inner is not None}
        return Table(NOWHERE, fields, dict.fromkeys(fields, NOWHERE))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return Items(NOWHERE, tuple(map(_node_of, value)))
    return Scalar(NOWHERE, str(value))


def one_list(first: Node, second: Node) -> Node:
    """Join two lists that were written under the same name; anything else stays the first."""
    if isinstance(first, Items) and isinstance(second, Items):
        return Items(first.place, first.items + second.items, first.sound and second.sound)
    return first


def place_in(node: Node, path: Sequence[int | str]) -> Place:
    """Find where a value stands below a node, by names and indexes, or how far they lead."""
    for step in path:
        if isinstance(node, Table) and step in node.fields:
            node = node.fields[str(step)]
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            break
    return node.place


def second_entry(repo: str) -> tuple[str, str]:
    """Answer a `repo:` inside another entry, which is an entry whose dash was forgotten."""
    return no_dash(f"repo: {repo}")


def no_dash(entry: str) -> tuple[str, str]:
    """Answer the first line of an entry whose dash was forgotten."""
    what = "another project begins here, but there is no dash before it"
    return what, f"write {shown(f'- {entry}')}, with the dash below the others"


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
    # Editors of Windows write either mark; without one, UTF-8 is what GitHub's editor saves.
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    text = content.decode(encoding, errors="replace")
    # All of it before lines are counted, or every place below would be a line off.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def without_conflicts(source: TextFile) -> tuple[TextFile, list[Mistake]]:
    """Blank the marks of an unresolved merge and report each."""
    # A row of = alone may underline a heading in somebody's story.
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


def read_tree(text: str, file: str, line_offset: int = 0) -> tuple[Node | None, Mistakes]:
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
    mistakes: Mistakes = field(default_factory=Mistakes)
    section: str = "projects"  # the name at the left edge; a list without one is of projects

    def document(self) -> Node | None:
        next(self.events)
        if not isinstance(next(self.events), yaml.DocumentStartEvent):
            return None
        root = self.node(next(self.events), 0)
        next(self.events)
        extra = next(self.events)
        if isinstance(extra, yaml.DocumentStartEvent):
            self.mistakes.add(
                self.place(extra), "a second document begins here", "delete the line `---`"
            )
        return root

    def node(self, event: _Event, depth: int) -> Node:
        before = len(self.mistakes)
        place = self.place(event)
        self.refuse_machinery(event)
        if isinstance(event, yaml.MappingStartEvent):
            fields, keys = self.fields(depth)
            return Table(place, fields, keys, len(self.mistakes) == before)
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(place, tuple(self.inside(depth)), len(self.mistakes) == before)
        text = event.value if isinstance(event, yaml.ScalarEvent) else ""
        if isinstance(event, yaml.ScalarEvent):
            self.refuse_swallowed(event)
        # In quotes even `null` is a word.
        blank = bool(text in {"", "~", "null"} and getattr(event, "implicit", (False,))[0])
        quoted = getattr(event, "style", None) in {"'", '"'}
        sound = len(self.mistakes) == before
        return Scalar(place, text, blank, sound, self.comment(event), quoted)

    def inside(self, depth: int) -> Iterator[Node]:
        """Give what stands in a list, or the keys and values of a map in turn, up to its end."""
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        while not isinstance(event := next(self.events), ends):
            if depth >= DEPTH_LIMIT:
                # An error of YAML itself, so that what holds it is cut up and read around it.
                problem = "this is nested too deeply"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=_mark(event))
            yield self.node(event, depth + 1)

    def comment(self, event: _Event) -> str:
        """Give what follows a value on its line, when YAML takes that for a comment."""
        if not isinstance(event, yaml.ScalarEvent) or event.style in {"|", ">"}:
            return ""
        mark = cast("yaml.Mark", event.end_mark)
        rest = self.lines[mark.line][mark.column :] if mark.line < len(self.lines) else ""
        return rest.rstrip() if _COMMENT.match(rest) else ""

    def fields(self, depth: int) -> tuple[dict[str, Node], dict[str, Place]]:
        fields: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        nodes = self.inside(depth)
        for key in nodes:
            if depth == 0 and isinstance(key, Scalar):
                self.section = key.text
            value = next(nodes)
            if isinstance(key, Scalar) and key.text == "repo" and "repo" in keys:
                repo = value.text if isinstance(value, Scalar) else "owner/name"
                self.mistakes.add(key.place, *second_entry(repo))
                for _ in nodes:
                    pass  # these fields would otherwise be taken for those of the entry above
                break
            name = self.key_name(key, keys, depth)
            if name is not None:
                fields[name], keys[name] = value, key.place
            elif depth == 0 and isinstance(key, Scalar):
                # Two lists under `projects:` are what a hasty merge leaves; both are meant.
                fields[key.text] = one_list(fields[key.text], value)
        return fields, keys

    def key_name(self, key: Node, keys: dict[str, Place], depth: int) -> str | None:
        if not isinstance(key, Scalar):
            self.mistakes.add(
                key.place, "a field name must be one word", "remove the brackets or braces"
            )
            return None
        if key.text in keys:
            what = f"{shown(key.text)} is written twice here, first on line {keys[key.text].line}"
            merge = "move what stands below it under the first one, and delete this line"
            self.mistakes.add(key.place, what, merge if depth == 0 else "keep one of the two")
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
        self.mistakes.add(self.place(event), what, "put double quotes around the value")

    def refuse_swallowed(self, event: yaml.ScalarEvent) -> None:
        """Refuse a text that goes on into a line which was meant as an entry of its own.

        To YAML a line that begins further in goes on from the text above it, dash and all, and
        the entry above would fall with it. An error of YAML itself makes that the two are cut.
        """
        start, end = _mark(event), cast("yaml.Mark", event.end_mark)
        if self.section != "projects" or event.style or end.line == start.line:
            return
        is_name = BARE_NAME.match(self.lines[start.line])
        for number in range(start.line + 1, min(end.line + 1, len(self.lines))):
            line = self.lines[number]
            if BARE_NAME.match(line) or (is_name and names_a_repo(line)):
                mark = yaml.Mark(start.name, 0, number, len(line) - len(line.lstrip()), None, 0)
                raise yaml.MarkedYAMLError(problem=SWALLOWED, problem_mark=mark)

    def place(self, event: _Event) -> Place:
        mark = _mark(event)
        return Place(self.file, mark.line + 1 + self.line_offset, mark.column + 1)


def _mark(event: _Event) -> yaml.Mark:
    return cast("yaml.Mark", event.start_mark)
