"""What could be mended in a showcase, each with the reason and the lines that mend it. Pure.

    Catalogue + Registry + Websites --mends_of--> Mend --chosen--> edit of a file of the registry

Nothing is mended by itself: a person reads, chooses, and looks at the pull request. Nobody did
anything wrong when a website moves or a project is finished, and the words say so. The name of a
mend is made of what it is about, so that it stays the same from week to week.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from aggregator.care.linked import HOMEPAGE, OutwardLink
from aggregator.care.rounds import KnownWebsite, Websites, sum_of_address
from aggregator.care.websites import Condition, site_domain
from aggregator.catalogue.checkup import CheckupItem, checkup
from aggregator.catalogue.types import Catalogue, Project
from aggregator.joining.editor import Fields, edit_entry, read_back, remove_entry, yaml_text
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.words.errors import RegistryError, UsageError
from aggregator.words.names import RepoName
from aggregator.words.outcomes import Outcome
from aggregator.words.phrases import day_of


class MendKind(StrEnum):
    """What a mend is about; the value is the first part of its name."""

    RENAMED = "renamed"
    GONE = "gone"
    DEAD = "dead"
    PARKED = "parked"
    ELSEWHERE = "elsewhere"
    MOVED = "moved"
    ARCHIVED = "archived"
    LICENCE = "licence"
    DIFFERS = "differs"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class LinkChange:
    """One link of an entry: its name, the address that it had, and the new one; "" for none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing that could be mended.

    Args:
        id: Its name, for `--apply`.
        kind: What it is about.
        about: Whom it is of.
        says: What is so, in a sentence.
        cure: What to do, in a sentence.
        lines: What to write, as YAML; empty where that is not in the registry.
        changes: The fields of the entry that it changes; None where it changes none.
        link: The link of the entry that it changes; every other stays as the file has it by then.
        removes: Whether it takes the entry out, when a person chooses it.
    """

    id: str
    kind: MendKind
    about: str
    says: str
    cure: str
    lines: str = ""
    changes: Fields | None = None
    link: LinkChange | None = None
    removes: bool = False

    @property
    def can_be_applied(self) -> bool:
        """Whether `--apply` can write it."""
        return self.changes is not None or self.link is not None or self.removes


def mends_of(
    catalogue: Catalogue, registry: Registry, linked: Iterable[OutwardLink], websites: Websites
) -> tuple[Mend, ...]:
    """List what could be mended, kind by kind, then by name.

    Args:
        catalogue: What visitors see.
        registry: What members wrote.
        linked: Every address and where it stands.
        websites: What is known of them.
    """
    found = [mend for project in catalogue.projects for mend in _of_project(project, registry)]
    for one in linked:
        if known := websites.of(one.url):
            found += _of_website(one, known, registry)
    unique = {mend.id: mend for mend in reversed(found)}
    kinds = list(MendKind)
    return tuple(
        sorted(unique.values(), key=lambda mend: (kinds.index(mend.kind), mend.id.casefold()))
    )


def chosen(mends: Iterable[Mend], ids: Sequence[str]) -> list[Mend]:
    """Give the mends of these names: those of links first, which the entry has under its old name.

    Raises:
        UsageError: There is none of that name, or a person has to decide what to write.
    """
    known = {mend.id.casefold(): mend for mend in mends}
    found = []
    for name in dict.fromkeys(ids):
        mend = known.get(name.casefold())
        if mend is None:
            cure = "`aggregator care` names those that there are"
            raise UsageError(f"there is no mend {name}", "it may be mended already", cure)
        if not mend.can_be_applied:
            raise UsageError(f"{name} cannot be written by itself", mend.says, mend.cure)
        found.append(mend)
    return sorted(found, key=lambda mend: mend.link is None)


def applied(text: str, mend: Mend) -> str:
    """Write a mend into the file of the registry that holds its entry.

    Raises:
        RegistryError: The entry is not in it, or the change is not safe; nothing else changes.
    """
    entry = read_back(text).entry(RepoName.parse(mend.about))
    if entry is None:
        cause = f"{mend.about} is not listed in it any more"
        raise RegistryError("the registry was left as it is", cause, "run `aggregator care` again")
    if mend.removes:
        return remove_entry(text, entry)
    changes = _with_link(entry, mend.link) if mend.link else mend.changes
    return edit_entry(text, entry, changes or {})


def _with_link(entry: Entry, change: LinkChange) -> Fields:
    """Change one link of an entry as it stands in the file now, unless somebody did meanwhile."""
    links = _links_of(entry)
    if links.get(change.name) != change.before:
        cause = f"links.{change.name} of {entry.repo} is another address by now"
        raise RegistryError("the registry was left as it is", cause, "run `aggregator care` again")
    return cast("Fields", {"links": _links_after(links, change) or None})


def _of_project(project: Project, registry: Registry) -> Iterator[Mend]:
    entry = registry.entry(RepoName.parse(project.listed_as))
    if entry is None:
        return
    yield from _of_standing(project, entry, registry)
    items = {item.key: item for item in checkup(project, registry.showcase.stages)}
    if project.standing.outcome.answered:
        yield from _of_facts(project, entry, items)
    yield from _of_entry(entry, items)


def _of_standing(project: Project, entry: Entry, registry: Registry) -> Iterator[Mend]:
    """Look at what became of the repository."""
    outcome, name = project.standing.outcome, str(entry.repo)
    since = f" since {day_of(project.standing.since)}" if project.standing.since else ""
    moved = project.repo.casefold() != entry.repo.key
    if outcome.answered and moved and not registry.entry(RepoName.parse(project.repo)):
        changes = {"repo": project.repo}
        yield Mend(
            f"{MendKind.RENAMED}:{name}",
            MendKind.RENAMED,
            name,
            f"GitHub calls it {project.repo} today.",
            "Write the new name; its page, first day and numbers stay.",
            _lines(project.repo, {}),
            changes,
        )
    if outcome in {Outcome.GONE, Outcome.PRIVATE, Outcome.NAME_REUSED}:
        words = project.standing.words.report
        yield Mend(
            f"{MendKind.GONE}:{name}",
            MendKind.GONE,
            name,
            f"GitHub shows no such public repository{since} ({words}).",
            "Ask its people whether it has a new home; where it has none, take the entry out.",
            f"# to take out\n{_lines(name, {})}",
            removes=True,
        )


def _of_facts(project: Project, entry: Entry, items: Mapping[str, CheckupItem]) -> Iterator[Mend]:
    """Look at what GitHub says of the repository."""
    name, facts = str(entry.repo), project.facts
    if facts and facts.glance.archived and not (entry.stage or entry.story):
        yield Mend(
            f"{MendKind.ARCHIVED}:{name}",
            MendKind.ARCHIVED,
            name,
            "Its owner has archived it: it can be read, and nobody can contribute.",
            "That is fine; a stage or a story tells visitors why, and what to use instead.",
        )
    licence = items.get("licence")
    if licence and licence.present is False:
        yield Mend(
            f"{MendKind.LICENCE}:{name}",
            MendKind.LICENCE,
            name,
            "GitHub finds no licence in it, so that nobody else may use it.",
            f"Its owner can choose one at {licence.snippet}",
        )
    agreement = items.get("agreement")
    if agreement and agreement.present is False:
        yield Mend(
            f"{MendKind.DIFFERS}:{name}",
            MendKind.DIFFERS,
            name,
            f"Two places say different things: {' '.join(agreement.snippet.split())}",
            "Its people know which is right, and can make the other say the same.",
        )


def _of_entry(entry: Entry, items: Mapping[str, CheckupItem]) -> Iterator[Mend]:
    """Look at what members could still say of it."""
    absent = [
        (key, items[key].snippet)
        for key in ("summary", "stage")
        if key in items and items[key].present is False
    ]
    if absent:
        name = str(entry.repo)
        body = "".join(f"  {snippet}\n" for _, snippet in absent)
        yield Mend(
            f"{MendKind.ENTRY}:{name}",
            MendKind.ENTRY,
            name,
            f"Its entry has no {' and no '.join(key for key, _ in absent)} yet.",
            "Its people can add it in their own words, when they find the time.",
            f"- repo: {name}\n{body}".rstrip("\n"),
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of a website in one condition."""

    kind: MendKind
    says: str
    cure: str
    replaces: bool = False


_OF_CONDITION: Mapping[Condition, _Told] = {
    Condition.DEAD: _Told(
        MendKind.DEAD,
        "{url} is not there since {since} ({why}; {times} visits).",
        "Find where it is now, ask its people, or take the link out.",
    ),
    Condition.PARKED: _Told(
        MendKind.PARKED,
        "{url} offers its domain for sale since {since}.",
        "Take the link out; `blocked_domains: [{domain}]` keeps every page from leading there.",
    ),
    Condition.ELSEWHERE: _Told(
        MendKind.ELSEWHERE,
        "{url} leads to another domain now, {target}.",
        "Where that is the same people's, write it; where it is not, the domain changed hands: "
        "`blocked_domains: [{domain}]` keeps every page from leading there.",
        replaces=True,
    ),
    Condition.MOVED: _Told(
        MendKind.MOVED,
        "{url} has moved for good to {target}.",
        "Write the new address.",
        replaces=True,
    ),
}


def _of_website(one: OutwardLink, known: KnownWebsite, registry: Registry) -> Iterator[Mend]:
    told = _OF_CONDITION.get(known.condition)
    if told is None or (known.condition is Condition.DEAD and not known.certain):
        return
    words = {
        "url": one.url,
        "since": day_of(known.since),
        "why": known.why,
        "times": known.times,
        "target": known.target,
        "domain": site_domain(one.url),
    }
    entry = _entry_of(one, registry)
    cure = told.cure.format(**words)
    if one.place == HOMEPAGE:
        cure = f"{cure} It stands as the website on GitHub, where its owner can change it."
    link = LinkChange(one.field, one.url, known.target if told.replaces else "") if entry else None
    links = _links_after(_links_of(entry), link) if entry and link else None
    yield Mend(
        f"{told.kind}:{one.about}:{one.field or _short(one)}",
        told.kind,
        one.about,
        told.says.format(**words),
        cure,
        _lines(one.about, {"links": links}) if links else "",
        link=link,
    )


def _entry_of(one: OutwardLink, registry: Registry) -> Entry | None:
    """Give the entry in which a link stands that can be written anew."""
    return registry.entry(RepoName.parse(one.about)) if one.field else None


def _links_of(entry: Entry) -> dict[str, str]:
    return {name: str(url) for name, url in entry.links.as_written().items()}


def _links_after(links: Mapping[str, str], change: LinkChange) -> dict[str, str]:
    """Give the links of an entry as they would be, without or with the new address."""
    if change.after:
        return {**links, change.name: change.after}
    return {name: url for name, url in links.items() if name != change.name}


def _short(one: OutwardLink) -> str:
    """Tell one address at a place from the others there, the same every week."""
    return f"{'website' if one.place == HOMEPAGE else one.place}-{sum_of_address(one.url)[:6]}"


def _lines(repo: str, fields: Mapping[str, object]) -> str:
    written = yaml_text({"projects": [{"repo": repo, **fields}]})
    return "\n".join(line[2:] for line in written.rstrip("\n").split("\n")[1:])
