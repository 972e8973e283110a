"""What is there of a listing, and what would help the people who come across it.

Pure: takes what members wrote and what GitHub said, gives a list in which every
cure can be copied. There is no score. What GitHub was not asked about is None, and
nothing is suggested for it. Called for the status page and for project pages.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from aggregator.catalogue.claims import Claim, Told, Verdict, weigh
from aggregator.facts.repository import CommunityFiles, Details, Glance, RepoFacts
from aggregator.registry.models import Entry, Showcase

WEB = "https://github.com"


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
    web: str = WEB

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

    @property
    def cure_markdown(self) -> str:
        """The cure with its snippet as a code block; empty when there is nothing to mend."""
        return f"{self.cure}\n\n```\n{self.snippet}\n```" if self.snippet else self.cure


def listing_of(entry: Entry, showcase: Showcase, web: str = WEB) -> Listing:
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


def checkup(listing: Listing, facts: RepoFacts | None) -> tuple[CheckupItem, ...]:
    """Look at one listing.

    Args:
        listing: What members wrote.
        facts: What GitHub said last; None when it was never heard from.

    Returns:
        The items in a fixed order. Of an archived repository only those that can still
        be mended, which are the ones in the registry.
    """
    items = (*(judge(listing, facts) for judge in _JUDGES), *_unread(listing, facts))
    if facts is not None and facts.statements:
        items += (_agreement(listing, facts),)
    if facts is not None and facts.glance.archived:
        return tuple(item for item in items if item.present or item.confirmed_at is None)
    return items


def celebration(items: Sequence[CheckupItem]) -> str:
    """Say in one sentence what is there already; "" when nothing is known to be."""
    done = [item.done_text for item in items if item.present]
    return f"Already here: {_listed(done)}." if done else ""


def ideas(items: Iterable[CheckupItem]) -> tuple[CheckupItem, ...]:
    """Keep the items that are known to be missing."""
    return tuple(item for item in items if item.present is False)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _item(
    present: bool | None, *, cure: str, snippet: str, asked: Glance | Details | None, **rest: str
) -> CheckupItem:
    missing = present is False
    return CheckupItem(
        key=rest["key"],
        title=rest["title"],
        why=rest["why"],
        done_text=rest["done"],
        present=present,
        cure=cure if missing else "",
        snippet=snippet if missing else "",
        confirmed_at=asked.confirmed_at if asked else None,
    )


def _glance(facts: RepoFacts | None) -> Glance | None:
    return facts.glance if facts else None


def _details(facts: RepoFacts | None) -> Details | None:
    return facts.details if facts else None


def _community(facts: RepoFacts | None) -> CommunityFiles | None:
    details = _details(facts)
    return details.community if details else None


def _summary(listing: Listing, _: RepoFacts | None) -> CheckupItem:
    return _item(
        bool(listing.summary),
        key="summary",
        title="A sentence about it",
        why="It is what people read first, on the card and in search results.",
        done="a sentence about it",
        cure="Add this line to its entry in the registry, in your own words.",
        snippet="summary: What it does and for whom, in one sentence.",
        asked=None,
    )


def _stage(listing: Listing, _: RepoFacts | None) -> CheckupItem:
    known = f"  # one of: {', '.join(listing.stages)}" if listing.stages else ""
    return _item(
        bool(listing.stage) if listing.stages else None,
        key="stage",
        title="How far it is",
        why="Visitors see whether they can rely on it, or whether it looks for a new home.",
        done="how far it is",
        cure="Add this line to its entry in the registry.",
        snippet=f"stage: {listing.stages[0] if listing.stages else ''}{known}",
        asked=None,
    )


def _people(listing: Listing, facts: RepoFacts | None) -> CheckupItem:
    community = _community(facts)
    return _item(
        bool(listing.people or (community and community.support)),
        key="contact",
        title="Somebody to ask",
        why="A name makes it easy to say thank you, or to offer help.",
        done="somebody to ask",
        cure="Add this line to its entry in the registry, with a GitHub name.",
        snippet="people: [your-github-name]",
        asked=None,
    )


def _licence(listing: Listing, facts: RepoFacts | None) -> CheckupItem:
    glance, community = _glance(facts), _community(facts)
    branch = (glance.default_branch if glance else None) or "main"
    return _item(
        bool(glance.licence or (community and community.licence)) if glance else None,
        key="licence",
        title="A licence",
        why="Without one nobody else may use the work, however much you would like them to.",
        done="a licence",
        cure="Open this address, choose a licence and commit it.",
        snippet=f"{listing.url}/community/license/new?branch={quote(branch, safe='')}",
        asked=glance,
    )


def _description(listing: Listing, facts: RepoFacts | None) -> CheckupItem:
    glance = _glance(facts)
    return _item(
        bool(glance.description) if glance else None,
        key="description",
        title="A description on GitHub",
        why="It is shown wherever GitHub lists the repository.",
        done="a description on GitHub",
        cure="Paste a sentence into *About*, at the top right of the repository's page.",
        snippet=listing.summary or "What it does and for whom, in one sentence.",
        asked=glance,
    )


def _topics(listing: Listing, facts: RepoFacts | None) -> CheckupItem:
    details = _details(facts)
    topics = details.topics if details else None
    return _item(
        bool(topics) if topics is not None else None,
        key="topics",
        title="Topics on GitHub",
        why="People who browse GitHub by topic find it.",
        done="topics on GitHub",
        cure="Add a few words to *Topics*, in *About* on the repository's page.",
        snippet=" ".join(listing.tags) or "what-it-is-about",
        asked=details,
    )


def _readme(listing: Listing, facts: RepoFacts | None) -> CheckupItem:
    details = _details(facts)
    name = listing.title or listing.repo.partition("/")[2]
    return _item(
        details.readme is not None if details and details.readme_asked else None,
        key="readme",
        title="A README",
        why="It tells people what they are looking at and how to begin.",
        done="a README",
        cure="Add a file README.md with these headings and fill them in.",
        snippet=f"# {name}\n\nWhat it does and for whom.\n\n## How to start\n\n## Who to ask",
        asked=details,
    )


def _website(listing: Listing, facts: RepoFacts | None) -> str | None:
    return weigh(Told((listing.repo,), listing.web), facts).value("website")


def _docs(listing: Listing, facts: RepoFacts | None) -> CheckupItem:
    community = _community(facts)
    there = listing.docs or _website(listing, facts) or (community and community.docs)
    return _item(
        True if there else (False if community else None),
        key="docs",
        title="Documentation",
        why="People can find out on their own how it works.",
        done="documentation",
        cure="Add these lines to its entry in the registry, when there is a page about it.",
        snippet="links:\n  docs: https://",
        asked=_details(facts) if not listing.docs else None,
    )


def _release(listing: Listing, facts: RepoFacts | None) -> CheckupItem:
    details = _details(facts)
    counts = (details.releases_count, details.tags_count) if details else (None, None)
    has_release = bool(details and details.releases) or any(counts)
    was_asked = details is not None and (details.releases is not None or None not in counts)
    return _item(
        has_release if was_asked or has_release else None,
        key="release",
        title="A release",
        why="Others can say which version they use, and see when there is a new one.",
        done="a release",
        cure="Open this address and give today's state a number.",
        snippet=f"{listing.url}/releases/new?tag=v0.1.0",
        asked=details,
    )


def _citation(listing: Listing, facts: RepoFacts | None) -> CheckupItem:
    community = _community(facts)
    title = (listing.title or listing.repo.partition("/")[2]).replace('"', "'")
    return _item(
        bool(community.citation) if community else None,
        key="citation",
        title="How to cite it",
        why="GitHub shows a button with it, and your work is credited as you wish.",
        done="how to cite it",
        cure="Add a file CITATION.cff with these lines and the names of the authors.",
        snippet=(
            "cff-version: 1.2.0\n"
            "message: If you use this software, please cite it as below.\n"
            f'title: "{title}"\n'
            "authors:\n"
            "  - family-names: Your family name\n"
            "    given-names: Your given name\n"
            f"repository-code: {listing.url}"
        ),
        asked=_details(facts),
    )


def _agreement(listing: Listing, facts: RepoFacts) -> CheckupItem:
    told = Told((listing.repo,), listing.web, listing.title, listing.summary)
    verdicts = weigh(told, facts).verdicts
    differing = [_both(verdict) for verdict in verdicts if verdict.differing]
    unread = [_unused(claim) for verdict in verdicts for claim in _mendable(verdict)]
    return _item(
        not (differing or unread),
        key="agreement",
        title="The same answer everywhere",
        why="Whoever finds two answers trusts neither.",
        done="the same answer in every file",
        cure="Make these say the same, or take the older one out.",
        snippet="\n".join([*differing, *unread]),
        asked=_details(facts),
    )


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


def _unread(listing: Listing, facts: RepoFacts | None) -> tuple[CheckupItem, ...]:
    """Name a file about the project that cannot be read; there is no such item without one."""
    details = _details(facts)
    if details is None or not details.unread:
        return ()
    names = _listed(details.unread)
    item = _item(
        False,
        key="unread",
        title=f"{names}: cannot be read",
        why="What the file says of the project is missing here and in other catalogues.",
        done="",
        cure=f"Mend the form of {names}; an online checker of YAML or JSON names the line.",
        snippet=f"{listing.url}/blob/HEAD/{details.unread[0]}",
        asked=details,
    )
    return (item,)


_JUDGES: tuple[Callable[[Listing, RepoFacts | None], CheckupItem], ...] = (
    _summary,
    _licence,
    _description,
    _readme,
    _topics,
    _stage,
    _people,
    _docs,
    _release,
    _citation,
)
