"""How the projects of a change will look, before it is merged.

The check of a pull request builds the pages of the projects that it touches: `subset_text` gives
the registry to build them from, and `with_previews` takes from the same catalogue what the README
gave, what GitHub said and what is missing, and puts it beside each card. Nothing is built here.
"""

from collections.abc import Iterable, Iterator

from aggregator.catalogue.checkup import checkup, ideas
from aggregator.catalogue.types import Catalogue, Project
from aggregator.joining.editor import yaml_text
from aggregator.joining.judgement import HEADINGS_LIMIT, Judgement, Preview, Suggestion
from aggregator.registry.registry import Registry
from aggregator.words.names import RepoName

# Enough to see in a comment that it is the right README.
_README_LENGTH = 400
_SUMMARY_LENGTH = 1_000
_SUGGESTIONS_LIMIT = 20


def subset_text(registry: Registry, repos: Iterable[RepoName]) -> str:
    """Write a registry with the same settings and organisations and only some entries.

    Returns:
        The text of a registry.yaml; "" when none of the entries is there.
    """
    entries = [entry.as_written() for repo in repos if (entry := registry.entry(repo))]
    if not entries:
        return ""
    # The words of the glossary stand in another file, which the small registry does without.
    settings = {k: v for k, v in registry.showcase.as_written().items() if k != "glossary"}
    showcase = {"title": registry.showcase.title} | settings
    organisations = [organisation.as_written() for organisation in registry.organisations]
    content = {"showcase": showcase, "organisations": organisations, "projects": entries}
    return yaml_text(content, indent=0)


def with_previews(judgement: Judgement, registry: Registry, catalogue: Catalogue) -> Judgement:
    """Give a judgement whose cards say what the built pages show.

    Args:
        judgement: What `check` found.
        registry: The registry of just the touched entries.
        catalogue: The same entries with what GitHub said of them.
    """
    projects = {project.listed_as.lower(): project for project in catalogue.projects}
    cards = []
    for card in judgement.judged:
        project = projects.get(card.repo.key) if registry.entry(card.repo) else None
        preview = preview_of(project, catalogue) if project else card.preview
        cards.append(card.model_copy(update={"preview": preview}))
    return judgement.model_copy(update={"judged": tuple(cards)})


def preview_of(project: Project, catalogue: Catalogue) -> Preview:
    """Say what the page of one project shows, and what would make it better."""
    glance = project.facts.glance if project.facts else None
    missing = ideas(checkup(project, catalogue.showcase.stages))
    readme = project.readme if project.readme_shown == "show" else None
    licence = glance.licence if glance else None
    headings = readme.headings[:HEADINGS_LIMIT] if readme else ()
    return Preview(
        summary=project.summary.text[:_SUMMARY_LENGTH] if project.summary else None,
        summary_source=project.summary.source if project.summary else None,
        language=glance.primary_language if glance else None,
        licence=(licence.spdx_id or licence.name) if licence else None,
        pushed=glance.pushed_at.date() if glance and glance.pushed_at else None,
        problem=project.standing.message,
        readme_start=readme.text[:_README_LENGTH] if readme else None,
        headings=tuple(heading.text[:200] for heading in headings),
        sections=tuple(_sections(project)),
        missing=tuple(
            Suggestion(title=item.title, cure=item.cure) for item in missing[:_SUGGESTIONS_LIMIT]
        ),
    )


def _sections(project: Project) -> Iterator[str]:
    """Name what the page will hold."""
    links = project.links
    for what, there in (
        ("the README", project.readme_shown == "show" and project.readme),
        ("a link to the README", project.readme_shown == "link-only"),
        ("the story", project.story_html),
        ("who to ask", project.people),
        (f"{len(project.talks)} talks" if len(project.talks) > 1 else "a talk", project.talks),
        ("links to documentation, a demo or a paper", links.docs or links.demo or links.paper),
        ("organisations that use it", project.used_by),
    ):
        if there:
            yield what
