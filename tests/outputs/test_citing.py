"""A project is cited as its files ask, and no name breaks the format that it stands in.

A case is a file in `tests/cases/citations`: what the files of a repository say, and the references
that come of it. A new one needs no code.
"""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aggregator.catalogue.citation import Citation, citation_of
from aggregator.catalogue.types import Catalogue, Project
from aggregator.facts.repository import Details, Release
from aggregator.facts.snapshot import Snapshot
from aggregator.facts.statement import Author
from aggregator.github.repository_files import STATEMENT_FILES
from aggregator.github.statements import read_statements
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.site.data.citing import apa, bibtex, cite_path, note_on, ris
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from aggregator.words.names import RepoName
from tests.conftest import ROOT
from tests.outputs import factory

CASES = sorted((ROOT / "tests" / "cases" / "citations").glob("*.yaml"))
# Texts as they come out of the reader: one line, no control characters.
TEXT = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=40)


def project_of(case: dict[str, Any]) -> Project:
    """Assemble the project of a case."""
    files = case.get("files", {})
    statements, unread = read_statements(*(files.get(path) for path in STATEMENT_FILES.values()))
    assert unread == ()
    record = factory.known("bed-boards/Bed.Board", "R", "MIT", 40, 0)
    facts = record.facts
    assert facts is not None
    releases = tuple(
        Release(
            name=None,
            tag=tag,
            url="https://github.com/bed-boards/Bed.Board/releases",
            published_at=datetime(2026 - at, 2, 3, tzinfo=UTC),
        )
        for at, tag in enumerate(case.get("releases", ()))
    )
    details = Details(statements=statements, releases=releases, confirmed_at=factory.NOW)
    record = record.model_copy(update={"facts": facts.model_copy(update={"details": details})})
    name = case.get("organisation")
    bodies = (Organisation(slug="body", name=name, github=("bed-boards",)),) if name else ()
    entry = Entry(repo=RepoName("bed-boards", "Bed.Board"), title="Bed board")
    written = Registry(showcase=Showcase(), organisations=bodies, projects=(entry,))
    known = Snapshot(fetched_at=factory.NOW, records={record.key: record})
    return factory.catalogue_of(written, known).projects[0]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_it_is_cited_as_it_asks(path: Path) -> None:
    """All three references say what the files say, and nothing else."""
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    citation = citation_of(project_of(case))
    assert citation is not None
    note = note_on(citation)
    found = {
        "apa": apa(citation),
        "bib": bibtex(citation, note).decode(),
        "ris": ris(citation, note).decode().replace("\r\n", "\n"),
    }
    assert found == case["right"]


@given(TEXT, TEXT, TEXT, TEXT)
def test_no_text_breaks_a_reference(title: str, family: str, given_names: str, body: str) -> None:
    """Whatever a name holds, BibTeX counts as many braces open as closed, and RIS one record."""
    people = (Author(family=family, given=given_names, particle=body), Author(whole=body))
    citation = Citation(
        source="", key="it-2025", people=people, title=title, version=body, url="https://a.example/"
    )
    entry = bibtex(citation).decode()
    depth = 0
    for sign in entry:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
    assert not re.search(r"(?<!\\)[#$%&_~^]", entry.partition("url = ")[0])
    record = ris(citation).decode()
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in record.split("\r\n")[:-1])
    assert record.endswith("ER  - \r\n")
    assert len(re.findall(r"^ER  -", record, re.MULTILINE)) == 1


def test_each_project_offers_its_references(site: dict[str, bytes], catalogue: Catalogue) -> None:
    """The files that a page leads to are there, and hold what the page shows."""
    offered = [project for project in catalogue.projects if citation_of(project)]
    assert len(offered) > 10
    for project in offered:
        assert site[cite_path(project.page, "bib")].startswith(b"@")
        assert site[cite_path(project.page, "ris")].startswith(b"TY  - ")
        page = site[f"{project.page}index.html"].decode()
        assert 'href="../../../' + cite_path(project.page, "bib") in page
        assert "the project does not say how to cite it" in page


def test_what_was_taken_down_is_not_cited(site: dict[str, bytes]) -> None:
    """Of what is private now no reference is handed on."""
    folder = "projects/data-saves/vanished/"
    assert f"{folder}index.html" in site
    assert not [path for path in site if path.startswith(f"{folder}cite.")]
    assert b"cite-apa" not in site[f"{folder}index.html"]


def test_the_address_to_send_on_is_the_whole_one(theme: Theme, site: dict[str, bytes]) -> None:
    """What is copied leads to the page from anywhere; a site without address offers none."""
    folder = "projects/data-saves/plain-spc/"
    page = site[f"{folder}index.html"].decode()
    assert f'id="share-address">https://showcase.example.org/health/{folder}</pre>' in page
    alone = {f.path: f for f in render_site(factory.community(url=None), theme)}
    assert b"share-address" not in alone[f"{folder}index.html"].data


def test_a_released_day_is_a_day() -> None:
    """A version of a known day carries it whole where the format has a place for it."""
    citation = Citation(
        source="CITATION.cff",
        key="it",
        people=(Author(whole="It"),),
        title="It",
        year=2025,
        released=date(2025, 9, 29),
        url="https://a.example/",
    )
    assert b"DA  - 2025/09/29\r\n" in ris(citation)
    assert b"month = {9}" in bibtex(citation)
