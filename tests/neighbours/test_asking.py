"""Other showcases, asked over real sockets and by fakes: what is kept, and for how long."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler

import pytest

from aggregator.facts.neighbour import Neighbour
from aggregator.facts.visit import WHY, VisitEnd
from aggregator.github.download import Downloaded, FileStamp
from aggregator.github.public_file import NOT_THERE, TOO_LARGE, UNWILLING, download_public
from aggregator.github.public_web import PublicWeb
from aggregator.registry.community import Inclusion
from aggregator.run.neighbouring import (
    KEPT_ABSENT,
    KEPT_UNANSWERED,
    AskNeighbour,
    NeighbourRound,
    ask_neighbours,
)
from aggregator.site.data.neighbour_listing import NEWER_FORM
from aggregator.words.errors import AbsentError, SourceError
from tests.neighbours.listings import SECOND, SOURCE, listing, row
from tests.neighbours.servers import Answer, OtherSite, answer, serving, unless_known

NOW = datetime(2026, 10, 3, 2, 10, tzinfo=UTC)
URL = "http://other.example/data/catalogue.json"
INCLUDED = (Inclusion(from_=SOURCE),)


def drips(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    for _ in range(200):
        request.wfile.write(b" ")
        request.wfile.flush()
        time.sleep(0.05)


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"[1,2,3]," * 1_000)


def broken_off(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("content-length", "1000")
    request.end_headers()
    request.wfile.write(b'{"schema_version": 1')


PAGES: dict[str, Answer] = {
    "/data/catalogue.json": unless_known(listing(row()), '"first"'),
    "/moved": answer(status=301, location="http://new.example/data/catalogue.json"),
    "/inside": answer(status=302, location="http://inside.example/"),
    "/circle": answer(status=302, location="/circle"),
    "/file": answer(status=302, location="file:///etc/passwd"),
    "/shy": answer(status=403),
    "/gone": answer(status=410),
    "/drips": drips,
    "/endless": endless,
    "/broken-off": broken_off,
}


@pytest.fixture
def site() -> Iterator[OtherSite]:
    """A site of another showcase."""
    with serving(dict(PAGES)) as found:
        yield found


def fetch(site: OtherSite, url: str, stamp: FileStamp = FileStamp()) -> Downloaded | None:  # noqa: B008 - frozen
    return download_public(url, 100_000, stamp, site.web, seconds=1.0)


def test_a_version_that_is_here_is_not_sent_again(site: OtherSite) -> None:
    """The second time the server is asked whether anything changed, and says no."""
    first = fetch(site, URL)
    assert first is not None
    assert first.content == listing(row())
    assert fetch(site, URL, first.stamp) is None
    (_, headers), (_, again) = site.asked
    assert "If-None-Match" not in headers
    assert again["If-None-Match"] == '"first"'


def test_a_webmaster_reads_who_asks_and_nothing_else(site: OtherSite) -> None:
    """Our name and address are sent; no cookie, no password, no token."""
    fetch(site, URL)
    _, headers = site.asked[0]
    assert headers["User-Agent"] == "aggregator/test (+https://showcase.example/)"
    assert not {"Cookie", "Authorization", "Referer"} & {*headers}


def test_a_redirect_is_followed_where_it_leads_to_the_web(site: OtherSite) -> None:
    """A catalogue that has moved is found."""
    found = fetch(site, "http://other.example/moved")
    assert found is not None
    assert found.content == listing(row())


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://inside.example/data/catalogue.json", WHY[VisitEnd.PRIVATE]),
        ("http://other.example/inside", WHY[VisitEnd.PRIVATE]),
        ("http://lapsed.example/data/catalogue.json", WHY[VisitEnd.NO_HOST]),
        ("https://other.example/data/catalogue.json", WHY[VisitEnd.INSECURE]),
        ("http://other.example/circle", WHY[VisitEnd.CIRCLES]),
        ("http://other.example/file", UNWILLING),
        ("http://other.example/shy", UNWILLING),
        ("http://other.example/nowhere", NOT_THERE),
        ("http://other.example/gone", NOT_THERE),
        ("http://other.example/drips", WHY[VisitEnd.LATE]),
        ("http://other.example/endless", TOO_LARGE),
        ("http://other.example/broken-off", WHY[VisitEnd.BROKEN]),
        ("ftp://other.example/", WHY[VisitEnd.BROKEN]),
    ],
)
def test_whatever_is_at_the_other_end_ends_soon_with_a_sentence(
    site: OtherSite, url: str, why: str
) -> None:
    """Nobody is led into a private network, and nothing that is slow or endless holds a run."""
    begun = time.monotonic()
    with pytest.raises(SourceError) as failed:
        fetch(site, url)
    assert failed.value.cause == why
    assert time.monotonic() - begun < 5


def test_an_address_of_this_machine_is_never_asked() -> None:
    """With the names of the real web, a registry cannot point us at a service beside us."""
    with serving(dict(PAGES)) as site:
        web = PublicWeb("aggregator/test")
        url = f"http://127.0.0.1:{site.port}/data/catalogue.json"
        with pytest.raises(SourceError) as failed:
            download_public(url, 100_000, FileStamp(), web, seconds=5.0)
    assert failed.value.cause == WHY[VisitEnd.PRIVATE]
    assert site.asked == []


def asked(*answers: bytes | Exception | None) -> AskNeighbour:
    """Stand for the web: give these answers one after the other."""
    left = list(answers)

    def ask(url: str, _stamp: FileStamp) -> Downloaded | None:
        told = left.pop(0)
        if isinstance(told, Exception):
            raise told
        stamp = FileStamp(url, {"If-None-Match": '"a"'})
        return None if told is None else Downloaded(told, stamp=stamp)

    return ask


def known(*repos: str) -> NeighbourRound:
    """Give what a first round brings."""
    return ask_neighbours(INCLUDED, (), asked(listing(*map(row, repos))), NOW)


def after(
    before: NeighbourRound, days: float, *answers: bytes | Exception | None
) -> NeighbourRound:
    """Go on to a later round."""
    return ask_neighbours(INCLUDED, before.neighbours, asked(*answers), NOW + timedelta(days=days))


def repos(found: NeighbourRound) -> list[str]:
    return [one.repo for other in found.neighbours for one in other.projects]


LATE = SourceError("late", WHY[VisitEnd.LATE])
ABSENT = AbsentError("absent", NOT_THERE)


def test_what_the_other_drops_goes_at_the_next_run() -> None:
    """Nothing is kept of a project that its showcase does not list any more."""
    before = known("plot/one", "plot/two")
    found = after(before, 1, listing(row("plot/two")))
    assert (repos(before), repos(found)) == (["plot/one", "plot/two"], ["plot/two"])
    assert found.failed == ()


def test_no_answer_keeps_what_was_known_and_says_so() -> None:
    """The last good list stays, with its day and since when nothing came."""
    before = known("plot/one")
    found = after(after(before, 1, LATE), 2, LATE)
    other = found.neighbours[0]
    assert repos(found) == ["plot/one"]
    assert (other.problem, other.confirmed) == (WHY[VisitEnd.LATE], NOW)
    assert other.failing_since == NOW + timedelta(days=1)
    why = f"another showcase brought nothing: {SOURCE}: it did not answer in time"
    assert found.failed == (f"{why}; what it said on 3 October 2026 is kept",)
    again = after(found, 3, None).neighbours[0]
    assert (again.problem, again.failing_since) == ("", None)
    assert again.confirmed == NOW + timedelta(days=3)


@pytest.mark.parametrize(("problem", "kept"), [(LATE, KEPT_UNANSWERED), (ABSENT, KEPT_ABSENT)])
def test_nothing_is_kept_for_ever(problem: SourceError, kept: timedelta) -> None:
    """Somebody may have taken the list down for a reason, and then it goes here as well."""
    before = known("plot/one")
    assert repos(after(before, kept.days, problem)) == ["plot/one"]
    late = after(before, kept.days + 1, problem)
    assert repos(late) == []
    assert "is shown no longer" in late.failed[0]
    whole = after(late, kept.days + 2, listing(row("plot/one")))
    assert repos(whole) == ["plot/one"]


def test_a_form_that_is_not_known_is_refused_with_a_clear_message() -> None:
    """A newer version over there costs nothing here but a sentence."""
    found = after(known("plot/one"), 1, listing(row(), schema_version=2))
    assert repos(found) == ["plot/one"]
    assert NEWER_FORM in found.failed[0]


def test_one_that_fails_does_not_stop_the_others() -> None:
    """Each is asked by itself, in the order of the registry."""
    included = (Inclusion(from_=SECOND), *INCLUDED)
    found = ask_neighbours(included, (), asked(LATE, listing(row())), NOW)
    assert [one.source for one in found.neighbours] == [SECOND, SOURCE]
    assert repos(found) == ["plot/seeds"]
    assert (len(found.told), len(found.failed)) == (1, 1)


def test_what_is_not_included_any_more_is_forgotten() -> None:
    """Nothing of a showcase is kept that the registry does not name."""
    before = known("plot/one")
    found = ask_neighbours((Inclusion(from_=SECOND),), before.neighbours, asked(LATE), NOW)
    assert [one.source for one in found.neighbours] == [SECOND]


def test_when_the_time_is_up_the_rest_waits() -> None:
    """Nobody is asked, and nothing is lost."""
    before = known("plot/one")
    found = ask_neighbours(INCLUDED, before.neighbours, asked(), NOW, lambda: True)
    assert found.neighbours == before.neighbours
    assert "the time of this run was up" in found.told[0]


def test_only_what_has_an_answer_is_asked_for_as_known() -> None:
    """A version is named to the server only where something of it is here."""
    stamps: list[FileStamp] = []

    def ask(_url: str, stamp: FileStamp) -> Downloaded | None:
        stamps.append(stamp)
        raise LATE

    fresh = Neighbour(source=SOURCE, etag='"a"')
    ask_neighbours(INCLUDED, [fresh, *known("plot/one").neighbours], ask, NOW)
    ask_neighbours(INCLUDED, [fresh], ask, NOW)
    assert [dict(one.headers) for one in stamps] == [{"If-None-Match": '"a"'}, {}]


def test_a_whole_round_over_sockets(site: OtherSite) -> None:
    """From an address of the registry to projects with their pages there, twice."""
    ask = partial(_fetched, site)
    included = (Inclusion(from_=URL),)
    first = ask_neighbours(included, (), ask, NOW)
    second = ask_neighbours(included, first.neighbours, ask, NOW + timedelta(days=1))
    assert first.neighbours[0].projects == second.neighbours[0].projects
    assert first.neighbours[0].projects[0].page == "http://other.example/projects/plot/seeds/"
    assert second.told == (f"1 project of {URL}, which has not changed",)


def _fetched(site: OtherSite, url: str, stamp: FileStamp) -> Downloaded | None:
    return fetch(site, url, stamp)
