"""What a visitor must know before reading on: gone, private, archived, not reached.

Kind and plain; nobody is blamed. The words of each outcome are in `facts.outcome`.
Pure; called by `cards` and `project`.
"""

from aggregator.catalogue.types import Activity, Project
from aggregator.site.pages.views import Notice
from aggregator.words.wall import CURE

_FAILED = Notice(
    "This page is not complete",
    "The program that makes this site failed at this project, and whoever runs it is told. The "
    "repository itself is as its owner left it.",
    since=None,
    hides_summary=False,
)
_ARCHIVED = Notice(
    "Archived",
    "Its owner has made it read-only. It can still be read and copied; nobody is working on it "
    "there.",
    since=None,
    hides_summary=False,
)


def notice_of(project: Project) -> Notice | None:
    """Say what a visitor must know before reading on, if anything."""
    standing = project.standing
    if standing.cure == CURE and not standing.outcome.erases:
        return _FAILED
    words = standing.words
    if words.title:
        # A bad night at GitHub must not empty every card: only what was taken down, and what was
        # never there, loses its words.
        hides = standing.outcome.erases or not standing.ever_found
        since = standing.since if standing.last_tried else None
        return Notice(words.title, words.text, since, hides_summary=hides)
    return _ARCHIVED if project.activity is Activity.ARCHIVED else None
