"""Where errors become one line on the screen and an exit code; nowhere else.

What each code means is said, and decided, in `exits`.
"""

from collections.abc import Callable

import typer

from aggregator.cli.console import say, warn
from aggregator.facts import exits
from aggregator.facts.exits import INTERRUPTED
from aggregator.words.errors import AggregatorError
from aggregator.words.wall import fault_of

Problem = AggregatorError | typer.TyperException | OSError


def guarded(action: Callable[[], int], debug: bool = False) -> int:
    """Do something; say in one line what went wrong, if anything did.

    Args:
        action: what to do; gives its exit code.
        debug: let the error through, so that Python shows where it arose.
    """
    try:
        return action()
    except (KeyboardInterrupt, typer.Abort):
        warn(["aggregator: stopped; everything fetched so far is kept"])
        return INTERRUPTED
    except (AggregatorError, typer.TyperException, OSError) as problem:
        if debug:
            raise
        _say(_line(problem))
        if isinstance(problem, typer.TyperException):
            return problem.exit_code
        return exits.of_error(problem)
    except Exception as bug:  # the last edge: a mistake of ours is said in one line, never a trace
        if debug:
            raise
        _say(_confession(bug))
        return exits.LOOK


def _confession(bug: Exception) -> str:
    """Say of a mistake of ours that it is one; the trace may hold words of strangers."""
    fault = fault_of("", "doing what was asked", bug)
    return f"{fault.message} Please report this, with what `aggregator --debug ...` shows."


def _line(problem: Problem) -> str:
    """Put an error into one line; the help that a bare `aggregator` shows stays as it is."""
    if isinstance(problem, typer.TyperException):
        message = problem.format_message()
        return message if "\n" in message else f"{message} See: aggregator --help"
    if isinstance(problem, OSError):
        return f"{problem.filename or 'the system'}: {problem.strerror or problem}"
    return " ".join(str(problem).split())


def _say(line: str) -> None:
    if line.startswith("Usage:"):
        say([line])
    else:
        warn([f"aggregator: {line}"])
