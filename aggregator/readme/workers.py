"""Renders many READMEs in worker processes that can be stopped; remembers what they gave.

A README may be built to keep a parser busy for hours or to fill the memory. Workers are reused for
everything that behaves; one that does not is killed, and its README is shown as plain text.
"""

import logging
import multiprocessing
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from aggregator.readme.decode import decode
from aggregator.readme.memo import Memo
from aggregator.readme.models import Readme, ReadmeSource
from aggregator.readme.plain import show_as_text
from aggregator.readme.rendering import RENDERER_VERSION, render
from aggregator.words.wall import Fault, fault_of

SECONDS = 5.0
# Handing over one README costs as much as rendering it, so they travel together. A batch takes a
# fiftieth of this; with the time alone after it, every README ends within six seconds.
BATCH_SECONDS = 0.9
_BATCH = 8
MEMORY = 2 * 1024**3
# cmarkgfm does not free its trees; a fresh worker now and then does (a start costs 0.01 s).
_TASKS_PER_WORKER = 250

# What a README can do to a worker: keep it busy, fill its memory, or bring it down.
_FORESEEN = (FutureTimeoutError, MemoryError, OSError, ProcessExpired)

_log = logging.getLogger(__name__)


class Renderer:
    """Renders READMEs in a pool of workers; made by `open_renderer`."""

    def __init__(self, memo: Memo, workers: int) -> None:
        self._memo = memo
        self._workers = max(1, workers)
        self._pool: ProcessPool | None = None
        self.faults: dict[str, Fault] = {}  # by key: where this program itself failed

    def render_all(self, sources: Mapping[str, ReadmeSource]) -> dict[str, Readme]:
        """Render every README; none of them can stop or slow down another for long.

        Args:
            sources: What to render, by any key the caller likes.

        Returns:
            A README for every key, in the same order.
        """
        known = {key: self._memo.get(source) for key, source in sources.items()}
        missing = {key: sources[key] for key, found in known.items() if not found}
        rendered = self._render(missing)
        return {key: found or rendered[key] for key, found in known.items()}

    def close(self) -> None:
        """Stop the workers and tidy the memo."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # untyped in its library
            self._pool.join()
        self._memo.close()

    def _render(self, sources: Mapping[str, ReadmeSource]) -> dict[str, Readme]:
        """Render in batches; when a batch fails, each README of it on its own."""
        batches = [dict(batch) for batch in _batched(list(sources.items()), _BATCH)]
        running = [(batch, self._start_batch(batch)) for batch in batches]
        rendered: dict[str, Readme] = {}
        alone: dict[str, ReadmeSource] = {}
        for batch, future in running:
            if future is None or future.exception() is not None:
                alone.update(batch)
            else:
                rendered.update(zip(batch, future.result(), strict=True))
        for key, readme in rendered.items():
            self._memo.put(sources[key], readme)
        futures = {key: self._start(source) for key, source in alone.items()}
        return rendered | {key: self._finish(key, alone[key], futures[key]) for key in alone}

    def _start_batch(self, batch: Mapping[str, ReadmeSource]) -> ProcessFuture[list[Readme]] | None:
        if len(batch) == 1:
            return None
        arguments = (render, list(batch.values()))
        return self._workers_pool().schedule(render_each, args=arguments, timeout=BATCH_SECONDS)

    def _start(self, source: ReadmeSource) -> ProcessFuture[Readme]:
        return self._workers_pool().schedule(render, args=(source,), timeout=SECONDS)

    def _workers_pool(self) -> ProcessPool:
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=_TASKS_PER_WORKER,
                initializer=limit_memory,
                context=_context(),
            )
        return self._pool

    def _finish(self, key: str, source: ReadmeSource, future: ProcessFuture[Readme]) -> Readme:
        problem = future.exception()
        if problem is None:
            readme = future.result()
            self._memo.put(source, readme)
            return readme
        _log.warning("README of %s (%s): %s", key, source.path, _reason(problem))
        if not isinstance(problem, _FORESEEN):
            self.faults[key] = fault_of(key, "rendering its README", problem)
        return show_as_text(decode(source.data), source, _reason(problem))


def render_each(
    render_one: Callable[[ReadmeSource], Readme], sources: Sequence[ReadmeSource]
) -> list[Readme]:
    """Render a batch; runs in a worker."""
    return [render_one(source) for source in sources]


def _batched(
    items: list[tuple[str, ReadmeSource]], size: int
) -> Iterator[list[tuple[str, ReadmeSource]]]:
    return (items[start : start + size] for start in range(0, len(items), size))


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
