"""README workers that stay for the next build: to start one takes longer than most tests.

They are the program's own, and so is all that is asked of them. One that is killed while it works
is killed; how bombs end is tested in `tests/readme/test_bombs.py`, where nothing is lent.
"""

import subprocess
from collections.abc import Sequence
from itertools import chain
from typing import Any


class WarmWorkers:
    """The workers that nobody asks anything just now; stands where `subprocess` would."""

    PIPE = subprocess.PIPE

    def __init__(self) -> None:
        self._idle: dict[tuple[str, ...], list[_Worker]] = {}

    def Popen(self, command: Sequence[str], **pipes: Any) -> "_Worker":  # noqa: N802 - its name there
        """Lend a worker, or start one when all are lent."""
        idle = self._idle.setdefault(tuple(command), [])
        worker = idle.pop() if idle else _Worker(idle, command, pipes)
        worker.lent = True
        return worker

    def close(self) -> None:
        """End them all."""
        for worker in chain.from_iterable(self._idle.values()):
            worker.process.kill()
            worker.process.communicate()


class _Worker:
    """A process which is put aside, and not killed, when it is stopped while it waits."""

    def __init__(
        self, home: list["_Worker"], command: Sequence[str], pipes: dict[str, Any]
    ) -> None:
        self.process = subprocess.Popen(command, **pipes)
        self.stdin = self.stdout = self
        self.lent = True
        self._home = home
        self._greeting = b""  # what it says when it has started, told to each who borrows it
        self._is_new_to_them = True
        self._is_busy = True

    def write(self, question: bytes) -> None:
        self._is_busy = self._is_busy or bool(question)
        self.process.stdin.write(question)

    def flush(self) -> None:
        self.process.stdin.flush()

    def readline(self) -> bytes:
        known = self._greeting if self._is_new_to_them else b""
        line = known or self.process.stdout.readline()
        self._greeting = self._greeting or line
        self._is_new_to_them = False
        self._is_busy = not line.endswith(b"\n")
        return line

    def kill(self) -> None:
        if self._is_busy:
            self.process.kill()

    def communicate(self) -> None:
        if self._is_busy or self.process.poll() is not None:
            self.process.communicate()
        elif self.lent:
            self.lent, self._is_new_to_them = False, True
            self._home.append(self)

    @property
    def returncode(self) -> int:
        """Say how it ended; one that was put aside, and not killed, counts as ended by a kill."""
        ended = self.process.poll()
        return -9 if ended is None else ended
