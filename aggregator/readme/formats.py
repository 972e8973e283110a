"""Which format a README is in, judged by its file name as GitHub does."""

from enum import StrEnum
from posixpath import basename, splitext


class Format(StrEnum):
    """How a README is turned into HTML."""

    MARKDOWN = "Markdown"
    RST = "reStructuredText"
    NOTEBOOK = "a Jupyter notebook"
    PLAIN = "plain text"
    ASCIIDOC = "AsciiDoc"
    ORG = "Org"
    TEXTILE = "Textile"
    MEDIAWIKI = "MediaWiki markup"
    RDOC = "RDoc"
    POD = "POD"
    CREOLE = "Creole"
    OTHER = "a format that is not rendered here"


# https://github.com/github/markup/blob/master/README.md#markups and linguist's Markdown extensions
_EXTENSIONS = {
    **dict.fromkeys(
        ("md", "markdown", "mdown", "mkd", "mkdn", "mdwn", "mdx", "rmd", "qmd", "ronn", "livemd"),
        Format.MARKDOWN,
    ),
    **dict.fromkeys(("rst", "rest"), Format.RST),
    "ipynb": Format.NOTEBOOK,
    "txt": Format.PLAIN,
    **dict.fromkeys(("adoc", "asciidoc", "asc"), Format.ASCIIDOC),
    "org": Format.ORG,
    "textile": Format.TEXTILE,
    **dict.fromkeys(("mediawiki", "wiki"), Format.MEDIAWIKI),
    "rdoc": Format.RDOC,
    "pod": Format.POD,
    "creole": Format.CREOLE,
}


def format_of(path: str) -> Format:
    """Tell the format of a README from its path; one without an extension is Markdown here.

    GitHub shows a README without an extension as plain text; most are written in Markdown, and
    plain words come out of a Markdown parser as plain paragraphs.
    """
    extension = splitext(basename(path))[1].lstrip(".").lower()
    return _EXTENSIONS.get(extension, Format.OTHER) if extension else Format.MARKDOWN
