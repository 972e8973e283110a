"""The open data: catalogue.json with its schema, catalogue.csv, status.json.

Pure: the catalogue poured into the shapes of `export_models`.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator

from pydantic import BaseModel

from aggregator.catalogue.claims import Evidence
from aggregator.catalogue.claims import Field as EvidenceField
from aggregator.catalogue.types import Catalogue, OrganisationGroup, Project, Unmade, standings
from aggregator.facts.repository import Contributors, Counts, Details, Glance
from aggregator.facts.snapshot import Freshness
from aggregator.site.data.export_models import (
    SCHEMA_VERSION,
    ExportedCatalogue,
    ExportedClaim,
    ExportedContributors,
    ExportedCounts,
    ExportedDetails,
    ExportedFreshness,
    ExportedGlance,
    ExportedLinks,
    ExportedMistake,
    ExportedOrganisation,
    ExportedProject,
    ExportedRelease,
    ExportedSilence,
    ExportedStanding,
    ExportedStatus,
    ExportedTalk,
    State,
)
from aggregator.site.files import File
from aggregator.site.links import quoted, web_address
from aggregator.site.pages.cards import pushed_at
from aggregator.site.pages.frame import Frame, frame_of
from aggregator.site.theme import Theme
from aggregator.words.outcomes import NOT_FOUND, Outcome, silences, state_of

CSV_COLUMNS = (
    "repo",
    "title",
    "summary",
    "organisation",
    "organisation_name",
    "organisation_kind",
    "stage",
    "tags",
    "topics",
    "language",
    "languages",
    "licence",
    "licence_source",
    "website",
    "doi",
    "disagreements",
    "stars",
    "pushed_at",
    "activity",
    "confirmed_at",
    "state",
    "problem",
    "url",
    "page_url",
    "repository_id",
)
# A spreadsheet runs a cell that begins with one of these:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def render_exports(catalogue: Catalogue, _theme: Theme) -> Iterator[File]:
    """Make the files of open data."""
    exported = exported_catalogue(catalogue)
    yield File.of_text("data/catalogue.json", _json(exported))
    yield File.of_text("data/catalogue.schema.json", catalogue_schema())
    yield File.of_text("data/catalogue.csv", _csv(exported))
    yield File.of_text("data/status.json", _json(exported_status(catalogue)))


def catalogue_schema() -> str:
    """Write the JSON Schema of catalogue.json."""
    schema = ExportedCatalogue.model_json_schema(mode="serialization")
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(draft | schema, ensure_ascii=False, indent=1) + "\n"


def exported_catalogue(catalogue: Catalogue) -> ExportedCatalogue:
    """Pour a catalogue into the shape of catalogue.json."""
    frame = frame_of(catalogue)
    return ExportedCatalogue(
        schema_version=SCHEMA_VERSION,
        title=frame.site.title,
        url=frame.site.url,
        fetched_at=catalogue.fetched_at,
        freshness=_freshness(catalogue.freshness),
        notices=catalogue.notices,
        organisations=tuple(_organisation(group) for group in catalogue.organisations),
        projects=tuple(_project(project, frame) for project in catalogue.projects),
    )


def exported_status(catalogue: Catalogue) -> ExportedStatus:
    """Pour a catalogue into the shape of status.json."""
    states = Counter(str(_state(project)) for project in catalogue.projects)
    return ExportedStatus(
        schema_version=SCHEMA_VERSION,
        fetched_at=catalogue.fetched_at,
        freshness=_freshness(catalogue.freshness),
        stale_after_days=catalogue.showcase.stale_after_days,
        states=dict(sorted(states.items())),
        no_answer=tuple(
            ExportedSilence(state=s.outcome, entries=s.count, since=s.since)
            for s in silences(standings(catalogue))
        ),
        notices=catalogue.notices,
        entries=(
            *(_standing(project) for project in catalogue.projects),
            *(_unmade(one) for one in catalogue.unmade),
        ),
        mistakes=tuple(
            ExportedMistake(where=str(m.where), what=m.what, cure=m.cure, severity=m.severity)
            for m in catalogue.mistakes
        ),
    )


def safe_cell(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _json(exported: BaseModel) -> str:
    return exported.model_dump_json(indent=1) + "\n"


def _csv(exported: ExportedCatalogue) -> str:
    """Write a table as RFC 4180 asks, lists joined by spaces."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for project in exported.projects:
        row = project.model_dump(mode="json", include=set(CSV_COLUMNS))
        writer.writerow([safe_cell(_cell(row[column])) for column in CSV_COLUMNS])
    return buffer.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, list):
        return " ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _project(project: Project, frame: Frame) -> ExportedProject:
    facts, organisation, standing = project.facts, project.organisation, project.standing
    glance = facts.glance if facts else None
    details = facts.details if facts else None
    return ExportedProject(
        repo=project.repo,
        listed_as=project.listed_as,
        repository_id=glance.repository_id if glance else None,
        url=project.url,
        page=project.page,
        page_url=frame.absolute(quoted(project.page)),
        title=project.title,
        summary=project.summary.text if project.summary else None,
        summary_source=project.summary.source if project.summary else None,
        organisation=organisation.slug if organisation else None,
        organisation_name=organisation.name if organisation else None,
        organisation_kind=organisation.kind if organisation else None,
        stage=project.stage,
        tags=project.tags,
        topics=(details.topics or ()) if details else (),
        people=project.people,
        added=project.added,
        language=glance.primary_language if glance else None,
        languages=project.languages,
        licence=project.evidence.value("licence"),
        licence_source=_source(project, "licence"),
        website=web_address(project.evidence.value("website")) or None,
        doi=project.evidence.value("doi"),
        disagreements=tuple(one.field for one in project.evidence.disagreements),
        evidence=tuple(_evidence(project.evidence)),
        left_out=() if standing.outcome.erases else project.left_out,
        stars=glance.stars if glance else None,
        pushed_at=pushed_at(project),
        activity=project.activity,
        confirmed_at=glance.confirmed_at if glance else None,
        state=_state(project),
        state_words=standing.words.state,
        state_since=standing.since,
        last_tried=standing.last_tried,
        problem=standing.message,
        used_by=tuple(one.slug for one in project.used_by),
        has_story=project.story_html is not None,
        talks=tuple(
            ExportedTalk(title=t.title, date=t.date, url=web_address(t.url) or None)
            for t in project.talks
        ),
        links=_links(project),
        related=tuple(project.related),
        glance=_glance(glance) if glance else None,
        details=_details(details, project) if details else None,
        counts=_counts(facts.counts) if facts and facts.counts else None,
        contributors=_contributors(facts.contributors) if facts and facts.contributors else None,
    )


def _state(project: Project) -> State:
    standing = project.standing
    state = state_of(standing.outcome, standing.ever_found)
    return "not_found" if state == NOT_FOUND else standing.outcome


def _freshness(freshness: Freshness) -> ExportedFreshness:
    return ExportedFreshness(
        projects=freshness.total,
        current=freshness.current,
        newest=freshness.newest,
        oldest=freshness.oldest,
    )


def _links(project: Project) -> ExportedLinks:
    return ExportedLinks(
        docs=web_address(project.links.docs) or None,
        demo=web_address(project.links.demo) or None,
        paper=web_address(project.links.paper) or None,
        homepage=web_address(project.evidence.value("website")) or None,
    )


def _source(project: Project, field: EvidenceField) -> str | None:
    verdict = project.evidence.of(field)
    return verdict.used.where if verdict and verdict.used else None


def _evidence(evidence: Evidence) -> Iterator[ExportedClaim]:
    """List what each source says, the claims of one field together and the used one marked."""
    for verdict in evidence.verdicts:
        for claim in verdict.claims:
            used = claim is verdict.used
            yield ExportedClaim(
                field=verdict.field,
                value=None if claim.refused else claim.value,
                stated=claim.stated,
                source=claim.source,
                where=claim.where,
                used=used,
                differs=claim in verdict.differing,
                why=verdict.why if used else claim.refused or None,
            )


def _glance(glance: Glance) -> ExportedGlance:
    return ExportedGlance(
        description=glance.description,
        stars=glance.stars,
        forks=glance.forks,
        created_at=glance.created_at,
        pushed_at=glance.pushed_at,
        archived=glance.archived,
        fork=glance.fork,
        template=glance.template,
        empty=glance.empty,
        default_branch=glance.default_branch,
        licence_name=glance.licence.name if glance.licence else None,
        confirmed_at=glance.confirmed_at,
    )


def _details(details: Details, project: Project) -> ExportedDetails:
    community, readme = details.community, details.readme
    return ExportedDetails(
        languages=details.language_bytes,
        releases=_releases(details),
        releases_count=details.releases_count,
        commits_count=details.commits_count,
        parent=details.parent,
        readme_path=readme.path if readme and project.readme_shown != "hide" else None,
        contributing=community.contributing if community else None,
        code_of_conduct=community.code_of_conduct if community else None,
        security=community.security if community else None,
        citation=community.citation if community else None,
        changelog=community.changelog if community else None,
        docs=community.docs if community else None,
        tests=community.tests if community else None,
        workflows=community.workflows if community else None,
        doi=project.evidence.value("doi"),
        confirmed_at=details.confirmed_at,
    )


def _releases(details: Details) -> tuple[ExportedRelease, ...] | None:
    if details.releases is None:
        return None
    return tuple(
        ExportedRelease(
            name=release.name,
            tag=release.tag,
            published_at=release.published_at,
            url=release.url,
            prerelease=release.prerelease,
        )
        for release in details.releases
        if web_address(release.url)
    )


def _counts(counts: Counts) -> ExportedCounts:
    return ExportedCounts(
        open_issues=counts.open_issues,
        open_pull_requests=counts.open_pull_requests,
        good_first_issues=counts.good_first_issues,
        help_wanted=counts.help_wanted,
        confirmed_at=counts.confirmed_at,
    )


def _contributors(people: Contributors) -> ExportedContributors:
    return ExportedContributors(
        count=people.count,
        logins=tuple(one.login for one in people.top),
        confirmed_at=people.confirmed_at,
    )


def _organisation(group: OrganisationGroup) -> ExportedOrganisation:
    organisation = group.organisation
    return ExportedOrganisation(
        slug=organisation.slug,
        name=organisation.name,
        acronym=organisation.acronym,
        kind=organisation.kind,
        url=web_address(organisation.url) or None,
        github=organisation.github,
        page=f"organisations/{organisation.slug}/",
    )


def _unmade(one: Unmade) -> ExportedStanding:
    return ExportedStanding(
        repo=one.repo,
        page=one.page,
        state=Outcome.UNREACHABLE,
        state_words="This program failed at it",
        since=None,
        last_tried=None,
        last_succeeded=None,
        problem=one.message,
        cure=one.cure,
    )


def _standing(project: Project) -> ExportedStanding:
    standing = project.standing
    return ExportedStanding(
        repo=project.listed_as,
        page=project.page,
        state=_state(project),
        state_words=standing.words.state,
        since=standing.since,
        last_tried=standing.last_tried,
        last_succeeded=standing.last_succeeded,
        problem=standing.message,
        cure=standing.cure,
    )
