"""How little is asked: the promises about requests and points, counted by the server."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.demo.exchange import Request, Response
from aggregator.fetch.conversation import Budget
from tests.fetch.conftest import Nights

ACTIONS_TOKEN = "ghs_" + "b" * 36


def _grown(nights: Nights) -> None:
    """Give every repository a long history by many people, and a README of another name to some."""
    for number, name in enumerate(nights.names):
        known = nights.world.find(name)
        assert known
        crowd = tuple((f"person-{number}-{n}", 1) for n in range(9))
        history = replace(known.history, described=400, authors=crowd)
        nights.world.change(name, history=history)
        if number % 4 == 0:
            nights.world.push(name, {"README.md": None, "readme.markdown": b"# Other name\n"})


def test_two_hundred_with_long_histories(open_nights: Callable[..., Nights]) -> None:
    """Where people are to be counted, two hundred cost 18 requests cold and 4 when quiet."""
    nights = open_nights(200)
    _grown(nights)
    nights.run()
    assert nights.server.counts.requests <= 18
    counted = []
    for _ in range(3):
        nights.run()
        assert nights.server.counts.requests <= 4
        facts = [record.facts for record in nights.snapshot().records.values()]
        counted.append(sum(bool(f and f.contributors and f.contributors.count) for f in facts))
    assert counted == [1, 2, 3]


def test_commits_are_asked_for_where_they_say_something_new(
    open_nights: Callable[..., Nights],
) -> None:
    """A quiet night asks for nobody's commits; a push asks for those of one repository."""
    nights = open_nights(10)
    nights.run()
    bodies = _bodies(nights)
    nights.run()
    assert all('"people0": true' not in body for body in bodies)
    at = nights.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    nights.world.push(nights.names[0], {"x.py": b""}, at=at)
    nights.run()
    asked = [re.findall(r'"people\d+": true', body) for body in bodies]
    assert sum(map(len, asked)) == 1


def _bodies(nights: Nights) -> list[str]:
    """Note what is asked from now on."""
    bodies: list[str] = []

    def noted(request: Request, genuine: Callable[[], Response]) -> Response:
        bodies.append(request.body.decode())
        return genuine()

    nights.server.faults.always(noted)
    return bodies


@pytest.mark.parametrize("requests", [3, 4, 5])
def test_half_a_night_leaves_whole_projects(
    open_nights: Callable[..., Nights], requests: int
) -> None:
    """A run whose points end half-way leaves the newest with details and READMEs, none half."""
    nights = open_nights(100, token=ACTIONS_TOKEN)
    nights.server.set_limit(ACTIONS_TOKEN, "graphql", 1 + 3 * (requests - 2) + 1)
    report = nights.run()
    assert report.ending.stopped is not None
    snapshot = nights.snapshot()
    deep = [n for n in nights.names if (r := snapshot.record(n)) and r.details]
    assert deep == nights.names[: len(deep)]
    assert 0 < len(deep) < 100
    assert all(snapshot.readme(nights.record(name)) for name in deep)


# A thousand take ten times as long; benchmarks/fetch.py counts them, and ten thousand.
def test_two_hundred_repositories(open_nights: Callable[..., Nights]) -> None:
    """Two hundred cost 10 requests cold, 3 and 5 points when quiet, 4 requests when ten changed."""
    nights = open_nights(200)
    counts = nights.server.counts
    nights.run()
    assert counts.requests <= 10
    report = nights.run()
    assert counts.requests <= 3
    assert counts.points <= 5
    assert (report.spent.requests, report.spent.points) == (counts.requests, counts.points)
    for round_ in range(2):
        for name in nights.names[round_ * 10 : round_ * 10 + 10]:
            at = (nights.clock.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
            nights.world.push(name, {"README.md": f"# {name} {round_}\n".encode()}, at=at)
        report = nights.run()
        assert counts.requests <= 4
        assert sum(o.value == "active" for o in report.looks.values()) == 10


def test_nothing_is_older_than_a_week(open_nights: Callable[..., Nights]) -> None:
    """After any number of quiet nights no count of issues is older than seven days."""
    nights = open_nights(30)
    for _ in range(10):
        nights.run()
    for record in nights.snapshot().records.values():
        assert record.facts is not None
        assert record.facts.counts is not None
        assert record.last_tried is not None
        assert record.last_tried - record.facts.counts.confirmed_at <= timedelta(days=7)


def test_without_a_token_one_hour_after_another(open_nights: Callable[..., Nights]) -> None:
    """Without a token each run does whole entries within 60 requests and the next goes on."""
    nights = open_nights(24, token=None)
    done: list[int] = []
    for _ in range(3):
        report = nights.run()
        assert nights.server.counts.requests <= 60
        assert report.exit_code == 0
        known = [r for r in nights.snapshot().records.values() if r.facts and r.facts.details]
        done.append(len(known))
    assert done[0] == 12
    assert done[1:] == [24, 24]
    assert nights.seen[-1].spent.limit == 60


def test_newest_entries_come_first(open_nights: Callable[..., Nights]) -> None:
    """Without a token the entries at the front of the list are fetched in the first hour."""
    nights = open_nights(20, token=None)
    nights.run()
    fetched = {r.listed_as for r in nights.snapshot().records.values() if r.facts}
    assert set(nights.names[:12]) <= fetched


def test_an_actions_token_goes_on_where_it_stopped(open_nights: Callable[..., Nights]) -> None:
    """A run that uses up its points keeps what it has, and the next one needs only the rest."""
    nights = open_nights(60, token=ACTIONS_TOKEN)
    nights.server.set_limit(ACTIONS_TOKEN, "graphql", 4)
    first = nights.run()
    assert first.ending.stopped is not None
    assert first.ending.details_waiting > 0
    assert first.exit_code == 0
    for _ in range(3):
        last = nights.run()
    assert last.ending.stopped is None
    assert last.ending.details_waiting == last.ending.readmes_waiting == 0
    assert all(r.facts and r.facts.details for r in nights.snapshot().records.values())


def test_time_budget(open_nights: Callable[..., Nights]) -> None:
    """A run without time left asks nothing and says that the next one will."""
    nights = open_nights()
    report = nights.run(Budget(seconds=0))
    assert nights.server.counts.requests == 0
    assert report.ending.waiting == 12
    assert report.exit_code == 1


def test_conditional_requests(open_nights: Callable[..., Nights]) -> None:
    """Without a token an unchanged repository is answered with 304 and an empty body."""
    nights = open_nights(5, token=None)
    nights.run()
    report = nights.run()
    assert report.spent.not_modified == 5
    assert nights.server.counts.statuses[304] == 5


def test_the_token_is_written_nowhere(open_nights: Callable[..., Nights]) -> None:
    """No file of the state holds the token, not even the cache of REST answers."""
    nights = open_nights(5)
    nights.world.push(nights.names[0], {"README.md": "caf\u00e9".encode("latin-1")})
    nights.run()
    assert (nights.state / "cache" / "github.sqlite").exists()
    assert nights.token
    assert nights.token.encode() not in nights.every_byte()


def test_a_deleted_or_damaged_cache_changes_nothing(open_nights: Callable[..., Nights]) -> None:
    """The cache may be damaged or gone at any time; facts and READMEs are the same."""
    nights = open_nights(5, token=None)
    nights.run()
    before = nights.snapshot()
    (nights.state / "cache" / "github.sqlite").write_bytes(b"not a database at all, sorry" * 100)
    report = nights.run()
    after = nights.snapshot()
    assert report.exit_code == 0
    assert after.readmes == before.readmes
    assert after.records.keys() == before.records.keys()


def test_formats_that_only_github_renders(open_nights: Callable[..., Nights]) -> None:
    """A README in AsciiDoc comes with GitHub's own rendering, once, and leaves with it."""
    nights = open_nights(2)
    name = nights.names[0]
    nights.world.push(name, {"README.md": None, "README.adoc": b"= Beds\n\nCounts *beds*.\n"})
    nights.run()
    snapshot = nights.snapshot()
    html = snapshot.rendering(nights.record(name))
    assert html is not None
    assert "<" in html
    assert snapshot.rendering(nights.record(nights.names[1])) is None
    nights.run()
    assert nights.server.counts.rest == 0
    nights.world.delete(name)
    nights.run()
    assert not nights.snapshot().renderings


@pytest.mark.parametrize("token", ["ghp_" + "c" * 36, None])
def test_odd_readmes_arrive_as_they_are(
    open_nights: Callable[..., Nights], token: str | None
) -> None:
    """A README in Latin-1, in UTF-16 or of a million bytes arrives byte by byte."""
    nights = open_nights(3, token=token)
    odd = {
        "cp1252": "caf\u00e9\n".encode("latin-1"),  # its superset, as browsers read it
        "utf-16": "caf\u00e9".encode("utf-16"),
        "utf-8": b"# long\n" * 150_000,
    }
    for name, content in zip(nights.names, odd.values(), strict=True):
        nights.world.push(name, {"README.md": content})
    nights.run()
    snapshot = nights.snapshot()
    for name, (encoding, content) in zip(nights.names, odd.items(), strict=True):
        record = nights.record(name)
        assert snapshot.readme(record) == content
        assert record.facts is not None
        assert record.facts.details is not None
        assert record.facts.details.readme is not None
        assert record.facts.details.readme.encoding == encoding
