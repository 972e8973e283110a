"""Links into repositories lead where they say, whatever things are called."""

from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.types import Catalogue
from aggregator.facts.repository import GOOD_FIRST_ISSUE, HELP_WANTED, RepoFacts
from aggregator.github import documents
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from aggregator.words.addresses import at_github, issues_labelled, quoted
from tests.outputs import factory

HOME = "https://github.com/owl/nest"
ODD = ("rel#1", "50% done", "what?", "späť", "feature/égg & ham", "a b", "main", "x;y=z", "%23")
SPC = "data-saves/plain-spc"


@pytest.mark.parametrize("branch", ODD)
@pytest.mark.parametrize("path", ["README.md", "docs/read me #1.md", "文档/100%.md"])
def test_names_are_encoded_exactly_once(branch: str, path: str) -> None:
    """A browser that decodes the address once finds the branch and the file."""
    parts = urlsplit(at_github(HOME, "blob", branch, path))
    assert not parts.query
    assert not parts.fragment
    assert unquote(parts.path) == f"/owl/nest/blob/{branch}/{path}"
    assert parts.path.isascii()


def test_a_plain_name_stays_readable() -> None:
    """Nothing is encoded that need not be."""
    assert (
        at_github(HOME, "blob", "rel-1.2/x", "docs/a_b.md") == f"{HOME}/blob/rel-1.2/x/docs/a_b.md"
    )
    assert at_github(HOME, "blob", "rel#1", "README.md") == f"{HOME}/blob/rel%231/README.md"
    assert quoted("tags/c++/") == "tags/c++/"


def test_one_label_leads_to_its_own_page() -> None:
    """The link leads to the label that the repository has."""
    address = issues_labelled(HOME, ("good-first-issue",), GOOD_FIRST_ISSUE)
    assert address == f"{HOME}/labels/good-first-issue"
    assert issues_labelled(HOME, ("Help Wanted",), HELP_WANTED) == f"{HOME}/labels/Help%20Wanted"


@pytest.mark.parametrize("found", [None, (), GOOD_FIRST_ISSUE])
def test_labels_that_are_not_sure_lead_to_all_that_were_counted(
    found: tuple[str, ...] | None,
) -> None:
    """The list behind the number holds as many issues as the number says."""
    parts = urlsplit(issues_labelled(HOME, found, GOOD_FIRST_ISSUE))
    assert parts.path == "/owl/nest/issues"
    (query,) = parse_qs(parts.query)["q"]
    assert query == 'is:issue is:open label:"good first issue","good-first-issue"'


def test_the_labels_that_links_lead_to_are_those_that_are_asked_for() -> None:
    """The query and the links cannot disagree."""
    text = documents.depth([]).text
    for labels in (GOOD_FIRST_ISSUE, HELP_WANTED):
        assert f'labels: ["{labels[0]}", "{labels[1]}"]' in text
        assert all(f'label(name: "{label}")' in text for label in labels)


def _renamed(branch: str, path: str) -> Catalogue:
    catalogue = factory.community()
    project = catalogue.by_key[SPC]
    facts = project.facts
    assert facts is not None
    assert facts.details is not None
    assert facts.details.readme is not None
    assert facts.details.community is not None
    assert facts.counts is not None
    readme = facts.details.readme.model_copy(update={"path": path})
    community = facts.details.community.model_copy(
        update={"contributing": path, "docs": "do cs/", "licence": None}
    )
    changed = RepoFacts(
        glance=facts.glance.model_copy(update={"default_branch": branch, "licence": None}),
        details=facts.details.model_copy(update={"readme": readme, "community": community}),
        counts=facts.counts.model_copy(update={"good_first_labels": ("good-first-issue",)}),
        contributors=facts.contributors,
    )
    odd = replace(project, facts=changed)
    others = tuple(odd if p.key == SPC else p for p in catalogue.projects)
    return replace(catalogue, projects=others, by_key={**catalogue.by_key, SPC: odd})


@pytest.mark.parametrize("branch", ODD)
def test_a_page_links_into_an_oddly_named_branch(branch: str, theme: Theme) -> None:
    """README, guide, folders, labels and the licence form are reached on any branch."""
    path = "docs/read me#?.md"
    site = {f.path: f.data for f in render_site(_renamed(branch, path), theme)}
    tree = LexborHTMLParser(site[f"projects/{SPC}/index.html"])
    tree.css_first(".readme").decompose()
    found = {node.attributes.get("href") or "" for node in tree.css("a")}
    inside = {a for a in found if "/blob/" in a or "/tree/" in a}
    assert {unquote(urlsplit(a).path) for a in inside} == {
        f"/{SPC}/blob/{branch}/{path}",
        f"/{SPC}/tree/{branch}/do cs/",
    }
    assert not any(urlsplit(a).query or urlsplit(a).fragment for a in inside)
    assert f"https://github.com/{SPC}/labels/good-first-issue" in found
    assert not any("labels/good%20first" in a for a in found)
    form = next(c.text() for c in tree.css("pre") if "license/new" in c.text())
    assert parse_qs(urlsplit(form.strip()).query)["branch"] == [branch]


def test_a_badge_is_found_where_the_address_of_the_site_is_encoded(theme: Theme) -> None:
    """The Markdown for a README keeps an address that holds %20 as it is."""
    home = "https://data.example.org/our%20work/"
    site = {f.path: f.data for f in render_site(factory.community(home), theme)}
    page = site[f"projects/{SPC}/index.html"].decode()
    assert f"({home}badges/{SPC}.svg)" in page
    assert "%2520" not in page
