"""A server of one's own, as an operator meets it: started, watched, failing, stopped, again."""

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from aggregator.cli.console import as_log, say, warn
from aggregator.run.schedule import last_run, mark_run
from aggregator.run.serve import address_for_others
from tests.program import asking, clean_environment, run_program
from tests.stand_in.actions import status
from tests.stand_in.faults import Fault
from tests.stand_in.server import Server, serve
from tests.stand_in.synthetic import synthetic_world
from tests.test_registry_from import Origin

PATIENCE = 60.0
NEVER = "0 0 1 1 *"
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'


@pytest.fixture
def github() -> Iterator[Server]:
    """A stand-in for GitHub with a few repositories."""
    with serve(synthetic_world(6)) as server:
        yield server


class Job:
    """`aggregator schedule` in a process of its own, with its log in JSON."""

    def __init__(self, folder: Path, github: Server) -> None:
        self.folder, self.github = folder, github
        self.lines: list[dict[str, str]] = []
        self.variables: dict[str, str] = {}
        self.process: subprocess.Popen[str] | None = None

    def start(self, *words: str) -> None:
        """Start it, and read its log; again only in another second, by which a run is known."""
        if self.lines:
            time.sleep(1)
        command = [sys.executable, "-m", "aggregator", "schedule", "--log-format", "json", *words]
        self.lines = []
        self.process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=clean_environment() | asking(self.github) | self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, args=(self.process,))
        self._reader.start()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stderr
        for line in process.stderr:
            self.lines.append(json.loads(line))

    def end(self, number: int = signal.SIGKILL) -> int:
        """Send it a signal, and give its exit code when all that it said is read."""
        assert self.process
        assert self.process.stdout
        assert self.process.stderr
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stdout.read() == ""
        self.process.stdout.close()
        self.process.stderr.close()
        self.process = None
        return code

    @property
    def said(self) -> list[str]:
        """The messages so far."""
        return [line["message"] for line in self.lines]

    def wait_for(self, words: str) -> str:
        """Wait until a line holds these words, and give it."""
        return until(lambda: next((line for line in self.said if words in line), ""), self.said)

    def stop(self) -> int:
        """Ask it to stop, as systemd and Docker do; gives its exit code."""
        return self.end(signal.SIGTERM)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command in its folder."""
        return run_program([*words], self.folder, clean_environment() | asking(self.github))

    def runs(self) -> list[dict[str, Any]]:
        """Read the history of runs."""
        told: list[dict[str, Any]] = json.loads(self.run("runs", "--json").stdout)["runs"]
        return told


def until(look: Callable[[], str], said: object) -> str:
    """Look again and again until there is something to see."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing came: {said}")


def listing(github: Server, title: str = "Small") -> str:
    """Write a registry of all that there is."""
    names = "".join(f"  - {name}\n" for name in github.world.names)
    return f"showcase:\n  title: {title}\nprojects:\n{names}"


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def job(tmp_path: Path, github: Server) -> Iterator[Job]:
    """A folder with a registry, and whatever was started in it ended after the test."""
    (tmp_path / "registry.yaml").write_text(listing(github))
    made = Job(tmp_path, github)
    yield made
    if made.process:
        made.end()


def test_a_server_fetches_what_members_merged_builds_and_serves_it(
    job: Job, github: Server, tmp_path: Path
) -> None:
    """From an empty folder to a served site, watched by a monitor, and stopped without a fuss."""
    origin = Origin(tmp_path / "origin")
    commit = origin.merge(listing(github, "Merged"))
    (tmp_path / "registry.yaml").unlink()
    port = free_port()
    source = ("--registry-from", f"file://{origin.folder}#main")
    job.start(*source, "--cron", NEVER, "--serve", "--port", str(port))
    job.wait_for("next run: ")
    assert f"registry of {source[1]} as of {commit[:12]}" in job.said
    assert "there is no site yet" in job.wait_for("run of ")
    with urlopen(f"http://127.0.0.1:{port}/") as page:
        assert b"Merged" in page.read()
    with urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
        assert re.fullmatch(rb"the run of .* ended well; facts of .* UTC\n", answer.read())
    with urlopen(f"http://127.0.0.1:{port}/health.json") as answer:
        health = json.load(answer)
    assert health["well"]
    assert health["reason"].startswith("the run of ")
    status = json.loads((tmp_path / "output" / "data" / "status.json").read_text())
    assert (status["projects"], status["confirmed_in_last_run"], status["failures"]) == (6, 6, 0)
    assert job.stop() == 0
    assert job.said[-1] == "stopped"
    (run,) = job.runs()
    assert (run["ended"], run["entries"], run["confirmed"]) == ("well", 6, 6)
    assert run["built"].startswith("6 projects, ")
    assert job.run("runs", "--check", "--cron", NEVER).returncode == 0


def test_every_line_of_the_log_has_its_time(job: Job) -> None:
    """A collector reads time, level and message of each line, and nothing else is written."""
    job.start("--cron", NEVER)
    job.wait_for("next run: ")
    assert job.stop() == 0
    assert len(job.lines) > 5
    for line in job.lines:
        assert set(line) == {"time", "level", "message"}
        assert datetime.fromisoformat(line["time"]).tzinfo == UTC
        assert line["level"] in {"info", "warning"}
    assert any(re.match(r".*: [\d,]+ of [\d,]+, \d+ requests?", line) for line in job.said)


def test_a_stop_in_the_middle_keeps_what_was_fetched(job: Job, github: Server) -> None:
    """SIGTERM ends a pause at once; the next start goes on, and the history has both."""
    github.faults.add(Fault(status(502), after=1))
    job.start("--cron", NEVER)
    until(lambda: "hit" if sum(f.hits for f in github.faults._script) else "", job.said)
    began = time.monotonic()
    assert job.stop() == 0
    assert time.monotonic() - began < 10
    assert [run["ended"] for run in job.runs()] == ["stopped"]
    assert job.run("runs", "--check").returncode == 1
    github.faults.clear()
    job.start("--cron", NEVER)
    assert "the last run was stopped by hand" in job.wait_for("run of ")
    job.wait_for("next run: ")
    assert job.stop() == 0
    assert [run["ended"] for run in job.runs()] == ["stopped", "well"]


def test_a_killed_run_is_told_and_made_up_for(job: Job, github: Server) -> None:
    """After a power cut the next start runs at once, and the history says what happened."""
    github.faults.add(Fault(status(502), after=1))
    job.start("--cron", NEVER)
    until(lambda: "hit" if sum(f.hits for f in github.faults._script) else "", job.said)
    job.end()
    github.faults.clear()
    job.start("--cron", NEVER)
    job.wait_for("next run: ")
    assert job.stop() == 0
    assert [run["ended"] for run in job.runs()] == ["cut off", "well"]


def test_a_history_that_cannot_be_written_costs_no_night(job: Job) -> None:
    """After a run that was cut off, too, the next one goes on, and says what it could not keep."""
    state = job.folder / ".aggregator"
    (state / "runs.jsonl").mkdir(parents=True)  # as unwritable as a file of somebody else's
    mark_run(state, datetime(2026, 11, 1, 3, 17, tzinfo=UTC))
    done = job.run("run")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("the history of runs is not written") == 2
    assert last_run(state) == "finished"


def test_a_restart_in_good_time_asks_nobody(job: Job, github: Server) -> None:
    """A server that is started again between two nights waits for its hour."""
    assert job.run("run").returncode == 0
    fault = github.faults.always(status(502))
    job.start("--cron", NEVER)
    job.wait_for("next run: ")
    assert job.stop() == 0
    assert fault.hits == 0
    assert len(job.runs()) == 1


def test_a_failing_night_is_told_with_a_name_and_tried_again(job: Job, github: Server) -> None:
    """A registry that was emptied keeps the site, calls for somebody, and is looked at again."""
    assert job.run("run").returncode == 0
    page = (job.folder / "output" / "index.html").read_bytes()
    (job.folder / ".aggregator" / "run.json").unlink()
    (job.folder / "registry.yaml").write_text("showcase: {title: Small}\nprojects: [octo]\n")
    (job.folder / "output" / "index.html").rename(job.folder / "kept.html")
    port = free_port()
    job.start("--cron", NEVER, "--serve", "--port", str(port))
    notice = job.wait_for("the nightly run fails")
    assert re.search(r"\(run-failed-\d{8}T\d{6}Z\)$", notice)
    assert "lists no project that can be used" in notice
    job.wait_for("trying again in 1 minute")
    with pytest.raises(HTTPError) as sick:
        urlopen(f"http://127.0.0.1:{port}/healthz")
    with sick.value as answer:
        assert answer.code == 503
        assert b"lists no project that can be used" in answer.read()
    assert job.stop() == 0
    assert job.run("runs", "--check").returncode == 1
    assert (job.folder / "kept.html").read_bytes() == page


def test_a_single_run_is_remembered_too(job: Job, github: Server) -> None:
    """`aggregator run`, started by a timer, leaves the same history."""
    assert job.run("run").returncode == 0
    github.faults.always(status(502))
    assert job.run("run", "--time-budget", "2").returncode == 1
    ended = [(run["ended"], bool(run["failure"])) for run in job.runs()]
    assert ended in ([("well", False), ("badly", True)], [("badly", True)])
    lines = job.run("runs").stdout.splitlines()
    assert "badly" in lines[-2]
    assert "ended with 1" in lines[-1]


@pytest.mark.parametrize(
    ("registry", "words", "failure"),
    [
        ("showcase: {title: New}\nprojects: [octo]\n", (), "lists no project that can be used"),
        ("nothing like it\n", (), "registry.yaml:1:1"),
        ("projects: [octo/first]\n", ("--output", "."), "."),
        ("projects: [octo/first]\n", ("--restore",), "this run has no memory"),
    ],
)
def test_every_end_of_a_run_is_remembered(
    job: Job, registry: str, words: tuple[str, ...], failure: str
) -> None:
    """Also of one that ended before it asked anybody, with what it said and its exit code."""
    (job.folder / "registry.yaml").write_text(registry)
    done = job.run("run", *words)
    assert done.returncode in {1, 2}
    (run,) = job.runs()
    assert (run["ended"], run["exit_code"], run["refused"]) == ("badly", done.returncode, True)
    assert failure in run["failure"]
    assert f"was refused: {run['failure'].rstrip('.')}" in job.run("runs").stdout


def test_a_site_that_was_refused_is_told_at_the_next_start(job: Job, github: Server) -> None:
    """Nobody is told of a power cut where the guard held on to the published site."""
    assert job.run("run").returncode == 0
    kept = "".join(f"  - {name}\n" for name in sorted(github.world.names)[:1])
    (job.folder / "registry.yaml").write_text(f"showcase: {{title: Small}}\nprojects:\n{kept}")
    assert job.run("run").returncode == 1
    told = job.run("doctor", "--offline").stdout
    assert "was refused: the new site would lose 5 of 6 projects" in told
    job.start("--cron", NEVER)
    why = job.wait_for("run of ")
    assert "the last run was refused: the new site would lose 5 of 6 projects" in why
    job.wait_for("trying again in 1 minute")
    assert job.stop() == 0


def test_a_command_that_is_refused_leaves_nothing(tmp_path: Path) -> None:
    """A slip on the command line makes no folder and no history."""
    done = run_program(["run"], tmp_path, clean_environment())
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []
    done = run_program(["schedule", "--timezone", "Mars"], tmp_path, clean_environment())
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_no_word_of_a_stranger_forges_a_line_of_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whatever is said, each line of the log begins with its own time and level."""
    hostile = "one\n2026-01-01T00:00:00Z info    forged\r\x1b[2J{\u2028"
    at = datetime(2026, 11, 30, 3, 17, tzinfo=UTC)
    with as_log("text", lambda: at):
        say([hostile])
    with as_log("json", lambda: at):
        warn([hostile])
    out, err = capsys.readouterr()
    assert out == ""
    first, second, *in_json = err.splitlines()
    assert first == "2026-11-30T03:17:00Z info    one"
    assert second.startswith("2026-11-30T03:17:00Z info    2026-01-01T00:00:00Z info    forged")
    assert [json.loads(line)["level"] for line in in_json] == ["warning", "warning"]
    say(["again as ever"])
    assert capsys.readouterr().out == "again as ever\n"


def open_preview(folder: Path, *words: str) -> "subprocess.Popen[str]":
    """Start `aggregator serve`."""
    return subprocess.Popen(
        [sys.executable, "-m", "aggregator", "serve", *words],
        cwd=folder,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_preview_follows_every_source(job: Job) -> None:
    """A change of registry or glossary is built, and whoever has a page open sees it."""
    assert job.run("run").returncode == 0
    port = free_port()
    registry = job.folder / "registry.yaml"
    icon = "brand/icon.svg"
    (job.folder / "brand").mkdir()
    (job.folder / icon).write_text(ICON)
    preview = open_preview(job.folder, "--port", str(port))
    assert preview.stdout
    try:
        while "Serving" not in (line := preview.stdout.readline()):
            assert line
        with urlopen(f"http://127.0.0.1:{port}/.preview/events", timeout=PATIENCE) as events:
            for path, text in (
                (registry, registry.read_text().replace("Small", "Smaller")),
                (job.folder / "glossary.yaml", "synonyms:\n  - [ward, unit]\n"),
                # A file that the registry names only from now on is followed, too.
                (
                    registry,
                    registry.read_text().replace("Small", f"Smaller\n  look: {{icon: {icon}}}"),
                ),
                (job.folder / icon, ICON.replace("0 0 8 8", "0 0 9 9")),
            ):
                path.write_text(text)
                while events.readline() != b"data: reload\n":
                    pass
        with urlopen(f"http://127.0.0.1:{port}/") as page:
            served = page.read()
        assert b"Smaller" in served
        assert b".preview/reload.js" in served
        assert b".preview" not in (job.folder / "output" / "index.html").read_bytes()
        assert preview.poll() is None
    finally:
        preview.send_signal(signal.SIGINT)
        out, err = preview.communicate(timeout=PATIENCE)
    assert "On a phone" not in out
    assert "stopped serving" in err


def test_a_phone_is_told_where_to_look(job: Job) -> None:
    """Only who names a host lets others in, and is told the address to type."""
    assert job.run("run").returncode == 0
    port = free_port()
    # Where this machine is in no network, there is nobody to tell.
    others = address_for_others("0.0.0.0", f"http://127.0.0.1:{port}/")
    preview = open_preview(job.folder, "--port", str(port), "--host", "0.0.0.0")
    assert preview.stdout
    try:
        while "Serving" not in (line := preview.stdout.readline()):
            assert line
        if others:
            told = f"On a phone or another machine of this network: {others}\n"
            assert preview.stdout.readline() == told
    finally:
        preview.send_signal(signal.SIGINT)
        preview.communicate(timeout=PATIENCE)


def test_an_address_that_is_none_of_this_machine_is_refused(job: Job) -> None:
    """A slip in --host is one line with what to do."""
    assert job.run("run").returncode == 0
    for words in (["serve"], ["schedule", "--cron", NEVER, "--serve"]):
        done = job.run(*words, "--host", "192.0.2.7", "--port", "8000")
        assert done.returncode == 2
        assert "192.0.2.7, port 8000 cannot be used: " in done.stderr
        assert "--host" in done.stderr
