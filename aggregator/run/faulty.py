"""Finds the project that keeps a whole site from being made, and makes the site without it.

    make(all) --fails--> probe halves --> one project --> make(all without it) --> ...

That one is first shown without what its repository says, and when even that fails left out, with a
plain page at its address and a row on the status page. A mistake that strikes without any project,
or at many of them, is nobody's own and is raised. The renderers know nothing of this.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What a site is made from."""

    registry: Registry
    snapshot: Snapshot
    rendered: Rendered
    unmade: tuple[Unmade, ...] = ()
    plain: frozenset[str] = frozenset()  # keys shown without facts

    def of(self, entries: tuple[Entry, ...]) -> "Ingredients":
        """Keep some entries, and the news that is not about the others."""
        others = {e.repo.key for e in self.registry.projects} - {e.repo.key for e in entries}
        return replace(
            self,
            registry=replace(self.registry, projects=entries),
            snapshot=_without_news_of(others, self.snapshot),
        )

    def without(self, entry: Entry, fault: Fault) -> "Ingredients":
        """Show a project by what its member wrote alone; leave it out when that failed already."""
        key = entry.repo.key
        if key in self.plain:
            gone = Unmade(str(entry.repo), _possible_page(entry), fault.message, CURE)
            kept = tuple(other for other in self.registry.projects if other is not entry)
            return replace(self.of(kept), unmade=(*self.unmade, gone))
        told = {"outcome": Outcome.UNREACHABLE, "message": fault.message, "cure": CURE}
        records = dict(self.snapshot.records)
        if record := self.snapshot.record(str(entry.repo)):
            records[record.key] = record.model_copy(update={**told, "facts": None})
        rendered, silent = self.rendered, _without_news_of({key}, self.snapshot)
        return replace(
            self,
            snapshot=silent.model_copy(update={"records": records}),
            rendered=replace(
                rendered,
                readmes={k: v for k, v in rendered.readmes.items() if k != key},
                stories={k: v for k, v in rendered.stories.items() if k != key},
            ),
            plain=self.plain | {key},
        )


def made_without_the_faulty(
    whole: Ingredients, make: Callable[[Ingredients], MadeT], probe: Callable[[Ingredients], None]
) -> tuple[MadeT, tuple[Fault, ...]]:
    """Make a site; a project with which that cannot be done does not keep the others off it.

    `probe` makes it and writes nothing; it is asked only when `make` failed. What `make` raised is
    raised when no single project or too many of them bring it about.

    Returns:
        What `make` gave, and a fault for each project that had to be left out or shown plainly.
    """
    faults: dict[str, Fault] = {}
    given = whole
    while True:
        try:
            return make(given), tuple(faults.values())
        except Exception as problem:
            found = _culprit(given, probe) if _may_be_somebodys(problem) else None
            if found is None or len(faults) >= bearable(len(whole.registry.projects)):
                raise
        entry, why = found
        fault = faults.setdefault(entry.repo.key, fault_of(str(entry.repo), "making its page", why))
        given = given.without(entry, fault)


def bearable(projects: int) -> int:
    """Give at how many of so many projects the program may fail for the site still to be itself."""
    return max(_FEW, projects // _SHARE)


def _may_be_somebodys(error: Exception) -> bool:
    """A page with an impossible path is a project's own; a full disk is not, as probing tells."""
    return isinstance(error, PublishError) or not isinstance(error, EVERYBODYS)


def _culprit(
    given: Ingredients, probe: Callable[[Ingredients], None]
) -> tuple[Entry, Exception] | None:
    """Find the project with which making the site begins to fail."""

    def problem_with(first: int) -> Exception | None:
        try:
            probe(given if first == len(entries) else given.of(entries[:first]))
        except Exception as error:  # whatever kind it is, it is what is being looked for
            if not _may_be_somebodys(error):
                raise
            return error
        return None

    entries = given.registry.projects
    low, high = 0, len(entries)
    problem = problem_with(high)
    if problem is None or problem_with(0) is not None:
        return None
    while high - low > 1:  # it goes well with the first `low`, and fails with the first `high`
        middle = (low + high) // 2
        found = problem_with(middle)
        low, high, problem = (middle, high, problem) if found is None else (low, middle, found)
    return entries[high - 1], problem


def _without_news_of(keys: set[str], snapshot: Snapshot) -> Snapshot:
    changes = tuple(change for change in snapshot.changes if change.repo not in keys)
    return snapshot.model_copy(update={"changes": changes})


def _possible_page(entry: Entry) -> str:
    """Give the folder of the plain page; none when the very address was what failed."""
    page = page_of(entry.repo)
    try:
        checked_path(f"{page}index.html")
    except PublishError:
        return ""
    return page
