"""The reuse card: what a colleague asks first, answered on the first screen, each with its source.

What it does, how to start, what its licence allows, whether it is alive, who made and who uses it,
whom to ask, what data it needs, what its authors warn of. A line without a source is not there. How
each reads is said in `project/reuse.html`; the same in short stands in the search index.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aggregator.catalogue.assemble import last_push
from aggregator.catalogue.claims import Speaker
from aggregator.catalogue.getting_started import GettingStarted, caution_today, how_to_start
from aggregator.catalogue.permissions import NO_LICENCE, UNKNOWN_LICENCE, permission_of
from aggregator.catalogue.purpose import does
from aggregator.catalogue.types import Project
from aggregator.facts.repository import Release, RepoFacts
from aggregator.readme.readme import Quote
from aggregator.site.frame import Anchor, Frame, Outside, organisation_anchor
from aggregator.site.pages.cards import Pulse, pulse_of
from aggregator.site.pages.facts import Confirmation, branch_of, confirmation_of, contributors_words
from aggregator.words.addresses import at_github, web_address
from aggregator.words.phrases import joined, listed, month_of, shortened
from aggregator.words.speech import say, say_many

_MOST_AUTHORS = 6
_MOST_FUNDERS = 3
_LONGEST_HEADING = 60
_MONTHS = 12
_DAYS = 31
_SPAN = 120.0  # of the drawing of a year: ten for each month
_UNSAID = Confirmation()


@dataclass(frozen=True, slots=True)
class StartLine:
    """What to type to begin; `files` say so where the README does not.

    Args:
        code: lines to copy.
        in_r: whether they are for R.
        in_copy: whether one must be in a copy of the repository.
        on_unix: whether they work on Linux and macOS only.
        goes_on: whether more steps come after them in the README.
        heading: that they stand under in the README, with its `anchor` on this page.
        files: that say so, as links.
        confirmation: when GitHub last gave what was read.
    """

    code: str
    in_r: bool
    in_copy: bool
    on_unix: bool
    goes_on: bool
    heading: str
    anchor: str
    files: tuple[Outside, ...]
    confirmation: Confirmation


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """What the licence allows: a sentence, the texts, and the file that says so."""

    allows: str
    texts: tuple[Outside, ...]
    source: str
    source_url: str
    confirmation: Confirmation


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A sentence of the README, what it is written in, and where it stands on this page."""

    text: str
    language: str
    heading: str
    anchor: str
    confirmation: Confirmation


@dataclass(frozen=True, slots=True)
class YearLine:
    """The twelve months up to the last push, as marks for a drawing and in words.

    Args:
        words: all that the drawing shows.
        marks: how far along the year, from 0 to 120, each release and the last push is.
    """

    words: str
    marks: tuple[float, ...]
    pushed: float


@dataclass(frozen=True, slots=True)
class LifeLine:
    """Whether it is alive: how lately, the last release, and what its own files call it."""

    pulse: Pulse
    pushed_at: datetime | None
    release: str
    release_url: str
    released_at: datetime | None
    status: str
    status_file: str
    year: YearLine | None
    confirmation: Confirmation | None


@dataclass(frozen=True, slots=True)
class UserLine:
    """The organisations of one kind that use it."""

    kind: str
    organisations: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class ReuseCard:
    """Everything a colleague asks first; what is not known is None or empty.

    Args:
        does: what it does, in the words of its summary; `does_source` is whose they are,
            `does_language` what they are written in.
    """

    does: str
    does_source: Speaker | None
    does_language: str
    start: StartLine | None
    licence: LicenceLine | None
    life: LifeLine
    caution: QuoteLine | None
    needs: QuoteLine | None
    maker: Anchor | None
    owner: str
    authors: str
    authors_file: str
    contributors: str
    funding: tuple[Outside, ...]
    users: tuple[UserLine, ...]
    people: tuple[Anchor, ...]
    ask: tuple[Outside, ...]


def reuse_of(project: Project, frame: Frame) -> ReuseCard:
    """Gather the answers; the only "now" is that of the last run."""
    facts, readme = project.facts, project.readme
    summary = project.summary
    organisation, authors = project.organisation, project.evidence.used("authors")
    owner = project.repo.partition("/")[0]
    return ReuseCard(
        does=does(project),
        does_source=summary.source if summary else None,
        does_language=summary.language if summary else "",
        start=_start(project, how_to_start(project), frame),
        licence=_licence(project, frame),
        life=_life(project, frame),
        caution=_quote(project, caution_today(project), frame),
        needs=_quote(project, readme.needs if readme else None, frame),
        maker=organisation_anchor(organisation) if organisation else None,
        owner=owner,
        authors=_authors(authors.value if authors else ""),
        authors_file=authors.where if authors else "",
        contributors=contributors_words(facts),
        funding=tuple(_funding(facts)),
        users=_users(project),
        people=tuple(Anchor(login, f"people/{login.lower()}/") for login in project.people),
        ask=tuple(_ask(project)),
    )


def _details_confirmed(project: Project, frame: Frame) -> Confirmation:
    details = project.facts.details if project.facts else None
    return confirmation_of(details.confirmed_at, frame.ran, in_turn=True) if details else _UNSAID


def _start(project: Project, begun: GettingStarted | None, frame: Frame) -> StartLine | None:
    if begun is None:
        return None
    branch = branch_of(project.facts)
    return StartLine(
        code=begun.code,
        in_r=begun.in_r,
        in_copy=begun.in_copy,
        on_unix=begun.on_unix,
        goes_on=begun.goes_on,
        heading=begun.heading,
        anchor=begun.anchor,
        files=tuple(
            Outside(name, at_github(project.url, "blob", branch, name)) for name in begun.files
        ),
        confirmation=_details_confirmed(project, frame),
    )


def _licence(project: Project, frame: Frame) -> LicenceLine | None:
    """Say what the licence allows; None where nobody ever asked for one."""
    facts = project.facts
    if facts is None or facts.glance.empty:
        return None
    asked = confirmation_of(facts.glance.confirmed_at, frame.ran)
    used = project.evidence.used("licence")
    community = facts.details.community if facts.details else None
    file = community.licence if community else None
    where = used.where if used else file
    url = at_github(project.url, "blob", branch_of(facts), where) if where else ""
    if used:
        permission = permission_of(used.value)
        # GitHub reads the text alone, which does not say whether later versions apply.
        is_text = used.source == "GitHub"
        texts = tuple(
            Outside(name.replace("-only", ""), address.replace("-only.html", ".html"))
            if is_text
            else Outside(name, address)
            for name, address in permission.texts
        )
        is_file = used.source == "repository" or where == file
        return LicenceLine(permission.allows, texts, used.place, url if is_file else "", asked)
    verdict = project.evidence.of("licence")
    claims = verdict.claims if verdict else ()
    stated = next((claim for claim in claims if claim.source == "repository"), None)
    if stated:
        words = say(
            "It calls its licence \u201c%(licence)s\u201d.", licence=shortened(stated.stated, 80)
        )
        link = at_github(project.url, "blob", branch_of(facts), stated.where)
        return LicenceLine(words, (), stated.where, link, asked)
    if claims or file:
        return LicenceLine(say(UNKNOWN_LICENCE), (), file or "", url, asked)
    return LicenceLine(say(NO_LICENCE), (), "", "", asked)


def _quote(project: Project, quote: Quote | None, frame: Frame) -> QuoteLine | None:
    if quote is None:
        return None
    heading = quote.heading if len(quote.heading) <= _LONGEST_HEADING else ""
    known = project.readme.language if project.readme else ""
    language = frame.site.tongues.of(quote.text, known)
    confirmation = _details_confirmed(project, frame)
    return QuoteLine(quote.text, language, heading, quote.anchor, confirmation)


def _life(project: Project, frame: Frame) -> LifeLine:
    facts = project.facts
    details = facts.details if facts else None
    releases = tuple(one for one in ((details.releases or ()) if details else ()) if one.url)
    newest = next((one for one in releases if not one.prerelease), None) or next(
        iter(releases), None
    )
    stated = next((one for one in facts.statements if one.status), None) if facts else None
    pushed = last_push(facts) if facts else None
    return LifeLine(
        pulse=pulse_of(project.activity),
        pushed_at=pushed,
        release=_release_name(newest) if newest else "",
        release_url=web_address(newest.url) if newest else "",
        released_at=newest.published_at if newest else None,
        status=(stated.status or "") if stated else "",
        status_file=stated.path if stated else "",
        year=_year(releases, pushed),
        confirmation=confirmation_of(facts.glance.confirmed_at, frame.ran) if facts else None,
    )


def _release_name(release: Release) -> str:
    """Call a release by its title and its version, unless one holds the other."""
    name, tag = release.name or release.tag, release.tag
    return name if tag.removeprefix("v") in name else f"{name} ({tag})"


def _year(releases: tuple[Release, ...], pushed: datetime | None) -> YearLine | None:
    """Draw the year up to the last push; it ends there, so that no night moves it without news."""
    if pushed is None:
        return None
    end = pushed.year * _MONTHS + pushed.month
    dated = sorted(one.published_at for one in releases if one.published_at)
    places = [_place(day, end) for day in dated]
    within = [(day, at) for day, at in zip(dated, places, strict=True) if 0 <= at <= _SPAN]
    if not within:
        return None
    months = list(dict.fromkeys(month_of(day) for day, _ in within))
    words = say_many(
        len(within),
        "%(count)s release in the year up to the last push in %(month)s: %(months)s.",
        "%(count)s releases in the year up to the last push in %(month)s: %(months)s.",
        month=month_of(pushed),
        months=joined(months),
    )
    return YearLine(words, tuple(at for _, at in within), _place(pushed, end))


def _place(day: datetime, end: int) -> float:
    month = day.year * _MONTHS + day.month - (end - _MONTHS + 1)
    return round(_SPAN / _MONTHS * (month + (day.day - 1) / _DAYS), 1)


def _authors(named: str) -> str:
    names = [name for name in named.split(", ") if name]
    told = listed(names, _MOST_AUTHORS) if len(names) > _MOST_AUTHORS else joined(names)
    return shortened(told, 200)


def _funding(facts: RepoFacts | None) -> Iterator[Outside]:
    details = facts.details if facts else None
    for link in ((details.funding or ()) if details else ())[:_MOST_FUNDERS]:
        if address := web_address(link.url):
            yield Outside(link.platform.replace("_", " ").capitalize(), address)


def _users(project: Project) -> tuple[UserLine, ...]:
    by_kind = defaultdict[str, list[Anchor]](list)
    for organisation in project.used_by:
        by_kind[organisation.kind or ""].append(organisation_anchor(organisation))
    kinds = sorted(by_kind, key=lambda kind: (not kind, kind.casefold()))
    return tuple(UserLine(kind, tuple(by_kind[kind])) for kind in kinds)


def _ask(project: Project) -> Iterator[Outside]:
    """Name the places where one may ask in public, as far as they are known to be open."""
    facts = project.facts
    if facts is None or facts.glance.archived:
        return
    if facts.glance.discussions:
        yield Outside(say("Discussions"), at_github(project.url, "discussions"))
    if facts.counts and facts.counts.open_issues is not None:
        yield Outside(say("Issues"), at_github(project.url, "issues"))
    community = facts.details.community if facts.details else None
    if community and community.support:
        url = at_github(project.url, "blob", branch_of(facts), community.support)
        yield Outside(say("How to get support"), url)
    if community and community.contributing:
        url = at_github(project.url, "blob", branch_of(facts), community.contributing)
        yield Outside(say("How to contribute"), url)
