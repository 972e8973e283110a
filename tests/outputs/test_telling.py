"""Stories, talks, the calendar and learning paths, as visitors and calendars read them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from icalendar import Calendar
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.types import Catalogue
from aggregator.readme.readme import LeadImage, Readme
from aggregator.registry.community import LearningPath, Step, StoryPicture, Talk
from aggregator.site.data.calendar import CALENDAR
from aggregator.site.pages.telling import beginning_of, steps_through
from aggregator.site.renderers import render_look, render_site
from aggregator.site.talks import coming_talks, listed_talks
from aggregator.site.theme import Theme
from aggregator.words.addresses import GITHUB
from aggregator.words.names import RepoName
from tests.outputs import factory


def page(site: dict[str, bytes], folder: str) -> LexborHTMLParser:
    return LexborHTMLParser(site[f"{folder}index.html"])


def test_a_story_has_an_address_and_says_who_tells_it(site: dict[str, bytes]) -> None:
    """The list shows how it begins and leads to all of it; the page leads to its project."""
    entry = page(site, "stories/").css_first("article")
    assert "Told by Ada Fen, 1 September 2026" in entry.text()
    assert "It began with a red arrow" in entry.text()
    assert "nobody argued" not in entry.text(), "the list holds the whole story"
    links = {a.attributes["href"] for a in entry.css("a")}
    assert "../stories/data-saves/plain-spc/" in links
    story = page(site, "stories/data-saves/plain-spc/")
    assert "nobody argued" in story.css_first(".story").text()
    assert (
        story.css_first(".card-title a")
        .attributes["href"]
        .endswith("projects/data-saves/plain-spc/")
    )


def _illustrated(theme: Theme, **said: object) -> dict[str, LexborHTMLParser]:
    """Give the pages that show a story, of which something else is known."""
    catalogue = factory.changed(factory.rich(), plain_spc=said)
    pages = {f.path: f for f in render_look(catalogue, theme)}
    shown = ("index.html", "stories/index.html", "stories/data-saves/plain-spc/index.html")
    return {path: LexborHTMLParser(pages[path].data) for path in shown}


def test_a_story_shows_the_picture_that_goes_with_it(theme: Theme) -> None:
    """In words too, with who made it; a list has the words beside it already."""
    picture = StoryPicture(file="pictures/ward.jpg", shows="A ward.", credit="By Ada, CC0")
    pages = _illustrated(theme, story_picture=picture)
    story = pages["stories/data-saves/plain-spc/index.html"].css_first("figure")
    assert story.css_first("img").attributes["src"] == "../../../pages/pictures/ward.jpg"
    assert story.css_first("img").attributes["alt"] == "A ward."
    assert story.css_first("figcaption").text(strip=True) == "By Ada, CC0"
    listed = pages["stories/index.html"].css_first("article img").attributes
    assert (listed["src"], listed["alt"]) == ("../pages/pictures/ward.jpg", "")
    assert pages["index.html"].css_first("img[src='./pages/pictures/ward.jpg']")


def test_a_story_without_a_picture_shows_the_one_of_its_project(theme: Theme) -> None:
    """That of the README, which the page may load then and only then."""
    url = f"{GITHUB}/data-saves/plain-spc/raw/main/plot.png"
    pages = _illustrated(theme, readme=Readme("", lead_image=LeadImage(url, "A chart")))
    for path, page in pages.items():
        assert page.css_first(f"img[src='{url}']"), path
        assert "img-src 'self' data: https:" in (page.html or ""), path
    figure = pages["stories/data-saves/plain-spc/index.html"].css_first("figure img")
    assert figure.attributes["alt"] == "A chart"


def test_a_story_without_any_picture_is_drawn_from_its_words(theme: Theme) -> None:
    """No two stories look alike, and no page loads anything for it."""
    pages = _illustrated(theme, readme=None, story_html="<p>Another one began so.</p>")
    drawn = [
        node.attributes["d"] for node in pages["stories/index.html"].css("article .cover path")
    ]
    assert len(set(drawn)) == len(drawn) == 2
    story = pages["stories/data-saves/plain-spc/index.html"]
    assert story.css_first("figure .cover path").attributes["d"] in drawn
    assert not story.css("figure img, figcaption")


@pytest.mark.parametrize(
    ("story", "begins"),
    [
        (
            "<h3>The problem</h3>\n<p>We <em>had</em>\nforty.</p><h3>Then</h3><p>So.</p>",
            "We had forty. So.",
        ),
        ("<ul><li>One</li>\n<li>Two</li></ul>", "One Two"),
        ("<p>Words that go on and on</p>", "Words that go on…"),
    ],
)
def test_a_story_begins_with_its_words_and_not_with_its_headings(story: str, begins: str) -> None:
    """In a teaser a heading would read as the start of the sentence below it."""
    assert beginning_of(story, 20) == begins


def test_the_latest_story_is_first_and_one_without_a_day_last(site: dict[str, bytes]) -> None:
    """Nobody is ranked by anything else."""
    titles = [h2.text(strip=True) for h2 in page(site, "stories/").css("article h2")]
    assert titles == ["Plain SPC", "RAP starter"]


def test_talks_to_come_are_apart_from_those_that_were(site: dict[str, bytes]) -> None:
    """As seen from the last run, 3 October 2026, the next first and then the newest."""
    talks = page(site, "talks/")
    coming, past = (
        [h3.text(strip=True) for h3 in node.css("h3")] for node in talks.css("section.band")
    )
    assert coming == ["Ask me anything about limits", "Show and tell"]
    assert past == ["Plotting the dots, live", "Charts without arrows"]
    # The clocks go back on 25 October 2026.
    assert "14:00 GMT" in talks.text()


@pytest.mark.parametrize(("ran", "titles"), [(27, ["T"]), (28, ["T"]), (29, [])])
def test_a_talk_is_to_come_until_its_day_is_over(ran: int, titles: list[str]) -> None:
    """On the day itself somebody can still join."""
    talks = listed_talks([], [Talk(title="T", date=date(2026, 10, 28), time=time(9))], "UTC")
    now = datetime(2026, 10, ran, 23, tzinfo=UTC)
    assert [one.talk.title for one in coming_talks(talks, now)] == titles


def test_calendars_read_the_talks(site: dict[str, bytes]) -> None:
    """Those with a day, as moments in UTC where the time is known; no two are one to a calendar."""
    calendar = Calendar.from_ical(site[CALENDAR])
    events = {str(event["summary"]): event for event in calendar.walk("VEVENT")}
    assert sorted(events) == [
        "Ask me anything about limits",
        "Plotting the dots, live",
        "Show and tell",
    ]
    assert events["Ask me anything about limits"].decoded("dtstart") == datetime(
        2026, 10, 28, 14, tzinfo=UTC
    )
    assert events["Plotting the dots, live"].decoded("dtstart") == date(2026, 6, 17)
    assert events["Ask me anything about limits"]["location"] == "Room 2, Fenshire library"
    assert len({event["uid"] for event in events.values()}) == len(events)


def test_no_talk_can_add_lines_to_the_calendar(catalogue: Catalogue, theme: Theme) -> None:
    """What a member wrote stays the value that it is."""
    bad = Talk(title="A\r\nEND:VEVENT\r\nX:1", date=date(2026, 10, 28), place="a;b,c\\n")
    site = {f.path: f.data for f in render_site(replace(catalogue, talks=(bad,)), theme)}
    calendar = Calendar.from_ical(site[CALENDAR])
    titles = [" ".join(str(event["summary"]).split()) for event in calendar.walk("VEVENT")]
    assert "A END:VEVENT X:1" in titles


def test_a_learning_path_leads_from_step_to_step(site: dict[str, bytes]) -> None:
    """Projects as their cards, other things as links that say where they lead."""
    steps = page(site, "paths/to-a-pipeline/").css("ol > li")
    assert [step.css_first("a[href]").text(strip=True) for step in steps][1:] == [
        "Why bother",
        "Plain SPC",
    ]
    assert "Step 2 of 3: Learn why." in steps[1].text()
    assert "on learn.example.org" in steps[1].text()


def test_a_project_says_which_step_it_is(site: dict[str, bytes]) -> None:
    """On its page; others say nothing of paths."""
    said = page(site, "projects/data-saves/plain-spc/").css_first("#paths").parent.text()
    assert "Step 3 of 3: From a spreadsheet" in " ".join(said.split())
    assert page(site, "projects/harbour-trust/ward-rounds/").css_first("#paths") is None


def test_a_step_that_is_not_listed_leaves_the_others(catalogue: Catalogue) -> None:
    """A project that was taken off the showcase takes no path along."""
    gone = Step(say="Gone.", repo=RepoName.parse("no/where"))
    path = LearningPath(slug="p", title="P", steps=(gone, *factory.PATH.steps))
    found = steps_through([path], catalogue.by_key)
    assert [anchor.note for anchors in found.values() for anchor in anchors] == [
        "Step 2 of 4",
        "Step 4 of 4",
    ]


def test_without_paths_there_is_no_page_of_them(catalogue: Catalogue, theme: Theme) -> None:
    """An empty page helps nobody."""
    paths = {file.path for file in render_site(replace(catalogue, paths=()), theme)}
    assert not any(path.startswith("paths/") for path in paths)
