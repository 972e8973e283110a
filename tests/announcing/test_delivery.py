"""What reaches a place, over real connections, and what is said when it does not."""

import logging
import time as clock
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from aggregator.announcing.announcement import announcement_of
from aggregator.announcing.delivery import Arrival, Delivery, deliver, record_key
from aggregator.announcing.outlets import (
    Credentials,
    Unusable,
    credentials_of,
    needed_variables,
)
from aggregator.announcing.planning import Planned
from aggregator.github.posting import Posted, Unanswered, post_json
from aggregator.registry.community import Outlet
from tests.announcing.news import HOME, NOW, item
from tests.announcing.receivers import (
    BLUESKY_PASSWORD,
    MAIL_PASSWORD,
    MASTODON_TOKEN,
    SESSION,
    WEBHOOK,
    MailBox,
    Places,
    variables_for,
)

SECRETS = (BLUESKY_PASSWORD, MAIL_PASSWORD, MASTODON_TOKEN, SESSION, WEBHOOK)
PLANNED = Planned(id="6f1f8a5e-0c9c-5f7e-9d55-0d5b2f3c7a11", at=NOW, items=(item("new"),))


def sent(service: str, places: Places, box: MailBox, **other: str) -> Delivery:
    """Send one message to a place."""
    variables = variables_for(places, box) | {f"ANNOUNCE_{n}": v for n, v in other.items()}
    opened = credentials_of(Outlet(service=service), variables)  # type: ignore[arg-type]
    assert isinstance(opened, Credentials), opened
    told = announcement_of(PLANNED, 5, "Orchard software", HOME, "en-GB")
    return deliver(service, told, PLANNED, opened)


def test_a_status_says_its_language_and_carries_its_key(places: Places, mail_box: MailBox) -> None:
    """Mastodon is told in which language the status is, and by which key it knows it again."""
    assert sent("mastodon", places, mail_box) == Delivery(Arrival.ARRIVED)
    status = places.statuses[PLANNED.id]
    assert status["language"] == "en"
    assert status["status"].endswith("https://showcase.example.org/projects/octo/new/")


def test_a_bluesky_post_stands_under_a_key_of_its_moment(places: Places, mail_box: MailBox) -> None:
    """The key sorts by time, as the network wants, and the same message has the same one."""
    assert sent("bluesky", places, mail_box) == Delivery(Arrival.ARRIVED)
    assert sent("bluesky", places, mail_box) == Delivery(Arrival.ARRIVED)
    ((key, record),) = places.records.items()
    assert record["createdAt"] == "2026-11-30T09:43:00Z"
    assert record["embed"]["external"]["uri"].endswith("/octo/new/")
    earlier = Planned(id="x", at=NOW - timedelta(seconds=1), items=())
    assert len(key) == 13
    assert record_key(earlier) < key
    east = Planned(id=PLANNED.id, at=NOW.astimezone(timezone(timedelta(hours=9))), items=())
    assert record_key(east) == key


def test_the_key_of_a_record_is_that_of_the_specification() -> None:
    """The first moment of all and a known one, worked out by hand."""
    first = Planned(id="x", at=datetime.fromtimestamp(0, NOW.tzinfo), items=())
    assert record_key(first)[:11] == "22222222222"
    # 2026-11-30T09:43:00Z is 1796031780 seconds: 1796031780000000 << 10, five bits a sign.
    number = 1796031780000000
    signs = "234567abcdefghijklmnopqrstuvwxyz"
    by_hand = ""
    for _ in range(11):
        by_hand = signs[number % 32] + by_hand
        number //= 32
    assert record_key(PLANNED)[:11] == by_hand


def test_a_newsletter_arrives_with_both_forms(places: Places, mail_box: MailBox) -> None:
    """Over TLS, after a login, as Markdown and as HTML."""
    assert sent("email", places, mail_box) == Delivery(Arrival.ARRIVED)
    (mail,) = mail_box.mails
    assert mail["To"] == "news@lists.example.org"
    assert mail["Message-ID"] == f"<{PLANNED.id}@example.org>"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail_box.envelopes == [("showcase@example.org", ["news@lists.example.org"])]


def test_several_people_do_not_learn_of_each_other(places: Places, mail_box: MailBox) -> None:
    """Their addresses are on the envelope alone; one that is refused keeps the mail from nobody."""
    mail_box.refused = frozenset({"gone@example.org"})
    people = "a@example.org, gone@example.org; b@example.org"
    done = sent("email", places, mail_box, EMAIL_TO=people)
    assert done.arrival is Arrival.ARRIVED
    assert done.why == "1 of 3 addresses were refused"
    assert mail_box.envelopes[0][1] == ["a@example.org", "b@example.org"]
    assert "a@example.org" not in mail_box.mails[0].as_string()


@pytest.mark.parametrize(
    ("fault", "arrival"),
    [
        ("451 come again later", Arrival.REFUSED),
        ("554 no", Arrival.REFUSED),
        ("lost", Arrival.UNKNOWN),
    ],
)
def test_what_a_mail_server_answers_decides(
    places: Places, mail_box: MailBox, fault: str, arrival: Arrival
) -> None:
    """A mail is refused by word alone; where the line breaks after it was sent, who knows."""
    mail_box.fault = fault
    assert sent("email", places, mail_box).arrival is arrival


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"EMAIL_PASSWORD": "marked-wrong-password"}, "answered 535"),
        ({"EMAIL_SERVER": "localhost:9"}, "cannot be reached"),
        ({"EMAIL_TO": "gone@example.org"}, "answered 550"),
        ({"EMAIL_USER": "", "EMAIL_PASSWORD": ""}, "answered 530"),
    ],
    ids=["password", "server", "nobody", "no-login"],
)
def test_a_mail_that_is_refused_says_why(
    places: Places, mail_box: MailBox, other: dict[str, str], said: str
) -> None:
    """A maintainer reads what the server said, and no password."""
    mail_box.refused = frozenset({"gone@example.org"})
    done = sent("email", places, mail_box, **other)
    assert done.arrival is Arrival.REFUSED
    assert said in done.why
    assert "marked" not in done.why
    assert mail_box.mails == []


def test_who_is_written_to_is_told_to_nobody(places: Places, mail_box: MailBox) -> None:
    """What a mail server says of an address it refuses stands in no log: a person's is private."""
    mail_box.refused = frozenset({"Agnes.Heron@Example.org"})
    done = sent("email", places, mail_box, EMAIL_TO="Agnes.Heron@Example.org")
    assert done == Delivery(Arrival.REFUSED, "it answered 550: 5.1.1 <...>: ... is not known")


def test_a_server_that_nobody_vouches_for_gets_nothing(
    places: Places, mail_box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that is not believed ends it before anything secret is sent."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.delenv("SSL_CERT_FILE")
    for service in ("slack", "mastodon", "bluesky", "email"):
        assert sent(service, places, mail_box).arrival is Arrival.REFUSED, service
    assert places.heard == []
    assert mail_box.mails == []


@pytest.mark.parametrize("service", ["slack", "teams", "mastodon", "bluesky"])
def test_what_a_place_says_back_is_quoted_without_secrets(
    places: Places, mail_box: MailBox, service: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that repeats what it was sent, even at length, has no secret shown or logged."""
    caplog.set_level(logging.DEBUG)
    places.says = f"no: {' '.join(SECRETS)} {variables_for(places, mail_box)} {'x' * 9000}".encode()
    for path in ("/services", "/api", "/xrpc/com.atproto.repo"):
        places.faults[path] = [403]
    done = sent(service, places, mail_box)
    assert done.arrival is Arrival.REFUSED
    assert "403" in done.why
    assert len(done.why) < 300
    own = {"slack": WEBHOOK, "teams": WEBHOOK, "mastodon": MASTODON_TOKEN, "bluesky": SESSION}
    assert own[service] not in done.why
    assert not any(secret in caplog.text for secret in SECRETS)


def test_a_wrong_password_opens_no_session(places: Places, mail_box: MailBox) -> None:
    """Without a session nothing can have been posted, so it is tried again the next time."""
    done = sent("bluesky", places, mail_box, BLUESKY_PASSWORD="marked-other")
    assert done.arrival is Arrival.REFUSED
    assert done.why == "no session was opened: it answered 401: Invalid password"


@pytest.mark.parametrize("path", ["/xrpc/com.atproto.server"])
@pytest.mark.parametrize("fault", ["cut", "lost", 500])
def test_a_session_that_does_not_open_posts_nothing(
    places: Places, mail_box: MailBox, path: str, fault: int | str
) -> None:
    """What failed before the post was sent is no doubt about the post."""
    places.faults[path] = [fault]
    assert sent("bluesky", places, mail_box).arrival is Arrival.REFUSED
    assert places.records == {}


def test_a_slow_place_is_given_up(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """No place keeps the others waiting for long, however slowly it answers."""
    take = places.take
    monkeypatch.setattr(places, "take", lambda heard: (clock.sleep(1.5), take(heard))[1])
    begun = clock.monotonic()
    done = post_json(f"{places.address}/services/x", {}, {}, seconds=0.3)
    assert isinstance(done, Unanswered)
    assert done.may_have_arrived
    assert clock.monotonic() - begun < 1.2


def test_an_endless_answer_is_not_read(places: Places) -> None:
    """More bytes than anybody needs end the conversation, and the message may have arrived."""
    places.says, places.faults["/services"] = b"x" * 1_000_000, [200]
    done = post_json(f"{places.address}/services/x", {}, {})
    assert isinstance(done, Unanswered)
    assert done.may_have_arrived


def test_nobody_else_gets_what_was_meant_for_a_place(places: Places) -> None:
    """A redirect is an answer and is not followed."""
    places.faults["/services"] = [307]
    done = post_json(f"{places.address}/services/x", {}, {})
    assert isinstance(done, Posted)
    assert done.status == 307
    assert len(places.heard) == 1


VALUES = {
    "ANNOUNCE_SLACK_WEBHOOK": "https://hooks.slack.example/services/marked",
    "ANNOUNCE_MASTODON_SERVER": "https://social.example",
    "ANNOUNCE_MASTODON_TOKEN": "marked",
    "ANNOUNCE_EMAIL_SERVER": "smtp.example.org",
    "ANNOUNCE_EMAIL_FROM": "showcase@example.org",
    "ANNOUNCE_EMAIL_TO": "news@example.org",
}


@pytest.mark.parametrize(
    ("service", "name", "value"),
    [
        ("slack", "ANNOUNCE_SLACK_WEBHOOK", "http://hooks.slack.example/marked"),
        ("slack", "ANNOUNCE_SLACK_WEBHOOK", "https://user:marked@hooks.slack.example/"),
        ("slack", "ANNOUNCE_SLACK_WEBHOOK", "file:///etc/marked"),
        ("slack", "ANNOUNCE_SLACK_WEBHOOK", "hooks.slack.example/marked"),
        ("slack", "ANNOUNCE_SLACK_WEBHOOK", "https://hooks.slack.example/ma\r\nrked"),
        ("slack", "ANNOUNCE_SLACK_WEBHOOK", f"https://hooks.slack.example/marked{'x' * 3000}"),
        ("mastodon", "ANNOUNCE_MASTODON_SERVER", "http://social.example/marked"),
        ("mastodon", "ANNOUNCE_MASTODON_TOKEN", "marked token"),
        ("mastodon", "ANNOUNCE_MASTODON_TOKEN", "marked\r\nX-Other: 1"),
        ("mastodon", "ANNOUNCE_MASTODON_TOKEN", "märked"),
        ("email", "ANNOUNCE_EMAIL_SERVER", "smtp.example.org:99999"),
        ("email", "ANNOUNCE_EMAIL_SERVER", "smtp://marked"),
        ("email", "ANNOUNCE_EMAIL_FROM", "a@example.org\r\nBcc: marked@example.org"),
        ("email", "ANNOUNCE_EMAIL_FROM", "marked"),
        ("email", "ANNOUNCE_EMAIL_TO", "a@example.org, marked"),
        ("email", "ANNOUNCE_EMAIL_TO", " , ;"),
        ("email", "ANNOUNCE_EMAIL_USER", "marked"),
    ],
)
def test_what_cannot_be_right_is_named_and_not_shown(service: str, name: str, value: str) -> None:
    """The variable is named, and never what it holds."""
    found = credentials_of(Outlet(service=service), VALUES | {name: value})  # type: ignore[arg-type]
    assert isinstance(found, Unusable)
    assert name in found.why
    assert "marked" not in found.why


def test_only_variables_of_our_own_are_read() -> None:
    """No name of a place leads to another secret of the machine."""
    for service in ("slack", "teams", "mastodon", "bluesky", "email"):
        for name in ("github", "aws-secret", "path"):
            outlet = Outlet(service=service, name=name)  # type: ignore[arg-type]
            assert all(v.startswith("ANNOUNCE_") for v in needed_variables(outlet))


def test_credentials_show_nothing_of_themselves() -> None:
    """Whatever prints them, a trace or a log, prints no secret."""
    opened = credentials_of(Outlet(service="slack"), VALUES)
    assert isinstance(opened, Credentials)
    assert "marked" not in f"{opened!r} {opened} {SimpleNamespace(it=opened)}"
