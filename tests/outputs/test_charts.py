"""Charts say what the values are, in shapes and in words, and draw no more than is known."""

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from aggregator.site.charts import (
    WIDTH,
    ChartName,
    Counted,
    Measured,
    bars,
    columns,
    line,
    shares,
)
from tests.outputs.factory import CASES, HOSTILE

NAME = ChartName("dogs", "Dogs by colour")
DAY = date(2026, 11, 2)
# Each form as it is drawn; the file beside says what came of it.
DRAWN = {
    "bars": bars(NAME, [("brown", 12), ("black & tan", 3)]),
    "shares": shares(NAME, ["sits", "barks", "not known"], [Counted("brown", (6, 6, 0)),
                     Counted("grey", (1, 0, 2))], blank=True),
    "columns": columns(NAME, ["sits", "barks"], [Counted("2025", (1, 2)), Counted("2026", (4, 0))]),
    "line": line(NAME, [Measured(DAY, 3), Measured(DAY + timedelta(1), None),
                        Measured(DAY + timedelta(2), 5), Measured(DAY + timedelta(3), 6)]),
}  # fmt: skip


def _widths(svg: str, style: str) -> list[float]:
    return [float(w) for w in re.findall(rf'class="{style}"[^>]* width="([\d.]+)"', svg)]


@pytest.mark.parametrize("form", DRAWN)
def test_each_form_is_drawn_as_its_case_says(form: str) -> None:
    """The same values give the same bytes, on every machine and in every version."""
    case = CASES / "charts" / f"{form}.svg"
    assert f"{DRAWN[form]}\n" == case.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", DRAWN)
def test_a_screen_reader_hears_the_title_and_the_numbers(form: str) -> None:
    """The picture is named and described, each by a text that is there: glued they run together."""
    root = ET.fromstring(str(DRAWN[form]))
    assert root.get("role") == "img"
    told = {each.get("id"): each.text for each in root if each.tag in {"title", "desc"}}
    assert list(told) == [root.get("aria-labelledby"), root.get("aria-describedby")]
    assert told["dogs-title"] == "Dogs by colour"
    assert re.search(r"\d", told["dogs-desc"] or "")


def test_bars_share_one_scale_that_begins_at_nothing() -> None:
    """A bar twice as long is twice as many."""
    assert _widths(bars(NAME, [("a", 12), ("b", 3), ("c", 0)]), "part-0") == [320.0, 80.0, 0.0]


def test_few_are_never_drawn_as_a_whole() -> None:
    """Three of three is no whole bar: nobody reads "all of them" off three."""
    drawn = shares(NAME, ["sits"], [Counted("few", (3,)), Counted("many", (30,))])
    legend, few, many = _widths(drawn, "part-0")
    assert (legend, few, many) == (12.0, 96.0, 320.0)


def test_what_is_not_known_is_an_outline_whatever_else_there_is() -> None:
    """It looks the same on every chart, after two parts as after five."""
    two = shares(NAME, ["sits", "not known"], [Counted("a", (5, 5))], blank=True)
    assert len(_widths(two, "part-5")) == 2
    assert _widths(two, "part-1") == []


def test_parts_that_nobody_could_tell_apart_are_refused() -> None:
    """There are as many tints as the sheet has."""
    parts = [str(number) for number in range(7)]
    with pytest.raises(ValueError, match="7 parts"):
        shares(NAME, parts, [Counted("a", (1,) * 7)])
    with pytest.raises(ValueError, match="7 parts"):
        columns(NAME, parts, [Counted("a", (1,) * 7)])


def test_a_day_without_a_run_is_a_gap_and_no_zero() -> None:
    """The line breaks, and the words say between which days."""
    drawn = str(DRAWN["line"])
    assert len(re.findall(r'class="line"', drawn)) == 2
    assert "between 2 November 2026 and 4 November 2026" in drawn
    assert "From 3 on 2 November 2026 to 6 on 5 November 2026" in drawn


def test_a_single_day_is_drawn_as_a_dot() -> None:
    """One measurement is no trend, and still no error."""
    drawn = line(NAME, [Measured(DAY, 3)])
    assert "3 on 2 November 2026." in drawn
    assert drawn.count("<circle") == 1


def test_a_line_of_nothing_is_refused() -> None:
    """Who has measured nothing says so in words."""
    with pytest.raises(ValueError, match="nothing was measured"):
        line(NAME, [Measured(DAY, None)])


def test_labels_of_many_columns_do_not_run_into_each_other() -> None:
    """As many are written as there is room for, and each stays within the picture."""
    rows = [Counted(f"month {number:02}", (number,)) for number in range(24)]
    written = re.findall(r'class="tick" x="([\d.]+)"', columns(NAME, ["all"], rows))
    places = [float(x) for x in written]
    assert 3 <= len(places) < 8
    assert all(later - earlier >= 50 for earlier, later in pairwise(places))
    assert min(places) >= 0
    assert max(places) <= WIDTH


def test_nothing_in_a_name_becomes_markup() -> None:
    """What members write is text, in the picture and in its description."""
    hostile = ChartName("dogs", HOSTILE)
    for drawn in (
        bars(hostile, [(HOSTILE, 1)]),
        shares(hostile, [HOSTILE], [Counted(HOSTILE, (1,))]),
        columns(hostile, [HOSTILE, "b"], [Counted(HOSTILE, (1, 1))]),
    ):
        tags = {each.tag for each in ET.fromstring(str(drawn)).iter()}
        assert tags <= {"svg", "title", "desc", "text", "rect", "path"}
