"""The first page shows what is worth a look now, nothing twice, and the way to all there is."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.types import Catalogue, Group
from aggregator.facts.snapshot import Change, ChangeKind
from aggregator.registry.models import Celebration
from aggregator.site.events import events_of
from aggregator.site.frame import frame_of, named_groups
from aggregator.site.pages.home import HomePage, home_page
from aggregator.site.pages.lists import browse_columns
from aggregator.site.renderers import render_look
from aggregator.site.theme import Theme
from tests.outputs import factory

_LINK = re.compile(r"(?:^|/)projects/([\w.-]+/[\w.-]+)/")


def _seen(catalogue: Catalogue, ran: datetime) -> Catalogue:
    """Give the same catalogue as if the last run had been at another time."""
    projects = tuple(
        replace(p, standing=replace(p.standing, last_tried=ran, since=ran))
        for p in catalogue.projects
    )
    by_key = {p.key: p for p in projects}
    return replace(catalogue, projects=projects, by_key=by_key, fetched_at=ran)


def _home(catalogue: Catalogue) -> HomePage:
    named = named_groups(catalogue)
    browse = browse_columns(catalogue.organisations, named)
    events = events_of(catalogue.changes, catalogue.by_key)
    return home_page(frame_of(catalogue), catalogue, events, named, browse)


def _html(catalogue: Catalogue, theme: Theme, path: str = "index.html") -> LexborHTMLParser:
    found = (file for file in render_look(catalogue, theme) if file.path == path)
    return LexborHTMLParser(next(found).data)


def _linked(tree: LexborHTMLParser) -> Iterator[str]:
    """Name the project that each title on a page leads to, or that a talk is about."""
    for node in tree.css("main :is(h2, h3, p) a"):
        address = node.attributes["href"] or ""
        again = "#story" in address and node.parent.tag != "h3"  # below the title that leads there
        if (found := _LINK.search(address)) and not again:
            yield found[1]


@pytest.mark.parametrize("size", [0, 1, 3, 9, 10, 173])
def test_no_project_stands_twice_on_the_first_page(size: int, theme: Theme) -> None:
    """However many there are: each part takes from those that are left."""
    named = list(_linked(_html(factory.many(size), theme)))
    assert [name for name, count in Counter(named).items() if count > 1] == []
    assert len(named) == (size if size <= 9 else 4)


def test_no_project_stands_twice_when_there_is_much_to_tell(theme: Theme) -> None:
    """Its story, its prize and its talk compete for one place."""
    catalogue = factory.rich()
    for week in range(len(catalogue.projects)):
        seen = _seen(catalogue, factory.NOW + timedelta(weeks=week))
        named = list(_linked(_html(seen, theme)))
        assert [name for name, count in Counter(named).items() if count > 1] == []


def test_every_project_has_its_week_and_those_that_tell_something_come_first() -> None:
    """Nobody is favoured by a name, and nobody left out."""
    catalogue = factory.community()
    shown = [p for p in catalogue.projects if not p.standing.outcome.erases]
    weeks = range(2 * len(shown))
    stars = [_home(_seen(catalogue, factory.NOW + timedelta(weeks=n))).spotlight for n in weeks]
    titles = [star.card.title for star in stars if star]
    assert set(titles) == {p.title for p in shown}
    assert Counter(titles).most_common()[0][1] == 2
    told = [bool(star.story) for star in stars if star]
    first = told.index(True, 1 + told.index(False))
    assert told[first : first + sum(told) // 2] == [True] * (sum(told) // 2)


def test_the_project_of_the_week_stays_for_its_week() -> None:
    """From Monday to Sunday it is the same, whatever the hour of the run."""
    monday = datetime.fromisocalendar(2026, 40, 1).replace(tzinfo=factory.NOW.tzinfo)
    stars = [
        _home(_seen(factory.community(), monday + timedelta(days=n))).spotlight for n in range(8)
    ]
    assert len({repr(star) for star in stars[:7]}) == 1
    assert stars[7] != stars[6]


def test_the_first_page_opens_with_the_project_of_the_week(theme: Theme) -> None:
    """A heading and the search stand above it, and nothing else; headings go down step by step."""
    tree = _html(factory.rich(), theme)
    main = [node for node in tree.css_first("main").iter() if node.tag != "-text"]
    assert [node.attributes.get("aria-labelledby") for node in main[:2]] == ["hello", "spotlight"]
    assert tree.css_first("#spotlight").tag == "h2"
    levels = [int(node.tag[1]) for node in tree.css("main :is(h1, h2, h3, h4)")]
    assert levels[:2] == [1, 2]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_bars_count_every_project(theme: Theme) -> None:
    """Those without a stage have a bar as well, so that the numbers are those of the heading."""
    catalogue = factory.many(12)
    staged = {f"project_{n:04}": {"stage": f"stage {n % 3}"} for n in range(11)}
    projects = factory.changed(catalogue, **staged).projects
    stages = tuple(
        Group(f"stage-{n}", f"stage {n}", tuple(p for p in projects if p.stage == f"stage {n}"))
        for n in range(3)
    )
    home = _home(replace(catalogue, projects=projects, stages=stages))
    assert home.chart
    assert home.chart.without
    assert (home.chart.without[0].text, home.chart.without[0].count) == ("No stage given", 1)
    assert sum(anchor.count or 0 for anchor, _ in home.chart.bars) + 1 == len(projects)
    whole = replace(projects[11], stage="stage 2")
    all_staged = replace(stages[2], projects=(*stages[2].projects, whole))
    full = replace(catalogue, projects=(*projects[:11], whole), stages=(*stages[:2], all_staged))
    assert (chart := _home(full).chart)
    assert chart.without is None


def test_what_was_taken_down_is_never_in_the_spotlight() -> None:
    """Nor anywhere else on the first page."""
    catalogue = factory.community()
    gone = {p.title for p in catalogue.projects if p.standing.outcome.erases}
    assert gone
    for week in range(len(catalogue.projects)):
        home = _home(_seen(catalogue, factory.NOW + timedelta(weeks=week)))
        assert home.spotlight
        assert home.spotlight.card.title not in gone
        assert not gone & {card.title for card in home.cards}


def test_the_month_tells_one_good_thing_of_each_project() -> None:
    """A prize before a release, a release before an arrival, and nothing of other months."""
    month = factory.NOW.date().replace(day=1)
    old, new = month - timedelta(days=1), factory.NOW.date()
    star = _home(factory.many(30)).spotlight
    assert star
    # The project of the week is told of already.
    some = [p.repo for p in factory.many(30).projects if p.title != star.card.title][:6]
    changes = tuple(
        Change(
            date=datetime(day.year, day.month, day.day, tzinfo=factory.NOW.tzinfo),
            kind=kind,
            repo=some[number],
            name=some[number],
            after=after,
        )
        for number, kind, day, after in (
            (1, ChangeKind.RELEASED, new, "2.0"),
            (1, ChangeKind.ADDED, month, None),
            (2, ChangeKind.RELEASED, old, "1.0"),
            (3, ChangeKind.ADDED, new, None),
            (4, ChangeKind.RENAMED, new, None),
        )
    )
    prize = Celebration(what="award", text="Won a prize.", date=new)
    later = Celebration(what="award", text="Will win.", date=new + timedelta(days=1))
    catalogue = factory.changed(
        replace(factory.many(30), changes=changes),
        **{some[3][5:].replace("-", "_"): {"celebrations": (prize,)}},
        **{some[5][5:].replace("-", "_"): {"celebrations": (later,)}},
    )
    told = {f"many/{one.title}": one.words for one in _home(catalogue).shipped}
    assert told == {some[1]: "Released 2.0", some[3]: "Won a prize."}


def test_a_quiet_month_has_no_place_on_the_page(theme: Theme) -> None:
    """Where nothing happened nothing is said, and no heading stands over nothing."""
    tree = _html(factory.many(30), theme)
    assert not tree.css("#shipped, #stories, #talks, #paths")
    assert tree.css("#spotlight")


def test_only_talks_that_are_not_over_are_announced() -> None:
    """From the day of the last run on; one without a day is not announced."""
    home = _home(factory.rich())
    assert [one.talk.title for one in home.talks] == ["Show and tell", "Rounds, live"]
    over = _seen(factory.rich(), factory.NOW + timedelta(days=1))
    assert [one.talk.title for one in _home(over).talks] == [
        "Rounds, live",
        "Ask me anything about limits",
    ]


def test_people_are_called_by_the_name_they_gave(theme: Theme) -> None:
    """Where somebody gave none, by their login."""
    catalogue = factory.rich()
    for week in range(len(catalogue.projects)):
        home = _home(_seen(catalogue, factory.NOW + timedelta(weeks=week)))
        if home.spotlight and home.spotlight.card.title == "Plain SPC":
            break
    assert [(one.text, one.path) for one in home.spotlight.people] == [
        ("Ada Fen", "people/ada-fen/"),
        ("Tomasz-W", "people/tomasz-w/"),
    ]


def test_a_learning_path_is_named_with_its_steps(theme: Theme) -> None:
    """The way to its page, and how long it is."""
    tree = _html(factory.rich(), theme)
    section = tree.css_first("section[aria-labelledby=paths]")
    assert section.css_first("h3 a").attributes["href"] == "./paths/begin/"
    assert "2 steps" in section.text()


def test_the_list_of_everything_has_each_project_once_under_its_letter(theme: Theme) -> None:
    """A to Z, and every letter of the bar leads to a heading that is there."""
    catalogue = factory.community()
    tree = _html(catalogue, theme, "all/index.html")
    rows = [node.text() for node in tree.css(".letter li a")]
    assert sorted(rows) == sorted(project.title for project in catalogue.projects)
    assert [row.casefold() for row in rows] == sorted(row.casefold() for row in rows)
    for section in tree.css(".letter"):
        letter = section.css_first("h2").text()
        assert {node.text()[0].upper() for node in section.css("li a")} == {letter}
    anchors = [node.attributes["href"] for node in tree.css(".letters a")]
    assert anchors
    assert all(tree.css(f"h2{anchor}") for anchor in anchors)


def test_odd_titles_have_a_letter_too(theme: Theme) -> None:
    """Digits go together, accents do not count, signs come first."""
    titles = {"project_0000": "42 beds", "project_0001": "Élan", "project_0002": "…"}
    changed = {name: {"title": title} for name, title in titles.items()}
    tree = _html(factory.changed(factory.many(4), **changed), theme, "all/index.html")
    assert [node.text() for node in tree.css(".letters a")] == ["#", "0\N{EN DASH}9", "E", "P"]


def test_a_long_list_leads_to_the_page_of_each_letter(theme: Theme) -> None:
    """A letter that begins on another page leads there."""
    named = {f"project_{n:04}": {"title": f"{'AZ'[n % 2]} {n}"} for n in range(1_100)}
    catalogue = factory.changed(factory.many(1_100), **named)
    first = _html(catalogue, theme, "all/index.html")
    assert [a.attributes["href"] for a in first.css(".letters a")] == [
        "#letter-41",
        "../all/page/2/",
    ]
    last = _html(catalogue, theme, "all/page/3/index.html")
    assert [a.attributes["href"] for a in last.css(".letters a")] == [
        "../../../all/",
        "../../../all/page/2/",
    ]


def test_old_addresses_of_the_list_go_on(theme: Theme) -> None:
    """Whoever kept `page/2/` finds the second page of the list there, and the way back."""
    tree = _html(factory.many(130), theme, "page/2/index.html")
    assert len(tree.css(".card")) == 60
    assert tree.css_first("a[rel=prev]").attributes["href"] == "../../projects/"
    assert tree.css_first("a[rel=next]").attributes["href"] == "../../page/3/"


def test_a_format_is_offered_among_no_languages() -> None:
    """A notebook is written in something: what that is stands here, and formats in their list."""
    catalogue = factory.many(30)
    notebooks = Group("jupyter-notebook", "Jupyter Notebook", catalogue.projects)
    named = named_groups(replace(catalogue, formats=(notebooks,)))
    offered = [chip.text for column in browse_columns((), named) for chip in column.chips]
    assert catalogue.languages[0].name in offered
    assert "Jupyter Notebook" not in offered
