"""Take out of finished HTML what leads to a blocked domain, and say so where it stood.

One narrow step after rendering, so that what is kept of rendered READMEs does not depend on what
is blocked today. What comes in was sanitised already, and what changed is sanitised again, last.
"""

import re
from dataclasses import replace
from html import escape, unescape

from aggregator.readme.readme import Heading, Readme
from aggregator.readme.sanitise import sanitise
from aggregator.words.blocked import Blocklist, may_lead

# A tag as the sanitiser writes it: values stand in double quotes and may hold angle brackets.
_TAG = re.compile(r'(<(?:[^">]|"[^"]*")*>)')
_ATTRIBUTE = re.compile(r' ([^\s="<>]+)="([^"]*)"')
_LEADING = frozenset({"href", "src", "srcset", "cite", "longdesc", "poster", "data", "action"})


def unlink(html: str, blocked: Blocklist) -> str:
    """Replace links and images that lead to a blocked domain by their words and a note.

    Args:
        html: As `render_markdown` and the README worker give it.
        blocked: The domains.
    """
    if not blocked:
        return html
    pieces = _TAG.split(html)
    written = "".join(_Walk(blocked).walked(pieces))
    return html if written == html else sanitise(written)


def unlink_readme(readme: Readme, blocked: Blocklist) -> Readme:
    """Do the same for a whole README: its HTML, its words, its summary and its lead image."""
    if not blocked:
        return readme
    image = readme.lead_image
    lost = image is not None and blocked.domain_of(image.url) is not None
    return replace(
        readme,
        html=unlink(readme.html, blocked),
        text=blocked.stripped(readme.text),
        excerpt=blocked.unlinked(readme.excerpt) if readme.excerpt else readme.excerpt,
        headings=tuple(
            Heading(h.level, blocked.stripped(h.text), h.anchor) for h in readme.headings
        ),
        lead_image=None if lost else image,
        notes=tuple(map(blocked.unlinked, readme.notes)),
    )


class _Walk:
    """One pass over the pieces of a document: text, tag, text, ..., text."""

    def __init__(self, blocked: Blocklist) -> None:
        self._blocked = blocked
        self._open = ""  # the domain of the link that is being left out
        self._noted = False  # whether a note stands in that link already

    def walked(self, pieces: list[str]) -> list[str]:
        """Give the pieces without what leads to a blocked domain."""
        return [self._tag(p) if place % 2 else self._text(p) for place, p in enumerate(pieces)]

    def _text(self, piece: str) -> str:
        if not may_lead(piece):
            return piece
        words = unescape(piece)
        said = self._blocked.unlinked(words)
        if said == words:
            return piece
        self._noted = True
        return escape(said, quote=False)

    def _tag(self, tag: str) -> str:
        if tag == "</a>" and self._open:
            said = "" if self._noted else f" ({self._note(self._open)})"
            self._open = ""
            return said
        if ":" not in tag and "//" not in tag and "@" not in tag:
            return tag  # leads nowhere but to this page
        attributes = _ATTRIBUTE.findall(tag)
        domains = {name: self._domain(name, unescape(value)) for name, value in attributes}
        name = tag[1:].partition(" ")[0].rstrip(">").lower()
        if name == "a" and domains.get("href"):
            self._open, self._noted = domains["href"], False
            return ""
        if name == "img" and domains.get("src"):
            self._noted = True
            words = unescape(dict(attributes).get("alt", ""))
            return escape(self._blocked.stripped(f"{words} ")).lstrip() + (
                f"({self._note(domains['src'])})"
            )
        if name == "source" and any(domains.values()):
            return ""
        return self._without(tag, attributes, domains)

    def _without(self, tag: str, attributes: list[tuple[str, str]], domains: dict[str, str]) -> str:
        """Take the attributes out of a tag that lead to a blocked domain or spell one out."""

        def kept(match: re.Match[str]) -> str:
            if domains.get(match[1]):
                return ""
            value = unescape(match[2])
            said = self._blocked.stripped(value) if match[1] not in _LEADING else value
            return match[0] if said == value else f' {match[1]}="{escape(said)}"'

        spelt = any(may_lead(value) for name, value in attributes if name not in _LEADING)
        return _ATTRIBUTE.sub(kept, tag) if spelt or any(domains.values()) else tag

    def _domain(self, name: str, value: str) -> str:
        if name not in _LEADING:
            return ""
        candidates = re.split(r"[\s,]+", value) if name == "srcset" else [value]
        return next(filter(None, map(self._blocked.domain_of, candidates)), None) or ""

    def _note(self, domain: str) -> str:
        return escape(self._blocked.note(domain))
