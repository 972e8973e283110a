"""Join what members wrote with what GitHub last said.

    Registry --+
    Snapshot --+--> assemble --> Catalogue
    READMEs  --+

Pure: the same input gives the same catalogue, and each project's only "now" is the time
at which GitHub last confirmed it. Called by `pipeline`; the types are in `types`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from aggregator.catalogue.claims import Evidence, Told, weigh
from aggregator.catalogue.grouping import groups_of, organisations_of, stages_of, told_apart
from aggregator.catalogue.languages import formats_of, languages_of
from aggregator.catalogue.leave_out import notes_on, registry_without, without
from aggregator.catalogue.tongues import AskModel, language_of_title, summary_of, tongues_of
from aggregator.catalogue.types import Activity, Catalogue, Group, Project, Standing
from aggregator.catalogue.written import WrittenPage, story_picture_of, written_pages
from aggregator.facts.record import Record
from aggregator.facts.repository import RepoFacts
from aggregator.facts.snapshot import ChangeKind, Freshness, Snapshot
from aggregator.readme.readme import Readme
from aggregator.readme.unlink import unlink, unlink_readme
from aggregator.registry.mistakes import Mistake
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.words.names import RepoName, slugify
from aggregator.words.natural_language import Tongues, ask_model
from aggregator.words.outcomes import Outcome
from aggregator.words.speech import later

DeadSince = Callable[[Iterable[str]], Mapping[str, date]]

NEVER_ASKED = later("GitHub has not been asked about this repository yet")
# A date further ahead than this is nobody's clock running fast: it is not known when it was.
_CLOCKS_DIFFER = timedelta(days=1)
_ACTIVITY = (
    (timedelta(days=31), Activity.MONTH),
    (timedelta(days=92), Activity.QUARTER),
    (timedelta(days=366), Activity.YEAR),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What the workers made from the words of members, by registry key.

    Args:
        readmes: READMEs.
        stories: members' stories as safe HTML.
        about: the text of the about page as safe HTML.
        problems: that of the accessibility statement.
        pages: those of the community's own, by their names in addresses.
        languages: of stories, and of "about" and "problems", where that is sure.
    """

    readmes: Mapping[str, Readme] = field(default_factory=dict)
    stories: Mapping[str, str] = field(default_factory=dict)
    about: str | None = None
    problems: str | None = None
    languages: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, Readme] = field(default_factory=dict)


def _none_dead(_urls: Iterable[str]) -> Mapping[str, date]:
    return {}


def assemble(  # noqa: PLR0913, PLR0917 - all that a catalogue is made from, most of it optional
    written: Registry,
    snapshot: Snapshot,
    rendered: Rendered,
    web: str,
    ask: AskModel = ask_model,
    dead_since: DeadSince = _none_dead,
) -> Catalogue:
    """Derive the catalogue that a build shows.

    Args:
        written: what members wrote.
        snapshot: all that is known about the repositories.
        rendered: READMEs and stories as safe HTML.
        web: address of the GitHub that people visit, without a slash at its end.
        ask: tells the language of a text that shows it by nothing else.
        dead_since: gives of some addresses those that lead nowhere, and since which day.
    """
    blocked = written.showcase.blocklist
    registry = registry_without(written, blocked)
    tongues = tongues_of(registry, ask)
    made = _Assembling(registry, snapshot, rendered, web, tongues, ask, dead_since)
    projects = [
        made.project(entry, as_written)
        for entry, as_written in zip(registry.projects, written.projects, strict=True)
    ]
    listed, doubles = _one_page_each(projects)
    listed = told_apart(listed)
    return Catalogue(
        showcase=registry.showcase,
        web=web,
        fetched_at=snapshot.fetched_at,
        freshness=Freshness.of(p.facts.glance.confirmed_at for p in listed if p.facts),
        projects=listed,
        organisations=organisations_of(registry, listed, written),
        people=groups_of(listed, lambda project: project.people),
        tags=groups_of(listed, labels),
        languages=groups_of(listed, lambda project: project.languages),
        formats=groups_of(listed, lambda project: project.formats),
        stages=stages_of(registry.showcase.stages, listed),
        glossary=registry.glossary,
        described={person.login.lower(): person for person in registry.people},
        paths=registry.paths,
        talks=registry.talks,
        terms={kind: {slugify(t.name): t for t in terms} for kind, terms in registry.terms.items()},
        changes=tuple(without(change, blocked) for change in snapshot.changes),
        history=snapshot.history,
        mistakes=(*registry.mistakes, *_doubled(registry, doubles)),
        notices=(snapshot.notice,) if snapshot.notice else (),
        about_html=unlink(rendered.about, blocked) if rendered.about else None,
        problems_html=unlink(rendered.problems, blocked) if rendered.problems else None,
        about_language=tongues.of("", rendered.languages.get("about", "")),
        problems_language=tongues.of("", rendered.languages.get("problems", "")),
        tongues=tongues,
        artwork=registry.artwork,
        written=made.written(),
        pictures=registry.own.pictures,
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
            replace(group, projects=same(group.projects), uses=same(group.uses))
            for group in catalogue.organisations
        ),
        people=regrouped(catalogue.people),
        tags=regrouped(catalogue.tags),
        languages=regrouped(catalogue.languages),
        formats=regrouped(catalogue.formats),
        stages=regrouped(catalogue.stages),
        by_key={key: known[project.key] for key, project in catalogue.by_key.items()},
    )


def labels(project: Project) -> tuple[str, ...]:
    """List the tags a member gave, then GitHub's topics that say something else."""
    details = project.facts.details if project.facts else None
    unique: dict[str, str] = {}
    for name in (*project.tags, *((details and details.topics) or ())):
        unique.setdefault(slugify(name), name)
    return tuple(unique.values())


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
    return next((name for limit, name in _ACTIVITY if now - pushed <= limit), Activity.QUIET)


def last_push(facts: RepoFacts) -> datetime | None:
    """Tell when work last arrived: the last push, or else the last commit on the main branch."""
    if facts.glance.pushed_at:
        return facts.glance.pushed_at
    return facts.details.head_committed_at if facts.details else None


def page_of(repo: RepoName) -> str:
    """Give the address of a project's page, relative to the site's root."""
    return f"projects/{repo}/"


@dataclass(frozen=True, slots=True)
class _Assembling:
    """What every project of one catalogue is made from."""

    registry: Registry
    snapshot: Snapshot
    rendered: Rendered
    web: str
    tongues: Tongues
    ask: AskModel
    dead_since: DeadSince

    def project(self, entry: Entry, as_written: Entry) -> Project:
        """Make one project, and say which links of it are left out."""
        blocked = self.registry.showcase.blocklist
        key, record = entry.repo.key, self.snapshot.record(str(entry.repo))
        known = record.facts if record else None
        facts = without(known, blocked) if known else None
        called = known.glance if known else record and record.identity
        repo = (_name(called.name_with_owner) if called else None) or entry.repo
        page, previous_pages = _pages(repo, entry, record)
        # Not even a summary comes from a README that is hidden.
        readme = self.rendered.readmes.get(key) if entry.readme == "show" else None
        readme = unlink_readme(readme, blocked) if readme else None
        story = self.rendered.stories.get(key)
        evidence = weigh(self._told(repo, entry, record, readme, facts))
        used = evidence.used("summary")
        title = evidence.value("title") or repo.name
        return Project(
            key=key,
            listed_as=str(entry.repo),
            repo=str(repo),
            url=f"{self.web}/{repo}",
            page=page,
            title=title,
            title_language=language_of_title(evidence.used("title"), title, readme, self.tongues),
            summary=summary_of(used, readme, self.tongues, self.ask) if used else None,
            organisation=self.registry.organisation_of(entry),
            stage=entry.stage,
            tags=entry.tags,
            does=entry.does,
            people=entry.people,
            added=entry.added,
            first_seen=record.first_seen if record else None,
            story_html=unlink(story, blocked) if story else None,
            story_language=self.tongues.of("", self.rendered.languages.get(key, "")),
            story_by=entry.story_by,
            story_date=entry.story_date if self.snapshot.has_come(entry.story_date) else None,
            story_picture=story_picture_of(entry, self.registry),
            celebrations=tuple(one for one in entry.celebrate if self.snapshot.has_come(one.date)),
            used_by=tuple(filter(None, map(self.registry.organisation, entry.used_by))),
            talks=entry.talks,
            links=entry.links,
            dead_links=self.dead_since(_addresses(entry, evidence)),
            facts=facts,
            standing=_standing(record),
            activity=activity_of(facts),
            readme=readme,
            readme_shown=entry.readme,
            previous_pages=previous_pages,
            evidence=evidence,
            languages=languages_of(facts, readme.text if readme else ""),
            formats=formats_of(facts),
            left_out=notes_on(as_written, known, blocked),
        )

    def _told(
        self,
        repo: RepoName,
        entry: Entry,
        record: Record | None,
        readme: Readme | None,
        facts: RepoFacts | None,
    ) -> Told:
        """Put together all that is said of a project, and by whom."""
        return Told(
            self._names(repo, entry, record),
            self.web,
            entry.title,
            entry.summary,
            facts,
            excerpt=readme.excerpt if readme else None,
            excerpt_is_sure=readme is not None and readme.excerpt_is_sure,
            heading=readme.headings[0].text if readme and readme.headings else None,
            text=readme.text if readme else "",
        )

    def written(self) -> tuple[WrittenPage, ...]:
        """Give the community's own pages, without what leads to a blocked domain."""
        blocked, pages = self.registry.showcase.blocklist, self.rendered.pages
        safe = {slug: unlink_readme(page, blocked) for slug, page in pages.items()}
        return written_pages(self.registry, safe, self.tongues)

    def _names(self, repo: RepoName, entry: Entry, record: Record | None) -> tuple[str, ...]:
        """Give every name that a repository has or is known to have had.

        Old names matter only where GitHub names a page of its own as the website.
        """
        moved = record and (record.moved_to, record.identity and record.identity.name_with_owner)
        names = [str(repo), str(entry.repo), *(name for name in moved or () if name)]
        if record and record.facts and self.web in (record.facts.glance.homepage or ""):
            current = str(repo).casefold()
            for change in sorted(self.snapshot.changes, key=lambda one: one.date, reverse=True):
                renamed = change.kind in {ChangeKind.RENAMED, ChangeKind.TRANSFERRED}
                if renamed and change.before and (change.after or "").casefold() == current:
                    current = change.before.casefold()
                    names.append(change.before)
        return tuple(dict.fromkeys(names))


def _addresses(entry: Entry, evidence: Evidence) -> Iterator[str]:
    """Give the addresses outside GitHub that a project's page leads to."""
    links = entry.links
    yield from filter(None, (links.demo, links.docs, links.paper, evidence.value("website")))


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


def _pages(repo: RepoName, entry: Entry, record: Record | None) -> tuple[str, tuple[str, ...]]:
    """Give the address of a project's page, and those it had before under other names.

    Where only the case of letters changed the page stays where it was: on some systems the two
    addresses are one folder, so that the old one could not lead to the new.
    """
    former = list(filter(None, map(_name, record.former_names if record else ())))
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


def _one_page_each(
    projects: Iterable[Project],
) -> tuple[tuple[Project, ...], list[tuple[Project, Project]]]:
    """Keep one project for each repository: the one that is listed under today's name.

    Two entries can turn out to be one repository when the older name was renamed. Two projects
    can have had one name: its address leads to the one that was first seen last, and those never
    seen count as last of all. Names that differ in case are one folder.
    """
    oldest_first = sorted(projects, key=_age)
    chosen: dict[str, Project] = {}
    for project in sorted(
        oldest_first, key=lambda p: (p.listed_as.casefold() != p.repo.casefold(), p.key)
    ):
        chosen.setdefault(project.page.casefold(), project)
    leads_to = {
        old.casefold(): (old, project.page.casefold())
        for project in oldest_first
        for old in project.previous_pages
    }
    redirects: dict[str, list[str]] = defaultdict(list)
    for folded, (old, page) in leads_to.items():
        if folded not in chosen:
            redirects[page].append(old)
    kept = {
        page: replace(project, previous_pages=tuple(redirects[page]))
        for page, project in chosen.items()
    }
    doubles = [(kept[page], p) for p in oldest_first if chosen[page := p.page.casefold()] is not p]
    return tuple(sorted(kept.values(), key=lambda p: p.repo.casefold())), doubles


def _age(project: Project) -> tuple[bool, float, str]:
    seen = project.first_seen
    return seen is None, seen.timestamp() if seen else 0.0, project.key


def _doubled(registry: Registry, doubles: Iterable[tuple[Project, Project]]) -> Iterator[Mistake]:
    entries = {entry.repo.key: entry for entry in registry.projects}
    for kept, double in doubles:
        entry = entries[double.key]
        yield Mistake(
            where=entry.where,
            what=f"{entry.repo} is {kept.repo} today, which has an entry of its own",
            cure=f"remove the entry {entry.repo}",
        )
