"""Domains that a community blocks: which addresses lead there, and what stands in their place.

A domain that lapsed and was taken over goes on being linked from READMEs and entries for years. A
blocked domain counts with all its sub-domains, however an address spells it. Pure; `readme.unlink`
does the same for HTML, and `leave_out` for everything else that is shown.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from unicodedata import normalize
from urllib.parse import parse_qsl, unquote

from aggregator.words.speech import say

# What browsers drop from an address before they read it: https://url.spec.whatwg.org/#url-parsing
_IGNORED = re.compile(
    "[\x00-\x20\x7f-\xa0\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]"
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_DOTS = re.compile("[\u3002\uff0e\uff61]")
# An address in running text, up to what cannot be in one.
_IN_TEXT = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,20}:[/\\]{1,3}|\bhttps?:(?=\w)|(?<![\w:/.])//)"
    r"[^\s<>()\[\]\"\u201c\u201d`]+",
    re.IGNORECASE,
)
# Most addresses are written plainly, and what they lead to is read off at once.
_PLAIN = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[/#][^?]*)?\Z")
_SPACES = re.compile(r"(\s+)")
_MAILBOX = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,250}\w")
# What stands for a blocked domain where an address has to stay an address: no such name is ever
# given to anybody (RFC 2606).
_NOWHERE = ".blocked.invalid"
_DOT = "--dot--"
_SENTENCE_END = ".,;:!?)]}'*_"


@dataclass(frozen=True)
class Blocklist:
    """The domains that nothing on the site may lead to.

    Args:
        domains: As the registry gives them; sub-domains are blocked with them.
    """

    domains: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.domains)

    @cached_property
    def _known(self) -> dict[str, str]:
        return {plain_host(domain): domain for domain in self.domains}

    def domain_of(self, url: str | None) -> str | None:
        """Name the blocked domain that an address leads to; None when it leads to none.

        An address on another site that is told to go on to a blocked one leads there as well.
        """
        if not url or not self.domains:
            return None
        if plain := _PLAIN.match(url):
            return self._listed(plain[1])
        return self._listed(host_of(url)) or next(
            (found for onward in _onward(url) if (found := self._listed(host_of(onward)))), None
        )

    def note(self, domain: str) -> str:
        """Say that a link was left out, and why."""
        return say("link to %(domain)s left out: the community blocks this domain", domain=domain)

    def unlinked(self, text: str) -> str:
        """Put a note where an address in a text leads to a blocked domain."""

        def noted(domain: str) -> str:
            return f"({self.note(domain)})"

        return self._replaced(text, noted, noted)

    def stripped(self, text: str) -> str:
        """Leave only the name of the domain where an address in a text leads to a blocked one."""
        return self._replaced(text, str, str)

    def disarmed(self, text: str) -> str:
        """Turn each address that leads to a blocked domain into one that leads nowhere.

        For sources that are rendered later: `unlink` knows such an address again.
        """

        def nowhere(domain: str) -> str:
            return f"https://{_spelt(domain)}{_NOWHERE}/"

        def nobody(domain: str) -> str:
            return f"nobody@{_spelt(domain)}{_NOWHERE}"

        return self._replaced(text, nowhere, nobody)

    def _replaced(
        self, text: str, address: Callable[[str], str], mailbox: Callable[[str], str]
    ) -> str:
        if not self.domains or not may_lead(text):
            return text

        from html import unescape  # noqa: PLC0415 - few communities block a domain

        def page(match: re.Match[str]) -> str:
            found = match[0].rstrip(_SENTENCE_END)
            domain = self.domain_of(unescape(found))
            return address(domain) + match[0][len(found) :] if domain else match[0]

        def box(match: re.Match[str]) -> str:
            domain = self._listed(plain_host(match[0].rpartition("@")[2]))
            return mailbox(domain) if domain else match[0]

        # Few words hold an address, and the patterns are slow on those that hold none.
        return "".join(
            _MAILBOX.sub(box, _IN_TEXT.sub(page, word)) if may_lead(word) else word
            for word in _SPACES.split(text)
        )

    def _listed(self, host: str) -> str | None:
        if host.endswith(_NOWHERE):
            return host.removesuffix(_NOWHERE).replace(_DOT, ".")
        labels = host.split(".")
        for start in range(len(labels)):
            if domain := self._known.get(".".join(labels[start:])):
                return domain
        return None


def _spelt(domain: str) -> str:
    """Spell a domain as one part of another name, so that not even a search finds it in there."""
    return plain_host(domain).replace(".", _DOT)


def may_lead(text: str) -> bool:
    """Tell whether a text may hold an address at all; most hold none."""
    return any(sign in text for sign in ("//", ":/", ":\\", "@")) or "http" in text.lower()


def host_of(url: str) -> str:
    """Read the host of an address as a browser would, in plain form; "" when it has none.

    Case, a user, a port, a dot at the end, back slashes, too many or too few slashes, encoded and
    invisible characters, and other scripts' dots make no difference.
    """
    bare = _IGNORED.sub("", url).replace("\\", "/")
    scheme = _SCHEME.match(bare)
    if scheme and scheme[0].lower() == "mailto:":
        return plain_host(re.split(r"[?,]", bare[scheme.end() :])[0].rpartition("@")[2])
    rest = bare[scheme.end() :] if scheme else bare
    if not scheme and not rest.startswith("//"):
        return ""
    authority = re.split(r"[/?#]", rest.lstrip("/"), maxsplit=1)[0]
    host = unquote(authority).rpartition("@")[2]
    return plain_host(re.sub(r":\d*\Z", "", host))


@lru_cache(maxsize=16_384)
def plain_host(host: str) -> str:
    """Write a host name in the one form in which two spellings of it are equal (UTS 46)."""
    dotted = _DOTS.sub(".", _IGNORED.sub("", unquote(host))).strip(".")
    return ".".join(_label(label) for label in normalize("NFKC", dotted).split("."))


def _label(label: str) -> str:
    lower = label.lower()
    if lower.isascii() and not lower.startswith("xn--"):
        return lower
    import idna  # noqa: PLC0415 - few hosts are not plain ASCII, and every command reads hosts

    try:
        if lower.startswith("xn--"):
            return idna.encode(idna.decode(lower, uts46=True), uts46=True).decode("ascii")
        return idna.encode(lower, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return lower


def _onward(url: str) -> Iterable[str]:
    """Give the addresses that an address hands over, as redirecting services take them."""
    query = url.partition("?")[2].partition("#")[0]
    if not query:
        return ()
    return (value for _, value in parse_qsl(query[:2_000]) if "//" in value)
