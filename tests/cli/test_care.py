"""`aggregator links` and `aggregator care`, as whoever looks after a showcase runs them."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from aggregator.care.linked import linked_addresses
from aggregator.care.rounds import (
    KnownWebsite,
    Websites,
    keep_websites,
    read_websites,
    sum_of_address,
)
from aggregator.care.websites import Condition
from aggregator.registry.loader import load
from aggregator.store.store import read_snapshot
from tests.cli.test_site import Run, run
from tests.program import NOBODY, files

__all__ = ["run"]  # a fixture

REGISTRY = """\
projects:
  - repo: ann/tool # a comment
    links: {docs: "http://127.0.0.1:9/inside", paper: "https://paper.invalid/"}
"""
PAPER = "https://paper.invalid/"
MOVED = "https://paper.example.org/new"


def remember(folder: Path, condition: Condition, target: str = "") -> None:
    day = date(2026, 9, 1)
    known = KnownWebsite(
        visited=day + timedelta(days=7), condition=condition, since=day, times=2, target=target
    )
    keep_websites(folder, Websites({sum_of_address(PAPER): known}))


def test_without_a_network_nothing_is_noted(run: Run, tmp_path: Path) -> None:
    """Nobody answers, so no website is called dead; what was known stays."""
    (tmp_path / "registry.yaml").write_text(REGISTRY)
    remember(tmp_path / ".aggregator", Condition.FINE)
    done = run("links", GITHUB_SERVER_URL="http://127.0.0.1:9")
    assert done.returncode == 0, done.stderr
    assert "this machine has no network" in done.stderr
    assert "1 address, 1 fine" in done.stdout
    assert "0 visited now, 1 left for the next round" in done.stdout
    known = read_websites(tmp_path / ".aggregator").of(PAPER)
    assert known is not None
    assert known.condition is Condition.FINE


def test_care_says_what_could_be_mended_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    """The report stands in a file and on the screen; registry and state are as they were."""
    (tmp_path / "registry.yaml").write_text(REGISTRY)
    remember(tmp_path / ".aggregator", Condition.MOVED, MOVED)
    before = files(tmp_path)
    done = run("care", "--report", "care.md", **NOBODY)
    assert done.returncode == 0, done.stderr
    assert "moved:ann/tool:paper" in done.stdout
    report = (tmp_path / "care.md").read_text()
    assert report.startswith("<!-- aggregator: care -->")
    assert {n: b for n, b in files(tmp_path).items() if n != "care.md"} == before


def test_care_writes_what_is_chosen(run: Run, tmp_path: Path) -> None:
    """A chosen mend is in the registry, comments and all else as before, and `check` is content."""
    (tmp_path / "registry.yaml").write_text(REGISTRY)
    remember(tmp_path / ".aggregator", Condition.MOVED, MOVED)
    done = run("care", "--apply", "moved:ann/tool:paper", **NOBODY)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "wrote moved:ann/tool:paper into registry.yaml\n"
    text = (tmp_path / "registry.yaml").read_text()
    assert "# a comment" in text
    assert MOVED in text
    assert PAPER not in text
    assert run("check").returncode == 0


def test_an_entry_in_a_file_of_its_own_is_mended_there(run: Run, tmp_path: Path) -> None:
    """A registry in several files stays so: the mend goes where the entry stands."""
    (tmp_path / "registry.yaml").write_text("showcase: {title: Parts}\n")
    (tmp_path / "registry.d").mkdir()
    (tmp_path / "registry.d" / "ann.yaml").write_text(REGISTRY)
    remember(tmp_path / ".aggregator", Condition.DEAD)
    done = run("care", "--apply", "dead:ann/tool:paper", **NOBODY)
    assert done.returncode == 0, done.stderr
    assert "paper" not in (tmp_path / "registry.d" / "ann.yaml").read_text()
    assert (tmp_path / "registry.yaml").read_text() == "showcase: {title: Parts}\n"


@pytest.mark.parametrize("name", ["renamed:nobody/there", "", "../../etc/passwd"])
def test_a_name_that_is_none_writes_nothing(run: Run, tmp_path: Path, name: str) -> None:
    """Whoever mistypes is told, exit code 2, and the registry is as it was."""
    (tmp_path / "registry.yaml").write_text(REGISTRY)
    done = run("care", "--apply", name, **NOBODY)
    assert done.returncode == 2
    assert "there is no mend" in done.stderr
    assert (tmp_path / "registry.yaml").read_text() == REGISTRY


def test_the_sample_community_is_told_what_could_be_mended(
    run: Run, sample: Path, tmp_path: Path
) -> None:
    """Names of the sample's renamed and archived repositories stand in the report of its state."""
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    first, second = run("care", **NOBODY), run("care", **NOBODY)
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    snapshot = read_snapshot(tmp_path / ".aggregator" / "catalogue.db")
    listed = load(tmp_path / "registry.yaml")
    assert linked_addresses(listed, snapshot, "https://github.com")
    told = json.dumps(first.stdout)
    assert "could be mended" in told


def test_a_visitor_reads_of_a_link_that_leads_nowhere(
    run: Run, sample: Path, tmp_path: Path
) -> None:
    """After two visits the page of the project says since when; once it is found again, no more."""
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    state = tmp_path / ".aggregator"
    listed, snapshot = load(tmp_path / "registry.yaml"), read_snapshot(state / "catalogue.db")
    one = next(one for one in linked_addresses(listed, snapshot, "https://github.com") if one.field)
    dead = {"condition": Condition.DEAD, "since": date(2026, 9, 1), "visited": date(2026, 9, 8)}
    sentence = "since 1 September 2026."

    def page_with(**what: object) -> str:
        known = KnownWebsite.model_validate(dead | what)
        keep_websites(state, Websites({sum_of_address(one.url): known}))
        done = run("build", **NOBODY)
        assert done.returncode == 0, done.stderr
        pages = (tmp_path / "output" / "projects").rglob("index.html")
        return "".join(
            page.read_text() for page in pages if f"projects/{one.about}/index" in page.as_posix()
        )

    assert sentence not in page_with(times=1)
    marked = page_with(times=2)
    assert sentence in marked
    assert f'href="{one.url}"' in marked
    assert sentence not in page_with(times=3, condition=Condition.FINE)
