"""The kinds of organisations that a registry names, each with its organisations and projects.

Kinds are in nobody's code: a community that writes "Trust" and "national body" compares those, one
that writes "library" and "museum" compares these. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aggregator.catalogue.types import OrganisationGroup, Project
from aggregator.registry.community import Term
from aggregator.words.names import slugify


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of organisation.

    Args:
        name: the spelling that most of its organisations use.
        spellings: all of them; search knows each as it is written.
        means: what it is, in a sentence, where the registry says.
        projects: those of its organisations, in the order of the catalogue.
    """

    slug: str
    name: str
    spellings: tuple[str, ...]
    means: str | None
    organisations: tuple[OrganisationGroup, ...]
    projects: tuple[Project, ...]


def kinds_of(
    organisations: Iterable[OrganisationGroup], terms: Mapping[str, Term]
) -> tuple[Kind, ...]:
    """Give the kinds that can be compared, by name.

    Only kinds with projects count; fewer than two of them are no comparison, and then there are
    none.
    """
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    members: dict[str, list[OrganisationGroup]] = defaultdict(list)
    for group in organisations:
        if kind := group.organisation.kind:
            spelt[slugify(kind)][kind] += 1
            members[slugify(kind)].append(group)
    found = [
        _kind(slug, spelt[slug], members[slug], terms.get(slug))
        for slug in spelt
        if any(group.projects for group in members[slug])
    ]
    found.sort(key=lambda kind: (kind.name.casefold(), kind.slug))
    return tuple(found) if len(found) > 1 else ()


def _kind(
    slug: str, spelt: Counter[str], members: list[OrganisationGroup], term: Term | None
) -> Kind:
    projects = (project for group in members for project in group.projects)
    return Kind(
        slug=slug,
        name=min(spelt, key=lambda name: (-spelt[name], name)),
        spellings=tuple(sorted(spelt)),
        means=term.means if term else None,
        organisations=tuple(members),
        projects=tuple(sorted(projects, key=lambda project: project.repo.casefold())),
    )
