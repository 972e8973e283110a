"""The one shape of work that may be done by many: a function, and the items it is done with.

A lower room that can share its work takes `mapped: Mapper = map` and calls it as the built-in
`map` is called. It never learns who works: this process, others on this machine, or a cluster;
`run` decides that and hands the method of a crew in. Nothing here starts anything.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import ClassVar, Protocol, TypeVar

GivenT = TypeVar("GivenT")
MadeT = TypeVar("MadeT")


class Mapper(Protocol):
    """Do one thing with each item, and give what came of them in the order of the items.

    What holds for every mapper, and so for whoever takes one as a parameter:

    - The function stands at the top of its module (or is a `functools.partial` of such a one), so
      that another process finds it by its name; items and results can be pickled and are small,
      because they may travel. What is large stays on disk and is named.
    - The function may be called twice with an item whose worker died, so doing it again does no
      harm; what it gives hangs on the item alone, never on who did it or what was done before.
    - Items are taken only a little ahead of the results that are asked for, so neither side need
      ever hold all of them.
    - What the function raises is raised where its result would have come. Whoever wants the
      others all the same lets the function give a fault instead (`words/wall`).
    """

    def __call__(
        self, function: Callable[[GivenT], MadeT], items: Iterable[GivenT], /
    ) -> Iterator[MadeT]:
        """Give `function(item)` for each item, in their order."""


class Crew(Protocol):
    """Whoever does the work of a build; `run/crews` opens them.

    Args:
        is_far: whether its workers may be on other machines, which see none of our folders but
            those that are shared.
    """

    is_far: ClassVar[bool]

    def map(
        self, function: Callable[[GivenT], MadeT], items: Iterable[GivenT], /
    ) -> Iterator[MadeT]:
        """Give `function(item)` for each item, in their order: a `Mapper`."""


class CrewKind(StrEnum):
    """The crews there are, as the command line names them."""

    NONE = "none"
    PROCESSES = "processes"
    DASK = "dask"
