"""Citations as programs for references read them: BibTeX, RIS, and a line in the style of APA.

BibTeX: https://www.ctan.org/pkg/biblatex, whose `@software` and `@dataset` other programs take for
`@misc`. RIS: two letters, two spaces, a hyphen. Both are UTF-8; only what would be read as markup
is written another way. A name that a file does not take apart is never taken apart here. What is
cited is decided in `catalogue.citation`.
"""

import re
from collections.abc import Iterable, Iterator

from aggregator.catalogue.citation import Citation, citation_of
from aggregator.catalogue.types import Project
from aggregator.facts.statement import Author
from aggregator.site.recipes import File
from aggregator.words.addresses import doi_link
from aggregator.words.speech import later, say

# https://www.latex-project.org/help/documentation/encguide.pdf: signs that are commands. BibTeX
# counts braces, also those with a backslash before them, so they are written by name.
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "#$%&_"},
    }
)
# An address stands there as it is, and may not break its braces.
_IN_AN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_BIBTEX = {
    "software": "software",
    "dataset": "dataset",
    "article": "article",
    "book": "book",
    "conference-paper": "inproceedings",
    "thesis": "thesis",
    "report": "report",
    "generic": "misc",
}
_RIS = {
    "software": "COMP",
    "dataset": "DATA",
    "article": "JOUR",
    "book": "BOOK",
    "conference-paper": "CONF",
    "thesis": "THES",
    "report": "RPRT",
    "generic": "GEN",
}
_BRACKETS = {"software": later("Computer software"), "dataset": later("Data set")}
# Of more authors APA 7 names the first nineteen and the last (its section 9.8).
_MOST_AUTHORS = 20
# What BibTeX would take apart inside one part of a name.
_TAKEN_APART = re.compile(r",|\band\b", re.IGNORECASE)


def cite_path(page: str, ending: str) -> str:
    """Name the file with the citation of the project whose page is in this folder."""
    return f"{page}cite.{ending}"


def citation_files(projects: Iterable[Project]) -> Iterator[File]:
    """Make the two files of each project that can be cited."""
    for project in projects:
        if citation := citation_of(project):
            told = (citation, note_on(citation))
            yield File(cite_path(project.page, "bib"), told, _bibtex_file)
            yield File(cite_path(project.page, "ris"), told, _ris_file)


def note_on(citation: Citation) -> str:
    """Say, for the reference itself, that nobody asked to be cited so; "" where somebody did."""
    return "" if citation.source else say("Made from what GitHub says")


def bibtex(citation: Citation, note: str = "") -> bytes:
    """Write the entry for LaTeX; `note` is a remark on it."""
    cited = citation
    pages = "--".join(filter(None, (cited.start, cited.end)))
    title = f"{{{_latex(cited.title)}}}"  # twice in braces: its capitals stay
    fields = {
        "author": " and ".join(map(_bibtex_name, cited.people)),
        "title": title,
        "booktitle" if cited.kind == "conference-paper" else "journal": _latex(cited.container),
        "version": _latex(cited.version),
        "year": str(cited.year or ""),
        "month": str(cited.released.month) if cited.released and cited.year else "",
        "volume": _latex(cited.volume),
        "number": _latex(cited.issue),
        "pages": _latex(pages),
        "publisher": _latex(cited.publisher),
        "doi": cited.doi.translate(_IN_AN_ADDRESS),
        "url": cited.url.translate(_IN_AN_ADDRESS),
        "note": _latex(note),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    entry = [f"@{_BIBTEX[cited.kind]}{{{cited.key},", *lines, "}"]
    return ("\n".join(entry) + "\n").encode()


def ris(citation: Citation, note: str = "") -> bytes:
    """Write the record for Zotero, EndNote and their kin; its lines end as RIS wants them."""
    cited = citation
    day = f"{cited.released:%Y/%m/%d}" if cited.released else ""
    told: list[tuple[str, str]] = [
        ("TY", _RIS[cited.kind]),
        *(("AU", _ris_name(author)) for author in cited.people),
        ("TI", cited.title),
        ("T2", cited.container),
        ("PY", str(cited.year or "")),
        ("DA", day),
        ("ET", cited.version),
        ("VL", cited.volume),
        ("IS", cited.issue),
        ("SP", cited.start),
        ("EP", cited.end),
        ("PB", cited.publisher),
        ("DO", cited.doi),
        ("UR", cited.url),
        ("N1", note),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in told if value]
    return "".join(f"{line}\r\n" for line in [*lines, "ER  - "]).encode()


def apa(citation: Citation) -> str:
    """Write the line for a list of references, after the seventh edition."""
    cited = citation
    when = str(cited.year) if cited.year else say("n.d.")
    number = re.sub("^[vV](?=[0-9])", "", cited.version)
    version = say("Version %(number)s", number=number) if number else ""
    kind = say(_BRACKETS[cited.kind]) if cited.kind in _BRACKETS else ""
    title = cited.title + (f" ({version})" if version else "") + (f" [{kind}]" if kind else "")
    volume = cited.volume + (f"({cited.issue})" if cited.issue else "")
    pages = "\N{EN DASH}".join(filter(None, (cited.start, cited.end)))
    container = ", ".join(filter(None, (cited.container, volume, pages)))
    parts = (
        f"{_authors(cited.people)} ({when})",
        title,
        container,
        cited.publisher,
    )
    told = " ".join(
        part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part
    )
    return f"{told} {doi_link(cited.doi) if cited.doi else cited.url}"


def _bibtex_file(told: tuple[Citation, str]) -> bytes:
    return bibtex(*told)


def _ris_file(told: tuple[Citation, str]) -> bytes:
    return ris(*told)


def _latex(text: str) -> str:
    return " ".join(text.split()).translate(_LATEX)


def _bibtex_name(author: Author) -> str:
    """Write "von Last, Jr, First"; braces keep together what BibTeX would take apart."""
    if not author.family:
        return f"{{{_latex(author.whole or '')}}}"
    family = _kept_together(author.family)
    if author.particle:
        # BibTeX knows a particle by its small first letter; another one is part of the name.
        particle = _latex(author.particle)
        family = f"{particle} {family}" if particle[0].islower() else f"{{{particle} {family}}}"
    rest = (_kept_together(part) for part in (author.suffix, author.given) if part)
    return ", ".join((family, *rest))


def _kept_together(part: str) -> str:
    return f"{{{_latex(part)}}}" if _TAKEN_APART.search(part) else _latex(part)


def _ris_name(author: Author) -> str:
    """Write "Last, First, Suffix". A comma takes a name apart, so a body has none in it."""
    if not author.family:
        return (author.whole or "").replace(",", " ")
    last = " ".join(filter(None, (author.particle, author.family)))
    parts = (last, author.given or "", author.suffix or "")
    return ", ".join(part.replace(",", " ") for part in parts).rstrip(", ")


def _authors(people: tuple[Author, ...]) -> str:
    names = [_apa_name(author) for author in people]
    if len(names) > _MOST_AUTHORS:
        return f"{', '.join(names[: _MOST_AUTHORS - 1])}, … {names[-1]}"
    return ", & ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _apa_name(author: Author) -> str:
    if not author.family:
        return author.whole or ""
    last = " ".join(filter(None, (author.particle, author.family)))
    return ", ".join(filter(None, (last, _initials(author.given or ""), author.suffix)))


def _initials(given: str) -> str:
    """Shorten given names: "Jean-Luc M." to "J.-L. M."; scripts without capitals stay whole."""
    words = (filter(None, word.split("-")) for word in given.split())
    return " ".join("-".join(map(_initial, parts)) for parts in words)


def _initial(part: str) -> str:
    capital = part[0].upper()
    return part if capital == part[0].lower() else f"{capital}."
