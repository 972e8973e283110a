"""What is said of a run: to people, to workflows as JSON, and on GitHub's job page. Pure.

    Report --as_lines--> terminal and log    --as_json--> workflows    --as_summary--> job page

`overview` says the same of what stands between two runs, for `aggregator status`. The words for
how a look ended are in `words.outcomes`; those of pages and exports are the same.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aggregator.catalogue.changes import opening_words
from aggregator.facts.protocol import Spent, TroubleKind
from aggregator.facts.record import Record
from aggregator.facts.snapshot import Change, ChangeKind, Snapshot
from aggregator.fetch.state import Ending
from aggregator.joining.renderings import escaped
from aggregator.registry.registry import Registry
from aggregator.words.causes import FAULT, NO_ANSWER, STOPPED_EARLY, SUSPICIOUS, UNREACHABLE
from aggregator.words.exits import DONE, INTERRUPTED, LOOK
from aggregator.words.outcomes import Outcome, Silence, silences, state_of, words_of
from aggregator.words.phrases import listed, minute_of, plural

SCHEMA_VERSION = 1
_MOST_NAMED = 10
_LONGEST_LINE = 2_000
_NEEDS_NO_NAMES = frozenset({Outcome.ACTIVE, Outcome.UNCHANGED, Outcome.SKIPPED})
# Fewer entries than this without an answer are those entries' own trouble, not a bad night.
_MANY = 5
_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did."""

    now: datetime
    seconds: float
    spent: Spent
    ending: Ending
    looks: Mapping[str, Outcome]  # by registry name: how the look of this run ended
    records: tuple[Record, ...]  # as they stand after the run
    changes: tuple[Change, ...] = ()
    interrupted: bool = False
    unread: str | None = None  # what of the catalogue this version could not read
    first_night: bool = False  # nothing had been found before this run

    @property
    def confirmed(self) -> int:
        """Count the entries that GitHub confirmed in this run."""
        return sum(record.last_succeeded == self.now for record in self.records)

    @property
    def exit_code(self) -> int:
        """Return 0 when done, 1 when an operator must look, 130 when stopped by hand.

        A planned end (the time is up, the hour's requests are used) is no failure as long as
        something was answered. Anything else that leaves entries without an answer is.
        """
        if self.interrupted:
            return INTERRUPTED
        ending, outcomes = self.ending, tuple(self.looks.values())
        silent = outcomes.count(Outcome.UNREACHABLE)
        left = any(outcome.inconclusive for outcome in outcomes)
        waiting = left or ending.details_waiting or ending.readmes_waiting
        why = ending.stopped.kind if ending.stopped else TroubleKind.LIMITED
        must_look = (
            ending.suspicious,
            ending.faults,
            silent >= _MANY and silent > _SHARE * len(outcomes),
            why is TroubleKind.REFUSED or (why is not TroubleKind.LIMITED and waiting),
            # No entry answered, and not because each was judged to be gone.
            not any(outcome.answered for outcome in outcomes)
            and (left or Outcome.FORBIDDEN in outcomes),
        )
        return LOOK if any(must_look) else DONE

    @property
    def silences(self) -> tuple[Silence, ...]:
        """Count the entries about which this run learnt nothing, and say since when."""
        return silences((record.outcome, record.since) for record in self.records)

    @property
    def opening(self) -> int:
        """Count the projects with which the showcase opens: those of the first night."""
        joined = sum(change.kind is ChangeKind.ADDED for change in self.changes)
        return joined if self.first_night else 0

    @property
    def news(self) -> tuple[Change, ...]:
        """List the changes, without the projects of the first night, which are one event."""
        return tuple(c for c in self.changes if not (self.opening and c.kind is ChangeKind.ADDED))

    def groups(self) -> Iterator[tuple[Outcome, str, tuple[str, ...]]]:
        """List outcomes with the words for them and the entries whose look ended so.

        An entry at which this program itself failed is told as that, not as one without an answer.
        """
        own = {fault.about for fault in self.ending.faults}
        by_words: dict[tuple[Outcome, str], list[str]] = defaultdict(list)
        for name, outcome, found in self._in_order():
            if not (outcome.inconclusive and name in own):
                by_words[outcome, words_of(outcome, found).report].append(name)
        yield from ((*said, tuple(names)) for said, names in by_words.items())

    def by_state(self) -> dict[str, list[str]]:
        """Name the entries in each state, as status.json names the states."""
        states: dict[str, list[str]] = defaultdict(list)
        for name, outcome, found in self._in_order():
            states[state_of(outcome, found)].append(name)
        return states

    def _in_order(self) -> Iterator[tuple[str, Outcome, bool]]:
        """List the entries by outcome and name, with whether GitHub ever showed them to us."""
        found = {record.key for record in self.records if record.ever_found}
        places = list(Outcome)
        for name, outcome in sorted(
            self.looks.items(), key=lambda look: (places.index(look[1]), look[0].casefold())
        ):
            yield name, outcome, name.casefold() in found


def as_lines(report: Report) -> list[str]:
    """Write the report for a terminal or a log: one line for each kind of outcome.

    When GitHub could not be reached at all, that is the only line.
    """
    stopped = report.ending.stopped
    if stopped and stopped.kind is TroubleKind.UNREACHABLE and not report.confirmed:
        reason = stopped.message.rstrip(".")
        return [f"{UNREACHABLE.says} ({reason}): the last good facts are kept. {stopped.cure}"]
    groups = [
        f"{len(names):>6,}  {words}"
        + ("" if outcome in _NEEDS_NO_NAMES else f": {listed(names, _MOST_NAMED)}")
        for outcome, words, names in report.groups()
    ]
    return [_headline(report), *groups, *_loose_ends(report)]


def troubles(report: Report) -> str:
    """Say in one line what of a run somebody must look at, for the history of runs."""
    lines = as_lines(report)
    return lines[0] if len(lines) == 1 else "; ".join(_loose_ends(report)) or lines[0]


def _headline(report: Report) -> str:
    spent = report.spent
    left = f", {spent.left:,} of {spent.limit:,} left" if spent.left is not None else ""
    kept = "stopped by hand, everything fetched so far is kept: " if report.interrupted else ""
    return (
        f"{kept}{report.confirmed:,} of "
        f"{plural(len(report.looks), 'repository', 'repositories')} confirmed in "
        f"{report.seconds:.0f} s with {plural(spent.requests, 'request')} and "
        f"{plural(spent.points, 'point')}{left}"
    )


def _loose_ends(report: Report) -> Iterator[str]:
    ending = report.ending
    if report.opening:
        yield opening_words(report.opening)
    yield from (FAULT.saying(where=fault) for fault in ending.faults[:_MOST_NAMED])
    if len(ending.faults) > _MOST_NAMED:
        yield f"... and {len(ending.faults) - _MOST_NAMED:,} more faults: see the status page"
    if ending.suspicious:
        again = "If it is right, run again with --accept-losses."
        yield f"{SUSPICIOUS.says}: {ending.suspicious}. {again}"
    if ending.stopped:
        cure = f" {ending.stopped.cure}" if ending.stopped.cure else ""
        yield f"{STOPPED_EARLY.says}: {ending.stopped.message.rstrip('.')}.{cure}"
    silent = (
        f"{one.count:,} {one.words}" + (f" since {one.since:%Y-%m-%d}" if one.since else "")
        for one in report.silences
    )
    if told := "; ".join(silent):
        yield f"{NO_ANSWER.says}: {told}"
    waiting = (
        plural(ending.waiting, "repository", "repositories") if ending.waiting else "",
        f"{ending.details_waiting:,} details" if ending.details_waiting else "",
        f"{ending.readmes_waiting:,} READMEs" if ending.readmes_waiting else "",
    )
    if any(waiting):
        yield f"waiting for the next run: {', '.join(filter(None, waiting))}"


def as_json(report: Report) -> str:
    """Write the report for a workflow."""
    ending, stopped = report.ending, report.ending.stopped
    content = {
        "schema_version": SCHEMA_VERSION,
        "finished_at": report.now.isoformat(),
        "exit_code": report.exit_code,
        "entries": len(report.looks),
        "confirmed": report.confirmed,
        "outcomes": report.by_state(),
        "no_answer": [
            {
                "kind": silence.words,
                "entries": silence.count,
                "since": silence.since.isoformat() if silence.since else None,
            }
            for silence in report.silences
        ],
        "suspicious": ending.suspicious,
        "faults": [{"repo": fault.about, "message": fault.message} for fault in ending.faults],
        "stopped": {"kind": stopped.kind.value, "message": stopped.message} if stopped else None,
        "waiting": {
            "repositories": ending.waiting,
            "details": ending.details_waiting,
            "readmes": ending.readmes_waiting,
        },
        "requests": report.spent.requests,
        "points": report.spent.points,
        "points_left": report.spent.left,
        "not_modified": report.spent.not_modified,
        "bytes_received": report.spent.bytes_received,
        "seconds": round(report.seconds, 1),
        "opens_with": report.opening,
        "changes": [change.model_dump(mode="json") for change in report.news],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def as_summary(report: Report) -> str:
    """Write the report as Markdown for GITHUB_STEP_SUMMARY."""
    rows = []
    for outcome, words, names in report.groups():
        quoted = () if outcome in _NEEDS_NO_NAMES else [f"`{name}`" for name in names]
        rows.append(f"| {words} | {len(names):,} | {listed(quoted, _MOST_NAMED)} |")
    lines = [
        "## Showcase update",
        "",
        f"{_headline(report)}.",
        "",
        "| outcome | entries | which |",
        "| --- | ---: | --- |",
        *rows,
        "",
        *(f"- {escaped(line, _LONGEST_LINE)}" for line in _loose_ends(report)),
    ]
    return "\n".join(lines) + "\n"


def overview(registry: Registry, snapshot: Snapshot, *, every: bool = False) -> Iterator[str]:
    """Say how each entry stands, since when, and what to do.

    Entries without problems are only counted, unless `every` is asked for.
    """
    entries = sorted(registry.projects, key=lambda entry: entry.repo.key)
    standing = {entry.repo: snapshot.record(str(entry.repo)) for entry in entries}
    fresh = snapshot.freshness
    known = (
        f"facts of {fresh.current:,} of {fresh.total:,} confirmed on {fresh.newest:%Y-%m-%d}, "
        f"the oldest on {fresh.oldest:%Y-%m-%d}; "
        if fresh.oldest != fresh.newest
        else ""
    )
    last = _moment(snapshot.fetched_at)
    listing = plural(len(entries), "entry", "entries")
    yield f"{listing}; {known}GitHub last confirmed anything on {last}"
    counts = Counter(map(_state, standing.values()))
    yield from (f"  {number:>5,}  {name}" for name, number in sorted(counts.items()))
    if snapshot.notice:
        yield f"notice: {snapshot.notice}"
    for repo, record in standing.items():
        if record is None:
            yield f"{repo}: {_state(None)}"
        elif every or record.message or not record.outcome.answered:
            since, confirmed = minute_of(record.since), _moment(record.last_succeeded)
            yield f"{repo}: {_state(record)} since {since}, confirmed {confirmed}"
            if record.message:
                yield f"    {record.message}"
            if record.cure:
                yield f"    what helps: {record.cure}"


def _state(record: Record | None) -> str:
    if record is None:
        return "never fetched"
    return state_of(record.outcome, record.ever_found).replace("_", " ")


def _moment(when: datetime | None) -> str:
    return minute_of(when) if when else "no day yet"
