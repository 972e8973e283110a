"""Vectors kept on disk between builds. Short because any memo of the same two words replaces it.

Deleting the folder costs time and nothing else.
"""

import os
from contextlib import suppress
from pathlib import Path


class FolderMemo:
    """A folder of files under names that say all that their content depends on.

    What was not asked for while it was open is deleted on `close`: a README that is no longer
    shown leaves nothing behind.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asked_for: set[Path] = set()

    def get(self, name: str) -> bytes | None:
        """Give what is kept under a name, or None where nothing can be read."""
        file = self._file(name)
        self._asked_for.add(file)
        with suppress(OSError):
            return file.read_bytes()
        return None

    def put(self, name: str, value: bytes) -> None:
        """Keep a value; a full disk only means making it again."""
        unfinished = self._folder / f"{name}.{os.getpid()}.tmp"
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(value)
            unfinished.replace(self._file(name))

    def close(self) -> None:
        """Delete what nobody asked for, and what a killed process left unfinished."""
        for file in (*self._folder.glob("*.json"), *self._folder.glob("*.tmp")):
            if file not in self._asked_for:
                file.unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"
