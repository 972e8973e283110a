"""A showcase that includes another one, as whoever runs it sees it in the terminal and on disk."""

import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.store.neighbours_file import keep_neighbours, read_neighbours
from aggregator.words.addresses import is_public
from tests.cli.test_site import BRIEF, Run, github, home, run
from tests.neighbours.listings import SOURCE, listing, neighbour, row
from tests.neighbours.servers import OtherSite, answer, serving
from tests.program import asking, files
from tests.stand_in.server import Server

__all__ = ["github", "home", "run"]  # fixtures


@pytest.fixture
def inside() -> Iterator[OtherSite]:
    """A service on the machine that makes the site, which is nobody's business."""
    with serving({"/data/catalogue.json": answer(listing(row("inner/secret")))}) as site:
        yield site
        assert site.asked == []


@pytest.fixture
def beside(inside: OtherSite) -> str:
    """Its address by a name that does not say where it leads: that of this machine."""
    name = socket.gethostname()
    assert not is_public(socket.gethostbyname(name))
    return f"http://{name}:{inside.port}/data/catalogue.json"


def include(home: Path, address: str) -> None:
    """Include a showcase in the registry."""
    registry = home / "registry.yaml"
    text = registry.read_text(encoding="utf-8")
    added = f"showcase:\n  include: [{{from: '{address}'}}]\n"
    registry.write_text(text.replace("showcase:\n", added, 1), encoding="utf-8")


def test_a_registry_leads_nobody_to_a_service_beside_it(
    run: Run, home: Path, github: Server, beside: str
) -> None:
    """The run says why it did not ask, its exit code is that of the rest, and the page says so."""
    include(home, beside)
    done = run("run", "--first-night", *BRIEF, **asking(github))
    assert done.returncode == 0, done.stderr
    assert (
        f"another showcase brought nothing: {beside}: it leads into a private network"
        in done.stderr
    )
    assert read_neighbours(home / ".aggregator")[0].projects == ()
    page = (home / "output" / "elsewhere" / "index.html").read_text(encoding="utf-8")
    assert "it leads into a private network" in page


def test_an_address_that_says_that_it_is_private_is_a_mistake_of_the_registry(
    run: Run, home: Path, github: Server, inside: OtherSite
) -> None:
    """The check refuses it by line and cure, and the run says the same and asks nobody."""
    include(home, f"http://127.0.0.1:{inside.port}/")
    told = "registry.yaml:5:13: include: `127.0.0.1` is in a private network, which is never asked"
    checked = run("check")
    assert checked.returncode == 2
    assert told in checked.stdout
    assert "write the address at which everybody reaches that showcase" in checked.stdout
    done = run("run", "--first-night", *BRIEF, **asking(github))
    assert done.returncode == 0, done.stderr
    assert told in done.stderr
    assert not (home / ".aggregator" / "neighbours.json").exists()


def test_what_was_known_is_shown_until_it_is_taken_out_of_the_registry(
    run: Run, home: Path, github: Server
) -> None:
    """A build asks nobody; taking the line out takes the projects out, and the next run forgets."""
    state, before = home / ".aggregator", (home / "registry.yaml").read_bytes()
    assert run("build").returncode == 0
    alone = files(home / "output")
    include(home, SOURCE)
    keep_neighbours(state, [neighbour(row(), confirmed=datetime(2026, 10, 1, tzinfo=UTC))])
    assert run("build").returncode == 0
    shown = files(home / "output")
    assert b"plot/seeds" in shown["elsewhere/allotment-example/index.html"]
    assert shown["data/catalogue.json"] == alone["data/catalogue.json"]
    found = run("search", "seed swap")
    assert "plot/seeds  (listed in Allotment software)" in found.stdout
    (home / "registry.yaml").write_bytes(before)
    assert run("build").returncode == 0
    assert files(home / "output").keys() == alone.keys()
    assert run("update", *BRIEF, **asking(github)).returncode == 0
    assert not (state / "neighbours.json").exists()


def test_a_fresh_machine_begins_with_what_was_published(run: Run, home: Path) -> None:
    """What another showcase said last comes back with the catalogue, checked like all of it."""
    include(home, SOURCE)
    known = neighbour(row(), confirmed=datetime(2026, 10, 1, tzinfo=UTC), etag='"a"')
    keep_neighbours(home / ".aggregator", [known])
    assert run("build").returncode == 0
    shutil.copytree(home / "output", home / "published")
    shutil.rmtree(home / ".aggregator")
    done = run("restore", "published")
    assert done.returncode == 0, done.stderr
    assert read_neighbours(home / ".aggregator") == (known,)


def test_a_published_memory_that_is_damaged_costs_nothing_else(run: Run, home: Path) -> None:
    """The catalogue is restored, and others are asked anew."""
    include(home, SOURCE)
    assert run("build").returncode == 0
    shutil.copytree(home / "output", home / "published")
    (home / "published" / "data" / "neighbours.json").write_bytes(b"\xff{")
    shutil.rmtree(home / ".aggregator")
    done = run("restore", "published")
    assert done.returncode == 0, done.stderr
    assert read_neighbours(home / ".aggregator") == ()


def test_the_machine_that_joins_a_shared_night_asks_the_others(
    run: Run, home: Path, github: Server, beside: str
) -> None:
    """One part asks nobody but GitHub; who merges asks the other showcases, and all goes on."""
    include(home, beside)
    part = run("update", "--shard", "1/1", *BRIEF, **asking(github))
    assert part.returncode == 0, part.stderr
    assert beside not in part.stderr
    done = run("merge", ".aggregator")
    assert done.returncode == 0, done.stderr
    assert beside in done.stderr


def test_the_page_of_the_job_says_who_did_not_answer(
    run: Run, home: Path, github: Server, beside: str
) -> None:
    """Whoever looks at a night in a workflow reads it there."""
    include(home, beside)
    summary = home / "summary.md"
    done = run("update", *BRIEF, **asking(github), GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 0, done.stderr
    assert "another showcase brought nothing" in summary.read_text(encoding="utf-8")
