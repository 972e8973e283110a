"""A crew of processes on this machine, which are started only when there is enough for them to do.

    map --here, while it is little--> results
      `--chunks--> pool of processes --dies?--> a fresh pool --dies?--> alone, item by item

They are forked from a server that has loaded the program once (started anew where there is no
such server), so they are safe beside threads, share the memory of the code and never run the script
that asked for them. They end with the crew, and with this process however it ends.
"""

import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from threading import Thread
from time import perf_counter
from types import ModuleType
from typing import Any, ClassVar, TypeVar

from aggregator.run.chunks import Done, one_by_one, spread, work

GivenT = TypeVar("GivenT")
MadeT = TypeVar("MadeT")

# What starting the processes costs in processor time: whoever waits with it until so much work is
# done never pays more than twice what would have been best, whatever is still to come.
WORTH_A_START = 1.0
# Measured with 4 workers: started afresh, 4.0 s of processor time and 137 MB; forked, 1.0 and 63.
_KIND = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
# What the server loads before it forks; one that is not found is loaded by each process instead.
PRELOADED = ("aggregator.run.making", "aggregator.site.renderers")
_PATIENCE = 2  # deaths after which a chunk is done alone, item by item
_GRACE = 5.0  # seconds for a worker to finish what nobody wants any more

_log = logging.getLogger(__name__)


class ProcessCrew:
    """Works here until that took `worth_a_start` seconds in all, then with processes."""

    is_far: ClassVar[bool] = False

    def __init__(self, workers: int, worth_a_start: float = WORTH_A_START) -> None:
        self._workers = workers
        self._left = worth_a_start
        self._pool: _Pool | None = None
        self._refused = False  # whether this system starts no processes
        self._tasks: list[_Task] = []  # whose results nobody has fetched yet, oldest first

    def __enter__(self) -> "ProcessCrew":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.end()

    def map(
        self, function: Callable[[GivenT], MadeT], items: Iterable[GivenT], /
    ) -> Iterator[MadeT]:
        """Do one thing with each item: a `Mapper`.

        Raises:
            OperatorError: an item let its process die again and again.
            Exception: what the function or the items raised, in its place.
        """
        source = iter(items)
        for item in source if self._stays_here(function) else ():
            started = perf_counter()
            made = function(item)
            self._left -= perf_counter() - started
            yield made
            if not self._stays_here(function):
                break
        call = object()
        try:
            yield from spread(function, source, partial(self._send, call), self._ahead)
        finally:
            self._forget(call)

    def _ahead(self) -> int:
        return 2 * self._workers + 2

    def _stays_here(self, function: Callable[..., object]) -> bool:
        """Tell whether it is too little work so far, or of a script that workers cannot import."""
        named = getattr(function, "func", function)
        is_scripts = getattr(named, "__module__", None) == "__main__"
        return self._left > 0 or self._workers < 2 or self._refused or is_scripts

    def _send(self, call: object, chunk: bytes) -> Callable[[], Done]:
        task = _Task(call, chunk)
        self._tasks.append(task)
        self._submit(task)
        return partial(self._result, task)

    def _submit(self, task: "_Task") -> None:
        if self._refused:
            return
        try:
            self._pool = self._pool or _Pool(self._workers)
            task.future = self._pool.submit(task.chunk)
        except BrokenProcessPool:
            self._renew()
        except (OSError, NotImplementedError, ImportError) as problem:
            # No more processes allowed, or no semaphores for them: this one does it all.
            _log.warning("no worker processes can be started: %s", problem)
            self._refused = True

    def _result(self, task: "_Task") -> Done:
        while True:
            if task.deaths >= _PATIENCE:
                done = one_by_one(task.chunk, _alone)
                break
            if task.future is None:
                done = work(task.chunk)
                break
            try:
                done = task.future.result()
                break
            except BrokenProcessPool:
                self._renew()
        self._tasks.remove(task)
        return done

    def _forget(self, call: object) -> None:
        """Leave what nobody wants any more; returns when no worker is at it, so none can write."""
        left = [task for task in self._tasks if task.call is call]
        self._tasks = [task for task in self._tasks if task.call is not call]
        futures = [task.future for task in left if task.future and not task.future.cancel()]
        if wait_for(futures, _GRACE).not_done and self._pool:
            self._pool.end()
            self._pool = None

    def _renew(self) -> None:
        """Begin again with a fresh pool what was under way; any of it may have killed a worker."""
        if self._pool:
            self._pool.end()
        self._pool = None
        for task in self._tasks:
            if task.future is None or not task.is_done():
                task.deaths += 1
                task.future = None
        _log.warning("a worker process died; what it was doing is done again")
        for task in self._tasks:
            if task.future is None and task.deaths < _PATIENCE:
                self._submit(task)


class _Task:
    """A chunk under way, and how often its process died meanwhile, maybe of it."""

    def __init__(self, call: object, chunk: bytes) -> None:
        self.call = call  # of `map`, of which several may be under way
        self.chunk = chunk
        self.future: Future[Done] | None = None
        self.deaths = 0

    def is_done(self) -> bool:
        """Tell whether its result is there."""
        future = self.future
        return bool(future and future.done() and not future.cancelled()) and not isinstance(
            future and future.exception(), BrokenProcessPool
        )


def _alone(chunk: bytes) -> Done | None:
    """Do a chunk in a process with nothing beside it; None when that dies as well."""
    pool = _Pool(1)
    try:
        return pool.submit(chunk).result()
    except BrokenProcessPool:
        return None
    finally:
        pool.end()


class _Pool:
    """Some processes; `end` stops them at once, and is not needed when this process is killed."""

    def __init__(self, workers: int) -> None:
        context = _context()
        # Nothing is ever written: that its other end is closed tells the workers to leave.
        told, self._holds = context.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(
            workers, mp_context=context, initializer=_begin, initargs=(told,)
        )
        self._told = told

    def submit(self, chunk: bytes) -> "Future[Done]":
        """Begin the work on a chunk."""
        with _nobodys_script():
            return self._executor.submit(work, chunk)

    def end(self) -> None:
        """Stop, whatever is under way; returns when no worker is left that could write."""
        self._holds.close()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._told.close()


def _context() -> BaseContext:
    context = multiprocessing.get_context(_KIND)
    if _KIND == "forkserver":
        context.set_forkserver_preload(list(PRELOADED))
    return context


def _begin(told: Connection) -> None:
    """Prepare a worker: Ctrl-C is for the process that leads, and without that one it leaves."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leader = multiprocessing.parent_process()
    ends: list[Any] = [told, leader.sentinel] if leader else [told]

    def leave() -> None:
        wait(ends)
        os._exit(1)

    Thread(target=leave, daemon=True).start()


@contextmanager
def _nobodys_script() -> Iterator[None]:
    """Let processes start without running the script that this one runs.

    They would load it again under another name to find functions that stand in it; a script that
    builds a site and does not guard against that would build it again in each worker. What workers
    are asked to do stands in modules.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
