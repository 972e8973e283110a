"""Whether a machine's clock can be believed, and what becomes of dates that never were. Pure.

A clock that runs ahead writes facts that no honest night can replace: they stay the newest until
that day comes. So the clock is held against GitHub's own before anything is kept, and dates that
are yet to come are taken out of a catalogue that has them.
"""

from datetime import UTC, datetime, timedelta

from aggregator.facts.record import Record
from aggregator.facts.repository import Basis, RepoFacts
from aggregator.facts.snapshot import Snapshot
from aggregator.words.errors import SourceError

# Clocks differ by seconds and time zones are mistaken by hours; a day is a wrong clock.
TOLERANCE = timedelta(days=1)
# Stands for "confirmed at a time that nobody knows": older than everything on GitHub.
UNKNOWN = datetime.fromtimestamp(0, UTC)


def judge_clock(now: datetime, server: datetime | None, last: datetime | None = None) -> None:
    """Refuse a clock that is off, before anything is written with it.

    Args:
        now: what this machine says.
        server: what the `Date` header of an answer says (RFC 9110, section 6.6.1), if there is
            one. It decides: a catalogue can be wrong itself.
        last: when the last run confirmed anything; counts only where no server says the time.

    Raises:
        SourceError: the clock is off by more than a day.
    """
    if server is not None:
        if abs(now - server) > TOLERANCE:
            raise _off(now, f"the server says {_minute(server)}")
    elif last is not None and now < last - TOLERANCE:
        raise _off(now, f"the last run was on {_minute(last)}")


def _off(now: datetime, other: str) -> SourceError:
    return SourceError(
        "the clock of this machine is wrong",
        f"it says {_minute(now)}, and {other}",
        "nothing was written; set the clock, then run again",
    )


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def mended(snapshot: Snapshot, now: datetime) -> Snapshot:
    """Take dates that are yet to come out of a snapshot; facts stay, their details are due.

    Args:
        snapshot: what a catalogue holds.
        now: the time, from a clock that was judged.

    Returns:
        The same object when nothing in it is from the future.
    """
    limit = now + TOLERANCE
    records = {key: _record(record, now, limit) for key, record in snapshot.records.items()}
    honest = [r.last_succeeded for r in records.values() if r.last_succeeded]
    late = snapshot.fetched_at is not None and snapshot.fetched_at > limit
    healed = snapshot.model_copy(
        update={
            "fetched_at": max(honest, default=None) if late else snapshot.fetched_at,
            "records": records,
            # A run "notices" such a line for the first time tonight, as far as anybody knows.
            "changes": tuple(
                c.model_copy(update={"date": now}) if c.date > limit else c
                for c in snapshot.changes
            ),
            "history": tuple(day for day in snapshot.history if day.date <= limit.date()),
            "marks": tuple(mark for mark in snapshot.marks if mark.date <= limit.date()),
        }
    )
    return snapshot if healed == snapshot else healed


def _record(record: Record, now: datetime, limit: datetime) -> Record:
    moments = (record.since, record.first_seen, record.last_tried, record.last_succeeded)
    facts = _facts(record.facts, moments, limit) if record.facts else None
    if facts is record.facts and not any(moment and moment > limit for moment in moments):
        return record
    return record.model_copy(
        update={
            "since": min(record.since, now) if record.since > limit else record.since,
            "first_seen": now if record.first_seen > limit else record.first_seen,
            "last_tried": _past(record.last_tried, limit),
            "last_succeeded": _past(record.last_succeeded, limit),
            "facts": facts,
        }
    )


def _past(moment: datetime | None, limit: datetime) -> datetime | None:
    return moment if moment and moment <= limit else None


def _facts(facts: RepoFacts, moments: tuple[datetime | None, ...], limit: datetime) -> RepoFacts:
    """Date what is from the future to the last honest moment; without a basis it is asked again."""
    blocks = {
        name: block
        for name in ("glance", "details", "counts", "contributors")
        if (block := getattr(facts, name)) is not None
    }
    late = {name for name, block in blocks.items() if block.confirmed_at > limit}
    if not late:
        return facts
    dates = [*moments, *(block.confirmed_at for block in blocks.values())]
    honest = max((date for date in dates if date and date <= limit), default=UNKNOWN)
    update = {
        name: blocks[name].model_copy(update={"confirmed_at": honest})
        for name in late - {"contributors"}
    }
    if "contributors" in late:  # asked again only where they are not known
        update["contributors"] = None
    if details := update.get("details"):
        update["details"] = details.model_copy(update={"basis": Basis()})
    return facts.model_copy(update=update)
