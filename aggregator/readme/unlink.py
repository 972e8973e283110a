"""Take out of finished HTML what leads to a blocked domain, and say so where it stood.

One narrow step after rendering, so that what is kept of rendered READMEs does not depend on what
is blocked today. What comes in was sanitised already, and what changed is sanitised again, last.
"""

import re
from dataclasses import replace
from html import escape, unescape

from aggregator.readme.flat_html import attributes_of, name_of, start_tag
from aggregator.readme.readme import Readme
from aggregator.readme.sanitise import sanitise
from aggregator.words.blocked import Blocklist, may_lead

# A tag as the sanitiser writes it: values stand in double quotes and may hold angle brackets.
_TAG = re.compile(r'(<(?:[^">]|"[^"]*")*>)')
_LEADING = frozenset({"href", "src", "srcset", "cite", "longdesc", "poster", "data", "action"})


def unlink(html: str, blocked: Blocklist) -> str:
    """Replace links and images that lead to a blocked domain by their words and a note.

    Args:
        html: As `render_markdown` and the README worker give it.
        blocked: The domains.
    """
    if not blocked:
        return html
    walk = _Walk(blocked)
    flat = _TAG.split(html)
    written = "".join(
        walk.tag(piece) if place % 2 else walk.text(piece) for place, piece in enumerate(flat)
    )
    return html if written == html else sanitise(written)


def unlink_readme(readme: Readme, blocked: Blocklist) -> Readme:
    """Do the same for a whole README: its HTML, its words, its summary and its lead image."""
    if not blocked:
        return readme
    image = readme.lead_image
    headings = (replace(one, text=blocked.stripped(one.text)) for one in readme.headings)
    return replace(
        readme,
        html=unlink(readme.html, blocked),
        text=blocked.stripped(readme.text),
        excerpt=blocked.unlinked(readme.excerpt) if readme.excerpt else readme.excerpt,
        headings=tuple(headings),
        lead_image=None if image and blocked.domain_of(image.url) else image,
        notes=tuple(map(blocked.unlinked, readme.notes)),
    )


class _Walk:
    """One pass over the texts and tags of a document."""

    def __init__(self, blocked: Blocklist) -> None:
        self._blocked = blocked
        self._open = ""  # the domain of the link that is being left out
        self._noted = False  # whether a note stands in that link already

    def text(self, piece: str) -> str:
        if not may_lead(piece):
            return piece
        words = unescape(piece)
        said = self._blocked.unlinked(words)
        if said == words:
            return piece
        self._noted = True
        return escape(said, quote=False)

    def tag(self, tag: str) -> str:
        if tag == "</a>" and self._open:
            said = "" if self._noted else f" ({escape(self._blocked.note(self._open))})"
            self._open = ""
            return said
        if ":" not in tag and "//" not in tag and "@" not in tag:
            return tag  # leads nowhere but to this page
        name, attributes = name_of(tag), attributes_of(tag)
        domains = {key: self._domain(key, value) for key, value in attributes.items()}
        if name == "a" and domains.get("href"):
            self._open, self._noted = domains["href"], False
            return ""
        if name == "img" and domains.get("src"):
            self._noted = True
            words = self._blocked.stripped(f"{attributes.get('alt', '')} ").lstrip()
            return escape(f"{words}({self._blocked.note(domains['src'])})")
        if name == "source" and any(domains.values()):
            return ""
        kept = {
            key: value if key in _LEADING else self._blocked.stripped(value)
            for key, value in attributes.items()
            if not domains[key]
        }
        return tag if kept == attributes else start_tag(name, kept)

    def _domain(self, name: str, value: str) -> str:
        """Name the blocked domain that an attribute leads to; empty when it leads to none."""
        if name not in _LEADING:
            return ""
        candidates = re.split(r"[\s,]+", value) if name == "srcset" else [value]
        return next(filter(None, map(self._blocked.domain_of, candidates)), None) or ""
