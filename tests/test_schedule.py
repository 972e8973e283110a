"""A server that was restarted catches up, patiently, and stops when asked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.run.guard import remember_proof
from aggregator.run.proof import Proof
from aggregator.run.schedule import (
    PAUSES,
    LastRun,
    catch_up,
    last_run,
    mark_run,
    why_now,
)

NOW = datetime(2026, 11, 21, 3, 17, tzinfo=UTC)


class Night:
    """A job that fails so many times, and a clock that nobody waits for."""

    def __init__(self, failures: int, stop_after: int | None = None) -> None:
        self.failures = failures
        self.stop_after = stop_after
        self.runs = 0
        self.waited: list[float] = []
        self.said: list[str] = []

    def job(self) -> None:
        """Run, well or badly."""
        self.runs += 1

    def why_now(self) -> str:
        """Give the reason that lasts until a run went well."""
        return "there is no site yet" if self.runs <= self.failures else ""

    def pause(self, seconds: float) -> bool:
        """Note how long one would wait."""
        if seconds:
            self.waited.append(seconds)
        return self.stop_after is not None and len(self.waited) >= self.stop_after

    def run(self) -> None:
        """Start the server."""
        catch_up(self.job, self.why_now, self.pause, self.said.append)


@pytest.mark.parametrize("failures", [0, 1, 3])
def test_a_first_run_that_fails_is_tried_again(failures: int) -> None:
    """The pauses grow, and nothing runs once the site stands."""
    night = Night(failures)
    night.run()
    assert night.runs == failures + 1
    assert night.waited == list(PAUSES[:failures])
    assert night.waited == sorted(night.waited)


def test_the_tries_have_an_end() -> None:
    """A mistake that nobody mends does not keep a server busy; the schedule goes on."""
    night = Night(failures=1_000)
    night.run()
    assert night.runs == len(PAUSES) + 1


def test_a_stop_ends_a_pause_and_the_tries() -> None:
    """SIGTERM between two tries is not answered with another try."""
    night = Night(failures=1_000, stop_after=2)
    night.run()
    assert night.runs == 2
    assert "trying again in 1 minute" in night.said[1]


@pytest.mark.parametrize(
    ("hours", "ended", "site", "runs"),
    [
        (1, "finished", True, False),
        (1, "never", True, False),
        (23, "finished", True, False),
        (25, "finished", True, True),
        (1, "cut off", True, True),
        (1, "finished", False, True),
        (None, "never", True, True),
        (None, "never", False, True),
        (None, "finished", True, False),
    ],
)
def test_a_run_out_of_turn_has_a_reason(
    hours: int | None, ended: LastRun, site: bool, runs: bool
) -> None:
    """Old facts, a run that was cut off, or no site: each is caught up, and nothing else."""
    fetched = NOW - timedelta(hours=hours) if hours is not None else None
    assert bool(why_now(NOW, fetched, ended, site_stands=site)) == runs


def test_a_run_that_was_cut_off_is_known_by_its_mark(tmp_path: Path) -> None:
    """What a killed process leaves tells the next one that there is work."""
    state = tmp_path / "state"
    assert last_run(state) == "never"
    mark_run(state, NOW)
    assert last_run(state) == "cut off"
    mark_run(state, NOW, NOW)
    assert last_run(state) == "finished"
    mark_run(state, NOW)
    assert last_run(state) == "cut off"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"begun": 1}'])
def test_a_mark_that_makes_no_sense_costs_one_run(content: bytes, tmp_path: Path) -> None:
    """A damaged mark never keeps a server from starting."""
    (tmp_path / "run.json").write_bytes(content)
    assert last_run(tmp_path) == "cut off"


def test_two_runs_at_once_never_trip_over_each_others_marks(tmp_path: Path) -> None:
    """What several runs note in one state folder at one moment is the note of one of them."""

    def note(number: int) -> None:
        mark_run(tmp_path, NOW + timedelta(seconds=number))
        remember_proof(tmp_path / "proof.json", Proof(generation=number))

    with ThreadPoolExecutor(4) as runs:
        list(runs.map(note, range(200)))
    assert last_run(tmp_path) == "cut off"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["proof.json", "run.json"]
