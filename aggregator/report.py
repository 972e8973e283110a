"""The report of a run: for people, for workflows as JSON, and for GitHub's job summary. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.facts import Change, Outcome, Record
from aggregator.fetch import Ending
from aggregator.registry.summary import escaped
from aggregator.source import Spent, Trouble, TroubleKind

SCHEMA_VERSION = 1
MOST_NAMED = 10
_LONGEST_LINE = 2_000
_WORDS: Mapping[Outcome, str] = {
    Outcome.ACTIVE: "new or changed",
    Outcome.UNCHANGED: "unchanged",
    Outcome.RENAMED: "renamed",
    Outcome.TRANSFERRED: "transferred to another owner",
    Outcome.NAME_REUSED: "name now used by a different repository",
    Outcome.GONE: "gone",
    Outcome.PRIVATE: "private",
    Outcome.BLOCKED: "blocked by GitHub",
    Outcome.FORBIDDEN: "closed to our token",
    Outcome.EMPTY: "empty",
    Outcome.UNREACHABLE: "not answered",
    Outcome.SKIPPED: "left for the next run",
}
_NEEDS_NO_NAMES = frozenset({Outcome.ACTIVE, Outcome.UNCHANGED, Outcome.SKIPPED})


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

    @property
    def confirmed(self) -> int:
        """Count the entries that GitHub confirmed in this run."""
        return sum(record.last_succeeded == self.now for record in self.records)

    @property
    def exit_code(self) -> int:
        """Return 0 when done, 1 when an operator must look, 130 when stopped by hand."""
        if self.interrupted:
            return 130
        stopped = self.ending.stopped
        refused = stopped is not None and stopped.kind is TroubleKind.REFUSED
        nothing = bool(self.looks) and not any(o.answered for o in self.looks.values())
        all_judged = bool(self.looks) and not any(o.inconclusive for o in self.looks.values())
        unfit = self.ending.suspicious or refused or self.ending.faults
        return 1 if unfit or (nothing and not all_judged) else 0

    def of(self, outcome: Outcome) -> tuple[str, ...]:
        """List the entries whose look ended so, in name order."""
        return tuple(sorted((n for n, o in self.looks.items() if o is outcome), key=str.casefold))

    def told_of(self, outcome: Outcome) -> tuple[str, ...]:
        """List the entries of an outcome, less those at which this program itself failed."""
        own = {fault.about for fault in self.ending.faults}
        names = self.of(outcome)
        return tuple(n for n in names if n not in own) if outcome.inconclusive else names


def as_lines(report: Report) -> list[str]:
    """Write the report for a terminal or a log: one line for each kind of outcome.

    When GitHub could not be reached at all, that is the only line.
    """
    stopped = report.ending.stopped
    if stopped and stopped.kind is TroubleKind.UNREACHABLE and not report.confirmed:
        return [_unreachable(stopped)]
    lines = [_headline(report)]
    lines += [_outcome_line(o, names) for o in Outcome if (names := report.told_of(o))]
    lines += _loose_ends(report)
    return lines


def _headline(report: Report) -> str:
    spent = report.spent
    left = f", {spent.left:,} of {spent.limit:,} left" if spent.left is not None else ""
    kept = "stopped by hand, everything fetched so far is kept: " if report.interrupted else ""
    return (
        f"{kept}{report.confirmed:,} of {len(report.looks):,} repositories confirmed in "
        f"{report.seconds:.0f} s with {_counted(spent.requests, 'request')} and "
        f"{_counted(spent.points, 'point')}{left}"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _unreachable(stopped: Trouble) -> str:
    kept = "the last good facts are kept"
    return f"GitHub cannot be reached ({stopped.message.rstrip('.')}): {kept}. {stopped.cure}"


def _outcome_line(outcome: Outcome, names: Sequence[str]) -> str:
    line = f"{len(names):>6,}  {_WORDS[outcome]}"
    return line if outcome in _NEEDS_NO_NAMES else f"{line}: {_listed(names)}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _loose_ends(report: Report) -> Iterable[str]:
    ending = report.ending
    yield from (f"a fault of this program at {fault}" for fault in ending.faults[:MOST_NAMED])
    if len(ending.faults) > MOST_NAMED:
        yield f"... and {len(ending.faults) - MOST_NAMED:,} more faults: see the status page"
    if ending.suspicious:
        yield f"suspicious: {ending.suspicious}. If it is right, run again with --accept-losses."
    if ending.stopped:
        cure = f" {ending.stopped.cure}" if ending.stopped.cure else ""
        yield f"stopped early: {ending.stopped.message.rstrip('.')}.{cure}"
    waits = (
        (ending.waiting, "repositories"),
        (ending.details_waiting, "details"),
        (ending.readmes_waiting, "READMEs"),
    )
    waiting = [f"{number:,} {what}" for number, what in waits if number]
    if waiting:
        yield f"waiting for the next run: {', '.join(waiting)}"


def as_json(report: Report) -> str:
    """Write the report for a workflow."""
    stopped = report.ending.stopped
    content = {
        "schema_version": SCHEMA_VERSION,
        "finished_at": report.now.isoformat(),
        "exit_code": report.exit_code,
        "entries": len(report.looks),
        "confirmed": report.confirmed,
        "outcomes": {o.value: list(report.of(o)) for o in Outcome if report.of(o)},
        "suspicious": report.ending.suspicious,
        "faults": [
            {"repo": fault.about, "message": fault.message} for fault in report.ending.faults
        ],
        "stopped": {"kind": stopped.kind.value, "message": stopped.message} if stopped else None,
        "waiting": {
            "repositories": report.ending.waiting,
            "details": report.ending.details_waiting,
            "readmes": report.ending.readmes_waiting,
        },
        "requests": report.spent.requests,
        "points": report.spent.points,
        "points_left": report.spent.left,
        "not_modified": report.spent.not_modified,
        "bytes_received": report.spent.bytes_received,
        "seconds": round(report.seconds, 1),
        "changes": [change.model_dump(mode="json") for change in report.changes],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def as_summary(report: Report) -> str:
    """Write the report as Markdown for GITHUB_STEP_SUMMARY."""
    rows = [
        f"| {_WORDS[o]} | {len(names):,} | {_cell(o, names)} |"
        for o in Outcome
        if (names := report.told_of(o))
    ]
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


def _cell(outcome: Outcome, names: Sequence[str]) -> str:
    if outcome in _NEEDS_NO_NAMES:
        return ""
    return _listed([f"`{name}`" for name in names])
