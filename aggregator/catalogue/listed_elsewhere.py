"""What of other showcases is shown here: their projects, each once, as those of their showcase.

    Registry (whom we include) + Neighbours (what they said) --listed_elsewhere--> OtherShowcases

A project that is listed here is ours and not shown a second time, under none of its names; of two
other showcases that list the same one, the first in the registry has it. What the community blocks
is blocked in their words and addresses too. Pure; called by `assembling`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from aggregator.catalogue.types import OtherShowcase, Project
from aggregator.facts.neighbour import Neighbour, NeighbourProject
from aggregator.registry.community import Inclusion
from aggregator.registry.registry import Registry
from aggregator.words.addresses import split_address, top_of_showcase
from aggregator.words.blocked import Blocklist
from aggregator.words.names import slugify
from aggregator.words.speech import later

NOT_YET = later("it has not been asked yet")


def listed_elsewhere(
    registry: Registry, projects: Iterable[Project], kept: Iterable[Neighbour]
) -> tuple[OtherShowcase, ...]:
    """Give the showcases that the registry includes, in its order, with what they list.

    Args:
        registry: What members wrote.
        projects: What is shown as listed here.
        kept: What other showcases last said; of one that is not included any more, nothing is
            shown.
    """
    said = {one.source: one for one in kept}
    choosing = _Choosing(registry.showcase.blocklist, _own_names(registry, projects))
    return tuple(
        choosing.showcase(inclusion, said.get(inclusion.from_))
        for inclusion in registry.showcase.include
    )


def _own_names(registry: Registry, projects: Iterable[Project]) -> set[str]:
    """Give every name that a project here goes or went by; what was taken down keeps its own."""
    names = {entry.repo.key for entry in registry.projects}
    for project in projects:
        names |= {project.listed_as.casefold(), project.repo.casefold()}
        names |= {p.removeprefix("projects/").strip("/").casefold() for p in project.previous_pages}
    return names


@dataclass
class _Choosing:
    """What is shown already while one showcase after the other is gone through."""

    blocked: Blocklist
    shown: set[str]
    slugs: set[str] = field(default_factory=set)

    def showcase(self, inclusion: Inclusion, said: Neighbour | None) -> OtherShowcase:
        known = self._allowed(said or Neighbour(source=inclusion.from_, problem=NOT_YET))
        address = split_address(inclusion.from_)
        title = inclusion.title or known.title or (address.hostname if address else "") or ""
        projects = [one for one in known.projects if one.key not in self.shown]
        self.shown |= {one.key for one in projects}
        return OtherShowcase(
            slug=self._slug(inclusion.title or _place(inclusion.from_)),
            title=title,
            url=self._leading(top_of_showcase(inclusion.from_)),
            known=known,
            projects=tuple(sorted(projects, key=_by_title)),
        )

    def _slug(self, called: str) -> str:
        """Give a name for addresses; the second of two that are called the same has a number."""
        name = slugify(called)
        free = next(one for one in _numbered(name) if one not in self.slugs)
        self.slugs.add(free)
        return free

    def _allowed(self, said: Neighbour) -> Neighbour:
        """Leave out of their words and addresses what leads to a blocked domain.

        A project whose very repository lies there goes whole: there is nowhere to lead to.
        """
        if not self.blocked:
            return said
        title = self.blocked.unlinked(said.title)
        projects = tuple(self._project(one) for one in said.projects if self._leading(one.url))
        return said.model_copy(update={"title": title, "projects": projects})

    def _leading(self, url: str) -> str:
        """Give an address that may be led to; "" for one that leads to a blocked domain."""
        return "" if self.blocked.domain_of(url) else url

    def _project(self, project: NeighbourProject) -> NeighbourProject:
        changes = {
            "title": self.blocked.unlinked(project.title),
            "summary": self.blocked.unlinked(project.summary),
            "page": self._leading(project.page),
        }
        return project.model_copy(update=changes)


def _place(source: str) -> str:
    """Call a showcase by where it is: what it calls itself may change, and addresses should not."""
    return (top_of_showcase(source) or source).partition("://")[2]


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def _by_title(project: NeighbourProject) -> tuple[str, str]:
    return (project.title or project.repo.partition("/")[2]).casefold(), project.key
