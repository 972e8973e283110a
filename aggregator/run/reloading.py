"""The sources of a site, watched, and the pages that are open, told to load again.

    sources --watch--> rebuild --> Reloads.announce --Server-Sent Event--> open pages

`serve` adds what listens to the pages that it shows; no file of a site holds it.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

import watchfiles

# A line now and then, since only writing tells that a page was closed.
_HEARTBEAT_SECONDS = 10.0


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
    sources: Sequence[Path], rebuild: Callable[[Collection[Path]], object], stop: threading.Event
) -> None:
    """Call `rebuild` with what changed of or below `sources`, each time, until `stop` is set.

    A file is watched by its folder: editors put a new file in the place of the old, and a source
    may not be there yet. Folders are watched one by one, so that nobody's whole home is.
    """
    watched = [source.resolve() for source in sources]

    def matters(_change: watchfiles.Change, name: str) -> bool:
        return any(Path(name).is_relative_to(source) for source in watched)

    while not stop.is_set():
        folders = _folders(watched)
        changes = watchfiles.watch(*folders, watch_filter=matters, stop_event=stop, recursive=False)
        for found in changes:
            rebuild([Path(name) for _, name in found])
            if _folders(watched) != folders:
                break  # there is a new folder to look into, or one less


def _folders(sources: Iterable[Path]) -> set[Path]:
    below = (path for source in sources for path in source.rglob("*") if path.is_dir())
    return {*below, *(s for s in sources if s.is_dir()), *(s.parent for s in sources)}
