"""The exit codes and what each means; short, because nothing else belongs beside them. Pure.

No other place gives a code a name: `errors` says which code each failure has, and `run.report`
decides with which one a run ends. docs/messages.md is written from `MEANINGS`.
"""

from collections.abc import Mapping

DONE = 0
LOOK = 1
WRONG = 2
INTERRUPTED = 130  # what a shell reports for Ctrl-C: 128 + SIGINT

MEANINGS: Mapping[int, str] = {
    DONE: "done; what a planned limit left over waits for the next run",
    LOOK: "somebody must look: what could be published was, or nothing was touched",
    WRONG: "the registry or the command line is wrong; nothing was touched",
    INTERRUPTED: "stopped by hand; everything fetched so far is kept",
}
