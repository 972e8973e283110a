"""Large texts by handle: what a build carries of a README's HTML and words until they are needed.

A handle names a text that lies in the memo on disk. It is as small as a name, and equal handles
mean equal texts, so a page can be compared with the last one without reading any. `str()` reads
the text and holds it against its name: what comes back is whole and right, or `LostTextError`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aggregator.store.disk_memo import key_of, read_value
from aggregator.words.errors import LostTextError

_CARRIED = ContextVar("carried", default=False)


@dataclass(frozen=True, slots=True)
class KeptText:
    """A text that stands in the memo, HTML or words; `str()` gives it.

    Args:
        name: of the text as it is kept, which is also its key in the memo.
        file: where the memo is. It says nothing about the text, so it is not compared.
        step: what is done to the text whenever it is read: pure, with a `repr` that tells all.
    """

    name: str
    file: Path = field(repr=False, compare=False)
    step: Callable[[str], str] | None = None
    _text: str | None = field(default=None, repr=False, compare=False)  # when it travelled along

    def __str__(self) -> str:
        """Read the text.

        Raises:
            LostTextError: It is no longer there, or no longer what it was.
        """
        text = self._as_kept() if self._text is None else self._text
        return self.step(text) if self.step else text

    def __reduce__(self) -> tuple[Any, ...]:
        text = self._as_kept() if _CARRIED.get() else self._text
        return KeptText, (self.name, self.file, self.step, text)

    @property
    def digest(self) -> str:
        """Name what `str()` gives."""
        return key_of(self.name, repr(self.step)) if self.step else self.name

    def through(self, step: Callable[[str], str]) -> "KeptText":
        """Give a handle of what a step makes of the text; this one may have no step yet."""
        return replace(self, step=step)

    def _as_kept(self) -> str:
        data = read_value(self.file, self.name)
        if data is None or key_of(data) != self.name:
            raise LostTextError(
                f"a README that was kept in {self.file} is not there any more, or is damaged",
                "something else writes to that file, or the disk does",
                "run this again; it will be rendered anew",
            )
        return decoded(data)


def digest_of(text: str | KeptText) -> str:
    """Name a text by what it says, without reading it where it is kept."""
    return text.digest if isinstance(text, KeptText) else key_of(text)


def encoded(text: str) -> bytes:
    """Write any text of Python's, half a pair of surrogates too."""
    return text.encode("utf-8", "surrogatepass")


def decoded(data: bytes) -> str:
    """Read what `encoded` wrote."""
    return data.decode("utf-8", "surrogatepass")


@contextmanager
def carried_along() -> Iterator[None]:
    """Let handles that are pickled in here take their text along.

    For whoever sends work to a machine that does not see the same folders; elsewhere a handle is
    enough, because every process of this machine can open the file.
    """
    before = _CARRIED.set(True)
    try:
        yield
    finally:
        _CARRIED.reset(before)
