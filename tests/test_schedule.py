"""A server that was restarted catches up, patiently, and stops when asked."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger

from aggregator.run.guard import remember_proof
from aggregator.run.proof import Proof
from aggregator.run.schedule import (
    IN_TURN,
    NIGHTLY,
    PAUSES,
    LastRun,
    keep_running,
    last_mark,
    last_run,
    mark_run,
    parse_cron,
    run_until_well,
    why_now,
)
from aggregator.words.errors import UsageError

NOW = datetime(2026, 11, 21, 3, 17, tzinfo=UTC)


class Night:
    """A job that fails so many times, and a clock that nobody waits for."""

    def __init__(self, failures: int, stop_after: int | None = None) -> None:
        self.failures = failures
        self.stop_after = stop_after
        self.runs = 0
        self.waited: list[float] = []
        self.said: list[str] = []

    def job(self, why: str) -> None:
        """Run, well or badly."""
        assert why
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
        run_until_well(self.job, IN_TURN, self.why_now, self.pause, self.said.append)


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
    assert "trying again in 1 minute" in night.said[0]


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
    """A night missed, a run that was cut off, or no site: each is caught up, and nothing else."""
    fetched = NOW - timedelta(hours=hours) if hours is not None else None
    trigger = parse_cron(NIGHTLY)
    assert (
        bool(why_now(NOW - timedelta(minutes=1), fetched, ended, trigger, site_stands=site)) == runs
    )


def test_a_run_that_was_refused_is_called_that() -> None:
    """A start after it says why it was refused; where nobody remembers, that it did not finish."""
    given = (NOW, NOW, "cut off", parse_cron(NIGHTLY))
    assert why_now(*given, site_stands=True) == "the last run did not finish"
    end = "was refused: the site would lose all"
    assert why_now(*given, site_stands=True, end=end) == f"the last run {end}"


def test_facts_of_a_day_to_come_are_no_reason_and_no_trouble() -> None:
    """After the last day that there is nothing can be planned."""
    at = datetime(9999, 12, 31, 23, tzinfo=UTC)
    assert why_now(NOW, at, "finished", parse_cron(NIGHTLY), site_stands=True) == ""


@pytest.mark.parametrize(
    ("cron", "fetched", "now", "runs"),
    [
        # A week is not over: a restart on its third day asks nobody.
        ("0 4 * * 1", "2026-11-23T04:00:01", "2026-11-26T10:00", False),
        ("0 4 * * 1", "2026-11-23T04:00:01", "2026-11-30T04:00", True),
        ("0 4 * * 1", "2026-11-16T04:00:01", "2026-11-29T10:00", True),
        # A run of each hour that was missed an hour ago is made up for at once.
        ("5 * * * *", "2026-11-26T08:05:00", "2026-11-26T09:04", False),
        ("5 * * * *", "2026-11-26T08:05:00", "2026-11-26T09:06", True),
        # The run that a time was planned for does not call for another one.
        ("17 3 * * *", "2026-11-26T03:17:00", "2026-11-26T03:17:40", False),
    ],
)
def test_what_is_missed_is_told_by_the_schedule(
    cron: str, fetched: str, now: str, runs: bool
) -> None:
    """Whether a time passed without a run is asked of the schedule, not of a number of hours."""
    known, at = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (fetched, now))
    assert bool(why_now(at, known, "finished", parse_cron(cron), site_stands=True)) == runs


@pytest.mark.parametrize(
    ("cron", "days"),
    [
        ("0 3 * * 0", [6]),
        ("0 3 * * 7", [6]),
        ("0 3 * * 1", [0]),
        ("0 3 * * 1-5", [0, 1, 2, 3, 4]),
        ("0 3 * * 0,6", [5, 6]),
        ("0 3 * * */2", [1, 3, 5, 6]),
        ("0 3 * * 5-7", [4, 5, 6]),
        ("0 3 * * mon-fri", [0, 1, 2, 3, 4]),
        ("0 3 * * sun", [6]),
    ],
)
def test_days_of_the_week_are_counted_as_crontab_does(cron: str, days: list[int]) -> None:
    """0 and 7 are Sunday, as in every crontab, and 1 is Monday."""
    trigger, found, at = parse_cron(cron), set(), NOW
    for _ in range(14):
        at = trigger.after(at)
        found.add(at.weekday())
    assert sorted(found) == days


@pytest.mark.parametrize(
    "zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC"]
)
@pytest.mark.parametrize("hour", [0, 1, 2, 3])
def test_a_year_of_nights_has_one_run_each_whatever_clocks_do(zone: str, hour: int) -> None:
    """Nights on which clocks change have one run as all others, at the hour of the place."""
    trigger, at = parse_cron(f"30 {hour} * * *", zone), datetime(2026, 12, 31, 12, tzinfo=UTC)
    nights = [at := trigger.after(at) for _ in range(365)]
    days = [night.astimezone(ZoneInfo(zone)).date() for night in nights]
    assert len(set(days)) == len(days)
    assert (days[-1] - days[0]).days == 364
    local = [night.astimezone(ZoneInfo(zone)) for night in nights]
    assert sum((moment.hour, moment.minute) != (hour, 30) for moment in local) <= 1


def test_chance_only_adds_to_a_planned_time() -> None:
    """With jitter a run begins a little later, never sooner, and is not missed for that."""
    trigger = parse_cron(NIGHTLY, jitter=600)
    begun = [trigger.get_next_fire_time(None, NOW + timedelta(hours=1)) for _ in range(50)]
    planned = trigger.after(NOW)
    assert planned == NOW + timedelta(days=1)
    assert all(timedelta() <= moment - planned <= timedelta(seconds=600) for moment in begun)
    assert len(set(begun)) > 1


@pytest.mark.parametrize(
    ("cron", "zone", "said"),
    [
        ("3am", "UTC", "'3am' is not a schedule"),
        ("0 3 31 2 *", "UTC", "such a day never comes"),
        ("0 3 * * 8", "UTC", "not a schedule"),
        ("", "UTC", "not a schedule"),
        (NIGHTLY, "Mars/Olympus", "Mars/Olympus` is not a time zone"),
        (NIGHTLY, "../etc/passwd", "is not a time zone"),
        (NIGHTLY, "", "nothing is written here"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_one_clear_error(cron: str, zone: str, said: str) -> None:
    """Whoever starts a server with a slip in its schedule is told which one."""
    with pytest.raises(UsageError, match=said):
        parse_cron(cron, zone)


class Kept:
    """A server whose schedule says every second."""

    def __init__(self, runs: int, seconds: float = 0.0) -> None:
        self.stop, self.lasts = threading.Event(), seconds
        self.left, self.at_work, self.most_at_once = runs, 0, 0
        self.reasons: list[str] = []
        self.planned: list[datetime] = []
        self.trigger = CronTrigger(second="*", timezone="UTC")

    def run(self, why: str) -> None:
        """Work for a while; the last run stops the server."""
        self.reasons.append(why)
        self.at_work += 1
        self.most_at_once = max(self.most_at_once, self.at_work)
        threading.Event().wait(self.lasts)
        self.at_work -= 1
        self.left -= 1
        if not self.left:
            self.stop.set()

    def keep(self, at_once: tuple[datetime, str] | None = None) -> None:
        """Let it run until it stops itself."""
        keep_running(self.run, lambda: self.trigger, self.stop, self.planned.append, at_once)


def test_a_server_that_slept_for_long_makes_up_by_one_run() -> None:
    """However many nights were missed, one run comes at once and the next when it is time."""
    server = Kept(2)
    server.keep((datetime.now(UTC), "many nights were missed"))
    assert server.reasons == ["many nights were missed", IN_TURN]
    assert len(server.planned) == 1


def test_two_runs_never_overlap() -> None:
    """A run that lasts longer than the schedule allows is not joined by the next one."""
    server = Kept(2, seconds=2.2)
    server.keep()
    assert server.most_at_once == 1


def test_a_schedule_that_changed_is_followed_from_the_next_run_on() -> None:
    """A registry that says another time is heard without a restart."""
    server = Kept(1)
    then = parse_cron("30 4 1 1 *")

    def run(_: str) -> None:
        server.trigger = then
        threading.Timer(0.3, server.stop.set).start()

    keep_running(run, lambda: server.trigger, server.stop, server.planned.append)
    assert server.planned[-1].month == 1
    assert server.planned[-1].hour == 4


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
    mark = last_mark(tmp_path)
    assert mark
    assert mark.begun is None


def test_two_runs_at_once_never_trip_over_each_others_marks(tmp_path: Path) -> None:
    """What several runs note in one state folder at one moment is the note of one of them."""

    def note(number: int) -> None:
        mark_run(tmp_path, NOW + timedelta(seconds=number))
        remember_proof(tmp_path / "proof.json", Proof(generation=number))

    with ThreadPoolExecutor(4) as runs:
        list(runs.map(note, range(200)))
    assert last_run(tmp_path) == "cut off"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["proof.json", "run.json"]
