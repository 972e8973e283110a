r"""Read registry.yaml, registry.d/ and the glossary into one Registry.

    bytes -> text -> tree with places -> models -> crosscheck -> Registry
                          \________ mistakes ________/

Every mistake is found in one run. A bad entry is left out and reported; the others
go on. Only a file that cannot be used at all raises. Called by every command.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from aggregator.errors import RegistryError
from aggregator.registry.crosscheck import crosscheck
from aggregator.registry.glossary import load_glossary
from aggregator.registry.messages import explain_refusal, field_names, locate, unknown_field
from aggregator.registry.mistakes import NOWHERE, Mistake, Place
from aggregator.registry.models import Entry, Organisation, Registry, Showcase, Written
from aggregator.registry.rescue import read_in_parts
from aggregator.registry.text import Source, read_source, without_conflicts
from aggregator.registry.tree import Items, Node, Scalar, Table, read_tree

SECTIONS = ("showcase", "organisations", "projects")
MORE_FILES_LIMIT = 1_000
M = TypeVar("M", bound=Written)


def load(path: Path) -> Registry:
    """Load a registry, with every mistake in it.

    Args:
        path: The file registry.yaml; `registry.d/` and the glossary stand beside it.

    Raises:
        RegistryError: The file is absent, too large or nothing like a registry.
    """
    reading = _Reading()
    reading.read(read_source(path), is_main=True)
    for source in _more_sources(path, reading.mistakes):
        reading.read(source, is_main=False)
    showcase = reading.showcase()
    glossary, found = load_glossary(path, showcase.glossary, reading.place_of_glossary())
    reading.mistakes.extend(found)
    return reading.registry(showcase, glossary)


def load_text(text: str, file: str = "registry.yaml") -> Registry:
    """Load a registry from one text, for checks of a change that is not on disk.

    Raises:
        RegistryError: The text is nothing like a registry.
    """
    reading = _Reading()
    reading.read(Source(file, text), is_main=True)
    return reading.registry(reading.showcase(), {})


def _more_sources(path: Path, mistakes: list[Mistake]) -> Iterator[Source]:
    folder = path.parent / "registry.d"
    found = sorted(p for p in folder.glob("*") if p.suffix in {".yaml", ".yml"})
    for more in found[:MORE_FILES_LIMIT]:
        if more.is_symlink():
            what, cure = "this file is a link to another place", "put the file itself here"
            mistakes.append(Mistake(Place(more.as_posix(), 1, 1), what, cure))
            continue
        try:
            yield read_source(more)
        except RegistryError as error:
            mistakes.append(Mistake(Place(error.what, 1, 1), error.cause, error.cure))


@dataclass
class _Reading:
    """What has been read so far; one for each load."""

    sources: list[Source] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    settings: Node | None = None
    organisations: list[Node] = field(default_factory=list)
    projects: list[Node] = field(default_factory=list)
    nodes: dict[Place, Node] = field(default_factory=dict)

    def read(self, source: Source, *, is_main: bool) -> None:
        self.sources.append(source)
        clean, conflicts = without_conflicts(source)
        self.mistakes.extend(conflicts)
        root = self._root(clean, is_main=is_main)
        if root is None:
            return
        known = SECTIONS if is_main else SECTIONS[1:]
        for name, node in root.fields.items():
            if name in known:
                self._section(name, node)
            else:
                self.mistakes.append(_unknown_section(root.keys[name], name, known))

    def _root(self, source: Source, *, is_main: bool) -> Table | None:
        try:
            node, found = read_tree(source.text, source.file)
        except yaml.YAMLError as error:
            node, found = read_in_parts(source.text, source.file, error)
        self.mistakes.extend(found)
        if isinstance(node, Table):
            return node
        start = Place(source.file, 1, 1)
        if isinstance(node, Items):
            cure = "put the line `projects:` above the list"
            self.mistakes.append(Mistake(node.place, "this list has no name", cure))
            return Table(start, {"projects": node}, {"projects": node.place})
        if node is None or (isinstance(node, Scalar) and node.blank):
            cure = "list your first project below the line `projects:`"
            self.mistakes.append(Mistake(start, "this file is empty", cure, "hint"))
            return None
        self._refuse(source, is_main=is_main)
        return None

    def _refuse(self, source: Source, *, is_main: bool) -> None:
        what, cure = "this is not a registry", "begin with the line `projects:` and list below it"
        if is_main:
            raise RegistryError(f"{source.file}:1:1", what, cure)
        self.mistakes.append(Mistake(Place(source.file, 1, 1), what, cure))

    def _section(self, name: str, node: Node) -> None:
        if isinstance(node, Scalar) and node.blank:
            return
        if name == "showcase":
            self.settings = node
        elif isinstance(node, Items):
            (self.organisations if name == "organisations" else self.projects).extend(node.items)
        else:
            cure = "put each one on its own line, after a dash"
            self.mistakes.append(Mistake(node.place, f"`{name}` must be a list", cure))

    def showcase(self) -> Showcase:
        """Read the settings; one that cannot be used keeps its default."""
        node = self.settings
        if node is None:
            return Showcase()
        if not isinstance(node, Table):
            cure = f"indent fields below it: {', '.join(field_names(Showcase)[:3])} ..."
            self.mistakes.append(Mistake(node.place, "`showcase` must be a group of fields", cure))
            return Showcase()
        if "title" not in node.fields:
            cure = "add it, for example `title: Our projects`"
            self.mistakes.append(Mistake(node.place, "`title` is missing", cure))
        data = self._plain(node)
        for _ in range(len(node.fields) + 1):
            try:
                return Showcase.model_validate({**data, "where": node.place})
            except ValidationError as error:
                problems = error.errors(include_url=False)
                self.mistakes.extend(explain_refusal(problems, node, Showcase))
                bad = {problem["loc"][0] for problem in problems}
                data = {name: value for name, value in data.items() if name not in bad}
        return Showcase()

    def place_of_glossary(self) -> Place:
        return locate(self.settings, ("glossary",))[0] if self.settings else NOWHERE

    def registry(self, showcase: Showcase, glossary: dict[str, tuple[str, ...]]) -> Registry:
        organisations = list(self._models(self.organisations, Organisation))
        projects = list(self._models(map(_as_table, self.projects), Entry))
        checked = crosscheck(
            showcase,
            organisations,
            projects,
            lost_slugs=_written_slugs(self.organisations) - {o.slug for o in organisations},
            place_of=self._place_of,
        )
        return Registry(
            showcase,
            checked.organisations,
            checked.projects,
            glossary,
            _in_order([*self.mistakes, *checked.mistakes], self.sources),
        )

    def _place_of(self, entry: Entry, name: str, index: int) -> Place:
        return locate(self.nodes[entry.where], (name, index))[0]

    def _models(self, nodes: Iterable[Node], model: type[M]) -> Iterator[M]:
        for node in nodes:
            if isinstance(node, Scalar) and node.blank:
                what, cure = "there is nothing after this dash", "fill it in, or delete the dash"
                self.mistakes.append(Mistake(node.place, what, cure, "hint"))
                continue
            found = self._model(node, model)
            if found is not None and node.sound:
                yield found

    def _model(self, node: Node, model: type[M]) -> M | None:
        if not isinstance(node, Table):
            known = ", ".join(field_names(model)[:4])
            what, cure = "this is not an entry", f"write fields with a colon: {known} ..."
            self.mistakes.append(Mistake(node.place, what, cure))
            return None
        self.nodes[node.place] = node
        if "where" in node.fields:
            what, cure = unknown_field("where", field_names(model))
            self.mistakes.append(Mistake(node.keys["where"], what, cure))
            return None
        try:
            return model.model_validate({**self._plain(node), "where": node.place})
        except ValidationError as error:
            problems = error.errors(include_url=False)
            self.mistakes.extend(explain_refusal(problems, node, model))
            return None

    def _plain(self, node: Table) -> dict[str, Any]:
        """Give the written values of a map, leaving out and reporting the blank ones."""
        plain: dict[str, Any] = {}
        for name, value in node.fields.items():
            if isinstance(value, Scalar) and value.blank:
                self._report_blank(name, node.keys[name])
            else:
                plain[name] = self._value(value)
        return plain

    def _value(self, node: Node) -> Any:
        if isinstance(node, Table):
            return self._plain(node)
        if isinstance(node, Items):
            return [self._value(item) for item in node.items]
        return node.text

    def _report_blank(self, name: str, place: Place) -> None:
        line = _line(self.sources, place)
        if "#" in line:
            what = f"{name}: everything after # is a comment, so nothing is written here"
            value = line.split("#", 1)[1].strip()[:60]
            self.mistakes.append(Mistake(place, what, f'write `{name}: "#{value}"` in quotes'))
            return
        what, cure = f"{name}: nothing is written here", "fill it in, or delete the line"
        self.mistakes.append(Mistake(place, what, cure, "hint"))


def _as_table(node: Node) -> Node:
    """Read the shortest entry, a bare owner/name, as the map it stands for."""
    if isinstance(node, Scalar) and not node.blank:
        return Table(node.place, {"repo": node}, {"repo": node.place}, node.sound)
    return node


def _written_slugs(nodes: Sequence[Node]) -> frozenset[str]:
    slugs = (node.fields.get("slug") for node in nodes if isinstance(node, Table))
    return frozenset(slug.text for slug in slugs if isinstance(slug, Scalar))


def _unknown_section(place: Place, name: str, known: Sequence[str]) -> Mistake:
    if name == "showcase":
        return Mistake(place, "settings stand in registry.yaml only", "move `showcase` there")
    what, cure = unknown_field(name, known)
    return Mistake(place, what, cure)


def _line(sources: Sequence[Source], place: Place) -> str:
    for source in sources:
        if source.file == place.file:
            lines = source.lines
            return lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    return ""


def _in_order(mistakes: Iterable[Mistake], sources: Sequence[Source]) -> tuple[Mistake, ...]:
    lines = {source.file: source.lines for source in sources}
    files = {source.file: index for index, source in enumerate(sources)}

    def order(mistake: Mistake) -> tuple[int, int, int]:
        where = mistake.where
        return files.get(where.file, len(files)), where.line, where.column

    def with_line(mistake: Mistake) -> Mistake:
        text = lines.get(mistake.where.file, [])[mistake.where.line - 1 : mistake.where.line]
        return replace(mistake, line_text=text[0] if text else mistake.line_text)

    return tuple(with_line(mistake) for mistake in sorted(dict.fromkeys(mistakes), key=order))
