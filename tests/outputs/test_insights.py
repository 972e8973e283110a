"""Figures of the whole showcase: what was measured, what was not, and the same as data."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.growth import growth_of
from aggregator.catalogue.types import Catalogue
from aggregator.facts.snapshot import Day
from aggregator.site.data.history import ExportedHistory, ExportedMeasurement, history_files
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from tests.outputs import factory

MONDAY = date(2026, 8, 3)
RAN = datetime(2026, 10, 3, 2, 10, tzinfo=UTC)  # a Saturday


def measured(*offsets: int) -> tuple[Day, ...]:
    """Give what runs noted so many days after a Monday."""
    return tuple(
        Day(date=MONDAY + timedelta(offset), listed=20 + offset, answering=19, archived=1,
            stars=500, forks=50, open_issues=None if offset % 2 else 7)
        for offset in offsets
    )  # fmt: skip


def insights(history: tuple[Day, ...], theme: Theme) -> LexborHTMLParser:
    catalogue = replace(factory.community(), history=history)
    site = {file.path: file for file in render_site(catalogue, theme)}
    return LexborHTMLParser(site["insights/index.html"].data)


@pytest.mark.parametrize(
    ("history", "said", "drawn"),
    [
        ((), "Nothing has been measured yet", False),
        (measured(59), "Measured since 1 October 2026. The numbers of a week are shown", False),
        (measured(3), "On 6 August 2026 there were 23 projects; a line needs", False),
        (measured(0, 1, 2), "Until 5 August 2026 that makes 3 days with numbers.", True),
        (measured(0, 1, 9), "3 days with numbers; on 7 days between them there was no run", True),
    ],
)
def test_a_short_history_is_told_in_words(
    history: tuple[Day, ...], said: str, drawn: bool, theme: Theme
) -> None:
    """None, one that is not settled, one day, three in a row, three with a gap."""
    page = insights(history, theme)
    assert said in " ".join(page.css_first(".page-head").text().split())
    assert bool(page.css_first("#growth")) == drawn


def test_each_figure_says_what_it_does_not_say(theme: Theme) -> None:
    """No number stands alone: what it is of, and what it leaves open, stands beside it."""
    figures = insights(measured(*range(20)), theme).css("section.figure")
    assert len(figures) >= 6
    assert [each.css_first("h2").text() for each in figures if not each.css(".figure-words")] == []
    assert all(each.css_first("svg[role=img]") and each.css_first("table") for each in figures)


def test_days_are_settled_when_their_week_is_over() -> None:
    """Neither tonight nor this week moves what is published."""
    history = measured(*range(61))
    growth = growth_of(history, RAN)
    assert growth.days[-1].date == date(2026, 9, 27)
    for days in range(6):  # back to the Monday
        assert growth_of(history, RAN - timedelta(days=days)).days == growth.days
    assert growth_of(history, RAN + timedelta(days=2)).days[-1].date == date(2026, 10, 2)
    assert growth_of(history, None).days == ()


def test_one_day_after_another_and_then_week_by_week() -> None:
    """A long history stays a line that can be read, and a week without a run is a gap."""
    short = list(growth_of(measured(0, 1, 3), RAN).steps())
    assert [day and day.listed for _, day in short] == [20, 21, None, 23]
    long = growth_of(measured(*range(14), *range(28, 90)), RAN + timedelta(days=60))
    steps = list(long.steps())
    assert [at.isoweekday() for at, day in steps if day is None] == [7, 7]
    assert sum(day is None for _, day in steps) == 2
    assert steps[-1][1] == long.days[-1]
    assert long.missed == 14


def test_every_month_has_its_last_day() -> None:
    """The table has one line a month, of the newest as far as it goes."""
    growth = growth_of(measured(*range(50)), RAN)
    assert [day.date for day in growth.months(24)] == [date(2026, 8, 31), date(2026, 9, 21)]
    assert len(growth.months(1)) == 1


def test_the_table_over_time_opens_in_a_spreadsheet() -> None:
    """Marked as UTF-8; a day without a run has no line, and an unknown number no zero."""
    files = {file.path: file.data for file in history_files(growth_of(measured(0, 1, 3), RAN))}
    table = files["data/history.csv"]
    assert table.startswith(b"\xef\xbb\xbfdate,listed,")
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    assert list(rows[0]) == list(ExportedMeasurement.model_fields)
    assert [row["date"] for row in rows] == ["2026-08-03", "2026-08-04", "2026-08-06"]
    assert [row["open_issues"] for row in rows] == ["7", "", ""]


def test_the_json_over_time_says_the_same() -> None:
    """It reads back, and tells since when and how much is missing."""
    files = {file.path: file.data for file in history_files(growth_of(measured(0, 1, 3), RAN))}
    told = json.loads(files["data/history.json"])
    history = ExportedHistory.model_validate(told)
    assert (history.since, history.missed, len(history.days)) == (MONDAY, 1, 3)
    assert told["days"][0]["listed"] == 20


def test_an_empty_history_has_heads_and_nothing_else() -> None:
    """Whoever reads the files before the first week is over gets tables, not errors."""
    files = {file.path: file.data for file in history_files(growth_of((), None))}
    assert files["data/history.csv"].decode("utf-8-sig").count("\r\n") == 1
    assert json.loads(files["data/history.json"])["days"] == []


def test_years_without_a_project_stand_there_with_nothing(
    site: dict[str, bytes], catalogue: Catalogue
) -> None:
    """The axis of years has no holes, and all projects whose beginning is known are on it."""
    rows = LexborHTMLParser(site["insights/index.html"]).css(
        'section[aria-labelledby="languages-by-year"] tbody tr'
    )
    years = [int(row.css_first("th").text()) for row in rows]
    assert years == list(range(years[0], years[-1] + 1))
    began = [p.facts.glance.created_at for p in catalogue.projects if p.facts]
    assert sum(int(row.css_first("td").text()) for row in rows) == len([d for d in began if d])
