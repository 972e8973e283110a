"""Vectors kept on disk between builds; deleting the folder costs time and nothing else."""

import json
import os
from array import array
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

DIGITS = 4  # kept of each number; more changed no order


class VectorMemo:
    """A folder of vectors, one file each, under names that say all that a vector depends on.

    What was not asked for while it was open is deleted on `close`: a README that is no longer
    shown leaves nothing behind.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._asked_for: set[str] = set()

    def get(self, name: str) -> Sequence[float] | None:
        """Give the vector kept under a name, or None where there is none that can be read."""
        self._asked_for.add(f"{name}.json")
        if self._folder is None:
            return None
        with suppress(OSError, ValueError, TypeError):
            return array("d", json.loads((self._folder / f"{name}.json").read_text("ascii")))
        return None

    def put(self, name: str, vector: Sequence[float]) -> Sequence[float]:
        """Keep a vector and give it as it will be read; a full disk only means making it again."""
        rounded = array("d", (round(value, DIGITS) for value in vector))
        if self._folder is not None:
            unfinished = self._folder / f"{name}.{os.getpid()}.tmp"
            with suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                unfinished.write_text(json.dumps(rounded.tolist()), "ascii")
                unfinished.replace(self._folder / f"{name}.json")
        return rounded

    def close(self) -> None:
        """Delete what nobody asked for, and what a killed process left unfinished."""
        if self._folder is None:
            return
        for file in (*self._folder.glob("*.json"), *self._folder.glob("*.tmp")):
            if file.name not in self._asked_for:
                file.unlink(missing_ok=True)
