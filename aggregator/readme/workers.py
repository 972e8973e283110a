"""Renders many READMEs in worker processes that can be stopped; remembers what they gave.

A README may be built to keep a parser busy for hours or to fill the memory. A worker that does not
answer in time is killed and replaced, and its README is shown as plain text.

    source -> in the memo? -> a worker, one JSON line there and one back -> Readme -> memo

The workers are plain processes and not those of `multiprocessing`: that one runs the caller's
script again in each of them, which never ends in a script without a `__main__` guard, fails from
standard input, and needs care beside threads. JSON and not pickle, because what comes back was
made by a process that reads what strangers wrote.
"""

import json
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from queue import LifoQueue
from threading import Timer
from typing import Any

from aggregator.readme.encodings import read_text
from aggregator.readme.readme import RENDERER_VERSION, Readme, ReadmeSource
from aggregator.readme.rendering import render, show_as_text
from aggregator.store.disk_memo import DiskMemo, key_of, open_memo
from aggregator.words.errors import OperatorError
from aggregator.words.wall import Fault, fault_of

SECONDS = 5.0
MEMORY = 2 * 1024**3
# A machine that is busy with other things takes a while to start Python.
_SECONDS_TO_START = 60.0
# cmarkgfm does not free its trees; a fresh worker now and then does (a start costs 0.3 s).
_READMES_PER_WORKER = 2_000
_WORTH_A_WORKER = 20  # so many READMEs take about as long as starting a worker for them
_READY = b"ready\n"
# The search path travels along, so that a worker finds this package wherever its parent did.
_START = """
import sys
from importlib import import_module
module, _, name = sys.argv[1].partition(":")
sys.path[:] = sys.argv[2:]
getattr(import_module(module), name)()
"""

_log = logging.getLogger(__name__)


class Renderer:
    """Renders READMEs with a few workers; made by `open_renderer`."""

    def __init__(self, memo: DiskMemo, workers: int, serve: str) -> None:
        self._memo = memo
        self._workers = [_Worker(serve) for _ in range(max(1, workers))]
        self._idle: LifoQueue[_Worker] = LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self.faults: dict[str, Fault] = {}  # by key: where this program itself failed

    def render_all(self, sources: Mapping[str, ReadmeSource]) -> dict[str, Readme]:
        """Render every README; none of them can stop or slow down another for long.

        Args:
            sources: What to render, by any key the caller likes.

        Returns:
            A README for every key, in the same order.

        Raises:
            OperatorError: No worker can be started.
        """
        lines = {key: source.to_json() for key, source in sources.items()}
        shown = {key: self._remembered(line) for key, line in lines.items()}
        missing = [key for key, readme in shown.items() if readme is None]
        workers = min(len(self._workers), 1 + len(missing) // _WORTH_A_WORKER)
        with ThreadPoolExecutor(workers) as threads:
            answers = threads.map(self._ask, (lines[key] for key in missing))
            for key, answer in zip(missing, answers, strict=True):
                if "readme" in answer:
                    readme = json.dumps(answer["readme"])
                    self._memo.put(key_of(lines[key]), readme.encode())
                    shown[key] = Readme.from_json(readme)
                else:
                    shown[key] = self._as_text(key, sources[key], answer)
        return {key: readme for key, readme in shown.items() if readme is not None}

    def close(self) -> None:
        """Stop the workers."""
        for worker in self._workers:
            worker.stop()

    def _remembered(self, line: str) -> Readme | None:
        kept = self._memo.get(key_of(line))
        try:
            return Readme.from_json(kept) if kept else None
        except (ValueError, KeyError, TypeError):  # damaged: rendered again
            return None

    def _ask(self, line: str) -> dict[str, Any]:
        worker = self._idle.get()
        try:
            return worker.ask(line)
        finally:
            self._idle.put(worker)

    def _as_text(self, key: str, source: ReadmeSource, answer: Mapping[str, Any]) -> Readme:
        """Show what could not be rendered; what failed is not remembered and tried again."""
        _log.warning("README of %s (%s): %s", key, source.path, answer["refused"])
        if "fault" in answer:
            self.faults[key] = Fault(**answer["fault"] | {"about": key})
        return show_as_text(read_text(source.data).text, source, answer["refused"])


class _Worker:
    """One process that renders; started when it is first asked, and again after it was stopped."""

    def __init__(self, serve: str) -> None:
        self._command = [sys.executable, "-c", _START, serve, *sys.path]
        self._process: subprocess.Popen[bytes] | None = None
        self._asked = 0

    def ask(self, line: str) -> dict[str, Any]:
        """Give what came of a source: `readme`, or `refused` with the reason and maybe `fault`."""
        if self._process is None or self._asked >= _READMES_PER_WORKER:
            self._start()
        self._asked += 1
        started = time.monotonic()
        answer = self._line_within(SECONDS, line.encode() + b"\n")
        if answer.endswith(b"\n"):
            return dict(json.loads(answer))
        self.stop()
        if time.monotonic() - started >= SECONDS:
            return {"refused": f"rendering it took longer than {SECONDS:.0f} seconds"}
        return {"refused": "rendering it failed (its worker ended)"}

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> None:
        self.stop()
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(self._command, stdin=pipe, stdout=pipe)  # noqa: S603 - our own code
        self._asked = 0
        if self._line_within(_SECONDS_TO_START, b"") != _READY:
            self.stop()
            raise OperatorError(
                "READMEs cannot be rendered",
                f"{sys.executable} does not start as a worker",
                "see what it says above",
            )

    def _line_within(self, seconds: float, question: bytes) -> bytes:
        """Give the next line that the process writes; a part of one when it ends or must end."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return b""
        timer = Timer(seconds, process.kill)
        timer.start()
        try:
            process.stdin.write(question)
            process.stdin.flush()
            return process.stdout.readline()
        except OSError:  # it ended before it had read all of the question
            return b""
        finally:
            timer.cancel()


def serve(render_one: Callable[[ReadmeSource], Readme] = render) -> None:
    """Answer each line of standard input with a line, until it ends; runs in a worker."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - does not exist on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers itself
    answers, sys.stdout = sys.stdout.buffer, sys.stderr  # no library may write between the lines
    answers.write(_READY)
    answers.flush()
    for line in sys.stdin.buffer:
        answers.write(json.dumps(_answer(line, render_one)).encode() + b"\n")
        answers.flush()


def _answer(line: bytes, render_one: Callable[[ReadmeSource], Readme]) -> dict[str, Any]:
    try:
        return {"readme": asdict(render_one(ReadmeSource.from_json(line)))}
    except (MemoryError, OSError):
        return {"refused": "rendering it needed too much memory"}
    except Exception as error:  # noqa: BLE001 - a fault of this program, which stops no other README
        fault = fault_of("", "rendering its README", error)
        return {"refused": f"rendering it failed ({type(error).__name__})", "fault": asdict(fault)}


@contextmanager
def open_renderer(
    cache_dir: Path | None, workers: int, serve: str = "aggregator.readme.workers:serve"
) -> Iterator[Renderer]:
    """Give a `Renderer` whose workers end with the block.

    Args:
        cache_dir: Where to remember rendered READMEs, or None to remember nothing.
        workers: How many processes may run at once.
        serve: What a worker runs, as `module:function`.
    """
    if cache_dir is not None:
        # The copies of earlier versions, one file each, which nothing else would erase.
        for former in (*cache_dir.glob("*.json"), *cache_dir.glob("*.tmp")):
            former.unlink(missing_ok=True)
    file = cache_dir and cache_dir / "readmes.sqlite"
    with (
        open_memo(file, RENDERER_VERSION) as memo,
        closing(Renderer(memo, workers, serve)) as renderer,
    ):
        yield renderer
