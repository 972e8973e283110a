"""Sends one message to one place, and says whether it arrived, was refused, or nobody knows.

What a server says may be quoted, without what is secret of the place and without its address. A
place that was refused is told again the next time; one of which nobody knows is not, unless it can
tell that the message is the same (see `planning.may_be_repeated`).
"""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from hashlib import sha256

from aggregator.announcing.announcement import Announcement
from aggregator.announcing.chat_cards import slack_message, teams_message
from aggregator.announcing.newsletter import newsletter_mail
from aggregator.announcing.outlets import BLUESKY, Credentials, mail_server, recipients
from aggregator.announcing.planning import Planned
from aggregator.announcing.posts import bluesky_post, mastodon_status
from aggregator.github.posting import Posted, Unanswered, post_json
from aggregator.github.values import read_json
from aggregator.words.clean import clean_text
from aggregator.words.phrases import timestamp

_SMTP_SECONDS = 30.0
_TLS_AT_ONCE = 465
_MOST_QUOTED = 200
# A server that answers so has not taken the message: it is wrong, unwelcome, or too much now.
# Any other failure of it may have come after the message was taken.
_NOT_TAKEN = frozenset({501, 503})
_TID_SIGNS = "234567abcdefghijklmnopqrstuvwxyz"
_TRIES = 3  # of what cannot stand there twice

Hide = Callable[[str], str]  # takes what is secret out of a text


class Arrival(StrEnum):
    """What became of a message."""

    ARRIVED = "arrived"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message, and why where it did not arrive; in words for the terminal."""

    arrival: Arrival
    why: str = ""


def deliver(
    service: str, told: Announcement, planned: Planned, credentials: Credentials
) -> Delivery:
    """Send a message to a place of a service."""
    send = {
        "slack": _to_slack,
        "teams": _to_teams,
        "mastodon": _to_mastodon,
        "bluesky": _to_bluesky,
        "email": _by_mail,
    }[service]
    return send(told, planned, credentials)


def _to_slack(told: Announcement, _planned: Planned, credentials: Credentials) -> Delivery:
    answer = post_json(credentials.get("WEBHOOK"), slack_message(told), {})
    return _outcome_of(answer, credentials.scrubbed)


def _to_teams(told: Announcement, _planned: Planned, credentials: Credentials) -> Delivery:
    answer = post_json(credentials.get("WEBHOOK"), teams_message(told), {})
    return _outcome_of(answer, credentials.scrubbed)


def _to_mastodon(told: Announcement, planned: Planned, credentials: Credentials) -> Delivery:
    """Post a status: https://docs.joinmastodon.org/methods/statuses/#create."""
    address = f"{credentials.get('SERVER').rstrip('/')}/api/v1/statuses"
    status = {
        "status": mastodon_status(told),
        "visibility": "public",
        "language": told.language.partition("-")[0].lower(),
    }
    headers = {
        "Authorization": f"Bearer {credentials.get('TOKEN')}",
        "Idempotency-Key": planned.id,
    }
    return _until_known(address, status, headers, credentials.scrubbed)


def _to_bluesky(told: Announcement, planned: Planned, credentials: Credentials) -> Delivery:
    """Keep a record under a key of our own, so that the same message is the same record.

    https://docs.bsky.app/docs/api/com-atproto-server-create-session and -repo-put-record.
    """
    server = f"{(credentials.get('SERVER') or BLUESKY).rstrip('/')}/xrpc"
    account = {
        "identifier": credentials.get("HANDLE").removeprefix("@"),
        "password": credentials.get("PASSWORD"),
    }
    opened = post_json(f"{server}/com.atproto.server.createSession", account, {})
    if isinstance(opened, Unanswered):
        return Delivery(Arrival.REFUSED, opened.why)  # nothing was to be posted yet
    session = _object_in(opened)
    token, owner = session.get("accessJwt"), session.get("did")
    if opened.status != 200 or not isinstance(token, str) or not isinstance(owner, str):
        return Delivery(
            Arrival.REFUSED, f"no session was opened: {_quoted(opened, credentials.scrubbed)}"
        )
    if not token.isascii() or not token.isprintable():
        return Delivery(Arrival.REFUSED, "no session was opened: its token is none")
    record = {
        "repo": owner,
        "collection": "app.bsky.feed.post",
        "rkey": record_key(planned),
        "record": bluesky_post(told).record(timestamp(planned.at), told.language),
    }
    headers = {"Authorization": f"Bearer {token}"}
    hide = Credentials({**credentials.values, "TOKEN": token}).scrubbed
    return _until_known(f"{server}/com.atproto.repo.putRecord", record, headers, hide)


def record_key(planned: Planned) -> str:
    """Make the key of a record, the same for the same message: https://atproto.com/specs/tid.

    53 bits of microseconds, 10 bits that tell two of one moment apart, five bits a sign.
    """
    clock = int.from_bytes(sha256(planned.id.encode()).digest()[:2]) & 0x3FF
    number = (int(planned.at.timestamp() * 1_000_000) << 10) | clock
    return "".join(_TID_SIGNS[(number >> shift) & 31] for shift in range(60, -1, -5))


def _until_known(
    address: str, document: object, headers: Mapping[str, str], hide: Hide
) -> Delivery:
    """Post what cannot stand there twice, again where no answer came."""
    done = _outcome_of(post_json(address, document, headers), hide)
    for _ in range(_TRIES - 1):
        if done.arrival is not Arrival.UNKNOWN:
            break
        done = _outcome_of(post_json(address, document, headers), hide)
    return done


def _outcome_of(answer: Posted | Unanswered, hide: Hide) -> Delivery:
    if isinstance(answer, Unanswered):
        return Delivery(Arrival.UNKNOWN if answer.may_have_arrived else Arrival.REFUSED, answer.why)
    if 200 <= answer.status < 300:
        return Delivery(Arrival.ARRIVED)
    may_have = answer.status >= 500 and answer.status not in _NOT_TAKEN
    return Delivery(Arrival.UNKNOWN if may_have else Arrival.REFUSED, _quoted(answer, hide))


def _quoted(answer: Posted, hide: Hide) -> str:
    """Say what a server answered, in a few of its own words, without what it was sent."""
    told = _object_in(answer)
    words = told.get("message") or told.get("error_description") or told.get("error")
    if not isinstance(words, str):
        words = answer.body.decode("utf-8", "replace")
    # Before it is cut, which would leave a part of a secret that nobody finds any more.
    said = clean_text(hide(words), _MOST_QUOTED)
    return f"it answered {answer.status}" + (f": {said}" if said else "")


def _object_in(answer: Posted) -> Mapping[str, object]:
    try:
        found = read_json(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _by_mail(told: Announcement, planned: Planned, credentials: Credentials) -> Delivery:
    """Send the newsletter over TLS: https://www.rfc-editor.org/rfc/rfc5321."""
    sender, to = credentials.get("FROM"), recipients(credentials.get("TO"))
    # Several people do not learn of each other's addresses.
    shown = to[0] if len(to) == 1 else sender
    mail = newsletter_mail(told, sender, shown, planned.id, planned.at)
    try:
        server = _open_server(credentials)
    except (smtplib.SMTPException, OSError, ValueError) as problem:
        return Delivery(Arrival.REFUSED, _words_of(problem, credentials.scrubbed))
    try:
        server.ehlo_or_helo_if_needed()
        if user := credentials.get("USER"):
            server.login(user, credentials.get("PASSWORD"))
        return _handed_over(server, sender, to, mail, credentials.scrubbed)
    except (smtplib.SMTPException, OSError, ValueError) as problem:
        return Delivery(Arrival.REFUSED, _words_of(problem, credentials.scrubbed))
    finally:
        # Whatever a server answers to the farewell, the fate of the mail is known by then.
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _open_server(credentials: Credentials) -> smtplib.SMTP:
    host, port = mail_server(credentials.get("SERVER"))
    secure = ssl.create_default_context()
    if port == _TLS_AT_ONCE:
        return smtplib.SMTP_SSL(host, port, timeout=_SMTP_SECONDS, context=secure)
    server = smtplib.SMTP(host, port, timeout=_SMTP_SECONDS)
    try:
        server.starttls(context=secure)
    except BaseException:
        server.close()
        raise
    return server


def _handed_over(
    server: smtplib.SMTP, sender: str, to: tuple[str, ...], mail: EmailMessage, hide: Hide
) -> Delivery:
    """Hand the mail over step by step: only in the last one can its fate become unknown."""
    code, said = server.mail(sender)
    if code != 250:
        return Delivery(Arrival.REFUSED, _reply(code, said, hide))
    replies = [server.rcpt(one) for one in to]
    refused = [reply for reply in replies if reply[0] not in {250, 251}]
    if len(refused) == len(to):
        return Delivery(Arrival.REFUSED, _reply(*refused[0], hide))
    try:
        code, said = server.data(mail.as_bytes())
    except smtplib.SMTPDataError as problem:
        return Delivery(Arrival.REFUSED, _words_of(problem, hide))
    except (smtplib.SMTPException, OSError) as problem:
        return Delivery(Arrival.UNKNOWN, _words_of(problem, hide))
    if code != 250:
        return Delivery(Arrival.REFUSED, _reply(code, said, hide))
    left_out = f"{len(refused)} of {len(to)} addresses were refused" if refused else ""
    return Delivery(Arrival.ARRIVED, left_out)


def _words_of(problem: Exception, hide: Hide) -> str:
    if isinstance(problem, smtplib.SMTPResponseException):
        return _reply(problem.smtp_code, problem.smtp_error, hide)
    if isinstance(problem, smtplib.SMTPServerDisconnected):
        return "the connection broke off"
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        return "it offers no TLS or no login, without which nothing is sent"
    if isinstance(problem, OSError):
        return f"it cannot be reached ({problem.strerror or type(problem).__name__})"
    return f"it cannot be talked to ({type(problem).__name__})"


def _reply(code: int, said: bytes | str, hide: Hide) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    quoted = clean_text(hide(text), _MOST_QUOTED)
    return f"it answered {code}" + (f": {quoted}" if quoted else "")
