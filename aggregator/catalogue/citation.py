"""How a project asks to be cited; where it does not say, what can be said of it all the same.

The files of the repository are judged here: CITATION.cff before codemeta.json, and what its
authors want cited in its place (`preferred-citation`) before the project itself. How a citation
reads in BibTeX, RIS or APA is written in `site.data.citing`. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from aggregator.catalogue.claims import CITATION
from aggregator.catalogue.types import Project
from aggregator.facts.repository import Release
from aggregator.facts.statement import Author, Publication, Statement
from aggregator.words.addresses import bare_doi

SOFTWARE, DATASET = "software", "dataset"
# Those of https://github.com/citation-file-format/citation-file-format/blob/main/schema-guide.md
# that lists of references tell apart; any other is "generic".
_KINDS = {
    **{kind: kind for kind in ("article", "book", "thesis", "report", "generic")},
    **dict.fromkeys(("conference-paper", "proceedings"), "conference-paper"),
    **dict.fromkeys(("data", "dataset", "database"), DATASET),
    **dict.fromkeys(
        ("software", "software-code", "softwaresourcecode", "softwareapplication"), SOFTWARE
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """All that a reference to a project, or to what stands for it, is written from.

    Args:
        source: the file that says how to cite it; "" where none does.
        instead: whether it is of something else, which the authors want cited.
        kind: "software", "dataset", "article", "book", "conference-paper", "thesis", "report" or
            "generic".
        key: what to call it in a text, unlikely to be taken: ASCII letters, digits and hyphens.
        container: the journal or the book that it is in.
        url: of the repository, or where to read what is cited instead; "" for nowhere but by DOI.
    """

    source: str
    instead: bool = False
    kind: str = SOFTWARE
    key: str
    people: tuple[Author, ...]
    title: str
    version: str = ""
    year: int | None = None
    released: date | None = None
    container: str = ""
    publisher: str = ""
    volume: str = ""
    issue: str = ""
    start: str = ""
    end: str = ""
    doi: str = ""
    url: str


def citation_of(project: Project) -> Citation | None:
    """Say how to cite a project; None for one that was taken down."""
    if project.standing.outcome.erases:
        return None
    for said in _stating(project):
        if said.preferred:
            return _publication(project, said, said.preferred)
        if people := _people(said):
            return _own(project, said, people)
    return _from_github(project)


def _stating(project: Project) -> Iterator[Statement]:
    """Give the files that name authors; the contacts of publiccode.yml are no authors."""
    said = project.facts.statements if project.facts else ()
    yield from sorted(
        (one for one in said if not one.path.startswith("publiccode")),
        key=lambda one: one.path != CITATION,
    )


def _people(said: Statement) -> tuple[Author, ...]:
    """Give the authors; what an older reader left has their names in one piece."""
    return said.people or tuple(Author(whole=name) for name in said.authors)


def _own(project: Project, said: Statement, people: tuple[Author, ...]) -> Citation:
    release = _release_of(project, said.version)
    released = said.released_on or (_day_of(release) if said.version else None)
    doi = project.evidence.value("doi") or ""
    return Citation(
        source=said.path,
        kind=_KINDS.get((said.kind or SOFTWARE).rpartition(":")[2].casefold(), "generic"),
        key=_key(project, released.year if released else None),
        people=people,
        title=said.title or project.title,
        version=said.version or "",
        year=released.year if released else None,
        released=released,
        doi=doi,
        url=project.url,
    )


def _publication(project: Project, said: Statement, paper: Publication) -> Citation:
    doi = bare_doi(paper.doi) or ""
    return Citation(
        source=said.path,
        instead=True,
        kind=_KINDS.get((paper.kind or "generic").casefold(), "generic"),
        key=_key(project, paper.year),
        people=paper.people,
        title=paper.title,
        year=paper.year,
        container=paper.container or "",
        publisher=paper.publisher or "",
        volume=paper.volume or "",
        issue=paper.issue or "",
        start=paper.start or "",
        end=paper.end or "",
        doi=doi,
        url=paper.url or ("" if doi else project.url),
    )


def _from_github(project: Project) -> Citation:
    """Name the body or the account that it belongs to: who wrote it is not ours to guess."""
    owner = project.repo.partition("/")[0]
    release = _release_of(project, None)
    released = _day_of(release)
    pushed = project.facts.glance.pushed_at if project.facts else None
    year = released.year if released else pushed.year if pushed else None
    doi = project.evidence.value("doi") or ""
    return Citation(
        source="",
        key=_key(project, year),
        people=(Author(whole=project.organisation.name if project.organisation else owner),),
        title=project.title,
        version=release.tag if release else "",
        year=year,
        released=released,
        doi=doi,
        url=project.url,
    )


def _release_of(project: Project, version: str | None) -> Release | None:
    """Find the release of a version, or the latest one; what is only tried out is not cited."""
    details = project.facts.details if project.facts else None
    for release in (details.releases or ()) if details else ():
        if version and release.tag.lower().lstrip("v") == version.lower().lstrip("v"):
            return release
        if not version and not release.prerelease:
            return release
    return None


def _day_of(release: Release | None) -> date | None:
    return release.published_at.date() if release and release.published_at else None


def _key(project: Project, year: int | None) -> str:
    """Name it by its repository, whose name GitHub keeps to letters, digits and three signs."""
    name = project.repo.rpartition("/")[2].lower()
    plain = "-".join("".join(c if c.isalnum() else " " for c in name).split()) or "project"
    return f"{plain}-{year}" if year else plain
