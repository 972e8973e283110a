"""The figures of docs/scale.md are the benchmark's, and all that is drawn from them agrees."""

from xml.etree import ElementTree

import pytest

from benchmarks.growth import (
    BEGIN,
    END,
    Growth,
    block,
    charts,
    extrapolated,
    joined,
    read_rows,
    with_block,
)
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "scale.md"
ROWS = [
    Growth(100, 4.0, 5.2, 1.5, 0.3, 90, 12.1, 900, 20, 4),
    Growth(1_000, 20.0, 14.0, 3.0, 0.4, 200, 110.0, 5_000, 90, 30),
    Growth(10_000, 210.4, 120.0, 12.0, 2.0, 900, 1_090.5, 40_000),
]


def test_the_page_says_what_the_benchmark_wrote() -> None:
    """Neither the tables nor a chart was written by hand."""
    page = PAGE.read_text(encoding="utf-8")
    rows = read_rows(page)
    assert with_block(page, rows) == page
    assert len(rows) >= 3
    assert [row.projects for row in rows] == sorted({row.projects for row in rows})
    for name, drawn in charts(rows).items():
        assert (PAGE.parent / name).read_text(encoding="utf-8") == drawn
        assert f"({name})" in page


def test_figures_come_back_as_they_were_written() -> None:
    """The table is all that is needed to draw the rest."""
    page = with_block(f"before\n{BEGIN}\n{END}\nafter\n", ROWS)
    assert read_rows(page) == ROWS
    assert page.startswith("before\n")
    assert page.endswith("\nafter\n")
    assert with_block(page, read_rows(page)) == page


def test_a_page_without_a_table_is_refused() -> None:
    """A table that somebody broke is noticed."""
    with pytest.raises(ValueError, match="no table of growth"):
        read_rows(f"{BEGIN}\n{END}")
    with pytest.raises(ValueError, match="four"):
        read_rows(block(ROWS).replace("| 4.0 |", "| four |"))


def test_a_size_is_measured_anew_without_losing_the_others() -> None:
    """Requests are dear to count: what was counted stays where only builds are measured again."""
    again = Growth(1_000, 10.0, 7.0, 2.0, 0.2, 150, 110.0, 5_000)
    more = Growth(50_000, 900.0, 500.0, 60.0, 9.0, 4_000, 5_000.0, 200_000)
    rows = joined(ROWS, [more, again])
    assert [row.projects for row in rows] == [100, 1_000, 10_000, 50_000]
    assert rows[1] == Growth(1_000, 10.0, 7.0, 2.0, 0.2, 150, 110.0, 5_000, 90, 30)
    assert (rows[0], rows[2], rows[3]) == (ROWS[0], ROWS[2], more)


def test_growth_goes_on_as_it_was() -> None:
    """Ten times as many cost ten times as much, or a hundred times, as they did before."""
    assert extrapolated([(10, 1.0), (100, 10.0), (1_000, 100.0)], 10_000) == pytest.approx(1_000)
    assert extrapolated([(10, 1.0), (100, 100.0)], 1_000) == pytest.approx(10_000)
    assert extrapolated([(10, 1.0)], 100) is None
    # Small sizes hang on what never grows: only the three largest count.
    assert extrapolated([(1, 9.0), (10, 1.0), (100, 10.0), (1_000, 100.0)], 10_000) == (
        pytest.approx(1_000)
    )


def test_estimates_are_in_units_that_people_think_in() -> None:
    """Hours and gigabytes, in two digits, and a dash for what was not measured."""
    told = block(ROWS)
    assert "| a cold build, CPU | 210.4 s at 10,000 | 6.5 hours |" in told
    assert "| the site | 1,090.5 MB at 10,000 | 110 GB |" in told
    assert "| requests of a quiet night | 30 at 1,000 | - |" in told
    assert "| - | - |\n\n" in told


def test_charts_are_pictures_for_light_and_dark() -> None:
    """Each is well-formed, names its lines, and changes its ink where the page is dark."""
    for name, drawn in charts(ROWS).items():
        picture = ElementTree.fromstring(drawn)
        lines = [e for e in picture.iter() if e.tag.endswith("circle")]
        assert len(lines) >= 4, name
        assert "prefers-color-scheme:dark" in drawn
    assert "not measured" in charts(ROWS[2:])["scale-requests.svg"]
