"""People, as far as they asked for it, and the ways to join in."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.types import Catalogue
from aggregator.facts.snapshot import Change, ChangeKind
from aggregator.site.events import Event
from aggregator.site.frame import frame_of
from aggregator.site.pages.news import new_page
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from tests.outputs import factory


def page(site: dict[str, bytes], folder: str) -> LexborHTMLParser:
    return LexborHTMLParser(site[f"{folder}index.html"])


def test_a_person_who_asked_for_it_has_a_name_and_all_they_did(site: dict[str, bytes]) -> None:
    """What they made, wrote and said, found by their login or name, whatever its case."""
    person = page(site, "people/ada-fen/")
    assert person.css_first("h1").text() == "Ada Fen"
    assert "Analyst for theatres." in person.css_first(".lead").text()
    assert {a.text(strip=True) for a in person.css(".card-title a")} == {"Plain SPC", "RAP starter"}
    assert "The story of Plain SPC" in person.css_first("#stories").parent.parent.text()
    assert "Ask me anything about limits" in person.css_first("#talks").parent.parent.text()
    assert person.css_first(".overline a").attributes["href"].endswith("organisations/harbour/")


def test_nobody_else_is_listed_or_named(site: dict[str, bytes]) -> None:
    """Somebody whom a project names has a page by their login and no more."""
    assert [a.text() for a in page(site, "people/").css(".rows a")][:1] == ["Ada Fen"]
    assert "omasz" not in page(site, "people/").css_first("main").text()
    other = page(site, "people/tomasz-w/")
    assert other.css_first("h1").text() == "Tomasz-W"
    assert other.css_first("#talks") is None, "a speaker's name is not taken for a login"


def test_without_such_people_there_is_no_list(catalogue: Catalogue, theme: Theme) -> None:
    """An empty list helps nobody."""
    paths = {file.path for file in render_site(replace(catalogue, described={}), theme)}
    assert "people/index.html" not in paths
    assert "people/ada-fen/index.html" in paths


def test_help_can_be_narrowed_without_scripts(catalogue: Catalogue, theme: Theme) -> None:
    """Each language and organisation that tells projects apart is a page with as many."""
    site = {f.path: f.data for f in render_site(asking(catalogue), theme) if "help-" in f.path}
    start = page(site, "help-wanted/")
    chips = start.css(".filter a")
    assert chips
    for chip in chips:
        folder = chip.attributes["href"].removeprefix("../")
        some = page(site, folder)
        rows = some.css("ul.rows > li")
        assert len(rows) == int(chip.css_first(".count").text().split()[0])
        assert (
            some.css_first(".filter [aria-current]")
            .text(strip=True)
            .startswith(chip.text(strip=True).split(" ")[0])
        )


def asking(catalogue: Catalogue) -> Catalogue:
    """Let each project whose counts are known ask for help."""
    projects = []
    for project in catalogue.projects:
        facts = project.facts
        if facts and facts.counts:
            counts = facts.counts.model_copy(update={"good_first_issues": 2})
            facts = facts.model_copy(update={"counts": counts})
        projects.append(replace(project, facts=facts))
    return replace(catalogue, projects=tuple(projects))


def test_only_a_stage_that_says_so_looks_for_a_home(catalogue: Catalogue, theme: Theme) -> None:
    """The word "home" in the name of a stage decides nothing."""
    some = {f.path: f for f in render_site(catalogue, theme)}
    none = {f.path: f for f in render_site(replace(catalogue, terms={}), theme)}
    assert b'id="homeless"' in some["help-wanted/index.html"].data
    assert b'id="homeless"' not in none["help-wanted/index.html"].data


def test_news_is_told_by_week_day_and_kind(site: dict[str, bytes]) -> None:
    """This week first, then this month; good news before releases, housekeeping last."""
    new = page(site, "new/")
    periods = [h2.text(strip=True) for h2 in new.css("h2") if h2.attributes["id"] != "newest"]
    assert periods[:2] == ["This week", "This month"]
    assert len(periods) == len(set(periods))
    kinds = ["Good news", "New here", "Releases", "Help wanted", "Names, licences and archives"]
    for day in new.css(".news-day"):
        found = [h4.text() for h4 in day.css("h4")]
        assert found == sorted(found, key=kinds.index)
    text = " ".join(new.text().split())
    assert "Plain SPC celebrates: =1+1 wards draw them" in text
    assert "prize for open charts" not in text, "news without a day has no place among days"


def _periods(ran: datetime, *days: date) -> list[tuple[str, str, int]]:
    """Give the periods of the page of what is new, with how many days of news each has."""
    changes = tuple(
        Change(
            date=datetime.combine(day, time(3), UTC),
            kind=ChangeKind.RENAMED,
            repo="many/project-0000",
            name="many/project-0000",
        )
        for day in sorted(days, reverse=True)
    )
    frame = replace(frame_of(factory.many(1)), ran=ran)
    page = new_page(frame, [Event(change) for change in changes], ())
    return [(one.title, one.span, len(one.days)) for one in page.periods]


def test_this_week_and_this_month_are_those_of_the_last_run() -> None:
    """They are named also where nothing happened, and change once a week."""
    ran = datetime(2026, 11, 27, 3, tzinfo=UTC)
    older = date(2026, 11, 3), date(2026, 11, 20), date(2026, 9, 30)
    month = ("This month", "1 November 2026 to 22 November 2026", 2)
    told = [("This week", "since 23 November 2026", 0), month, ("September 2026", "", 1)]
    assert _periods(ran, *older) == told
    assert _periods(ran + timedelta(days=2), *older) == told
    fresh = _periods(ran, *older, date(2026, 11, 23), date(2026, 11, 26))
    assert fresh == [("This week", "since 23 November 2026", 2), *told[1:]]


def test_a_week_that_began_in_another_month_holds_all_of_this_one() -> None:
    """Nothing is told twice, and what is left of the month says where it is."""
    ran = datetime(2026, 12, 2, 3, tzinfo=UTC)
    assert _periods(ran, date(2026, 12, 1), date(2026, 11, 30), date(2026, 11, 29)) == [
        ("This week", "since 30 November 2026", 2),
        ("This month", "since 1 December 2026", 0),
        ("November 2026", "", 1),
    ]
