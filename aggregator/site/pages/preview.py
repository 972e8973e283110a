"""How the projects of a change will look, before it is merged.

The check of a pull request builds the pages of the projects that it touches: `subset_text` gives
the registry to build them from, and `with_previews` puts the card that the site will show, in the
same words, what the README gave and what is missing beside each of them. Nothing is built here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from aggregator.catalogue.checkup import CheckupItem, checkup, ideas
from aggregator.catalogue.types import Catalogue, Project
from aggregator.joining.editor import yaml_text
from aggregator.joining.judgement import HEADINGS_LIMIT, Judgement, Preview, Suggestion
from aggregator.registry.registry import Registry
from aggregator.site.frame import frame_of
from aggregator.site.pages.cards import Card, card_of
from aggregator.words.names import RepoName

# Enough to see in a comment that it is the right README.
_README_LENGTH = 400
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
    frame = frame_of(catalogue)
    projects = {project.listed_as.lower(): project for project in catalogue.projects}
    cards = []
    for card in judgement.judged:
        project, preview = projects.get(card.repo.lower()), card.preview
        if project and registry.entry(RepoName.parse(card.repo)):
            missing = ideas(checkup(project, catalogue.showcase.stages))[:_SUGGESTIONS_LIMIT]
            preview = _preview(card_of(project, frame), project, missing)
        cards.append(replace(card, preview=preview))
    return replace(judgement, judged=tuple(cards))


def _preview(card: Card, project: Project, missing: Iterable[CheckupItem]) -> Preview:
    glance = project.facts.glance if project.facts else None
    readme = project.readme if project.readme_shown == "show" else None
    headings = readme.headings[:HEADINGS_LIMIT] if readme else ()
    return Preview(
        summary=card.notice or card.summary,
        summary_source=project.summary.source if project.summary and not card.notice else None,
        activity=card.pulse.text,
        language=", ".join(anchor.text for anchor in card.languages) or None,
        licence=card.licence,
        pushed=glance.pushed_at.date() if glance and glance.pushed_at else None,
        problem=project.standing.message,
        readme_start=str(readme.text)[:_README_LENGTH] if readme else None,
        headings=tuple(heading.text[:200] for heading in headings),
        sections=tuple(_sections(project)),
        missing=tuple(Suggestion(title=item.title, cure=item.cure) for item in missing),
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
