"""The screen: every line passes through here, and is made harmless; so does every error.

Where a process runs for long, the screen is a log (`as_log`): one line each with its time, on the
standard error, for people or for programs. `guarded` is the one place where an error becomes a
line and an exit code. Which code an error has is said in `words.errors`, and what each code means
in `words.exits`.
"""

import errno
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import click

from aggregator.registry.mistakes import UNREADABLE
from aggregator.words.errors import AggregatorError
from aggregator.words.exits import INTERRUPTED, LOOK

if TYPE_CHECKING:
    from aggregator.words.wall import Fault

_log = logging.getLogger(__name__)
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_MAKE_ROOM = "make room, then run again; `aggregator doctor` says how much is needed, and where"
_COMMAND = re.compile(r"^(\W*?)::")
_COMMAND_INSIDE = re.compile(r"##(\[)")
_PASSWORD = re.compile(r"://[^\s/:@]*:[^\s/@]*@")
_OTHER_ENDS = re.compile("[\t\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Line ends between the values of JSON are its own.
_UNSAFE_IN_JSON = re.compile(f"(?![\n\t]){UNREADABLE.pattern}|[\ud800-\udfff]")


LogFormat = Literal["text", "json"]
_Level = Literal["info", "warning"]
# How a line is written while the screen is a log; empty while it is none.
_log_writers: list[Callable[[_Level, str], None]] = []


def say(lines: Iterable[str]) -> None:
    """Write lines of a result, made harmless."""
    _write(lines, "info")


def warn(lines: Iterable[str]) -> None:
    """Write lines that are not part of a result, made harmless."""
    _write(lines, "warning")


def _write(lines: Iterable[str], level: _Level) -> None:
    for line in lines:
        if _log_writers:
            _log_writers[-1](level, harmless(line))
        else:
            click.echo(harmless(line), err=level == "warning")


@contextmanager
def as_log(form: LogFormat, clock: Callable[[], datetime]) -> Iterator[None]:
    """Let all lines, of every thread, be those of a log on the standard error while this lasts.

    Args:
        form: "text" is `TIME LEVEL MESSAGE`; "json" an object a line, with these three by name.
        clock: says what time it is, in UTC.
    """

    def write(level: _Level, message: str) -> None:
        time = f"{clock():%Y-%m-%dT%H:%M:%SZ}"
        for line in message.split("\n"):
            told = json.dumps({"time": time, "level": level, "message": line})
            click.echo(told if form == "json" else f"{time} {level:<7} {line}", err=True)

    _log_writers.append(write)
    try:
        yield
    finally:
        _log_writers.remove(write)


def is_log() -> bool:
    """Tell whether lines go to a log, where no bar can be drawn."""
    return bool(_log_writers)


def hand_over(text: str) -> None:
    """Write a text that is made safe where it is made: annotations, colours, Markdown, a schema."""
    click.echo(text, nl=False)


def say_json(text: str) -> None:
    """Write JSON so that nothing in its texts acts on a terminal or a workflow; it means the same.

    Every sign that would be replaced in a line is written as JSON's own escape instead.
    """
    safe = _UNSAFE_IN_JSON.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
    click.echo(_COMMAND_INSIDE.sub(r"#\\u0023\1", safe))


def harmless(text: str) -> str:
    """Take from a text whatever a terminal, a log or GitHub Actions would act upon, and passwords.

    A site may be restored from an address that holds one; logs are read by more people than that.
    Control signs and those that turn the direction of text become one visible sign. A workflow
    command is one only at the start of a line (`::name`) or, in its old form, anywhere (`##[name`):
    github.com/actions/runner, src/Runner.Common/ActionCommand.cs.
    """
    lines = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").split("\n")
    return "\n".join(_harmless_line(line) for line in lines)


def _harmless_line(line: str) -> str:
    shown = UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", _OTHER_ENDS.sub(" ", line))
    shown = _PASSWORD.sub("://...@", shown)
    return _COMMAND_INSIDE.sub(r"# #\1", _COMMAND.sub(r"\1: :", shown))


class Logged(logging.Handler):
    """What a library or a module of ours logs goes through the same door."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        warn(record.getMessage().splitlines())


def log_through_the_door(debug: bool) -> None:
    """Let what is logged go out with everything else; our own finer words only with --debug."""
    logging.basicConfig(level=logging.WARNING, handlers=[Logged()], force=True)
    _log.setLevel(logging.DEBUG if debug else logging.WARNING)


def show_traces(faults: Sequence["Fault"]) -> None:
    """Show what Python knows of faults that were told already, with --debug only."""
    for fault in faults:
        _log.debug("%s", fault.trace)


def guarded(action: Callable[[], int], debug: bool = False) -> int:
    """Do something; say in one line what went wrong, if anything did.

    Args:
        action: what to do; gives its exit code.
        debug: let the error through, so that Python shows where it arose.
    """
    try:
        return action()
    except (KeyboardInterrupt, click.Abort):
        warn(["aggregator: stopped; everything fetched so far is kept"])
        return INTERRUPTED
    except Exception as problem:  # the last edge: nothing behind it would say what happened
        if debug:
            raise
        warn([f"aggregator: {line_of(problem)}"])
        return exit_code_for(problem)


def exit_code_for(problem: Exception) -> int:
    """Give the exit code of a command that ended with an error."""
    if isinstance(problem, AggregatorError | click.ClickException):
        return problem.exit_code
    return LOOK


def line_of(problem: BaseException) -> str:
    """Put an error into one line; a mistake of ours is confessed, without words of strangers."""
    if isinstance(problem, KeyboardInterrupt):
        return "stopped by hand"
    if isinstance(problem, click.ClickException):
        return f"{' '.join(problem.format_message().split())} See: aggregator --help"
    if isinstance(problem, OSError) and problem.errno in _NO_ROOM:
        where = problem.filename or "a disk"
        return f"{where}: {problem.strerror}: {_MAKE_ROOM}"
    if isinstance(problem, OSError):
        return f"{problem.filename or 'the system'}: {problem.strerror or problem}"
    if isinstance(problem, AggregatorError):
        return " ".join(str(problem).split())
    from aggregator.words.wall import fault_of

    fault = fault_of("", "doing what was asked", problem)
    return f"{fault.message} Please report this, with what `aggregator --debug ...` shows."
