"""Finds the project that keeps a whole site from being made, and makes the site without it.

The renderers know nothing of this. When making the site fails, it is tried again without writing
anything, with the first half of the projects, then with a half of that half, until one project is
known with which it begins to fail. That one is first shown without what its repository says, and
when even that fails left out, with a plain page at its address and a row on the status page. A
mistake that strikes without any project, or at many of them, is nobody's own and is raised.

    make(parts) --fails--> probe halves --> one project --> make(parts without it) --> ...

Called by `pipeline.build`; pure but for what it is given.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from aggregator.catalogue.assemble import Rendered, page_of
from aggregator.catalogue.types import Unmade
from aggregator.facts.snapshot import Snapshot
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.run.publish import checked_path
from aggregator.words.errors import PublishError
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import CURE, EVERYBODYS, Fault, fault_of

MadeT = TypeVar("MadeT")

# A tenth of a large showcase, or three: with more of them the site would no longer be the site.
_FEW = 3
_SHARE = 10
_DOING = "making its page"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a site is made from."""

    registry: Registry
    snapshot: Snapshot
    rendered: Rendered
    unmade: tuple[Unmade, ...] = ()
    plain: frozenset[str] = field(default=frozenset())  # keys shown without facts

    def of(self, entries: tuple[Entry, ...]) -> "Parts":
        """Keep some entries, and the news that is not about the others."""
        gone = {e.repo.key for e in self.registry.projects} - {e.repo.key for e in entries}
        changes = tuple(c for c in self.snapshot.changes if c.repo not in gone)
        return replace(
            self,
            registry=replace(self.registry, projects=entries),
            snapshot=self.snapshot.model_copy(update={"changes": changes}),
        )


def made_without_the_faulty(
    parts: Parts, make: Callable[[Parts], MadeT], probe: Callable[[Parts], None]
) -> tuple[MadeT, tuple[Fault, ...]]:
    """Make a site; a project with which that cannot be done does not keep the others off it.

    Args:
        parts: what the site is made from.
        make: makes and writes it.
        probe: makes it and writes nothing; asked only when `make` failed.

    Returns:
        What `make` gave, and a fault for each project that had to be left out or shown plainly.

    Raises:
        Exception: What `make` raised, when no single project or too many of them bring it about.
    """
    faults: dict[str, Fault] = {}
    most = bearable(len(parts.registry.projects))
    while True:
        problem = None
        try:
            made = make(parts)
        except Exception as error:  # noqa: BLE001 - raised again below, unless one project is why
            problem = error
        if problem is None:
            return made, tuple(faults.values())
        found = _culprit(parts, probe) if _may_be_somebodys(problem) else None
        if found is None or len(faults) >= most:
            raise problem
        entry, why = found
        fault = faults.setdefault(entry.repo.key, fault_of(str(entry.repo), _DOING, why))
        parts = (
            _left_out(parts, entry, fault)
            if entry.repo.key in parts.plain
            else _without_facts(parts, entry, fault)
        )


def bearable(projects: int) -> int:
    """Give at how many of so many projects the program may fail for the site still to be itself."""
    return max(_FEW, projects // _SHARE)


def _may_be_somebodys(error: Exception) -> bool:
    """A page with an impossible path is a project's own; a full disk is not, as probing tells."""
    return isinstance(error, PublishError) or not isinstance(error, EVERYBODYS)


def _culprit(parts: Parts, probe: Callable[[Parts], None]) -> tuple[Entry, Exception] | None:
    """Find the project with which making the site begins to fail."""
    entries = parts.registry.projects
    low, high = 0, len(entries)
    problem = _problem(parts, probe)
    if problem is None or _problem(parts.of(()), probe) is not None:
        return None
    while high - low > 1:  # it goes well with the first `low`, and fails with the first `high`
        middle = (low + high) // 2
        found = _problem(parts.of(entries[:middle]), probe)
        low, high, problem = (middle, high, problem) if found is None else (low, middle, found)
    return entries[high - 1], problem


def _problem(parts: Parts, probe: Callable[[Parts], None]) -> Exception | None:
    try:
        probe(parts)
    except Exception as error:  # whatever kind it is, it is what is being looked for
        if not _may_be_somebodys(error):
            raise
        return error
    return None


def _without_facts(parts: Parts, entry: Entry, fault: Fault) -> Parts:
    """Show a project by what its member wrote alone; what is stored of it stays."""
    key = entry.repo.key
    record = parts.snapshot.record(str(entry.repo))
    told = {"facts": None, "outcome": Outcome.UNREACHABLE, "message": fault.message, "cure": CURE}
    records = dict(parts.snapshot.records)
    if record is not None:
        records[record.key] = record.model_copy(update=told)
    changes = tuple(change for change in parts.snapshot.changes if change.repo != key)
    rendered = parts.rendered
    return replace(
        parts,
        snapshot=parts.snapshot.model_copy(update={"records": records, "changes": changes}),
        rendered=replace(
            rendered,
            readmes={k: v for k, v in rendered.readmes.items() if k != key},
            stories={k: v for k, v in rendered.stories.items() if k != key},
        ),
        plain=parts.plain | {key},
    )


def _left_out(parts: Parts, entry: Entry, fault: Fault) -> Parts:
    others = tuple(other for other in parts.registry.projects if other is not entry)
    gone = Unmade(str(entry.repo), _possible_page(entry), fault.message, CURE)
    return replace(parts.of(others), unmade=(*parts.unmade, gone))


def _possible_page(entry: Entry) -> str:
    """Give the folder of the plain page; none when the very address was what failed."""
    page = page_of(entry.repo)
    try:
        checked_path(f"{page}index.html")
    except PublishError:
        return ""
    return page
