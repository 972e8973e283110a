"""Write a changed registry file: whole or not at all, with the line ends it had.

Two that change it at once do so one after the other. The lock is in the system's folder for
temporary files and not beside the registry, where somebody would commit it; an editor knows no
locks, so what was saved meanwhile is read again.
"""

import codecs
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from aggregator.registry.tree import decode, read_file
from aggregator.store.locking import hold, write_whole
from aggregator.words.errors import RegistryError

LOCK_WAIT = 30.0
_MOST_TRIES = 5


def rewrite(path: Path, edit: Callable[[str], str]) -> None:
    """Replace a file by an edited copy.

    Args:
        path: A file of the registry.
        edit: Takes its text, with plain line ends, and gives the new one.

    Raises:
        RegistryError: The file cannot be read or written, `edit` refuses, or another process
            goes on changing it.
    """
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    # Nobody may open the lock of another account there, so each account has its own.
    account = os.getuid() if sys.platform != "win32" else ""
    lock = Path(tempfile.gettempdir()) / f"aggregator-registry-{account}-{place}.lock"
    with hold(lock, LOCK_WAIT, path.as_posix(), RegistryError):
        for _ in range(_MOST_TRIES):
            if _rewritten(path, edit):
                return
    raise RegistryError(
        path.as_posix(), "another program changes it again and again", "close it, then try again"
    )


def _rewritten(path: Path, edit: Callable[[str], str]) -> bool:
    read_file(path)  # refuses what is absent or too large, in words
    content = path.read_bytes()
    if content[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        cure = "save it as UTF-8 in your editor first"
        raise RegistryError(path.as_posix(), "it is saved as UTF-16", cure)
    text = edit(decode(content))
    if b"\r\n" in content:
        text = text.replace("\n", "\r\n")
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    if path.read_bytes() != content:
        return False
    try:
        write_whole(path, mark + text.encode())
    except OSError as error:
        cause = f"it cannot be written ({error.strerror})"
        raise RegistryError(path.as_posix(), cause, "check who may write there") from None
    return True
