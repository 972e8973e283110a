"""Files projects under what they share: organisations, stages, and whatever has a name.

Pure; called by `assemble`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from aggregator.catalogue.leave_out import notes
from aggregator.catalogue.titles import doubled_titles
from aggregator.catalogue.types import Group, OrganisationGroup, Project
from aggregator.registry.registry import Registry
from aggregator.words.names import slugify
from aggregator.words.speech import say


def organisations_of(
    registry: Registry, projects: Iterable[Project], written: Registry
) -> tuple[OrganisationGroup, ...]:
    """Give every organisation that members describe, in name order, with whose projects it has."""
    blocked = registry.showcase.blocklist
    own: dict[str, list[Project]] = defaultdict(list)
    used: dict[str, list[Project]] = defaultdict(list)
    for project in projects:
        if project.organisation:
            own[project.organisation.slug].append(project)
        for body in project.used_by:
            used[body.slug].append(project)
    groups = (
        OrganisationGroup(
            body,
            tuple(own[body.slug]),
            tuple(used[body.slug]),
            "".join(notes({say("Website"): as_written.url}, blocked)) or None,
        )
        for body, as_written in zip(registry.organisations, written.organisations, strict=True)
    )
    return tuple(sorted(groups, key=lambda group: group.organisation.name.casefold()))


def stages_of(stages: Iterable[str], projects: Iterable[Project]) -> tuple[Group, ...]:
    """Give the stages that have projects, in the order in which the registry names them."""
    groups = groups_of(projects, lambda project: (project.stage,) if project.stage else ())
    found = {group.name: group for group in groups}
    return tuple(found[stage] for stage in stages if stage in found)


def groups_of(
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
        Group(
            slug, min(spelt.items(), key=lambda each: (-each[1], each[0]))[0], tuple(members[slug])
        )
        for slug, spelt in sorted(spellings.items())
    )


def told_apart(projects: tuple[Project, ...]) -> tuple[Project, ...]:
    """Add the owner to titles that several projects have; nobody could choose between them."""
    doubled = doubled_titles(project.title for project in projects)
    return tuple(
        replace(project, title=f"{project.title} ({project.repo.partition('/')[0]})")
        if project.title.casefold() in doubled
        else project
        for project in projects
    )
