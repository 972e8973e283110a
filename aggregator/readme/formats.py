"""Which file is a README, and which format it is in: both told by its name, as GitHub does.

The one list of names; `github.repository_files` finds READMEs with it, and `rendering` chooses a
parser with it.
"""

import re
from posixpath import basename

# What is rendered here; the other formats are only names in a message.
MARKDOWN = "Markdown"
RST = "reStructuredText"
QUARTO = "Quarto"
NOTEBOOK = "a Jupyter notebook"
PLAIN = "plain text"
_OTHER = "a format that is not rendered here"

# https://github.com/github/markup/blob/master/lib/github/markups.rb, linguist's Markdown endings,
# and the sources of R Markdown, Quarto and notebooks. Of several READMEs in one folder GitHub shows
# the one whose ending stands first here; plain text comes last.
_ENDINGS = {
    ending: kind
    for kind, endings in (
        (MARKDOWN, "md markdown mdown mkdn mdn mdwn mkd mkdown livemd ronn scd workbook mdx"),
        (RST, "rst rest rst.txt rest.txt"),
        ("AsciiDoc", "adoc asciidoc asc"),
        ("Org", "org"),
        ("Textile", "textile"),
        ("Creole", "creole"),
        ("MediaWiki markup", "mediawiki wiki"),
        ("POD", "pod pod6"),
        ("RDoc", "rdoc"),
        (NOTEBOOK, "ipynb"),
        (QUARTO, "rmd qmd"),
        (PLAIN, "txt"),
    )
    for ending in endings.split()
}
# GitHub shows a README without an ending as plain text; most are written in Markdown, and plain
# words come out of a Markdown parser as plain paragraphs.
_ENDINGS[""] = MARKDOWN
_ORDER = {ending: place for place, ending in enumerate(_ENDINGS)}
_RENDERED_HERE = frozenset({MARKDOWN, RST, QUARTO, NOTEBOOK, PLAIN, _OTHER})
_README = re.compile(r"readme(?:\.(.*))?", re.IGNORECASE)
_LAST_ENDING = re.compile(r".\.((?:re?st\.)?[^.]*)$", re.IGNORECASE)


def format_of(path: str) -> str:
    """Tell the format of a file from its path; one without an ending is Markdown here."""
    match = _LAST_ENDING.search(basename(path))
    ending = match[1].lower() if match else ""
    if ending not in _ENDINGS:
        ending = ending.rpartition(".")[2]
    return _ENDINGS.get(ending, _OTHER)


def readme_rank(name: str) -> int | None:
    """Rank a file's name among the READMEs of a folder, lowest first; None when it is none."""
    match = _README.fullmatch(name)
    return _ORDER.get((match[1] or "").lower()) if match else None


def is_rendered_by_github(path: str) -> bool:
    """Tell whether only GitHub can turn this file into HTML: its markup has no parser here."""
    return format_of(path) not in _RENDERED_HERE


class UnreadableError(ValueError):
    """A file is not of the format that its name says; the message goes on after "because"."""
