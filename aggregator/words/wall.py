"""A wall around each repository: what nobody foresaw at one of them stops none of the others.

What strangers can do wrong is foreseen and judged where it is read. This is for the rest: a
mistake of this program that one repository brings to light. It becomes a `Fault`, which says what
was being done and where it went wrong, and which is reported as what it is. It is never swallowed,
and what concerns everybody (a full disk, no memory, a wrong setting) passes through the wall.

    nodes --each--> found, faults          one --attempt--> what it gave, or a fault

Called wherever a loop goes over repositories: by `github`, `fetch`, `update` and `pipeline`.
"""

import sqlite3
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from aggregator.words.errors import OperatorError, RegistryError
from aggregator.words.speech import later

GivenT = TypeVar("GivenT")
MadeT = TypeVar("MadeT")

CURE = later(
    "Nothing is wrong with the repository. Whoever runs the showcase: please report this, with "
    "what --debug shows."
)
# What a list of entries says of such a repository.
FAILED = later("This program failed at it")
# The machine, the disk, the settings: going on with the next repository would meet them again.
EVERYBODYS = (OSError, MemoryError, sqlite3.OperationalError, OperatorError, RegistryError)
_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake of this program, met at one repository.

    Args:
        about: owner/name.
        doing: what the program was at, as in "while reading it".
        problem: the kind of error and the line that raised it. No word of the repository's own
            stands in it, because it is kept when those must be erased.
        trace: what Python shows; for `--debug` only.
    """

    about: str
    doing: str
    problem: str
    trace: str = field(default="", repr=False, compare=False)

    @property
    def message(self) -> str:
        """Say what happened, in one sentence for the status page."""
        return f"This program failed while {self.doing} ({self.problem})."

    def __str__(self) -> str:
        return f"{self.about}: {self.message} {CURE}"


def attempt(about: str, doing: str, action: Callable[[], MadeT]) -> MadeT | Fault:
    """Do something for one repository.

    Args:
        about: owner/name.
        doing: what this is, as the end of "failed while".
        action: what to do.

    Returns:
        What the action gives, or the fault when it raised what nobody foresaw.

    Raises:
        OSError, MemoryError, OperatorError and others of `EVERYBODYS`: they are nobody's own.
    """
    try:
        return action()
    except EVERYBODYS:
        raise
    except Exception as error:  # noqa: BLE001 - that nobody foresaw it is the point
        return fault_of(about, doing, error)


def each(
    items: Mapping[str, GivenT],
    doing: str,
    action: Callable[[str, GivenT], MadeT | None],
) -> tuple[dict[str, MadeT], dict[str, Fault]]:
    """Do something for each repository, by name; a failure at one does not reach the next.

    Args:
        items: what to work on, by owner/name.
        doing: what this is, as the end of "failed while".
        action: takes a name and its item; None leaves it out.

    Returns:
        What was made and which repositories the program failed at, both by name.
    """
    made: dict[str, MadeT] = {}
    faults: dict[str, Fault] = {}
    for name, item in items.items():
        # mypy infers no lambda with defaults, by which each turn of the loop keeps its own values.
        done = attempt(name, doing, lambda name=name, item=item: action(name, item))  # type: ignore[misc]
        if isinstance(done, Fault):
            faults[name] = done
        elif done is not None:
            made[name] = done
    return made, faults


def fault_of(about: str, doing: str, error: BaseException) -> Fault:
    """Describe an error that nobody foresaw."""
    where = _where(error)
    problem = f"{type(error).__name__} at {where}" if where else type(error).__name__
    return Fault(about, doing, problem, "".join(traceback.format_exception(error)))


def _where(error: BaseException) -> str:
    """Name the last line of ours that the error passed."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    ours = ((Path(f.filename), f.lineno) for f in frames)
    return next(
        (
            f"{path.relative_to(_PACKAGE.parent).as_posix()}:{number}"
            for path, number in ours
            if path.is_relative_to(_PACKAGE) and path != Path(__file__).resolve()
        ),
        "",
    )
