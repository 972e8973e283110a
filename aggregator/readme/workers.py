"""Renders many READMEs in worker processes that can be stopped; remembers what they gave.

A README may be built to keep a parser busy for hours or to fill the memory. Workers are reused for
everything that behaves; one that does not is killed, and its README is shown as plain text.
"""

import logging
import multiprocessing
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from pathlib import Path

from pebble import ProcessFuture, ProcessPool

from aggregator.readme.decode import decode
from aggregator.readme.memo import Memo
from aggregator.readme.models import Readme, ReadmeSource
from aggregator.readme.plain import show_as_text
from aggregator.readme.rendering import RENDERER_VERSION, render

SECONDS = 5.0
MEMORY = 2 * 1024**3
# cmarkgfm does not free its trees; a fresh worker now and then does (a start costs 0.01 s).
_TASKS_PER_WORKER = 2_000

_log = logging.getLogger(__name__)


class Renderer:
    """Renders READMEs in a pool of workers; made by `open_renderer`."""

    def __init__(self, memo: Memo, workers: int) -> None:
        self._memo = memo
        self._workers = max(1, workers)
        self._pool: ProcessPool | None = None

    def render_all(self, sources: Mapping[str, ReadmeSource]) -> dict[str, Readme]:
        """Render every README; none of them can stop or slow down another for long.

        Args:
            sources: What to render, by any key the caller likes.

        Returns:
            A README for every key, in the same order.
        """
        known = {key: self._memo.get(source) for key, source in sources.items()}
        running = {key: self._start(sources[key]) for key, found in known.items() if not found}
        return {
            key: found or self._finish(key, sources[key], running[key])
            for key, found in known.items()
        }

    def close(self) -> None:
        """Stop the workers and tidy the memo."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
        self._memo.close()

    def _start(self, source: ReadmeSource) -> ProcessFuture[Readme]:
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=_TASKS_PER_WORKER,
                initializer=limit_memory,
                context=_context(),
            )
        return self._pool.schedule(render, args=(source,), timeout=SECONDS)

    def _finish(self, key: str, source: ReadmeSource, future: ProcessFuture[Readme]) -> Readme:
        problem = future.exception()
        if problem is None:
            readme = future.result()
            self._memo.put(source, readme)
            return readme
        _log.warning("README of %s (%s): %r", key, source.path, problem)
        return show_as_text(decode(source.data), source, _reason(problem))


def _reason(problem: BaseException) -> str:
    if isinstance(problem, FutureTimeoutError):
        return f"rendering it took longer than {SECONDS:.0f} seconds"
    if isinstance(problem, (MemoryError, OSError)):
        return "rendering it needed too much memory"
    return f"rendering it failed ({type(problem).__name__})"


def _context() -> BaseContext:
    """Fork from a clean server where that exists: safe beside threads, and quick to replace."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["aggregator.readme.rendering"])
    return context


def limit_memory() -> None:
    """Bound the memory of the process this runs in, where the system can."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - does not exist on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@contextmanager
def open_renderer(cache_dir: Path | None, workers: int) -> Iterator[Renderer]:
    """Give a `Renderer` whose workers end with the block.

    Args:
        cache_dir: Where to remember rendered READMEs, or None to remember nothing.
        workers: How many processes may run at once.
    """
    renderer = Renderer(Memo(cache_dir, RENDERER_VERSION), workers)
    try:
        yield renderer
    finally:
        renderer.close()
