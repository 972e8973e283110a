"""Open data: complete, described, dated, and safe to open in a spreadsheet."""

import codecs
import csv
import io
import json
import re

import jsonschema
import pytest
from pydantic import BaseModel

from aggregator.catalogue.types import Catalogue
from aggregator.site.data.export_models import ExportedProject
from aggregator.site.data.exports import CSV_COLUMNS, safe_cell
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from tests.outputs import factory
from tests.outputs.tables import DOCUMENT, models, table_of, write_tables


def _load(site: dict[str, bytes], path: str) -> dict[str, object]:
    return json.loads(site[path])


def test_the_catalogue_keeps_to_its_schema(site: dict[str, bytes]) -> None:
    """Programs can rely on the published schema."""
    schema = _load(site, "data/catalogue.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(_load(site, "data/catalogue.json"), schema)


def test_even_hostile_words_keep_to_the_schema(theme: Theme) -> None:
    """What members write cannot break the data."""
    site = {f.path: f.data for f in render_site(factory.hostile(), theme)}
    schema = _load(site, "data/catalogue.schema.json")
    jsonschema.validate(_load(site, "data/catalogue.json"), schema)
    assert b"javascript:" not in site["data/catalogue.json"]


def test_every_entry_is_in_the_data(site: dict[str, bytes], catalogue: Catalogue) -> None:
    """Nothing is dropped, not even what is gone."""
    exported = _load(site, "data/catalogue.json")
    assert [p["repo"] for p in exported["projects"]] == [p.repo for p in catalogue.projects]
    gone = next(p for p in exported["projects"] if p["repo"] == "data-saves/vanished")
    assert (gone["state"], gone["glance"], gone["confirmed_at"]) == ("gone", None, None)
    assert gone["problem"]


def test_each_block_of_facts_carries_its_own_date(site: dict[str, bytes]) -> None:
    """A reader of the data sees how old each fact is."""
    exported = _load(site, "data/catalogue.json")
    project = next(p for p in exported["projects"] if p["repo"] == "data-saves/plain-spc")
    days = [project[block]["confirmed_at"][:10] for block in ("glance", "details", "counts")]
    assert days == ["2026-10-03", "2026-10-01", "2026-09-28"]
    assert project["confirmed_at"] == project["glance"]["confirmed_at"]


def test_the_promised_fields_are_there() -> None:
    """The fields that other programs were told of keep their names."""
    promised = (factory.CASES / "project_fields.txt").read_text(encoding="utf-8").split()
    assert [name for name in promised if name not in ExportedProject.model_fields] == []


@pytest.mark.parametrize("model", models().values(), ids=lambda model: model.__name__)
def test_every_exported_field_is_described(model: type[BaseModel]) -> None:
    """The schema explains itself, and so does the document."""
    assert all(field.description for field in model.model_fields.values())
    assert table_of(model) in DOCUMENT.read_text(encoding="utf-8")


def test_the_tables_of_the_document_are_current() -> None:
    """Writing the tables anew changes nothing."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert write_tables(text) == text


def test_the_document_names_every_kind_of_file(site: dict[str, bytes]) -> None:
    """Whoever looks for a file learns what it is."""
    text = DOCUMENT.read_text(encoding="utf-8")
    fixed = {path for path in site if "/" not in path or path.startswith("data/")}
    assert [path for path in sorted(fixed) if path not in text] == []
    folders = {path.split("/")[0] + "/" for path in site if "/" in path}
    assert [folder for folder in sorted(folders) if folder not in text] == []


def test_the_spreadsheet_has_a_row_for_every_project(
    site: dict[str, bytes], catalogue: Catalogue
) -> None:
    """The table reads back as it was written."""
    rows = list(
        csv.DictReader(io.StringIO(site["data/catalogue.csv"].decode("utf-8-sig"), newline=""))
    )
    assert len(rows) == len(catalogue.projects)
    assert tuple(rows[0]) == CSV_COLUMNS
    plain = next(row for row in rows if row["repo"] == "data-saves/plain-spc")
    assert (plain["tags"], plain["stars"], plain["licence"]) == ("spc charts", "540", "MIT")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d"])
def test_no_cell_is_run_as_a_formula(start: str) -> None:
    """A title that a spreadsheet would run arrives as text."""
    assert safe_cell(f"{start}cmd()") == f"'{start}cmd()"
    assert safe_cell("plain = text") == "plain = text"


@pytest.mark.parametrize("text", ["a;=cmd()", "two\r\n=cmd()", "a;+1", "tab\t@sum"])
def test_no_part_of_a_cell_is_run_where_lists_are_cut_elsewhere(text: str) -> None:
    """A spreadsheet that cuts at semicolons or tabs finds no formula behind one."""
    cells = re.split(r"[;\t\r\n]+", safe_cell(text))
    assert [cell for cell in cells if cell[:1] in "=+-@"] == []
    assert safe_cell("a; b = c; - d") == "a; b = c; - d"


def test_a_spreadsheet_reads_the_table_as_utf_8(site: dict[str, bytes]) -> None:
    """Excel takes a file without a mark for the code page of the machine."""
    table = site["data/catalogue.csv"]
    assert table.startswith(codecs.BOM_UTF8)
    assert table.count(codecs.BOM_UTF8) == 1
    assert csv.reader([table.decode("utf-8-sig").splitlines()[0]]).__next__()[0] == "repo"


def test_hostile_titles_are_harmless_in_a_spreadsheet(theme: Theme) -> None:
    """The guard is really applied to the file."""
    site = {f.path: f.data for f in render_site(factory.hostile(), theme)}
    rows = csv.DictReader(io.StringIO(site["data/catalogue.csv"].decode("utf-8-sig"), newline=""))
    title = next(row["title"] for row in rows if row["repo"] == "data-saves/plain-spc")
    assert title.startswith("'=cmd()")


def test_the_status_tells_how_each_entry_fared(site: dict[str, bytes]) -> None:
    """Operators can watch the run without reading pages."""
    status = _load(site, "data/status.json")
    assert sum(status["states"].values()) == 24
    names = [entry["state"] for entry in status["entries"]]
    assert names == ["private", "gone", "unreachable"]
    assert status["troubled"] == 3
    assert status["confirmed"] == [{"at": "2026-10-03T02:10:00Z", "projects": 22}]
    tried = next(e for e in status["entries"] if e["state"] == "unreachable")
    assert tried["problem"]
    assert tried["cure"]
    assert tried["last_succeeded"] < tried["last_tried"]


def test_a_showcase_that_never_fetched_exports_no_invented_dates(theme: Theme) -> None:
    """Unknown is null, not now."""
    empty = factory.catalogue_of(factory.registry(None), factory.Snapshot())
    site = {f.path: f.data for f in render_site(empty, theme)}
    exported = _load(site, "data/catalogue.json")
    assert exported["fetched_at"] is None
    assert all(p["confirmed_at"] is None for p in exported["projects"])
