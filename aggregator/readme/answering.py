"""What a worker does: it answers each README with what rendering makes of it, line for line.

    {source} in JSON -> {"readme": its fields} or {"refused": why, "fault": what went wrong here}

It runs in a process of its own, which `workers` starts and stops; each build that renders anything
waits for its start, so it loads nothing but what renders.
"""

import gc
import json
import math
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from aggregator.readme.labels import TOO_GREEDY
from aggregator.readme.readme import Readme, ReadmeSource
from aggregator.words.wall import fault_of

SECONDS = 5.0  # of this processor, for one README; `labels.TOO_SLOW` says the number as well
MEMORY = 2 * 1024**3
READY = b"ready\n"  # what it says first
_TIMES_OVER = 4  # so much later than its parent would a worker end itself
_READMES_PER_COLLECTION = 50


def serve(
    render_one: Callable[[ReadmeSource], Readme] | None = None, seconds: float = SECONDS
) -> None:
    """Answer each line of standard input with a line, until it ends; runs in a worker.

    Args:
        render_one: What renders; None for what renders READMEs.
        seconds: How long it may work at one of them.
    """
    # Looking for cycles in what is here to stay takes a twelfth of the time.
    gc.disable()
    # What renders takes a fifth of a second to import, which no build pays that renders nothing.
    from aggregator.readme.rendering import render  # noqa: PLC0415 - see above

    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - does not exist on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers itself
    answers, sys.stdout = sys.stdout.buffer, sys.stderr  # no library may write between the lines
    answers.write(READY)
    answers.flush()
    gc.freeze()
    for number, line in enumerate(sys.stdin.buffer, 1):
        with _own_end(seconds):
            answer = _answer(line, render_one or render)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
        if number % _READMES_PER_COLLECTION == 0:
            gc.collect()


@contextmanager
def _own_end(seconds: float) -> Iterator[None]:
    """End this process when one README takes for ever, by its own work or with nobody to end it.

    Not on Windows, which has no such signals: there its parent alone ends it.
    """
    if sys.platform == "win32":
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(math.ceil(_TIMES_OVER * seconds))
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.alarm(0)


def _answer(line: bytes, render_one: Callable[[ReadmeSource], Readme]) -> dict[str, Any]:
    try:
        return {"readme": render_one(ReadmeSource.from_json(line)).to_fields()}
    except (MemoryError, OSError):
        return {"refused": TOO_GREEDY}
    except Exception as error:  # noqa: BLE001 - a fault of this program, which stops no other README
        fault = fault_of("", "rendering its README", error)
        return {"refused": f"rendering it failed ({type(error).__name__})", "fault": asdict(fault)}
