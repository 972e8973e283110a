"""The sources of a site, watched, and the pages that are open, told to load again.

    sources --watch--> rebuild --> Reloads.announce --Server-Sent Event--> open pages

`serve` adds what listens to the pages that it shows; no file of a site holds it.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import watchfiles

# A line now and then, since only writing tells that a page was closed.
_HEARTBEAT_SECONDS = 10.0
_LOOK_EVERY = 1_000  # milliseconds


class Reloads:
    """Tells every open page that there is a new site.

    `draft` makes a file that is not built yet, given its path; None where there is no such file.
    """

    def __init__(self) -> None:
        self.draft: Callable[[str], bytes | None] | None = None
        self.opened = threading.Event()  # a page of the draft was looked at
        self._count = 0  # of sites so far, so that none is missed between two looks
        self._changed = threading.Condition()

    def announce(self) -> None:
        """Let every open page load again."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def events(self) -> Iterator[bytes]:
        """Give lines of an event stream (https://html.spec.whatwg.org/#server-sent-events)."""
        seen = self._count
        while True:
            with self._changed:
                if self._count == seen:
                    self._changed.wait(_HEARTBEAT_SECONDS)
                news, seen = self._count != seen, self._count
            yield b"data: reload\n\n" if news else b": still here\n\n"


def watch(
    sources_now: Callable[[], Sequence[Path]],
    rebuild: Callable[[Collection[Path]], object],
    stop: threading.Event,
) -> None:
    """Call `rebuild` with what changed of or below the sources, each time, until `stop` is set.

    A file is watched by its folder: editors put a new file in the place of the old, and a source
    may not be there yet. Folders are watched one by one, so that nobody's whole home is. What
    changes while other folders begin to be watched nobody is told of, so times are compared then.

    Args:
        sources_now: names them; asked again after each change, which may have named another.
        rebuild: is given the paths that changed.
        stop: ends it.
    """
    known = _times(_resolved(sources_now()))
    while not stop.is_set():
        sources = _resolved(sources_now())
        folders, is_fresh = _folders(sources), True
        for told in _changes(sources, folders, stop):
            if not (told or is_fresh):
                continue
            now = _times(sources)
            changed = told | {path for path, _ in known ^ now} if is_fresh else told
            known, is_fresh = now, False
            if changed:
                rebuild(changed)
            again = _resolved(sources_now())
            if again != sources or _folders(again) != folders:
                break  # there is something new to look at, or something less


def _changes(
    sources: Sequence[Path], folders: Collection[Path], stop: threading.Event
) -> Iterator[set[Path]]:
    """Give what changes, and now and then nothing, so that a look can be taken."""
    changes = watchfiles.watch(
        *folders,
        watch_filter=partial(_matters, sources, folders),
        stop_event=stop,
        recursive=False,
        rust_timeout=_LOOK_EVERY,
        yield_on_timeout=True,
    )
    # A folder that went before it could be watched is not among those of the next look.
    with suppress(FileNotFoundError):
        for found in changes:
            yield {Path(name) for _, name in found}


def _resolved(sources: Sequence[Path]) -> list[Path]:
    return [source.resolve() for source in sources]


def _times(sources: Sequence[Path]) -> set[tuple[Path, int]]:
    """Tell the files of and below sources, each with the time at which it was changed."""
    times = set()
    for path in {*sources, *(below for source in sources for below in source.rglob("*"))}:
        with suppress(OSError):  # it is not there, or went meanwhile
            if path.is_file():
                times.add((path, path.stat().st_mtime_ns))
    return times


def _matters(
    sources: Sequence[Path], folders: Collection[Path], _change: watchfiles.Change, name: str
) -> bool:
    """Tell whether a path is of or below a source, or a folder in which one may come to stand."""
    path = Path(name)
    if any(path.is_relative_to(source) for source in sources):
        return True
    return path not in folders and any(source.is_relative_to(path) for source in sources)


def _folders(sources: Sequence[Path]) -> set[Path]:
    """Give the folders of and below sources; of one that is not there yet the nearest that is."""
    below = (path for source in sources for path in source.rglob("*") if path.is_dir())
    above = (next(filter(Path.is_dir, source.parents)) for source in sources)
    return {*below, *filter(Path.is_dir, sources), *above}
