"""Opens what a showcase knows, from wherever it lies: the room behind `import aggregator`.

    address of a showcase --+
    built site -------------+                                  +--> to_records, to_frame
    catalogue.json ---------+--> OpenCatalogue(projects, ...) --+
    catalogue.db -----------+                                  +--> search --> FoundProject
    state folder, registry -+

Everything arrives in the shape of catalogue.json, whose fields docs/outputs.md lists, so that a
notebook, a script and the site speak of the same things. Nothing is asked of GitHub, and nothing is
written but the cache of a state folder. Nothing that a stranger's file holds is ever run: JSON is
checked field by field, and of a database only plain tables are read.
"""

import json
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from aggregator.github.download import FileStamp, download, download_newer
from aggregator.registry.loader import load
from aggregator.registry.registry import Registry
from aggregator.run.pipeline import assembled
from aggregator.run.workspace import Workspace
from aggregator.searching.engine import search as find
from aggregator.searching.index import Index
from aggregator.site.data.database import LISTED
from aggregator.site.data.export_models import SCHEMA_VERSION, ExportedProject
from aggregator.site.data.exports import poured_catalogue
from aggregator.site.data.opened import OpenCatalogue, index_of
from aggregator.site.data.search_index import INDEX_FOLDER
from aggregator.store.reading import read_tables
from aggregator.store.schema import CATALOGUE, SQLITE_MAGIC
from aggregator.store.store import read_snapshot
from aggregator.words.addresses import GITHUB, PUBLISHED_CATALOGUE
from aggregator.words.errors import StateError, UsageError

LARGEST_BYTES = 500_000_000  # a showcase of 10,000 projects publishes some 60 MB
_IN_SITE = re.compile(r"/(?:data/catalogue\.(?:json|db)|index\.html)?\Z")
_OPEN = f"open {PUBLISHED_CATALOGUE}"  # instead of what was opened
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)

Read = Callable[[str], bytes]
"""Gives the bytes of a file of the site by its path from the top, such as `search/index/f.json`.

Raises AggregatorError when there is no such file.
"""


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
        little: How many hold only a little of what was searched, where none holds more: they are
            no matches.
    """

    found: tuple[FoundProject, ...]
    total: int
    instead: Mapping[str, str]
    unmatched: tuple[str, ...]
    little: int = 0

    def __reduce__(self) -> tuple[Any, ...]:
        # A read-only view cannot be pickled, and pools and notebooks pickle answers.
        kept = self.found, self.total, dict(self.instead), self.unmatched, self.little
        return _found_projects, kept

    def __iter__(self) -> Iterator[FoundProject]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, place: int) -> FoundProject:
        return self.found[place]


def _found_projects(
    found: tuple[FoundProject, ...],
    total: int,
    instead: Mapping[str, str],
    unmatched: tuple[str, ...],
    little: int = 0,
) -> FoundProjects:
    return FoundProjects(found, total, MappingProxyType(instead), unmatched, little)


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

    Of a site that includes other showcases, only what it lists itself is found.

    Args:
        catalogue: From `open_catalogue`. Of a catalogue.json or catalogue.db that lies alone, with
            no built site around it, READMEs and members' stories are not searched.
        words: Anything somebody would type, such as `"waiting list" language:r -audit`.
        limit: Most matches to give; None gives all.

    Raises:
        UsageError: The limit is less than nothing.
        StateError, SourceError: The files of the site's index are damaged, or cannot be had.
    """
    if limit is not None and limit < 0:
        raise UsageError(f"{limit} matches cannot be given", "", "give None for all of them")
    results = find(catalogue.search_index, words, limit, own_only=True)
    by_name = {project.repo: project for project in catalogue.projects}
    return _found_projects(
        found=tuple(
            FoundProject(by_name[hit.key], hit.score)
            for hit in results.hits
            if hit.key in by_name  # a site is published whole, but a download can meet two nights
        ),
        total=results.total,
        instead={repair.surface: repair.shown for repair in results.repairs},
        unmatched=results.unmatched,
        little=results.little,
    )


def open_catalogue(
    place: str | Path,
    *,
    registry: str | Path | None = None,
    earlier: OpenCatalogue | None = None,
) -> OpenCatalogue:
    """Open what a showcase knows.

    Args:
        place: The address of a published showcase, or of its catalogue.json or catalogue.db; the
            folder of a built site; one of those two files; or the state folder of a community,
            usually `.aggregator`.
        registry: Only for a state folder: the registry.yaml of the community. Without it the one
            beside the state folder is taken.
        earlier: What was opened from the same address before: given back where the server says
            that nothing changed since, so that a program which runs for long asks politely.

    Raises:
        StateError: What is there is no catalogue, is damaged, or was written by a newer version
            in a form that this one cannot read.
        SourceError: The address gives no answer, or not this file.
        RegistryError: The registry of a state folder is absent or nothing like one.
    """
    if isinstance(place, str) and _ADDRESS.match(place):
        return _at_address(place, earlier)
    try:
        return _on_disk(Path(place), registry)
    except OSError as error:
        raise StateError(f"{place} cannot be read", error.strerror or str(error)) from error


def _on_disk(path: Path, registry: str | Path | None) -> OpenCatalogue:
    if (path / PUBLISHED_CATALOGUE).is_file():
        return _from_json((path / PUBLISHED_CATALOGUE).read_bytes(), path, _files_of(path))
    if (beside := path / Path(PUBLISHED_CATALOGUE).name).is_file():  # the folder `data` of a site
        return _from_file(beside, registry)
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
    beside = _files_of(site) if (site / INDEX_FOLDER / "boot.json").is_file() else None
    with path.open("rb") as stream:
        database = stream.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
    if not database:
        return _from_json(path.read_bytes(), path, beside)
    listed = _from_database(path, path, beside)
    if listed is None and path.name != CATALOGUE:  # of a state only the file of that name is read
        raise StateError(f"{path} lists no projects", "", f"call it {CATALOGUE} if it is a state's")
    return listed or _from_state(path.parent, registry)


def _at_address(address: str, earlier: OpenCatalogue | None) -> OpenCatalogue:
    file = re.split("[?#]", address, maxsplit=1)[0]
    base = f"{_IN_SITE.sub('', file)}/"
    named = file.endswith((".json", ".db"))
    alone = named and base == f"{file}/"  # a file that lies anywhere has no index beside it
    read = None if alone else partial(_downloaded, base)
    found = address if named else f"{base}{PUBLISHED_CATALOGUE}"
    got = download_newer(found, LARGEST_BYTES, earlier.stamp if earlier else FileStamp())
    if got is None and earlier:
        return earlier
    assert got, "only a file with a stamp can be found unchanged"
    if not file.endswith(".db"):
        return _from_json(got.content, found, read).stamped(got.stamp)
    with tempfile.TemporaryDirectory(prefix="aggregator-") as folder:
        copy = Path(folder) / CATALOGUE
        copy.write_bytes(got.content)
        listed = _from_database(copy, address, read)
    if listed is None:
        raise StateError(f"{address} lists no projects", "", f"open {base} instead")
    return listed.stamped(got.stamp)


def _files_of(site: Path) -> Read:
    return partial(_read_below, site)


# Functions with a name, so that a catalogue can be pickled for another process.
def _read_below(site: Path, path: str) -> bytes:
    try:
        return (site / path).read_bytes()
    except OSError as error:
        raise StateError(
            f"{site / path} cannot be read", error.strerror or str(error), "build the site anew"
        ) from error


def _downloaded(base: str, path: str) -> bytes:
    return download(f"{base}{path}", LARGEST_BYTES).content


def _from_state(state: Path, registry: str | Path | None) -> OpenCatalogue:
    """Assemble what a build would show; READMEs that were rendered before need no worker."""
    listing = Path(registry) if registry else state.resolve().parent / "registry.yaml"
    workspace = Workspace(listing, state, state)
    written, snapshot = load(listing), read_snapshot(workspace.database)
    catalogue, corpus = assembled(workspace, written, snapshot, GITHUB)
    return OpenCatalogue.of(poured_catalogue(catalogue), partial(index_of, corpus))


def _from_json(text: bytes, place: object, read: Read | None) -> OpenCatalogue:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StateError(f"{place} is no catalogue", f"it is no JSON ({error})") from error
    return _checked(found, place, read)


def _from_database(path: Path, place: object, read: Read | None) -> OpenCatalogue | None:
    """Read what a published catalogue.db lists; None when it is one that lists nothing."""
    try:
        rows = read_tables(path, dict.fromkeys(LISTED.values(), ("data",)))
        if rows is None:
            return None
        found = {part: _json_rows(rows[table]) for part, table in LISTED.items()}
    except (sqlite3.Error, StateError) as error:
        why = " ".join(str(error).split())  # SQLite may quote what stands in the file
        raise StateError(f"{place} is no catalogue", why) from error
    # As the site orders them; the tables are in the order of what the registry calls them.
    listed = {
        "projects": sorted(found["projects"], key=_by("repo")),
        "organisations": sorted(found["organisations"], key=_by("name")),
    }
    return _checked({**next(iter(found["showcase"]), {}), **listed}, place, read)


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
    if isinstance(found, Mapping) and "states" in found and "projects" not in found:
        raise StateError(f"{place} is no catalogue", "it says how a run went", _OPEN)
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        raise StateError(
            f"{place} is no catalogue that this version can read",
            f"its schema_version is {version!r}, this program knows {SCHEMA_VERSION}",
            "upgrade the program" if isinstance(version, int) else _OPEN,
        )
    try:
        return OpenCatalogue.of(found, partial(_published_index, read) if read else None)
    except ValidationError as error:
        why = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
        raise StateError(f"{place} is damaged", f"it makes no sense at {why}") from error


def _published_index(read: Read) -> Index:
    return Index(lambda name: read(f"{INDEX_FOLDER}{name}"))
