"""Opens what a showcase knows, from wherever it lies: the room behind `import aggregator`.

    address of a showcase --+
    built site -------------+                                  +--> to_records, to_frame
    catalogue.json ---------+--> OpenCatalogue(projects, ...) --+
    catalogue.db -----------+                                  +--> search --> FoundProject
    state folder, registry -+

Everything arrives in the shape of catalogue.json, whose fields docs/outputs.md lists, so that a
notebook, a script and the site speak of the same things. Nothing is written here and nothing is
asked of GitHub. Nothing that a stranger's file holds is ever run: JSON is checked field by field,
and of a database only plain tables are read.
"""

import json
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Self, get_args, get_origin

from pydantic import BaseModel, PrivateAttr, ValidationError

from aggregator.github.download import download
from aggregator.registry.loader import load
from aggregator.registry.registry import Registry
from aggregator.run.pipeline import assembled
from aggregator.run.workspace import Workspace
from aggregator.searching.analysis import Corpus, Document, read_corpus
from aggregator.searching.build import index_files
from aggregator.searching.engine import search as find
from aggregator.searching.index import Index, read_index
from aggregator.site.data.database import LISTED, project_columns
from aggregator.site.data.export_models import SCHEMA_VERSION, ExportedCatalogue, ExportedProject
from aggregator.site.data.exports import exported_catalogue
from aggregator.store.catalogue_file import CATALOGUE, read_snapshot
from aggregator.store.reading import read_tables
from aggregator.words.errors import StateError, UsageError

INDEX = "search/index"
WEB = "https://github.com"
PUBLISHED_JSON = "data/catalogue.json"
LARGEST_BYTES = 500_000_000  # a showcase of 10,000 projects publishes some 60 MB
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_SQLITE = b"SQLite format 3\x00"  # https://www.sqlite.org/fileformat.html#magic_header_string

Read = Callable[[str], bytes]
"""Gives the bytes of a file of the site by its path from the top, such as `search/index/f.json`.

Raises AggregatorError or OSError when there is no such file.
"""


class OpenCatalogue(ExportedCatalogue):
    """Everything that a showcase lists, as it stood when it was published or last fetched.

    Typed and frozen. `projects` and `organisations` are in the order of the site; every time is in
    UTC and says when GitHub last confirmed something, never when it was read. None means that a
    fact is not known; 0 and () mean that GitHub was asked and answered so.
    """

    _indexing: Callable[[], Index] | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, found: object, indexing: Callable[[], Index] | None = None) -> Self:
        """Check what was found field by field.

        Args:
            found: JSON of catalogue.json, by any version of this form.
            indexing: Gives the search index, when somebody searches.

        Raises:
            ValidationError: It makes no sense.
        """
        opened = cls.model_validate(_known(cls, found))
        opened._indexing = indexing
        return opened

    @cached_property
    def search_index(self) -> Index:
        """What `search` looks in: the index of the site, or else one of these fields alone."""
        return (
            self._indexing()
            if self._indexing
            else _indexed(read_corpus(map(_document, self.projects)))
        )

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary for each project, all with the same keys.

        Blocks are spread: `counts.open_issues` is under `counts_open_issues`, as in the view
        `projects` of catalogue.db. Moments are aware datetimes in UTC, days are dates, counts are
        whole numbers, lists are lists; what is not known is None.
        """
        places = {name: place.split(".")[1:] for name, place in project_columns().items()}
        dumped = [project.model_dump() for project in self.projects]
        return [{name: _plain(_at(d, steps)) for name, steps in places.items()} for d in dumped]

    def to_frame(self, library: Literal["pandas", "polars"] | None = None) -> Any:
        """Give a data frame with a row for each project and the columns of `to_records`.

        Args:
            library: Which one to use; None takes pandas, or else polars, whichever is installed.

        Raises:
            UsageError: None of them is installed.
        """
        records = self.to_records()
        for name in (library,) if library else ("pandas", "polars"):
            try:
                frames = __import__(name)
            except ModuleNotFoundError:
                continue
            if name == "polars":
                # Columns are told by all rows: in the first hundred of one may only be None.
                return frames.DataFrame(records, infer_schema_length=None, strict=False)
            return frames.DataFrame.from_records(records, columns=list(project_columns()))
        missing = f"{library} is not" if library else "neither pandas nor polars is"
        cure = f"pip install {library or 'pandas'}, or use to_records()"
        raise UsageError("a data frame needs a library", f"{missing} installed", cure)


@dataclass(frozen=True, slots=True)
class FoundProject:
    """A project that a search found, and how well it fits; only good to compare within one answer.

    Args:
        project: The project.
        score: A whole number; more is better.
    """

    project: ExportedProject
    score: int


@dataclass(frozen=True, slots=True)
class FoundProjects:
    """What a search found, the best first; goes through them like a list.

    Args:
        found: The matches, as many as were asked for.
        total: How many projects match in all.
        instead: By a word that no project has, the word that was searched instead.
        unmatched: Words that nothing here has.
    """

    found: tuple[FoundProject, ...]
    total: int
    instead: Mapping[str, str]
    unmatched: tuple[str, ...]

    def __iter__(self) -> Iterator[FoundProject]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def load_registry(path: str | Path) -> Registry:
    """Read what members wrote, with every mistake in it and nothing of GitHub's.

    Args:
        path: The file registry.yaml; `registry.d/` and the glossary stand beside it.

    Raises:
        RegistryError: The file is absent, too large or nothing like a registry. A mistake in one
            entry raises nothing: it stands in `mistakes` with file, line and cure.
    """
    return load(Path(path))


def search(catalogue: OpenCatalogue, words: str, limit: int | None = 20) -> FoundProjects:
    """Search as the site does: the same words find the same projects in the same order.

    Args:
        catalogue: From `open_catalogue`. Of a catalogue.json or catalogue.db that lies alone, with
            no built site around it, READMEs and members' stories are not searched.
        words: Anything somebody would type, such as `"waiting list" language:r -audit`.
        limit: Most matches to give; None gives all.

    Raises:
        StateError, SourceError: The files of the site's index are damaged, or cannot be had.
    """
    results = find(catalogue.search_index, words, limit)
    by_name = {project.repo: project for project in catalogue.projects}
    return FoundProjects(
        found=tuple(
            FoundProject(by_name[hit.key], hit.score)
            for hit in results.hits
            if hit.key in by_name  # a site is published whole, but a download can meet two nights
        ),
        total=results.total,
        instead=MappingProxyType({repair.surface: repair.shown for repair in results.repairs}),
        unmatched=results.unmatched,
    )


def open_catalogue(place: str | Path, *, registry: str | Path | None = None) -> OpenCatalogue:
    """Open what a showcase knows.

    Args:
        place: The address of a published showcase, or of its catalogue.json or catalogue.db; the
            folder of a built site; one of those two files; or the state folder of a community,
            usually `.aggregator`.
        registry: Only for a state folder: the registry.yaml of the community. Without it the one
            beside the state folder is taken.

    Raises:
        StateError: What is there is no catalogue, is damaged, or was written by a newer version
            in a form that this one cannot read.
        SourceError: The address gives no answer, or not this file.
        RegistryError: The registry of a state folder is absent or nothing like one.
    """
    if isinstance(place, str) and _ADDRESS.match(place):
        return _at_address(place)
    path = Path(place)
    if (path / PUBLISHED_JSON).is_file():
        return _from_json((path / PUBLISHED_JSON).read_bytes(), path, _files_of(path))
    if (path / CATALOGUE).is_file():
        return _from_state(path, registry)
    if not path.is_file():
        raise StateError(
            f"{path} holds no catalogue",
            "there is neither data/catalogue.json of a built site nor catalogue.db of a state",
            "give a built site, its catalogue.json or catalogue.db, a state folder, or an address",
        )
    return _from_file(path, registry)


def _from_file(path: Path, registry: str | Path | None) -> OpenCatalogue:
    site = path.resolve().parent.parent
    beside = _files_of(site) if (site / INDEX / "boot.json").is_file() else None
    with path.open("rb") as stream:
        database = stream.read(len(_SQLITE)) == _SQLITE
    if not database:
        return _from_json(path.read_bytes(), path, beside)
    listed = _from_database(path, beside)
    return listed or _from_state(path.parent, registry)


def _at_address(address: str) -> OpenCatalogue:
    base = re.sub(r"(?:data/catalogue\.(?:json|db)|index\.html)?(?:[?#].*)?\Z", "", address)
    base = base if base.endswith("/") else f"{base}/"

    def read(path: str) -> bytes:
        return download(f"{base}{path}", LARGEST_BYTES).content

    if not address.endswith(".db"):
        found = address if address.endswith(".json") else f"{base}{PUBLISHED_JSON}"
        return _from_json(download(found, LARGEST_BYTES).content, found, read)
    with tempfile.TemporaryDirectory(prefix="aggregator-") as folder:
        copy = Path(folder) / CATALOGUE
        copy.write_bytes(download(address, LARGEST_BYTES).content)
        listed = _from_database(copy, read)
    if listed is None:
        raise StateError(f"{address} lists no projects", "", f"open {base} instead")
    return listed


def _files_of(site: Path) -> Read:
    return lambda path: (site / path).read_bytes()


def _from_state(state: Path, registry: str | Path | None) -> OpenCatalogue:
    """Assemble what a build would show; READMEs that were rendered before need no worker."""
    listing = Path(registry) if registry else state.resolve().parent / "registry.yaml"
    workspace = Workspace(listing, state, state)
    written, snapshot = load(listing), read_snapshot(workspace.database)
    catalogue, corpus = assembled(workspace, written, snapshot, WEB)
    return OpenCatalogue.of(exported_catalogue(catalogue).model_dump(), partial(_indexed, corpus))


def _from_json(text: bytes, place: object, read: Read | None) -> OpenCatalogue:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StateError(f"{place} is no catalogue", f"it is no JSON ({error})") from error
    return _checked(found, place, read)


def _from_database(path: Path, read: Read | None) -> OpenCatalogue | None:
    """Read what a published catalogue.db lists; None when it is one that lists nothing."""
    try:
        rows = read_tables(path, dict.fromkeys(LISTED.values(), ("data",)))
        if rows is None:
            return None
        found = {part: _json_rows(rows[table]) for part, table in LISTED.items()}
    except (sqlite3.Error, StateError) as error:
        raise StateError(f"{path} is no catalogue", str(error)) from error
    # As the site orders them; the tables are in the order of what the registry calls them.
    listed = {
        "projects": sorted(found["projects"], key=_by("repo")),
        "organisations": sorted(found["organisations"], key=_by("name")),
    }
    return _checked({**next(iter(found["showcase"]), {}), **listed}, path, read)


def _json_rows(rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Read rows of JSON; what is no object is left to be named as missing."""
    try:
        found = [json.loads(data) for (data,) in rows]
    except (TypeError, ValueError, RecursionError) as error:
        raise StateError("a table holds what is no JSON", str(error)) from error
    return [one if isinstance(one, dict) else {} for one in found]


def _by(field: str) -> Callable[[dict[str, Any]], str]:
    return lambda row: str(row.get(field)).casefold()


def _checked(found: object, place: object, read: Read | None) -> OpenCatalogue:
    version = found.get("schema_version") if isinstance(found, Mapping) else None
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        raise StateError(
            f"{place} is no catalogue that this version can read",
            f"its schema_version is {version!r}, this program knows {SCHEMA_VERSION}",
            "upgrade the program" if isinstance(version, int) else "open data/catalogue.json",
        )
    try:
        return OpenCatalogue.of(found, partial(_published_index, read) if read else None)
    except ValidationError as error:
        why = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
        raise StateError(f"{place} is damaged", f"it makes no sense at {why}") from error


def _known(model: type[BaseModel], found: Any) -> Any:
    """Leave out what this version does not know, and say "not known" for what is not there yet.

    Versions before and after this one publish the same form with fewer or more fields.
    """
    if not isinstance(found, Mapping):
        return found
    known = {}
    for name, field in model.model_fields.items():
        kinds = _kinds(field.annotation)
        block = next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)
        value = found.get(name)
        if name not in found and type(None) not in kinds:
            if tuple not in kinds:
                continue  # pydantic names it
            value = ()
        if block and isinstance(value, list):
            value = [_known(block, one) for one in value]
        elif block:
            value = _known(block, value)
        known[name] = value
    return known


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """Give every type that an annotation names, at any depth."""
    inner = (kind for one in get_args(annotation) for kind in _kinds(one))
    return (annotation, get_origin(annotation), *inner)


def _at(dumped: Mapping[str, Any], steps: list[str]) -> Any:
    found: Any = dumped
    for step in steps:
        found = found[step] if found is not None else None
    return found


def _plain(value: Any) -> Any:
    """Give a value of a record: lists for tuples, text for words of a fixed choice."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def _published_index(read: Read) -> Index:
    return read_index(lambda name: read(f"{INDEX}/{name}"))


def _indexed(corpus: Corpus) -> Index:
    return read_index(dict(index_files(corpus)).__getitem__)


def _document(project: ExportedProject) -> Document:
    """Describe a project by what is listed of it, for a catalogue without an index beside it."""
    return Document(
        key=project.repo,
        title=project.title,
        summary=project.summary or "",
        tags=project.tags,
        topics=project.topics,
        organisation=project.organisation_name or "",
        organisation_slug=project.organisation or "",
        kind=project.organisation_kind or "",
        people=project.people,
        language=project.language or "",
        languages=project.languages,
        licence=project.licence or "",
        stage=project.stage or "",
        activity=project.activity.value,
        url=project.page,
    )
