"""How what is exported is declared, and how it is poured from the catalogue.

A shape is a pydantic model: it describes the JSON, and checks it when it is read. What is poured is
not checked, as it comes of models that were checked when they were made: every night pours every
project, and plain values cost a fifth of checked ones.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, ClassVar, cast, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class WithAddress:
    """What reads a value from the whole and the address of the site, None while it is not known."""

    read: Callable[[Any, str | None], object]


Origin = str | Callable[[Any], object] | WithAddress
_Reading = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _From:
    source: Origin


def says(meaning: str, source: Origin | None = None) -> Any:
    """Declare a field.

    Args:
        meaning: for the schema and the documentation.
        source: the attributes that lead to its value, below those that the class begins with;
            or what reads it from the whole. The attribute of the field's own name by itself.
    """
    field = Field(description=meaning)
    if source:
        field.metadata.append(_From(source))
    return field


class Exported(BaseModel):
    """Base of everything that is exported: frozen, and every field always present."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    stands_below: ClassVar[str] = ""  # the attributes that all values of a block stand below

    @model_validator(mode="before")
    @classmethod
    def _as_far_as_known(cls, told: object) -> object:
        """Read JSON that another version of this form may have written.

        What is not known here is left out, and what is not there yet is not known; pydantic names
        what must be there.
        """
        if isinstance(told, cls):
            return told
        found = told if isinstance(told, Mapping) else {}
        return _blanks(cls) | {name: found[name] for name in cls.model_fields if name in found}


def _blanks(shape: type[Exported]) -> dict[str, object]:
    """Give what says "not known" in each field that can say so."""
    kinds = {name: field.annotation for name, field in shape.model_fields.items()}
    lists = {name: () for name, kind in kinds.items() if get_origin(kind) is tuple}
    return lists | {name: None for name, kind in kinds.items() if type(None) in get_args(kind)}


def way(path: str) -> Callable[[Any], Any]:
    """Give what follows attributes, with dots between them; it gives None where one is None."""
    return partial(_follow, path.split("."))


def pour(shape: type[Exported], whole: object, address: str | None = None) -> dict[str, Any]:
    """Take the value of each field from where it is declared to come from.

    Aliases of pydantic read attributes too, but stop at the first None on the way, and most of what
    is told here is unknown for some project.

    Args:
        shape: Which fields.
        whole: What the shape is about, such as a `Project`.
        address: That of the site, with a slash at its end, where it is known.

    Returns:
        The values in the order of the fields; blocks are dictionaries and lists of them lists.
    """
    poured: dict[str, Any] = _pourer(shape, address)(whole)
    return poured


@lru_cache(maxsize=64)  # as many shapes as there are, for a few sites
def _pourer(shape: type[Exported], address: str | None) -> _Reading:
    """Give what pours a shape; where its values come from is looked up once, and not each time."""
    order = dict.fromkeys(shape.model_fields)
    plain, others = [], []
    for name, field in shape.model_fields.items():
        source = next((one.source for one in field.metadata if isinstance(one, _From)), name)
        finished = _finish(field, address)
        if isinstance(source, str) and "." not in source and finished is None:
            plain.append((name, source))
        else:
            read = _reader(source, address)
            below = isinstance(source, str)
            others.append((name, below, _after(read, finished) if finished else read))
    together = _together([source for _, source in plain])
    names = [name for name, _ in plain]
    steps = shape.stands_below.split(".") if shape.stands_below else []

    def poured(whole: Any) -> dict[str, Any]:
        if isinstance(whole, dict):  # values by name; what is not among them is not known
            return order | whole
        base = _follow(steps, whole)
        found = order.copy()
        found.update(zip(names, together(base), strict=True))
        for name, below, read in others:
            found[name] = read(base if below else whole)
        return found

    return poured


def _reader(source: Origin, address: str | None) -> _Reading:
    if isinstance(source, str):
        return way(source) if "." in source else attrgetter(source)
    if isinstance(source, WithAddress):
        told = source.read
        return lambda whole: told(whole, address)
    return source


def _follow(steps: list[str], thing: Any) -> Any:
    for name in steps:
        if thing is None:
            return None
        thing = getattr(thing, name)
    return thing


def _together(sources: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Read several attributes at once; `attrgetter` gives no tuple of a single one."""
    if len(sources) > 1:
        return attrgetter(*sources)
    return lambda base: tuple(getattr(base, source) for source in sources)


def _after(first: _Reading, then: _Reading) -> _Reading:
    return lambda whole: then(first(whole))


def _finish(field: FieldInfo, address: str | None) -> _Reading | None:
    """Give what is to be done with a value that was read; None when it is told as it is."""
    for check in field.metadata:
        if isinstance(check, BeforeValidator):
            return cast("_Reading", check.func)
    shape, many = _shape_in(field.annotation)
    return partial(_each if many else _one, _pourer(shape, address)) if shape else None


def _shape_in(kind: object) -> tuple[type[Exported] | None, bool]:
    """Find the shape that a field holds, and whether it holds a list of them."""
    if isinstance(kind, type) and issubclass(kind, Exported):
        return kind, False
    found = [shape for shape, _ in map(_shape_in, get_args(kind)) if shape]
    many = any(get_origin(one) is tuple for one in (kind, *get_args(kind)))
    return (found[0], many) if found else (None, False)


def _one(pourer: _Reading, thing: Any) -> Any:
    return None if thing is None else pourer(thing)


def _each(pourer: _Reading, things: Any) -> Any:
    return None if things is None else [pourer(thing) for thing in things]
