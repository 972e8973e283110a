"""The commands that make a site, as whoever runs a showcase uses them."""

import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aggregator.cli.environment import read_environment
from aggregator.demo.sample import REGISTRY
from aggregator.github.opening import Endpoint, open_source
from aggregator.searching.related import packaged_model
from aggregator.words.addresses import GITHUB_API
from aggregator.words.errors import UsageError
from tests.program import NOBODY, asking, clean_environment, files, run_program
from tests.stand_in.server import Server, serve
from tests.stand_in.world import load_corpus, sample_community

# Patience with a GitHub that is not there is spent in real seconds; tests/fetch has a clock for it.
BRIEF = ("--time-budget", "2")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def github() -> Iterator[Server]:
    """A stand-in for GitHub with the sample community."""
    with serve(sample_community()) as server:
        yield server


@pytest.fixture
def home(sample: Path, tmp_path: Path) -> Path:
    """The folder of the sample community after its first night, to do with as a test likes."""
    return Path(shutil.copytree(sample, tmp_path, dirs_exist_ok=True))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command in an empty folder, as a person or a workflow would."""

    def command(*words: object, **variables: str) -> subprocess.CompletedProcess[str]:
        return run_program([*map(str, words)], tmp_path, clean_environment() | variables)

    return command


def listed(folder: Path) -> dict[str, dict[str, object]]:
    exported = json.loads((folder / "data" / "catalogue.json").read_text())
    return {project["repo"]: project for project in exported["projects"]}


def no_trace(done: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def test_the_demo_shows_the_whole_flow_and_says_where_to_look(demo: Path) -> None:
    """A newcomer types one word and has a site, without network, token or account."""
    said = (demo / "said").read_text(encoding="utf-8")
    assert f"Look at {demo.parent}" in said
    assert f"{Path('output', 'index.html')}\n" in said
    assert len(listed(demo / "output")) == 26


def test_update_then_build_is_a_run(run: Run, home: Path) -> None:
    """The two halves work alone, and the second needs neither network nor token."""
    again = run("build", "--output", "again", **NOBODY)
    assert again.returncode == 0, again.stderr
    assert files(home / "output") == files(home / "again")


def test_without_github_a_run_keeps_the_last_good_facts(run: Run, home: Path) -> None:
    """A night without network says so in one line, builds from what is known, and exits 1."""
    before = listed(home / "output")
    done = run("run", *BRIEF, **NOBODY, GITHUB_TOKEN="x")
    assert done.returncode == 1
    assert "cannot be reached" in done.stdout + no_trace(done)
    after = listed(home / "output")
    assert after.keys() == before.keys()
    for name, project in before.items():
        assert after[name]["confirmed_at"] == project["confirmed_at"]
        assert after[name]["summary"] == project["summary"]


def test_without_github_and_without_facts_a_run_says_what_to_do(run: Run, tmp_path: Path) -> None:
    """A first run that cannot reach GitHub publishes nothing and names the way on."""
    done = run("run", *BRIEF, "--registry", REGISTRY, **NOBODY, GITHUB_TOKEN="x")
    assert done.returncode == 1
    assert "run `aggregator update`" in no_trace(done)
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["updat"], "Did you mean 'update'?"),
        (["zebra"], "No such command 'zebra'. See: aggregator --help"),
        (["check", "--format", "xml"], "'xml' is not one of 'text', 'github', 'json'"),
        (["search", "x", "--limit", "0"], "0 is not in the range x>=1"),
        (["add"], "Missing argument"),
        (["run", "--nonsense"], "--nonsense"),
        (["run", "--time-budget", "soon"], "--time-budget"),
        (["run", "--registry", "absent.yaml"], "absent.yaml"),
        (["search"], "nothing to search for"),
        (["schedule", "--cron", "every night"], "is not a schedule"),
        (["schedule", "--cron", "0 0 31 2 *"], "such a day never comes"),
        (["restore"], "absent"),
    ],
)
def test_a_wrong_command_line_is_answered_in_one_line(
    run: Run, words: list[str], said: str
) -> None:
    """Whatever is mistyped, one line says what is wrong, and the exit code is 2."""
    done = run(*words)
    assert done.returncode == 2
    assert len(no_trace(done).splitlines()) == 1
    assert said in done.stderr or words == ["restore"]


@pytest.mark.parametrize("content", [b"\xff", b"{bad", b"[1]", b'{"id": 1}', b'"words"', b"3"])
def test_a_file_without_queries_is_answered_in_one_line(
    content: bytes, run: Run, tmp_path: Path
) -> None:
    """Whoever judges search learns what such a file should look like, not where Python stopped."""
    registry, queries = tmp_path / "registry.yaml", tmp_path / "queries.jsonl"
    registry.write_text("showcase:\n  title: Small\nprojects:\n  - someone/something\n")
    queries.write_bytes(content)
    done = run(
        "search", "--registry", registry, "--state", tmp_path / "state", "--queries", queries
    )
    assert done.returncode == 2
    assert "queries.jsonl holds no queries" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "address",
    ["http://[::1", "https://example.org:port", "https://two words.org", "https://:x@example.org"],
    ids=["brackets", "port", "space", "password"],
)
def test_an_address_that_is_none_is_one_line(address: str) -> None:
    """A mistyped variable of the workflow is named, with what to write instead."""
    with pytest.raises(UsageError, match="GITHUB_API_URL is not a web address"):
        read_environment({"GITHUB_API_URL": address})


@pytest.mark.parametrize("name", ["GITHUB_API_URL", "GITHUB_GRAPHQL_URL"])
def test_an_endpoint_with_broken_brackets_is_named(name: str) -> None:
    """Whoever opens a source without the command line learns which address is none."""
    addresses = {"GITHUB_API_URL": GITHUB_API, "GITHUB_GRAPHQL_URL": f"{GITHUB_API}/graphql"}
    api_url, graphql_url = {**addresses, name: "https://["}.values()
    with pytest.raises(UsageError, match=name), open_source(Endpoint(api_url, graphql_url)):
        pass


@pytest.mark.parametrize(
    "text",
    ["", "{", "\0", "- a\n- b\n", "projects: 3\n", "x" * 3_000_000],
    ids=["empty", "half", "nul", "list", "number", "huge"],
)
def test_a_registry_that_is_none_loses_nothing(run: Run, tmp_path: Path, text: str) -> None:
    """A file that cannot be a registry stops before anything is asked or written."""
    (tmp_path / "registry.yaml").write_text(text)
    done = run("run", **NOBODY)
    no_trace(done)
    assert done.returncode in {1, 2}
    assert not (tmp_path / "output").exists()


def test_a_state_that_cannot_be_read_is_named(run: Run, github: Server, tmp_path: Path) -> None:
    """A damaged catalogue is left as it is, and the message says how to go on."""
    (tmp_path / ".aggregator").mkdir()
    (tmp_path / ".aggregator" / "catalogue.db").write_bytes(b"not a database" * 100)
    done = run("run", "--registry", REGISTRY, **asking(github))
    assert done.returncode == 1
    assert "catalogue.db" in no_trace(done)
    assert (tmp_path / ".aggregator" / "catalogue.db").read_bytes() == b"not a database" * 100


@pytest.mark.parametrize("output", ["letter.txt", ".", "holiday"])
def test_an_output_that_holds_something_else_is_refused(
    run: Run, github: Server, tmp_path: Path, output: str
) -> None:
    """A file, the project's own folder or a stranger's folder is never replaced by a site."""
    (tmp_path / "letter.txt").write_text("dear reader")
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "photo.jpg").write_bytes(b"photo")
    (tmp_path / "registry.yaml").write_text("projects: []\n")
    done = run("run", "--output", output, **asking(github))
    assert done.returncode == 2
    assert len(no_trace(done).splitlines()) == 1
    assert (tmp_path / "letter.txt").read_text() == "dear reader"
    assert (tmp_path / "holiday" / "photo.jpg").exists()


def test_one_bad_entry_stops_nobody(run: Run, github: Server, tmp_path: Path) -> None:
    """A mistake is named with file and line; every other project is on the site."""
    (tmp_path / "registry.yaml").write_text(
        "projects:\n  - larkmere-hospitals/ward-weather\n  - not a name at all\n"
    )
    done = run("run", **asking(github))
    assert done.returncode == 0
    assert "registry.yaml:3:" in no_trace(done)
    assert list(listed(tmp_path / "output")) == ["larkmere-hospitals/ward-weather"]


def test_a_registry_cut_short_by_accident_changes_nothing(
    run: Run, github: Server, tmp_path: Path
) -> None:
    """A merge that loses most entries is refused, until somebody says that it is meant."""
    names = [r.full_name for r in github.world.repositories][:12]
    registry = tmp_path / "registry.yaml"
    registry.write_text("projects:\n" + "".join(f"  - {name}\n" for name in names))
    assert run("run", **asking(github)).returncode == 0
    registry.write_text(f"projects:\n  - {names[0]}\n")
    refused = run("run", **asking(github))
    assert refused.returncode == 1
    assert "would lose 11 of 12 projects" in no_trace(refused)
    assert len(listed(tmp_path / "output")) == 12
    assert run("run", "--accept-losses", **asking(github)).returncode == 0
    assert len(listed(tmp_path / "output")) == 1


def test_private_means_gone_from_every_published_byte(run: Run, home: Path) -> None:
    """After a repository turns private its README and description stand in no file of the site."""
    secret = b"Ward Weather"
    page = "projects/larkmere-hospitals/ward-weather/index.html"
    readme = (home / "output" / page).read_bytes()
    with serve(sample_community()) as server:
        server.world.make_private("larkmere-hospitals/ward-weather")
        done = run("run", **asking(server))
    assert done.returncode == 0, done.stdout
    known = sqlite3.connect(home / ".aggregator" / "catalogue.db")
    facts = known.execute(
        "SELECT facts FROM entries WHERE key = 'larkmere-hospitals/ward-weather'"
    ).fetchone()
    known.close()
    assert facts == (None,)
    sentence = distinctive(readme)
    for name, content in (files(home / "output") | files(home / ".aggregator")).items():
        assert sentence not in content, name
    assert secret in readme or sentence in readme


def distinctive(page: bytes) -> bytes:
    """Pick a long run of words from the README part of a page."""
    readme = page[page.index(b'class="readme') :]
    return max(re.findall(rb">([A-Za-z ,]{40,})[<.]", readme), key=len)


def test_the_report_is_written_for_workflows(run: Run, github: Server, home: Path) -> None:
    """A workflow gets the outcome of a run as JSON and as the summary of its job."""
    summary = home / "summary.md"
    done = run("run", "--report", "report.json", **asking(github), GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 0
    assert json.loads((home / "report.json").read_text())["exit_code"] == 0
    assert "## Showcase update" in summary.read_text()


@pytest.mark.usefixtures("home")
def test_status_tells_each_problem_and_its_cure(run: Run) -> None:
    """Whoever runs the showcase sees what needs a look, since when, and what helps."""
    done = run("status")
    assert done.returncode == 0
    assert "carrowdale-community/pathway-sketch: not found since" in done.stdout
    assert "what helps:" in done.stdout


@pytest.mark.usefixtures("home")
def test_search_finds_in_the_terminal_what_the_site_finds(run: Run) -> None:
    """The command ranks the projects of the catalogue and explains itself."""
    done = run("search", "waiting", "list", "--json")
    found = json.loads(done.stdout)
    assert found["total"] > 0
    assert all(hit["page"].startswith("projects/") for hit in found["results"])


def test_a_schedule_runs_at_once_and_stops_when_asked(github: Server, tmp_path: Path) -> None:
    """On one's own server the first site is there at once, and SIGTERM ends it cleanly."""
    (tmp_path / "registry.yaml").write_text("projects:\n  - larkmere-hospitals/ward-weather\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", "schedule"],
        cwd=tmp_path,
        env=clean_environment() | asking(github) | {"PYTHONUNBUFFERED": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr
        said = ""
        limit = time.monotonic() + 60
        while "next run:" not in said and time.monotonic() < limit:
            said += process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        said += process.communicate(timeout=30)[1]
    finally:
        process.kill()
    assert process.returncode == 0
    assert said.endswith("stopped\n")
    assert (tmp_path / "output" / "index.html").is_file()


@pytest.mark.skipif(packaged_model() is not None, reason="the extra `semantic` is installed")
def test_a_language_model_that_is_not_there_is_asked_for_aloud(
    run: Run, github: Server, home: Path
) -> None:
    """The site is built without it, one line names the cure, and somebody must look."""
    shutil.rmtree(home / "output")
    registry = home / "registry.yaml"
    text = registry.read_text(encoding="utf-8")
    registry.write_text(text.replace("showcase:", "showcase:\n  related: semantic", 1))
    done = run("run", **asking(github))
    assert done.returncode == 1
    assert "pip install 'community-showcase[semantic]'" in no_trace(done).splitlines()[-1]
    assert (home / "output" / "index.html").is_file()


@pytest.mark.corpus
def test_real_repositories_become_a_real_site(run: Run, corpus: Path, tmp_path: Path) -> None:
    """The health repositories of the corpus give one page each, with README, dates and a link."""
    with serve(load_corpus(corpus)) as server:
        done = run("run", "--registry", corpus / "registry.yaml", **asking(server))
    assert done.returncode == 0, done.stderr
    projects = listed(tmp_path / "output")
    # The file lists 174; two of them are one repository, which differs only in case.
    assert len(projects) == 173
    assert done.stderr.count("already listed") == 1
    for name, project in projects.items():
        page = (tmp_path / "output" / str(project["page"]) / "index.html").read_text()
        assert f"https://github.com/{name}" in page
        assert project["confirmed_at"]
    with_readme = [p for p in projects if 'class="readme' in read_page(tmp_path, p)]
    assert len(with_readme) >= 170


def read_page(folder: Path, name: str) -> str:
    return (folder / "output" / "projects" / name / "index.html").read_text()


def test_a_page_names_files_from_the_folder_of_the_registry(
    run: Run, github: Server, tmp_path: Path
) -> None:
    """The status page tells visitors file and line of a mistake, not a machine's folders."""
    home = tmp_path / "deep" / "registry"
    (home / "registry.d").mkdir(parents=True)
    lines = ["projects:", "  - registry/orchard", "  - wrenford-icb/waiting-list-ladder", ""]
    (home / "registry.yaml").write_text("\n".join(lines))
    (home / "registry.d" / "more.yaml").write_text("\n".join(lines))
    done = run("run", "--registry", home / "registry.yaml", **asking(github))
    assert f"{home}/registry.d/more.yaml:2:5" in done.stderr, done.stderr
    data = (tmp_path / "output" / "data" / "status.json").read_text()
    found = json.loads(data)["mistakes"]
    assert [one["where"] for one in found] == [
        "registry.d/more.yaml:2:5",
        "registry.d/more.yaml:3:5",
    ]
    assert "registry/orchard`, registry.yaml:2:5" in found[0]["what"]
    for text in (data, (tmp_path / "output" / "status" / "index.html").read_text()):
        assert str(tmp_path) not in text
