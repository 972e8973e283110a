"""One repository against all: whatever one of them holds or brings to light, the others go on."""

import importlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aggregator.cli.app import main
from tests.program import asking, clean_environment, run_program
from tests.stand_in.server import Server, serve
from tests.stand_in.synthetic import synthetic_world

COUNT = 8
STARS = 4711
# What a stranger can write into a file that every run reads; each ended a run or the process.
HOSTILE = {
    "a tag that is no truth": b"title: !!bool perhaps\n",
    "a tag that is no day": b"title: !!timestamp soon\n",
    "a tag that is no number": b"version: !!int ''\n",
    "a tag of Python": b"title: !!python/object/apply:os.getcwd []\n",
    "binary that is none": b"title: !!binary '%%%'\n",
    "a day that is none": b"date-released: 2026-02-31\ntitle: Ward rota\n",
    "a number without end": b"version: 0x" + b"f" * 6_000 + b"\n",
    "sixty in base sixty": b"version: 1:" + b"59:" * 3_000 + b"59\n",
    "dashes": b"- " * 30_000,
    "brackets": b"[" * 100_000,
    "braces": b"{a: " * 30_000,
    "questions": b"? " * 30_000,
    "anchors that multiply": b"a: &a [x, x]\n"
    + b"".join(b"%c: &%c [*%c, *%c]\n" % (c, c, c - 1, c - 1) for c in b"bcdefghijklmnop"),
    "an anchor that holds itself": b"title: &t [*t, *t]\n",
    "a merge of itself": b"a: &a\n  <<: *a\ntitle: Rota\n",
    "one long word": b"title: " + b"w" * 190_000 + b"\n",
    "many keys": b"".join(b"k%d: v\n" % n for n in range(15_000)),
    "a byte order mark and zeros": b"\xef\xbb\xbftitle: a\x00b\n",
    "half a character": b"title: \xff\xfe\xed\xa0\x80\n",
    "two documents": b"title: one\n---\ntitle: two\n",
    "an end": b"...\n",
    "a directive": b"%YAML 9.9\n---\ntitle: x\n",
    "a list where a map belongs": b"- title\n",
    "a map where a text belongs": b"title: {a: b}\nauthors: {name: 1}\nkeywords: {a: 1}\n",
    "an infinite version": b"version: .inf\nlicense: [.nan]\n",
}
NESTED_JSON = b'{"name": ' + b"[" * 60_000
ODD_JSON = (
    b'{"name": NaN, "version": 1e999, "license": 1' + b"0" * 4_000 + b', "author": [[["x"]]]}'
)


@pytest.fixture
def github() -> Iterator[Server]:
    """A stand-in for GitHub with a dozen repositories."""
    with serve(synthetic_world(COUNT)) as server:
        yield server


def write_registry(folder: Path, names: tuple[str, ...]) -> None:
    lines = "".join(f"  - {name}\n" for name in names)
    (folder / "registry.yaml").write_text(f"showcase:\n  title: Rota\nprojects:\n{lines}")


def exported(folder: Path) -> dict[str, dict[str, Any]]:
    found = json.loads((folder / "output" / "data" / "catalogue.json").read_text())
    return {project["repo"]: project for project in found["projects"]}


def run_night(folder: Path, server: Server, token: bool = True) -> subprocess.CompletedProcess[str]:
    variables = asking(server)
    if not token:
        del variables["GITHUB_TOKEN"]
    return run_program(["run"], folder, clean_environment() | variables)


def run_alone(folder: Path, server: Server) -> subprocess.CompletedProcess[str]:
    """Run a night in a process of its own, which may die without taking the test along."""
    return subprocess.run(
        [sys.executable, "-m", "aggregator", "run"],
        cwd=folder,
        env=clean_environment() | asking(server),
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.timeout(180)
def test_no_file_of_a_repository_ends_a_night(tmp_path: Path) -> None:
    """Whatever CITATION.cff, codemeta.json or publiccode.yml hold, everybody's page is made."""
    with serve(synthetic_world(len(HOSTILE) + 5)) as server:
        names = server.world.names
        for name, content in zip(names, HOSTILE.values(), strict=False):
            server.world.push(name, {"CITATION.cff": content, "publiccode.yml": content})
        for name, content in zip(names[-5:], (NESTED_JSON, ODD_JSON), strict=False):
            server.world.push(name, {"codemeta.json": content})
        write_registry(tmp_path, names)
        done = run_alone(tmp_path, server)
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr[-2_000:])
    assert f"{len(names)} of {len(names)} repositories confirmed" in done.stdout
    projects = exported(tmp_path)
    assert set(projects) == set(names)
    assert all(project["details"] for project in projects.values())


def test_without_a_token_no_answer_ends_a_night(tmp_path: Path, github: Server) -> None:
    """Over REST as well, one repository that answers nonsense costs only itself."""
    victim = github.world.names[3]
    github.set_limit(None, "core", 1_000)

    def nonsense(_: Any, genuine: Callable[[], Any]) -> Any:
        answer = genuine()
        body = json.loads(answer.body)
        body |= {"topics": 5, "description": ["x"], "pushed_at": 3, "has_discussions": "maybe"}
        body |= {"created_at": "0001-01-01T00:00:00+14:00", "stargazers_count": 10**30}
        return type(answer)(answer.status, json.dumps(body).encode(), answer.headers)

    github.faults.always(nonsense, path=f"/repos/{victim}")
    write_registry(tmp_path, github.world.names)
    done = run_night(tmp_path, github, token=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert exported(tmp_path)[victim]["stars"] is None
    assert len(exported(tmp_path)) == COUNT


# Where the program works on one repository at a time: the module, the function, and which of its
# arguments tells the repository.
SEAMS = [
    ("aggregator.github.graphql_source", "read_glance", 0),
    ("aggregator.github.graphql_source", "read_depth", 1),
    ("aggregator.github.parse", "read_statements", 0),
    ("aggregator.github.graphql_source", "from_text", 0),
    ("aggregator.fetch.state", "merge", 1),
    ("aggregator.fetch.decider", "Decider.seen", 1),
    ("aggregator.run.update", "compare", 1),
    ("aggregator.store.store", "record_row", 0),
    ("aggregator.run.written_texts", "_readme_source", 0),
    ("aggregator.readme.workers", "Renderer._kept", 1),
    ("aggregator.catalogue.assemble", "_Assembling.project", 1),
    ("aggregator.site.pages.project", "project_page", 0),
    ("aggregator.site.pages.cards", "card_of", 0),
    ("aggregator.site.pages.status", "_row", 0),
    ("aggregator.site.data.feeds", "_item", 0),
    ("aggregator.site.data.exports", "safe_cell", 0),
    ("aggregator.site.data.search_index", "_document", 0),
]
# Rooms whose faults the report of the run names, and those whose faults the status page names.
OF_A_RUN = ("aggregator.github", "aggregator.fetch", "aggregator.run.update", "aggregator.store")
ON_STATUS = (*OF_A_RUN[:2], "aggregator.store", "aggregator.site", "aggregator.catalogue")


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A showcase whose first night went well, and whose repositories have news since."""
    folder = tmp_path_factory.mktemp("first")
    with serve(synthetic_world(COUNT)) as server:
        write_registry(folder, server.world.names)
        assert run_night(folder, server).returncode == 0
        victim = server.world.names[5]
        for name in server.world.names:
            server.world.change(name, stars=STARS)
        server.world.change(victim, archived_at="2026-11-20T06:00:00Z")
        mark = f"# Rota\n\nMade by {victim}, which draws rotas of wards.\n".encode()
        citation = f"title: {victim}\n".encode()
        server.world.push(victim, {"README.md": mark, "CITATION.cff": citation})
        yield server, folder


def _break(monkeypatch: pytest.MonkeyPatch, seam: tuple[str, str, int], victim: str) -> None:
    module, name, place = seam
    owner: Any = importlib.import_module(module)
    *outer, name = name.split(".")
    for part in outer:
        owner = getattr(owner, part)
    genuine = getattr(owner, name)

    # What was known before may be written; what this night brought may not.
    marks = (victim.rpartition("/")[2], str(STARS) if name == "record_row" else "")

    def broken(*args: Any, **more: Any) -> Any:
        shown = repr(args[place]).casefold()
        if all(mark.casefold() in shown for mark in marks):
            raise KeyError("secret words of a repository")
        return genuine(*args, **more)

    monkeypatch.setattr(owner, name, broken)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seam", SEAMS, ids=lambda seam: f"{seam[0]}.{seam[1]}")
def test_a_mistake_of_the_program_costs_one_repository(
    seam: tuple[str, str, int],
    first_night: tuple[Server, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where the program fails at one repository, the others are fresh and the one is named."""
    server, folder = first_night
    victim = server.world.names[5]
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for name, value in asking(server).items():
        monkeypatch.setenv(name, value)
    _break(monkeypatch, seam, victim)

    with pytest.raises(SystemExit) as ended:
        main(["run", "--report", "report.json"])

    told = "".join(capsys.readouterr())
    assert ended.value.code == 1, told
    line = next(line for line in told.splitlines() if "a fault of this program at" in line)
    assert victim.casefold() in line.casefold()
    assert "KeyError at aggregator/" in line
    assert "please report this" in line
    assert "secret words" not in told
    assert "Traceback" not in told
    stars = {name: project["stars"] for name, project in exported(tmp_path).items()}
    others = set(server.world.names) - {victim}
    assert {name for name in others if stars.get(name) == STARS} == others
    status = (tmp_path / "output" / "status" / "index.html").read_text()
    assert victim in status
    for file in ("index.html", "card/index.html"):  # frames elsewhere show the second
        page = (tmp_path / "output" / "projects" / victim / file).read_text()
        assert victim.partition("/")[2] in page
    if seam[0].startswith(OF_A_RUN):
        faults = json.loads((tmp_path / "report.json").read_text())["faults"]
        assert {fault["repo"].casefold() for fault in faults} == {victim.casefold()}
    if seam[0].startswith(ON_STATUS):
        assert "This program failed" in status


def test_with_debug_the_trace_of_a_fault_is_shown(
    first_night: tuple[Server, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever mends the program sees with --debug where it failed."""
    server, folder = first_night
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for name, value in asking(server).items():
        monkeypatch.setenv(name, value)
    _break(
        monkeypatch, ("aggregator.github.graphql_source", "read_glance", 0), server.world.names[5]
    )
    with pytest.raises(SystemExit):
        main(["--debug", "update"])
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_mistake_at_every_project_publishes_nothing(
    first_night: tuple[Server, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A program that fails at all projects leaves the site that stands, and says whose fault."""
    _, folder = first_night
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    before = (tmp_path / "output" / "index.html").read_bytes()
    _break(monkeypatch, ("aggregator.site.pages.project", "project_page", 0), "")
    with pytest.raises(SystemExit) as ended:
        main(["build"])
    assert ended.value.code == 1
    assert (tmp_path / "output" / "index.html").read_bytes() == before
    assert re.search(r"This program failed .*KeyError at .*Please report", capsys.readouterr().err)


def test_a_file_that_cannot_be_read_is_named_to_its_owner(tmp_path: Path, github: Server) -> None:
    """Whose CITATION.cff cannot be read finds that on the page of the project, with the cure."""
    name = github.world.names[0]
    github.world.push(name, {"CITATION.cff": b"title: [never closed\n"})
    write_registry(tmp_path, github.world.names)
    assert run_night(tmp_path, github).returncode == 0
    page = (tmp_path / "output" / "projects" / name / "index.html").read_text()
    assert "CITATION.cff: cannot be read" in page
    assert "Mend the form of CITATION.cff" in page
    other = github.world.names[1]
    page = (tmp_path / "output" / "projects" / other / "index.html").read_text()
    assert "cannot be read" not in page
