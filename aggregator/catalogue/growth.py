"""The numbers of the whole showcase over time, as far as they are settled.

Every run notes a `Day`. What is published of them ends with the last Sunday before the last run,
so that a night without news changes no page for the sake of one more day. A day on which no run
ended is not known, and never nothing. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aggregator.facts.snapshot import Day

# So many days are shown one by one; of more, the last of each week.
_DAY_BY_DAY = 70
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Growth:
    """The settled days, and since when there are any at all.

    Args:
        days: one for each day on which a run ended, oldest first.
        since: the first day that was measured, settled or not; None where none was.
    """

    days: tuple[Day, ...]
    since: date | None

    @property
    def missed(self) -> int:
        """Count the days between the first and the last on which no run ended."""
        if not self.days:
            return 0
        return (self.days[-1].date - self.days[0].date).days + 1 - len(self.days)

    def steps(self) -> Iterator[tuple[date, Day | None]]:
        """Give what was measured day by day, or week by week where that would be too many.

        Where nothing was measured, the day (or the last one of the week) comes with None.
        """
        if not self.days:
            return
        first, last = self.days[0].date, self.days[-1].date
        weekly = (last - first).days >= _DAY_BY_DAY
        step = _WEEK if weekly else _DAY
        at = _end_of_week(first) if weekly else first
        # The last of a week stands for it, on the day on which it was measured.
        found = {_end_of_week(day.date) if weekly else day.date: day for day in self.days}
        while at < last + step:
            day = found.get(at)
            yield (day.date if day else at), day
            at += step

    def months(self, most: int) -> tuple[Day, ...]:
        """Give the last day that was measured in each of the latest months."""
        last = {(day.date.year, day.date.month): day for day in self.days}
        return tuple(last.values())[-most:]


def growth_of(history: Sequence[Day], ran: datetime | None) -> Growth:
    """Choose the settled days of a history, oldest first; `ran` is when the last run was."""
    since = history[0].date if history else None
    if ran is None:
        return Growth((), since)
    until = ran.date() - timedelta(days=ran.isoweekday())
    return Growth(tuple(day for day in history if day.date <= until), since)


def _end_of_week(day: date) -> date:
    return day + timedelta(days=7 - day.isoweekday())
