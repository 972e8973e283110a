"""Whether a machine's clock can be believed, and what becomes of dates that never were. Pure.

A clock that runs ahead writes facts that no honest night can replace: they stay the newest until
that day comes. So the clock is held against GitHub's own before anything is kept, and dates that
are yet to come are taken out of a catalogue that has them.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.facts.record import Record
from aggregator.facts.repository import Basis, RepoFacts
from aggregator.facts.snapshot import Snapshot
from aggregator.words.causes import WRONG_CLOCK
from aggregator.words.errors import SourceError
from aggregator.words.phrases import minute_of

# Clocks differ by seconds and time zones are mistaken by hours; a day is a wrong clock.
TOLERANCE = timedelta(days=1)
# Stands for "confirmed at a time that nobody knows": older than everything on GitHub.
UNKNOWN = datetime.fromtimestamp(0, UTC)


def judge_clock(now: datetime, server: datetime | None, last: datetime | None = None) -> None:
    """Raise SourceError for a clock that is off by more than a day, before anything is written.

    What the `Date` header of a `server` says (RFC 9110, section 6.6.1) decides, as a catalogue
    can be wrong itself; the `last` run counts only where no server says the time.
    """
    if server is not None and abs(now - server) > TOLERANCE:
        other = f"the server says {minute_of(server)}"
    elif server is None and last is not None and now < last - TOLERANCE:
        other = f"the last run was on {minute_of(last)}"
    else:
        return
    raise SourceError(
        WRONG_CLOCK.says,
        f"it says {minute_of(now)}, and {other}",
        "nothing was written; set the clock, then run again",
    )


def mended(snapshot: Snapshot, now: datetime) -> Snapshot:
    """Take dates that are yet to come out of a snapshot; facts stay, their details are due.

    Gives the same object when nothing in it is from the future.
    """
    limit = now + TOLERANCE
    update: dict[str, Any] = {
        "records": {key: _record(record, now, limit) for key, record in snapshot.records.items()},
        # A run "notices" such a line for the first time tonight, as far as anybody knows.
        "changes": tuple(
            change.model_copy(update={"date": now}) if change.date > limit else change
            for change in snapshot.changes
        ),
        "history": tuple(day for day in snapshot.history if day.date <= limit.date()),
        "marks": tuple(mark for mark in snapshot.marks if mark.date <= limit.date()),
    }
    if snapshot.fetched_at is not None and snapshot.fetched_at > limit:
        honest = (record.last_succeeded for record in update["records"].values())
        update["fetched_at"] = max(filter(None, honest), default=None)
    healed = snapshot.model_copy(update=update)
    return snapshot if healed == snapshot else healed


def _record(record: Record, now: datetime, limit: datetime) -> Record:
    instead = {"since": now, "first_seen": now, "last_tried": None, "last_succeeded": None}
    moments = {name: getattr(record, name) for name in instead}
    late = {name for name, moment in moments.items() if moment and moment > limit}
    update: dict[str, Any] = {name: instead[name] for name in late}
    if record.facts:
        dates = [moment for name, moment in moments.items() if moment and name not in late]
        facts = _facts(record.facts, dates, limit)
        update |= {"facts": facts} if facts is not record.facts else {}
    return record.model_copy(update=update) if update else record


def _facts(facts: RepoFacts, honest: list[datetime], limit: datetime) -> RepoFacts:
    """Date what is from the future to the last honest moment; without a basis it is asked again."""
    names = ("glance", "details", "counts", "contributors")
    blocks = {name: block for name in names if (block := getattr(facts, name))}
    late = {name for name, block in blocks.items() if block.confirmed_at > limit}
    known = [*honest, *(b.confirmed_at for name, b in blocks.items() if name not in late)]
    at = {"confirmed_at": max(known, default=UNKNOWN)}
    update = {name: blocks[name].model_copy(update=at) for name in late}
    if "contributors" in late:  # asked again only where they are not known
        update["contributors"] = None
    if details := update.get("details"):
        update["details"] = details.model_copy(update={"basis": Basis()})
    return facts.model_copy(update=update) if late else facts
