"""Each project has a cover and marks of its own, made of what is known and of nothing else."""

import gzip
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.types import Activity, Project
from aggregator.facts.repository import Counts
from aggregator.readme.readme import LeadImage, Readme
from aggregator.registry.models import Celebration
from aggregator.site.covers import HEIGHT, INKS, WIDTH, cover_of, story_cover
from aggregator.site.distinctions import marks_of
from aggregator.site.events import events_of, fresh_keys
from aggregator.site.pages.cards import picture_of
from aggregator.site.renderers import render_look
from aggregator.site.theme import Theme
from aggregator.words.addresses import GITHUB
from tests.outputs import factory

_NAMES = [f"owner-{n % 7}/project-{n}" for n in range(400)]
_SHEET = "css/site.css"


def test_no_two_projects_have_the_same_cover() -> None:
    """Also where language, tags and year are the same, and whatever they are."""
    covers = {cover_of(name, "Python", ("maps",), 2021, 2) for name in _NAMES}
    assert len(covers) == len(_NAMES)
    assert len({cover_of(name).path for name in _NAMES}) == len(_NAMES)


def test_a_language_has_its_ink_and_a_tag_its_pattern() -> None:
    """What belongs together looks alike; the others have every ink and every pattern."""
    assert len({cover_of(name, "R").ink for name in _NAMES}) == 1
    assert {cover_of("a/b", f"language {n}").ink for n in range(200)} == set(range(INKS))
    drawn = {re.sub(r"[\d ]", "", cover_of(n, tags=("maps",), year=2020).path)[:2] for n in _NAMES}
    assert len(drawn) == 1


@pytest.mark.parametrize("year", [None, 1970, 2008, 2021, 2026])
@pytest.mark.parametrize("tag", [f"tag-{n}" for n in range(12)])
def test_a_cover_is_small_and_stays_in_its_frame(tag: str, year: int | None) -> None:
    """A path of plain numbers, of a few hundred bytes, that begins within the box."""
    for name in _NAMES[:40]:
        path = cover_of(name, "R", (tag,), year, 4).path
        assert re.fullmatch(r"[MahlvqtmzVHL\d -]+", path)
        assert 100 < len(path) < 700
        starts = [tuple(map(int, pair)) for pair in re.findall(r"M(-?\d+) (\d+)", path)]
        assert all(-WIDTH < x <= WIDTH and 0 <= y <= HEIGHT for x, y in starts)


def test_a_quiet_project_has_as_much_to_look_at_as_others() -> None:
    """Of one with neither language, tags nor year the name alone makes areas, in an ink by it."""
    drawn = [cover_of(f"wren/{word}-board") for word in ("bed", "rota", "ward", "clinic", "list")]
    assert len({cover.path for cover in drawn}) == len(drawn)
    assert len({cover.ink for cover in drawn}) > 1
    assert all(len(re.findall("[az]|v.*?h", cover.path)) >= 3 for cover in drawn)


def test_the_cover_of_a_story_is_its_own_words() -> None:
    """Each stroke is as long as its word; other words are another drawing, the same the same."""
    told = story_cover("a/b", "It began with a red arrow.")
    assert re.findall(r"h(\d+)v", told.path)[:6] == ["3", "6", "5", "2", "4", "6"]
    assert told == story_cover("a/b", "It began with a red arrow.")
    assert told.path != story_cover("a/b", "It ceased with a red arrow.").path
    assert story_cover("a/b", "").path, "a story without words has a cover all the same"


def test_the_covers_of_a_full_page_weigh_little(theme: Theme) -> None:
    """Sixty covers of sixty kinds cost a page no more than 8 KB as it is sent."""
    drawn = [
        cover_of(name, "R", (f"tag-{n}",), 2000 + n % 20) for n, name in enumerate(_NAMES[:60])
    ]
    assert len(gzip.compress("\n".join(cover.path for cover in drawn).encode())) < 8_000


def test_every_ink_and_weight_of_a_cover_is_in_the_sheet(theme: Theme) -> None:
    """A class that no rule knows would be a cover without colour."""
    sheet = next(f.data for f in theme.assets.files if f.path.endswith(_SHEET)).decode()
    assert all(f"--ink-{ink}:" in sheet for ink in range(INKS))
    assert all(f".ink-{ink} " in sheet for ink in range(1, INKS))
    assert all(f".weight-{weight} path" in sheet for weight in range(1, 6))


def _project(**said: object) -> Project:
    return replace(factory.many(1).projects[0], **said)


def _pictured(url: str) -> Project:
    return _project(readme=Readme("", lead_image=LeadImage(url, "")))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"{GITHUB}/a/b/raw/main/plot.png", True),
        ("https://raw.githubusercontent.com/a/b/main/plot.png", True),
        ("https://user-images.githubusercontent.com/1/2.jpg", True),
        (f"{GITHUB}/a/b/raw/main/moving.GIF", False),
        ("https://example.org/plot.png", False),
        ("https://githubusercontent.com.example.org/plot.png", False),
        ("https://evilgithubusercontent.com/plot.png", False),
        ("http://raw.githubusercontent.com/a/b/main/plot.png", False),
        ("data:image/png;base64,AAAA", False),
    ],
)
def test_lists_show_pictures_that_lie_at_github_and_stand_still(url: str, shown: bool) -> None:
    """No third party learns who looks through a list, and nothing moves that cannot be stopped."""
    assert bool(picture_of(_pictured(url), GITHUB)) is shown


def test_a_picture_keeps_its_place_and_loads_late(theme: Theme) -> None:
    """It has a size before it is there, lies over the drawing, and only its page may load it."""
    catalogue = factory.many(2)
    url = f"{GITHUB}/many/project-0000/raw/main/plot.png"
    readme = Readme("", lead_image=LeadImage(url, "A plot"))
    with_one = replace(catalogue.projects[0], readme=readme)
    shown = replace(catalogue, projects=(with_one, catalogue.projects[1]))
    pages = {f.path: f.data.decode() for f in render_look(shown, theme) if "html" in f.path}
    tree = LexborHTMLParser(pages["projects/index.html"])
    picture = tree.css_first(".card-front img").attributes
    assert picture["src"] == url
    assert {name: picture[name] for name in ("width", "height", "loading", "alt")} == {
        "width": "384",
        "height": "144",
        "loading": "lazy",
        "alt": "",
    }
    assert picture["referrerpolicy"] == "no-referrer"
    assert len(tree.css(".card-front svg")) == 2
    allowed = {path for path, html in pages.items() if "img-src 'self' data: https:" in html}
    assert "projects/index.html" in allowed
    assert not allowed & {"all/index.html", "search/index.html", "about/index.html"}


def _marks(project: Project, *, fresh: bool = False) -> list[str]:
    return [mark.text for mark in marks_of(project, fresh=fresh)]


def test_marks_name_what_is_special_and_nothing_else() -> None:
    """The latest good news first; a project without anything has no mark."""
    news = tuple(
        Celebration(what=what, text="x", date=day)
        for what, day in (("award", date(2025, 1, 2)), ("adoption", date(2026, 1, 2)))
    )
    bodies = factory.registry(None).organisations[:2]
    special = _project(celebrations=news, story_html="<p>So.</p>", used_by=bodies)
    assert _marks(special, fresh=True) == [
        "Taken up",
        "New here",
        "Has a story",
        "Used by 2 organisations",
    ]
    assert _marks(_project()) == []


def test_help_is_wanted_where_issues_say_so_and_somebody_can_answer() -> None:
    """An archived project takes no help."""
    plain = _project()
    assert plain.facts
    counts = Counts(good_first_issues=2, confirmed_at=factory.NOW)
    facts = plain.facts.model_copy(update={"counts": counts})
    assert _marks(replace(plain, facts=facts)) == ["Help wanted"]
    assert _marks(replace(plain, facts=facts, activity=Activity.ARCHIVED)) == []


def test_what_is_new_is_so_for_four_weeks_and_changes_once_a_week() -> None:
    """Nothing is new by the mere date of the first night, and no mark goes in mid-week."""
    catalogue = factory.many(12)
    events = events_of(catalogue.changes, catalogue.by_key)
    monday = factory.NOW - timedelta(days=factory.NOW.weekday())
    added = replace(catalogue.projects[0], added=(monday - timedelta(weeks=4)).date())
    projects = (added, *catalogue.projects[1:])
    told = [fresh_keys(projects, events, monday + timedelta(days=n)) for n in range(8)]
    assert told == [frozenset({added.key})] * 7 + [frozenset()]
    assert fresh_keys(catalogue.projects, events, monday) == frozenset()
    assert fresh_keys(projects, events, None) == frozenset()
