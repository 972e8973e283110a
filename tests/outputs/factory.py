"""A made-up community of 24 projects, as the store and the registry would give it.

Everything a page can meet is here: each stage, each outcome, stories, talks,
releases, issues, long names, text that tries to be markup.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from aggregator.catalogue.assemble import Rendered, assemble
from aggregator.catalogue.types import Catalogue, Project
from aggregator.facts.record import Record
from aggregator.facts.repository import (
    CommunityFiles,
    Contributor,
    Contributors,
    Counts,
    Details,
    Glance,
    Issue,
    Licence,
    ReadmeBlob,
    Release,
    RepoFacts,
)
from aggregator.facts.snapshot import Change, ChangeKind, Snapshot
from aggregator.readme.readme import Heading, Readme, own_page_source, story_source
from aggregator.readme.rendering import render
from aggregator.registry.community import Celebration, LearningPath, Person, Step, Talk, Term
from aggregator.registry.models import Entry, Links, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.words.names import RepoName
from aggregator.words.outcomes import Outcome

NOW = datetime(2026, 10, 3, 2, 10, tzinfo=UTC)
WEB = "https://github.com"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"

_LICENCES = {
    "MIT": "MIT License",
    "Apache-2.0": "Apache License 2.0",
    "GPL-3.0": "GNU General Public License v3.0",
    "OGL-UK-3.0": "Open Government Licence v3.0",
}

# repo|title|summary|organisation|stage|tags|language|licence|days since push|stars
CASES = Path(__file__).parent.parent / "cases" / "outputs"
_PROJECTS = (CASES / "community.psv").read_text(encoding="utf-8").strip()

_ORGANISATIONS = (
    ("harbour", "Harbour and Hills NHS Foundation Trust", "Trust", "HHFT", ("harbour-trust",)),
    (
        "northmoor",
        "Northmoor Integrated Care Board",
        "Integrated care board",
        None,
        ("northmoor-icb",),
    ),
    ("lab", "Open Care Lab, University of Westford", "University", "OCL", ("open-care-lab",)),
    ("county", "Greater Fenshire County Public Health", "Council", None, ("county-health",)),
    ("hospice", "Bluebell Hospice", "Charity", None, ("bluebell-hospice",)),
)

_SAID = "It reads a spreadsheet of counts and tells a real change from noise."
README = Readme(
    html=(CASES / "readme.html").read_text(encoding="utf-8"),
    text=_SAID,
    excerpt=_SAID,
    headings=(
        Heading(2, "What it does", "user-content-what-it-does"),
        Heading(2, "Install", "user-content-install"),
        Heading(3, "From source", "user-content-from-source"),
        Heading(2, "A table", "user-content-a-table"),
        Heading(2, "Thanks", "user-content-thanks"),
    ),
)

ABOUT = "We are *analysts* who share. <script>alert(5)</script>"
STORY = (
    "<p>It began with a red arrow on a board paper. Somebody asked whether it meant anything, and "
    "nobody in the room could say.</p><p>We drew the same numbers with limits around them. The "
    "arrow was noise; two months later a real shift stood out, and this time nobody argued.</p>"
)

PATH = LearningPath(
    slug="to-a-pipeline",
    title="From a spreadsheet to a reproducible pipeline",
    summary="For analysts who make the same report by hand each month.",
    steps=(
        Step(say="See what it looks like.", repo=RepoName.parse("northmoor-icb/rap-starter")),
        Step(say="Learn why.", url="https://learn.example.org/why/", title="Why bother"),
        Step(say="Draw your first chart.", repo=RepoName.parse("data-saves/plain-spc")),
    ),
)


def community(url: str | None = "https://showcase.example.org/health/") -> Catalogue:
    """Assemble the catalogue of the made-up community."""
    return catalogue_of(registry(url), snapshot())


def catalogue_of(written: Registry, known: Snapshot) -> Catalogue:
    """Assemble a catalogue in which every public repository has the same README."""
    shown = {key for key, record in known.records.items() if record.facts}
    about = written.showcase.about
    rendered = Rendered(
        readmes=dict.fromkeys(sorted(shown - {"harbour-trust/theatre-minutes"}), README),
        stories={"data-saves/plain-spc": STORY, "northmoor-icb/rap-starter": STORY},
        about=render(story_source(about)).html if about else None,
        pages={p.slug: render(own_page_source(p.text, p.file)) for p in written.own.pages},
    )
    catalogue = assemble(written, known, rendered, WEB)
    related = {"data-saves/plain-spc": ("harbour-trust/waiting-well", "data-saves/fhir-basket")}
    projects = tuple(replace(p, related=related.get(p.key, ())) for p in catalogue.projects)
    return replace(catalogue, projects=projects, by_key={p.key: p for p in projects})


def registry(url: str | None) -> Registry:
    """Write the registry of the made-up community."""
    return Registry(
        showcase=Showcase(
            title="Health analytics showcase",
            tagline="Open projects made by people in health and care",
            url=url,
            repository=RepoName.parse("health-analysts/showcase"),
            about=ABOUT,
            home="https://analysts.example.org/",
            contact="hello@analysts.example.org",
            timezone="Europe/London",
        ),
        organisations=tuple(
            Organisation(slug=slug, name=name, kind=kind, acronym=acronym, github=github)
            for slug, name, kind, acronym, github in _ORGANISATIONS
        ),
        projects=tuple(_entry(*line.split("|")) for line in _PROJECTS.splitlines()),
        paths=(PATH,),
        people=(
            Person(
                login="Ada-Fen",
                name="Ada Fen",
                about="Analyst for theatres.",
                organisation="harbour",
                url="https://ada.example.org/",
            ),
        ),
        terms={"stages": (Term(name="needs a new home", means="Ask for it.", seeks="home"),)},
        talks=(Talk(title="Show and tell", date=date(2026, 11, 3), time=time(9, 30)),),
    )


def snapshot() -> Snapshot:
    """Remember what GitHub said about the made-up community."""
    records = [_record(*line.split("|")) for line in _PROJECTS.splitlines()]
    return Snapshot(
        fetched_at=NOW,
        records={record.key: record for record in records},
        changes=tuple(_changes()),
    )


def many(count: int) -> Catalogue:
    """Assemble a catalogue of `count` plain projects, to see lists that are long."""
    entries = tuple(
        Entry(repo=RepoName("many", f"project-{n:04}"), tags=("long",), summary="One of many.")
        for n in range(count)
    )
    written = Registry(showcase=Showcase(title="Many"), projects=entries)
    records = {
        entry.repo.key: known(str(entry.repo), "Python", "MIT", n % 400, n)
        for n, entry in enumerate(entries)
    }
    return catalogue_of(written, Snapshot(fetched_at=NOW, records=records))


def hostile() -> Catalogue:
    """Assemble a catalogue in which every free text tries to be markup or a script."""
    plain = "data-saves/plain-spc"
    known = snapshot()
    facts = known.records[plain].facts
    assert facts is not None
    assert facts.details is not None
    details = facts.details.model_copy(
        update={
            "topics": (HOSTILE, "javascript"),
            "releases": (
                Release.model_construct(name=HOSTILE, tag=HOSTILE, url="javascript:alert(3)"),
            ),
            "language_bytes": {HOSTILE: 10},
            "parent": HOSTILE,
        }
    )
    glance = facts.glance.model_copy(
        update={
            "description": HOSTILE,
            "homepage": "javascript:alert(4)",
            "primary_language": HOSTILE,
            "licence": Licence(spdx_id=None, name=HOSTILE),
            "default_branch": HOSTILE,
        }
    )
    record = known.records[plain].model_copy(
        update={
            "facts": facts.model_copy(update={"glance": glance, "details": details}),
            "message": HOSTILE,
            "cure": HOSTILE,
        }
    )
    changes = (
        Change(
            date=NOW,
            kind=ChangeKind.RENAMED,
            repo=plain,
            name=HOSTILE,
            before=HOSTILE,
            after=HOSTILE,
        ),
    )
    written = registry("https://showcase.example.org/health/")
    entries = [entry for entry in written.projects if entry.repo.key != plain]
    entries.append(Entry(repo=RepoName.parse(plain), title="=cmd()|'calc'!A0" + HOSTILE[:60]))
    organisations = (
        *written.organisations,
        Organisation(slug="odd", name=HOSTILE, kind="Odd", github=("data-saves",)),
    )
    showcase = replace(written.showcase, title="Tom & <i>Co</i>", tagline=HOSTILE)
    return catalogue_of(
        Registry(showcase=showcase, organisations=organisations, projects=tuple(entries)),
        known.model_copy(
            update={
                "records": {**known.records, plain: record},
                "changes": changes,
                "notice": HOSTILE,
            }
        ),
    )


def changed(catalogue: Catalogue, **by_key: dict[str, object]) -> Catalogue:
    """Change some projects, by the name of their repository with underscores."""
    projects = tuple(replace(p, **by_key.get(_named(p), {})) for p in catalogue.projects)
    return replace(catalogue, projects=projects, by_key={p.key: p for p in projects})


def _named(project: Project) -> str:
    return project.repo.partition("/")[2].replace("-", "_")


def rich() -> Catalogue:
    """Let the made-up community have all that a first page can show."""
    ran = NOW
    month = ran.date().replace(day=1)
    prize = Celebration(what="award", text="Won a prize.", date=month)
    talk = Talk(title="Rounds, live", date=ran.date() + timedelta(days=9), speakers=("Ada Fen",))
    path = LearningPath(
        slug="begin", title="From paper to charts", steps=(Step(say="Read."), Step(say="Draw."))
    )
    told = changed(
        community(),
        life_lines={"celebrations": (prize,)},
        travel_time={"celebrations": (prize,)},
        synthetic_ward={"celebrations": (prize,)},
        letters_to_text={"celebrations": (prize,)},
        frailty_notes={"celebrations": (prize,)},
        ward_rounds={"talks": (talk,)},
        plain_spc={"story_by": "Ada Fen", "story_date": date(2026, 5, 4)},
    )
    alone = Talk(title="Show and tell", date=ran.date())
    person = Person(login="ada-fen", name="Ada Fen")
    return replace(told, talks=(alone,), paths=(path,), described={"ada-fen": person})


def _entry(*columns: str) -> Entry:
    repo, title, summary, organisation, stage, tags, *_ = columns
    extra: dict[str, object] = {}
    if repo == "data-saves/plain-spc":
        extra = {
            "people": ("ada-fen", "Tomasz-W"),
            "used_by": ("harbour", "county"),
            "does": ("draw a control chart", "tell a signal from noise"),
            "talks": (
                Talk(
                    title="Plotting the dots, live",
                    date=date(2026, 6, 17),
                    url="https://talks.example.org/dots",
                ),
                Talk(title="Charts without arrows"),
                Talk(
                    title="Ask me anything about limits",
                    date=date(2026, 10, 28),
                    time=time(14, 0),
                    place="Room 2, Fenshire library",
                    speakers=("Ada Fen", "Tomasz W"),
                    url="https://talks.example.org/join",
                ),
            ),
            "celebrate": (
                Celebration(what="award", text="Won the prize for open charts."),
                Celebration(what="adoption", text="=1+1 wards draw them", date=date(2026, 9, 1)),
            ),
            "story_by": "Ada Fen",
            "story_date": date(2026, 9, 1),
            "links": Links(docs="https://docs.example.org/spc/", demo="https://try.example.org/"),
            "added": date(2026, 9, 20),
        }
    if repo == "northmoor-icb/rap-starter":
        extra = {"people": ("ada-fen",), "added": date(2026, 9, 28), "used_by": ("lab",)}
    if repo == "open-care-lab/letters-to-text":
        extra = {"added": date(2026, 8, 2), "readme": "link-only"}
    return Entry(
        repo=RepoName.parse(repo),
        title=title or None,
        summary=summary or None,
        organisation=organisation or None,
        stage=stage or None,
        tags=tuple(filter(None, tags.split(","))),
        **extra,
    )


def _record(repo: str, *rest: str) -> Record:
    *_, language, licence, days, stars = rest
    if repo.endswith("/vanished"):
        return _tombstone(repo, Outcome.GONE)
    if repo.endswith("/closed-door"):
        return _tombstone(repo, Outcome.PRIVATE)
    record = known(repo, language, licence, int(days), int(stars))
    if repo.endswith("/moved-house"):
        facts = record.facts
        assert facts is not None
        glance = facts.glance.model_copy(update={"name_with_owner": "data-saves/moved-home"})
        changed = facts.model_copy(update={"glance": glance})
        return record.model_copy(update={"outcome": Outcome.RENAMED, "facts": changed})
    if repo.endswith("/population-mix"):
        return record.model_copy(
            update={
                "outcome": Outcome.UNREACHABLE,
                "last_succeeded": NOW - timedelta(days=9),
                "message": "GitHub answered with an error (502) three times.",
                "cure": "Nothing to do: the next run tries again.",
            }
        )
    return record


def _tombstone(repo: str, outcome: Outcome) -> Record:
    return Record(
        listed_as=repo,
        outcome=outcome,
        since=NOW - timedelta(days=12),
        first_seen=NOW - timedelta(days=300),
        last_tried=NOW,
        last_succeeded=NOW - timedelta(days=13),
        message="GitHub does not know this repository any more.",
        cure="If it moved, write its new name in the registry; if not, take the entry out.",
    )


def known(repo: str, language: str, licence: str, days: int, stars: int) -> Record:
    pushed = NOW - timedelta(days=days)
    facts = RepoFacts(
        glance=Glance(
            repository_id=sum(map(ord, repo)),
            name_with_owner=repo,
            description=None,
            stars=stars,
            forks=stars // 9,
            created_at=NOW - timedelta(days=days + 500),
            pushed_at=pushed,
            archived=repo.endswith("/legacy-bed-board"),
            default_branch="main",
            primary_language=language or None,
            licence=Licence(spdx_id=licence, name=_LICENCES[licence]) if licence else None,
            confirmed_at=NOW,
        ),
        details=_details(repo, language, stars, pushed),
        counts=_counts(repo, stars),
        contributors=Contributors(
            count=1 + stars // 20, top=(Contributor(login="ada-fen"),), confirmed_at=NOW
        ),
    )
    return Record(
        listed_as=repo,
        outcome=Outcome.UNCHANGED,
        since=NOW - timedelta(days=200),
        first_seen=NOW - timedelta(days=200),
        last_tried=NOW,
        last_succeeded=NOW,
        facts=facts,
    )


def _details(repo: str, language: str, stars: int, pushed: datetime) -> Details:
    releases = tuple(
        Release(
            tag=f"v1.{n}",
            published_at=pushed - timedelta(days=90 * (2 - n)),
            url=f"{WEB}/{repo}/releases/tag/v1.{n}",
        )
        for n in (2, 1, 0)
    )
    has_readme = not repo.endswith("/theatre-minutes")
    return Details(
        topics=("open-source",) if stars > 50 else (),
        language_bytes={language: 40_000, "Shell": 2_000, "Makefile": 90} if language else {},
        releases=releases if stars > 60 else (),
        releases_count=3 if stars > 60 else 0,
        commits_count=stars * 7 + 3,
        community=CommunityFiles(
            contributing="CONTRIBUTING.md" if stars > 80 else None,
            licence="LICENSE",
            docs="docs/" if stars > 60 else None,
            workflows=stars > 20,
        ),
        readme=ReadmeBlob(path="README.md", oid="a" * 40) if has_readme else None,
        readme_asked=True,
        confirmed_at=NOW - timedelta(days=2),
    )


def _counts(repo: str, stars: int) -> Counts:
    first = 3 if repo.endswith(("/plain-spc", "/fhir-basket")) else 0
    issue = Issue(
        title="Explain rule 4 in one sentence",
        url=f"{WEB}/{repo}/issues/12",
        created_at=NOW - timedelta(days=30),
    )
    return Counts(
        open_issues=stars // 10,
        open_pull_requests=stars // 100,
        good_first_issues=first,
        newest_good_first_issue=issue if first else None,
        help_wanted=1 if repo.endswith("/rap-starter") else 0,
        confirmed_at=NOW - timedelta(days=5),
    )


def _changes() -> list[Change]:
    said = (
        (0, ChangeKind.RELEASED, "data-saves/plain-spc", None, "v1.2"),
        (2, ChangeKind.RENAMED, "data-saves/moved-house", "moved-house", "moved-home"),
        (5, ChangeKind.ADDED, "northmoor-icb/rap-starter", None, None),
        (12, ChangeKind.GONE, "data-saves/vanished", None, None),
        (13, ChangeKind.ADDED, "data-saves/plain-spc", None, None),
        (40, ChangeKind.LICENSED, "county-health/life-lines", None, "OGL-UK-3.0"),
        (62, ChangeKind.ADDED, "open-care-lab/letters-to-text", None, None),
        (62, ChangeKind.REMOVED, "harbour-trust/long-gone", None, None),
    )
    return [
        Change(
            date=NOW - timedelta(days=days),
            kind=kind,
            repo=repo,
            name=repo,
            before=before,
            after=after,
            url=f"{WEB}/{repo}" if kind is ChangeKind.RELEASED else None,
        )
        for days, kind, repo, before, after in said
    ]
