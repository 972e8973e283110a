r"""Read registry.yaml, registry.d/ and the glossary into one Registry.

    bytes -> text -> tree with places -> models -> crosscheck -> Registry
                          \________ mistakes ________/

Every mistake is found in one run. A field that cannot be used is left out and
reported; so is an entry without a sound `repo`. The others go on. Only a file that
cannot be used at all raises. Called by every command.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from aggregator.registry.crosscheck import crosscheck
from aggregator.registry.fields import field_names
from aggregator.registry.glossary import load_glossary
from aggregator.registry.judge import Judge
from aggregator.registry.messages import locate, unknown_field
from aggregator.registry.mistakes import NOWHERE, Mistake, Place
from aggregator.registry.models import Entry, Organisation, Registry, Showcase
from aggregator.registry.rescue import as_items, read_in_parts, with_frame
from aggregator.registry.rules import shown
from aggregator.registry.text import Source, read_source, without_conflicts
from aggregator.registry.tree import Items, Node, Scalar, Table, read_tree
from aggregator.words.errors import RegistryError
from aggregator.words.names import names_a_repo, slug_of

SECTIONS = ("showcase", "organisations", "projects")
MORE_FILES_LIMIT = 1_000
# What stands in a folder without anybody taking it for a list of projects.
NOT_MEANT = re.compile(
    r"(README|LICEN[CS]E)(\.\w+)?$|\.git(keep|ignore|attributes)$|\.DS_Store$", re.IGNORECASE
)


def load(path: Path) -> Registry:
    """Load a registry, with every mistake in it.

    Args:
        path: The file registry.yaml; `registry.d/` and the glossary stand beside it.

    Raises:
        RegistryError: The file is absent, too large or nothing like a registry.
    """
    _refuse_link(path)
    reading = _Reading()
    reading.read(read_source(path), is_main=True)
    for source in _more_sources(path, reading.mistakes):
        reading.read(source, is_main=False)
    showcase = reading.showcase()
    glossary, found = load_glossary(path, showcase.glossary, reading.place_of_glossary())
    reading.mistakes.extend(found)
    return reading.registry(showcase, glossary)


def load_texts(texts: Mapping[str, str]) -> Registry:
    """Load a registry that is not on disk, without its glossary.

    Args:
        texts: What the files hold, by name; the first is registry.yaml.

    Raises:
        RegistryError: The first text is nothing like a registry.
    """
    reading = _Reading()
    for index, (file, text) in enumerate(texts.items()):
        reading.read(Source(file, text), is_main=index == 0)
    return reading.registry(reading.showcase(), {})


def _refuse_link(path: Path) -> None:
    """Refuse a registry that is a link to another place: a pull request could name any file."""
    if path.is_symlink() and path.resolve().parent != path.parent.resolve():
        cause = "it is a link to another place"
        raise RegistryError(path.as_posix(), cause, "name the file itself with --registry")


def _more_sources(path: Path, mistakes: list[Mistake]) -> Iterator[Source]:
    folder = path.parent / "registry.d"
    if folder.is_symlink():
        what, cure = "this folder is a link to another place", "put the folder itself here"
        mistakes.append(Mistake(Place(folder.as_posix(), 1, 1), what, cure))
        return
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    mistakes.extend(unread(folder.as_posix(), {p.name: p.is_dir() for p in entries}))
    found = [path for path in entries if is_read(path.name) and not path.is_dir()]
    for more in found[:MORE_FILES_LIMIT]:
        if more.is_symlink():
            what, cure = "this file is a link to another place", "put the file itself here"
            mistakes.append(Mistake(Place(more.as_posix(), 1, 1), what, cure))
            continue
        try:
            yield read_source(more)
        except RegistryError as error:
            mistakes.append(Mistake(Place(error.what, 1, 1), error.cause, error.cure))


def is_read(name: str) -> bool:
    """Tell whether a file of this name in registry.d/ is read."""
    return name.endswith((".yaml", ".yml"))


def unread(folder: str, names: Mapping[str, bool]) -> list[Mistake]:
    """Name what stands in registry.d/ and is not read, so that nobody's entry is lost unseen.

    Args:
        folder: How messages name registry.d/.
        names: What stands in it, and whether each is a folder.
    """
    found = [_unread(f"{folder}/{name}", name, names[name]) for name in sorted(names)]
    late = sorted(name for name in names if is_read(name))[MORE_FILES_LIMIT:]
    what = f"this file is not read, because only {MORE_FILES_LIMIT:,} are"
    many = [Mistake(Place(f"{folder}/{n}", 1, 1), what, "join it with another") for n in late]
    return [mistake for mistake in found if mistake] + many


def _unread(file: str, name: str, is_folder: bool) -> Mistake | None:
    place = Place(file, 1, 1)
    if is_folder:
        what = "folders in registry.d/ are not read, so the projects in it are not listed"
        return Mistake(place, what, "move the files up into registry.d/")
    if NOT_MEANT.match(name):
        return None
    if not is_read(name):
        base = re.split(r"\.ya?ml|\.", name.lstrip("."), maxsplit=1, flags=re.IGNORECASE)[0]
        what = "this file is not read, so the projects in it are not listed"
        cure = f"name it {base or 'projects'}.yaml, or delete it if it is a left-over"
        return Mistake(place, what, cure)
    if name.startswith("."):
        what = "this file is read, but most programs hide it"
        return Mistake(place, what, f"name it {name.lstrip('.')}", "hint")
    return None


class _Reading:
    """What has been read so far; one for each load."""

    def __init__(self) -> None:
        self.lines: dict[str, list[str]] = {}
        self.mistakes: list[Mistake] = []
        self.judge = Judge(self._line_at)
        self.settings: Node | None = None
        self.organisations: list[Node] = []
        self.projects: list[Node] = []

    def read(self, source: Source, *, is_main: bool) -> None:
        """Take in one file."""
        self.lines[source.file] = source.lines
        clean, conflicts = without_conflicts(source)
        self.mistakes.extend(conflicts)
        root = self._root(clean, is_main=is_main)
        known = SECTIONS if is_main else SECTIONS[1:]
        if root is None:
            return
        root, found = with_frame(root, known)
        self.mistakes.extend(found)
        for name, node in root.fields.items():
            if name in known:
                self._section(name, node)
            else:
                self.mistakes.append(_unknown_section(root.keys[name], name, node, known))

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
        if isinstance(node, Scalar) and names_a_repo(node.text):
            what, cure = f"{shown(node.text)} has no list around it", "write `projects:` above it"
            found = [Mistake(start, what, f"{cure}, and below that `- {node.text.strip()}`")]
            self.mistakes.extend(found)
            return Table(start, {"projects": Items(start, (node,))}, {"projects": start})
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
            return
        items, found = as_items(name, node)
        self.mistakes.extend(found)
        (self.organisations if name == "organisations" else self.projects).extend(items)

    def showcase(self) -> Showcase:
        """Read the settings; one that cannot be used keeps its default."""
        node = self.settings
        if node is None:
            return Showcase()
        if not isinstance(node, Table):
            cure = f"indent fields below it: {', '.join(field_names(Showcase)[:3])} ..."
            self.mistakes.append(Mistake(node.place, "`showcase` must be a group of fields", cure))
            return Showcase()
        if "title" not in node.fields and node.sound:
            cure = "add it, for example `title: Our projects`"
            self.mistakes.append(Mistake(node.place, "`title` is missing", cure))
        judged = self.judge.one(node, Showcase)
        return self._with_each_stage_once(judged.value) if judged else Showcase()

    def _with_each_stage_once(self, showcase: Showcase) -> Showcase:
        """Keep the first of two stages that would share a page, and report the other."""
        first: dict[str, str] = {}
        for stage in showcase.stages:
            known = first.setdefault(slug_of(stage), stage)
            if known is not stage and self.settings is not None:
                place = locate(self.settings, ("stages",))[0]
                what = f"stages: {shown(stage)} is there already, as {shown(known)}"
                self.mistakes.append(Mistake(place, what, "keep one of the two"))
        return showcase.model_copy(update={"stages": tuple(first.values())})

    def place_of_glossary(self) -> Place:
        """Find where the settings name the glossary."""
        return locate(self.settings, ("glossary",))[0] if self.settings else NOWHERE

    def registry(self, showcase: Showcase, glossary: dict[str, tuple[str, ...]]) -> Registry:
        """Put together what can be used and every mistake beside it."""
        entries = [_as_table(node) for node in self.projects]
        nodes = {node.place: node for node in entries}
        checked = crosscheck(
            showcase,
            list(self.judge.each(self.organisations, Organisation)),
            list(self.judge.each(entries, Entry)),
            written_slugs=_written_slugs(self.organisations),
            place_of=lambda entry, name, index: locate(nodes[entry.where], (name, index))[0],
        )
        return Registry(
            showcase,
            checked.organisations,
            checked.projects,
            glossary,
            self._in_order([*self.mistakes, *self.judge.mistakes, *checked.mistakes]),
        )

    def _line_at(self, place: Place) -> str:
        lines = self.lines.get(place.file, [])
        return lines[place.line - 1] if 0 < place.line <= len(lines) else ""

    def _in_order(self, mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
        files = {file: index for index, file in enumerate(self.lines)}

        def order(mistake: Mistake) -> tuple[int, int, int]:
            where = mistake.where
            return files.get(where.file, len(files)), where.line, where.column

        return tuple(
            replace(mistake, line_text=mistake.line_text or self._line_at(mistake.where))
            for mistake in sorted(dict.fromkeys(mistakes), key=order)
        )


def _as_table(node: Node) -> Node:
    """Read the shortest entry, a bare owner/name, as the map it stands for."""
    if isinstance(node, Scalar) and not node.blank:
        return Table(node.place, {"repo": node}, {"repo": node.place}, node.sound)
    return node


def _written_slugs(nodes: Iterable[Node]) -> frozenset[str]:
    slugs = (node.fields.get("slug") for node in nodes if isinstance(node, Table))
    return frozenset(slug.text.lower() for slug in slugs if isinstance(slug, Scalar))


def _unknown_section(place: Place, name: str, node: Node, known: Sequence[str]) -> Mistake:
    if name == "showcase":
        return Mistake(place, "settings stand in registry.yaml only", "move `showcase` there")
    what, cure = unknown_field(name, known, node)
    return Mistake(place, what, cure)
