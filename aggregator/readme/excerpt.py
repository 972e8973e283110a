"""The sentence of a README that says what the project is: the one a visitor reads on a card."""

from selectolax.lexbor import LexborNode

MIN_LENGTH = 25
MAX_LENGTH = 300
_HOLDERS = frozenset({"div", "section", "center", "p", "body", "html", "article"})


def find_excerpt(body: LexborNode) -> str | None:
    """Give the first paragraph that describes the project, or None when none does."""
    for paragraph in body.css("p"):
        if not _stands_in_the_open(paragraph):
            continue
        text = " ".join(paragraph.text().split())
        if len(text) >= MIN_LENGTH:
            return text[:MAX_LENGTH]
    return None


def _stands_in_the_open(paragraph: LexborNode) -> bool:
    parent = paragraph.parent
    while parent is not None:
        if parent.tag not in _HOLDERS and not parent.is_document_node:
            return False
        parent = parent.parent
    return True
