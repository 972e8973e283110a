"""Builds that are killed, that run beside each other, and whose disk is full.

A process apart loads the program once and forks a child for each build, so that a moment costs no
start of Python. It is asked in lines of JSON, by `Builders`; `Alternating` has two states of one
showcase that are built in turns into one folder, and knows the two sites that may stand there.

    python -m tests.law.interrupted    is that process: only `Builders` starts it
"""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from aggregator.registry.loader import load
from aggregator.run.crews import Hands
from aggregator.run.guard import Guard
from aggregator.run.pipeline import build
from aggregator.run.workspace import Workspace
from aggregator.words.errors import AggregatorError
from tests.conftest import sharing_compiled_templates
from tests.law.changes import CHANGES
from tests.law.community import WEB, LivingShowcase
from tests.law.folders import tree
from tests.program import ROOT

# Nothing that stood there before is held against a site: its proof says the same of either.
_GUARD = Guard(accept_losses=True, fresh=True)
# What a build does to the disk, as Python audits it: https://docs.python.org/3/library/audit_events.html
_SEAMS = frozenset(
    {"ctypes.dlopen", "ctypes.dlsym", "os.rename", "shutil.rmtree", "sqlite3.connect"}
)
_TOUCHES = _SEAMS | {
    *("os.link", "os.mkdir", "os.remove", "os.rmdir", "os.symlink", "shutil.copyfile"),
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_TAKES_SPACE = frozenset({"open", "os.link", "os.mkdir", "os.symlink", "shutil.copyfile"})
# What makes many pages others, one come and some go; to render a README anew takes seconds.
WITHOUT_READMES = ("describe", "star", "tag", "stage", "talk", "archive", "put_in_bare")
WITH_READMES = (*WITHOUT_READMES, "rewrite_readme", "close", "rename", "story", "put_in")
REFUSED, CRASHED, NO_SPACE = 3, 4, 5  # how a child ends that failed


@dataclass(frozen=True, slots=True)
class Ended:
    """How a build ended: its exit code, below zero the signal; and what it said, if it failed."""

    code: int
    said: str = ""
    touches: int = 0  # what it did to the disk, as far as that is audited
    seams: tuple[int, ...] = ()  # at which of them it opened a database, swapped or discarded


class Builders:
    """The process that builds; made by `building`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def build(self, place: Workspace, **how: Any) -> Ended:
        """Build once; `how` as `_child` takes it, or `here`: in the process itself, to warm it."""
        return self._asked({"places": [_told(place)], **how})[0]

    def build_beside(self, *places: Workspace) -> list[Ended]:
        """Build all at the same time."""
        return self._asked({"places": [_told(place) for place in places]})

    def build_in_turns(self, places: Sequence[Workspace], seconds: float) -> Ended:
        """Build one after the other again and again, and kill that after some seconds."""
        return self._asked({"turns": [_told(place) for place in places], "seconds": seconds})[0]

    def _asked(self, question: Mapping[str, object]) -> list[Ended]:
        pipe, answers = self._process.stdin, self._process.stdout
        assert pipe
        assert answers
        pipe.write(json.dumps(question) + "\n")
        pipe.flush()
        found = json.loads(answers.readline())
        return [Ended(code, said, done, tuple(seams)) for code, said, done, seams in found]


@contextmanager
def building() -> Iterator[Builders]:
    """Start the process that builds, and end it."""
    command = [sys.executable, "-m", "tests.law.interrupted"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Builders(process)
        finally:
            process.kill()


@dataclass(frozen=True, slots=True)
class Alternating:
    """Two states of one showcase, one output folder and one cache for both."""

    places: tuple[Workspace, Workspace]
    trees: tuple[Mapping[str, bytes], Mapping[str, bytes]]  # what a clean build makes of each

    @property
    def output(self) -> Path:
        """Where either site is put."""
        return self.places[0].output

    def standing(self) -> int | None:
        """Tell which of the sites stands there, whole; None for neither."""
        found = tree(self.output)
        return next((number for number, one in enumerate(self.trees) if found == one), None)

    def leavings(self) -> list[str]:
        """Name what stands beside the output folder that a finished build would not leave."""
        begins = (f".{self.output.name}.new", f".{self.output.name}.old")
        return [p.name for p in self.output.parent.iterdir() if p.name.startswith(begins)]


def alternating(
    showcase: LivingShowcase, builders: Builders, changes: Sequence[str] = WITHOUT_READMES
) -> Alternating:
    """Let a showcase change a good deal, and keep it as it was before as well."""
    before = _kept(showcase, "first")
    for number, change in enumerate(changes):
        CHANGES[change](showcase, number)
    showcase.night()
    showcase.build()
    places = (before, _kept(showcase, "second"))
    trees = tuple(_clean(place, builders) for place in places)
    assert len(trees) == 2
    for place in places:  # from here on whatever is built is built on the other
        assert builders.build(place).code == 0
    return Alternating(places, trees)


def _kept(showcase: LivingShowcase, name: str) -> Workspace:
    """Put the present state aside, with the cache that all share."""
    place = showcase.workspace
    folder = place.state.with_name(name)
    shutil.copytree(place.state, folder / "state", ignore=shutil.ignore_patterns("cache"))
    (folder / "state" / "cache").symlink_to(place.cache, target_is_directory=True)
    for file in (place.registry, place.registry.with_name("words.yaml")):
        shutil.copy(file, folder)
    return Workspace(
        folder / "registry.yaml", folder / "state", place.output.with_name("alternating")
    )


def _clean(place: Workspace, builders: Builders) -> Mapping[str, bytes]:
    folder = place.state.with_name("clean")
    kept = shutil.ignore_patterns("cache")
    shutil.copytree(place.state, folder / "state", ignore=kept)
    clean = Workspace(place.registry, folder / "state", folder / "output")
    ended = builders.build(clean, here=True)
    assert ended.code == 0, ended.said
    return tree(clean.output)


def _told(place: Workspace) -> list[str]:
    return [str(place.registry), str(place.state), str(place.output)]


# What runs in the process apart.

_Told = tuple[int, str, int, list[int]]


def main() -> None:
    """Answer one line after the other."""
    with sharing_compiled_templates():
        for line in sys.stdin:
            sys.stdout.write(json.dumps(_answered(json.loads(line))) + "\n")
            sys.stdout.flush()


def _answered(asked: dict[str, Any]) -> list[_Told]:
    if "turns" in asked:
        child = _begun(lambda: _in_turns(asked["turns"]))
        time.sleep(asked["seconds"])
        os.kill(child[0], signal.SIGKILL)
        return [_finished(*child)]
    if asked.get("here"):
        _build(asked["places"][0])
        return [(0, "", 0, [])]
    how = {name: asked[name] for name in ("kill_at", "full_at", "file_limit") if name in asked}
    children = [_begun(partial(_child, place, **how)) for place in asked["places"]]
    return [_finished(*child) for child in children]


def _in_turns(places: list[list[str]]) -> tuple[int, list[int]]:
    while True:
        for place in places:
            _build(place)


def _build(place: list[str]) -> None:
    where = Workspace(*map(Path, place))
    build(where, load(where.registry), WEB, Hands(1), _GUARD)


def _child(
    place: list[str],
    kill_at: int | None = None,
    full_at: int | None = None,
    file_limit: int | None = None,
) -> tuple[int, list[int]]:
    """Build, and give how often the disk was touched, and at which touches there was a seam.

    Args:
        place: registry, state and output.
        kill_at: before which touch of the disk the process is killed, counted from 0.
        full_at: from which of them on there is no space left.
        file_limit: how many bytes any file may have.
    """
    touches, seams = 0, []

    def count(event: str, args: tuple[Any, ...]) -> None:
        nonlocal touches
        is_write = event == "open" and isinstance(args[2], int) and bool(args[2] & _WRITING)
        if not is_write and event not in _TOUCHES:
            return
        if touches == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if full_at is not None and touches >= full_at and event in _TAKES_SPACE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(args[0]))
        if event in _SEAMS:
            seams.append(touches)
        touches += 1

    sys.addaudithook(count)
    if file_limit is not None:
        import resource  # noqa: PLC0415 - only where there are such limits

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
    _build(place)
    return touches, seams


def _begun(action: Callable[[], tuple[int, list[int]]]) -> tuple[int, int]:
    """Fork a child; give its number, and where it says what came of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    code, said, touches, seams = 0, "", 0, list[int]()
    try:
        touches, seams = action()
    except AggregatorError as problem:
        code, said = REFUSED, str(problem)
    except OSError as problem:  # the command line says so in a sentence
        code, said = NO_SPACE, str(problem)
    except BaseException:  # noqa: BLE001 - a child that failed must not go on as its parent
        code, said = CRASHED, traceback.format_exc()
    os.write(writing, json.dumps([said[-4000:], touches, seams]).encode())
    os._exit(code)


def _finished(child: int, reading: int) -> _Told:
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return (code, *(json.loads(said) if said else ("", 0, [])))


if __name__ == "__main__":
    main()
