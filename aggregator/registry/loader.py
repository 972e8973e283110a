r"""Read registry.yaml, registry.d/ and all that lies beside them into one Registry.

    files --tree--> nodes --sections--> entries --validation--> models --crosscheck--> Registry
         \_layout_/   \_______________ mistakes, each with its place _________________/
    glossary, judgements, _brand.yml, pages/ --each by its own reader--> the same Registry

Every mistake is found in one run. A field that cannot be used is left out and
reported; so is an entry without a sound `repo`. The others go on. Only a file that
cannot be used at all raises. Called by every command.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from aggregator.registry.beside import Dressing
from aggregator.registry.community import LearningPath, Person, Talk, Term
from aggregator.registry.crosscheck import RegistryParts, crosscheck
from aggregator.registry.glossary import USUAL_NAME, glossary_file, glossary_name, read_glossary
from aggregator.registry.judgements import JudgedQuery, judgements_file, read_judgements, unlisted
from aggregator.registry.layout import read_broken
from aggregator.registry.mistakes import Mistake, Mistakes, Place
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.outline import TERMS
from aggregator.registry.registry import Registry
from aggregator.registry.sections import Sections
from aggregator.registry.settings import Showcase
from aggregator.registry.tree import (
    Node,
    Scalar,
    Table,
    TextFile,
    place_in,
    read_file,
    read_tree,
    without_conflicts,
)
from aggregator.registry.validation import Reading, Validator
from aggregator.words.errors import RegistryError
from aggregator.words.names import meant_repo

# A pull request may bring any number of files, and the check reads them all.
MORE_FILES_LIMIT = 1_000
# What stands in a folder without anybody taking it for a list of projects.
_NOT_MEANT = re.compile(
    r"(README|LICEN[CS]E)(\.\w+)?$|\.git(keep|ignore|attributes)$|\.DS_Store$", re.IGNORECASE
)


def load(path: Path) -> Registry:
    """Load a registry, with every mistake in it.

    Args:
        path: The file registry.yaml; `registry.d/`, glossary, judgements, brand and pages stand
            beside it.

    Raises:
        RegistryError: The file is absent, too large or nothing like a registry.
    """
    # A pull request could name any file of the machine.
    if path.is_symlink() and path.resolve().parent != path.parent.resolve():
        cause = "it is a link to another place"
        raise RegistryError(path.as_posix(), cause, "name the file itself with --registry")
    loading = _Loading()
    loading.read(read_file(path), is_main=True)
    for source in _more_files(path.parent / "registry.d", loading.mistakes):
        loading.read(source, is_main=False)
    registry = loading.checked()
    if name := glossary_name(path, registry.showcase.glossary):
        registry = replace(registry, glossary=loading.glossary(path, name))
    registry = replace(registry, judgements=loading.judgements(judgements_file(path), registry))
    dressing = Dressing(path, loading.sections.settings, loading.lines, loading.mistakes)
    return loading.finished(dressing.joined(registry))


def load_texts(texts: Mapping[str, str]) -> Registry:
    """Load a registry that is not on disk, without its glossary and its judgements.

    Args:
        texts: What the files hold, by name; the first is registry.yaml.

    Raises:
        RegistryError: The first text is nothing like a registry.
    """
    loading = _Loading()
    for index, (file, text) in enumerate(texts.items()):
        loading.read(TextFile(file, text), is_main=index == 0)
    return loading.finished(loading.checked())


def _more_files(folder: Path, mistakes: Mistakes) -> Iterator[TextFile]:
    what, cure = "this {} is a link to another place", "put the {} itself here"
    if folder.is_symlink():
        place = Place(folder.as_posix(), 1, 1)
        mistakes.add(place, what.format("folder"), cure.format("folder"))
        return
    # Sorted, because file systems do not agree on an order and the first of two entries stays.
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    mistakes += unread(folder.as_posix(), {p.name: p.is_dir() for p in entries})
    files = [path for path in entries if is_read(path.name) and not path.is_dir()]
    for path in files[:MORE_FILES_LIMIT]:
        if path.is_symlink():
            place = Place(path.as_posix(), 1, 1)
            mistakes.add(place, what.format("file"), cure.format("file"))
            continue
        try:
            yield read_file(path)
        except RegistryError as error:
            mistakes.add(Place(error.what, 1, 1), error.cause, error.cure)


def is_read(name: str) -> bool:
    """Tell whether a file of this name in registry.d/ is read."""
    return name.endswith((".yaml", ".yml"))


def unread(folder: str, names: Mapping[str, bool]) -> list[Mistake]:
    """Name what stands in registry.d/ and is not read, so that nobody's entry is lost unseen.

    Args:
        folder: How messages name registry.d/.
        names: What stands in it, and whether each is a folder.
    """
    found = Mistakes()
    for name in sorted(names):
        place = Place(f"{folder}/{name}", 1, 1)
        if names[name]:
            what = "folders in registry.d/ are not read, so the projects in it are not listed"
            found.add(place, what, "move the files up into registry.d/")
        elif not is_read(name) and not _NOT_MEANT.match(name):
            base = re.split(r"\.ya?ml|\.", name.lstrip("."), maxsplit=1, flags=re.IGNORECASE)[0]
            cure = f"name it {base or 'projects'}.yaml, or delete it if it is a left-over"
            found.add(place, "this file is not read, so the projects in it are not listed", cure)
        elif is_read(name) and name.startswith("."):
            what = "this file is read, but most programs hide it"
            found.add(place, what, f"name it {name.lstrip('.')}", "hint")
    for name in sorted(filter(is_read, names))[MORE_FILES_LIMIT:]:
        what = f"this file is not read, because only {MORE_FILES_LIMIT:,} are"
        found.add(Place(f"{folder}/{name}", 1, 1), what, "join it with another")
    return found


def _texts(nodes: Iterable[Node], field: str) -> Iterator[str]:
    """Give what is written in a field of each item of a list, usable or not."""
    written = (node.fields.get(field) for node in nodes if isinstance(node, Table))
    return (one.text for one in written if isinstance(one, Scalar))


@dataclass
class _Loading:
    """What has been read so far; one for each load."""

    lines: dict[str, list[str]] = field(default_factory=dict)
    mistakes: Mistakes = field(default_factory=Mistakes)

    def __post_init__(self) -> None:
        self.sections = Sections(self.mistakes)

    def read(self, source: TextFile, *, is_main: bool) -> None:
        """Take in one file."""
        # As typed: a message shows the line that a member sees, conflict marks and all.
        self.lines[source.file] = source.lines
        clean, conflicts = without_conflicts(source)
        try:
            node, found = read_tree(clean.text, clean.file)
        except yaml.YAMLError as error:
            node, found = read_broken(clean, error)
        self.mistakes += conflicts + found
        start = Place(source.file, 1, 1)
        if not self.sections.take(node, start, is_main=is_main):
            what, cure = "this is not a registry", "begin with the line `projects:` and list below"
            if is_main:
                raise RegistryError(str(start), what, f"{cure} it")
            self.mistakes.add(start, what, f"{cure} it")

    def checked(self) -> Registry:
        """Read the parts, each alone and then side by side."""
        sections, validator = self.sections, Validator(self._line_at, self.mistakes)
        settings = validator.one(sections.settings, Showcase)
        lists = sections.lists
        parts = RegistryParts(
            settings or Reading(Showcase(), sections.settings, flawless=False),
            list(validator.each(lists["organisations"], Organisation)),
            list(validator.each(lists["projects"], Entry)),
            frozenset(slug.lower() for slug in _texts(lists["organisations"], "slug")),
            frozenset(filter(None, map(meant_repo, _texts(lists["projects"], "repo")))),
            list(validator.each(lists["people"], Person)),
            list(validator.each(lists["paths"], LearningPath)),
            list(validator.each(lists["talks"], Talk)),
            {name: list(validator.each(lists[name], Term)) for name in TERMS},
        )
        return crosscheck(parts, self.mistakes)

    def glossary(self, registry: Path, name: str) -> dict[str, tuple[str, ...]]:
        """Read a glossary, and say of another one of the usual name that nobody reads it."""
        if name != USUAL_NAME and registry.with_name(USUAL_NAME).is_file():
            place = place_in(self.sections.settings, ("glossary",))
            what = f"{USUAL_NAME} lies unused beside the registry, because this names {name}"
            self.mistakes.add(place, what, "name it here, or delete one of the two", "hint")
        try:
            source = glossary_file(registry, name)
        except RegistryError as error:
            place = place_in(self.sections.settings, ("glossary",))
            self.mistakes.add(place, f"glossary: {error.cause}", error.cure)
            return {}
        self.lines[source.file] = source.lines
        glossary, found = read_glossary(source)
        self.mistakes += found
        return glossary

    def judgements(self, path: Path, registry: Registry) -> tuple[JudgedQuery, ...]:
        """Read what the search should find, where somebody wrote it down."""
        if not path.exists() and not path.is_symlink():
            return ()
        if path.is_symlink() and path.resolve().parent != path.parent.resolve():
            place, what = Place(path.as_posix(), 1, 1), "this file is a link to another place"
            self.mistakes.add(place, what, "put the file itself beside the registry")
            return ()
        try:
            source = read_file(path)
        except RegistryError as error:
            self.mistakes.add(Place(path.as_posix(), 1, 1), error.cause, error.cure)
            return ()
        self.lines[source.file] = source.lines
        judged, found = read_judgements(source)
        self.mistakes += found + unlisted(judged, registry.entry)
        return judged

    def finished(self, registry: Registry) -> Registry:
        """Give the registry with all mistakes in the order of the files, each with its line."""
        files = {file: index for index, file in enumerate(self.lines)}

        def order(mistake: Mistake) -> tuple[int, int, int]:
            where = mistake.where
            return files.get(where.file, len(files)), where.line, where.column

        found = sorted(dict.fromkeys(self.mistakes), key=order)
        mistakes = (replace(one, line_text=self._line_at(one.where)) for one in found)
        return replace(registry, mistakes=tuple(mistakes))

    def _line_at(self, place: Place) -> str:
        lines = self.lines.get(place.file, [])
        return lines[place.line - 1] if 0 < place.line <= len(lines) else ""
