"""Night after night on machines that remember nothing, with everything that can go wrong.

Each night begins in an empty folder and brings the memory back from the site of the night before,
over HTTP. The commands run in this process, so that a test may set the clock at the edge, which
is where the program reads it.
"""

import json
import re
import shlex
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aggregator.cli.app import main
from aggregator.registry.loader import load
from tests.stand_in.actions import status
from tests.stand_in.faults import Fault
from tests.stand_in.server import Server, serve
from tests.stand_in.synthetic import synthetic_world

FIRST = datetime(2026, 11, 1, 3, 17, tzinfo=UTC)
# Patience with a failing GitHub is spent in real seconds; two of them show what happens.
BRIEF = ("--time-budget", "2")


class Host(ThreadingHTTPServer):
    """A web host that may lose, refuse or replace what it serves, with a clock of its own."""

    folder: Path
    clock: Callable[[], datetime]
    status: int = 0
    instead: bytes | None = None


class _Handler(SimpleHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        if self.server.status:
            self.send_error(self.server.status)
        elif self.server.instead is not None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.server.instead)
        else:
            super().do_GET()

    def translate_path(self, path: str) -> str:
        return str(self.server.folder / path.partition("?")[0].lstrip("/"))

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(timestamp or self.server.clock().timestamp())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent."""


@dataclass
class Showcase:
    """A community whose nightly job runs on a fresh machine each time."""

    github: Server
    host: Host
    place: Path
    says: Callable[[], str]
    now: datetime = FIRST
    names: list[str] = field(default_factory=list)
    settings: str = ""

    @property
    def url(self) -> str:
        """Where the site is published."""
        return f"http://127.0.0.1:{self.host.server_address[1]}/"

    @property
    def machine(self) -> Path:
        """The folder of tonight's machine."""
        return self.place / "machine"

    @property
    def published(self) -> Path:
        """What visitors see."""
        return self.host.folder

    def night(self, *words: str, restore: bool = True, days: float = 1) -> int:
        """Run one night on a fresh machine; what was built is published."""
        shutil.rmtree(self.machine, ignore_errors=True)
        self.machine.mkdir()
        code = self.run(*(["--restore"] if restore else []), *words)
        if (self.machine / "output" / "index.html").is_file():
            shutil.rmtree(self.published, ignore_errors=True)
            shutil.copytree(self.machine / "output", self.published)
        self.now += timedelta(days=days)
        return code

    def run(self, *words: str, command: str = "run") -> int:
        """Run a command on tonight's machine."""
        registry = self.machine / "registry.yaml"
        listed = "".join(f"  - {name}\n" for name in self.names) or "  []\n"
        registry.write_text(f"showcase:\n  title: Small\n{self.settings}projects:\n{listed}")
        output = [] if command in {"update", "restore"} else ["--output", f"{self.machine}/output"]
        places = ["--registry", str(registry), "--state", f"{self.machine}/state", *output]
        with pytest.raises(SystemExit) as ended:
            main([command, *words, *places])
        return int(ended.value.code or 0)

    def data(self, name: str) -> Any:
        """Read a file of the published site's data."""
        return json.loads((self.published / "data" / name).read_text())

    def proof(self) -> Any:
        """Read the proof of the published site, both halves of it."""
        return self.data("proof.json") | self.data("status.json")["proof"]


def set_clock(monkeypatch: pytest.MonkeyPatch, clock: Callable[[], datetime]) -> None:
    """Let the machine say another time, where the command line reads it."""
    says = SimpleNamespace(now=lambda _zone: clock())
    monkeypatch.setattr("aggregator.cli.environment.datetime", says)


@pytest.fixture
def showcase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Showcase]:
    """Eight repositories on a stand-in for GitHub, and a host that serves what is published."""
    clocks: list[Showcase] = []

    def clock() -> datetime:
        return clocks[0].now if clocks else FIRST

    with serve(synthetic_world(8), clock=clock) as github, Host(("127.0.0.1", 0), _Handler) as host:
        host.folder, host.clock = tmp_path / "published", clock
        thread = threading.Thread(target=partial(host.serve_forever, 0.01), daemon=True)
        thread.start()
        made = Showcase(github, host, tmp_path, lambda: "".join(capsys.readouterr()))
        made.names = list(github.world.names)
        clocks.append(made)
        for name in ("GITHUB_REPOSITORY", "GITHUB_REPOSITORY_ID", "GITHUB_STEP_SUMMARY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("GITHUB_API_URL", github.api_url)
        monkeypatch.setenv("GITHUB_GRAPHQL_URL", github.graphql_url)
        monkeypatch.setenv("GITHUB_TOKEN", "any-word")
        monkeypatch.setenv("SHOWCASE_URL", made.url)
        set_clock(monkeypatch, clock)
        yield made
        host.shutdown()
        thread.join()


def test_ten_nights_on_fresh_machines_lose_nothing(showcase: Showcase) -> None:
    """Each night goes on from what the last one published, and the site can show it."""
    for _ in range(10):
        assert showcase.night() == 0, showcase.says()
    proof = showcase.proof()
    assert proof["generation"] == 10
    assert proof["nights"] == proof["history"] == 10
    assert proof["with_facts"] == proof["with_readme"] == proof["confirmed"] == 8
    page = " ".join((showcase.published / "status" / "index.html").read_text().split())
    assert "8 of 8 confirmed in the last run, oldest fact less than a day" in page
    assert "nothing lost since 1 November 2026, 10 nights unbroken" in page


@pytest.mark.parametrize("address", [True, False], ids=["with an address", "without one"])
def test_a_lost_memory_comes_back_by_the_cure_that_is_named(
    showcase: Showcase, monkeypatch: pytest.MonkeyPatch, address: bool
) -> None:
    """Whoever types what the message says goes on, also where the site has no address."""
    if not address:
        monkeypatch.delenv("SHOWCASE_URL")
    assert showcase.night(restore=False) == 0
    for _ in range(2):
        assert showcase.run() == 0
        showcase.now += timedelta(days=1)
    shutil.copytree(showcase.machine / "output", showcase.published, dirs_exist_ok=True)
    shutil.rmtree(showcase.machine / "state")
    showcase.says()
    assert showcase.run() == 1
    said = showcase.says()
    cure = re.search(r"bring the memory back with `aggregator restore ?([^`]*)` and run", said)
    assert cure, said
    assert bool(cure[1]) is not address
    assert showcase.run(*shlex.split(cure[1]), command="restore") == 0
    assert showcase.run() == 0, showcase.says()
    status = json.loads((showcase.machine / "output" / "data" / "status.json").read_text())
    assert status["proof"]["history"] == 4


def test_github_failing_in_the_middle_costs_no_fact(showcase: Showcase) -> None:
    """A night of one answer and then 502 publishes everything known, and exits 1."""
    assert showcase.night() == 0
    showcase.github.faults.add(Fault(status(502), after=1))
    assert showcase.night(*BRIEF) == 1
    assert showcase.proof()["with_facts"] == showcase.proof()["with_readme"] == 8


def test_github_failing_at_once_says_who_was_not_answered(showcase: Showcase) -> None:
    """Entries without an answer are counted on the site, with the day since when."""
    assert showcase.night() == 0
    showcase.github.faults.always(status(502))
    assert showcase.night(*BRIEF) == 1
    assert "no answer: 8 not answered since 2026-11-02" in showcase.says()
    (silent,) = showcase.data("status.json")["no_answer"]
    assert (silent["state"], silent["entries"]) == ("unreachable", 8)
    page = " ".join((showcase.published / "status" / "index.html").read_text().split())
    assert "8 entries not answered since 2 November 2026" in page
    assert "0 of 8 confirmed in the last run, oldest fact 1 day" in page


def test_a_night_without_a_request_left_confirms_nothing(
    showcase: Showcase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the run before confirmed is not said of a run that could ask nobody."""
    monkeypatch.delenv("GITHUB_TOKEN")
    showcase.github.set_limit(None, "core", 5)
    showcase.night(days=0.01)
    assert showcase.proof()["confirmed"] == 1
    showcase.night()
    assert showcase.proof()["confirmed"] == 0
    assert showcase.proof()["with_facts"] == 1


def _down(showcase: Showcase) -> None:
    showcase.host.status = 503


def _portal(showcase: Showcase) -> None:
    showcase.host.instead = b"<html>Please log in to the guest network</html>"


def _torn(showcase: Showcase) -> None:
    path = showcase.published / "data" / "catalogue.db"
    path.write_bytes(path.read_bytes()[:5000])


def _lost_catalogue(showcase: Showcase) -> None:
    (showcase.published / "data" / "catalogue.db").unlink()


def _torn_proof(showcase: Showcase) -> None:
    (showcase.published / "data" / "proof.json").write_text('{"generation": ')


@pytest.mark.parametrize("spoil", [_down, _portal, _torn, _lost_catalogue, _torn_proof])
def test_a_night_without_its_memory_replaces_nothing(
    showcase: Showcase, spoil: Callable[[Showcase], None]
) -> None:
    """Whatever keeps the published catalogue from coming back, the site stays as it is."""
    assert showcase.night() == 0
    spoil(showcase)
    shutil.rmtree(showcase.machine)
    assert showcase.night() == 1
    assert not (showcase.machine / "output").exists()
    assert "this run has no memory" in showcase.says()
    assert showcase.night("--first-night", "--accept-losses") == 0


def test_a_site_that_was_never_published_is_a_first_night(showcase: Showcase) -> None:
    """404 for the site itself means that nothing can be lost."""
    assert showcase.night() == 0
    assert "this is the first night" in showcase.says()


def test_a_lost_site_comes_back_from_the_second_copy(showcase: Showcase) -> None:
    """When the host lost the site, the copy brings history, change log and facts back."""
    assert showcase.night() == 0
    assert showcase.night() == 0
    copy = showcase.place / "copy"
    shutil.copytree(showcase.published / "data", copy)
    shutil.rmtree(showcase.published)
    assert showcase.night("--copy", str(copy)) == 0
    assert showcase.proof()["history"] == showcase.proof()["generation"] == 3


def test_a_copy_that_did_not_come_is_said_to_be_missing(showcase: Showcase) -> None:
    """No folder where the copy should be is no empty copy, and the message says what is missing."""
    nowhere = showcase.place / "memory"
    assert showcase.night("--copy", str(nowhere)) == 1
    assert f"{nowhere} is not there: " in showcase.says()
    nowhere.mkdir()
    assert showcase.night("--copy", str(nowhere)) == 0


def test_a_machine_that_forgot_does_not_replace_its_own_site(showcase: Showcase) -> None:
    """Where the state was deleted and nothing restores it, the site that stands is the proof."""
    for _ in range(2):
        assert showcase.night() == 0
    shutil.rmtree(showcase.machine / "state")
    assert showcase.run() == 1
    assert "1 of 2 days of its history" in showcase.says()
    assert showcase.run("--accept-losses") == 0


@pytest.mark.parametrize("days", [1000, -1000])
def test_a_clock_that_is_off_writes_nothing(
    showcase: Showcase, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub and the host say what day it is; a machine that says another is told so."""
    assert showcase.night() == 0
    before = showcase.proof()
    wrong = showcase.now + timedelta(days=days)
    set_clock(monkeypatch, lambda: wrong)
    assert showcase.night() == 1
    assert "the clock of this machine is wrong" in showcase.says()
    assert not (showcase.machine / "output").exists()
    assert showcase.run("--first-night") == 1
    with closing(sqlite3.connect(showcase.machine / "state" / "catalogue.db")) as db:
        assert db.execute("SELECT count(*) FROM entries").fetchone() == (0,)
    assert showcase.proof() == before


def test_a_site_from_the_future_is_healed_by_the_next_honest_night(showcase: Showcase) -> None:
    """What a clock three years ahead wrote does not freeze the site until that day."""
    showcase.now += timedelta(days=1100)
    assert showcase.night() == 0
    showcase.now = FIRST
    assert showcase.night() == 0, showcase.says()
    projects = showcase.data("catalogue.json")["projects"]
    assert {p["confirmed_at"][:10] for p in projects} == {"2026-11-01"}
    assert {p["details"]["confirmed_at"][:10] for p in projects} == {"2026-11-01"}
    assert showcase.proof()["with_readme"] == 8
    assert showcase.night() == 0


def test_a_copied_template_does_not_take_over_a_strangers_memory(
    showcase: Showcase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same registry in another repository is told what to change; nobody is said to leave."""
    showcase.settings = f"  url: {showcase.url}\n  identity: abcdef012345\n"
    monkeypatch.setenv("GITHUB_REPOSITORY_ID", "41")
    assert showcase.night() == 0
    monkeypatch.setenv("GITHUB_REPOSITORY_ID", "42")
    assert showcase.night() == 1
    assert "belongs to repository 41" in showcase.says()
    assert showcase.night("--adopt") == 0
    assert showcase.night() == 0
    assert showcase.proof()["generation"] == 3


def test_a_foreign_catalogue_without_an_identity_is_told_by_its_entries(
    showcase: Showcase,
) -> None:
    """When nothing it knows is listed here, it is somebody else's, and its entries do not leave."""
    names = showcase.names
    showcase.names = names[:4]
    assert showcase.night() == 0
    showcase.names = names[4:]
    assert showcase.night() == 1
    assert "none of its 4 projects is in the registry" in showcase.says()
    assert showcase.proof()["projects"] == 4


def test_a_fork_is_told_whose_memory_came_along(
    showcase: Showcase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only the branch with the copy was forked, the message names that, not the 404."""
    monkeypatch.setenv("GITHUB_REPOSITORY_ID", "41")
    assert showcase.night() == 0
    copy = showcase.place / "copy"
    shutil.copytree(showcase.published / "data", copy)
    shutil.rmtree(showcase.published)
    monkeypatch.setenv("GITHUB_REPOSITORY_ID", "42")
    assert showcase.night("--copy", str(copy)) == 1
    (stopped,) = (line for line in showcase.says().splitlines() if "has no memory" in line)
    assert "belongs to repository 41" in stopped
    assert showcase.night("--copy", str(copy), "--first-night") == 0
    assert showcase.proof()["generation"] == 1


def test_a_truncated_registry_is_compared_by_names(showcase: Showcase) -> None:
    """Entries that are gone stop the night although as many others were added."""
    names = showcase.names
    showcase.names = names[:6]
    assert showcase.night() == 0
    showcase.names = [names[0], *names[6:], "nobody/one", "nobody/two", "nobody/three"]
    assert showcase.night() == 1
    said = showcase.says()
    assert "would lose 5 of 6 projects" in said
    assert names[3] in said


def test_what_turned_private_is_no_loss_to_refuse(showcase: Showcase) -> None:
    """Private means gone at the next run; the guard against losses never keeps it."""
    name = showcase.names[0]
    showcase.github.world.push(name, {"README.md": b"# One\n\nOnly the corncrake is named here.\n"})
    assert showcase.night() == 0
    showcase.github.world.make_private(name)
    assert showcase.night() == 0, showcase.says()
    left = [
        p for p in showcase.published.rglob("*") if p.is_file() and b"corncrake" in p.read_bytes()
    ]
    assert left == []
    assert showcase.proof()["tombstones"] == 1


def test_a_new_readme_that_does_not_come_leaves_the_last_one(showcase: Showcase) -> None:
    """One README that cannot be fetched stops nobody, and its page keeps the one before."""
    name = showcase.names[0]
    assert showcase.night() == 0
    words = {"README.md": b"# One\n\nThe second telling of it, in other words.\n"}
    showcase.github.world.push(name, words, at="2026-11-02T01:00:00Z")
    fault = showcase.github.faults.always(status(502), contains="text")
    showcase.night(*BRIEF)
    assert fault.hits
    page = showcase.published / "projects" / name / "index.html"
    assert "to see what changes" in page.read_text()
    showcase.github.faults.clear()
    assert showcase.night() == 0
    assert "The second telling of it" in page.read_text()


def test_the_site_knows_where_it_is_without_being_told(
    showcase: Showcase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Feeds have full addresses and the way to add a project leads to the repository of the run."""
    monkeypatch.setenv("GITHUB_REPOSITORY", "small-town/showcase")
    assert showcase.night() == 0
    assert f'href="{showcase.url}feed.xml"' in (showcase.published / "feed.xml").read_text()
    add = (showcase.published / "add" / "index.html").read_text()
    assert "https://github.com/small-town/showcase/" in add


def test_a_closed_door_for_all_exits_1(showcase: Showcase) -> None:
    """A token that no organisation lets in keeps every fact, and somebody must look."""
    assert showcase.night() == 0
    for name in showcase.names:
        showcase.github.world.forbid_by_saml(name)
    assert showcase.night() == 1
    assert "8 forbidden since 2026-11-02" in showcase.says()
    assert showcase.proof()["with_facts"] == 8


def test_a_memory_without_an_identity_takes_one_on_and_keeps_it(showcase: Showcase) -> None:
    """A catalogue from before there were identities is ours by its entries, and says so after."""
    assert showcase.night() == 0
    with closing(sqlite3.connect(showcase.published / "data" / "catalogue.db")) as db:
        db.execute("DELETE FROM about WHERE key = 'community'")
        db.commit()
    (showcase.published / "data" / "proof.json").unlink()
    assert showcase.night() == 0, showcase.says()
    taken = showcase.proof()["community"]
    assert len(taken) >= 8
    assert showcase.night() == 0
    assert showcase.proof()["community"] == taken


def test_a_new_registry_has_an_identity_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two communities that begin with `init` are never taken for each other."""
    identities = set()
    for name in ("one.yaml", "two.yaml"):
        with pytest.raises(SystemExit) as ended:
            main(["init", "--registry", str(tmp_path / name)])
        assert ended.value.code == 0, capsys.readouterr().err
        identities.add(load(tmp_path / name).showcase.identity)
    assert len(identities) == 2
    assert None not in identities


def test_restore_takes_several_places_and_says_what_it_passed_over(showcase: Showcase) -> None:
    """The command brings back the newest publication and names the place that had none."""
    assert showcase.night() == 0
    copy = showcase.place / "copy"
    shutil.copytree(showcase.published / "data", copy)
    showcase.host.status = 503
    shutil.rmtree(showcase.machine)
    showcase.machine.mkdir()
    assert showcase.run(showcase.url, str(copy), command="restore") == 0
    said = showcase.says()
    assert "the server answered 503" in said
    assert "restored 8 entries" in said
    assert (showcase.machine / "state" / "proof.json").is_file()
