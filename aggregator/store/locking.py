"""One process against another: a lock that names its holder, and files that are written whole.

Whatever writes a thing that another process may write too takes the lock of that thing first.
The lock is a file beside it, locked by the system, which frees it when the process dies, however
it dies. The file itself stays: to unlink it would split those who wait for it over two inodes.
Who may hold what: the catalogue (`store`), the file of a shard (`shard_file`), an output folder
(`publish`), a registry (`joining`).
"""

import json
import os
import platform
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from aggregator.words.causes import HELD
from aggregator.words.errors import AggregatorError, StateError


@contextmanager
def hold(
    lock: Path,
    wait: float,
    what: str,
    failure: type[AggregatorError] = StateError,
    *,
    nested: bool = False,
) -> Iterator[None]:
    """Hold a lock while the block runs.

    Args:
        lock: The file to lock; its folder must exist.
        wait: Seconds to wait for whoever holds it.
        what: What is locked, for the message.
        failure: What to raise when somebody still holds it, and says who, or the file system gives
            no locks, as some network drives do not.
        nested: Whether a thread that holds it already goes straight on.
    """
    note = lock.with_suffix(".holder")
    guard = FileLock(lock, is_singleton=nested)
    try:
        guard.acquire(timeout=wait)
    except Timeout as error:
        cure = "wait until it has ended, then try again"
        raise failure(HELD.saying(what=what), _holder(note), cure) from error
    except (OSError, NotImplementedError) as error:
        raise failure(
            f"{what} cannot be locked against another process",
            f"{lock}: {getattr(error, 'strerror', None) or error}",
            "put it on a local disk, in a folder that may be written to",
        ) from error
    try:
        if guard.lock_counter == 1:
            # The note is a kindness to whoever waits. On a full disk the lock holds without it, and
            # what looks for the trouble, or makes room, must not end here.
            with suppress(OSError):
                write_whole(note, _signature())
        yield
    finally:
        if guard.lock_counter == 1:
            note.unlink(missing_ok=True)
        guard.release()


def _signature() -> bytes:
    """Name the command for the person who waits; of another program no argument is told."""
    program = Path(sys.argv[0] if sys.argv else "").name
    command = program or "a program"
    if Path(program).stem in {"aggregator", "__main__"}:
        words = (word for word in sys.argv[1:] if word[:1].isalpha())
        command = " ".join(["aggregator", *words][:2])
    return json.dumps({"command": command, "pid": os.getpid(), "host": platform.node()}).encode()


def _holder(note: Path) -> str:
    try:
        signed = json.loads(note.read_text(encoding="utf-8"))
        since = datetime.fromtimestamp(note.stat().st_mtime, UTC).isoformat(timespec="seconds")
        command = signed.get("command", "aggregator")  # older versions did not say
        return f"{command}, process {signed['pid']} on {signed['host']} since {since}"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "it has not said who it is"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that no reader and no second writer ever meets half of it.

    What is no plain file, such as a pipe or a terminal, is written to and not replaced.

    Raises:
        OSError: The file or its folder may not be written to; then it is as it was.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    unfinished = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.tmp")
    try:
        with unfinished.open("xb") as stream:
            stream.write(content)
        if target.exists():
            shutil.copymode(target, unfinished)
        os.replace(unfinished, target)  # noqa: PTH105 - the one call that is atomic everywhere
    finally:
        unfinished.unlink(missing_ok=True)
