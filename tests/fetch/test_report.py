"""What a run says: to people, to workflows, and while it goes on."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from rich.console import Console

from aggregator.demo.git import History
from aggregator.facts.protocol import Spent
from aggregator.fetch.state import Progress
from aggregator.run.progress import open_progress
from aggregator.run.report import as_json, as_lines, as_summary
from aggregator.words.outcomes import Outcome
from tests.fetch.conftest import Nights
from tests.stand_in import actions


@pytest.fixture
def after_a_busy_night(nights: Nights) -> Nights:
    """A showcase in which one was renamed, one deleted and one pushed to."""
    nights.run()
    nights.world.rename(nights.names[0], f"{nights.names[0].split('/')[0]}/other")
    nights.world.delete(nights.names[1])
    nights.world.push(nights.names[2], {"x.py": b""}, at="2026-11-22T01:00:00Z")
    return nights


def test_lines(after_a_busy_night: Nights) -> None:
    """One line for each kind of outcome, with names where somebody may want to act."""
    nights = after_a_busy_night
    lines = as_lines(nights.run())
    assert lines[0].startswith("11 of 12 repositories confirmed in ")
    assert lines[1:] == [
        "     1  new or changed",
        "     9  unchanged",
        f"     1  renamed: {nights.names[0]}",
        f"     1  gone: {nights.names[1]}",
    ]


def test_json(after_a_busy_night: Nights) -> None:
    """A workflow reads the same from JSON, with what it cost and what changed."""
    nights = after_a_busy_night
    report = nights.run()
    found = json.loads(as_json(report))
    assert found["exit_code"] == 0
    assert found["outcomes"]["gone"] == [nights.names[1]]
    assert found["requests"] == nights.server.counts.requests
    assert {change["kind"] for change in found["changes"]} == {"renamed", "gone"}
    assert found["waiting"] == {"repositories": 0, "details": 0, "readmes": 0}


def test_job_summary(after_a_busy_night: Nights) -> None:
    """The job summary is a table of outcomes."""
    nights = after_a_busy_night
    summary = as_summary(nights.run())
    assert summary.startswith("## Showcase update\n")
    assert f"| gone | 1 | `{nights.names[1]}` |" in summary


def test_stopped_by_hand(open_nights: Callable[..., Nights]) -> None:
    """Ctrl-C ends a run cleanly; what was fetched is kept and the next run needs only the rest."""
    nights = open_nights(12, token=None)

    def interrupt(progress: Progress) -> None:
        if progress.stage == "repositories" and progress.done == 4:
            raise KeyboardInterrupt

    report = nights.run(watch=interrupt)
    assert report.exit_code == 130
    assert as_lines(report)[0].startswith("stopped by hand, everything fetched so far is kept: 4")
    assert len(nights.snapshot().records) == 4
    assert nights.run().confirmed == 12


def test_stopped_before_any_answer(nights: Nights) -> None:
    """Whoever stops a run before GitHub answered has told nobody that an entry left."""
    nights.run()
    left = nights.names.pop()
    nights.server.faults.always(actions.status(502))

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    nights.clock.sleep = interrupt  # type: ignore[method-assign]
    report = nights.run()
    assert report.exit_code == 130
    assert report.changes == ()
    assert nights.record(left).facts is not None


def test_people_are_counted(open_nights: Callable[..., Nights]) -> None:
    """All contributors are counted, over REST where the newest hundred commits are not all."""
    nights = open_nights(2)
    people = tuple((f"person-{n}", 1) for n in range(5))
    long = History("seed", "2024-01-01T00:00:00Z", "2026-11-20T00:00:00Z", 400, people)
    nights.world.change(nights.names[0], history=long)
    nights.run()
    found = [nights.record(name).facts for name in nights.names]
    for facts in found:
        assert facts is not None
        assert facts.contributors is not None
        assert facts.contributors.count
        assert facts.contributors.top
    first = found[0]
    assert first is not None
    assert first.contributors is not None
    assert first.contributors.count == 5
    assert first.details is not None
    assert first.details.commits_count == 400


PROGRESS = Progress("repositories", 100, 300, Spent(requests=1, left=4_999), 600.0)


def test_plain_lines() -> None:
    """Without a terminal, a stage gives a line at its start, every ten seconds and at its end."""
    written = io.StringIO()
    with open_progress(Console(file=written, force_terminal=False), None) as watcher:
        for done, left in ((100, 600.0), (200, 599.0), (250, 585.0), (300, 584.0)):
            watcher(replace(PROGRESS, done=done, seconds_left=left))
    assert written.getvalue().splitlines() == [
        "repositories: 100 of 300, 1 request, 4,999 points left",
        "repositories: 250 of 300, 1 request, 4,999 points left",
        "repositories: 300 of 300, 1 request, 4,999 points left",
    ]


def test_bar() -> None:
    """On a terminal there is a bar with what is done, spent and left."""
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=120)
    with open_progress(console, None) as watcher:
        watcher(PROGRESS)
        watcher(replace(PROGRESS, stage="details", done=20, total=40))
    assert "20/40" in written.getvalue()
    assert "4,999 points left" in written.getvalue()


def test_progress_reaches_its_end(nights: Nights) -> None:
    """Each stage of a run is reported up to its end."""
    nights.run()
    last = {progress.stage: progress for progress in nights.seen}
    assert set(last) == {"repositories", "details"}
    assert all(progress.done == progress.total == 12 for progress in last.values())


def test_since(nights: Nights) -> None:
    """An outcome says since when it stands, however many nights it lasts."""
    nights.run()
    nights.world.forbid_by_saml(nights.names[0])
    began = nights.clock.now()
    for _ in range(3):
        nights.run()
    record = nights.record(nights.names[0])
    assert record.outcome is Outcome.FORBIDDEN
    assert record.since == began
    assert record.last_tried == began + timedelta(days=2)
    assert record.last_succeeded == began - timedelta(days=1)
