"""What became of each run is remembered, and judged in words."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator import __version__
from aggregator.run.health import PATIENCE, health_of, notice_of
from aggregator.run.run_history import RunRecord, begin_run, keep_run, lines_of, runs_of
from aggregator.run.schedule import mark_run, parse_cron

FIRST = datetime(2026, 11, 1, 3, 17, tzinfo=UTC)
LATER = FIRST + timedelta(days=30)
NIGHTLY = parse_cron("17 3 * * *")


def run(day: int, code: int | None = 0, failure: str = "") -> RunRecord:
    """A run of a night; without a code it was cut off."""
    begun = FIRST + timedelta(days=day)
    if code is None:
        return RunRecord(begun=begun)
    done = RunRecord.of(begun, begun + timedelta(seconds=42), code, failure=failure)
    return done.model_copy(update={"entries": 8, "confirmed": 0 if failure else 8})


def refused(day: int, code: int, why: str) -> RunRecord:
    """A run that the program would not go on with."""
    return run(day, code, why).model_copy(update={"refused": True})


def test_runs_are_remembered_in_order(tmp_path: Path) -> None:
    """Whoever asks a month later reads each run with its end."""
    kept = [run(0), run(1, 1, "GitHub cannot be reached"), run(2, None), run(3, 130)]
    for record in kept:
        keep_run(tmp_path, record)
    assert list(runs_of(tmp_path)) == kept
    assert [record.ended for record in kept] == ["well", "badly", "cut off", "stopped"]


def test_a_run_is_of_the_version_that_noted_it(tmp_path: Path) -> None:
    """Of a run that was cut off, perhaps before an upgrade, no version is made up."""
    for record in (run(0), run(1, None)):
        keep_run(tmp_path, record)
    assert [record.version for record in runs_of(tmp_path)] == [__version__, ""]


def test_the_history_is_bounded(tmp_path: Path) -> None:
    """Years of runs take no more room than one year does."""
    for day in range(1_100):
        keep_run(tmp_path, run(day))
    found = runs_of(tmp_path)
    assert len(found) == 400
    assert found[-1] == run(1_099)
    assert len((tmp_path / "runs.jsonl").read_bytes().splitlines()) <= 500


@pytest.mark.parametrize(
    "torn",
    [b'{"begun": "2026-', b"\xff\xfe\x00", b"{}", b"[]", b"null", b'{"begun": "2026-11-09"}'],
)
def test_a_line_that_was_cut_off_costs_that_line_only(tmp_path: Path, torn: bytes) -> None:
    """A power cut in the middle of a line leaves the runs before it and those that follow."""
    keep_run(tmp_path, run(0))
    with (tmp_path / "runs.jsonl").open("ab") as file:
        file.write(torn)
    keep_run(tmp_path, run(1))
    assert list(runs_of(tmp_path)) == [run(0), run(1)]


def test_what_a_newer_version_adds_is_left_aside(tmp_path: Path) -> None:
    """A machine that goes back to an older version still reads its runs."""
    told = {**run(0).model_dump(mode="json"), "mood": "fine"}
    (tmp_path / "runs.jsonl").write_text(json.dumps(told) + "\n")
    assert list(runs_of(tmp_path)) == [run(0)]


def begin(state: Path, day: int) -> None:
    """Begin a run of a day, and keep what became of the one before."""
    if cut_off := begin_run(state, FIRST + timedelta(days=day)):
        keep_run(state, cut_off)


def test_a_run_that_nobody_ended_is_told_by_the_next(tmp_path: Path) -> None:
    """After a power cut the history says that the run was cut off, once."""
    for day in range(3):
        begin(tmp_path, day)
    assert list(runs_of(tmp_path)) == [run(0, None), run(1, None)]
    mark_run(tmp_path, FIRST + timedelta(days=2), FIRST + timedelta(days=2, seconds=5))
    begin(tmp_path, 3)
    assert len(runs_of(tmp_path)) == 2


def test_a_run_that_was_only_taken_for_cut_off_counts_as_it_ended(tmp_path: Path) -> None:
    """A run by hand beside a run at night is told as both of them ended."""
    begin(tmp_path, 0)
    begin(tmp_path, 1)
    keep_run(tmp_path, run(0))
    assert list(runs_of(tmp_path)) == [run(0)]


def test_runs_that_end_at_once_are_all_remembered(tmp_path: Path) -> None:
    """Several processes on one state folder lose no line of each other's."""
    with ThreadPoolExecutor(4) as many:
        list(many.map(lambda day: keep_run(tmp_path, run(day)), range(60)))
    assert list(runs_of(tmp_path)) == [run(day) for day in range(60)]


def test_runs_are_shown_in_a_line_each() -> None:
    """When, how it ended, how long it took, and what it brought."""
    lines = list(lines_of([run(0), run(1, 1, "the disk is full"), run(2, None)]))
    assert lines == [
        "2026-11-01 03:17 UTC  well       42 s  8 of 8 entries confirmed",
        "2026-11-02 03:17 UTC  badly      42 s  0 of 8 entries confirmed  the disk is full",
        "2026-11-03 03:17 UTC  cut off       -",
    ]


@pytest.mark.parametrize(
    ("runs", "hours", "well", "reason"),
    [
        ([], 0, False, "no run has ended yet"),
        (
            [run(0)],
            1,
            True,
            "the run of 2026-11-01 03:17 UTC ended well; facts of 2026-11-01 03:17",
        ),
        ([run(0)], 24, True, "ended well"),
        ([run(0)], 27, False, "no run since 2026-11-02 03:17 UTC, when one was planned"),
        ([run(0), run(1, 1, "it rains")], 25, False, "ended with 1: it rains; facts of 2026-11-01"),
        ([run(0), run(1, None)], 25, False, "was cut off"),
        ([run(0), run(1, 130)], 25, True, "the run of 2026-11-01 03:17 UTC ended well"),
        ([run(0, 1), run(1)], 25, True, "ended well"),
        (
            [run(0), refused(1, 2, "the registry lists nothing")],
            25,
            False,
            "the run of 2026-11-02 03:17 UTC was refused: the registry lists nothing; facts of",
        ),
        (
            [run(0), run(2)],
            1,
            False,
            "the run of 2026-11-03 03:17 UTC is yet to come, as it is 2026-11-01 04:17 UTC: ",
        ),
    ],
)
def test_a_monitor_is_told_whether_the_job_is_well(
    runs: list[RunRecord], hours: float, well: bool, reason: str
) -> None:
    """A run that failed, was cut off or did not come is called by its name."""
    health = health_of(runs, NIGHTLY, FIRST + timedelta(hours=hours))
    assert health.well == well
    assert reason in health.reason


@pytest.mark.parametrize("year", [2199, 9999])
def test_a_clock_that_went_wrong_is_named_and_breaks_nothing(year: int) -> None:
    """However far ahead the last run is dated, there is a sentence, and its length is nobody's."""
    ahead = FIRST.replace(year=year, month=12, day=31)
    late = RunRecord(begun=ahead, finished=FIRST, exit_code=0)
    assert "is yet to come" in health_of([run(0), late], NIGHTLY, FIRST).reason
    assert f"{year}-12-31 03:17 UTC  well          -" in next(lines_of([late]))


def test_a_run_has_time_before_somebody_is_called() -> None:
    """With its pauses a run may take hours; only then it counts as missed."""
    planned = FIRST + timedelta(days=1)
    assert health_of([run(0)], NIGHTLY, planned + PATIENCE).well
    assert not health_of([run(0)], NIGHTLY, planned + PATIENCE + timedelta(seconds=1)).well


def test_one_trouble_has_one_name_however_long_it_lasts() -> None:
    """Whoever sends notices on can tell the same trouble from a new one, and its end from both."""
    trouble = [run(0), run(1, 1, "it rains"), run(2, 2, "it pours"), run(3, None)]
    assert notice_of(trouble[:1], "Small", LATER) is None
    notices = [notice_of(trouble[:n], "Small", LATER) for n in (2, 3, 4)]
    assert {notice.id for notice in notices if notice} == {"run-failed-20261102T031700Z"}
    assert notices[0]
    assert "it rains" in notices[0].text
    assert notices[1]
    assert "2 runs failed in a row, the first of 2026-11-02 03:17 UTC" in notices[1].text
    over = notice_of([*trouble, run(4, 130), run(5)], "Small", LATER)
    assert over
    assert over.good
    assert over.id == "run-recovered-20261102T031700Z"
    assert notice_of([*trouble, run(5), run(6)], "Small", LATER) is None
    again = notice_of([*trouble, run(5), run(6, 1)], "Small", LATER)
    assert again
    assert again.id == "run-failed-20261107T031700Z"


def test_a_run_that_is_yet_to_come_says_nothing_of_this_night() -> None:
    """A clock that was ahead once neither hides a trouble nor makes one up."""
    assert notice_of([run(0), run(1), run(700, 1)], "Small", LATER) is None
    hidden = notice_of([run(0), run(1, 1), run(700)], "Small", LATER)
    assert hidden
    assert not hidden.good
