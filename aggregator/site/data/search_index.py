"""The catalogue as search sees it: each project as a document, and the files of the index.

Nothing about ranking lives here: that is in the room `searching`, which knows no catalogue. `run`
reads the corpus once a build, for the index and for related projects; `cli` searches it where no
site is.
"""

from collections.abc import Iterable, Iterator

from turbohtml import parse_fragment

from aggregator.catalogue.getting_started import how_to_start
from aggregator.catalogue.permissions import allowed
from aggregator.catalogue.purpose import does
from aggregator.catalogue.types import Activity, Catalogue, OtherShowcase, Project
from aggregator.facts.neighbour import NeighbourProject
from aggregator.registry.models import Organisation
from aggregator.searching.columns import AnalysisMemo, Corpus, read_corpus
from aggregator.searching.document import Document
from aggregator.searching.tokens import readable
from aggregator.site.covers import WEIGHTS, cover_for, cover_of
from aggregator.site.distinctions import marks_of
from aggregator.site.events import events_of, fresh_keys
from aggregator.site.frame import group_name, pushed_at
from aggregator.site.recipes import File
from aggregator.words.crew import Mapper
from aggregator.words.natural_language import marked
from aggregator.words.phrases import timestamp
from aggregator.words.speech import spoken

INDEX_FOLDER = "search/index/"
_ACTIVITIES = {str(activity): activity for activity in Activity}


def corpus_of(
    catalogue: Catalogue, memo: AnalysisMemo | None = None, mapped: Mapper = map
) -> Corpus:
    """Read every project that can be found, once for the index and for related projects.

    Args:
        catalogue: what visitors see.
        memo: keeps what was found in each project between builds.
        mapped: reads those that are new, perhaps several at once.
    """
    return read_corpus(documents_of(catalogue), catalogue.glossary, memo, mapped)


def render_index(made: Iterable[tuple[str, bytes]]) -> Iterator[File]:
    """Put the files of the search index, as `build.index_files` makes them, where pages look."""
    for name, data in made:
        yield File(f"{INDEX_FOLDER}{name}", data)


def documents_of(catalogue: Catalogue) -> tuple[Document, ...]:
    """Describe every project that can be found; what was taken down cannot.

    Those that other showcases list are found too, and say so.
    """
    events = events_of(catalogue.changes, catalogue.by_key)
    fresh = fresh_keys(catalogue.projects, events, catalogue.ran)
    found = (p for p in catalogue.projects if not p.standing.outcome.erases)
    own = (_document(project, fresh=project.key in fresh) for project in found)
    others = (_of_other(p, other) for other in catalogue.elsewhere for p in other.projects)
    return (*own, *others)


def _document(project: Project, *, fresh: bool) -> Document:
    facts, organisation, readme = project.facts, project.organisation, project.readme
    glance = facts.glance if facts else None
    details = facts.details if facts else None
    counts = facts.counts if facts else None
    cover = cover_for(project)
    pushed = pushed_at(project)
    # What else people type for whom a project belongs to: acronym, GitHub owners.
    others = (organisation.acronym, *organisation.github) if organisation else ()
    start = how_to_start(project)
    page = spoken().language
    story = parse_fragment(project.story_html).stripped_strings if project.story_html else ()
    return Document(
        key=project.repo,
        title=project.evidence.value("title") or project.title,  # results name the owner anyway
        summary=readable(project.summary.text) if project.summary else "",
        tags=project.tags,
        does=project.does,
        topics=tuple(map(readable, details.topics or ())) if details else (),
        organisation=_organisation_words(organisation),
        organisation_slug=organisation.slug if organisation else "",
        organisation_names=tuple(name for name in others if name),
        kind=(organisation.kind or "") if organisation else "",
        people=project.people,
        language=(glance.primary_language or "") if glance else "",
        languages=project.languages,
        formats=project.formats,
        licence=project.licence_label or "",
        licence_id=project.licence or "",
        stage=project.stage or "",
        stage_label=group_name("stages/", project.stage or ""),
        activity=project.activity.value,
        headings=tuple(h.text for h in readme.headings) if readme else (),
        text=readme.text if readme else "",
        story=" ".join(story),
        good_first_issues=(counts.good_first_issues or 0) if counts else 0,
        pushed=timestamp(pushed) if pushed else "",
        added=project.added.isoformat() if project.added else "",
        url=project.page,
        says=readable(does(project)),
        start=start.code.partition("\n")[0] if start else "",
        allows=allowed(project),
        marks=tuple(mark.text for mark in marks_of(project, fresh=fresh)),
        cover_look=cover.look,
        cover_path=cover.path,
        title_language=marked(project.title_language, page),
        summary_language=marked(project.summary.language, page) if project.summary else "",
        text_language=marked(readme.language, page) if readme else "",
    )


def _of_other(project: NeighbourProject, other: OtherShowcase) -> Document:
    """Describe a project of another showcase by what that one says of it in its open data."""
    page, main = spoken().language, next(iter(project.languages), "")
    weight = WEIGHTS.get(_ACTIVITIES.get(project.activity, Activity.UNKNOWN), 0)
    cover = cover_of(project.repo, main, project.tags, weight=weight)
    return Document(
        key=project.repo,
        title=project.title,
        summary=readable(project.summary),
        tags=project.tags,
        does=project.does,
        topics=tuple(map(readable, project.topics)),
        organisation=project.organisation,
        language=main,
        languages=project.languages,
        formats=project.formats,
        licence=project.licence,
        stage=project.stage,
        activity=project.activity,
        pushed=timestamp(project.pushed_at) if project.pushed_at else "",
        url=project.page or project.url,
        cover_look=cover.look,
        cover_path=cover.path,
        title_language=marked(project.title_language, page),
        summary_language=marked(project.summary_language, page),
        origin=other.title,
        origin_slug=other.slug,
        repository=project.url,
    )


def _organisation_words(organisation: Organisation | None) -> str:
    """Name the organisation in full, with its short name where that is not in the full one."""
    if organisation is None:
        return ""
    name, acronym = organisation.name, organisation.acronym
    return name if acronym is None or acronym in name else f"{name} ({acronym})"
