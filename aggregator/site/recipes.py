"""A file of the site that is not made yet: a path, a pure function, and the values it takes.

Renderers give these. `publish` asks each for its key, takes over what has the same one as in the
last site, and has a crew make the others, each of which holds one finished page at a time. Nothing
here knows what a page is or what was written before.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property, lru_cache
from hashlib import file_digest, sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from aggregator import __version__

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

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
        whole = sha256(f"{__version__} {self.maker}\0".encode())
        for value in self._several:
            kind = type(value).__qualname__
            whole.update(f"{kind}\0".encode() + _sum(value))
        return whole.hexdigest()

    @property
    def parts(self) -> Mapping[str, str]:
        """Its values by name, each with the first digits of a sum, to tell which one changed."""
        found = chain.from_iterable(_values_of(self.values))
        return {name: digest.hex()[:_SHOWN_DIGITS] for name, digest in found}

    @property
    def _several(self) -> tuple[object, ...]:
        return self.values if isinstance(self.values, tuple) else (self.values,)

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


def _values_of(values: Any) -> Iterator[tuple[tuple[str, bytes], ...]]:
    """Give the sums of what a file is made from, each with a name that no other one has."""
    if isinstance(values, bytes):
        # Not remembered: nobody has them twice, and they may be many.
        yield (("bytes", _sum(values)),)
    elif names := getattr(values, "_fields", ()):
        kind = _kind(values)
        yield tuple((f"{kind}.{n}", _sum(v)) for n, v in zip(names, values, strict=True))
    elif isinstance(values, tuple) and all(map(is_dataclass, values)):
        yield from (_digests(_Same(value)) for value in values)
    else:
        yield _digests(_Same(values))


def _read(made: Finished) -> bytes:
    return made.file.read_bytes()


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A value that is itself and no other, however alike: to compare takes longer than to sum."""

    value: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@lru_cache(maxsize=8)  # what all pages say of the site is summed up once
def _digests(same: _Same) -> tuple[tuple[str, bytes], ...]:
    """Give the sum of a value by what it is, or of a record that of each field."""
    value = same.value
    if not _is_record(value):
        return ((_kind(value), _sum(value)),)
    return tuple((name, _sum(getattr(value, of))) for of, name in _shown(type(value)))


@lru_cache(maxsize=200)  # of kinds of pages there are few
def _shown(kind: type["DataclassInstance"]) -> tuple[tuple[str, str], ...]:
    """Name the fields of a record that its `repr` shows, each with what people see it called.

    One level: a part that is a record itself is one value.
    """
    return tuple((each.name, f"{_label(kind)}.{each.name}") for each in fields(kind) if each.repr)


def _kind(value: object) -> str:
    """Name what a value is, for people."""
    return _label(type(value))


def _label(kind: type) -> str:
    return _PLAIN.get(kind.__name__) or kind.__name__.lower().lstrip("_")


def _sum(value: object) -> bytes:
    # By `repr`: `pickle` writes equal values differently when they share parts, and JSON would
    # need to be told of every class.
    return sha256(value if isinstance(value, bytes) else repr(value).encode()).digest()


def _is_record(value: object) -> TypeGuard["DataclassInstance"]:
    """Tell whether the `repr` of a value is that of its fields."""
    made = getattr(type(value), "__dataclass_params__", None)
    return bool(made and made.repr)
