"""Who does the work of a build: this process, others on this machine, or a Dask cluster.

    with open_crew("processes", 4) as crew:
        build(..., Hands(4, crew))    # lower rooms are handed the method crew.map, a `Mapper`

The results are the same whoever works. Whoever uses the program as a library gets the first kind,
unless they ask for another.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from aggregator.run.processes import ProcessCrew
from aggregator.words.crew import Crew, CrewKind, Mapper
from aggregator.words.errors import UsageError

GivenT = TypeVar("GivenT")
MadeT = TypeVar("MadeT")


class InPlace:
    """Works in this process, one item after the other, each when its result is asked for."""

    is_far: ClassVar[bool] = False

    def map(
        self, function: Callable[[GivenT], MadeT], items: Iterable[GivenT], /
    ) -> Iterator[MadeT]:
        """Do one thing with each item: the built-in `map`."""
        return map(function, items)


IN_PLACE = InPlace()


@dataclass(frozen=True, slots=True)
class Hands:
    """Who works at a build: a crew, and so many processes for READMEs, which may be hostile.

    The processes of READMEs are of another kind than those of a crew: they can be stopped one by
    one (`readme.workers`). A crew on other machines starts them there.
    """

    workers: int = 2
    crew: Crew = IN_PLACE

    @property
    def readers(self) -> Mapper | None:
        """Give who asks for READMEs where that is not this machine, which needs no crew for it."""
        return self.crew.map if self.crew.is_far else None


def open_crew(
    kind: str = CrewKind.NONE, workers: int = 1, scheduler: str | None = None
) -> AbstractContextManager[Crew]:
    """Give a crew, which ends with the block.

    Args:
        kind: one of `CrewKind`.
        workers: how many processes work at once, with "processes"; with one this process works.
        scheduler: the address of a Dask scheduler, with "dask".

    Raises:
        UsageError: what is asked for does not fit together, or no cluster is there as asked.
    """
    wanted = CrewKind(kind)
    if scheduler and wanted is not CrewKind.DASK:
        raise UsageError(
            "--scheduler is given without --crew dask",
            f"a crew of kind {wanted} has no scheduler",
            "add --crew dask, or leave --scheduler out",
        )
    if wanted is CrewKind.DASK:
        # Only there with the extra `distributed`, and loading it takes a second.
        from aggregator.run.cluster import open_cluster  # noqa: PLC0415 - see above

        return open_cluster(scheduler)
    # A worker that opens a crew of its own works alone: all processors are busy already.
    if wanted is CrewKind.NONE or workers < 2 or multiprocessing.parent_process():
        return nullcontext(IN_PLACE)
    return ProcessCrew(workers)
