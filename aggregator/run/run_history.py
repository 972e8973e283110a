"""What became of each run, for whoever looks after the server: `runs.jsonl` in the state folder.

One line of JSON a run, written when it ends; of a run that a kill or a power cut ended, the next
one writes that. The file is bounded, and a line that was cut off half-way costs that line only.
Nothing is decided by it but what is told: it may be lost at any time.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from aggregator import __version__
from aggregator.run.report import Report
from aggregator.run.schedule import last_mark, mark_run
from aggregator.store.locking import hold, write_whole
from aggregator.words.exits import DONE, INTERRUPTED
from aggregator.words.phrases import minute_of, plural, shortened

_FILE = "runs.jsonl"
_LOCK = "runs.lock"
_SECONDS = 5.0
_KEPT = 400  # runs: more than a year of nights
_ROOM = 500  # lines that the file may have before it is cut to those
_LARGEST = 4_000_000  # bytes that are read of it: the end of it counts
_LONGEST = 500  # characters of a failure

Ended = Literal["well", "badly", "stopped", "cut off"]


class RunRecord(BaseModel):
    """What became of one run. What a newer version adds is left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    begun: datetime
    finished: datetime | None = None  # None: it was cut off
    why: str = ""
    exit_code: int | None = None
    failure: str = ""  # what went wrong, why, and what helps, where that ended it
    refused: bool = False  # this program would not go on, and said why
    entries: int | None = None  # in the registry
    confirmed: int | None = None  # of these, by GitHub
    requests: int | None = None
    built: str = ""  # what the build said
    version: str = ""  # of this program; nobody knows it of a run that was cut off

    @property
    def ended(self) -> Ended:
        """Tell in a word how it ended."""
        if self.finished is None:
            return "cut off"
        if self.exit_code == INTERRUPTED:
            return "stopped"
        return "well" if self.exit_code == DONE else "badly"

    @property
    def end(self) -> str:
        """Say how it ended, as the end of a sentence about it, and why where that is known."""
        if self.ended == "cut off":
            return "was cut off"
        if self.ended == "stopped":
            return "was stopped by hand"
        if self.ended == "well":
            return "ended well"
        # Where the run said it line by line, its log has it.
        why = self.failure.rstrip(".") or "somebody must look: what it said is in its log"
        return f"was refused: {why}" if self.refused else f"ended with {self.exit_code}: {why}"

    @property
    def seconds(self) -> float | None:
        """Give how long it took; None where nobody knows, as when a clock was put back."""
        took = (self.finished - self.begun).total_seconds() if self.finished else -1.0
        return took if took >= 0 else None

    @classmethod
    def of(  # noqa: PLR0913 - all that there is to tell
        cls,
        begun: datetime,
        finished: datetime,
        exit_code: int,
        *,
        why: str = "",
        failure: str = "",
        refused: bool = False,
        report: Report | None = None,
        built: str = "",
    ) -> "RunRecord":
        """Sum up a run that came to its end."""
        return cls(
            begun=begun,
            finished=finished,
            why=why,
            exit_code=exit_code,
            failure=shortened(" ".join(failure.split()), _LONGEST),
            refused=refused,
            entries=len(report.looks) if report else None,
            confirmed=report.confirmed if report else None,
            requests=report.spent.requests if report else None,
            built=built,
            version=__version__,
        )


def runs_of(state: Path) -> tuple[RunRecord, ...]:
    """Give the runs that are remembered, oldest first; what makes no sense is passed over."""
    try:
        with (state / _FILE).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - _LARGEST))
            content = file.read()
    except OSError:
        return ()
    # A run that was taken for cut off while it still worked has two lines: its own counts.
    found = {record.begun: record for record in _read(content.splitlines())}
    return tuple(sorted(found.values(), key=lambda record: record.begun))[-_KEPT:]


def last_record(state: Path) -> RunRecord | None:
    """Give what is remembered of the run that left the last mark, where it came to an end."""
    mark = last_mark(state)
    ended = {record.begun: record for record in runs_of(state)}
    return ended.get(mark.begun) if mark and mark.begun else None


def begin_run(state: Path, begun: datetime) -> RunRecord | None:
    """Note that a run begins; give the one before where nobody did, which was cut off.

    It is for the caller to keep that: no run is to end because the history cannot be written.
    """
    before = last_mark(state)
    mark_run(state, begun)
    if before is None or before.begun is None or before.ended != "cut off":
        return None
    known = {record.begun for record in runs_of(state)}
    return None if before.begun in known else RunRecord(begun=before.begun)


def keep_run(state: Path, record: RunRecord) -> None:
    """Add a run to those that are remembered.

    Raises:
        OSError: the state folder may not be written to.
        StateError: another process writes there, for longer than that takes.
    """
    path = state / _FILE
    with hold(state / _LOCK, _SECONDS, "the history of runs"):
        before = path.read_bytes() if path.exists() else b""
        lines = before.splitlines()
        line = record.model_dump_json(exclude_defaults=False).encode()
        if len(lines) < _ROOM and len(before) < _LARGEST:
            # After a line that was cut off, the next one begins anew.
            with path.open("ab") as file:
                file.write(b"" if before.endswith(b"\n") or not before else b"\n")
                file.write(line + b"\n")
        else:
            write_whole(path, b"\n".join([*lines[-_KEPT:], line, b""]))


def _read(lines: Iterable[bytes]) -> Iterator[RunRecord]:
    for line in lines:
        try:
            record = RunRecord.model_validate_json(line)
        except ValidationError:
            continue
        if record.begun.tzinfo and (record.finished is None or record.finished.tzinfo):
            yield record


def lines_of(runs: Iterable[RunRecord]) -> Iterator[str]:
    """Write runs for a terminal: when, how long, how it ended, and what it brought."""
    for run in runs:
        took = "-" if run.seconds is None else f"{run.seconds:.0f} s"
        told = [f"{minute_of(run.begun)}  {run.ended:<8}{took:>7}"]
        if run.entries is not None and run.confirmed is not None:
            told.append(f"{run.confirmed:,} of {plural(run.entries, 'entry', 'entries')} confirmed")
        told += [run.built.partition(" in ")[0], run.failure]
        yield "  ".join(filter(None, told))
