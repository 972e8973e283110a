"""What the site says after a night, from the registry to the published bytes."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.demo.world import WorldIssue, WorldRelease
from tests.cli.test_site import NOBODY, asking, clean_environment, files
from tests.program import run_program
from tests.stand_in.server import Server, serve
from tests.stand_in.synthetic import synthetic_world
from tests.stand_in.world import World

Run = Callable[..., subprocess.CompletedProcess[str]]
ATOM = "{http://www.w3.org/2005/Atom}"
ELSEWHERE = "https://git.fen.example"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command in an empty folder, as a person or a workflow would."""

    def command(*words: object, **variables: str) -> subprocess.CompletedProcess[str]:
        return run_program([*map(str, words)], tmp_path, clean_environment() | variables)

    return command


def _write(folder: Path, names: list[str], **settings: str) -> None:
    lines = ["showcase:", "  title: Fen tools", "  url: https://fen.example/"]
    lines += [f"  {name}: {value}" for name, value in settings.items()]
    lines += ["projects:", *(f"  - {name}" for name in names)]
    (folder / "registry.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _night(run: Run, server: Server, **variables: str) -> subprocess.CompletedProcess[str]:
    done = run("run", "--report", "report.json", **asking(server), **variables)
    assert done.returncode == 0, done.stderr
    return done


def _feed(folder: Path) -> list[dict[str, str]]:
    return json.loads((folder / "output" / "feed.json").read_text())["items"]


def _page(folder: Path, name: str) -> str:
    return (folder / "output" / "projects" / name / "index.html").read_text(encoding="utf-8")


def _release(world: World, name: str, tag: str) -> None:
    made = WorldRelease(tag, "2026-11-20T09:30:00Z")
    found = world.find(name)
    assert found
    world.change(name, releases=(made, *found.releases), updated_at="2026-11-20T09:30:01Z")


def test_the_first_night_opens_the_showcase_once(run: Run, tmp_path: Path) -> None:
    """Feeds, news and report tell of one event; the next night tells of what is new."""
    world = synthetic_world(9)
    first, last = list(world.names[:8]), world.names[8]
    with serve(world) as server:
        _write(tmp_path, first)
        done = _night(run, server)
        assert "The showcase opens with 8 projects" in done.stdout
        report = json.loads((tmp_path / "report.json").read_text())
        assert (report["opens_with"], report["changes"]) == (8, [])
        (opening,) = _feed(tmp_path)
        assert opening["title"] == "The showcase opens with 8 projects"
        _a_day_passes(tmp_path / ".aggregator" / "catalogue.db")
        (opening,) = _built(run, tmp_path)
        _write(tmp_path, [*first, last])
        _night(run, server)
    newest, still = _feed(tmp_path)
    assert newest["title"].endswith("joined the showcase")
    assert still["id"] == opening["id"]
    assert still["date_published"] == opening["date_published"]


def test_a_night_without_memory_shows_nothing_old_as_new(run: Run, tmp_path: Path) -> None:
    """With its state lost and its address changed, a showcase opens under the same id."""
    world = synthetic_world(6)
    with serve(world) as server:
        _write(tmp_path, list(world.names))
        _night(run, server)
        before = _feed(tmp_path)
        (tmp_path / ".aggregator" / "catalogue.db").unlink()
        _write(tmp_path, list(world.names))
        text = (tmp_path / "registry.yaml").read_text()
        moved = text.replace("fen.example", "marsh.example")
        (tmp_path / "registry.yaml").write_text(moved)
        _night(run, server)
    after = _feed(tmp_path)
    assert [item["id"] for item in after] == [item["id"] for item in before]
    assert b"marsh.example" in (tmp_path / "output" / "feed.xml").read_bytes()


def test_a_release_keeps_its_own_day(run: Run, tmp_path: Path) -> None:
    """The feed dates a release by when it was published, not by when a run met it."""
    world = synthetic_world(5)
    name = world.names[0]
    with serve(world) as server:
        _write(tmp_path, list(world.names))
        _night(run, server)
        _release(world, name, "v9.9#1")
        _night(run, server)
    item = next(item for item in _feed(tmp_path) if "released" in item["title"])
    assert item["date_published"] == "2026-11-20T09:30:00Z"


def test_a_name_that_never_was_is_not_said_to_be_gone(run: Run, tmp_path: Path) -> None:
    """A misspelt entry is told to check its spelling, wherever it is named."""
    world = synthetic_world(4)
    with serve(world) as server:
        _write(tmp_path, [*world.names, "fen/mispelt"])
        done = _night(run, server)
        said = run("status").stdout
    assert "not found on GitHub: check the spelling: fen/mispelt" in done.stdout
    assert json.loads((tmp_path / "report.json").read_text())["outcomes"]["not_found"]
    assert "fen/mispelt: not found" in said
    page = _page(tmp_path, "fen/mispelt")
    assert "Not found on GitHub" in page
    assert "check the spelling" in page
    status = json.loads((tmp_path / "output" / "data" / "status.json").read_text())
    entry = next(one for one in status["entries"] if one["repo"] == "fen/mispelt")
    assert entry["state"] == "not_found"
    assert entry["state_words"] == "Not found on GitHub: check the spelling"
    assert status["states"]["not_found"] == 1
    badge = (tmp_path / "output" / "badges" / "fen" / "mispelt.svg").read_text()
    for text in (page, done.stdout, said, badge, json.dumps(status)):
        assert not re.search(r"no longer|taken down|\bgone\b|deleted", text, re.IGNORECASE)
    assert len(_feed(tmp_path)) == 1


def test_what_was_there_and_vanished_is_still_said_so(run: Run, tmp_path: Path) -> None:
    """A repository that GitHub once showed us is no longer there, in the feed as on its page."""
    world = synthetic_world(8)
    with serve(world) as server:
        _write(tmp_path, list(world.names))
        _night(run, server)
        lost = world.names[0]
        world.delete(lost)
        _night(run, server)
    assert "No longer on GitHub" in _page(tmp_path, lost)
    assert "is no longer public on GitHub" in _feed(tmp_path)[0]["title"]


def test_pages_date_each_fact_when_a_night_reaches_few(run: Run, tmp_path: Path) -> None:
    """One confirmed project does not speak for those that GitHub did not answer about."""
    world = synthetic_world(6)
    with serve(world) as server:
        _write(tmp_path, list(world.names))
        _night(run, server)
    _age(tmp_path / ".aggregator" / "catalogue.db", world.names[0])
    built = run("build", **NOBODY)
    assert "facts of 1 of 6 projects confirmed since" in built.stdout
    html = (tmp_path / "output" / "status" / "index.html").read_text(encoding="utf-8")
    assert "those of 1 of 6 projects were confirmed since" in " ".join(html.split())
    told = json.loads((tmp_path / "output" / "data" / "status.json").read_text())
    assert [day["projects"] for day in told["confirmed"]] == [5, 1]
    for name in ("catalogue", "status"):
        told = json.loads((tmp_path / "output" / "data" / f"{name}.json").read_text())
        assert (told["freshness"]["projects"], told["freshness"]["current"]) == (6, 1)
        assert told["freshness"]["oldest"] < told["freshness"]["newest"]
    said = run("status").stdout
    assert "facts of 1 of 6 confirmed on" in said


def _a_day_passes(database: Path) -> None:
    """Make all that happened so far one day older."""
    with sqlite3.connect(database) as db:
        db.execute("UPDATE changes SET date = strftime('%Y-%m-%dT%H:%M:%SZ', date, '-1 day')")
        db.execute(
            "UPDATE entries SET first_seen = strftime('%Y-%m-%dT%H:%M:%SZ', first_seen, '-1 day')"
        )
    db.close()


def _built(run: Run, folder: Path) -> list[dict[str, str]]:
    assert run("build", **NOBODY).returncode == 0
    return _feed(folder)


def _age(database: Path, kept: str) -> None:
    """Make all facts but one project's twelve days older, as twelve bad nights would."""
    with sqlite3.connect(database) as db:
        older = (
            "UPDATE entries SET facts = json_set(facts, '$.glance.confirmed_at', "
            "strftime('%Y-%m-%dT%H:%M:%SZ', json_extract(facts, '$.glance.confirmed_at'), "
            "'-12 days')) WHERE key <> ?"
        )
        db.execute(older, (kept.casefold(),))
    db.close()


def test_github_enterprise_is_named_everywhere(run: Run, tmp_path: Path) -> None:
    """Nothing that is published leads to a GitHub that the community does not use."""
    world = synthetic_world(6)
    world.change(world.names[1], issues=_labelled("good first issue"))
    with serve(world, web_url=ELSEWHERE) as server:
        _write(tmp_path, list(world.names), repository="fen/showcase")
        _night(run, server, GITHUB_SERVER_URL=ELSEWHERE)
        world.change(world.names[0], archived_at="2026-11-20T09:30:00Z")
        _release(world, world.names[2], "v3")
        _write(tmp_path, list(world.names[:5]), repository="fen/showcase")
        _night(run, server, GITHUB_SERVER_URL=ELSEWHERE)
    published = files(tmp_path / "output")
    # The comments of a style sheet may name the source of a rule.
    named = [path for path, data in published.items() if b"github.com" in data]
    assert named == []
    assert ELSEWHERE.encode() in published["feed.xml"] + published["new/index.html"]
    assert b'data-host="git.fen.example"' in published["add/index.html"]


def _labelled(*labels: str) -> tuple[WorldIssue, ...]:
    day = "2026-11-01T10:00:00Z"
    return tuple(
        WorldIssue(number, f"Draw chart {number}", day, day, (label,))
        for number, label in enumerate(labels, 1)
    )


@pytest.mark.parametrize(
    ("labels", "leads_to"),
    [
        (("good-first-issue",), "/labels/good-first-issue"),
        (("good first issue",), "/labels/good%20first%20issue"),
        (("Good-First-Issue",), "/labels/Good-First-Issue"),
        (
            ("good first issue", "good-first-issue"),
            "/issues?q=is%3Aissue%20is%3Aopen%20label%3A%22good%20first%20issue%22%2C%22good-first-issue%22",
        ),
        (("help-wanted",), "/labels/help-wanted"),
        (("help wanted",), "/labels/help%20wanted"),
    ],
)
def test_a_label_leads_where_the_issues_are(
    labels: tuple[str, ...], leads_to: str, run: Run, tmp_path: Path
) -> None:
    """Both spellings exist in the wild; the link takes the one that the repository uses."""
    world = synthetic_world(3)
    name = world.names[0]
    # Of a single issue for newcomers the page names that one, and needs no list.
    world.change(name, issues=_labelled(*labels, *labels), default_branch="rel#1")
    with serve(world) as server:
        _write(tmp_path, list(world.names))
        _night(run, server)
    page = _page(tmp_path, name)
    found = {href for href in re.findall(r'href="([^"]*)"', page) if "label" in href}
    assert found == {f"https://github.com/{name}{leads_to}"}
    outside = re.findall(rf'href="(https://github\.com/{name}/blob/[^"]*)"', page)
    assert outside
    assert all("/blob/rel%231/" in address for address in outside)


def _schedule(folder: Path, variables: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "aggregator", "schedule"],
        cwd=folder,
        env=clean_environment() | variables | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def _until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stderr
    said, limit = "", time.monotonic() + 60
    while words not in said and time.monotonic() < limit:
        said += process.stderr.readline()
    return said


def _runs(log: str) -> int:
    """Count the runs that a log tells the beginning of."""
    return len(re.findall(r"(?m)^\S+ info +run of ", log))


def test_a_schedule_that_cannot_reach_github_tries_again_and_stops_when_asked(
    tmp_path: Path,
) -> None:
    """A failed first run is tried again soon, and SIGTERM does not wait for that."""
    _write(tmp_path, ["fen/boats"])
    process = _schedule(tmp_path, NOBODY | {"GITHUB_TOKEN": "x"})
    try:
        said = _until(process, "trying again in 1 minute")
        process.send_signal(signal.SIGTERM)
        said += process.communicate(timeout=30)[1]
    finally:
        process.kill()
    assert process.returncode == 0
    assert _runs(said) == 1
    assert "stopped" in said


@pytest.mark.parametrize("lost", ["site", "end"])
def test_a_schedule_makes_good_what_a_restart_cut_off(lost: str, run: Run, tmp_path: Path) -> None:
    """Facts without a site, or a run that was killed, do not wait for the next night."""
    world = synthetic_world(4)
    with serve(world) as server:
        _write(tmp_path, list(world.names))
        _night(run, server)
        if lost == "site":
            (tmp_path / "output" / "index.html").unlink()
        else:
            mark = tmp_path / ".aggregator" / "run.json"
            mark.write_text(json.dumps({**json.loads(mark.read_text()), "finished": None}))
        process = _schedule(tmp_path, asking(server))
        try:
            said = _until(process, "next run:")
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
        finally:
            process.kill()
        assert _runs(said) == 1
        again = _schedule(tmp_path, asking(server))
        try:
            quiet = _until(again, "next run:")
            again.send_signal(signal.SIGTERM)
            again.communicate(timeout=30)
        finally:
            again.kill()
    assert _runs(quiet) == 0
    assert (tmp_path / "output" / "index.html").is_file()
