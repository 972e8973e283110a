"""The site as a whole: the same every time, whole, and harmless."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path
from posixpath import normpath

import html5lib
import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.claims import Evidence
from aggregator.catalogue.types import Catalogue, Summary
from aggregator.facts.repository import Contributors, Counts, Details, Glance, RepoFacts
from aggregator.run.publish import checked_path, publish
from aggregator.searching.build import index_files
from aggregator.site import data as data_room
from aggregator.site.data.search_index import corpus_of, documents_of
from aggregator.site.frame import root_of
from aggregator.site.pages.facts import Confirmation, confirmation_of, fact_groups
from aggregator.site.recipes import File
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme, load_theme
from tests.outputs import factory

LISTING_BUDGET = 30_000
PROJECT_BUDGET = 40_000


def _address_of(path: str) -> str:
    return re.sub(r"(?:^|(?<=/))index\.html$", "", path)


def _pages(site: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    for path, data in site.items():
        if path.endswith(".html"):
            yield path, data.decode()


def test_the_same_catalogue_gives_the_same_bytes(theme: Theme) -> None:
    """Nothing depends on the clock, on chance or on the order of a set."""
    first = [(f.path, f.data) for f in render_site(factory.community(), theme)]
    again = render_site(factory.community(), load_theme("#225faa"))
    assert first == [(f.path, f.data) for f in again]


def test_a_file_whose_values_are_the_same_has_the_same_key(theme: Theme) -> None:
    """What stands there already is known without making it: equal keys, equal bytes."""
    first = {f.path: f for f in render_site(factory.community(), theme)}
    again = {f.path: f for f in render_site(factory.community(), load_theme("#225faa"))}
    assert {path: f.key for path, f in first.items()} == {p: f.key for p, f in again.items()}
    assert not any("data" in vars(file) for file in again.values())


def test_a_file_whose_bytes_change_has_another_key(theme: Theme, tmp_path: Path) -> None:
    """Neither news of a project, nor another look, is ever taken for what stood there before."""
    catalogue = factory.community()
    odd = replace(catalogue.projects[0], title="Quite another title")
    others = (odd, *catalogue.projects[1:])
    renamed = replace(catalogue, projects=others, by_key={p.key: p for p in others})
    (tmp_path / "404.html").write_text("<h1>Ours</h1>")
    before = {f.path: f for f in render_site(catalogue, theme)}
    for after in (
        render_site(renamed, theme),
        render_site(catalogue, load_theme("#225faa", tmp_path)),
        render_site(catalogue, load_theme("#7a3b1d")),
    ):
        known = [(file, before[file.path]) for file in after if file.path in before]
        changed = [file.path for file, old in known if file.data != old.data]
        assert changed
        assert [
            file.path for file, old in known if file.data != old.data and file.key == old.key
        ] == []


def test_a_page_hangs_on_nothing_but_what_it_shows(theme: Theme) -> None:
    """News of one project leaves the keys of pages that do not show it as they were."""
    catalogue = factory.community()
    odd = replace(catalogue.projects[0], left_out=("One link is left out.",))
    others = (odd, *catalogue.projects[1:])
    before = {f.path: f.key for f in render_site(catalogue, theme)}
    after = {f.path: f.key for f in render_site(replace(catalogue, projects=others), theme)}
    shown = {f"{odd.page}index.html", "data/catalogue.json"}  # a spreadsheet has no such column
    assert {p for p in after if after[p] != before[p]} == shown


@pytest.mark.parametrize(
    ("counts", "lines"),
    [
        ((0, 0, 0, 0), ["Issues and pull requests: None open"]),
        ((4, 0, 0, 0), ["Open issues: 4"]),
        ((None, 0, None, None), []),
        ((1, 2, 0, 1), ["Open issues: 1", "Open pull requests: 2", "Help wanted: 1"]),
    ],
)
def test_nothing_to_do_is_said_once(
    catalogue: Catalogue, counts: tuple[int | None, ...], lines: list[str]
) -> None:
    """What there is none of has no line: a quiet project is not told so four times."""
    project = next(one for one in catalogue.projects if one.facts)
    names = ("open_issues", "open_pull_requests", "good_first_issues", "help_wanted")
    told = Counts(confirmed_at=factory.NOW, **dict(zip(names, counts, strict=True)))
    facts = project.facts.model_copy(update={"counts": told})
    groups = fact_groups(replace(project, facts=facts), (), factory.NOW)
    found = [line for group in groups if group.title == "To do" for line in group.lines]
    assert [f"{line.label}: {line.text}" for line in found] == lines


def test_every_file_can_be_published(tmp_path: Path, catalogue: Catalogue, theme: Theme) -> None:
    """No path escapes, stands twice or is refused by any system."""
    count = publish(render_site(catalogue, theme), tmp_path / "site").files
    assert count == sum(1 for path in (tmp_path / "site").rglob("*") if path.is_file()) - 1


def test_the_site_has_every_page_that_was_promised(site: dict[str, bytes]) -> None:
    """The addresses of the design are there."""
    promised = (factory.CASES / "promised.txt").read_text(encoding="utf-8").split()
    assert [path for path in promised if path not in site] == []


def test_every_link_within_the_site_leads_somewhere(site: dict[str, bytes]) -> None:
    """No page links to a page, file or place on a page that is not there."""
    # The database is put beside the exports by the program, not by a renderer.
    known = {_address_of(path) for path in site} | {"data/catalogue.db"}
    ids = {p: set(re.findall(r'\sid="([^"]+)"', html)) for p, html in _pages(site)}
    for path, html in _pages(site):
        for href in re.findall(r'(?:href|src|action)="([^"]*)"', html):
            if not re.match(r"[a-z]+:", href):
                _assert_leads_somewhere(path, unescape(href), known, ids)


def _assert_leads_somewhere(
    path: str, href: str, known: set[str], ids: dict[str, set[str]]
) -> None:
    target, _, fragment = href.partition("#")
    target = target.partition("?")[0]  # what the search is asked for
    if path == "404.html":
        target = target.removeprefix("/health/") or "./"
    folder = path.rpartition("/")[0]
    found = normpath(f"/{folder}/{target}").lstrip("/")
    address = f"{found}/" if found and target.endswith("/") else found
    if not target:
        address = _address_of(path)
    assert address in known, f"{path} links to {href}"
    if fragment and f"{address}index.html" in ids:
        assert fragment in ids[f"{address}index.html"], f"{path} links to {href}"


def test_every_page_is_well_formed_html(site: dict[str, bytes]) -> None:
    """A strict parser finds nothing to mend, and no id stands twice on a page."""
    for path, html in _pages(site):
        html5lib.HTMLParser(strict=True).parse(html)
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), f"{path} has an id twice"


def test_every_page_has_one_title_one_heading_and_a_description(site: dict[str, bytes]) -> None:
    """Each page introduces itself once."""
    for path, html in _pages(site):
        tree = LexborHTMLParser(html)
        assert len(tree.css("h1")) == 1, path
        assert len(tree.css("head title")) == 1, path
        assert len(tree.css("main")) == 1, path


def test_headings_never_skip_a_level(site: dict[str, bytes]) -> None:
    """The outline can be walked by ear."""
    for path, html in _pages(site):
        levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
        steps = pairwise(levels)
        assert all(after <= before + 1 for before, after in steps), f"{path}: {levels}"


def test_hostile_words_stay_words(theme: Theme) -> None:
    """Whatever members or GitHub write, no script, handler or odd address comes of it."""
    for path, html in _pages({f.path: f.data for f in render_site(factory.hostile(), theme)}):
        tree = LexborHTMLParser(html)
        assert not tree.css("img[onerror]"), path
        scripts = tree.css('script:not([type="application/ld+json"])')
        assert all(node.attributes.get("src") for node in scripts), path
        for node in tree.css("[href], [src], [action]"):
            for name in ("href", "src", "action"):
                value = (node.attributes.get(name) or "").strip().lower()
                assert not value.startswith(("javascript:", "data:", "vbscript:")), path


def test_pages_of_lists_ask_nobody_else_for_anything(site: dict[str, bytes]) -> None:
    """Only a page with a README may load pictures from elsewhere."""
    for path, html in _pages(site):
        policy = LexborHTMLParser(html).css_first("meta[http-equiv]").attributes["content"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        images = re.search(r"img-src ([^;]*)", policy).group(1)
        assert ("https:" in images) == ('class="readme"' in html), path


@pytest.mark.parametrize(("size", "last"), [(0, 1), (1, 1), (60, 1), (61, 2), (130, 3)])
def test_long_lists_are_dealt_out_over_pages(size: int, last: int, theme: Theme) -> None:
    """Sixty projects a page, none lost, none twice."""
    site = {f.path: f.data for f in render_site(factory.many(size), theme)}
    pages = ["projects/index.html", *(f"page/{n}/index.html" for n in range(2, last + 1))]
    assert f"page/{last + 1}/index.html" not in site
    found = [
        href
        for page in pages
        for href in re.findall(r'card-title"><a href="([^"]*)"', site[page].decode())
    ]
    assert len(found) == size
    assert len({href.rpartition("projects/")[2] for href in found}) == size


def test_an_empty_showcase_invites_the_first_project(theme: Theme) -> None:
    """Nothing listed is a beginning, not an error."""
    site = {f.path: f.data for f in render_site(factory.many(0), theme)}
    assert b"Add the first project" in site["index.html"]


def test_what_was_erased_says_so_and_shows_nothing_old(site: dict[str, bytes]) -> None:
    """A repository that is private or gone keeps a page with a kind notice and no README."""
    for name, words in (("vanished", "No longer on GitHub"), ("closed-door", "No longer public")):
        html = site[f"projects/data-saves/{name}/index.html"].decode()
        assert words in html
        assert 'class="readme"' not in html
        assert "Open on GitHub" not in html


def test_a_bad_night_at_github_leaves_the_cards_as_they_were(site: dict[str, bytes]) -> None:
    """A repository that could not be reached keeps its summary, and its page says so."""
    card = "Segments a population by need"
    assert card in site["projects/index.html"].decode()
    page = site["projects/northmoor-icb/population-mix/index.html"].decode()
    assert "GitHub could not be reached" in page
    assert 'class="readme"' in page


def test_the_community_says_who_it_is_in_its_own_words(site: dict[str, bytes]) -> None:
    """Markdown in the registry's `about` is shown, and nothing in it can run."""
    html = site["about/index.html"].decode()
    assert "We are <em>analysts</em> who share." in html
    assert "alert(5)</script>" not in html


def test_search_knows_every_project_but_those_taken_down(catalogue: Catalogue) -> None:
    """What is private or gone cannot be found, and nothing else is forgotten."""
    listed = {document.key for document in documents_of(catalogue)}
    everything = {project.repo for project in catalogue.projects}
    assert everything - listed == {"data-saves/vanished", "data-saves/closed-door"}


@pytest.mark.parametrize("endless", ["a" * 20_000, "a'" * 20_000, "a\u0301" * 20_000])
def test_a_word_without_end_never_reaches_search(endless: str, catalogue: Catalogue) -> None:
    """One README of a single endless word cannot hold up the night for everybody."""
    project = next(p for p in catalogue.projects if p.readme and not p.standing.outcome.erases)
    assert project.readme
    trap = replace(project.readme, text=f"Before {endless} after")
    trapped = replace(
        catalogue,
        projects=(
            replace(project, readme=trap, story_html=endless, summary=Summary(endless, "GitHub")),
        ),
    )
    files = dict(index_files(corpus_of(trapped)))
    everything = b"".join(files.values())
    assert b'"befor"' in everything
    assert b"aaaaaaaa" not in everything


def test_old_facts_are_not_dressed_up_as_new(catalogue: Catalogue, theme: Theme) -> None:
    """Without any fetch the pages say so and show no date."""
    never = factory.catalogue_of(factory.registry(None), factory.Snapshot())
    site = {f.path: f.data.decode() for f in render_site(never, theme) if f.path.endswith(".html")}
    assert "Nothing has been fetched from GitHub yet" in site["index.html"]
    assert "Waiting for its first look" in site["projects/data-saves/plain-spc/index.html"]
    assert "2026-10-03" not in site["projects/data-saves/plain-spc/index.html"]


def test_an_old_address_leads_to_the_new_one(site: dict[str, bytes]) -> None:
    """A renamed repository's old page leads on without scripts."""
    html = site["projects/data-saves/moved-house/index.html"].decode()
    assert (
        '<meta http-equiv="refresh" content="0; url=../../../projects/data-saves/moved-home/">'
        in html
    )
    assert 'href="../../../projects/data-saves/moved-home/"' in html


def test_each_group_of_facts_says_when_it_was_confirmed(site: dict[str, bytes]) -> None:
    """What the last run asked, and what is asked in turn, is told by that run and not by a day."""
    html = site["projects/data-saves/plain-spc/index.html"].decode()
    confirmed = re.findall(r'Confirmed <a href="../../../status/" data-run>([^<]+)</a>', html)
    # Whether it lives stands on the reuse card, the rest beside the README.
    assert confirmed == [*["in the last run"] * 2, *["within a week of the last run"] * 3]


@pytest.mark.parametrize(
    ("age", "in_turn", "said"),
    [
        (timedelta(hours=5), False, "in the last run"),  # a part of it, on another machine
        (timedelta(hours=23), False, None),
        (timedelta(days=7), True, "within a week of the last run"),
        (timedelta(days=8), True, None),
    ],
)
def test_only_what_is_overdue_has_a_day_of_its_own(
    age: timedelta, in_turn: bool, said: str | None
) -> None:
    """The day stays the same until GitHub confirms the fact again."""
    found = confirmation_of(factory.NOW - age, factory.NOW, in_turn=in_turn)
    assert found == (Confirmation(said) if said else Confirmation(day=factory.NOW - age))


def test_facts_that_the_last_run_did_not_confirm_name_their_day(theme: Theme) -> None:
    """An outage shows on the page of each project that it hit, and on no other."""
    known = factory.snapshot()
    name = "data-saves/plain-spc"
    record = known.records[name]
    assert record.facts is not None
    glance = record.facts.glance.model_copy(update={"confirmed_at": factory.NOW - timedelta(3)})
    facts = record.facts.model_copy(update={"glance": glance})
    late = {**known.records, name: record.model_copy(update={"facts": facts})}
    catalogue = factory.catalogue_of(
        factory.registry(None), known.model_copy(update={"records": late})
    )
    html = {
        file.path: file.data.decode()
        for file in render_site(catalogue, theme)
        if file.path.endswith(".html")
    }
    said = 'Confirmed <time datetime="2026-09-30T02:10:00Z" data-age>30 September 2026</time>'
    assert [path for path, text in html.items() if said in text] == [f"projects/{name}/index.html"]


def test_what_nobody_told_has_no_line_and_breaks_no_page(theme: Theme) -> None:
    """GitHub may answer with the least that it can: a page says the rest, and says it plainly."""
    catalogue = factory.community()
    told = next(p for p in catalogue.projects if p.facts)
    at, glance = factory.NOW, told.facts.glance
    bare = Glance(
        repository_id=glance.repository_id, name_with_owner=glance.name_with_owner, confirmed_at=at
    )
    least = {
        "details": Details(confirmed_at=at),
        "counts": Counts(confirmed_at=at),
        "contributors": Contributors(confirmed_at=at),
    }
    for facts in (RepoFacts(glance=bare), RepoFacts(glance=bare, **least)):
        silent = replace(told, facts=facts, evidence=Evidence())
        only = replace(catalogue, projects=(silent,), by_key={silent.key: silent})
        page = next(f for f in render_site(only, theme) if f.path == f"{told.page}index.html")
        labels = [node.text() for node in LexborHTMLParser(page.data).css("aside .facts dt")]
        assert labels == []
        assert b"None" not in page.data


def test_a_project_without_a_summary_is_not_given_one(site: dict[str, bytes]) -> None:
    """Nothing is made up."""
    html = site["projects/harbour-trust/theatre-minutes/index.html"].decode()
    assert "No summary yet" in html
    assert "has no README yet" in html


def test_listing_pages_stay_within_their_budget(theme: Theme) -> None:
    """A full listing page with its styles and scripts is at most 30 KB compressed."""
    site = {f.path: f.data for f in render_site(factory.many(130), theme)}
    for path in ("index.html", "all/index.html", "page/2/index.html", "tags/long/index.html"):
        assert _weight(path, site) <= LISTING_BUDGET, path


def test_project_pages_stay_within_their_budget(site: dict[str, bytes]) -> None:
    """A project's page with its styles and scripts is at most 40 KB compressed."""
    assert _weight("projects/data-saves/plain-spc/index.html", site) <= PROJECT_BUDGET


def _weight(path: str, site: dict[str, bytes]) -> int:
    """Add up what a browser loads for a page, as a server sends it."""
    loaded = re.findall(
        r'<(?:link|script)[^>]*(?:href|src)="([^"]*assets/[^"]*)"', site[path].decode()
    )
    names = {name.rpartition("assets/")[2] for name in loaded}
    files = [site[path], *(site[f"assets/{name}"] for name in names)]
    return sum(len(gzip.compress(data)) for data in files)


@pytest.mark.parametrize(
    ("path", "root"), [("index.html", "./"), ("404.html", "./"), ("a/b/index.html", "../../")]
)
def test_links_are_relative_to_the_page(path: str, root: str) -> None:
    """The site works below any address and from a folder on disk."""
    assert root_of(path) == root


def test_paths_stay_inside_the_site(site: dict[str, bytes]) -> None:
    """Each path is one that publishing accepts."""
    assert all(checked_path(path) for path in site)


def test_a_file_of_text_is_utf_8() -> None:
    """Accents and emoji arrive as written."""
    assert File.of_text("a", "é🙂").data == "é🙂".encode()


def test_data_never_knows_a_page() -> None:
    """Whoever changes how a page looks cannot change what the data say."""
    folder = Path(data_room.__file__).parent
    sources = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
    assert len(sources) > 5
    assert [name for name, source in sources.items() if "aggregator.site.pages" in source] == []
