"""Web addresses: what is one, which of them mean the same, and which are DOIs. Pure.

The only place that judges or takes apart an address. Which domains a community does not want to
lead to is in `blocked`; names of repositories are in `names`.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, quote, unquote, urlencode, urlsplit

# https://www.doi.org/doi-handbook/HTML/structure-of-a-doi.html; what follows is cut by `_trimmed`.
# Only numbers of serial articles hold "<" and ">", and always around a colon.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/(?:[^\s<>\"]|<[^\s<>\":]+:[^\s<>\"]+>)+")
_LABEL = re.compile(r"(?:(?:info|urn)[:/])?doi\s*[:=/]?\s*", re.IGNORECASE)
_RESOLVERS = frozenset({"doi.org", "dx.doi.org", "www.doi.org", "www.dx.doi.org"})
# What is still to be filled in, and the prefix that DataCite keeps for trying out.
_NOT_YET = re.compile(r"10\.5281/zenodo(?!\.0*[1-9]\d*\Z)|10\.5072/", re.IGNORECASE)
# No user or password stands before the host: what is published names no account.
_WEB = re.compile(r"https?://[^\s/?#@\x00-\x20\x7f]+(?:[/?#][^\s\x00-\x20\x7f]*)?", re.IGNORECASE)
_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+")  # a name in any script, or an address of IPv6
GITHUB = "https://github.com"  # the GitHub that people visit, where no other one is named
GITHUB_API = "https://api.github.com"
PUBLISHED_CATALOGUE = "data/catalogue.json"  # of a showcase, from the top of its site
LONGEST_ADDRESS = 2_000  # longer ones are traps or data; browsers and servers stop near this too
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_CLOSED_BY = {")": "(", "]": "[", "}": "{"}
# What may stand in a path as it is: https://www.rfc-editor.org/rfc/rfc3986#section-3.3
_PLAIN_IN_PATH = "/!$&'()*+,;=:@-._~"
# https://www.iana.org/assignments/special-use-domain-names
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".home.arpa")
# https://www.rfc-editor.org/rfc/rfc6052#section-2.1: IPv4 within IPv6, private addresses included.
# ::/96 is the older form of the same, https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.1, and
# the third one https://www.rfc-editor.org/rfc/rfc2765#section-2.1.
_TRANSLATED = tuple(map(IPv6Network, ("64:ff9b::/96", "::/96", "::ffff:0:0:0/96")))
# Translated within one network alone: https://www.rfc-editor.org/rfc/rfc8215.
_OF_ONE_NETWORK = IPv6Network("64:ff9b:1::/48")
_DOT_GIT = re.compile(r"\.git\Z", re.IGNORECASE)


def split_address(url: str) -> SplitResult | None:
    """Take an address apart; None when it is malformed, such as `http://[`, or has no host."""
    try:
        address = urlsplit(url.strip())
        address.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return None
    return address if address.hostname else None


def can_be_asked(url: str) -> bool:
    """Tell whether an http or https address names a server that a request can be sent to.

    Unlike one that is published, it may hold a password.
    """
    address = split_address(url)
    return address is not None and address.scheme in {"http", "https"}


@lru_cache(maxsize=20_000)  # an address stands on several pages, and is judged at each
def is_web_address(text: str) -> bool:
    """Tell whether a text is an http or https address that may be kept, linked to and published.

    It has a host, which may be a name in any script, and neither a user, a password, a space nor a
    control character, and no browser finds it too long.
    """
    if len(text) > LONGEST_ADDRESS or _WEB.fullmatch(text) is None:
        return False
    address = split_address(text)
    return address is not None and _HOST.fullmatch(address.hostname or "") is not None


def web_address(text: str | None) -> str:
    """Pass an http or https address on, and turn anything else into nothing.

    Every address that members or GitHub wrote goes through here before it stands in an `href`.
    """
    return text if text is not None and is_web_address(text) else ""


def contact_address(contact: str) -> str:
    """Make a link of an email address or a web address, and nothing of anything else."""
    if web_address(contact):
        return contact
    return f"mailto:{quote(contact, safe='@')}" if contact.count("@") == 1 else ""


@lru_cache(maxsize=20_000)  # every page has the same dozens of links
def quoted(path: str) -> str:
    """Percent-encode what may not stand in a path, a sign that encodes something included.

    Give it a name as it is, never an address that is encoded already.
    """
    return quote(path, safe=_PLAIN_IN_PATH)


def at_github(repository: str, *steps: str) -> str:
    """Give the address of something in a repository: a file on a branch, a label, a list.

    Args:
        repository: the address of the repository.
        steps: what follows it, as it is called: a branch or a path may hold slashes,
            spaces, "#", "?" or "%"; each is encoded here, once.
    """
    return "/".join((repository, *map(quoted, steps)))


def issues_labelled(repository: str, found: Sequence[str] | None, asked: Sequence[str]) -> str:
    """Lead to the open issues that carry one of the labels that were asked for.

    Args:
        repository: the address of the repository.
        found: those of the labels that the repository has; None when that is not known.
        asked: the spellings that were counted together.
    """
    if found and len(found) == 1:
        return at_github(repository, "labels", found[0])
    # With commas between them GitHub looks for any: https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/filtering-and-searching-issues-and-pull-requests
    labels = ",".join(f'"{label}"' for label in found or asked)
    words = {"q": f"is:issue is:open label:{labels}"}
    return f"{repository}/issues?{urlencode(words, quote_via=quote)}"


def bare_doi(text: str | None) -> str | None:
    """Read a DOI from any of the ways to write one: bare, `doi:...`, or an address that leads on.

    Returns:
        `10.5281/zenodo.1234567`, without punctuation at its end; None when this is no DOI, or one
        that somebody has still to fill in (`10.5281/zenodo.XXXXXXX`).
    """
    said = _UNSEEN.sub("", text or "").strip().lstrip("([").strip("<>\"'").partition("](")[0]
    address = split_address(said) if "://" in said else split_address(f"https://{said}")
    if address is not None and _resolves(address):
        said = unquote(address.path).lstrip("/").removeprefix("doi/")
    elif "://" in said:
        return None
    label = _LABEL.match(said)
    match = _DOI.match(said[label.end() :] if label else said)
    found = _trimmed(match[0]) if match else ""
    return found if _DOI.fullmatch(found) and not _NOT_YET.match(found) else None


def doi_link(doi: str) -> str:
    """Give the address under which a bare DOI is found."""
    return f"https://doi.org/{quote(doi, safe='/:;()._-~')}"


def is_doi_address(url: str) -> bool:
    """Tell whether an address leads through the registry of DOIs, or is a bare one made to look so.

    GitHub takes `10.5281/zenodo.1` for a website too; with a scheme before it, it leads nowhere.
    """
    address = split_address(url)
    return address is not None and (_resolves(address) or bare_doi(_bare(address)) is not None)


def is_repository(url: str, names: Iterable[str], web: str) -> bool:
    """Tell whether an address is one of a repository's own pages, in whatever spelling.

    Args:
        url: An http or https address.
        names: owner/name of today, and the names it had before.
        web: Address of the GitHub that people visit.
    """
    address, forge = split_address(url), split_address(web)
    if address is None or forge is None or not _serves(_host(address), _host(forge)):
        return False
    folders = [part for part in unquote(address.path).split("/") if part not in {"", "."}]
    if _host(address).startswith("api.") and folders[:1] == ["repos"]:
        del folders[0]
    name = "/".join([*folders[:1], *(_DOT_GIT.sub("", part) for part in folders[1:2])])
    return not folders or name.casefold() in {known.casefold() for known in names}


def is_local(url: str) -> bool:
    """Tell whether an address only works on the machine or the network of whoever wrote it."""
    address = split_address(url)
    host = (address.hostname or "").rstrip(".") if address else ""
    if number := _ip_of(host):
        return not is_public(number)
    return host == "localhost" or host.endswith(_LOCAL_NAMES)


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet, however it is wrapped."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner: IPv4Address | None = None
    if isinstance(found, IPv6Address):
        teredo = found.teredo[1] if found.teredo else None
        inner = found.ipv4_mapped or found.sixtofour or teredo
        if found in _OF_ONE_NETWORK or found.is_site_local:
            return False
        if any(found in network for network in _TRANSLATED):
            inner = IPv4Address(int(found) & 0xFFFFFFFF)
    return all(one.is_global and not one.is_multicast for one in (found, inner) if one is not None)


def _ip_of(host: str) -> str:
    """Give the IP address that a host is, in the usual form; "" where it is a name.

    Systems read `127.1`, `0x7f000001`, `017700000001` and `2130706433` as 127.0.0.1, and ask
    nobody: https://pubs.opengroup.org/onlinepubs/9799919799/functions/inet_addr.html
    """
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    # `int` reads more than systems do, such as "1_0".
    if not (host.isascii() and host.replace(".", "").isalnum()):
        return ""
    try:
        *first, last = (int(part, _base_of(part)) for part in host.split("."))
        if len(first) > 3 or any(part > 255 for part in first):
            return ""
        return str(IPv4Address(bytes(first) + last.to_bytes(4 - len(first), "big")))
    except (ValueError, OverflowError):
        return ""


def _base_of(number: str) -> int:
    if number.startswith("0x"):
        return 16
    return 8 if number.startswith("0") else 10


def place_of(url: str) -> str:
    """Give what two spellings of one website have in common: neither http, www nor a last slash."""
    address = split_address(url)
    if address is None:
        return url.casefold()
    query = f"?{address.query}" if address.query else ""
    return f"{_host(address)}{address.path.rstrip('/')}{query}"


def top_of_showcase(catalogue: str) -> str:
    """Give the top of the site that a published catalogue belongs to; "" where it lies alone."""
    file = catalogue.partition("?")[0]
    is_there = file.endswith(f"/{PUBLISHED_CATALOGUE}")
    return file.removesuffix(PUBLISHED_CATALOGUE) if is_there else ""


def _serves(host: str, forge: str) -> bool:
    """Tell whether a host shows the repositories of a forge: itself, or one of its side doors."""
    doors = {f"{name}.{forge}" for name in ("m", "api", "raw", "codeload")} | {forge}
    if forge == "github.com":
        doors |= {"raw.githubusercontent.com", "github.dev"}
    return host in doors


def _host(address: SplitResult) -> str:
    return (address.hostname or "").rstrip(".").removeprefix("www.")


def _bare(address: SplitResult) -> str:
    return f"{address.netloc}{address.path}"


def _resolves(address: SplitResult) -> bool:
    host = (address.hostname or "").rstrip(".")
    zenodo = host in {"zenodo.org", "www.zenodo.org"} and address.path.startswith(
        ("/doi/", "/badge/latestdoi/", "/badge/doi/")
    )
    return host in _RESOLVERS or zenodo


def _trimmed(found: str) -> str:
    """Take off punctuation that belongs to the sentence around a DOI, not to the DOI."""
    while found and (found[-1] in ".,;:!?'*_/\\|" or _unopened(found)):
        found = found[:-1]
    return found


def _unopened(found: str) -> bool:
    opening = _CLOSED_BY.get(found[-1])
    return opening is not None and found.count(found[-1]) > found.count(opening)
