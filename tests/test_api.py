"""`import aggregator`: the catalogue as an analyst uses it, from each place that it opens."""

import inspect
import json
import pickle
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pandas
import polars
import pytest
from pydantic import ValidationError

import aggregator
from aggregator.run.serve import serving
from tests.program import clean_environment, run_program

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "api.md"
ADDRESS = "https://example.org/showcase/"
LITTLE = "vinyl appointment player turntable"
QUERIES = ("waiting list", "spc chart", "ambulanse", "language:r", "kind:trust -frailty", "zzqx")
Places = dict[str, str]


@pytest.fixture(scope="module")
def home(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community's folder: its registry, what GitHub said, and the site built from both."""
    folder = tmp_path_factory.mktemp("community")
    return Path(shutil.copytree(sample, folder, dirs_exist_ok=True))


@pytest.fixture(scope="module")
def places(home: Path) -> Iterator[Places]:
    """Every place that the same catalogue can be opened from, by the name of its kind."""
    alone = home / "alone"
    alone.mkdir()
    for name in ("catalogue.json", "catalogue.db"):
        shutil.copy(home / "output" / "data" / name, alone)
    with serving(home / "output", 0) as address:
        yield {
            "site": str(home / "output"),
            "folder of data": str(home / "output" / "data"),
            "json in the site": str(home / "output" / "data" / "catalogue.json"),
            "db in the site": str(home / "output" / "data" / "catalogue.db"),
            "address": address,
            "address of json": f"{address}data/catalogue.json",
            "address of db": f"{address}data/catalogue.db",
            "state": str(home / ".aggregator"),
            "db of the state": str(home / ".aggregator" / "catalogue.db"),
            "json alone": str(alone / "catalogue.json"),
            "db alone": str(alone / "catalogue.db"),
        }


@pytest.fixture(scope="module")
def catalogue(places: Places) -> aggregator.OpenCatalogue:
    """The catalogue as the site publishes it."""
    return aggregator.open_catalogue(places["site"])


def test_every_place_opens_the_same_catalogue(places: Places) -> None:
    """A fact is the same whether it comes from a file, a database, a state or an address."""
    opened = {kind: aggregator.open_catalogue(place) for kind, place in places.items()}
    expected = opened["site"].model_dump()
    assert len(expected["projects"]) > 20
    assert {
        kind: found.model_dump() == expected for kind, found in opened.items()
    } == dict.fromkeys(places, True)


def test_addresses_are_those_that_were_published(home: Path) -> None:
    """What was published with its full address is opened with it."""
    found = json.loads((home / "output" / "data" / "catalogue.json").read_text(encoding="utf-8"))
    opened = aggregator.open_catalogue(home / "output")
    assert opened.url == found["url"] is not None
    assert [p.page_url for p in opened.projects] == [p["page_url"] for p in found["projects"]]


@pytest.mark.parametrize("query", [*QUERIES, LITTLE])
def test_a_search_finds_what_the_command_line_finds(places: Places, home: Path, query: str) -> None:
    """Wherever the index comes from, the same words find the same projects in the same order."""
    words = ["search", "--limit", "50", "--json", "--", *query.split()]
    told = json.loads(run_program(words, home, clean_environment()).stdout)
    expected = [(one["repository"], one["score"]) for one in told["results"]]
    for kind in ("site", "address", "state", "json in the site", "address of db"):
        found = aggregator.search(aggregator.open_catalogue(places[kind]), query, limit=50)
        assert [(m.project.repo, m.score) for m in found] == expected, kind
        assert (found.total, list(found.unmatched)) == (told["total"], told["unmatched"]), kind
        assert found.little == told["little"], kind
        assert (found.little > 0) == (query == LITTLE)


def test_a_catalogue_alone_is_searched_by_its_fields(places: Places) -> None:
    """Without a site around it a file is still searched, by all that it says."""
    alone = aggregator.open_catalogue(places["json alone"])
    title = alone.projects[3].title
    assert alone.projects[3] in [match.project for match in aggregator.search(alone, title)]


def test_a_file_alone_at_an_address_is_searched_by_its_fields(places: Places, home: Path) -> None:
    """A copy of catalogue.json or catalogue.db is searched wherever it is served from."""
    with serving(home / "alone", 0) as address:
        for name in ("catalogue.json", "catalogue.db", "catalogue.db?raw=1"):
            alone = aggregator.open_catalogue(f"{address}{name}")
            title = alone.projects[3].title
            assert alone.projects[3] in [found.project for found in aggregator.search(alone, title)]


@pytest.mark.parametrize("kind", ["site", "address", "state", "json alone"])
def test_a_catalogue_goes_into_another_process(places: Places, kind: str) -> None:
    """Pools of processes and caches of notebooks pickle what they are given."""
    opened = aggregator.open_catalogue(places[kind])
    before = aggregator.search(opened, "waiting list")
    copied = pickle.loads(pickle.dumps(opened))
    assert aggregator.search(copied, "waiting list") == before


def test_what_a_search_found_goes_into_another_process(
    catalogue: aggregator.OpenCatalogue,
) -> None:
    """An answer can be pickled as its catalogue can, with the words that were repaired in it."""
    found = aggregator.search(catalogue, "waitng list")
    copied = pickle.loads(pickle.dumps(found))
    assert found.instead
    assert copied == found
    with pytest.raises(TypeError):
        copied.instead["waitng"] = "changed"


def test_no_limit_is_less_than_nothing(catalogue: aggregator.OpenCatalogue) -> None:
    """A slip in the limit is named, and never drops the last matches."""
    assert len(aggregator.search(catalogue, "waiting list", limit=0)) == 0
    with pytest.raises(aggregator.AggregatorError, match="-1 matches"):
        aggregator.search(catalogue, "waiting list", limit=-1)


DAMAGE = {
    "boot.json": {"glossary": [[1, 2]]},
    "c0.json": None,
    "f-*.json": {"f": [["topic", [[None, 7, "#"]], {}]]},
    "w-*.json": {"t": [[1, 2]]},
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_index_is_named(home: Path, tmp_path: Path, name: str) -> None:
    """Whatever stands in the files of an index, a search answers or says so in one line."""
    for folder in ("data", "search"):
        shutil.copytree(home / "output" / folder, tmp_path / folder)
    file = min((tmp_path / "search" / "index").glob(name))
    damaged, damage = json.loads(file.read_text(encoding="utf-8")), DAMAGE[name]
    file.unlink()
    if damage:
        file.write_text(json.dumps(damaged | damage), encoding="utf-8")
    opened = aggregator.open_catalogue(tmp_path)
    for query in (*QUERIES, "topic:any", "stat proc"):
        with suppress(aggregator.AggregatorError):  # anything else is a bare traceback
            aggregator.search(opened, query, limit=None)


def test_records_have_the_columns_of_the_database(
    catalogue: aggregator.OpenCatalogue, places: Places
) -> None:
    """What `to_records` gives is what SQL gives, with real times and lists in place of text."""
    records = catalogue.to_records()
    with sqlite3.connect(places["db alone"]) as database:
        database.row_factory = sqlite3.Row
        rows = {row["key"]: dict(row) for row in database.execute("SELECT * FROM projects")}
    assert len(records) == len(rows)
    for record in records:
        row = rows[record["listed_as"].casefold()]
        assert record.keys() == row.keys() - {"key"}
        plain = {name: value for name, value in record.items() if isinstance(value, str)}
        assert plain == {name: row[name] for name in plain}
        assert record["confirmed_at"] is None or record["confirmed_at"].tzinfo is not None
        assert isinstance(record["tags"], list)


def test_a_frame_has_a_row_for_each_project(catalogue: aggregator.OpenCatalogue) -> None:
    """Both libraries get the same columns, rows and values."""
    one, other = catalogue.to_frame(), catalogue.to_frame("polars")
    assert isinstance(one, pandas.DataFrame)
    assert isinstance(other, polars.DataFrame)
    assert list(one.columns) == other.columns == list(catalogue.to_records()[0])
    assert list(one["repo"]) == other["repo"].to_list() == [p.repo for p in catalogue.projects]
    assert other["stars"].to_list() == [p.stars for p in catalogue.projects]


def test_a_frame_of_nothing_has_its_columns(catalogue: aggregator.OpenCatalogue) -> None:
    """A showcase that lists nothing yet gives a frame with all columns and no row."""
    empty = catalogue.model_copy(update={"projects": ()})
    expected = list(catalogue.to_records()[0])
    assert list(empty.to_frame("pandas").columns) == empty.to_frame("polars").columns == expected


def test_a_frame_without_a_library_says_what_to_install(
    catalogue: aggregator.OpenCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has neither library is told so in one line."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(aggregator.AggregatorError, match="pip install pandas"):
        catalogue.to_frame()


def test_what_is_opened_cannot_be_changed(catalogue: aggregator.OpenCatalogue) -> None:
    """A catalogue is frozen through and through."""
    with pytest.raises(ValidationError, match="frozen"):
        catalogue.projects[0].title = "Mine"
    with pytest.raises(ValidationError, match="frozen"):
        catalogue.title = "Mine"


def test_a_registry_is_read_with_its_mistakes(tmp_path: Path) -> None:
    """A mistake stands in the registry that is given, and nothing is raised for it."""
    path = tmp_path / "registry.yaml"
    path.write_text("projects:\n  - octo/ward\n  - not a name\n", encoding="utf-8")
    registry = aggregator.load_registry(str(path))
    assert [str(entry.repo) for entry in registry.projects] == ["octo/ward"]
    assert [mistake.where.line for mistake in registry.mistakes] == [3]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "schema_version is None"),
        (b'{"schema_version": 99}', "upgrade the program"),
        (b'{"schema_version": 99, "states": {}}', "how a run went: open data/catalogue.json"),
        (b'{"schema_version": 1, "title": 7}', "makes no sense at title"),
        (b"SQLite format 3\x00 and then nothing", "no catalogue"),
    ],
)
def test_what_is_no_catalogue_is_named(tmp_path: Path, content: bytes, told: str) -> None:
    """A file of anything else is refused in one line that says what is wrong with it."""
    path = tmp_path / "catalogue.json"
    path.write_bytes(content)
    with pytest.raises(aggregator.AggregatorError, match=told) as refused:
        aggregator.open_catalogue(path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("projects", [7]),
        ("projects", [None]),
        ("organisations", ["x"]),
        ("freshness", 7),
        ("freshness", []),
    ],
)
def test_a_value_of_the_wrong_type_is_named(
    home: Path, tmp_path: Path, field: str, value: object
) -> None:
    """Where a block should stand and something else does, its place is told."""
    found = json.loads((home / "output" / "data" / "catalogue.json").read_text(encoding="utf-8"))
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps(found | {field: value}), encoding="utf-8")
    with pytest.raises(aggregator.AggregatorError, match=f"makes no sense at {field}"):
        aggregator.open_catalogue(path)


@pytest.mark.parametrize("place", ["a" * 5000, f"http://{'a' * 70}/"])
def test_a_place_that_cannot_be_is_named(place: str) -> None:
    """A name that no file or host can have is no bare error of the system."""
    with pytest.raises(aggregator.AggregatorError):
        aggregator.open_catalogue(place)


def test_a_copy_of_a_state_is_never_shown_as_empty(home: Path, tmp_path: Path) -> None:
    """A catalogue.db of a state under another name is refused, and nothing is shown unfetched."""
    copy = tmp_path / "backup.db"
    shutil.copy(home / ".aggregator" / "catalogue.db", copy)
    with pytest.raises(aggregator.AggregatorError, match="lists no projects"):
        aggregator.open_catalogue(copy, registry=home / "registry.yaml")


def test_a_catalogue_of_another_version_is_read_as_far_as_it_goes(
    home: Path, tmp_path: Path
) -> None:
    """A field of a newer version is passed over; one that an older version lacks is not known."""
    found = json.loads((home / "output" / "data" / "catalogue.json").read_text(encoding="utf-8"))
    for project in found["projects"]:
        project["mood"] = "sunny"
        del project["doi"], project["left_out"], project["evidence"]
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    opened = aggregator.open_catalogue(path)
    assert {project.doi for project in opened.projects} == {None}
    assert {project.left_out for project in opened.projects} == {()}


def test_a_database_that_could_run_something_is_refused(places: Places, tmp_path: Path) -> None:
    """Where a view stands in for the table of projects, nothing of it is read."""
    path = tmp_path / "doctored.db"
    shutil.copy(places["db alone"], path)
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE listed_showcase RENAME TO other")
        database.execute("CREATE VIEW listed_showcase AS SELECT data FROM other")
    with pytest.raises(aggregator.AggregatorError, match="not ours"):
        aggregator.open_catalogue(path)


SCRIPT = """
import aggregator
catalogue = aggregator.open_catalogue({place!r}, registry={registry!r})
print(len(catalogue.projects), len(aggregator.search(catalogue, "waiting list")))
"""


@pytest.mark.parametrize("way", ["script", "standard input", "notebook"])
def test_it_answers_without_a_main_guard(home: Path, tmp_path: Path, way: str) -> None:
    """A plain script, standard input and a notebook get an answer, and never a hanging worker.

    The state's cache is thrown away, so that every README has to be rendered anew.
    """
    state, registry = tmp_path / "state", tmp_path / "registry.yaml"
    shutil.copytree(home / ".aggregator", state, ignore=shutil.ignore_patterns("cache"))
    listed = ("larkmere-hospitals/ward-weather", "wrenford-icb/waiting-list-ladder")
    registry.write_text("projects:\n" + "".join(f"  - {name}\n" for name in listed))
    text = SCRIPT.format(place=str(state), registry=str(registry))
    script = tmp_path / "analysis.py"
    script.write_text(text, encoding="utf-8")
    words = {
        "script": [str(script)],
        "standard input": ["-"],
        "notebook": ["-c", f"exec(compile({text!r}, '<cell>', 'exec'))"],
    }[way]
    done = subprocess.run(
        [sys.executable, *words],
        input=text if way == "standard input" else None,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout == "2 1\n"


def test_every_block_of_the_document_runs(
    home: Path, places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What docs/api.md shows can be copied and works, in the order in which it stands there."""
    monkeypatch.chdir(home)
    blocks = re.findall(
        r"^```python\n(.*?)^```", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(blocks) > 5
    names: dict[str, object] = {}
    for block in blocks:
        exec(block.replace(ADDRESS, places["address"]), names)
    told = capsys.readouterr().out
    assert "no-such-folder holds no catalogue" in told
    assert "Waiting list ladder" in told


def test_the_door_names_all_it_gives() -> None:
    """`__all__` is the public API: each name is there, documented here and in docs/api.md."""
    document = DOCUMENT.read_text(encoding="utf-8")
    for name in aggregator.__all__:
        found = getattr(aggregator, name)
        assert inspect.getdoc(found), name
        assert found.__name__ == name
        if inspect.isfunction(found):
            assert name in document
    assert {"open_catalogue", "load_registry", "search"} <= set(aggregator.__all__)


def test_the_door_opens_at_once() -> None:
    """`import aggregator` loads nothing until something is asked of it."""
    asked = "import sys, aggregator; print([n for n in sys.modules if 'pydantic' in n])"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
