"""Kinds of organisations side by side: any community's own, counted and never ranked."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.catalogue.counting import numbers_of
from aggregator.catalogue.kinds import kinds_of
from aggregator.catalogue.licence_terms import LicenceTerms, terms_of, terms_of_licence
from aggregator.catalogue.types import Activity, Catalogue
from aggregator.facts.repository import Release
from aggregator.registry.community import Term
from aggregator.registry.models import Organisation
from aggregator.site.frame import pushed_at
from aggregator.site.pages.figures import count_cell
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from aggregator.words.phrases import sentence
from tests.outputs import factory

LIBRARY = Term(name="library", means="Lends books and keeps them.")


def made(catalogue: Catalogue, theme: Theme) -> dict[str, bytes]:
    return {file.path: file.data for file in render_site(catalogue, theme)}


def of_kinds(*kinds: str | None) -> Catalogue:
    """Give the made-up community with other kinds, one for each organisation in turn."""
    written, known = factory.registry("https://showcase.example.org/"), factory.snapshot()
    bodies = tuple(
        replace(body, kind=kinds[at % len(kinds)]) for at, body in enumerate(written.organisations)
    )
    terms = {"kinds": (LIBRARY,), "tags": (), "stages": ()}
    return factory.catalogue_of(replace(written, organisations=bodies, terms=terms), known)


def cells(page: bytes, slug: str) -> list[list[LexborNode]]:
    """Give the rows of the table of one section."""
    tree = LexborHTMLParser(page)
    return [row.css("th, td") for row in tree.css(f'section[aria-labelledby="{slug}"] tbody tr')]


def test_any_kinds_are_compared_and_not_ours(theme: Theme) -> None:
    """A community of libraries and museums compares those."""
    site = made(of_kinds("library", "museum"), theme)
    assert b"Lends books and keeps them." in site["compare/index.html"]
    assert [row[0].text() for row in cells(site["compare/index.html"], "overview")] == [
        "Library",
        "Museum",
    ]
    library = LexborHTMLParser(site["kinds/library/index.html"])
    assert [one.text() for one in library.css(".page-head h1, .page-head .lead")] == [
        "Library",
        "Lends books and keeps them.",
    ]


@pytest.mark.parametrize("kinds", [("library",), (None,), ("library", None)])
def test_one_kind_alone_is_no_comparison(kinds: tuple[str | None, ...], theme: Theme) -> None:
    """No page, no menu target and no word of it where there are not two."""
    site = made(of_kinds(*kinds), theme)
    assert [path for path in site if path.startswith(("compare/", "kinds/"))] == []
    assert not any(b"compare/" in data for path, data in site.items() if path.endswith("html"))
    assert b"compare/" not in site["sitemap.xml"]


def test_a_kind_without_projects_is_none(catalogue: Catalogue) -> None:
    """An organisation that listed nothing yet makes no kind to compare with."""
    groups = [group for group in catalogue.organisations if group.projects][:1]
    empty = replace(groups[0], organisation=Organisation(slug="a", name="A", kind="New"))
    assert kinds_of([*groups, replace(empty, projects=())], {}) == ()


def test_spellings_of_one_kind_are_one(catalogue: Catalogue) -> None:
    """A "Trust" and a "trust" are one kind, called as most call it, and both are asked for."""
    names = ("trust", "Trust", "Trust", "guild", "guild")
    groups = [
        replace(group, organisation=replace(group.organisation, kind=kind))
        for group, kind in zip(catalogue.organisations, names, strict=True)
    ]
    guild, trust = kinds_of(groups, {})
    assert (trust.name, trust.spellings, len(trust.organisations)) == (
        "Trust",
        ("Trust", "trust"),
        3,
    )
    assert guild.slug == "guild"


def test_every_number_adds_up_to_the_projects_of_its_kind(
    site: dict[str, bytes], catalogue: Catalogue
) -> None:
    """The parts of each figure are all projects of the kind, those that nobody knows too."""
    kinds = kinds_of(catalogue.organisations, {})
    for slug in ("languages", "licences", "stages", "activity"):
        rows = cells(site["compare/index.html"], slug)
        sums = [sum(int(cell.text().split()[0]) for cell in row[1:]) for row in rows]
        assert sums == [len(kind.projects) for kind in kinds], slug


def test_a_number_leads_to_the_projects_behind_it(
    site: dict[str, bytes], catalogue: Catalogue
) -> None:
    """The search is asked for the kind and for what was counted, in its own words."""
    kinds = {kind.name: kind for kind in kinds_of(catalogue.organisations, {})}
    rows = cells(site["compare/index.html"], "licences")
    links = [(row[0].text(), cell) for row in rows for cell in row[1:] if cell.css_first("a")]
    assert links
    for kind, cell in links:
        asked = parse_qs(urlsplit(cell.css_first("a").attributes["href"] or "").query)
        behind = [p for p in kinds[kind].projects if p.licence_label in asked["licence"]]
        assert asked["kind"] == [kind]
        assert len(behind) == int(cell.text().split()[0])


def test_what_a_kind_did_lately_is_what_was_pushed_last(
    site: dict[str, bytes], catalogue: Catalogue
) -> None:
    """A manager sees of each kind which projects changed last, whose they are, and when."""
    columns = LexborHTMLParser(site["compare/index.html"]).css(".lately > div")
    kinds = kinds_of(catalogue.organisations, {})
    assert [column.css_first("h3").text(strip=True) for column in columns] == [
        sentence(kind.name) for kind in kinds
    ]
    asleep = {Activity.ARCHIVED, Activity.UNKNOWN}
    for column, kind in zip(columns, kinds, strict=True):
        awake = [p for p in kind.projects if p.activity not in asleep and pushed_at(p)]
        newest = sorted(awake, key=lambda p: (str(pushed_at(p)), p.key), reverse=True)[:3]
        shown = [link.attributes["href"] for link in column.css("h4 a")]
        assert shown == [f"../{project.page}" for project in newest]


def test_tables_can_be_heard(site: dict[str, bytes]) -> None:
    """Each has a caption, a head over every column and one before every row."""
    for path in ("compare/index.html", "insights/index.html"):
        tables = LexborHTMLParser(site[path]).css("table")
        assert tables
        for table in tables:
            assert table.css_first("caption").text(strip=True)
            heads = table.css("thead th")
            assert {head.attributes["scope"] for head in heads} == {"col"}
            for row in table.css("tbody tr"):
                assert [each.attributes.get("scope") for each in row.css("th")] == ["row"]
                assert len(row.css("th, td")) == len(heads)


def test_names_of_charts_are_names_once(site: dict[str, bytes]) -> None:
    """What names a chart is found, as no two things on a page have one id."""
    for path in ("compare/index.html", "insights/index.html"):
        ids = re.findall(r'\sid="([^"]+)"', site[path].decode())
        assert len(ids) == len(set(ids))


def test_a_share_of_few_is_a_count() -> None:
    """No percentage of three."""
    assert count_cell(2, 3).note == ""
    assert count_cell(12, 24).note == "50%"
    assert (count_cell(0, 24).text, count_cell(0, 0).text) == ("0", "not known")


@pytest.mark.parametrize(
    ("licence", "terms"),
    [
        ("MIT", LicenceTerms.NOTICE),
        ("OGL-UK-3.0", LicenceTerms.NOTICE),
        ("CC0-1.0", LicenceTerms.FREE),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", LicenceTerms.SHARE_ALIKE),
        ("MIT OR GPL-3.0-only", LicenceTerms.NOTICE),
        ("MIT AND GPL-2.0-only", LicenceTerms.SHARE_ALIKE),
        ("CC-BY-NC-4.0", LicenceTerms.OTHER),
        ("(MIT OR X11) AND ISC", LicenceTerms.OTHER),
        ("Our own", LicenceTerms.OTHER),
    ],
)
def test_a_licence_is_told_in_words(licence: str, terms: LicenceTerms) -> None:
    """Of a choice the freest counts, of several together the strictest."""
    assert terms_of_licence(licence) == terms


def test_no_licence_is_not_the_same_as_not_known(catalogue: Catalogue) -> None:
    """A repository that vanished is not blamed for having none."""
    told = {project.key: terms_of(project) for project in catalogue.projects}
    assert told["data-saves/vanished"] is LicenceTerms.UNKNOWN
    known = next(project for project in catalogue.projects if project.facts)
    glance = known.facts.glance.model_copy(update={"licence": None})
    bare = replace(
        known, facts=known.facts.model_copy(update={"glance": glance}),
        evidence=replace(known.evidence, verdicts=()),
    )  # fmt: skip
    assert terms_of(bare) is LicenceTerms.NONE


def test_only_what_is_known_is_counted_as_released(catalogue: Catalogue) -> None:
    """Releases that nobody asked for are not "none", and old ones are not of this year."""
    project = next(p for p in catalogue.projects if p.facts)
    facts = project.facts

    def with_releases(releases: tuple[Release, ...] | None) -> tuple[int, int]:
        details = facts.details.model_copy(update={"releases": releases})
        counted = numbers_of(
            [replace(project, facts=facts.model_copy(update={"details": details}))]
        )
        return counted.released, counted.releases_known

    def at(days: int) -> Release:
        when = facts.glance.confirmed_at.replace(microsecond=0)
        day = when.fromtimestamp(when.timestamp() - days * 86_400, tz=when.tzinfo)
        return Release(tag="v1", published_at=day, url="https://github.com/a/b/releases/tag/v1")

    assert with_releases(None) == (0, 0)
    assert with_releases((at(400),)) == (0, 1)
    assert with_releases((at(300),)) == (1, 1)


def test_the_numbers_of_an_organisation_are_its_own(
    site: dict[str, bytes], catalogue: Catalogue
) -> None:
    """Its page says how many of how many, and leads to its kind."""
    group = next(g for g in catalogue.organisations if g.organisation.slug == "harbour")
    counted = numbers_of(group.projects)
    page = LexborHTMLParser(site["organisations/harbour/index.html"])
    said = {
        line.css_first("dt").text(): " ".join(line.css_first("dd").text().split())
        for line in page.css(".numbers-of > div")
    }
    assert said["Kind"] == "Trust"
    assert said["Active this quarter"].startswith(f"{counted.lively} of ")
    lively = (Activity.MONTH, Activity.QUARTER)
    assert counted.lively == sum(project.activity in lively for project in group.projects)
    assert page.css_first('.numbers-of a[href$="kinds/trust/"]')


def test_an_organisation_begins_with_its_sentence(theme: Theme) -> None:
    """What it does stands first, where somebody said it."""
    written, known = factory.registry(None), factory.snapshot()
    bodies = tuple(replace(body, about="Cares for a harbour.") for body in written.organisations)
    site = made(factory.catalogue_of(replace(written, organisations=bodies), known), theme)
    page = LexborHTMLParser(site["organisations/harbour/index.html"])
    assert page.css_first(".page-head .lead").text() == "Cares for a harbour."
    assert b"Cares for a harbour." in site["organisations/index.html"]
