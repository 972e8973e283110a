"""What is there of a listing, and what would help the people who come across it.

Pure: takes what members wrote and what GitHub said, gives a list in which every cure can be
copied. There is no score, on purpose: a mark out of ten shames work that is not polished yet, and
says nothing that one can act on. What GitHub was not asked about is None, and nothing is suggested
for it. To add an item, add a row to the table below.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from aggregator.catalogue.claims import Claim, Told, Verdict, weigh
from aggregator.facts.repository import CommunityFiles, Details, Glance, RepoFacts
from aggregator.registry.models import Entry, Showcase
from aggregator.words.addresses import GITHUB
from aggregator.words.phrases import joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What members wrote about one project, as far as the check-up needs it."""

    repo: str
    title: str | None = None
    summary: str | None = None
    stage: str | None = None
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    docs: str | None = None
    stages: tuple[str, ...] = ()
    web: str = GITHUB

    @property
    def url(self) -> str:
        """The address of the repository."""
        return f"{self.web}/{self.repo}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckupItem:
    """One thing that helps visitors.

    Args:
        key: A short name that stays the same.
        title: What it is, as a heading.
        present: Whether it is there; None when that is not known.
        why: Whom it helps, and how.
        cure: What to do, in one sentence of Markdown; empty when it is there.
        snippet: What to copy for that; empty when it is there.
        done_text: What to say when it is there.
        confirmed_at: When GitHub last said so; None for what members wrote.
    """

    key: str
    title: str
    present: bool | None
    why: str
    cure: str = ""
    snippet: str = ""
    done_text: str
    confirmed_at: datetime | None = None


def listing_of(entry: Entry, showcase: Showcase, web: str = GITHUB) -> Listing:
    """Take from an entry what the check-up needs."""
    return Listing(
        repo=str(entry.repo),
        title=entry.title,
        summary=entry.summary,
        stage=entry.stage,
        tags=entry.tags,
        people=entry.people,
        docs=entry.links.docs,
        stages=showcase.stages,
        web=web,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A listing beside what GitHub said of it, as the rows of the table look at it."""

    listing: Listing
    facts: RepoFacts | None

    @property
    def glance(self) -> Glance | None:
        return self.facts.glance if self.facts else None

    @property
    def details(self) -> Details | None:
        return self.facts.details if self.facts else None

    @property
    def community(self) -> CommunityFiles | None:
        return self.details.community if self.details else None

    @property
    def title(self) -> str:
        return self.listing.title or self.listing.repo.partition("/")[2]

    @property
    def told(self) -> Told:
        listing = self.listing
        return Told((listing.repo,), listing.web, listing.title, listing.summary)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One thing that helps visitors: the words for it, and how it is seen to be there.

    Args:
        present: Whether it is there; None when that is not known.
        snippet: What to copy when it is not.
        asked: The block of facts that says so, for its date.
    """

    key: str
    title: str
    why: str
    cure: str
    present: Callable[[_Seen], object]
    snippet: Callable[[_Seen], str]
    asked: Callable[[_Seen], Glance | Details | None] = lambda _: None  # members wrote it
    done: str | None = None  # how "Already here" names it, where the title does not do

    def look(self, seen: _Seen) -> CheckupItem:
        """Look for it in one listing."""
        found = self.present(seen)
        missing = found is not None and not found
        asked = self.asked(seen)
        return CheckupItem(
            key=self.key,
            title=self.title,
            present=None if found is None else bool(found),
            why=self.why,
            cure=self.cure if missing else "",
            snippet=self.snippet(seen) if missing else "",
            done_text=self.title[:1].lower() + self.title[1:] if self.done is None else self.done,
            confirmed_at=asked.confirmed_at if asked else None,
        )


def checkup(listing: Listing, facts: RepoFacts | None) -> tuple[CheckupItem, ...]:
    """Look at one listing.

    Args:
        listing: What members wrote.
        facts: What GitHub said last; None when it was never heard from.

    Returns:
        The items in a fixed order. Of an archived repository only those that can still
        be mended, which are the ones in the registry.
    """
    seen = _Seen(listing=listing, facts=facts)
    items = tuple(row.look(seen) for row in (*_TABLE, *_about_files(seen)))
    if facts is not None and facts.glance.archived:
        return tuple(item for item in items if item.present or item.confirmed_at is None)
    return items


def celebration(items: Sequence[CheckupItem]) -> str:
    """Say in one sentence what is there already; "" when nothing is known to be."""
    done = [item.done_text for item in items if item.present]
    return f"Already here: {joined(done)}." if done else ""


def ideas(items: Iterable[CheckupItem]) -> tuple[CheckupItem, ...]:
    """Keep the items that are known to be missing."""
    return tuple(item for item in items if item.present is False)


def _has_stage(seen: _Seen) -> bool | None:
    return bool(seen.listing.stage) if seen.listing.stages else None


def _stages(seen: _Seen) -> str:
    stages = seen.listing.stages
    return f"stage: {stages[0]}  # one of: {', '.join(stages)}" if stages else "stage: "


def _has_licence(seen: _Seen) -> bool | None:
    if seen.glance is None:
        return None
    return bool(seen.glance.licence or (seen.community and seen.community.licence))


def _choose_licence(seen: _Seen) -> str:
    branch = (seen.glance.default_branch if seen.glance else None) or "main"
    return f"{seen.listing.url}/community/license/new?branch={quote(branch, safe='')}"


def _has_docs(seen: _Seen) -> bool | None:
    website = weigh(Told((seen.listing.repo,), seen.listing.web), seen.facts).value("website")
    there = seen.listing.docs or website or (seen.community and seen.community.docs)
    # A member's own link is there whatever GitHub says; that there is none must have been asked.
    return True if there else (False if seen.community else None)


def _has_release(seen: _Seen) -> bool | None:
    details = seen.details
    if details is None:
        return None
    counts = (details.releases_count, details.tags_count)
    if details.releases or any(counts):
        return True
    return False if details.releases is not None or None not in counts else None


def _citation(seen: _Seen) -> str:
    title = seen.title.replace('"', "'")
    return (
        "cff-version: 1.2.0\n"
        "message: If you use this software, please cite it as below.\n"
        f'title: "{title}"\n'
        "authors:\n"
        "  - family-names: Your family name\n"
        "    given-names: Your given name\n"
        f"repository-code: {seen.listing.url}"
    )


_TABLE = (
    _Row(
        key="summary",
        title="A sentence about it",
        why="It is what people read first, on the card and in search results.",
        cure="Add this line to its entry in the registry, in your own words.",
        present=lambda seen: bool(seen.listing.summary),
        snippet=lambda _: "summary: What it does and for whom, in one sentence.",
    ),
    _Row(
        key="licence",
        title="A licence",
        why="Without one nobody else may use the work, however much you would like them to.",
        cure="Open this address, choose a licence and commit it.",
        present=_has_licence,
        snippet=_choose_licence,
        asked=lambda seen: seen.glance,
    ),
    _Row(
        key="description",
        title="A description on GitHub",
        why="It is shown wherever GitHub lists the repository.",
        cure="Paste a sentence into *About*, at the top right of the repository's page.",
        present=lambda seen: bool(seen.glance.description) if seen.glance else None,
        snippet=lambda seen: seen.listing.summary or "What it does and for whom, in one sentence.",
        asked=lambda seen: seen.glance,
    ),
    _Row(
        key="readme",
        title="A README",
        why="It tells people what they are looking at and how to begin.",
        cure="Add a file README.md with these headings and fill them in.",
        present=lambda seen: (
            seen.details.readme is not None if seen.details and seen.details.readme_asked else None
        ),
        snippet=lambda seen: (
            f"# {seen.title}\n\nWhat it does and for whom.\n\n## How to start\n\n## Who to ask"
        ),
        asked=lambda seen: seen.details,
    ),
    _Row(
        key="topics",
        title="Topics on GitHub",
        why="People who browse GitHub by topic find it.",
        cure="Add a few words to *Topics*, in *About* on the repository's page.",
        present=lambda seen: seen.details.topics if seen.details else None,
        snippet=lambda seen: " ".join(seen.listing.tags) or "what-it-is-about",
        asked=lambda seen: seen.details,
    ),
    _Row(
        key="stage",
        title="How far it is",
        why="Visitors see whether they can rely on it, or whether it looks for a new home.",
        cure="Add this line to its entry in the registry.",
        present=_has_stage,
        snippet=_stages,
    ),
    _Row(
        key="contact",
        title="Somebody to ask",
        why="A name makes it easy to say thank you, or to offer help.",
        cure="Add this line to its entry in the registry, with a GitHub name.",
        present=lambda seen: bool(
            seen.listing.people or (seen.community and seen.community.support)
        ),
        snippet=lambda _: "people: [your-github-name]",
    ),
    _Row(
        key="docs",
        title="Documentation",
        why="People can find out on their own how it works.",
        cure="Add these lines to its entry in the registry, when there is a page about it.",
        present=_has_docs,
        snippet=lambda _: "links:\n  docs: https://",
        asked=lambda seen: seen.details if not seen.listing.docs else None,
    ),
    _Row(
        key="release",
        title="A release",
        why="Others can say which version they use, and see when there is a new one.",
        cure="Open this address and give today's state a number.",
        present=_has_release,
        snippet=lambda seen: f"{seen.listing.url}/releases/new?tag=v0.1.0",
        asked=lambda seen: seen.details,
    ),
    _Row(
        key="citation",
        title="How to cite it",
        why="GitHub shows a button with it, and your work is credited as you wish.",
        cure="Add a file CITATION.cff with these lines and the names of the authors.",
        present=lambda seen: bool(seen.community.citation) if seen.community else None,
        snippet=_citation,
        asked=lambda seen: seen.details,
    ),
)


def _about_files(seen: _Seen) -> Iterator[_Row]:
    """Give the rows about files that describe the project; without such a file there is none."""
    unread = seen.details.unread if seen.details else ()
    if unread:
        names = joined(unread)
        yield _Row(
            key="unread",
            title=f"{names}: cannot be read",
            why="What the file says of the project is missing here and in other catalogues.",
            done="",
            cure=f"Mend the form of {names}; an online checker of YAML or JSON names the line.",
            present=lambda _: False,
            snippet=lambda seen: f"{seen.listing.url}/blob/HEAD/{unread[0]}",
            asked=lambda seen: seen.details,
        )
    if seen.facts is not None and seen.facts.statements:
        disagreements = tuple(_disagreements(seen.told, seen.facts))
        yield _Row(
            key="agreement",
            title="The same answer everywhere",
            why="Whoever finds two answers trusts neither.",
            done="the same answer in every file",
            cure="Make these say the same, or take the older one out.",
            present=lambda _: not disagreements,
            snippet=lambda _: "\n".join(disagreements),
            asked=lambda seen: seen.details,
        )


def _disagreements(told: Told, facts: RepoFacts) -> Iterator[str]:
    verdicts = weigh(told, facts).verdicts
    yield from (_both(verdict) for verdict in verdicts if verdict.differing)
    yield from (_unused(claim) for verdict in verdicts for claim in _mendable(verdict))


def _both(verdict: Verdict) -> str:
    used = verdict.used
    first = f"{used.where} says {used.stated}" if used else ""
    others = [f"{claim.where} says {claim.stated}" for claim in verdict.differing]
    return f"{verdict.field}: {', '.join([first, *others])}"


def _mendable(verdict: Verdict) -> Iterator[Claim]:
    """Give what a file says of licence or DOI and nobody can use."""
    if verdict.field in {"licence", "doi"}:
        for claim in verdict.claims:
            if claim.source == "repository" and claim.refused.startswith("it is no "):
                yield claim


def _unused(claim: Claim) -> str:
    return f"{claim.where}: \u201c{claim.stated}\u201d: {claim.refused}"
