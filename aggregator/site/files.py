"""A page that is not written yet. Made by the renderers, written by `publish`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """A path below the output folder, with forward slashes, and what to put there."""

    path: str
    data: bytes

    @classmethod
    def of_text(cls, path: str, text: str) -> "File":
        """Make a file of UTF-8 text."""
        return cls(path, text.encode("utf-8"))
