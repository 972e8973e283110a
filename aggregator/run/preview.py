"""What the pages of a change will hold, in plain values for the comment on a pull request.

The check of a pull request builds the pages of the projects that it touches. This
takes from the same catalogue what the README gave, what GitHub said and what is
missing, and puts it beside each card of the report. Pure; called by
`aggregator preview`.
"""

from collections.abc import Iterator, Mapping

from aggregator.catalogue.checkup import checkup, ideas, listing_of
from aggregator.catalogue.types import Catalogue, Project
from aggregator.joining.report import (
    HEADINGS_LIMIT,
    START_LENGTH,
    TEXT_LENGTH,
    Card,
    Idea,
    Preview,
    Report,
)
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry


def with_previews(report: Report, registry: Registry, catalogue: Catalogue) -> Report:
    """Give a report whose cards say what the built pages show.

    Args:
        report: What `check` found.
        registry: The registry of just the touched entries.
        catalogue: The same entries with what GitHub said of them.
    """
    projects = {project.listed_as.lower(): project for project in catalogue.projects}
    cards = tuple(_with_preview(card, registry, catalogue, projects) for card in report.judged)
    return report.model_copy(update={"judged": cards})


def _with_preview(
    card: Card, registry: Registry, catalogue: Catalogue, projects: Mapping[str, Project]
) -> Card:
    entry, project = registry.entry(card.repo), projects.get(card.repo.key)
    if entry is None or project is None:
        return card
    return card.model_copy(update={"preview": preview_of(entry, project, catalogue)})


def preview_of(entry: Entry, project: Project, catalogue: Catalogue) -> Preview:
    """Say what the page of one project shows, and what would make it better."""
    glance = project.facts.glance if project.facts else None
    missing = ideas(checkup(listing_of(entry, catalogue.showcase, catalogue.web), project.facts))
    readme = project.readme if project.readme_shown == "show" else None
    licence = glance.licence if glance else None
    return Preview(
        summary=project.summary.text[:TEXT_LENGTH] if project.summary else None,
        summary_source=project.summary.source if project.summary else None,
        language=glance.primary_language if glance else None,
        licence=(licence.spdx_id or licence.name) if licence else None,
        pushed=glance.pushed_at.date() if glance and glance.pushed_at else None,
        problem=project.standing.message,
        readme_start=readme.text[:START_LENGTH] if readme else None,
        headings=tuple(h.text[:200] for h in readme.headings[:HEADINGS_LIMIT]) if readme else (),
        sections=tuple(_sections(project)),
        missing=tuple(Idea(title=item.title, cure=item.cure) for item in missing[:20]),
    )


def _sections(project: Project) -> Iterator[str]:
    """Name what the page will hold."""
    if project.readme_shown == "show" and project.readme:
        yield "the README"
    elif project.readme_shown == "link-only":
        yield "a link to the README"
    links = [project.links.docs, project.links.demo, project.links.paper]
    for what, there in (
        ("the story", project.story_html),
        ("who to ask", project.people),
        (f"{len(project.talks)} talks" if len(project.talks) > 1 else "a talk", project.talks),
        ("links to documentation, a demo or a paper", any(links)),
        ("organisations that use it", project.used_by),
    ):
        if there:
            yield what
