"""What a visit to a website says of it: fine, moved, dead, parked, or not to be told. Pure.

    Visit --condition_of--> Condition and where it leads now

Careful on purpose: a server that is slow, shy of programs or broken tonight is not called dead, and
a page is called parked only where its own domain is offered for sale by those who do that.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from html import unescape
from ipaddress import ip_address
from typing import TYPE_CHECKING

from aggregator.facts.visit import WHY, Visit, VisitEnd
from aggregator.words.addresses import is_doi_address, place_of, split_address
from aggregator.words.blocked import plain_host

if TYPE_CHECKING:
    from tldextract import TLDExtract


class Condition(StrEnum):
    """How a website is, as far as one visit can tell."""

    FINE = "fine"
    MOVED = "moved"  # for good, to another address of the same domain
    ELSEWHERE = "elsewhere"  # what answers is under another domain
    PARKED = "parked"  # its domain is offered for sale
    DEAD = "dead"  # nothing is there
    SILENT = "silent"  # it does not answer as it should; that may pass
    UNCLEAR = "unclear"  # it does not let programs in, or nobody can tell

    @property
    def calls_for_care(self) -> bool:
        """Whether somebody may want to change the address."""
        return self in {Condition.MOVED, Condition.ELSEWHERE, Condition.PARKED, Condition.DEAD}


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition, where the address leads now (where that is another), and why, in words."""

    condition: Condition
    target: str = ""
    why: str = ""


# 404: nothing is found; 410: it is gone for good (RFC 9110, sections 15.5.5 and 15.5.11).
_ABSENT = frozenset({404, 410})
_FOR_GOOD = frozenset({301, 308})
# Services whose addresses are made to lead on.
_LEAD_ON = frozenset(
    {"bit.ly", "doi.org", "goo.gl", "hdl.handle.net", "is.gd", "n2t.net", "ow.ly", "purl.org"}
    | {"t.co", "tinyurl.com", "w3id.org", "youtu.be", "zenodo.org", "aka.ms", "forms.gle"}
)
# Where a visitor is sent to sign in; what lies behind is no business of ours.
_DOORS = re.compile(r"(?:^|\.)(?:login|signin|sso|auth|accounts|idp)\.")
_TITLE = re.compile(r"<title[^<>]*>([^<]{1,300})", re.IGNORECASE)
_UNREAD = re.compile(r"<(?:script|style)\b", re.IGNORECASE)
_UNREAD_END = re.compile(r"</(?:script|style)\s*>", re.IGNORECASE)
# Hosts that serve nothing but pages of domains for sale, as such pages load them.
_SELLERS = re.compile(
    r"""(?:src|action)\s*=\s*["']?(?:https?:)?//[\w.-]*?\b(?:sedoparking\.com|parkingcrew\.net|"""
    r"""bodis\.com|parklogic\.com|hugedomains\.com|dan\.com|afternic\.com|above\.com|"""
    r"""domainmarket\.com|undeveloped\.com|buydomains\.com)\b""",
    re.IGNORECASE,
)
_FOR_SALE = re.compile(
    r"\b(?:is|may be|ist|est) (?:for sale|parked|available for purchase|zu verkaufen|à vendre)\b"
    r"|\bbuy this domain\b|\bdomain (?:is|has been) (?:parked|expired)\b|\bthis domain is parked\b",
    re.IGNORECASE,
)
_FEW_WORDS = 400
_UNANSWERED = {
    VisitEnd.NO_HOST: Condition.DEAD,
    VisitEnd.PRIVATE: Condition.UNCLEAR,
    VisitEnd.CIRCLES: Condition.UNCLEAR,
    VisitEnd.WAITS: Condition.UNCLEAR,
}


def condition_of(url: str, visit: Visit) -> Judged:
    """Judge what came of a visit to an address."""
    status = visit.status
    if visit.end is not VisitEnd.ANSWERED or status is None:
        found = _UNANSWERED.get(visit.end, Condition.SILENT)
        if visit.end is VisitEnd.NO_HOST and visit.hops:
            found = Condition.SILENT  # only where it leads on to has no name; it answers itself
        return Judged(found, why=WHY.get(visit.end, ""))
    if status < 300:
        return _of_page(url, visit)
    refused = Condition.SILENT if status >= 500 else Condition.UNCLEAR
    found = Condition.DEAD if status in _ABSENT else refused
    return Judged(found, why=f"its server answers {status}")


def _of_page(url: str, visit: Visit) -> Judged:
    """Judge an address at which a page answers, or behind which one does."""
    target = visit.hops[-1].to if visit.hops else url
    if is_parked(target, visit.start):
        return Judged(Condition.PARKED, target if visit.hops else "", "its domain is for sale")
    if place_of(target) == place_of(url) or _leads_on(url) or _is_door(target):
        return Judged(Condition.FINE)
    if site_domain(target) != site_domain(url):
        why = f"it leads to {site_domain(target)}"
        return Judged(Condition.ELSEWHERE, target, why)
    if all(hop.status in _FOR_GOOD for hop in visit.hops):
        return Judged(Condition.MOVED, target, "it has moved for good")
    return Judged(Condition.FINE)


def is_parked(url: str, start: bytes) -> bool:
    """Tell whether a page does nothing but offer its domain for sale.

    Two signs are needed: that it is loaded from a seller of domains, or names its own domain in
    the title; and words that offer it, on a page with few others.

    Args:
        url: Where the page stands.
        start: The beginning of it.
    """
    if not start:
        return False
    page = start.decode("utf-8", errors="replace")
    words = " ".join(unescape(_without_tags(page)).split())
    title = _TITLE.search(page)
    named = " ".join(unescape(title[1]).split()).casefold() if title else ""
    sold = _FOR_SALE.search(f"{named} {words}") is not None
    # A page about something speaks of it; a page of a seller has little to say.
    if len(words.split()) > _FEW_WORDS:
        return False
    by_seller = _SELLERS.search(page) is not None
    return sold and (by_seller or site_domain(url) in named)


def _without_tags(page: str) -> str:
    """Take tags, scripts and styles out, in one pass: a page of nothing but "<" is a trap."""
    parts, at, is_closed = [], 0, True
    while (begin := page.find("<", at)) >= 0:
        end = page.find(">", begin) + 1
        if not end:
            break
        if is_closed and _UNREAD.match(page, begin):
            closing = _UNREAD_END.search(page, begin)
            is_closed = closing is not None
            end = closing.end() if closing else end
        parts.append(page[at:begin])
        at = end
    return " ".join([*parts, page[at:]])


def site_domain(url: str) -> str:
    """Give the part of a host that somebody registered: `example.co.uk` of `www.example.co.uk`.

    Services that give everybody a name of their own count as registries do: of `ann.github.io` it
    is the whole (https://publicsuffix.org). An IP address, or a name without a suffix, stays whole.
    """
    address = split_address(url)
    host = plain_host(address.hostname or "") if address else ""
    if found := _suffixes()(host).top_domain_under_public_suffix:
        return found
    try:
        ip_address(host)
    except ValueError:
        # By the list, of a suffix that is not in it one more label is a name that somebody has.
        return ".".join(host.split(".")[-2:])
    return host


@cache
def _suffixes() -> "TLDExtract":
    """Read the list of public suffixes that comes with its library; nothing is fetched."""
    from tldextract import TLDExtract  # noqa: PLC0415 - it takes long, and few commands compare

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def _leads_on(url: str) -> bool:
    return is_doi_address(url) or site_domain(url) in _LEAD_ON


def _is_door(url: str) -> bool:
    address = split_address(url)
    return address is not None and _DOORS.search(address.hostname or "") is not None
