"""What a project's page offers to whoever cites it or sends it on: references and its address.

Filled into `project/cite.html`. How a reference is written is in `data.citing`.
"""

from dataclasses import dataclass

from aggregator.catalogue.citation import Citation, citation_of
from aggregator.catalogue.types import Project
from aggregator.site.data.citing import apa, bibtex, cite_path, note_on, ris
from aggregator.site.frame import Frame
from aggregator.site.pages.facts import branch_of
from aggregator.words.addresses import at_github, quoted


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in one form, with the file in which it can be had; "" for none.

    `key` tells it from the others on its page.
    """

    key: str
    name: str
    text: str
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """How to cite a project and where to send people.

    Args:
        source: the file of the repository that says how to cite it; "" where none does.
        source_url: that file at GitHub.
        instead: whether the authors want something else cited.
        line: the reference as it stands in a text.
        records: the same for programs.
        address: of the page; "" while that of the site is not known.
    """

    source: str
    source_url: str
    instead: bool
    line: Reference
    records: tuple[Reference, ...]
    address: str


def sharing_of(project: Project, frame: Frame) -> Sharing | None:
    """Offer ways to cite and to send on; None for a project that was taken down."""
    citation = citation_of(project)
    if citation is None:
        return None
    at = at_github(project.url, "blob", branch_of(project.facts), citation.source)
    return Sharing(
        source=citation.source,
        source_url=at if citation.source else "",
        instead=citation.instead,
        line=Reference("apa", "APA", apa(citation)),
        records=tuple(_records(citation, project.page)),
        address=f"{frame.site.url}{quoted(project.page)}" if frame.site.url else "",
    )


def _records(citation: Citation, page: str) -> tuple[Reference, ...]:
    note = note_on(citation)
    for_latex, for_others = bibtex(citation, note).decode(), ris(citation, note).decode()
    return (
        Reference("bibtex", "BibTeX", for_latex, cite_path(page, "bib")),
        Reference("ris", "RIS", for_others.replace("\r\n", "\n"), cite_path(page, "ris")),
    )
