"""One run at a time: a lock beside the catalogue, with a note of who holds it."""

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from aggregator.errors import StateError


@contextmanager
def only_run(catalogue: Path, wait: float) -> Iterator[None]:
    """Hold the lock of a catalogue; the system frees it when the process dies, however it dies.

    Args:
        catalogue: The file that is to be written.
        wait: Seconds to wait for another run to end.

    Raises:
        StateError: Another run still holds it; the message says which.
    """
    note = catalogue.with_suffix(".holder")
    lock = FileLock(catalogue.with_suffix(".lock"))
    try:
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise StateError(
            "another run is at work", _holder(note), "wait until it has ended, then try again"
        ) from error
    try:
        _sign(note)
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _sign(note: Path) -> None:
    signed = {"pid": os.getpid(), "host": platform.node()}
    note.write_text(json.dumps(signed), encoding="utf-8")


def _holder(note: Path) -> str:
    try:
        signed = json.loads(note.read_text(encoding="utf-8"))
        since = datetime.fromtimestamp(note.stat().st_mtime, UTC).isoformat(timespec="seconds")
        return f"process {signed['pid']} on {signed['host']} since {since}"
    except (OSError, ValueError, KeyError):
        return "it has not said who it is"
