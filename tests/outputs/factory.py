"""A made-up community of 24 projects, as the store and the registry would give it.

Everything a page can meet is here: each stage, each outcome, stories, talks,
releases, issues, long names, text that tries to be markup.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from aggregator.assemble import Rendered, assemble
from aggregator.catalogue import Catalogue
from aggregator.facts import (
    Change,
    ChangeKind,
    Community,
    Contributor,
    Contributors,
    Counts,
    Details,
    Glance,
    Issue,
    Licence,
    Outcome,
    ReadmeBlob,
    Record,
    Release,
    RepoFacts,
    Snapshot,
)
from aggregator.readme import Heading, Readme
from aggregator.registry import Entry, Organisation, Registry, RepoName, Showcase

NOW = datetime(2026, 10, 3, 2, 10, tzinfo=UTC)
WEB = "https://github.com"
HOSTILE = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>'

_LICENCES = {
    "MIT": "MIT License",
    "Apache-2.0": "Apache License 2.0",
    "GPL-3.0": "GNU General Public License v3.0",
    "OGL-UK-3.0": "Open Government Licence v3.0",
}

# repo | title | summary | organisation | stage | tags | language | licence | days since push | stars
_PROJECTS = """
harbour-trust/ward-rounds|Ward rounds|Turns the ward list into a printed sheet with yesterday's observations, so that rounds begin with the sickest.|harbour|in use|wards,reporting|R|MIT|4|41
harbour-trust/waiting-well|Waiting well|Shows how long people wait for each clinic, by month, with control charts instead of red and green.|harbour|in use|waiting-lists,spc|R|MIT|12|88
harbour-trust/theatre-minutes|Theatre minutes||harbour|in progress|theatres|Python||45|3
harbour-trust/legacy-bed-board|Bed board|The bed board that three hospitals used until 2024.|harbour|needs a new home|beds|JavaScript|MIT|900|17
northmoor-icb/ambulance-ahead|Ambulance ahead|Forecasts calls for ambulances by hour and station, with the uncertainty drawn, for rota planners.|northmoor|in use|forecasting,urgent-care|Python|Apache-2.0|2|132
northmoor-icb/population-mix|Population mix|Segments a population by need from linked primary care and hospital records.|northmoor|in progress|segmentation|Python|MIT|70|24
northmoor-icb/rap-starter|RAP starter|A template for reproducible analytical pipelines: tests, documentation and a nightly run from the first day.|northmoor|in use|rap,template|Python|MIT|20|210
open-care-lab/letters-to-text|Letters to text|Finds medicines, doses and dates in clinic letters, on your own machine.|lab|in progress|nlp,text-mining|Python|GPL-3.0|8|156
open-care-lab/synthetic-ward|Synthetic ward|Invents realistic but entirely made-up hospital stays, to teach and to test with.|lab|in use|synthetic-data,teaching|Python|MIT|33|301
open-care-lab/frailty-notes|Frailty notes|An index of frailty from routinely recorded diagnoses, with its validation.|lab|idea|frailty|R||400|9
open-care-lab/travel-time|Travel time to care|Works out how long it takes to reach a hospital by bus, on foot and by car from every neighbourhood.|lab|in use|access,maps|R|MIT|15|77
county-health/life-lines|Life lines|Life expectancy and the gap in it, for every ward of a county, from published tables only.|county|in use|public-health,inequalities|R|OGL-UK-3.0|26|64
county-health/vaccine-uptake-map|Vaccine uptake map|Draws uptake by neighbourhood beside deprivation, ready for a board paper.|county|in progress|maps,vaccination|JavaScript|MIT|51|12
county-health/school-nurse-rota|School nurse rota|Shares visits out fairly between nurses, given distances and holidays.|county|idea|rostering|Python|MIT|140|2
bluebell-hospice/gentle-dashboard|Gentle dashboard|A dashboard about people at the end of life that nobody dreads to open.|hospice|in use|dashboards,palliative-care|TypeScript|MIT|18|29
bluebell-hospice/volunteer-hours|Volunteer hours|Counts what volunteers give, and thanks them for it once a month.|hospice|in progress|volunteers|Python||220|1
data-saves/plain-spc|Plain SPC|Statistical process control charts with the rules explained in plain words under each chart.||in use|spc,charts|Python|MIT|1|540
data-saves/coding-club|Coding club|Twelve evening sessions that take analysts from spreadsheets to their first package.||in use|teaching|Jupyter Notebook|OGL-UK-3.0|60|98
data-saves/readmission-risk|Readmission risk|Estimates who may come back within a month, with calibration shown before accuracy.||in progress|machine-learning|Python|MIT|95|37
data-saves/fhir-basket|FHIR basket|Collects FHIR resources page by page and lays them out as tidy tables.||in use|fhir,interoperability|Python|Apache-2.0|6|84
data-saves/moved-house|Moved house|Follows people between practices without following people.||in use|linkage|Python|MIT|30|11
data-saves/vanished|Vanished|Was about outpatient letters.||in use|letters|||0|0
data-saves/closed-door|Closed door|||||||0|0
data-saves/odd-name_1.2|Odd name: quoting, <b>bold</b> & "all"|Says what 5 < 6 & "so on" means.|harbour|idea|edge-cases|C++|MIT|500|0
""".strip()

_ORGANISATIONS = (
    ("harbour", "Harbour and Hills NHS Foundation Trust", "Trust", "HHFT", ("harbour-trust",)),
    ("northmoor", "Northmoor Integrated Care Board", "Integrated care board", None, ("northmoor-icb",)),
    ("lab", "Open Care Lab, University of Westford", "University", "OCL", ("open-care-lab",)),
    ("county", "Greater Fenshire County Public Health", "Council", None, ("county-health",)),
    ("hospice", "Bluebell Hospice", "Charity", None, ("bluebell-hospice",)),
)

README_HTML = """<h2 id="user-content-what-it-does">What it does</h2>
<p>It reads a spreadsheet of counts and draws a chart that tells a real change from noise.</p>
<h2 id="user-content-install">Install</h2>
<div class="highlight"><pre tabindex="0"><code>pip install plain-spc
</code></pre></div>
<h3 id="user-content-from-source">From source</h3>
<p>Clone it, then run <code>make install</code>. See the
<a href="https://github.com/data-saves/plain-spc/blob/main/docs/guide.md">guide</a>.</p>
<h2 id="user-content-a-table">A table</h2>
<div class="table" tabindex="0"><table><thead><tr><th>Rule</th><th>Means</th></tr></thead>
<tbody><tr><td>Seven on one side</td><td>A shift</td></tr></tbody></table></div>
<h2 id="user-content-thanks">Thanks</h2>
<blockquote><p>To everybody who asked why the line was red.</p></blockquote>"""

README = Readme(
    html=README_HTML,
    text="It reads a spreadsheet of counts and draws a chart that tells a real change from noise.",
    excerpt="It reads a spreadsheet of counts and draws a chart that tells a real change from noise.",
    headings=(
        Heading(2, "What it does", "user-content-what-it-does"),
        Heading(2, "Install", "user-content-install"),
        Heading(3, "From source", "user-content-from-source"),
        Heading(2, "A table", "user-content-a-table"),
        Heading(2, "Thanks", "user-content-thanks"),
    ),
)

STORY = (
    "<p>It began with a red arrow on a board paper. Somebody asked whether it meant anything, and "
    "nobody in the room could say.</p><p>We drew the same numbers with limits around them. The "
    "arrow was noise; two months later a real shift stood out, and this time nobody argued.</p>"
)


def community(url: str | None = "https://showcase.example.org/health/") -> Catalogue:
    """Assemble the catalogue of the made-up community."""
    return catalogue_of(registry(url), snapshot())


def catalogue_of(written: Registry, known: Snapshot) -> Catalogue:
    """Assemble a catalogue in which every public repository has the same README."""
    shown = {key for key, record in known.records.items() if record.facts}
    rendered = Rendered(
        readmes=dict.fromkeys(sorted(shown - {"harbour-trust/theatre-minutes"}), README),
        stories={"data-saves/plain-spc": STORY, "northmoor-icb/rap-starter": STORY},
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
            home="https://analysts.example.org/",
            contact="hello@analysts.example.org",
        ),
        organisations=tuple(
            Organisation(slug=slug, name=name, kind=kind, acronym=acronym, github=github)
            for slug, name, kind, acronym, github in _ORGANISATIONS
        ),
        projects=tuple(_entry(*line.split("|")) for line in _PROJECTS.splitlines()),
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
        entry.repo.key: _known(str(entry.repo), "Python", "MIT", n % 400, n)
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
            "releases": (Release(name=HOSTILE, tag=HOSTILE, url="javascript:alert(3)"),),
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
            date=NOW, kind=ChangeKind.RENAMED, repo=plain, name=HOSTILE, before=HOSTILE, after=HOSTILE
        ),
    )
    written = registry("https://showcase.example.org/health/")
    entries = [entry for entry in written.projects if entry.repo.key != plain]
    entries.append(Entry(repo=RepoName.parse(plain), title="=cmd()|'calc'!A0" + HOSTILE[:60]))
    organisations = (
        *written.organisations,
        Organisation(slug="odd", name=HOSTILE, kind="Odd", github=("data-saves",)),
    )
    showcase = written.showcase.model_copy(update={"title": "Tom & <i>Co</i>", "tagline": HOSTILE})
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


def _entry(
    repo: str, title: str, summary: str, organisation: str, stage: str, tags: str, *_: str
) -> Entry:
    extra: dict[str, object] = {}
    if repo == "data-saves/plain-spc":
        extra = {
            "people": ("ada-fen", "Tomasz-W"),
            "used_by": ("harbour", "county"),
            "talks": (
                {
                    "title": "Plotting the dots, live",
                    "date": date(2026, 6, 17),
                    "url": "https://talks.example.org/dots",
                },
                {"title": "Charts without arrows"},
            ),
            "links": {"docs": "https://docs.example.org/spc/", "demo": "https://try.example.org/"},
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
    record = _known(repo, language, licence, int(days), int(stars))
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


def _known(repo: str, language: str, licence: str, days: int, stars: int) -> Record:
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
        community=Community(
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
