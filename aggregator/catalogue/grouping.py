"""Projects that share something and have a page together: tags, languages, stages, organisations.

Which projects there are is decided in `assemble`; how a group looks, in `site`. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from aggregator.catalogue.leave_out import note_on
from aggregator.catalogue.types import Group, OrganisationGroup, Project
from aggregator.registry.registry import Registry
from aggregator.words.names import slugify


def labels(project: Project) -> tuple[str, ...]:
    """List the tags a member gave, then GitHub's topics that say something else."""
    details = project.facts.details if project.facts else None
    topics = (details.topics or ()) if details else ()
    unique: dict[str, str] = {}
    for name in (*project.tags, *topics):
        unique.setdefault(slugify(name), name)
    return tuple(unique.values())


def organisation_groups(
    registry: Registry, projects: Iterable[Project], written: Registry
) -> tuple[OrganisationGroup, ...]:
    """Give every organisation that members describe, in name order, with whose projects it has.

    Args:
        registry: What members wrote, without what the community blocks.
        projects: Those that are listed.
        written: The same registry as it was written, to say what was left out of it.
    """
    own: dict[str, list[Project]] = defaultdict(list)
    used: dict[str, list[Project]] = defaultdict(list)
    for project in projects:
        if project.organisation:
            own[project.organisation.slug].append(project)
        for organisation in project.used_by:
            used[organisation.slug].append(project)
    groups = (
        OrganisationGroup(
            organisation,
            tuple(own[organisation.slug]),
            tuple(used[organisation.slug]),
            note_on(as_written, registry.showcase.blocklist),
        )
        for organisation, as_written in zip(
            registry.organisations, written.organisations, strict=True
        )
    )
    return tuple(sorted(groups, key=lambda group: group.organisation.name.casefold()))


def groups(
    projects: Iterable[Project], names: Callable[[Project], Iterable[str]]
) -> tuple[Group, ...]:
    """File projects under each of their names; names with one slug share a page.

    The group is called by the spelling that most projects use.
    """
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    members: dict[str, list[Project]] = defaultdict(list)
    for project in projects:
        for name in names(project):
            spellings[slugify(name)][name] += 1
            members[slugify(name)].append(project)
    return tuple(
        Group(slug, _usual(spellings[slug]), tuple(members[slug])) for slug in sorted(members)
    )


def _usual(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda name: (-spellings[name], name))


def stage_groups(registry: Registry, projects: Iterable[Project]) -> tuple[Group, ...]:
    """Give the stages that have projects, in the order in which the registry names them."""
    found = {group.name: group for group in groups(projects, _stage)}
    return tuple(found[stage] for stage in registry.showcase.stages if stage in found)


def _stage(project: Project) -> tuple[str, ...]:
    return (project.stage,) if project.stage else ()
