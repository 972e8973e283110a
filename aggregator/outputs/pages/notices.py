"""What a visitor must know before reading on: gone, private, archived, not reached.

Kind and plain; nobody is blamed. Pure; called by `cards` and `project`.
"""

from aggregator.catalogue import Activity, Project
from aggregator.facts import Outcome
from aggregator.outputs.pages.views import Notice
from aggregator.wall import CURE

_NOTICES = {
    Outcome.GONE: (
        "No longer on GitHub",
        (
            "Its owner may have moved or removed it. What was shown here has been taken down; this "
            "page stays so that links to it still lead somewhere."
        ),
    ),
    Outcome.PRIVATE: (
        "No longer public",
        (
            "Its owner has made this repository private. What was shown here has been taken down; "
            "this page stays so that links to it still lead somewhere."
        ),
    ),
    Outcome.BLOCKED: (
        "Not available on GitHub",
        "GitHub does not show this repository at present, so nothing of it is shown here either.",
    ),
    Outcome.FORBIDDEN: (
        "GitHub did not let us in",
        (
            "Its owner limits who may read it by machine. What you see was true when it was last "
            "confirmed."
        ),
    ),
    Outcome.UNREACHABLE: (
        "GitHub could not be reached",
        (
            "The last look at this repository failed. What you see was true when it was last "
            "confirmed."
        ),
    ),
    Outcome.NAME_REUSED: (
        "This name now belongs to another repository",
        (
            "Somebody else uses the name that was listed here. What you see is about the project "
            "that was listed, not about theirs."
        ),
    ),
    Outcome.EMPTY: (
        "No code yet",
        "The repository exists and is waiting for its first commit.",
    ),
}
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
_WAITING = Notice(
    "Waiting for its first look",
    "This project was listed lately. Its facts appear after the next nightly run.",
    since=None,
    hides_summary=True,
)


def notice_of(project: Project) -> Notice | None:
    """Say what a visitor must know before reading on, if anything."""
    outcome = project.standing.outcome
    if project.standing.cure == CURE and not outcome.erases:
        return _FAILED
    if outcome in _NOTICES:
        title, text = _NOTICES[outcome]
        # A bad night at GitHub must not empty every card: only what was taken down loses its words.
        return Notice(title, text, project.standing.since, hides_summary=outcome.erases)
    if project.activity is Activity.ARCHIVED:
        return _ARCHIVED
    return _WAITING if project.facts is None else None
