"""A quick look at a few names, for ``aggregator check --online``: does it exist, may we show it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from aggregator.facts import Glance
from aggregator.source import AbsenceKind, Absent, Answer, Source, Target, Trouble

Found = Literal["public", "moved", "archived", "empty", "absent", "blocked", "forbidden", "unknown"]
Lookup = Callable[[Sequence[str]], Mapping[str, "Sighting"]]
_ABSENT: Mapping[AbsenceKind, Found] = {
    AbsenceKind.NOT_FOUND: "absent",
    AbsenceKind.PRIVATE: "absent",
    AbsenceKind.BLOCKED: "blocked",
    AbsenceKind.FORBIDDEN: "forbidden",
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """What GitHub says about one name right now; ``unknown`` when it gave no answer."""

    name: str  # as asked
    found: Found
    name_with_owner: str | None = None
    licensed: bool | None = None
    described: bool | None = None
    message: str = ""


def look(source: Source, names: Sequence[str]) -> dict[str, Sighting]:
    """Look at each name once; one that was not answered is ``unknown``, never "fine"."""
    seen: dict[str, Sighting] = {}
    size = source.sizes.glance
    for start in range(0, len(names), size):
        batch = [Target(name) for name in names[start : start + size]]
        answer = source.glance(batch)
        seen |= {target.name: _sighting(target.name, answer) for target in batch}
        if answer.trouble:
            break
    silent = "GitHub was not asked, because it did not answer before"
    return {name: seen.get(name, Sighting(name, "unknown", message=silent)) for name in names}


def _sighting(name: str, answer: Answer[Glance]) -> Sighting:
    if glance := answer.found.get(name):
        return _seen(name, glance)
    if absent := answer.absent.get(name):
        return _absent(name, absent)
    return Sighting(name, "unknown", message=_why(answer.trouble))


def _seen(name: str, glance: Glance) -> Sighting:
    found: Found = "public"
    if glance.name_with_owner.casefold() != name.casefold():
        found = "moved"
    elif glance.archived:
        found = "archived"
    elif glance.empty:
        found = "empty"
    return Sighting(
        name,
        found,
        glance.name_with_owner,
        licensed=glance.licence is not None,
        described=glance.description is not None,
    )


def _absent(name: str, absent: Absent) -> Sighting:
    return Sighting(name, _ABSENT[absent.kind], message=absent.message)


def _why(trouble: Trouble | None) -> str:
    return trouble.message if trouble else "GitHub gave no answer"
