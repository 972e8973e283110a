"""What visitors see as part of `data/catalogue.db`: views over the very facts of catalogue.json.

Pure: the shapes of `export_models` poured into two plain tables, and views that spread them into
columns that answer a question in one line of SQL. `store` writes them into the published copy,
beside its own record tables, from which the next run on a fresh machine starts.
"""

from collections.abc import Iterator, Mapping
from typing import get_args, get_origin

from pydantic import BaseModel

from aggregator.site.data.export_models import (
    ExportedCelebration,
    ExportedOrganisation,
    ExportedPerson,
    ExportedProject,
    ExportedRelease,
    ExportedStep,
    ExportedTalk,
    ExportedTerm,
)
from aggregator.site.data.exports import OpenData
from aggregator.store.export import SqlStep

_TABLES = """
CREATE TABLE listed_projects (key TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE listed_organisations (slug TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE listed_showcase (data TEXT NOT NULL)
"""
LISTED: Mapping[str, str] = {
    "projects": "listed_projects",
    "organisations": "listed_organisations",
    "showcase": "listed_showcase",
}
"""Which table holds which part of catalogue.json, each row as JSON in its column `data`."""
# Lists of a project that get a row for each of their members: where the list stands in the JSON,
# and the columns of a row beside those that say whose it is.
_LISTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "people": ("people", {"login": "one.value"}),
    "tags": ("tags", {"tag": "one.value"}),
    "does": ("does", {"does": "one.value"}),
    "topics": ("topics", {"topic": "one.value"}),
    "used_by": ("used_by", {"used_by": "one.value"}),
    "related": ("related", {"related": "one.value"}),
    "languages": ("details.languages", {"language": "one.key", "bytes": "one.value"}),
    "releases": ("details.releases", {n: n for n in ExportedRelease.model_fields}),
    "talks": ("talks", {n: n for n in ExportedTalk.model_fields}),
    "celebrations": ("celebrations", {n: n for n in ExportedCelebration.model_fields}),
}
# Lists beside the projects, in the same way.
_BESIDE: Mapping[str, tuple[str, type[BaseModel]]] = {
    "described_people": ("people", ExportedPerson),
    "other_talks": ("talks", ExportedTalk),
    "terms": ("terms", ExportedTerm),
}
_STEPS = """listed_showcase, json_each(data, '$.paths') AS path,
  json_each(path.value, '$.steps') AS one"""
_WHOSE = {
    "key": "listed_projects.key",
    "repo": "json_extract(data, '$.repo')",
    "project": "json_extract(data, '$.title')",
    "organisation_name": "json_extract(data, '$.organisation_name')",
}


def database_statements(open_data: OpenData) -> Iterator[SqlStep]:
    """Give what to run on a published copy, in order, to add what visitors see.

    The values are those of catalogue.json, each row without its line breaks.
    """
    projects = ((key, told.decode()) for key, told in open_data.projects.items())
    organisations = ((slug, told.decode()) for slug, told in open_data.organisations.items())
    for table in _TABLES.split(";"):
        yield table, None
    yield "INSERT INTO listed_projects VALUES (?, json(?))", projects
    yield "INSERT INTO listed_organisations VALUES (?, json(?))", organisations
    yield "INSERT INTO listed_showcase VALUES (json(?))", [(open_data.about.decode(),)]
    for name, query in views().items():
        # Of the copy: the catalogue that it is filled from may itself be a copy with such views.
        yield f"DROP VIEW IF EXISTS main.{name}", None
        yield f"CREATE VIEW {name} AS\n{query}", None


def views() -> dict[str, str]:
    """Give each view's query by its name."""
    projects = {name: _extract("data", place) for name, place in project_columns().items()}
    organisations = {
        name: _extract("data", f"$.{name}") for name in ExportedOrganisation.model_fields
    }
    mine = "SELECT count(*) FROM listed_projects WHERE json_extract(data, '$.organisation') = slug"
    found = {
        "projects": _select({"key": "key"} | projects, "listed_projects"),
        "organisations": _select(organisations | {"projects": f"({mine})"}, "listed_organisations"),
    }
    for name, (path, columns) in _LISTS.items():
        own = {
            column: value if value.startswith("one.") else _extract("one.value", f"$.{value}")
            for column, value in columns.items()
        }
        each = f"listed_projects, json_each(data, '$.{path}') AS one\nWHERE one.type <> 'null'"
        found[name] = _select(_WHOSE | own, each)
    for name, (path, shape) in _BESIDE.items():
        columns = {column: _extract("one.value", f"$.{column}") for column in shape.model_fields}
        found[name] = _select(columns, f"listed_showcase, json_each(data, '$.{path}') AS one")
    steps = {column: _extract("one.value", f"$.{column}") for column in ExportedStep.model_fields}
    whose = {"path": _extract("path.value", "$.slug"), "step": "one.key + 1"}
    found["path_steps"] = _select(whose | steps, _STEPS)
    return found


def project_columns() -> dict[str, str]:
    """Give each column of `projects` with the place of its value in the JSON.

    A block such as `links` is spread into columns that begin with its name, as `links_docs`.
    """
    columns: dict[str, str] = {}
    for name, field in ExportedProject.model_fields.items():
        block = _block_of(field.annotation)
        inner = block.model_fields if block else ()
        columns |= {f"{name}_{one}": f"$.{name}.{one}" for one in inner} or {name: f"$.{name}"}
    return columns


def _block_of(annotation: object) -> type[BaseModel] | None:
    """Give the model of a field that holds one, or none; a list of them is no block."""
    found = (annotation, *get_args(annotation)) if get_origin(annotation) is not tuple else ()
    return next((o for o in found if isinstance(o, type) and issubclass(o, BaseModel)), None)


def _extract(json: str, place: str) -> str:
    return f"json_extract({json}, '{place}')"


def _select(columns: Mapping[str, str], source: str) -> str:
    named = ",\n  ".join(f'{value} AS "{name}"' for name, value in columns.items())
    return f"SELECT {named}\nFROM {source}"
