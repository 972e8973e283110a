"""The listing check-up in words: what is there first, then what would help.

The judging is in `aggregator.checkup`; this module only shows it. Called by
`project` and `status`.
"""

from aggregator.catalogue.checkup import CheckupItem, Listing, celebration, checkup, ideas
from aggregator.catalogue.types import Catalogue, Project
from aggregator.site.pages.views import CheckUp, Finding


def check_up(project: Project, catalogue: Catalogue) -> CheckUp | None:
    """Look at one listing; what was taken down is left in peace."""
    if project.standing.outcome.erases:
        return None
    items = checkup(_listing(project, catalogue), project.facts)
    return CheckUp(celebration(items), tuple(_finding(item) for item in ideas(items)))


def _listing(project: Project, catalogue: Catalogue) -> Listing:
    summary = project.summary
    return Listing(
        repo=project.repo,
        title=project.title,
        summary=summary.text if summary and summary.source == "registry" else None,
        stage=project.stage,
        tags=project.tags,
        people=project.people,
        docs=project.links.docs,
        stages=catalogue.showcase.stages,
        web=project.url.removesuffix(f"/{project.repo}"),
    )


def _finding(item: CheckupItem) -> Finding:
    # The cure is one sentence of Markdown in which only emphasis and code are used.
    cure = item.cure.replace("*", "").replace("`", "")
    return Finding(item.key, item.title, item.why, cure, item.snippet)
