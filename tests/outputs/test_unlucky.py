"""Names and days that nobody thinks of at first: each page keeps its place, and nothing is lost."""

from collections import Counter
from dataclasses import replace
from datetime import date, time

import pytest
from icalendar import Calendar
from selectolax.lexbor import LexborHTMLParser

from aggregator.facts.snapshot import Snapshot
from aggregator.readme.readme import story_source
from aggregator.readme.rendering import render
from aggregator.registry.community import Celebration, Talk, Term
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.site.data.calendar import CALENDAR
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from aggregator.words.names import RepoName
from tests.outputs import factory

HOME = Showcase(title="Unlucky", url="https://unlucky.example/", timezone="America/New_York")
STORY = render(story_source("Once upon a time.")).html
THEN = date(2199, 12, 31)


def made(theme: Theme, written: Registry, *, told: bool = False) -> dict[str, bytes]:
    """Make the site of a community, of whose repositories all is known."""
    records = {
        entry.repo.key: factory.known(str(entry.repo), "R", "MIT", 9, 0)
        for entry in written.projects
    }
    catalogue = factory.catalogue_of(written, Snapshot(fetched_at=factory.NOW, records=records))
    if told:
        projects = tuple(replace(p, story_html=STORY) for p in catalogue.projects)
        catalogue = replace(catalogue, projects=projects, by_key={p.key: p for p in projects})
    files = [*render_site(catalogue, theme)]
    twice = [path for path, times in Counter(f.path.casefold() for f in files).items() if times > 1]
    assert not twice, "two files want one place"
    return {file.path: file.data for file in files if not file.path.endswith(".png")}


def entries(*names: str) -> tuple[Entry, ...]:
    return tuple(Entry(repo=RepoName.parse(name)) for name in names)


def test_a_project_called_homepage_shows_its_own_picture(theme: Theme) -> None:
    """What ends in "page" is no further page of a list."""
    site = made(theme, Registry(showcase=HOME, projects=entries("ada/homepage", "ada/page")))
    for name in ("ada/homepage", "ada/page"):
        page = LexborHTMLParser(site[f"projects/{name}/index.html"])
        picture = page.css_first('meta[property="og:image"]').attributes["content"]
        assert picture == f"https://unlucky.example/projects/{name}/card.png"


@pytest.mark.parametrize("owner", ["page", "Page"])
def test_a_story_of_an_owner_called_page_keeps_its_place(theme: Theme, owner: str) -> None:
    """The second page of stories does not want the address of a story."""
    names = (f"{owner}/2", *(f"ada/number-{number}" for number in range(40)))
    site = made(theme, Registry(showcase=HOME, projects=entries(*names)), told=True)
    assert b"Once upon a time" in site[f"stories/{owner}/2/index.html"]
    assert len(LexborHTMLParser(site["stories/index.html"]).css("article")) == len(names)


def test_no_picture_is_empty_where_letters_cannot_be_drawn(theme: Theme) -> None:
    """A community, a body and a story in another script are shown by the names that they have."""
    title = "مشروع"
    catalogue = factory.catalogue_of(
        Registry(
            showcase=replace(HOME, title=title),
            organisations=(Organisation(slug="body", name=title),),
            projects=(Entry(repo=RepoName("ada", "dots"), title=title, organisation="body"),),
        ),
        factory.snapshot(),
    )
    projects = tuple(replace(p, story_html=STORY) for p in catalogue.projects)
    catalogue = replace(catalogue, projects=projects, by_key={p.key: p for p in projects})
    cards = {f.path: f.values[1] for f in render_site(catalogue, theme) if "card.png" in f.path}
    assert {path: card.name for path, card in cards.items()} == {
        "card.png": "unlucky.example",
        "organisations/body/card.png": "body",
        "projects/ada/dots/card.png": "ada/dots",
        "stories/ada/dots/card.png": "ada/dots",
    }


def test_spellings_of_one_kind_or_heading_stand_together(theme: Theme) -> None:
    """Each heading can be jumped to, so no two have one address."""
    bodies = tuple(
        Organisation(slug=f"body-{n}", name=f"Body {n}", kind=kind)
        for n, kind in enumerate(("Trust", "trust", "Library", "trust!", None))
    )
    projects = tuple(
        Entry(repo=RepoName("ada", f"n-{n}"), organisation=body.slug, tags=(f"tag-{n}",))
        for n, body in enumerate(bodies)
    )
    groups = ("Methods", "methods", "Output", "METHODS")
    terms = tuple(Term(name=f"tag-{n}", group=group) for n, group in enumerate(groups))
    written = Registry(
        showcase=HOME, organisations=bodies, projects=projects, terms={"tags": terms}
    )
    site = made(theme, written)
    for folder, headings in (
        ("organisations/", ["Library", "Trust", "Other"]),
        ("tags/", ["Methods", "Output", "Other tags"]),
    ):
        page = LexborHTMLParser(site[f"{folder}index.html"])
        assert [head.text(strip=True) for head in page.css("main h2")] == headings
        ids = [node.attributes["id"] for node in page.css("[id]")]
        assert len(ids) == len(set(ids))


def test_what_is_to_come_is_no_news(theme: Theme) -> None:
    """A prize of 2199 is told in 2199, and no story was written then."""
    good = (
        Celebration(what="award", text="Won the prize of tomorrow.", date=THEN),
        Celebration(what="award", text="Won the prize of the day.", date=factory.NOW.date()),
    )
    entry = Entry(repo=RepoName("ada", "dots"), celebrate=good, story_date=THEN, story_by="Ada")
    site = made(theme, Registry(showcase=HOME, projects=(entry,)), told=True)
    found = (path for path, data in site.items() if b"2199" in data or b"prize of tomorrow" in data)
    assert list(found) == []
    assert b"prize of the day" in site["new/index.html"]
    assert b"prize of the day" in site["feed.xml"]


def test_two_talks_of_one_name_and_day_are_two_in_a_calendar(theme: Theme) -> None:
    """A repeated session has a moment of its own; what is written twice is there once."""
    morning = Talk(title="Dots", date=date(2026, 11, 3), time=time(9, 30))
    talks = (morning, replace(morning, time=time(14)), replace(morning, speakers=()))
    entry = Entry(repo=RepoName("ada", "dots"), talks=talks)
    site = made(theme, Registry(showcase=HOME, projects=(entry,)))
    events = Calendar.from_ical(site[CALENDAR]).walk("VEVENT")
    assert [event.decoded("dtstart").hour for event in events] == [14, 19]
    assert len({str(event["uid"]) for event in events}) == 2


@pytest.mark.parametrize(
    ("day", "hour", "utc"),
    [
        (date(2026, 3, 8), time(2, 30), "20260308T073000Z"),  # which clocks skip
        (date(2026, 11, 1), time(1, 30), "20261101T053000Z"),  # which they show twice
        (THEN, time(23, 59), "22000101T045900Z"),
        (date(1970, 1, 1), time(0), "19700101T050000Z"),
    ],
)
def test_any_moment_is_one_in_a_calendar(theme: Theme, day: date, hour: time, utc: str) -> None:
    """Also one that no clock shows, and those at the ends of time."""
    entry = Entry(repo=RepoName("ada", "dots"), talks=(Talk(title="Dots", date=day, time=hour),))
    site = made(theme, Registry(showcase=HOME, projects=(entry,)))
    assert f"DTSTART:{utc}".encode() in site[CALENDAR]
