"""What each place was told already, so that nothing is told twice: a small file, without secrets.

It holds the ids of news, never its words: what a repository erases is in no ledger. Each change of
it is a value; `aggregator announce` writes it before and after each message. A ledger that was
lost makes a place begin anew, which tells nothing old.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aggregator.announcing.published import FeedItem, PublishedNews
from aggregator.words.errors import StateError

LEDGER = "announced.json"
FORM = 1
# Longer than anything is news, and than a newsletter may be late.
_KEPT = timedelta(days=200)

Ids = Mapping[str, Mapping[str, date]]  # of each kind, the ids with the day of the news


class _Kept(BaseModel):
    """A part of the file; what a later version adds within the same form is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class OpenMessage(_Kept):
    """A message that was sent, or was about to be, and of which nobody knows whether it arrived."""

    id: str
    at: datetime
    ids: Ids


class OutletLedger(_Kept):
    """What one place was told.

    Args:
        begun: when it was first looked at.
        since: from which day on news was to be told then; None: nothing that stood there.
        told: what it knows.
        floors: what is older is no news, by kind: its feed had more than it could hold.
        month: the last month, as "2026-11", of which a newsletter was sent or had nothing to tell.
        open: the message whose fate is not known.
    """

    begun: datetime
    since: date | None = None
    told: Ids = Field(default_factory=dict)
    floors: Mapping[str, datetime] = Field(default_factory=dict)
    month: str = ""
    open: OpenMessage | None = None

    def knows(self, item: FeedItem) -> bool:
        """Tell whether a piece of news was told here, or is older than what can be."""
        floor = self.floors.get(item.kind)
        return item.id in self.told.get(item.kind, ()) or bool(floor and item.date <= floor)

    def having_told(
        self, items: Iterable[FeedItem], news: PublishedNews, now: datetime
    ) -> "OutletLedger":
        """Note that it knows some news, and forget what nobody would tell any more."""
        ids = _ids_of(items)
        floors = {
            kind: max(news.cut[kind], self.floors.get(kind, news.cut[kind]))
            for kind in news.cut
            if kind in ids
        }
        told = self.with_ids(ids, news, now)
        return told.model_copy(update={"floors": {**self.floors, **floors}})

    def with_ids(self, ids: Ids, news: PublishedNews, now: datetime) -> "OutletLedger":
        """Note that it knows what has these ids; a kind of which it knows nothing yet is begun."""
        kinds = {*self.told, *ids}
        # Never what is published still: a clock that is years ahead for a night forgets nothing.
        oldest, there = (now - _KEPT).date(), {item.id for item in news.items}
        told = {
            kind: {
                name: day
                for name, day in {**self.told.get(kind, {}), **ids.get(kind, {})}.items()
                if day >= oldest or name in there
            }
            for kind in sorted(kinds)
        }
        return self.model_copy(update={"told": told})

    def opening(self, message: str, items: Iterable[FeedItem], at: datetime) -> "OutletLedger":
        """Note that a message is about to be sent."""
        return self.model_copy(update={"open": OpenMessage(id=message, at=at, ids=_ids_of(items))})

    def closed(self) -> "OutletLedger":
        """Note that the fate of the last message is known."""
        return self.model_copy(update={"open": None})


class Ledger(_Kept):
    """What every place was told, by its name."""

    form: int = FORM
    targets: Mapping[str, OutletLedger] = Field(default_factory=dict)

    def with_outlet(self, name: str, outlet: OutletLedger) -> "Ledger":
        """Put what is known of one place in."""
        return self.model_copy(update={"targets": {**self.targets, name: outlet}})

    def text(self) -> str:
        """Write the file."""
        return self.model_dump_json(indent=1, exclude_defaults=False) + "\n"


def _ids_of(items: Iterable[FeedItem]) -> dict[str, dict[str, date]]:
    ids: dict[str, dict[str, date]] = {}
    for item in items:
        ids.setdefault(item.kind, {})[item.id] = item.date.astimezone(UTC).date()
    return ids


def read_ledger(content: bytes | None, place: str) -> Ledger:
    """Read the file; None is one that is not there yet.

    Raises:
        StateError: it is damaged, or of a later form: whoever guessed would tell things twice.
    """
    if content is None:
        return Ledger()
    try:
        found = Ledger.model_validate_json(content)
    except ValidationError:
        raise StateError(
            f"{place} does not say what was told already",
            "it is damaged",
            "bring back a copy, or delete it: then nothing that is published now is told",
        ) from None
    if found.form > FORM:
        cure = "use that version, or delete it: then nothing that is published now is told"
        raise StateError(f"{place} cannot be read", "a later version wrote it", cure)
    return found
