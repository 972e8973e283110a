"""A file of the site that is not made yet: a path, a pure function, and the values it takes.

Renderers give these, and `publish` makes and writes them one after the other, so that only one
finished page is held at a time. Nothing here knows what a page is or what was written before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from aggregator import __version__


@dataclass(frozen=True)
class File:
    """A path below the output folder, with forward slashes, and how to make what stands there.

    Args:
        path: where it goes.
        values: all that its bytes depend on: frozen, with a `repr` that tells all of it.
        recipe: makes the bytes of the values, and reads nothing else. `bytes` takes them as
            they are.
        nightly: whether every night may change it, also one without news. Of all files together
            only a handful may be so.
    """

    path: str
    values: object
    recipe: Callable[[Any], bytes] = bytes
    nightly: bool = False

    @cached_property
    def data(self) -> bytes:
        """Its bytes, made when they are first asked for."""
        return self.recipe(self.values)

    @property
    def key(self) -> str:
        """Name what it is made from: of one version of the program, equal keys mean equal bytes.

        The sums are over the values and not over what is made of them, so a key costs no making.
        """
        # By `repr`: `pickle` writes equal values differently when they share parts, and JSON would
        # need to be told of every class.
        maker = f"{__version__} {self.recipe.__module__}.{self.recipe.__qualname__} "
        told = self.values if isinstance(self.values, bytes) else repr(self.values).encode()
        return sha256(maker.encode() + told).hexdigest()

    @classmethod
    def of_text(cls, path: str, text: str) -> "File":
        """Make a file of UTF-8 text."""
        return cls(path, text.encode("utf-8"))
