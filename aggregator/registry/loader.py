r"""Read registry.yaml, registry.d/ and the glossary into one Registry.

    files --salvage--> sections --validation--> models --crosscheck--> Registry
             \______________ mistakes, each with its place ______________/

Every mistake is found in one run. A field that cannot be used is left out and
reported; so is an entry without a sound `repo`. The others go on. Only a file that
cannot be used at all raises. Called by every command.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from aggregator.registry.fields import field_names
from aggregator.registry.glossary import Glossary, load_glossary
from aggregator.registry.messages import unknown_field
from aggregator.registry.mistakes import NOWHERE, Mistake, Place, Severity, shown
from aggregator.registry.models import Entry, Organisation, Showcase
from aggregator.registry.registry import Registry, crosscheck
from aggregator.registry.salvage import as_items, read_sections
from aggregator.registry.tree import Node, Scalar, Table, TextFile, follow, read_file
from aggregator.registry.validation import Validator
from aggregator.words.errors import RegistryError
from aggregator.words.names import slug_of

MORE_FILES_LIMIT = 1_000
_SECTIONS = ("showcase", "organisations", "projects")
# What stands in a folder without anybody taking it for a list of projects.
_NOT_MEANT = re.compile(
    r"(README|LICEN[CS]E)(\.\w+)?$|\.git(keep|ignore|attributes)$|\.DS_Store$", re.IGNORECASE
)


def load(path: Path) -> Registry:
    """Load a registry, with every mistake in it.

    Args:
        path: The file registry.yaml; `registry.d/` and the glossary stand beside it.

    Raises:
        RegistryError: The file is absent, too large or nothing like a registry.
    """
    if _leads_away(path):
        cause = "it is a link to another place"
        raise RegistryError(path.as_posix(), cause, "name the file itself with --registry")
    loading = _Loading()
    loading.read(read_file(path), is_main=True)
    for source in _more_files(path.parent / "registry.d", loading.mistakes):
        loading.read(source, is_main=False)
    showcase = loading.showcase()
    glossary, found = load_glossary(path, showcase.glossary, loading.place_of_setting("glossary"))
    loading.mistakes += found
    return loading.registry(showcase, glossary)


def load_texts(texts: Mapping[str, str]) -> Registry:
    """Load a registry that is not on disk, without its glossary.

    Args:
        texts: What the files hold, by name; the first is registry.yaml.

    Raises:
        RegistryError: The first text is nothing like a registry.
    """
    loading = _Loading()
    for index, (file, text) in enumerate(texts.items()):
        loading.read(TextFile(file, text), is_main=index == 0)
    return loading.registry(loading.showcase(), {})


def _leads_away(path: Path) -> bool:
    """Tell whether this is a link to another place: a pull request could name any file."""
    return path.is_symlink() and path.resolve().parent != path.parent.resolve()


def _more_files(folder: Path, mistakes: list[Mistake]) -> Iterator[TextFile]:
    cure = "put the {} itself here"
    what = "this {} is a link to another place"
    if folder.is_symlink():
        mistakes.append(_of_file(folder.as_posix(), what.format("folder"), cure.format("folder")))
        return
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    mistakes += unread(folder.as_posix(), {p.name: p.is_dir() for p in entries})
    files = [path for path in entries if is_read(path.name) and not path.is_dir()]
    for path in files[:MORE_FILES_LIMIT]:
        if path.is_symlink():
            mistakes.append(_of_file(path.as_posix(), what.format("file"), cure.format("file")))
            continue
        try:
            yield read_file(path)
        except RegistryError as error:
            mistakes.append(_of_file(error.what, error.cause, error.cure))


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
    many = [_of_file(f"{folder}/{name}", what, "join it with another") for name in late]
    return [mistake for mistake in found if mistake] + many


def _unread(file: str, name: str, is_folder: bool) -> Mistake | None:
    if is_folder:
        what = "folders in registry.d/ are not read, so the projects in it are not listed"
        return _of_file(file, what, "move the files up into registry.d/")
    if _NOT_MEANT.match(name):
        return None
    if not is_read(name):
        base = re.split(r"\.ya?ml|\.", name.lstrip("."), maxsplit=1, flags=re.IGNORECASE)[0]
        what = "this file is not read, so the projects in it are not listed"
        cure = f"name it {base or 'projects'}.yaml, or delete it if it is a left-over"
        return _of_file(file, what, cure)
    if name.startswith("."):
        what = "this file is read, but most programs hide it"
        return _of_file(file, what, f"name it {name.lstrip('.')}", "hint")
    return None


def _of_file(file: str, what: str, cure: str, severity: Severity = "error") -> Mistake:
    return Mistake(Place(file, 1, 1), what, cure, severity)


class _Loading:
    """What has been read so far; one for each load."""

    def __init__(self) -> None:
        self.lines: dict[str, list[str]] = {}
        self.mistakes: list[Mistake] = []
        self.validator = Validator(self._line_at, self.mistakes)
        self.settings: Node | None = None
        self.organisations: list[Node] = []
        self.projects: list[Node] = []

    def read(self, source: TextFile, *, is_main: bool) -> None:
        """Take in one file."""
        self.lines[source.file] = source.lines
        known = _SECTIONS if is_main else _SECTIONS[1:]
        try:
            root = read_sections(source, known, self.mistakes)
        except RegistryError as error:
            if is_main:
                raise
            self.mistakes.append(_of_file(source.file, error.cause, error.cure))
            return
        for name, node in root.fields.items():
            if name not in _SECTIONS:
                self._add(root.keys[name], *unknown_field(name, known, node))
            elif name not in known:
                what = "settings stand in registry.yaml only"
                self._add(root.keys[name], what, f"move `{name}` there")
            elif not isinstance(node, Scalar) or not node.blank:
                self._section(name, node)

    def _section(self, name: str, node: Node) -> None:
        if name == "showcase":
            self.settings = node
            return
        items, found = as_items(name, node)
        self.mistakes += found
        (self.organisations if name == "organisations" else self.projects).extend(items)

    def showcase(self) -> Showcase:
        """Read the settings; one that cannot be used keeps its default."""
        node = self.settings
        if node is None:
            return Showcase()
        if not isinstance(node, Table):
            cure = f"indent fields below it: {', '.join(field_names(Showcase)[:3])} ..."
            self._add(node.place, "`showcase` must be a group of fields", cure)
            return Showcase()
        if "title" not in node.fields and node.sound:
            cure = "add it, for example `title: Our projects`"
            self._add(node.place, "`title` is missing", cure)
        reading = self.validator.one(node, Showcase)
        return self._with_each_stage_once(reading.value) if reading else Showcase()

    def _with_each_stage_once(self, showcase: Showcase) -> Showcase:
        """Keep the first of two stages that would share a page, and report the other."""
        first: dict[str, str] = {}
        for stage in showcase.stages:
            known = first.setdefault(slug_of(stage), stage)
            if known is not stage:
                what = f"stages: {shown(stage)} is there already, as {shown(known)}"
                self._add(self.place_of_setting("stages"), what, "keep one of the two")
        return showcase.model_copy(update={"stages": tuple(first.values())})

    def place_of_setting(self, name: str) -> Place:
        """Find where the settings say something."""
        return follow(self.settings, (name,))[0].place if self.settings else NOWHERE

    def registry(self, showcase: Showcase, glossary: Glossary) -> Registry:
        """Put together what can be used and every mistake beside it."""
        registry = crosscheck(
            showcase,
            list(self.validator.each(self.organisations, Organisation)),
            list(self.validator.each(self.projects, Entry)),
            _written_slugs(self.organisations),
        )
        mistakes = self._in_order([*self.mistakes, *registry.mistakes])
        return replace(registry, glossary=glossary, mistakes=mistakes)

    def _add(self, place: Place, what: str, cure: str) -> None:
        self.mistakes.append(Mistake(place, what, cure))

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


def _written_slugs(nodes: Iterable[Node]) -> frozenset[str]:
    slugs = (node.fields.get("slug") for node in nodes if isinstance(node, Table))
    return frozenset(slug.text.lower() for slug in slugs if isinstance(slug, Scalar))
