"""A file of the site that is not made yet: a path, a pure function, and the values it takes.

Renderers give these. `publish` asks each for its key, takes over what has the same one as in the
last site, and makes the others one after the other, so that only one finished page is held at a
time. Nothing here knows what a page is or what was written before.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeGuard

from aggregator import __version__

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_SHOWN_DIGITS = 8


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

    @property
    def key(self) -> str:
        """Name what it is made from: of one version of the program, equal keys mean equal bytes.

        The sums are over the values and not over what is made of them, so a key costs no making.
        """
        return self.keyed[0]

    @property
    def parts(self) -> Mapping[str, str]:
        """Its values by name, each with the first digits of a sum, to tell which one changed."""
        return self.keyed[1]

    @cached_property
    def keyed(self) -> tuple[str, Mapping[str, str]]:
        """The key and the parts, which come of one walk over the values."""
        whole = sha256(f"{__version__} {self.maker}\0".encode())
        parts = {}
        # By `repr`: `pickle` writes equal values differently when they share parts, and JSON would
        # need to be told of every class.
        for name, value in _named(self.values):
            told = value if isinstance(value, bytes) else repr(value).encode()
            digest = sha256(told)
            whole.update(f"{name}\0".encode() + digest.digest())
            parts[name] = digest.hexdigest()[:_SHOWN_DIGITS]
        return whole.hexdigest(), parts

    @classmethod
    def of_text(cls, path: str, text: str, *, nightly: bool = False) -> "File":
        """Make a file of UTF-8 text."""
        return cls(path, text.encode("utf-8"), nightly=nightly)


def _named(values: object) -> Iterator[tuple[str, object]]:
    """Give values by name: those in a tuple by what they are, those of a record one by one."""
    for value in values if isinstance(values, tuple) else (values,):
        kind = type(value).__name__.lower().lstrip("_")
        if _is_record(value):
            shown = (each for each in fields(value) if each.repr)
            # One level: a part that is a record itself is one value.
            yield from ((f"{kind}.{each.name}", getattr(value, each.name)) for each in shown)
        else:
            yield kind, value


def _is_record(value: object) -> TypeGuard["DataclassInstance"]:
    """Tell whether the `repr` of a value is that of its fields."""
    made = getattr(type(value), "__dataclass_params__", None)
    return bool(made and made.repr)
