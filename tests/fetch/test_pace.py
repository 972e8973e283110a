"""How many questions are open at once, and that answers count the same in whatever order."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from aggregator.facts.protocol import Answer, Spent, Trouble, TroubleKind
from aggregator.fetch.conversation import Budget, Clock, Conversation, Stopwatch, in_packs
from aggregator.fetch.pace import MOST_AT_ONCE, Pace
from tests.fetch.conftest import FIRST_NIGHT, Nights
from tests.stand_in import actions
from tests.stand_in.faults import Fault

AHEAD = 10_000  # requests of 15 to 30 milliseconds: more than a minute's
ITEMS = {f"owner/tool-{n}": n for n in range(12)}


@dataclass
class Slow:
    """Answers after a while, the first of several last, and remembers how many were open."""

    limit_at: int | None = None  # at this question GitHub says that it has had enough
    open_now: int = 0
    most_open: int = 0
    widths: list[int] = field(default_factory=list)  # how many were open when each began
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, numbers: Sequence[int]) -> Answer[int]:
        """Answer with the numbers themselves."""
        with self._lock:
            self.open_now += 1
            self.widths.append(self.open_now)
            self.most_open = max(self.most_open, self.open_now)
            limited = len(self.widths) - 1 == self.limit_at
        time.sleep(0.03 - 0.005 * (numbers[0] % 3))
        with self._lock:
            self.open_now -= 1
        if limited:
            return Answer(trouble=Trouble(TroubleKind.LIMITED, "enough", wait=0.01))
        return Answer({f"owner/tool-{n}": n for n in numbers})


def _talk(seconds: float, naps: list[float] | None = None) -> Conversation:
    clock = Clock(lambda: FIRST_NIGHT, time.monotonic, (naps if naps is not None else []).append)
    return Conversation(Stopwatch(Budget(seconds), clock), Spent)


def _said(talk: Conversation, call: Callable[[Sequence[int]], Answer[int]]) -> list[Any]:
    return [one for a in talk.ask(in_packs(ITEMS, 1), call, ahead=AHEAD) for one in a.said.values()]


def test_one_at_a_time_while_the_night_fits() -> None:
    """A night that fits its budget has one question open, and while it is put away none less."""
    slow = Slow()
    assert _said(_talk(60_000), slow) == list(ITEMS.values())
    assert slow.most_open == 1


def test_three_at_once_when_the_night_is_late() -> None:
    """A night that does not fit asks up to three at once; answers come in the order asked."""
    slow = Slow()
    assert _said(_talk(60), slow) == list(ITEMS.values())
    assert slow.most_open == MOST_AT_ONCE


def test_back_to_one_at_the_first_sign_of_a_limit() -> None:
    """Once GitHub said that it has had enough, one at a time is asked for the rest of the run."""
    slow, naps = Slow(limit_at=5), list[float]()
    assert sorted(_said(_talk(60, naps), slow)) == sorted(ITEMS.values())
    assert slow.most_open == MOST_AT_ONCE
    assert set(slow.widths[5 + MOST_AT_ONCE :]) == {1}
    assert naps == [1.0]  # what was open meanwhile does not wait once more


def test_questions_that_a_batch_brings_about_count_as_well() -> None:
    """While a batch asks for more, no more than three are open, and one where one may be."""
    for seconds, most in ((60.0, MOST_AT_ONCE), (60_000.0, 1)):
        talk, slow = _talk(seconds), Slow()
        for _ in talk.ask(in_packs(ITEMS, 1), slow, ahead=AHEAD):
            for _ in talk.ask(in_packs(ITEMS, 6), slow, ahead=AHEAD):
                pass
        assert slow.most_open == most


def test_github_works_no_longer_than_a_minute_within_a_minute() -> None:
    """However late the night, GitHub's time for us stays inside its published limits."""
    pace = Pace()
    for moment in range(10):
        pace.answered(float(moment), 4.0)
    assert pace.width(1_000, 60.0, 10.0) == MOST_AT_ONCE
    for moment in range(10, 14):
        pace.answered(float(moment), 4.0)
    assert pace.width(1_000, 60.0, 14.0) == 1
    assert pace.width(1_000, 60.0, 74.5) == MOST_AT_ONCE


def test_the_budget_decides_how_many() -> None:
    """Two at once are asked where two are enough, and none more than fit a minute's points."""
    pace = Pace()
    assert pace.width(1_000, 1.0, 0.0) == 1  # nothing is measured yet
    pace.answered(0.0, 0.05)
    assert pace.width(100, 5.0, 1.0) == 1
    assert pace.width(100, 4.0, 1.0) == 2
    assert pace.width(100, 0.0, 1.0) == MOST_AT_ONCE
    for _ in range(900):
        pace.answered(1.0, 0.05)
    assert pace.width(100, 4.0, 1.0) == 1


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every night be a late one."""

    def width(self: Pace, requests: int, left: float, now: float) -> int:
        return 1 if self._alone else MOST_AT_ONCE

    monkeypatch.setattr(Pace, "width", width)


def _nights(nights: Nights) -> list[Any]:
    """Run three nights on which something happens, and give what is known after each."""
    names, known = nights.names, []
    for night in range(3):
        if night == 1:
            nights.world.rename(names[0], f"{names[0].split('/')[0]}/other")
            nights.world.delete(names[1])
            nights.world.push(names[2], {"README.md": b"# New\n"}, at="2026-11-22T01:00:00Z")
        report = nights.run()
        snapshot = nights.snapshot()
        known.append((snapshot.records, dict(snapshot.readmes), report.looks))
    return known


def test_a_late_night_leaves_the_same_catalogue(
    open_nights: Callable[..., Nights], request: pytest.FixtureRequest
) -> None:
    """Asked three at once, everything that is known afterwards is what one at a time brings."""
    one = open_nights(130)
    expected = _nights(one)
    request.getfixturevalue("late")
    three = open_nights(130)
    three.state = three.state.with_name("late")
    three.clock.base = FIRST_NIGHT
    assert _nights(three) == expected


@pytest.mark.usefixtures("late")
@pytest.mark.parametrize("after", [0, 2, 3])
def test_a_limit_on_a_late_night(open_nights: Callable[..., Nights], after: int) -> None:
    """Whenever GitHub asks to wait, a late night waits once, goes on alone and brings all."""
    nights = open_nights(130)
    script = Fault(actions.secondary_limit(30), after=after, times=1)
    nights.server.faults.add(script)
    report = nights.run()
    assert report.confirmed == 130
    assert report.ending.stopped is None
    assert 30 <= nights.clock.slept < 60
    assert all(r.facts and r.facts.details for r in nights.snapshot().records.values())
