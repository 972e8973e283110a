"""Each place is told each piece of news once, whatever goes wrong on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.announcing.announcer import Announcer, AnnouncingRound, OutletReport, previews
from aggregator.announcing.delivery import deliver
from aggregator.announcing.ledger import Ledger, read_ledger
from aggregator.announcing.planning import is_quiet
from aggregator.announcing.published import FeedItem
from aggregator.registry.community import Announcing, Outlet
from aggregator.words.errors import StateError
from aggregator.words.speech import Speech
from tests.announcing.news import NOW, item, published
from tests.announcing.receivers import MailBox, Places, variables_for

ALL = ("slack", "teams", "mastodon", "bluesky")


@dataclass
class Community:
    """A community that tells its news again and again; the ledger is the file that it would be."""

    places: Places
    box: MailBox
    services: tuple[str, ...] = ("slack",)
    kept: list[bytes] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def ledger(self) -> Ledger:
        """Read what was told."""
        return read_ledger(self.kept[-1] if self.kept else None, "the ledger")

    def round(self, items: Iterable[FeedItem], now: datetime = NOW, **more: Any) -> AnnouncingRound:
        """Give what a round knows."""
        outlets = tuple(Outlet(service=service) for service in self.services)
        settings = Announcing(targets=outlets, **self.more)
        return AnnouncingRound(
            settings=settings,
            showcase="Orchard software",
            speech=Speech("en-GB"),
            news=published(items),
            variables={**variables_for(self.places, self.box), **self.variables},
            now=now,
            **more,
        )

    def tell(
        self, items: Iterable[FeedItem], now: datetime = NOW, **more: Any
    ) -> list[OutletReport]:
        """Tell what is new among some news."""
        keep = lambda ledger: self.kept.append(ledger.text().encode())  # noqa: E731 - one line
        return list(Announcer(self.round(items, now, **more), self.ledger, keep, deliver).reports())

    def told(self) -> list[str]:
        """Give what stands in the chats, each message as its fallback text."""
        return [document.get("text", "") for document in self.places.chat]


@pytest.fixture
def community(places: Places, mail_box: MailBox) -> Community:
    """A community with a chat."""
    return Community(places, mail_box)


OLD, NEW, NEWER = item("old", days=3), item("new", days=0.5), item("newer", days=0.2)


def test_a_place_that_is_new_is_told_nothing_old(community: Community) -> None:
    """The first time only notes what there is; from then on news is told."""
    assert not community.tell([OLD])[0].failed
    assert community.told() == []
    community.tell([OLD, NEW])
    assert len(community.told()) == 1
    assert "new joined" in community.told()[0]
    assert "old joined" not in community.told()[0]


@pytest.mark.parametrize("service", ALL)
def test_nothing_is_told_twice(community: Community, service: str) -> None:
    """However often the program runs, each piece of news stands at each place once."""
    community.services = (service,)
    community.tell([OLD])
    for _ in range(3):
        assert not community.tell([OLD, NEW])[0].failed
    held = (community.places.chat, community.places.statuses, community.places.records)
    assert sum(map(len, held)) == 1


def test_since_tells_a_new_place_what_happened_lately(community: Community) -> None:
    """A maintainer who wants the last days told says from which day on."""
    older = item("older", days=20)
    community.tell([older, OLD, NEW], since=date(2026, 11, 25))
    assert "And" not in community.told()[0]
    assert all(word in community.told()[0] for word in ("old joined", "new joined"))
    assert "older joined" not in community.told()[0]
    community.tell([older, OLD, NEW], since=date(2026, 11, 1))  # it is not new any more
    assert len(community.told()) == 1


@pytest.mark.parametrize(
    ("zone", "hour", "told"), [("Pacific/Auckland", -12, True), ("America/Lima", 2, False)]
)
def test_a_day_is_one_of_the_place_of_the_showcase(
    community: Community, zone: str, hour: int, told: bool
) -> None:
    """What happened before midnight in Greenwich, or after it, may be of another day elsewhere."""
    midnight = datetime(2026, 11, 25, tzinfo=NOW.tzinfo)
    news = item("new", date=midnight + timedelta(hours=hour))
    community.tell([news], NOW.astimezone(ZoneInfo(zone)), since=date(2026, 11, 25))
    assert bool(community.told()) is told


def test_a_kind_that_is_new_to_a_place_begins_then(community: Community) -> None:
    """Whoever names another kind is not flooded with what there was of it."""
    renamed = item("renamed", "housekeeping")
    community.tell([OLD, renamed])
    community.more = {"kinds": ("projects", "housekeeping")}
    community.tell([OLD, renamed])
    assert community.told() == []
    community.tell([OLD, renamed, item("moved", "housekeeping", days=0.1)])
    assert "moved joined" in community.told()[0]


@pytest.mark.parametrize("fault", [400, 401, 403, 404, 410, 429, 501, 503, 302])
def test_what_a_place_refuses_is_told_the_next_time(community: Community, fault: int) -> None:
    """A refusal says that the message is nowhere: it comes with what is new by then."""
    community.tell([OLD])
    community.places.faults["/services"] = [fault]
    refused = community.tell([OLD, NEW])[0]
    assert refused.failed
    assert str(fault) in refused.lines[0]
    assert not community.tell([OLD, NEW, NEWER])[0].failed
    assert len(community.told()) == 1
    assert "new joined" in community.told()[0]
    assert "newer joined" in community.told()[0]


def test_a_place_that_cannot_be_reached_is_told_the_next_time(community: Community) -> None:
    """Without a connection nothing was sent."""
    community.tell([OLD])
    community.variables = {"ANNOUNCE_SLACK_WEBHOOK": "https://localhost:9/services/x"}
    refused = community.tell([OLD, NEW])[0]
    assert refused.failed
    assert "cannot be reached" in refused.lines[0]
    community.variables = {}
    assert not community.tell([OLD, NEW])[0].failed
    assert len(community.told()) == 1


@pytest.mark.parametrize("fault", ["lost", "cut", 500, 502, 504])
def test_a_chat_is_not_told_again_what_may_stand_there(
    community: Community, fault: int | str
) -> None:
    """A webhook has no key: a message whose answer was lost is said to be in doubt, and left."""
    community.tell([OLD])
    community.places.faults["/services"] = [fault]
    doubtful = community.tell([OLD, NEW])[0]
    assert doubtful.failed
    assert "not known" in doubtful.lines[0]
    stood = len(community.told())
    settled = community.tell([OLD, NEW, NEWER])[0]
    assert "taken as told" in settled.lines[0]
    assert len(community.told()) == stood + 1
    assert "newer joined" in community.told()[-1]
    assert "new joined" not in community.told()[-1]
    assert not community.tell([OLD, NEW, NEWER])[0].failed


def test_again_sends_what_did_not_arrive(community: Community) -> None:
    """Who has looked, and found nothing there, has it sent once more."""
    community.tell([OLD])
    community.places.faults["/services"] = ["cut"]
    community.tell([OLD, NEW])
    assert community.told() == []
    assert not community.tell([OLD, NEW], repeat=True)[0].failed
    assert len(community.told()) == 1
    community.tell([OLD, NEW], repeat=True)
    assert len(community.told()) == 1


@pytest.mark.parametrize("fault", ["lost", "cut", 500, 502])
@pytest.mark.parametrize(
    ("service", "path"), [("mastodon", "/api"), ("bluesky", "/xrpc/com.atproto.repo")]
)
def test_what_has_a_key_is_sent_until_it_stands_there_once(
    community: Community, service: str, path: str, fault: int | str
) -> None:
    """Where the answer is lost and the place knows our key, the message is there once."""
    community.services = (service,)
    community.tell([OLD])
    community.places.faults[path] = [fault]
    assert not community.tell([OLD, NEW])[0].failed
    community.tell([OLD, NEW])
    assert len(community.places.statuses) + len(community.places.records) == 1


@pytest.mark.parametrize(
    ("service", "path", "after", "again"),
    [
        ("mastodon", "/api", timedelta(minutes=30), True),
        ("mastodon", "/api", timedelta(hours=2), False),
        ("mastodon", "/api", timedelta(days=-2), False),
        ("bluesky", "/xrpc/com.atproto.repo", timedelta(days=5), True),
    ],
)
def test_a_key_is_used_as_long_as_it_is_known(
    community: Community, service: str, path: str, after: timedelta, again: bool
) -> None:
    """A night later Bluesky still knows the message; Mastodon does not, and is not sent it."""
    community.services = (service,)
    community.tell([OLD])
    community.places.faults[path] = ["lost"] * 3
    assert community.tell([OLD, NEW])[0].failed
    before = len(community.places.heard)
    later = community.tell([OLD, NEW], NOW + after)[0]
    assert later.failed is not again
    assert (len(community.places.heard) > before) is again
    assert len(community.places.statuses) + len(community.places.records) == 1


def test_a_message_in_doubt_of_what_is_no_longer_public_is_not_sent(community: Community) -> None:
    """What left the feeds meanwhile is told nowhere again."""
    community.services = ("bluesky",)
    community.tell([OLD])
    community.places.faults["/xrpc/com.atproto.repo"] = ["cut"] * 3
    community.tell([OLD, NEW])
    community.tell([OLD])
    assert community.places.records == {}
    assert community.ledger.targets["bluesky"].open is None


def test_a_killed_program_leaves_a_message_in_doubt(community: Community) -> None:
    """The ledger says that a message is open before it is sent, so none is ever sent twice."""
    community.tell([OLD])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    keep = lambda ledger: community.kept.append(ledger.text().encode())  # noqa: E731 - one line
    this = community.round([OLD, NEW])
    with pytest.raises(KeyboardInterrupt):
        list(Announcer(this, community.ledger, keep, killed).reports())  # type: ignore[arg-type]
    assert community.ledger.targets["slack"].open is not None
    assert "taken as told" in community.tell([OLD, NEW])[0].lines[0]
    assert community.told() == []


def test_one_place_that_fails_stops_no_other(community: Community) -> None:
    """Of four places three are told although one has no variable and another refuses."""
    community.services = ALL
    community.tell([OLD])
    community.variables = {"ANNOUNCE_TEAMS_WEBHOOK": ""}
    community.places.faults["/api"] = [401]
    reports = community.tell([OLD, NEW])
    assert [report.failed for report in reports] == [False, True, True, False]
    assert "ANNOUNCE_TEAMS_WEBHOOK is not set" in reports[1].lines[0]
    assert len(community.places.chat) == 1
    assert len(community.places.records) == 1


def test_what_was_not_told_for_a_month_is_no_news(community: Community) -> None:
    """A place that failed for weeks is not told of what is long over."""
    community.tell([OLD])
    community.tell([OLD, NEW], NOW + timedelta(days=32))
    assert community.told() == []


def test_what_comes_back_into_a_full_feed_is_not_news(community: Community) -> None:
    """A feed holds fifty: when some leave it, what was the fifty-first is no newcomer."""
    full = [item(f"of-that-night-{number}", days=2) for number in range(50)]
    community.tell(full)
    community.tell([*full[:49], item("fifty-first", days=2)])
    assert community.told() == []


def test_more_than_feeds_hold_is_said_to_be_more(community: Community) -> None:
    """A night on which a hundred came is told as many and more, and never by a wrong number."""
    community.tell([OLD])
    community.tell([item(f"of-tonight-{number}", days=0.1) for number in range(50)])
    blocks = community.places.chat[0]["blocks"]
    assert "And more." in blocks[-1]["elements"][0]["text"]


def test_a_digest_counts_what_it_does_not_tell(community: Community) -> None:
    """Of seven pieces of news, with room for five, two are counted; the next time none is left."""
    community.tell([OLD])
    several = [item(f"number-{number}", days=0.1 + number / 100) for number in range(7)]
    community.tell([OLD, *several])
    assert "And 2 more." in community.places.chat[0]["blocks"][-1]["elements"][0]["text"]
    community.tell([OLD, *several])
    assert len(community.told()) == 1


def test_what_makes_glad_comes_first(community: Community) -> None:
    """Good news stands before arrivals, and the project of the week is last."""
    community.more = {"kinds": ("projects", "good-news", "spotlight")}
    community.tell([OLD])
    star = item("star", "spotlight", days=0.4, title="Project of the week: star")
    community.tell([OLD, star, NEW, item("prize", "good-news", days=0.9)])
    lines = community.told()[0].splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["prize", "new", "Project"]


def _mails(community: Community) -> list[str]:
    return [str(mail["Subject"]) for mail in community.box.mails]


def test_a_newsletter_comes_once_a_month(community: Community) -> None:
    """It tells of the month that is over, at the first run after it, and waits until then."""
    community.services = ("email",)
    start = datetime(2026, 11, 2, 9, tzinfo=NOW.tzinfo)
    community.tell([item("before", date=start - timedelta(days=3))], start)
    during = item("during", date=datetime(2026, 11, 20, tzinfo=NOW.tzinfo))
    community.tell([during], NOW)
    assert _mails(community) == []
    first = datetime(2026, 12, 1, 9, tzinfo=NOW.tzinfo)
    since = item("since", date=first - timedelta(hours=5))
    for day in range(3):
        assert not community.tell([during, since], first + timedelta(days=day))[0].failed
    assert _mails(community) == ["Orchard software: news of November 2026"]
    text = community.box.mails[0].get_body(("plain",))
    assert text is not None
    assert "during joined" in text.get_content()
    assert "before joined" not in text.get_content()
    assert "since joined" not in text.get_content()
    community.tell([since], datetime(2027, 1, 1, 9, tzinfo=NOW.tzinfo))
    assert _mails(community)[1:] == ["Orchard software: news of December 2026"]


def test_a_newsletter_in_doubt_costs_no_other_month(community: Community) -> None:
    """Whoever runs it once a month, and is left in doubt once, still gets the next newsletter."""
    community.services = ("email",)
    begun, first, second = (
        datetime(year, month, 1, 9, tzinfo=NOW.tzinfo)
        for year, month in ((2026, 11), (2026, 12), (2027, 1))
    )
    community.tell([], begun)
    november = item("november", date=begun + timedelta(days=9))
    community.box.fault = "lost"
    assert community.tell([november], first)[0].failed
    community.box.fault = ""
    community.tell([november, item("december", date=first + timedelta(days=9))], second)
    assert _mails(community)[1:] == ["Orchard software: news of December 2026"]


def test_a_clock_that_was_years_ahead_keeps_nothing_back(community: Community) -> None:
    """After a night with a wrong clock nothing is told twice, and newsletters go on."""
    community.services = ("slack", "email")
    start, first = (datetime(2026, month, 2, 9, tzinfo=NOW.tzinfo) for month in (11, 12))
    community.tell([], start)
    during = item("during", date=start + timedelta(days=2))
    community.tell([during], start + timedelta(days=3))
    ahead = datetime(2031, 5, 1, tzinfo=NOW.tzinfo)
    community.tell([during], ahead)
    community.tell([during, item("ahead", date=ahead - timedelta(days=1))], ahead)
    chats = len(community.told())
    community.tell([during], first)
    assert len(community.told()) == chats
    assert _mails(community) == ["Orchard software: news of November 2026"]


def test_a_month_without_news_has_no_newsletter(community: Community) -> None:
    """Nobody gets an empty mail, nor a late one when something of that month turns up."""
    community.services = ("email",)
    community.tell([OLD], datetime(2026, 11, 2, 9, tzinfo=NOW.tzinfo))
    first = datetime(2026, 12, 1, 9, tzinfo=NOW.tzinfo)
    late = item("late", date=first - timedelta(days=2))
    community.tell([], first)
    community.tell([late], first + timedelta(days=1))
    assert _mails(community) == []


def test_what_would_be_told_is_shown_and_nothing_is_noted(community: Community) -> None:
    """A look beforehand says for each place what it would get, and leaves no trace."""
    community.services = (*ALL, "email")
    community.tell([OLD])
    kept = len(community.kept)
    shown = [
        line for r in previews(community.round([OLD, NEW]), community.ledger) for line in r.lines
    ]
    assert sum("would be told 1 piece of news" in line for line in shown) == 4
    assert any("email: nothing to tell now; 1 piece of news waits" in line for line in shown)
    assert len(community.kept) == kept
    assert community.places.heard == []


@pytest.mark.parametrize(
    ("clock", "begin", "end", "quiet"),
    [
        ("17:59", "18:00", "08:00", False),
        ("18:00", "18:00", "08:00", True),
        ("03:00", "18:00", "08:00", True),
        ("08:00", "18:00", "08:00", False),
        ("12:30", "12:00", "13:00", True),
        ("13:00", "12:00", "13:00", False),
        ("23:00", "22:00", None, True),
        ("01:00", "22:00", None, False),
        ("01:00", None, "06:00", True),
        ("07:00", None, "06:00", False),
        ("07:00", None, None, False),
        ("07:00", "07:00", "07:00", False),
    ],
)
def test_quiet_hours(clock: str, begin: str | None, end: str | None, quiet: bool) -> None:
    """Quiet is from the first moment to the last, over midnight as well."""
    bounds = [time.fromisoformat(bound) if bound else None for bound in (begin, end)]
    assert is_quiet(time.fromisoformat(clock), *bounds) is quiet


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"form": 2}', b'{"targets": {"slack": 1}}']
)
def test_a_damaged_ledger_stops_everything(content: bytes) -> None:
    """Whoever cannot read what was told tells nothing."""
    with pytest.raises(StateError, match="delete it"):
        read_ledger(content, "announced.json")


def test_a_ledger_with_more_in_it_is_read(community: Community) -> None:
    """What a later version adds within the same form does not stop this one."""
    community.tell([OLD])
    text = community.kept[-1].decode().replace('"form":1', '"form":1,"later":true')
    text = text.replace('"form": 1', '"form": 1, "later": true')
    assert "later" in text
    assert read_ledger(text.encode(), "announced.json") == community.ledger


def test_the_ledger_forgets_what_nobody_would_tell(community: Community) -> None:
    """It does not grow for ever: ids are kept for 200 days."""
    community.tell([OLD])
    months = [replace(NEW, id=f"urn:{n}", date=NOW + timedelta(days=20 * n)) for n in range(20)]
    for number, one in enumerate(months):
        community.tell([one], NOW + timedelta(days=20 * number, hours=1))
    assert len(community.told()) == 20
    assert len(community.ledger.targets["slack"].told["projects"]) <= 11
