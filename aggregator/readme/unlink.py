"""Take out of finished HTML what leads to a blocked domain, and say so where it stood.

One narrow step after rendering, so that what is kept of rendered READMEs does not depend on what
is blocked today. What comes in was sanitised already, and what changed is sanitised again, last.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from turbohtml import Element, Text

from aggregator.readme.kept import KeptText
from aggregator.readme.markup import attributes_of, parse, write_attributes
from aggregator.readme.readme import Quote, Readme, Start
from aggregator.readme.sanitise import sanitise
from aggregator.words.blocked import Blocklist, may_lead

SaidT = TypeVar("SaidT", Start, Quote)

_LEADING = frozenset({"href", "src", "srcset", "cite", "longdesc", "poster", "data", "action"})


def unlink(html: str, blocked: Blocklist) -> str:
    """Replace links and images that lead to a blocked domain by their words and a note.

    Args:
        html: As the README worker gives it.
        blocked: The domains.
    """
    if not blocked or not may_lead(html):
        return html
    root = parse(html)
    links = [
        (link, domain, link.text)
        for link in root.find_all("a")
        if (domain := blocked.domain_of(link.attr("href")))
    ]
    is_changed = bool(links)
    for node in list(root.descendants):
        if isinstance(node, Text) and may_lead(node.data):
            said = blocked.unlinked(node.data)
            is_changed |= said != node.data
            node.data = said
        elif isinstance(node, Element) and node.attrs:
            is_changed |= _unlink_element(node, blocked)
    for link, domain, words in links:
        if link.text == words:  # no note stands in it already
            link.append(Text(f" ({blocked.note(domain)})"))
        link.unwrap()
    return sanitise(root.inner_html) if is_changed else html


def _unlink_element(element: Element, blocked: Blocklist) -> bool:
    """Take an image, or the attributes that lead to a blocked domain; tell whether any did."""
    attributes = attributes_of(element)
    domains = {name: _domain(name, value, blocked) for name, value in attributes.items()}
    if element.tag == "img" and (domain := domains.get("src")):
        words = blocked.stripped(f"{attributes.get('alt', '')} ").lstrip()
        element.replace_with(Text(f"{words}({blocked.note(domain)})"))
        return True
    if element.tag == "source" and any(domains.values()):
        element.decompose()
        return True
    kept = {
        name: value if name in _LEADING else blocked.stripped(value)
        for name, value in attributes.items()
        if not domains[name]
    }
    if kept != attributes:
        write_attributes(element, kept)
    return kept != attributes


def _domain(name: str, value: str, blocked: Blocklist) -> str | None:
    """Name the blocked domain that an attribute leads to."""
    if name not in _LEADING:
        return None
    candidates = re.split(r"[\s,]+", value) if name == "srcset" else [value]
    return next(filter(None, map(blocked.domain_of, candidates)), None)


@dataclass(frozen=True, slots=True)
class _Unlinked:
    """`unlink` as a step, which says what it does."""

    blocked: Blocklist

    def __call__(self, html: str) -> str:
        return unlink(html, self.blocked)


@dataclass(frozen=True, slots=True)
class _Stripped:
    """The same for words."""

    blocked: Blocklist

    def __call__(self, text: str) -> str:
        return self.blocked.stripped(text)


def _then(text: str | KeptText, step: Callable[[str], str]) -> str | KeptText:
    return text.through(step) if isinstance(text, KeptText) else step(text)


def unlink_readme(readme: Readme, blocked: Blocklist) -> Readme:
    """Do the same for a whole README: its HTML, its words, its summary and its lead image.

    What is only there by handle is not read: it is done whenever somebody reads it.
    """
    if not blocked:
        return readme
    image = readme.lead_image
    headings = (replace(one, text=blocked.stripped(one.text)) for one in readme.headings)
    return replace(
        readme,
        html=_then(readme.html, _Unlinked(blocked)),
        text=_then(readme.text, _Stripped(blocked)),
        beginning=_then(readme.beginning, _Unlinked(blocked)),
        excerpt=blocked.unlinked(readme.excerpt) if readme.excerpt else readme.excerpt,
        headings=tuple(headings),
        lead_image=None if image and blocked.domain_of(image.url) else image,
        notes=tuple(map(blocked.unlinked, readme.notes)),
        start=_unblocked(readme.start, blocked),
        caution=_unblocked(readme.caution, blocked),
        needs=_unblocked(readme.needs, blocked),
        drawings=tuple(
            (path, blocked.stripped(text) if path.endswith(".svg") else text)
            for path, text in readme.drawings
        ),
    )


def _unblocked(said: SaidT | None, blocked: Blocklist) -> SaidT | None:
    """Give what a README says, or nothing where it names a blocked domain: no word is replaced."""
    if said is None:
        return None
    text = f"{said.code if isinstance(said, Start) else said.text} {said.heading}"
    return said if blocked.unlinked(text) == text else None
