"""The report of a run: for people, for workflows as JSON, and for GitHub's job summary. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.catalogue.changes import opening_words
from aggregator.facts import exits
from aggregator.facts.protocol import Spent, Trouble, TroubleKind
from aggregator.facts.record import Record
from aggregator.facts.snapshot import Change, ChangeKind
from aggregator.fetch.state import Ending
from aggregator.joining.renderings import escaped
from aggregator.words.outcomes import Outcome, state_of, words_of

SCHEMA_VERSION = 1
MOST_NAMED = 10
_LONGEST_LINE = 2_000
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
    unread: str | None = None  # what of the catalogue this version could not read
    first_night: bool = False  # nothing had been found before this run
    found_keys: frozenset[str] = frozenset()  # of the entries that GitHub ever showed us

    @property
    def confirmed(self) -> int:
        """Count the entries that GitHub confirmed in this run."""
        return sum(record.last_succeeded == self.now for record in self.records)

    @property
    def exit_code(self) -> int:
        """Return 0 when done, 1 when an operator must look, 130 when stopped by hand."""
        return exits.of_run(
            self.looks,
            self.ending.stopped,
            waiting=self.ending.details_waiting + self.ending.readmes_waiting,
            doubtful=bool(self.ending.suspicious or self.ending.faults),
            interrupted=self.interrupted,
        )

    @property
    def silences(self) -> tuple[exits.Silence, ...]:
        """Count the entries about which this run learnt nothing, and say since when."""
        return exits.silences((record.outcome, record.since) for record in self.records)

    def of(self, outcome: Outcome) -> tuple[str, ...]:
        """List the entries whose look ended so, in name order."""
        return tuple(sorted((n for n, o in self.looks.items() if o is outcome), key=str.casefold))

    def ever_found(self, name: str) -> bool:
        """Tell whether GitHub ever showed us the repository of an entry."""
        return name.casefold() in self.found_keys

    def groups(self) -> Iterator[tuple[Outcome, str, tuple[str, ...]]]:
        """List outcomes with the words for them and the entries whose look ended so."""
        for outcome in Outcome:
            by_words: dict[str, list[str]] = {}
            for name in self.told_of(outcome):
                words = words_of(outcome, self.ever_found(name)).report
                by_words.setdefault(words, []).append(name)
            for words, names in by_words.items():
                yield outcome, words, tuple(names)

    @property
    def opening(self) -> int:
        """Count the projects with which the showcase opens: those of the first night."""
        return len(self.joined) if self.first_night else 0

    @property
    def joined(self) -> tuple[Change, ...]:
        """List the news of projects that joined."""
        return tuple(c for c in self.changes if c.kind is ChangeKind.ADDED)

    @property
    def news(self) -> tuple[Change, ...]:
        """List the changes, without the projects of the first night, which are one event."""
        return (
            self.changes
            if not self.opening
            else tuple(c for c in self.changes if c.kind is not ChangeKind.ADDED)
        )

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
    lines += [_outcome_line(*group) for group in report.groups()]
    lines += _loose_ends(report)
    return lines


def _headline(report: Report) -> str:
    spent = report.spent
    left = f", {spent.left:,} of {spent.limit:,} left" if spent.left is not None else ""
    kept = "stopped by hand, everything fetched so far is kept: " if report.interrupted else ""
    return (
        f"{kept}{report.confirmed:,} of {_repositories(len(report.looks))} confirmed in "
        f"{report.seconds:.0f} s with {_counted(spent.requests, 'request')} and "
        f"{_counted(spent.points, 'point')}{left}"
    )


def _repositories(number: int) -> str:
    return f"{number:,} {'repository' if number == 1 else 'repositories'}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _unreachable(stopped: Trouble) -> str:
    kept = "the last good facts are kept"
    return f"GitHub cannot be reached ({stopped.message.rstrip('.')}): {kept}. {stopped.cure}"


def _outcome_line(outcome: Outcome, words: str, names: Sequence[str]) -> str:
    line = f"{len(names):>6,}  {words}"
    return line if outcome in _NEEDS_NO_NAMES else f"{line}: {_listed(names)}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _loose_ends(report: Report) -> Iterable[str]:
    ending = report.ending
    if report.opening:
        yield opening_words(report.opening)
    yield from (f"a fault of this program at {fault}" for fault in ending.faults[:MOST_NAMED])
    if len(ending.faults) > MOST_NAMED:
        yield f"... and {len(ending.faults) - MOST_NAMED:,} more faults: see the status page"
    if ending.suspicious:
        yield f"suspicious: {ending.suspicious}. If it is right, run again with --accept-losses."
    if ending.stopped:
        cure = f" {ending.stopped.cure}" if ending.stopped.cure else ""
        yield f"stopped early: {ending.stopped.message.rstrip('.')}.{cure}"
    if report.silences:
        told = (
            f"{s.count:,} {s.words}" + (f" since {s.since:%Y-%m-%d}" if s.since else "")
            for s in report.silences
        )
        yield f"no answer: {'; '.join(told)}"
    waits = (
        (ending.waiting, "repository" if ending.waiting == 1 else "repositories"),
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
        "outcomes": _by_state(report),
        "no_answer": [
            {
                "kind": silence.words,
                "entries": silence.count,
                "since": silence.since.isoformat() if silence.since else None,
            }
            for silence in report.silences
        ],
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
        "opens_with": report.opening,
        "changes": [change.model_dump(mode="json") for change in report.news],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _by_state(report: Report) -> dict[str, list[str]]:
    """Name the entries in each state, as status.json names the states."""
    found: dict[str, list[str]] = {}
    for outcome in Outcome:
        for name in report.of(outcome):
            found.setdefault(state_of(outcome, report.ever_found(name)), []).append(name)
    return found


def as_summary(report: Report) -> str:
    """Write the report as Markdown for GITHUB_STEP_SUMMARY."""
    rows = [
        f"| {words} | {len(names):,} | {_cell(outcome, names)} |"
        for outcome, words, names in report.groups()
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
