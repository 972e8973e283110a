"""Rounds of visits: what is due, what is remembered, what is forgotten."""

import json
import threading
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from aggregator.care.linked import HOMEPAGE, linked_addresses
from aggregator.care.rounds import (
    HOSTS_AT_ONCE,
    KnownWebsite,
    Websites,
    due,
    go_round,
    keep_websites,
    read_websites,
    sum_of_address,
)
from aggregator.care.websites import Condition
from aggregator.facts.snapshot import Snapshot
from aggregator.facts.visit import Hop, Visit, VisitEnd
from aggregator.registry.loader import load_texts
from aggregator.store.schema import WEBSITES

DAY = date(2026, 11, 2)
FINE = Visit(VisitEnd.ANSWERED, 200)
GONE = Visit(VisitEnd.ANSWERED, 404)
A, B, C = "https://a.example/", "https://b.example/x", "https://b.example/y"
NOBODY = "https://anybody.example/"


class Web:
    """Websites that answer as a test says, and note who was visited."""

    def __init__(self, answers: Mapping[str, Visit]) -> None:
        self.answers = answers
        self.visited: list[str] = []

    def visit(self, url: str) -> Visit:
        """Answer a visit; a name that nobody gave leads nowhere."""
        self.visited.append(url)
        return self.answers.get(url, Visit(VisitEnd.NO_HOST))


def weeks(*answers: Mapping[str, Visit], urls: tuple[str, ...] = (A, B, C)) -> Websites:
    """Go round once a week."""
    known = Websites()
    for week, found in enumerate(answers):
        known = go_round(urls, known, DAY + timedelta(weeks=week), Web(found).visit).websites
    return known


def test_a_website_is_visited_once_a_week() -> None:
    """What was visited within the week is not asked again; what waited longest comes first."""
    web = Web({A: FINE, B: FINE, C: FINE})
    known = go_round([A, B], Websites(), DAY, web.visit).websites
    known = go_round([A, B, C], known, DAY + timedelta(days=6), web.visit).websites
    assert sorted(web.visited) == [A, B, C]
    assert due([A, B, C], known, DAY + timedelta(days=7)) == [A, B]
    assert due([C, B, A], known, DAY + timedelta(days=13)) == [A, B, C]


def test_a_clock_that_went_wrong_keeps_nothing_from_visits() -> None:
    """What was visited on a day that is still to come is visited again."""
    known = KnownWebsite(visited=date(2031, 1, 1), condition=Condition.FINE, since=date(2031, 1, 1))
    assert due([A], Websites({sum_of_address(A): known}), date(2026, 10, 5)) == [A]


def test_dead_is_said_after_two_visits() -> None:
    """One bad day makes no website dead, and the date is that of the first of them."""
    once, twice = weeks({A: GONE, B: FINE}), weeks({A: GONE, B: FINE}, {A: GONE, B: FINE})
    assert once.dead_since([A, B]) == {}
    assert twice.dead_since([A, B]) == {A: DAY}
    mended = weeks({A: GONE, B: FINE}, {A: GONE, B: FINE}, {A: FINE})
    assert mended.dead_since([A, B]) == {}
    again = weeks({A: GONE, B: FINE}, {A: FINE}, {A: GONE, B: FINE})
    assert again.dead_since([A]) == {}


def test_two_visits_on_one_day_are_one() -> None:
    """Whoever looks twice in an hour learns nothing that is more certain."""
    known = go_round([A, B], Websites(), DAY, Web({A: GONE, B: FINE}).visit).websites
    row = known.of(A)
    assert row is not None
    known = Websites(
        {key: one.model_copy(update={"visited": DAY}) for key, one in known.known.items()}
    )
    again = go_round([A, B], known, DAY, Web({}).visit)
    assert again.visited == 0
    assert again.websites == known


@pytest.mark.parametrize(("anybody", "noted"), [(FINE, True), (Visit(VisitEnd.LATE), False)])
def test_a_dead_network_makes_no_website_dead(anybody: Visit, noted: bool) -> None:
    """When nobody answers, somebody else is asked; without that the round never was."""
    done = go_round([A], Websites(), DAY, Web({NOBODY: anybody}).visit, anybody=NOBODY)
    assert done.offline is not noted
    assert (done.websites.of(A) is not None) is noted
    assert done.visited == int(noted)


def test_what_nothing_links_to_any_more_is_forgotten() -> None:
    """A link that leaves the showcase leaves the memory with the next round."""
    known = weeks({A: FINE, B: FINE})
    assert known.of(B)
    left = go_round([A], known, DAY, Web({}).visit).websites
    assert left.of(B) is None
    assert left.of(A) == known.of(A)


def test_a_round_ends_in_time() -> None:
    """What the time does not allow waits for the next round, and nothing is said of it."""
    done = go_round([A, B, C], Websites(), DAY, Web({}).visit, time_is_up=lambda: True)
    assert (done.visited, done.waiting, done.websites) == (0, 3, Websites())


def test_a_host_that_waits_is_asked_next_time() -> None:
    """Who asked for patience is not judged, and is due again."""
    done = go_round([A, B], Websites(), DAY, Web({A: Visit(VisitEnd.WAITS), B: FINE}).visit)
    assert due([A, B], done.websites, DAY) == [A]


def test_few_hosts_are_visited_at_once_and_each_by_one() -> None:
    """Ten hosts with three pages each: at most four visits are under way, never two to one host."""
    under_way: list[str] = []
    most, doubled, lock = 0, False, threading.Lock()

    def visit(url: str) -> Visit:
        nonlocal most, doubled
        host = url.split("/")[2]
        with lock:
            doubled |= host in under_way
            under_way.append(host)
            most = max(most, len(under_way))
        pause.wait(0.01)
        with lock:
            under_way.remove(host)
        return FINE

    pause = threading.Event()
    urls = [f"https://h{host}.example/{page}" for host in range(10) for page in range(3)]
    assert go_round(urls, Websites(), DAY, visit).visited == 30
    assert 1 < most <= HOSTS_AT_ONCE
    assert not doubled


def test_the_memory_tells_no_address(tmp_path: Path) -> None:
    """What stood in the registry cannot be read in it; the same knowledge gives the same bytes."""
    moved = Visit(VisitEnd.ANSWERED, 200, (Hop(301, "https://b.example/new"),))
    known = weeks({A: GONE, B: moved, C: FINE})
    keep_websites(tmp_path, known)
    text = (tmp_path / WEBSITES).read_text()
    assert "a.example" not in text
    assert "https://b.example/new" in text
    assert read_websites(tmp_path) == known
    keep_websites(tmp_path, Websites(dict(reversed(known.known.items()))))
    assert (tmp_path / WEBSITES).read_text() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"version": 1, "websites": 7}',
        '{"version": 1, "websites": {"x": 7}}',
        '{"version": 1, "websites": {"x": {"visited": "soon"}}}',
        "[" * 100_000,
    ],
)
def test_a_damaged_memory_only_means_visiting_again(tmp_path: Path, text: str) -> None:
    """Nothing that may stand in the file stops a round or a build."""
    (tmp_path / WEBSITES).write_text(text)
    assert read_websites(tmp_path) == Websites()
    assert read_websites(tmp_path / "absent") == Websites()


def test_a_memory_of_a_newer_version_is_read_for_what_it_knows(tmp_path: Path) -> None:
    """One more field is left aside; a condition that nobody knows is visited again."""
    keep_websites(tmp_path, weeks({A: GONE, B: FINE}))
    told = json.loads((tmp_path / WEBSITES).read_text())
    for row in told["websites"].values():
        row["mascot"] = "heron"
    told["websites"]["0"] = {"visited": "2026-11-02", "condition": "asleep", "since": "2026-11-02"}
    (tmp_path / WEBSITES).write_text(json.dumps(told))
    assert read_websites(tmp_path) == weeks({A: GONE, B: FINE})


def test_a_memory_of_another_form_is_not_guessed_at(tmp_path: Path) -> None:
    """Rows of a later form may mean something else, so all of them are visited anew."""
    keep_websites(tmp_path, weeks({A: GONE, B: FINE}))
    told = json.loads((tmp_path / WEBSITES).read_text())
    (tmp_path / WEBSITES).write_text(json.dumps(told | {"version": 2}))
    assert read_websites(tmp_path) == Websites()


REGISTRY = """
showcase: {title: Ours, home: "https://home.example/", blocked_domains: [lapsed.example]}
organisations:
  - {slug: guild, name: Guild, url: "https://guild.example/"}
projects:
  - repo: ann/tool
    links:
      docs: https://docs.example/
      paper: https://lapsed.example/paper
      demo: https://github.com/ann/tool/wiki
    story: |
      It began at https://story.example/a, and [went on](https://story.example/b).
    talks:
      - {title: T, date: 2026-10-01, url: "https://talk.example/", recording: "https://localhost/x"}
    celebrate:
      - {what: award, text: Award, date: 2026-10-02, url: "https://award.example/"}
talks:
  - {title: All of it, date: 2026-10-03, url: "https://talk.example/"}
"""


def test_every_place_that_names_an_address_is_looked_at() -> None:
    """Links, stories, talks, good news, organisations: all but blocked, local and GitHub's own."""
    listed = load_texts({"registry.yaml": REGISTRY})
    assert [one.what for one in listed.mistakes] == [
        "links: the community blocks lapsed.example, so this link is left out"
    ]
    found = linked_addresses(listed, Snapshot(), "https://github.com")
    assert [(one.url, one.about, one.place) for one in found] == [
        ("https://docs.example/", "ann/tool", "links.docs"),
        ("https://talk.example/", "ann/tool", "talks"),
        ("https://award.example/", "ann/tool", "celebrate"),
        ("https://story.example/a", "ann/tool", "story"),
        ("https://story.example/b", "ann/tool", "story"),
        ("https://guild.example/", "guild", "organisations"),
        ("https://talk.example/", "All of it", "talks"),
        ("https://home.example/", "Ours", "showcase.home"),
    ]
    assert found[0].field == "docs"
    assert not found[1].field
    assert HOMEPAGE not in {one.place for one in found}


def test_a_condition_is_told_by_one_word() -> None:
    """What is remembered is read by later versions: the words stay as they are."""
    assert {one.value for one in Condition} == {
        *("fine", "moved", "elsewhere", "parked", "dead", "silent", "unclear")
    }
