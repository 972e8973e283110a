"""What is there of a listing, and what would help the people who come across it.

There is no score, on purpose: a mark out of ten shames work that is not polished yet, and says
nothing that one can act on. What GitHub was not asked about is None, and nothing is suggested for
it. Pure. To add an item, yield one more below.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from urllib.parse import quote

from aggregator.catalogue.claims import EvidenceField, Verdict
from aggregator.catalogue.types import Project
from aggregator.facts.repository import CommunityFiles, Details, Glance
from aggregator.words.phrases import joined
from aggregator.words.speech import later, say

_ONE_SENTENCE = later("What it does and for whom, in one sentence.")
_SPOKEN_OF: Mapping[EvidenceField, str] = {
    "title": later("title"),
    "summary": later("summary"),
    "licence": later("licence"),
    "website": later("website"),
    "doi": later("doi"),
    "version": later("version"),
    "authors": later("authors"),
}


class CheckupItem(NamedTuple):
    """One thing that helps visitors: a tuple, as every project has a dozen at every build.

    Args:
        key: A short name that stays the same.
        title: What it is, as a heading.
        name: The same within a sentence.
        why: Whom it helps, and how.
        cure: What to do where it is missing, in one sentence of Markdown.
        snippet: What to copy for that.
        present: Whether it is there; None when that is not known.
        confirmed_at: When GitHub last said so; None for what members wrote.
        done_text: What to say when it is there, where the name does not do.
    """

    key: str
    title: str
    name: str
    why: str
    cure: str
    snippet: str
    present: bool | None
    confirmed_at: datetime | None = None
    done_text: str = ""


def checkup(project: Project, stages: Sequence[str]) -> tuple[CheckupItem, ...]:
    """Look at one listing.

    Args:
        project: As visitors see it.
        stages: Those that the community tells apart.

    Returns:
        The items in a fixed order. Of an archived repository only those that can still
        be mended, which are the ones in the registry.
    """
    facts = project.facts
    glance, details = (facts.glance, facts.details) if facts else (None, None)
    community = details.community if details else None
    items = tuple(
        chain(
            _met_first(project, glance, community),
            _asked_next(project, stages, details, community),
            _built_on(project, details, community),
            _said_in_files(project, details),
        )
    )
    if glance and glance.archived:
        return tuple(item for item in items if item.present or item.confirmed_at is None)
    return items


def celebration(items: Sequence[CheckupItem]) -> str:
    """Say in one sentence what is there already; "" when nothing is known to be."""
    there = (item for item in items if item.present)
    done = [item.done_text or item.name for item in there]
    return say("Already here: %(things)s.", things=joined(done)) if done else ""


def ideas(items: Iterable[CheckupItem]) -> tuple[CheckupItem, ...]:
    """Keep the items that are known to be missing."""
    return tuple(item for item in items if item.present is False)


def _met_first(
    project: Project, glance: Glance | None, community: CommunityFiles | None
) -> Iterator[CheckupItem]:
    """Look for what people meet first, here and on GitHub."""
    asked_at = glance.confirmed_at if glance else None
    shown = project.summary
    summary = shown.text if shown and shown.source == "registry" else ""
    yield CheckupItem(
        "summary",
        say("A sentence about it"),
        say("a sentence about it"),
        why=say("It is what people read first, on the card and in search results."),
        cure=say("Add this line to its entry in the registry, in your own words."),
        present=bool(summary),
        snippet=f"summary: {say(_ONE_SENTENCE)}",
    )
    branch = quote((glance and glance.default_branch) or "main", safe="")
    yield CheckupItem(
        "licence",
        say("A licence"),
        say("a licence"),
        why=say("Without one nobody else may use the work, however much you would like them to."),
        cure=say("Open this address, choose a licence and commit it."),
        present=bool(glance.licence or (community and community.licence)) if glance else None,
        snippet=f"{project.url}/community/license/new?branch={branch}",
        confirmed_at=asked_at,
    )
    yield CheckupItem(
        "description",
        say("A description on GitHub"),
        say("a description on GitHub"),
        why=say("It is shown wherever GitHub lists the repository."),
        cure=say("Paste a sentence into *About*, at the top right of the repository's page."),
        present=bool(glance.description) if glance else None,
        snippet=summary or say(_ONE_SENTENCE),
        confirmed_at=asked_at,
    )


def _asked_next(
    project: Project,
    stages: Sequence[str],
    details: Details | None,
    community: CommunityFiles | None,
) -> Iterator[CheckupItem]:
    """Look for what tells people how to begin, and whom to ask."""
    asked_at = details.confirmed_at if details else None
    yield CheckupItem(
        "readme",
        say("A README"),
        say("a README"),
        why=say("It tells people what they are looking at and how to begin."),
        cure=say("Add a file README.md with these headings and fill them in."),
        present=details.readme is not None if details and details.readme_asked else None,
        snippet=say(
            "# %(title)s\n\nWhat it does and for whom.\n\n## How to start\n\n## Who to ask",
            title=project.title,
        ),
        confirmed_at=asked_at,
    )
    yield CheckupItem(
        "topics",
        say("Topics on GitHub"),
        say("topics on GitHub"),
        why=say("People who browse GitHub by topic find it."),
        cure=say("Add a few words to *Topics*, in *About* on the repository's page."),
        present=bool(details.topics) if details and details.topics is not None else None,
        snippet=" ".join(project.tags) or "what-it-is-about",
        confirmed_at=asked_at,
    )
    yield CheckupItem(
        "stage",
        say("How far it is"),
        say("how far it is"),
        why=say("Visitors see whether they can rely on it, or whether it looks for a new home."),
        cure=say("Add this line to its entry in the registry."),
        present=bool(project.stage) if stages else None,
        snippet=f"stage: {stages[0]}  # one of: {', '.join(stages)}" if stages else "",
    )
    yield CheckupItem(
        "contact",
        say("Somebody to ask"),
        say("somebody to ask"),
        why=say("A name makes it easy to say thank you, or to offer help."),
        cure=say("Add this line to its entry in the registry, with a GitHub name."),
        present=bool(project.people or (community and community.support)),
        snippet="people: [your-github-name]",
    )


def _built_on(
    project: Project, details: Details | None, community: CommunityFiles | None
) -> Iterator[CheckupItem]:
    """Look for what others need who build on it."""
    asked_at = details.confirmed_at if details else None
    docs = project.links.docs or project.evidence.value("website") or (community and community.docs)
    yield CheckupItem(
        "docs",
        say("Documentation"),
        say("documentation"),
        why=say("People can find out on their own how it works."),
        cure=say("Add these lines to its entry in the registry, when there is a page about it."),
        # A member's own link is there whatever GitHub says; that there is none must be asked.
        present=True if docs else (False if community else None),
        snippet="links:\n  docs: https://",
        confirmed_at=None if project.links.docs else asked_at,
    )
    yield CheckupItem(
        "release",
        say("A release"),
        say("a release"),
        why=say("Others can say which version they use, and see when there is a new one."),
        cure=say("Open this address and give today's state a number."),
        present=_has_release(details) if details else None,
        snippet=f"{project.url}/releases/new?tag=v0.1.0",
        confirmed_at=asked_at,
    )
    yield CheckupItem(
        "citation",
        say("How to cite it"),
        say("how to cite it"),
        why=say("GitHub shows a button with it, and your work is credited as you wish."),
        cure=say("Add a file CITATION.cff with these lines and the names of the authors."),
        present=bool(community.citation) if community else None,
        snippet=_CITATION.format(title=project.title.replace('"', "'"), url=project.url),
        confirmed_at=asked_at,
    )


_CITATION = """\
cff-version: 1.2.0
message: If you use this software, please cite it as below.
title: "{title}"
authors:
  - family-names: Your family name
    given-names: Your given name
repository-code: {url}"""


def _has_release(details: Details) -> bool | None:
    counts = (details.releases_count, details.tags_count)
    if details.releases or any(counts):
        return True
    return False if details.releases is not None or None not in counts else None


def _said_in_files(project: Project, details: Details | None) -> Iterator[CheckupItem]:
    """Look at the files that describe the project; without such a file there is nothing to say."""
    asked_at = details.confirmed_at if details else None
    if details and details.unread:
        names = joined(details.unread)
        yield CheckupItem(
            "unread",
            say("%(files)s: cannot be read", files=names),
            say("%(files)s: cannot be read", files=names),
            why=say("What the file says of the project is missing here and in other catalogues."),
            cure=say(
                "Mend the form of %(files)s; an online checker of YAML or JSON names the line.",
                files=names,
            ),
            present=False,
            snippet=f"{project.url}/blob/HEAD/{details.unread[0]}",
            confirmed_at=asked_at,
        )
    if project.facts and project.facts.statements:
        verdicts = project.evidence.verdicts
        said = [*filter(None, map(_disagreement, verdicts)), *chain(*map(_unusable, verdicts))]
        yield CheckupItem(
            "agreement",
            say("The same answer everywhere"),
            say("the same answer everywhere"),
            why=say("Whoever finds two answers trusts neither."),
            cure=say("Make these say the same, or take the older one out."),
            present=not said,
            snippet="\n".join(said),
            confirmed_at=asked_at,
            done_text=say("the same answer in every file"),
        )


def _disagreement(verdict: Verdict) -> str:
    if not verdict.used or not verdict.differing:
        return ""
    claims = (verdict.used, *verdict.differing)
    said = (say("%(where)s says %(words)s", where=c.place, words=c.stated) for c in claims)
    return f"{say(_SPOKEN_OF[verdict.field])}: {', '.join(said)}"


def _unusable(verdict: Verdict) -> Iterator[str]:
    """Give what a file says of licence or DOI and nobody can use."""
    for claim in verdict.claims if verdict.field in {"licence", "doi"} else ():
        if claim.source == "repository" and claim.is_senseless:
            yield say(
                "%(where)s: \u201c%(words)s\u201d: %(why)s",
                where=claim.place,
                words=claim.stated,
                why=say(claim.refused),
            )
