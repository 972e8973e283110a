"""Tells how the nightly run fares at the places that a registry names for it, once for a trouble.

    RunNotice + noticed.json --what is new to a place--> one message --deliver--> told | not told

A message whose fate nobody knows counts as told. That a night failed is told by the next run too,
until it arrives; that all is well again is told where the failure was, and not tried a second time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aggregator.announcing.announcement import RUN_KIND, Announcement
from aggregator.announcing.announcer import OutletReport, Send
from aggregator.announcing.delivery import Arrival
from aggregator.announcing.outlets import Unusable, credentials_of
from aggregator.announcing.planning import Planned
from aggregator.announcing.published import FeedItem
from aggregator.registry.community import Announcing, Outlet
from aggregator.run.health import RunNotice
from aggregator.store.locking import write_whole
from aggregator.words.causes import UNTOLD
from aggregator.words.phrases import sentence

NOTICED = "noticed.json"
_FORM = 1


class Noticed(BaseModel):
    """The file: of each place, by its name, the id of what it heard last. No words, no secrets."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    form: int = _FORM
    told: Mapping[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRound:
    """What telling a notice takes.

    Args:
        settings: `announce` of the registry.
        variables: those that begin with `ANNOUNCE_`.
        now: the time.
        send: sends a message; `delivery.deliver`.
    """

    settings: Announcing
    variables: Mapping[str, str]
    now: datetime
    send: Send


def tell(notice: RunNotice, this: NoticeRound, state: Path) -> Iterator[OutletReport]:
    """Tell a notice at each place that is to hear of it and did not; each is noted at once.

    Args:
        notice: what is told.
        this: with what.
        state: the folder that remembers who heard what.

    Raises:
        OSError: what was told cannot be noted.
    """
    noticed = _read(state / NOTICED)
    for outlet in this.settings.targets:
        known = noticed.told.get(outlet.called, "")
        if outlet.called not in this.settings.failures or not _is_new(notice, known):
            continue
        report, arrived = _told(notice, outlet, this)
        if arrived:
            noticed = noticed.model_copy(
                update={"told": {**noticed.told, outlet.called: notice.id}}
            )
            write_whole(state / NOTICED, f"{noticed.model_dump_json(indent=1)}\n".encode())
        yield report


def _is_new(notice: RunNotice, known: str) -> bool:
    """Tell whether a place that heard `known` last should hear this."""
    in_trouble = known.startswith("run-failed-") if notice.is_older else known == notice.failure_id
    return in_trouble == notice.good


def _told(notice: RunNotice, outlet: Outlet, this: NoticeRound) -> tuple[OutletReport, bool]:
    name, opened = outlet.called, credentials_of(outlet, this.variables)
    if isinstance(opened, Unusable):
        return OutletReport((f"{name}: {UNTOLD.says}: {opened.why}",), failed=True), False
    item = FeedItem(
        id=notice.id,
        kind=RUN_KIND,
        title=sentence(notice.what),
        about=notice.text,
        url="",
        date=this.now,
    )
    planned = Planned(id=notice.id, at=this.now, items=(item,))
    message = Announcement(showcase=notice.showcase, heading=notice.title, items=(item,))
    done = this.send(outlet.service, message, planned, opened)
    if done.arrival is Arrival.ARRIVED:
        return OutletReport((f"{name}: told that {notice.what}",)), True
    line = f"{name}: {UNTOLD.says}: {done.why}"
    return OutletReport((line,), failed=True), done.arrival is Arrival.UNKNOWN


def _read(path: Path) -> Noticed:
    """Read who heard what; where that cannot be read, people hear of a trouble once more."""
    try:
        return Noticed.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return Noticed()
