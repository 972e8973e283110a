"""The places that the registry names, and the variables that hold what is secret of each. Pure.

Only variables that begin with `ANNOUNCE_` are ever read, so that no name in a registry can have
another secret of the machine sent anywhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from aggregator.announcing.planning import Subscription
from aggregator.registry.community import Announcing, Outlet
from aggregator.words.addresses import is_web_address

PREFIX = "ANNOUNCE_"
BLUESKY = "https://bsky.social"
# Of each service what is asked for by name, and what may be left out.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "slack": ("WEBHOOK",),
    "teams": ("WEBHOOK",),
    "mastodon": ("SERVER", "TOKEN"),
    "bluesky": ("HANDLE", "PASSWORD"),
    "email": ("SERVER", "FROM", "TO"),
}
_OPTIONAL: Mapping[str, tuple[str, ...]] = {"bluesky": ("SERVER",), "email": ("USER", "PASSWORD")}
# What nobody else may read. Of a server or an account people learn by what is posted there.
_SECRET = frozenset({"WEBHOOK", "TOKEN", "PASSWORD"})
_LONGEST = 2_000
_TELLING = 6  # signs: no shorter part of an address opens anything
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_MAIL_SERVER = re.compile(r"([A-Za-z0-9.-]{1,253})(?::([0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens one place, by the last word of its variable; never shown by `repr`."""

    values: Mapping[str, str] = field(repr=False)

    def get(self, word: str) -> str:
        """Give what a variable holds; "" where it is not set."""
        return self.values.get(word, "")

    def scrubbed(self, text: str) -> str:
        """Take whatever is secret out of a text of somebody else's, and who is written to."""
        hidden = {value for word, value in self.values.items() if word in _SECRET}
        # What is secret of a webhook is its path, which may be told without its server.
        parts = {part for one in hidden for part in re.split(r"[/?&=]", one)}
        # A mail server names whom it refuses, and logs of workflows are public. It may write an
        # address in other letters, or only what stands before the sign.
        people = recipients(self.get("TO"))
        parts |= {one.partition("@")[0] for one in people}
        hidden |= {*people, *(part for part in parts if len(part) >= _TELLING)}
        for one in sorted(hidden, key=len, reverse=True):
            text = re.sub(re.escape(one), "...", text, flags=re.IGNORECASE)
        return text


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why nothing can be told at a place, and what to do: names of variables, never values."""

    why: str


def variable(outlet: Outlet, word: str) -> str:
    """Name a variable of a place: `ANNOUNCE_STAFF_ROOM_WEBHOOK` of the one called staff-room."""
    return f"{PREFIX}{outlet.called.upper().replace('-', '_')}_{word}"


def needed_variables(outlet: Outlet) -> tuple[str, ...]:
    """Name the variables without which nothing can be told at a place."""
    return tuple(variable(outlet, word) for word in _NEEDED[outlet.service])


def wanted_by(outlet: Outlet, settings: Announcing) -> Subscription:
    """Say what a place is told."""
    kinds = frozenset(outlet.kinds or settings.kinds)
    return Subscription(outlet.called, kinds, monthly=outlet.service == "email")


def credentials_of(outlet: Outlet, variables: Mapping[str, str]) -> Credentials | Unusable:
    """Read what opens a place; say which variables are missing or cannot be what they should."""
    words = (*_NEEDED[outlet.service], *_OPTIONAL.get(outlet.service, ()))
    values = {word: variables.get(variable(outlet, word), "").strip() for word in words}
    missing = [variable(outlet, w) for w in _NEEDED[outlet.service] if not values[w]]
    if missing:
        return Unusable(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set")
    for word, value in values.items():
        if value and (problem := _problem_with(word, value, outlet.service)):
            return Unusable(f"{variable(outlet, word)} {problem}")
    if outlet.service == "email" and bool(values["USER"]) != bool(values["PASSWORD"]):
        both = f"{variable(outlet, 'USER')} and {variable(outlet, 'PASSWORD')}"
        return Unusable(f"{both} belong together: set both, or neither")
    return Credentials({word: value for word, value in values.items() if value})


def mail_server(written: str) -> tuple[str, int]:
    """Take host and port of a mail server apart; without one it is that for sending, 587."""
    found = _MAIL_SERVER.fullmatch(written)
    return (found[1], int(found[2] or 587)) if found else ("", 0)


def recipients(written: str) -> tuple[str, ...]:
    """Take the addresses of a newsletter apart, which have commas between them."""
    return tuple(dict.fromkeys(filter(None, re.split(r"[\s,;]+", written))))


def _problem_with(word: str, value: str, service: str) -> str:
    """Say what is wrong with a value, without it."""
    if len(value) > _LONGEST or not value.isascii() or not value.isprintable():
        return "holds signs that it cannot have, or too many: copy it again"
    if service == "email":
        return _problem_with_mail(word, value)
    if word in {"WEBHOOK", "SERVER"}:
        if not value.startswith("https://") or not is_web_address(value):
            return "is no address that begins with https://"
    elif " " in value and word != "PASSWORD":
        return "holds a space: copy it again"
    return ""


def _problem_with_mail(word: str, value: str) -> str:
    if word == "SERVER" and not 0 < mail_server(value)[1] < 65536:
        return "is no mail server: write smtp.example.org, or smtp.example.org:465"
    if word == "FROM" and not _MAIL.fullmatch(value):
        return "is no mail address"
    people = recipients(value)
    if word == "TO" and not (people and all(map(_MAIL.fullmatch, people))):
        return "holds what is no mail address: write one, or some with commas between them"
    return ""
