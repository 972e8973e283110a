"""One round of telling: every place in turn, each by its own, and the ledger written in between.

    ledger --begun--> what is old --a message of doubtful fate--> again, or taken as told
           --next_message--> noted as open --deliver--> told | not told | still open

The ledger says that a message is open before it is sent, so that whatever kills the program leaves
a message of doubtful fate and never one that is told twice.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from aggregator.announcing.announcement import Announcement, announcement_of
from aggregator.announcing.delivery import Arrival, Delivery
from aggregator.announcing.ledger import Ledger, OpenMessage, OutletLedger
from aggregator.announcing.newsletter import newsletter_markdown
from aggregator.announcing.outlets import (
    Credentials,
    Unusable,
    credentials_of,
    wanted_by,
)
from aggregator.announcing.planning import (
    Planned,
    Subscription,
    after_the_month,
    again,
    begun,
    fresh,
    may_be_repeated,
    next_message,
)
from aggregator.announcing.posts import bluesky_post, mastodon_status, plain_text
from aggregator.announcing.published import PublishedNews
from aggregator.registry.community import Announcing, Outlet
from aggregator.words.causes import DOUBTFUL, UNTOLD
from aggregator.words.phrases import minute_of
from aggregator.words.speech import Speech, speaking

# A newsletter has room for all that feeds hold.
_NEWSLETTER = 1_000

Send = Callable[[str, Announcement, Planned, Credentials], Delivery]
Keep = Callable[[Ledger], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncingRound:
    """What one round knows.

    Args:
        settings: `announce` of the registry.
        showcase: its name.
        speech: the language of the pages, in which it is told.
        news: what the site published.
        variables: those that begin with `ANNOUNCE_`.
        now: in the time zone of the showcase.
        since: from which day on a place that is new is told what happened.
        repeat: send once more what may have got lost, wherever it was to go.
    """

    settings: Announcing
    showcase: str
    speech: Speech
    news: PublishedNews
    variables: Mapping[str, str]
    now: datetime
    since: date | None = None
    repeat: bool = False

    def put(self, planned: Planned, outlet: Outlet) -> Announcement:
        """Put a message for a place into words."""
        most = _NEWSLETTER if outlet.service == "email" else self.settings.digest
        return self.worded(planned, most)

    def worded(self, planned: Planned, most: int = _NEWSLETTER) -> Announcement:
        """Put a message of so many pieces of news into words."""
        with speaking(self.speech):
            language = self.speech.language
            return announcement_of(planned, most, self.showcase, self.news.home, language)


@dataclass(frozen=True, slots=True)
class OutletReport:
    """What came of one place, in lines for the terminal, and whether somebody must look."""

    lines: tuple[str, ...]
    failed: bool = False


class Announcer:
    """Tells every place its news.

    Args:
        this: what the round knows.
        ledger: what was told before.
        keep: writes the ledger; called before and after each message.
        send: sends a message; `delivery.deliver`.
    """

    def __init__(self, this: AnnouncingRound, ledger: Ledger, keep: Keep, send: Send) -> None:
        self._this = this
        self._ledger = ledger
        self._keep = keep
        self._send = send

    def reports(self) -> Iterator[OutletReport]:
        """Tell one place after the other; what fails at one stops none of the others."""
        for outlet in self._this.settings.targets:
            yield self._tell(outlet)

    def _tell(self, outlet: Outlet) -> OutletReport:
        this, name = self._this, outlet.called
        opened = credentials_of(outlet, this.variables)
        if isinstance(opened, Unusable):
            return OutletReport((f"{name}: {UNTOLD.says}: {opened.why}",), failed=True)
        wanted = wanted_by(outlet, this.settings)
        known = self._ledger.targets.get(name)
        ledger = self._noted(name, begun(known, this.news, wanted, this.now, this.since))
        lines, failed = [] if known else [_beginning(outlet, this)], False
        if ledger.open:
            ledger, settled = self._settled(outlet, ledger, ledger.open, opened)
            lines += settled.lines
            failed = settled.failed
            if ledger.open:  # where that could not be settled, nothing else arrives either
                return OutletReport(tuple(lines), failed=True)
        done = self._told_next(outlet, wanted, ledger, opened)
        return OutletReport((*lines, *done.lines), failed or done.failed)

    def _told_next(
        self, outlet: Outlet, wanted: Subscription, ledger: OutletLedger, opened: Credentials
    ) -> OutletReport:
        """Send what is new; close the month of a newsletter, also where nothing was."""
        this, name = self._this, outlet.called
        planned = next_message(ledger, this.news, wanted, this.now)
        if planned is None:
            self._noted(name, after_the_month(ledger, wanted, this.now))
            return OutletReport((f"{name}: nothing new",))
        ledger = self._noted(name, ledger.opening(planned.id, planned.items, planned.at))
        done = self._sent(outlet, planned, opened)
        if done.arrival is Arrival.UNKNOWN:
            return OutletReport((_doubtful(name, done.why),), failed=True)
        ledger = ledger.closed()
        if done.arrival is Arrival.REFUSED:
            self._noted(name, ledger)
            line = f"{name}: {UNTOLD.says}: {done.why}; the next time it is tried again"
            return OutletReport((line,), failed=True)
        ledger = ledger.having_told(planned.items, this.news, this.now)
        self._noted(name, after_the_month(ledger, wanted, this.now))
        remark = f"; {done.why}" if done.why else ""
        return OutletReport((f"{name}: told {_pieces(planned)}{remark}",), failed=bool(done.why))

    def _settled(
        self, outlet: Outlet, ledger: OutletLedger, message: OpenMessage, opened: Credentials
    ) -> tuple[OutletLedger, OutletReport]:
        """Send a message of doubtful fate again where it cannot stand there twice; else let it be.

        Refused now, it may have arrived then: it stays open.
        """
        this, name = self._this, outlet.called
        wanted = wanted_by(outlet, this.settings)
        told = ledger.with_ids(message.ids, this.news, this.now).closed()
        told = after_the_month(told, wanted, message.at)  # its own: another may be over by now
        when = minute_of(message.at)
        if not (this.repeat or may_be_repeated(outlet.service, message, this.now)):
            line = (
                f"{name}: whether the message of {when} arrived is not known; it is taken as told"
            )
            return self._noted(name, told), OutletReport((line,), failed=True)
        planned = again(message, this.news, wanted)
        if planned is None:
            line = f"{name}: nothing of the message of {when} is public any more"
            return self._noted(name, told), OutletReport((line,))
        done = self._sent(outlet, planned, opened)
        if done.arrival is not Arrival.ARRIVED:
            line = f"{name}: the message of {when} was sent again, and {done.why}"
            return ledger, OutletReport((line,), failed=True)
        line = f"{name}: told {_pieces(planned)}, which was in doubt since {when}"
        return self._noted(name, told), OutletReport((line,))

    def _sent(self, outlet: Outlet, planned: Planned, opened: Credentials) -> Delivery:
        with speaking(self._this.speech):
            return self._send(outlet.service, self._this.put(planned, outlet), planned, opened)

    def _noted(self, name: str, ledger: OutletLedger) -> OutletLedger:
        changed = self._ledger.with_outlet(name, ledger)
        if changed != self._ledger:
            self._ledger = changed
            self._keep(changed)
        return ledger


def previews(this: AnnouncingRound, ledger: Ledger) -> Iterator[OutletReport]:
    """Show what each place would be told now; nothing is sent or noted."""
    for outlet in this.settings.targets:
        yield OutletReport(tuple(_preview(outlet, this, ledger.targets.get(outlet.called))))


def _preview(outlet: Outlet, this: AnnouncingRound, known: OutletLedger | None) -> Iterator[str]:
    name, wanted = outlet.called, wanted_by(outlet, this.settings)
    opened = credentials_of(outlet, this.variables)
    if isinstance(opened, Unusable):
        yield f"{name}: {opened.why}"
    if known is None:
        yield _beginning(outlet, this)
    after = begun(known, this.news, wanted, this.now, this.since)
    if after.open:
        yield _doubtful(name, f"it was sent at {minute_of(after.open.at)}")
    planned = next_message(after, this.news, wanted, this.now)
    if planned is None:
        waiting = len(fresh(after, this.news, wanted, this.now))
        later = f"; {_counted(waiting)} waits for the end of the month" if waiting else ""
        yield f"{name}: nothing to tell now{later}"
        return
    yield f"{name}: would be told {_pieces(planned)}:"
    with speaking(this.speech):
        text = _shown(outlet.service, this.put(planned, outlet))
    yield from (f"    {line}" for line in text.splitlines())


def _shown(service: str, told: Announcement) -> str:
    if service == "mastodon":
        return mastodon_status(told)
    if service == "bluesky":
        return bluesky_post(told).text
    return newsletter_markdown(told) if service == "email" else plain_text(told)


def _beginning(outlet: Outlet, this: AnnouncingRound) -> str:
    if this.since:
        return f"{outlet.called}: begins with what happened since {this.since}"
    return (
        f"{outlet.called}: begins now: what is published already is not told "
        "(--since DATE tells what happened from that day on)"
    )


def _doubtful(name: str, why: str) -> str:
    return f"{name}: {DOUBTFUL.says}: {why}; {DOUBTFUL.cure}"


def _pieces(planned: Planned) -> str:
    return _counted(len(planned.items))


def _counted(count: int) -> str:
    return f"{count} {'piece' if count == 1 else 'pieces'} of news"
