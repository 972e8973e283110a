"""Join what members wrote with what GitHub last said.

    Registry --+
    Snapshot --+--> assemble --> Catalogue
    READMEs  --+

Pure: the same input gives the same catalogue, and each project's only "now" is the time
at which GitHub last confirmed it. Called by `pipeline`; the types are in `types`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator.catalogue.claims import Evidence, Told, weigh
from aggregator.catalogue.grouping import groups, labels, organisation_groups, stage_groups
from aggregator.catalogue.languages import languages_of
from aggregator.catalogue.leave_out import (
    changes_without,
    facts_without,
    notes_on,
    registry_without,
)
from aggregator.catalogue.types import (
    Activity,
    Catalogue,
    Group,
    Project,
    Standing,
    Summary,
)
from aggregator.facts.record import Record
from aggregator.facts.repository import RepoFacts
from aggregator.facts.snapshot import ChangeKind, Freshness, Snapshot
from aggregator.readme.readme import Readme
from aggregator.readme.unlink import unlink, unlink_readme
from aggregator.registry.mistakes import Mistake
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.words.names import RepoName
from aggregator.words.outcomes import Outcome

NEVER_ASKED = "GitHub has not been asked about this repository yet"
# A date further ahead than this is nobody's clock running fast: it is not known when it was.
_CLOCKS_DIFFER = timedelta(days=1)
_ACTIVITY = (
    (timedelta(days=31), Activity.MONTH),
    (timedelta(days=92), Activity.QUARTER),
    (timedelta(days=366), Activity.YEAR),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was made from the words of members, by registry key.

    Args:
        readmes: READMEs as the worker rendered them.
        stories: members' stories as safe HTML.
    """

    readmes: Mapping[str, Readme] = field(default_factory=dict)
    stories: Mapping[str, str] = field(default_factory=dict)


def assemble(registry: Registry, snapshot: Snapshot, rendered: Rendered, web: str) -> Catalogue:
    """Derive the catalogue that a build shows.

    Args:
        registry: what members wrote.
        snapshot: all that is known about the repositories.
        rendered: READMEs and stories as safe HTML.
        web: address of the GitHub that people visit, without a slash at its end.
    """
    written, blocked = registry, registry.showcase.blocklist
    registry = registry_without(written, blocked)
    projects = [
        replace(
            _project(entry, registry, snapshot, rendered, web),
            left_out=notes_on(as_written, _facts(snapshot, as_written), blocked),
        )
        for entry, as_written in zip(registry.projects, written.projects, strict=True)
    ]
    listed, doubles = _one_page_each(_by_age(projects, snapshot))
    mistakes = registry.mistakes + tuple(
        _double_mistake(registry, one, two) for one, two in doubles
    )
    return Catalogue(
        showcase=registry.showcase,
        web=web,
        fetched_at=snapshot.fetched_at,
        freshness=Freshness.of(p.facts.glance.confirmed_at for p in listed if p.facts),
        projects=listed,
        organisations=organisation_groups(registry, listed, written),
        people=groups(listed, lambda project: project.people),
        tags=groups(listed, labels),
        languages=groups(listed, lambda project: project.languages),
        stages=stage_groups(registry, listed),
        glossary=registry.glossary,
        changes=changes_without(snapshot.changes, blocked),
        history=snapshot.history,
        mistakes=mistakes,
        notices=(snapshot.notice,) if snapshot.notice else (),
        by_key={double.key: kept for kept, double in doubles}
        | {project.key: project for project in listed},
    )


def with_related(catalogue: Catalogue, related: Mapping[str, tuple[str, ...]]) -> Catalogue:
    """Give the same catalogue, each project with the keys of those most like it."""
    known = {p.key: replace(p, related=related.get(p.key, ())) for p in catalogue.projects}

    def same(projects: Iterable[Project]) -> tuple[Project, ...]:
        return tuple(known[project.key] for project in projects)

    def regrouped(of: Iterable[Group]) -> tuple[Group, ...]:
        return tuple(replace(group, projects=same(group.projects)) for group in of)

    return replace(
        catalogue,
        projects=same(catalogue.projects),
        organisations=tuple(
            replace(shelf, projects=same(shelf.projects), uses=same(shelf.uses))
            for shelf in catalogue.organisations
        ),
        people=regrouped(catalogue.people),
        tags=regrouped(catalogue.tags),
        languages=regrouped(catalogue.languages),
        stages=regrouped(catalogue.stages),
        by_key={key: known[project.key] for key, project in catalogue.by_key.items()},
    )


def activity_of(facts: RepoFacts | None) -> Activity:
    """Say how lately a repository was pushed to, as seen when GitHub last confirmed it.

    Seen from any later day, such as another project's, it would be a guess: nobody knows
    whether there was a push since.
    """
    if facts is None:
        return Activity.UNKNOWN
    now = facts.glance.confirmed_at
    if facts.glance.archived:
        return Activity.ARCHIVED
    pushed = last_push(facts)
    if pushed is None or pushed > now + _CLOCKS_DIFFER:
        return Activity.UNKNOWN
    age = now - pushed
    return next((name for limit, name in _ACTIVITY if age <= limit), Activity.QUIET)


def last_push(facts: RepoFacts) -> datetime | None:
    """Tell when work last arrived: the last push, or else the last commit on the main branch."""
    if facts.glance.pushed_at:
        return facts.glance.pushed_at
    return facts.details.head_committed_at if facts.details else None


def _project(
    entry: Entry, registry: Registry, snapshot: Snapshot, rendered: Rendered, web: str
) -> Project:
    blocked = registry.showcase.blocklist
    record = snapshot.record(str(entry.repo))
    known = record.facts if record else None
    facts = facts_without(known, blocked) if known else None
    repo = _current_name(entry, record)
    page, previous_pages = _addresses(repo, entry, record)
    # Not even a summary comes from a README that is hidden.
    readme = rendered.readmes.get(entry.repo.key) if entry.readme == "show" else None
    readme = unlink_readme(readme, blocked) if readme else None
    story = rendered.stories.get(entry.repo.key)
    evidence = weigh(_told(entry, repo, snapshot, web), facts, readme.excerpt if readme else None)
    return Project(
        key=entry.repo.key,
        listed_as=str(entry.repo),
        repo=str(repo),
        url=f"{web}/{repo}",
        page=page,
        title=entry.title or repo.name,
        summary=_summary(evidence),
        organisation=registry.organisation_of(entry),
        stage=entry.stage,
        tags=entry.tags,
        people=entry.people,
        added=entry.added,
        first_seen=record.first_seen if record else None,
        story_html=unlink(story, blocked) if story else None,
        used_by=tuple(filter(None, map(registry.organisation, entry.used_by))),
        talks=entry.talks,
        links=entry.links,
        facts=facts,
        standing=_standing(record),
        activity=activity_of(facts),
        readme=readme,
        readme_shown=entry.readme,
        previous_pages=previous_pages,
        evidence=evidence,
        languages=languages_of(facts, readme.text if readme else ""),
    )


def _facts(snapshot: Snapshot, entry: Entry) -> RepoFacts | None:
    record = snapshot.record(str(entry.repo))
    return record.facts if record else None


def _told(entry: Entry, repo: RepoName, snapshot: Snapshot, web: str) -> Told:
    """Gather what a member wrote, with every name that the repository has or is known to have had.

    Old names matter only where GitHub names a page of its own as the website.
    """
    record = snapshot.record(str(entry.repo))
    moved = (record.moved_to, record.identity and record.identity.name_with_owner) if record else ()
    names = dict.fromkeys((str(repo), str(entry.repo), *(str(name) for name in moved if name)))
    if record and record.facts and web in f"{record.facts.glance.homepage}":
        names |= dict.fromkeys(_former_names(str(repo), snapshot))
    return Told(names=tuple(names), web=web, title=entry.title, summary=entry.summary)


def _former_names(name: str, snapshot: Snapshot) -> Iterator[str]:
    """Give the names that the change log knows a repository by from before it was renamed."""
    current = name.casefold()
    for change in sorted(snapshot.changes, key=lambda change: change.date, reverse=True):
        moved = change.kind in {ChangeKind.RENAMED, ChangeKind.TRANSFERRED}
        if moved and change.before and (change.after or "").casefold() == current:
            current = change.before.casefold()
            yield change.before


def page_of(repo: RepoName) -> str:
    """Give the address of a project's page, relative to the site's root."""
    return f"projects/{repo}/"


def _addresses(repo: RepoName, entry: Entry, record: Record | None) -> tuple[str, tuple[str, ...]]:
    """Give the address of a project's page, and those it had before under other names.

    Where only the case of letters changed the page stays where it was: on some systems the two
    addresses are one folder, so that the old one could not lead to the new.
    """
    former = [name for text in (record.former_names if record else ()) if (name := _name(text))]
    page = page_of(next((name for name in former if name == repo), repo))
    previous = {page_of(name).casefold(): page_of(name) for name in (*former, entry.repo)}
    previous.pop(page.casefold(), None)
    return page, tuple(previous.values())


def _name(text: str) -> RepoName | None:
    """Read a name from outside, or give None where a folder may not be called so."""
    try:
        return RepoName.parse(text)
    except ValueError:
        return None


def _by_age(projects: Iterable[Project], snapshot: Snapshot) -> list[Project]:
    """Sort projects by when they were first seen, those never seen last."""

    def age(project: Project) -> tuple[bool, float, str]:
        record = snapshot.record(project.listed_as)
        return record is None, record.first_seen.timestamp() if record else 0.0, project.key

    return sorted(projects, key=age)


def _current_name(entry: Entry, record: Record | None) -> RepoName:
    """Give the name GitHub last used, checked before it becomes a folder."""
    called = record.facts.glance if record and record.facts else record and record.identity
    return (_name(called.name_with_owner) if called else None) or entry.repo


def _standing(record: Record | None) -> Standing:
    if record is None:
        return Standing(Outcome.SKIPPED, None, None, None, NEVER_ASKED, None, ever_found=False)
    return Standing(
        record.outcome,
        record.since,
        record.last_tried,
        record.last_succeeded,
        record.message,
        record.cure,
        ever_found=record.ever_found,
    )


def _summary(evidence: Evidence) -> Summary | None:
    found = evidence.of("summary")
    return Summary(found.used.value, found.used.source) if found and found.used else None


def _one_page_each(
    projects: Sequence[Project],
) -> tuple[tuple[Project, ...], list[tuple[Project, Project]]]:
    """Keep one project for each repository: the one that is listed under today's name.

    Two entries can turn out to be one repository when the older name was renamed. Two projects
    can have had one name: its address leads to the one that was first seen last.
    """
    chosen: dict[str, Project] = {}
    for project in sorted(projects, key=_is_listed_as_called):
        chosen.setdefault(project.page.casefold(), project)
    redirects = _redirects(projects, chosen)
    kept = {
        page: replace(project, previous_pages=tuple(redirects[page]))
        for page, project in chosen.items()
    }
    doubles = [(kept[page], p) for p in projects if chosen[page := p.page.casefold()] is not p]
    return tuple(sorted(kept.values(), key=lambda p: p.repo.casefold())), doubles


def _redirects(
    oldest_first: Iterable[Project], taken: Mapping[str, Project]
) -> Mapping[str, list[str]]:
    """List for each page the addresses that lead to it; names in other letters are one folder."""
    leads_to: dict[str, tuple[str, str]] = {}
    for project in oldest_first:
        for old in project.previous_pages:
            leads_to[old.casefold()] = (old, project.page.casefold())
    redirects: dict[str, list[str]] = defaultdict(list)
    for folded, (old, page) in leads_to.items():
        if folded not in taken:
            redirects[page].append(old)
    return redirects


def _is_listed_as_called(project: Project) -> tuple[bool, str]:
    return project.listed_as.casefold() != project.repo.casefold(), project.key


def _double_mistake(registry: Registry, kept: Project, dropped: Project) -> Mistake:
    entry = next(entry for entry in registry.projects if entry.repo.key == dropped.key)
    return Mistake(
        where=entry.where,
        what=f"{dropped.listed_as} is {kept.repo} today, which has an entry of its own",
        cure=f"remove the entry {dropped.listed_as}",
    )
