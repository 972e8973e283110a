"""The reuse card: what a colleague asks first, each answer with its source, none made up."""

import gzip
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.catalogue.getting_started import caution_today, how_to_start
from aggregator.catalogue.permissions import NO_LICENCE, permission_of
from aggregator.catalogue.purpose import purpose_of
from aggregator.catalogue.types import Activity, Catalogue, Project, Summary
from aggregator.facts.repository import Details, FundingLink, Release, Statement
from aggregator.readme.readme import Quote, Readme, ReadmeSource, Start
from aggregator.readme.rendering import render
from aggregator.readme.ways import names_a_way
from aggregator.searching.hits import write_card
from aggregator.site.data.linked_data import software
from aggregator.site.data.search_index import documents_of
from aggregator.site.frame import frame_of
from aggregator.site.pages.cards import card_of, pulse_of
from aggregator.site.pages.reuse import ReuseCard, reuse_of
from aggregator.site.renderers import render_look
from aggregator.site.theme import Theme
from tests.conftest import ROOT
from tests.outputs import factory

SPC = "data-saves/plain-spc"
CASES = ROOT / "tests" / "cases" / "reuse"
_FIRST_LOAD = 40_000  # bytes
PURPOSES = [
    case.splitlines()
    for case in (CASES / "purposes.txt").read_text("utf-8").partition("\n")[2].split("\n\n")
]
PERMISSIONS = [
    line.split(" | ")
    for line in (CASES / "permissions.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.fixture(scope="module")
def community() -> Catalogue:
    """The made-up community."""
    return factory.community()


def changed(catalogue: Catalogue, change: Project) -> Catalogue:
    """Put another version of a project into a catalogue."""
    projects = tuple(change if p.key == change.key else p for p in catalogue.projects)
    return replace(catalogue, projects=projects, by_key={p.key: p for p in projects})


def with_details(project: Project, **update: object) -> Project:
    """Let GitHub say something else of a project."""
    assert project.facts is not None
    details = project.facts.details or Details(confirmed_at=factory.NOW)
    facts = project.facts.model_copy(update={"details": details.model_copy(update=update)})
    return replace(project, facts=facts)


def card(catalogue: Catalogue, project: Project) -> ReuseCard:
    """Make the card of a project."""
    return reuse_of(project, frame_of(changed(catalogue, project)))


def page(catalogue: Catalogue, project: Project, theme: Theme) -> LexborHTMLParser:
    """Make the page of a project."""
    files = render_look(changed(catalogue, project), theme)
    return LexborHTMLParser(
        next(file.data for file in files if file.path == f"{project.page}index.html")
    )


def answers(parsed: LexborHTMLParser) -> dict[str, str]:
    """Give what the card answers, by its questions."""
    return {_words(row.css("dt")): _words(row.css("dd")) for row in parsed.css(".reuse dl > div")}


def _words(nodes: Iterable[LexborNode]) -> str:
    return " ".join(" ".join(node.text() for node in nodes).split())


@pytest.mark.parametrize(("summary", "left"), PURPOSES, ids=[case[0] for case in PURPOSES])
def test_what_says_nothing_is_taken_away_and_no_word_is_added(summary: str, left: str) -> None:
    """A summary begins with what the project does; its own words stay as they are."""
    assert purpose_of(summary, ("Orchard map", "orchard-map")) == left
    assert left[1:] in summary


@pytest.mark.parametrize(
    ("name", "summary", "left"),
    [
        ("bed_finder", "The Bed-Finder is a chart of free beds", "A chart of free beds"),
        ("bed.finder", "bedfinder contains charts of free beds", "Charts of free beds"),
        ("BedFinder", "Bed finder is a chart of free beds", "Bed finder is a chart of free beds"),
        ("R.", "R. is a chart of free beds", "A chart of free beds"),
        ("R.", "R is a chart of free beds", "A chart of free beds"),
        ("The beds", "The beds are the charts of wards", "The charts of wards"),
        ("C++ (beds)", "C++ (beds) is a chart of free beds", "A chart of free beds"),
        ("Straße", "STRAßE is a chart of free beds", "A chart of free beds"),
        ("bed-finder", "Welcome to BED FINDER - charts of free beds", "Charts of free beds"),
        ("", "Beds is a chart of free beds", "Beds is a chart of free beds"),
    ],
)
def test_a_name_is_known_however_its_words_are_joined(
    name: str, summary: str, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no pattern is made for it: a build of a thousand projects made five thousand of them."""
    made = list[str]()
    monkeypatch.setattr(re, "compile", lambda pattern, _flags=0: made.append(pattern))
    assert purpose_of(summary, ("another name", name)) == left
    assert made == []


@pytest.mark.parametrize(("said", "allows", "texts"), PERMISSIONS, ids=[c[0] for c in PERMISSIONS])
def test_a_licence_is_one_sentence_with_a_link_to_its_text(
    said: str, allows: str, texts: str
) -> None:
    """What a licence allows is read from a table, and what is not in it is only named."""
    permission = permission_of(said)
    assert permission.allows == allows
    assert [name for name, _ in permission.texts] == texts.split()
    assert all(url == f"https://spdx.org/licenses/{name}.html" for name, url in permission.texts)


def test_a_text_that_only_github_read_names_no_more_than_its_version(community: Catalogue) -> None:
    """The text of the GPL is the same whether later versions apply or not."""
    project = next(p for p in community.projects if p.licence and p.licence.startswith("GPL"))
    used = project.evidence.used("licence")
    assert used is not None
    assert (used.source, used.value) == ("GitHub", "GPL-3.0-only")
    line = card(community, project).licence
    assert line is not None
    assert [text.text for text in line.texts] == ["GPL-3.0"]
    assert [text.url for text in line.texts] == ["https://spdx.org/licenses/GPL-3.0.html"]
    assert project.licence_label == "GPL-3.0"
    told = software(project, None)
    assert told is not None
    assert told["license"] == "https://spdx.org/licenses/GPL-3.0"
    found = next(each for each in documents_of(community) if each.key == project.repo)
    assert found.licence == "GPL-3.0"


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (Start("pip install x", "", ""), ""),
        (Start("x", "", "", on_unix=True), "On Linux or macOS:"),
        (Start("x", "", "", in_copy=True), "In a copy of the repository:"),
        (
            Start("x", "", "", in_copy=True, on_unix=True),
            "On Linux or macOS, in a copy of the repository:",
        ),
        (Start("x", "", "", in_r=True), "In R:"),
        (
            Start("x", "", "", goes_on=True),
            "These are the first steps: the README goes on with more.",
        ),
    ],
)
def test_a_start_says_where_it_works_and_whether_it_is_all(
    community: Catalogue, theme: Theme, start: Start, said: str
) -> None:
    """What is for some machines, or only a beginning, is not shown as if it were for all."""
    project = community.by_key[SPC]
    assert project.readme is not None
    readme = replace(project.readme, start=start)
    parsed = page(community, replace(project, readme=readme), theme)
    assert _words(parsed.css(".reuse-start .small")) == said


def test_the_card_answers_with_the_source_beside_each_answer(
    community: Catalogue, theme: Theme
) -> None:
    """How to start, the licence, life, makers, users and whom to ask, each with who says so."""
    project = community.by_key[SPC]
    assert project.readme is not None
    readme = replace(
        project.readme,
        start=Start("pip install plain-spc", "Install", "user-content-install"),
        caution=Quote("This tool is experimental.", "", ""),
        needs=Quote("It needs a table of counts.", "A table", "user-content-a-table"),
    )
    parsed = page(community, replace(project, readme=readme), theme)
    said = answers(parsed)
    assert list(said) == [
        "How to start",
        "May I reuse it?",
        "Is it alive?",
        "Who made it?",
        "Who uses it?",
        "Whom to ask?",
        "What about data?",
    ]
    assert "pip install plain-spc" in said["How to start"]
    assert (
        "From “Install” in the README, confirmed within a week of the last run"
        in said["How to start"]
    )
    assert "if you keep the licence with it. MIT" in said["May I reuse it?"]
    assert "Trust: Harbour and Hills NHS Foundation Trust" in said["Who uses it?"]
    assert "Council: Greater Fenshire County Public Health" in said["Who uses it?"]
    assert said["Whom to ask?"].startswith("ada-fen, Tomasz-W")
    assert "“A table” in the README" in said["What about data?"]
    assert "This tool is experimental." in _words(parsed.css(".reuse-caution"))
    assert all(row.css(".from") for row in parsed.css(".reuse dl > div") if row.css_first("dd"))
    ids = {node.attributes["id"] for node in parsed.css("[id]")}
    assert all(a.attributes["href"][1:] in ids for a in parsed.css(".reuse a[href^='#']"))


def test_what_nobody_says_has_no_line(community: Catalogue, theme: Theme) -> None:
    """A project of which little is known has few lines; without a licence it says to ask."""
    project = community.by_key[SPC]
    assert project.facts is not None
    glance = project.facts.glance.model_copy(update={"licence": None, "discussions": False})
    bare = replace(
        project,
        readme=None,
        people=(),
        used_by=(),
        evidence=replace(project.evidence, verdicts=()),
        facts=project.facts.model_copy(
            update={"glance": glance, "details": None, "counts": None, "contributors": None}
        ),
    )
    said = answers(page(community, bare, theme))
    assert list(said) == ["How to start", "May I reuse it?", "Is it alive?", "Who made it?"]
    assert NO_LICENCE in said["May I reuse it?"]
    assert said["How to start"] == "Read its documentation"
    nothing = card(community, replace(bare, facts=None))
    assert nothing.licence is None
    assert nothing.start is None


def test_files_say_how_to_start_only_where_they_leave_no_doubt(community: Catalogue) -> None:
    """An R package, an installable program and an environment; never a mere list of names."""
    project = replace(community.by_key[SPC], readme=None)
    for names, code in (
        (("DESCRIPTION", "NAMESPACE", "R/"), f'remotes::install_github("{project.repo}")'),
        (("setup.py",), f"pip install git+https://github.com/{project.repo}.git"),
        (("environment.yml", "requirements.txt"), "conda env create -f environment.yml"),
        (("renv.lock", "_targets.R"), "renv::restore()"),
        (("renv.lock", "README.md"), None),
        (("setup.py", "package.json"), None),
        (("environment.yml", "mkdocs.yml"), None),
        (("requirements.txt", "package-lock.json", "uv.lock", "DESCRIPTION"), None),
    ):
        found = how_to_start(with_details(project, top_level=names))
        assert (found.code if found else None) == code
    elsewhere = replace(project, url=f"https://git.example.org/{project.repo}")
    r_package = with_details(elsewhere, top_level=("DESCRIPTION", "NAMESPACE"))
    assert how_to_start(r_package) is None


@pytest.mark.parametrize(
    "said", ["git submodule add https://github.com/x/y", "pip install -r requirements.txt"]
)
def test_no_file_is_asked_where_the_readme_names_a_way_of_its_own(
    community: Catalogue, said: str
) -> None:
    """Another way than that of the authors would be a guess against them."""
    project = with_details(community.by_key[SPC], top_level=("setup.py",))
    assert project.readme is not None
    quiet, told = (
        replace(project, readme=replace(project.readme, names_a_way=names_a_way(text), start=None))
        for text in ("Counts apples.", f"Type {said}.")
    )
    assert how_to_start(quiet) is not None
    assert how_to_start(told) is None


@pytest.mark.parametrize(
    ("said", "stays"),
    [
        ("This project is in active development.", False),
        ("It is a work in progress.", False),
        ("Not for clinical use.", True),
    ],
)
def test_nobody_is_said_to_work_on_what_has_long_been_quiet(
    community: Catalogue, said: str, stays: bool
) -> None:
    """A README says it as long as somebody works on it, and often ever after."""
    project = community.by_key[SPC]
    assert project.readme is not None
    warned = replace(project, readme=replace(project.readme, caution=Quote(said, "", "")))
    assert caution_today(replace(warned, activity=Activity.YEAR)) is not None
    for activity in (Activity.QUIET, Activity.ARCHIVED):
        assert (caution_today(replace(warned, activity=activity)) is not None) is stays


def test_the_year_ends_with_the_last_push_so_that_no_night_moves_it(community: Catalogue) -> None:
    """The drawing says in words what it shows, and is the same whenever it is made."""
    project = community.by_key[SPC]
    pushed = datetime(2026, 9, 20, tzinfo=UTC)
    days = (datetime(2026, 8, 1, tzinfo=UTC), datetime(2025, 10, 1, tzinfo=UTC), None)
    days += (datetime(2025, 9, 30, tzinfo=UTC),)
    releases = tuple(
        Release(tag=f"v{n}", url=f"https://github.com/x/y/releases/v{n}", published_at=day)
        for n, day in enumerate(days)
    )
    assert project.facts is not None
    glance = project.facts.glance.model_copy(update={"pushed_at": pushed})
    facts = project.facts.model_copy(update={"glance": glance})
    dated = with_details(replace(project, facts=facts), releases=releases)
    year = card(community, dated).life.year
    assert year is not None
    assert year.words == (
        "2 releases in the year up to the last push in September 2026: October 2025 and "
        "August 2026."
    )
    assert year.marks == (0.0, 100.0)
    assert card(community, with_details(dated, releases=releases[3:])).life.year is None


def test_who_stands_behind_it_is_told_in_its_own_words(community: Catalogue) -> None:
    """Funding, the state that a file names, discussions: shown where GitHub says there are any."""
    project = community.by_key[SPC]
    told = with_details(
        project,
        statements=(Statement(path="publiccode.yml", status="beta"),),
        funding=(
            FundingLink(platform="OPEN_COLLECTIVE", url="https://opencollective.com/spc"),
            FundingLink.model_construct(platform="CUSTOM", url="javascript:alert(1)"),
        ),
    )
    assert told.facts is not None
    glance = told.facts.glance.model_copy(update={"discussions": True})
    told = replace(told, facts=told.facts.model_copy(update={"glance": glance}))
    made = card(community, told)
    assert (made.life.status, made.life.status_file) == ("beta", "publiccode.yml")
    assert [link.text for link in made.funding] == ["Open collective"]
    assert made.ask[0].url == f"https://github.com/{project.repo}/discussions"
    glance = glance.model_copy(update={"archived": True})
    archived = replace(told, facts=told.facts.model_copy(update={"glance": glance}))
    assert card(community, archived).ask == ()


def test_a_search_result_says_how_to_start_and_what_is_allowed(community: Catalogue) -> None:
    """One line of it and one sentence, as the page says them."""
    project = community.by_key[SPC]
    assert project.readme is not None
    begun = replace(project.readme, start=Start("git clone x\ncd x", "", ""))
    documents = documents_of(changed(community, replace(project, readme=begun)))
    found = next(each for each in documents if each.key == project.repo)
    assert found.start == "git clone x"
    assert found.allows == permission_of("MIT").allows


def test_cards_and_results_say_what_a_project_does_as_its_page_does(community: Catalogue) -> None:
    """The same words everywhere, and search still finds what was taken away."""
    said = Summary("This repository contains the charts of a weekly report.", "README")
    project = replace(community.by_key[SPC], summary=said)
    catalogue = changed(community, project)
    begun = "The charts of a weekly report."
    assert card(community, project).does == begun
    assert card_of(project, frame_of(catalogue)).summary == begun
    found = next(each for each in documents_of(catalogue) if each.key == project.repo)
    assert write_card(found, ())["s"] == begun
    assert found.summary == said.text


def test_how_lately_is_said_in_the_same_words_by_cards_and_by_search() -> None:
    """A word on a card is the word of the filter that finds it."""
    known = [each for each in Activity if each is not Activity.UNKNOWN]
    assert [pulse_of(each).text.lower() for each in known] == [each.value for each in known]


def test_a_long_readme_is_folded_by_a_box_that_needs_no_script(
    community: Catalogue, theme: Theme
) -> None:
    """A short README has no box; a long one keeps all its words and anchors on the page."""
    project = community.by_key[SPC]
    assert project.readme is not None
    assert not page(community, project, theme).css(".readme-fold")
    parsed = page(community, replace(project, readme=replace(project.readme, is_long=True)), theme)
    box = parsed.css_first(".readme-fold > input[type=checkbox]")
    assert box is not None
    label = parsed.css_first(".readme-fold > label")
    assert label is not None
    assert label.attributes["for"] == box.attributes["id"]
    assert parsed.css(".readme-fold .readme #user-content-thanks")


def _large() -> Readme:
    """Render a README of half a megabyte that does not compress."""
    rows = "\n".join(f"Line {n}: {n * 7919 % 100_003} apples.\n" for n in range(9_000))
    text = f"# Orchard\n\nCounts apples.\n\n{rows}\n\n## Thanks\n\nTo all.\n"
    return render(ReadmeSource(text.encode(), "README.md", SPC, "0" * 40, "main"))


def test_the_first_load_of_a_project_is_at_most_40_kb(community: Catalogue, theme: Theme) -> None:
    """A README too large for that begins on the page and stands whole on one of its own."""
    project = replace(community.by_key[SPC], readme=_large())
    assert project.readme is not None
    assert project.readme.beginning
    files = {file.path: file for file in render_look(changed(community, project), theme)}
    packed = {path: len(gzip.compress(file.data)) for path, file in files.items()}
    for path, weight in packed.items():
        if re.fullmatch(r"projects/[^/]+/[^/]+/index\.html", path):
            names = re.findall(r'"(?:\.\./)+(assets/[^"]+\.(?:css|js))"', files[path].data.decode())
            assert weight + sum(packed[name] for name in set(names)) <= _FIRST_LOAD
    whole = files[f"{project.page}readme/index.html"].data.decode()
    begun = files[f"{project.page}index.html"].data.decode()
    assert 'id="user-content-thanks"' in whole
    assert 'id="user-content-thanks"' not in begun
    assert 'readme/#user-content-thanks"' in begun or "In the README" not in begun


@pytest.mark.corpus
def test_the_summaries_of_real_projects_only_lose_words(corpus: Path) -> None:
    """Of every real description a whole end is left, long enough to say something."""
    for line in (corpus / "repositories.jsonl").read_text("utf-8").splitlines():
        facts = json.loads(line)
        if said := facts["description"]:
            left = purpose_of(said, (facts["full_name"].rpartition("/")[2],))
            assert said.endswith(left[1:])
            assert left == said or len(left.split()) >= 3
