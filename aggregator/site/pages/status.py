"""How the last run fared with every entry, said plainly, with what would help.

The first page says all that matters, and is the only one of the site that says when the last run
was. The others go on with the list, and stay as they are while nothing happens.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from aggregator.catalogue.types import Catalogue, Project, Proven
from aggregator.facts.snapshot import Freshness
from aggregator.readme.readme import Readme
from aggregator.registry.mistakes import Mistake
from aggregator.site.contents import kind_of_page
from aggregator.site.frame import Frame, PageContext
from aggregator.site.pages.cards import Pager, by_title, paged
from aggregator.site.pages.facts import Confirmation, confirmation_of
from aggregator.site.pages.project import CheckUp
from aggregator.words.outcomes import Outcome, Silence, words_of
from aggregator.words.speech import say, say_stored
from aggregator.words.wall import CURE, FAILED

# A page then holds at most some 2,000 elements, which a test holds.
PER_PAGE = 100
# In a night on which GitHub does not answer it would be everybody.
MOST_TROUBLED = 60
MOST_MISTAKES = 60


@dataclass(frozen=True, slots=True)
class StatusRow:
    """How an entry stands, in words that no quiet night changes.

    `tried` and `confirmed` are None for never; `ideas` name what would help it.
    """

    title: str
    path: str
    outcome: str
    tried: Confirmation | None
    confirmed: Confirmation | None
    ideas: str = ""


@dataclass(frozen=True, slots=True)
class TroubledRow:
    """An entry that somebody should look at: why, and what can be done about it.

    Both may have been written down in English, for the terminal: each has its language beside it.
    """

    title: str
    path: str
    problem: str
    problem_language: str
    cure: str
    cure_language: str
    last_succeeded: datetime | None


@dataclass(frozen=True, kw_only=True)
class StatusPage(PageContext):
    """How the last run fared with every entry, and what would help.

    Args:
        fetched_at: when GitHub last confirmed anything; None for never.
        freshness: when the facts of all projects were confirmed.
        tallies: how often looks ended in which way, the good ways first.
        troubled: the first of those that somebody should look at; `more_troubled` counts others.
        mistakes: the first of those in the registry; `more_mistakes` counts the others.
        incomplete: how many listings could have more; `complete` counts those that lack nothing.
        proof: what the site proved when it was held against the one before.
        silent: about whom the last run learnt nothing.
    """

    template: ClassVar[str] = "status/index.html"
    nightly: ClassVar[bool] = True
    fetched_at: datetime | None
    freshness: Freshness
    tallies: tuple[tuple[int, str], ...]
    troubled: tuple[TroubledRow, ...]
    more_troubled: int
    mistakes: tuple[Mistake, ...]
    more_mistakes: int
    incomplete: int
    complete: int
    proof: Proven | None
    silent: tuple[Silence, ...]
    rows: tuple[StatusRow, ...]
    pager: Pager


@dataclass(frozen=True, kw_only=True)
class MoreStatusPage(PageContext):
    """The second and later pages of the list."""

    template: ClassVar[str] = "status/more.html"
    rows: tuple[StatusRow, ...]
    pager: Pager


def status_pages(
    frame: Frame, catalogue: Catalogue, check_ups: Mapping[str, CheckUp]
) -> Iterator[PageContext]:
    """Make the pages about how everything stands; check-ups are by registry key."""
    projects = by_title(catalogue.projects)
    ideas = {key: _ideas(found) for key, found in check_ups.items()}
    rows = [_row(project, ideas.get(project.key, ""), frame.ran) for project in projects]
    rows += [
        StatusRow(one.repo, one.page or "status/", say(FAILED), None, None)
        for one in catalogue.unmade
    ]
    for folder, part, pager in paged(rows, "status/", PER_PAGE):
        if pager.number > 1:
            title = pager.title(kind_of_page("status/").title)
            words = say("%(title)s: every project, A to Z.", title=title)
            page = frame.page(folder, title, words)
            yield MoreStatusPage(page=page, rows=part, pager=pager)
            continue
        troubled = _troubled(projects, catalogue)
        yield StatusPage(
            page=frame.page(folder),
            fetched_at=catalogue.fetched_at,
            freshness=catalogue.freshness,
            tallies=_tallies(projects, catalogue),
            troubled=troubled[:MOST_TROUBLED],
            more_troubled=max(0, len(troubled) - MOST_TROUBLED),
            mistakes=catalogue.mistakes[:MOST_MISTAKES],
            more_mistakes=max(0, len(catalogue.mistakes) - MOST_MISTAKES),
            incomplete=sum(bool(words) for words in ideas.values()),
            complete=sum(not words for words in ideas.values()),
            proof=catalogue.proven,
            silent=catalogue.silences,
            rows=part,
            pager=pager,
        )


def _ideas(found: CheckUp) -> str:
    return ", ".join(one.name for one in found.findings)


def _row(project: Project, ideas: str, ran: datetime | None) -> StatusRow:
    standing = project.standing
    # That there was news is told for one night, by the numbers of the first page.
    is_news = standing.outcome is Outcome.ACTIVE
    told = words_of(Outcome.UNCHANGED, ever_found=True) if is_news else standing.words
    words = say(FAILED if standing.cure == CURE else told.state)
    tried, confirmed = (
        confirmation_of(moment, ran) if moment else None
        for moment in (standing.last_tried, standing.last_succeeded)
    )
    return StatusRow(project.title, project.page, words, tried, confirmed, ideas)


def _troubled(projects: Sequence[Project], catalogue: Catalogue) -> tuple[TroubledRow, ...]:
    found = [
        TroubledRow(
            p.title, p.page, *_told(said.message or _words(p), said.cure), said.last_succeeded
        )
        for p in projects
        if not (said := p.standing).outcome.answered or said.cure
    ]
    plain = (
        TroubledRow(p.title, p.page, *_plain(p.readme), p.standing.last_succeeded)
        for p in projects
        if p.readme and p.readme.refused
    )
    failed = (
        TroubledRow(one.repo, one.page or "status/", *_told(one.message, one.cure), None)
        for one in catalogue.unmade
    )
    return (*found, *plain, *failed)


def _plain(readme: Readme) -> tuple[str, str, str, str]:
    """Say why a README is shown as it was written, and what its authors can do about it."""
    problem = say("Its README is shown as plain text: %(reason)s.", reason=say(readme.refused))
    cure = say("A shorter README, or one with less markup, is shown in full.")
    return problem, "", cure, ""


def _told(problem: str, cure: str | None) -> tuple[str, str, str, str]:
    """Say both, each with its language: what is known of one night only was stored in English."""
    return *say_stored(problem), *say_stored(cure or "")


def _tallies(projects: Sequence[Project], catalogue: Catalogue) -> tuple[tuple[int, str], ...]:
    places = {outcome: place for place, outcome in enumerate(Outcome)}
    counted = Counter((places[p.standing.outcome], _words(p)) for p in projects)
    failed = sum(count for (_, words), count in counted.items() if words == FAILED)
    told = [(count, say(words)) for (_, words), count in sorted(counted.items()) if words != FAILED]
    failed += len(catalogue.unmade)
    return (*told, *([(failed, say(FAILED))] if failed else []))


def _words(project: Project) -> str:
    """Give how a project stands, as a message."""
    return FAILED if project.standing.cure == CURE else project.standing.words.state
