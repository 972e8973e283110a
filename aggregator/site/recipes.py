"""A file of the site that is not made yet: a path, a pure function, and the values it takes.

Renderers give these. `publish` asks each for its key, takes over what has the same one as in the
last site, and has a crew make the others, each of which holds one finished page at a time. Nothing
here knows what a page is or what was written before.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property, lru_cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from aggregator import __version__

_SHOWN_DIGITS = 8
_PLAIN = {"str": "text", "int": "number", "tuple": "list"}


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
    def maker(self) -> str:
        """The name of its recipe; of bytes that were made already, "bytes"."""
        module, name = self.recipe.__module__, self.recipe.__qualname__
        return name if module == "builtins" else f"{module}.{name}"

    @cached_property
    def key(self) -> str:
        """Name what it is made from: of one version of the program, equal keys mean equal bytes.

        The sum is over the values and not over what is made of them, so a key costs no making.
        """
        whole = sha256(f"{__version__} {self.maker}".encode())
        for name, told in self._told:
            whole.update(f"\0{name} {len(told)} ".encode() + told)
        return whole.hexdigest()

    @property
    def parts(self) -> Mapping[str, str]:
        """Its values by name, each with the first digits of a sum, to tell which one changed."""
        return {name: sha256(told).hexdigest()[:_SHOWN_DIGITS] for name, told in self._told}

    @cached_property
    def _told(self) -> tuple[tuple[str, bytes], ...]:
        return tuple(_told_by(self.values))

    def __getstate__(self) -> dict[str, Any]:
        """Leave behind what was worked out: whoever makes a file asks for none of it."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def of_text(cls, path: str, text: str, *, nightly: bool = False) -> "File":
        """Make a file of UTF-8 text."""
        return cls(path, text.encode("utf-8"), nightly=nightly)

    @classmethod
    def of_finished(cls, path: str, made: Path, *, nightly: bool = False) -> "File":
        """Make a file of one that is there, too large to be held; it must stay until it is put."""
        with made.open("rb") as opened:
            digest = file_digest(opened, "sha256").hexdigest()
        return cls(path, Finished(digest, made), _read, nightly)


@dataclass(frozen=True)
class Finished:
    """Bytes that lie in a file already, with their SHA-256 in hex; where is no matter of theirs."""

    sha256: str
    file: Path = field(repr=False, compare=False)


def _told_by(values: Any) -> Iterator[tuple[str, bytes]]:
    """Name each value that a file is made from, with all that there is to tell of it."""
    together = isinstance(values, tuple) and all(map(is_dataclass, values))
    for value in values if together else (values,):
        kind: Any = type(value)
        if parts := _parts_of(kind):
            for name, label in parts:
                yield label, _all_of(getattr(value, name))
        else:
            yield _label(kind), _all_of(value)


def _all_of(value: object) -> bytes:
    # By `repr`: `pickle` writes equal values differently when they share parts, and JSON would
    # need to be told of every class.
    return value if isinstance(value, bytes) else repr(value).encode()


@lru_cache(maxsize=200)  # there are few kinds of pages
def _parts_of(kind: type) -> tuple[tuple[str, str], ...]:
    """Give the fields that the `repr` of such a value shows, each as people see it called.

    One level: a part that is a record itself is one value.
    """
    names = getattr(kind, "_fields", ())
    made = getattr(kind, "__dataclass_params__", None)
    if made and made.repr:
        names = tuple(each.name for each in fields(kind) if each.repr)
    return tuple((name, f"{_label(kind)}.{name}") for name in names)


def _label(kind: type) -> str:
    """Name what a value is, for people."""
    return _PLAIN.get(kind.__name__) or kind.__name__.lower().lstrip("_")


def _read(made: Finished) -> bytes:
    return made.file.read_bytes()
