"""Renders many READMEs in worker processes that can be stopped; remembers what they gave.

A README may be built to keep a parser busy for hours or to fill the memory. A worker that does not
answer in time is killed and replaced, and its README is shown as plain text.

    source -> in the memo? -> a worker, one JSON line there and one back -> Readme -> memo

The workers are plain processes and not those of `multiprocessing`: that one runs the caller's
script again in each of them, which never ends in a script without a `__main__` guard, fails from
standard input, and needs care beside threads. JSON and not pickle, because what comes back was
made by a process that reads what strangers wrote.
"""

import atexit
import json
import logging
import math
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Condition, Thread
from typing import Any, TypeVar

from aggregator.readme.answering import READY, SECONDS
from aggregator.readme.labels import TOO_SLOW, WORKER_ENDED
from aggregator.readme.readme import Readme, ReadmeSource, with_its_language
from aggregator.readme.readme_memo import ReadmeMemo, open_readmes
from aggregator.words.crew import Mapper
from aggregator.words.errors import OperatorError
from aggregator.words.speech import say, speaking
from aggregator.words.wall import Fault

# A README that takes longer than its seconds is ended by its own worker, which counts only what it
# works itself. On a busy machine that takes longer by the clock, and there is an end to that too.
_PATIENCE = 1.5
_USED_UP = -getattr(
    signal, "SIGPROF", 0
)  # how a worker ends that used up its seconds; not on Windows
# A machine that is busy with other things takes a while to start Python.
_SECONDS_TO_START = 60.0
# cmarkgfm does not free its trees; a fresh worker now and then does (a start costs 0.3 s).
_READMES_PER_WORKER = 2_000
_WORTH_A_WORKER = 20  # so many READMEs take about as long as starting a worker for them
_AHEAD = 8  # READMEs that wait for each worker, so that a slow one holds up no other
_KEPT_AT_ONCE = 64  # so many are held in memory until they are written; a kill loses no more
# The search path travels along, so that a worker finds this package wherever its parent did.
_START = """
import sys
from importlib import import_module
module, _, name = sys.argv[1].partition(":")
sys.path[:] = sys.argv[2:]
getattr(import_module(module), name)()
"""

MadeT = TypeVar("MadeT")

_log = logging.getLogger(__name__)


class Renderer:
    """Renders READMEs with a few workers; made by `open_renderer`."""

    def __init__(self, memo: ReadmeMemo | None, workers: int, serve: str) -> None:
        self._memo = memo
        self._most = max(1, workers)
        self._serve = serve
        self._children = _Children(serve)
        self.faults: dict[str, Fault] = {}  # by key: where this program itself failed

    def render_all(
        self, sources: Mapping[str, ReadmeSource], mapped: Mapper | None = None
    ) -> dict[str, Readme]:
        """Render every README; none of them can stop or slow down another for long.

        Args:
            sources: What to render, by any key the caller likes.
            mapped: Who asks for what is not remembered: each process that it shares the work with
                asks a worker of its own. None: this process, with as many as it was opened with.

        Returns:
            A README for every key, in the same order.

        Raises:
            OperatorError: No worker can be started.
        """
        keys = {key: source.key for key, source in sources.items()}
        kept = self._memo.find_all(keys.values()) if self._memo else {}
        shown = {key: kept.get(keys[key]) for key in sources}
        lacking = {key: sources[key] for key, readme in shown.items() if readme is None}
        shown |= self._refused_before(lacking)
        missing = [key for key, readme in shown.items() if readme is None]
        answers = self._answers((sources[key].to_json() for key in missing), len(missing), mapped)
        fresh: dict[str, Mapping[str, Any]] = {}  # not in the memo yet
        for key, answer in zip(missing, answers, strict=True):
            if "fault" in answer:
                self.faults[key] = Fault(**answer["fault"] | {"about": key})
            if "readme" in answer:
                fresh[key] = with_its_language(answer["readme"])
            else:
                shown[key] = _as_text(key, sources[key], answer["refused"])
                if self._memo and answer.get("used_up"):
                    self._memo.refuse(sources[key].key_of_text, answer["refused"])
            if len(fresh) >= _KEPT_AT_ONCE:
                shown |= self._kept(fresh, keys)
                fresh = {}
        shown |= self._kept(fresh, keys)
        return {key: readme for key, readme in shown.items() if readme is not None}

    def close(self) -> None:
        """Stop the workers."""
        self._children.close()

    def _answers(
        self, lines: Iterable[str], count: int, mapped: Mapper | None
    ) -> Iterator[dict[str, Any]]:
        if mapped:
            return mapped(partial(ask, self._serve), lines)
        return _by_threads(self._children.ask, lines, min(self._most, 1 + count // _WORTH_A_WORKER))

    def _kept(
        self, fresh: Mapping[str, Mapping[str, Any]], keys: Mapping[str, str]
    ) -> dict[str, Readme]:
        if self._memo is None:
            return {key: Readme.from_fields(fields) for key, fields in fresh.items()}
        kept = self._memo.keep({keys[key]: fields for key, fields in fresh.items()})
        return {key: kept[keys[key]] for key in fresh}

    def _refused_before(self, sources: Mapping[str, ReadmeSource]) -> dict[str, Readme]:
        """Show those that used up their seconds on another night; nobody tries them again."""
        names = {key: source.key_of_text for key, source in sources.items()}
        refused = self._memo.refused(names.values()) if self._memo else {}
        known = (key for key, name in names.items() if name in refused)
        return {key: _as_text(key, sources[key], refused[names[key]]) for key in known}


def _as_text(key: str, source: ReadmeSource, refused: str) -> Readme:
    """Show what could not be rendered; what failed for another reason than time is tried again."""
    _log.warning("README of %s (%s): %s", key, source.path, refused)
    from aggregator.readme.encodings import read_text  # noqa: PLC0415 - as in `answering`
    from aggregator.readme.rendering import show_as_text  # noqa: PLC0415 - as in `answering`

    with speaking(source.speech):
        shown = show_as_text(read_text(source.data).text, source, say(refused))
    fields = with_its_language(shown.to_fields())
    return Readme.from_fields(fields | {"refused": refused})


def ask(serve: str, line: str) -> dict[str, Any]:
    """Have a README rendered by a worker of this process, which is started when it is first needed.

    Args:
        serve: What a worker runs, as `module:function`.
        line: A source as JSON.

    Returns:
        `readme`, its fields, or `refused` with the reason; with either maybe `fault`. `used_up`
        says that it was refused for its own work, not for how busy the machine is.

    Raises:
        OperatorError: No worker can be started.
    """
    return _own_children(serve).ask(line)


@cache
def _own_children(serve: str) -> "_Children":
    children = _Children(serve)
    # Where a process ends without this, its workers meet the end of their input.
    atexit.register(children.close)
    return children


def _by_threads(
    function: Callable[[str], MadeT], items: Iterable[str], threads: int
) -> Iterator[MadeT]:
    """Map as many threads, each waiting for its worker; items are taken a little ahead."""
    waiting: deque[Future[MadeT]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > _AHEAD * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()


class _Children:
    """The workers of one process: as many as are asked at once, each ready to be stopped."""

    def __init__(self, serve: str) -> None:
        self._serve = serve
        self._all: list[_Worker] = []
        self._idle: LifoQueue[_Worker] = LifoQueue()

    def ask(self, line: str) -> dict[str, Any]:
        """Ask a worker that has nothing to do; see `ask` of the module.

        Colours, formulas and diagrams are given up before the README is.
        """
        worker = self._free()
        try:
            answer = worker.ask(line)
            if "refused" in answer:
                _log.info("asked again, without drawing anything: %s", answer["refused"])
                again = worker.ask(replace(ReadmeSource.from_json(line), undrawn=True).to_json())
                answer = {name: answer[name] for name in ("fault",) if name in answer} | again
            return answer
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """Stop them."""
        for worker in self._all:
            worker.stop()

    def _free(self) -> "_Worker":
        try:
            return self._idle.get_nowait()
        except Empty:
            worker = _Worker(self._serve)
            self._all.append(worker)
            return worker


class _Worker:
    """One process that renders; started when it is first asked, and again after it was stopped."""

    def __init__(self, serve: str) -> None:
        self._command = [sys.executable, "-c", _START, serve, *sys.path]
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: _Watch | None = None
        self._asked = 0

    def ask(self, line: str) -> dict[str, Any]:
        """Give what came of a source: `readme`, or `refused` with the reason and maybe `fault`."""
        if self._process is None or self._asked >= _READMES_PER_WORKER:
            self._start()
        self._asked += 1
        started = time.monotonic()
        answer = self._line_within(_PATIENCE * SECONDS, line.encode() + b"\n")
        if answer.endswith(b"\n"):
            return dict(json.loads(answer))
        is_used_up = self.stop() == _USED_UP != 0
        if is_used_up or time.monotonic() - started >= _PATIENCE * SECONDS:
            return {"refused": TOO_SLOW, "used_up": is_used_up}
        return {"refused": WORKER_ENDED}

    def stop(self) -> int:
        """End the process, whatever it is doing; give how it ended, which is 0 for none."""
        if self._watch is not None:
            self._watch.close()
        process, self._process = self._process, None
        if process is None:
            return 0
        process.kill()
        process.communicate()
        return process.returncode

    def _start(self) -> None:
        self.stop()
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(self._command, stdin=pipe, stdout=pipe)  # noqa: S603 - our own code
        self._watch = _Watch(self._process.kill)
        self._asked = 0
        if self._line_within(_SECONDS_TO_START, b"") != READY:
            self.stop()
            raise OperatorError(
                "READMEs cannot be rendered",
                f"{sys.executable} does not start as a worker",
                "see what it says above",
            )

    def _line_within(self, seconds: float, question: bytes) -> bytes:
        """Give the next line that the process writes; a part of one when it ends or must end."""
        process, watch = self._process, self._watch
        if process is None or watch is None or process.stdin is None or process.stdout is None:
            return b""
        with watch.for_at_most(seconds):
            try:
                process.stdin.write(question)
                process.stdin.flush()
                return process.stdout.readline()
            except OSError:  # it ended before it had read all of the question
                return b""


class _Watch:
    """Ends what takes too long: one thread for all that it is asked, as each costs time to start.

    It looks again when the first question would be late, and no answer in between wakes it.
    """

    def __init__(self, end: Callable[[], None]) -> None:
        self._end = end
        self._due = self._looks = math.inf  # when to end it, and when to look again
        self._is_over = False
        self._changed = Condition()
        Thread(target=self._run, daemon=True).start()

    @contextmanager
    def for_at_most(self, seconds: float) -> Iterator[None]:
        """Let the block take so long."""
        self._be_due(time.monotonic() + seconds)
        try:
            yield
        finally:
            self._be_due(math.inf)

    def close(self) -> None:
        """End nothing any more."""
        with self._changed:
            self._is_over = True
            self._changed.notify()

    def _be_due(self, moment: float) -> None:
        with self._changed:
            self._due = moment
            if moment < self._looks:
                self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._is_over:
                left = self._due - time.monotonic()
                if left <= 0:
                    self._end()
                    return
                self._looks = self._due
                self._changed.wait(None if math.isinf(left) else left)


@contextmanager
def open_renderer(
    cache_dir: Path | None,
    workers: int,
    serve: str = "aggregator.readme.answering:serve",
    *,
    thorough: bool = False,
) -> Iterator[Renderer]:
    """Give a `Renderer` whose workers end with the block.

    Args:
        cache_dir: Where to remember rendered READMEs, or None to remember nothing: then each
            README comes with its texts in place of handles.
        workers: How many processes may run at once.
        serve: What a worker runs, as `module:function`.
        thorough: Whether to read all that is remembered before it is relied on.
    """
    with ExitStack() as opened:
        memo = None
        if cache_dir is not None:
            # The copies of earlier versions, one file each, which nothing else would erase.
            for former in (*cache_dir.glob("*.json"), *cache_dir.glob("*.tmp")):
                with suppress(OSError):  # a cache that may not be written to costs time alone
                    former.unlink()
            memo = opened.enter_context(open_readmes(cache_dir, thorough=thorough))
        yield opened.enter_context(closing(Renderer(memo, workers, serve)))
