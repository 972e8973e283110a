"""Where a README's links lead: anchors of headings, other ids, and full addresses.

Links lead to `blob/` on the default branch, images to `raw/` at the commit that was read, as on
GitHub. Nothing relative can leave the repository. What an address shows is not judged here.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from posixpath import join, normpath
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from turbohtml import Element

from aggregator.readme.markup import HEADINGS, attributes_of, replace_shortcodes, write_attributes
from aggregator.readme.readme import Heading, ReadmeSource
from aggregator.readme.sanitise import ID_PREFIX, SCHEMES

# There are many complete links, and nothing to do about them.
_UNFINISHED = "a:not([href^='https://'], [href^='http://'])"
# GitHub keeps letters, marks, decimal digits, connectors, hyphens and spaces.
# https://github.com/gjtorikian/html-pipeline/blob/main/lib/html_pipeline/node_filter/table_of_contents_filter.rb
_KEPT = ("L", "M", "Nd", "Nl", "Pc")
_NOT_KEPT = re.compile(r"[^\w -]", re.ASCII)
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# A browser on a page of the same scheme takes such an address for a relative one.
_HALF_ABSOLUTE = re.compile(r"https?:(?!//)", re.IGNORECASE)
_WINDOWS_PATH = re.compile(r".:[\\/]")
# What browsers take out of an address, and off its ends: https://url.spec.whatwg.org/#url-parsing
_BLANKS = re.compile(r"[\t\n\r]")
_CONTROLS = "".join(map(chr, range(33)))
_SAFE_IN_PATH = "/!$&'()*+,;=:@~-._"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "%?"
# Pages of a repository that people reach by climbing out of `blob/BRANCH/`, such as
# `../../issues`: the one way of leaving the files that works on GitHub.
_PAGE_NAMES = """
    actions branches commits compare discussions forks graphs issues labels milestones network
    packages projects pull pulls pulse releases security stargazers tags watchers wiki
"""
_PAGES = frozenset(_PAGE_NAMES.split())
# A file at a ref: what `blob/` shows as a page, `raw/` gives as bytes.
_FILE_PAGE = re.compile(r"(/[^/]+/[^/]+)/blob/(.+)", re.DOTALL)
# Where the same picture is most likely to be had over https too: a name, at the usual port.
_PLAIN_HTTP = re.compile(
    r"http://(?P<host>(?:[\w-]+\.)+[^\W\d_]{2,})(?::80)?(?=[/?#]|\Z)", re.IGNORECASE
)
_LONGEST_SRCSET = 20_000
_NEXT_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*)")
# Everything up to the next comma that is not in parentheses.
_DESCRIPTORS = re.compile(r"(?:[^,(]|\([^)]*\)?)*,?")
_DESCRIPTOR = re.compile(r"\d+w|\d+h|\d*\.?\d+(?:[eE][+-]?\d+)?x")


def anchor_headings(root: Element) -> tuple[Heading, ...]:
    """Give headings their level on the page and GitHub's anchor; take out empty ones.

    Levels start at 2 and none is skipped.
    """
    anchors, found = Anchors(), []
    around: list[tuple[int, int]] = []  # levels of the enclosing headings, as written and as shown
    for heading in root.select(HEADINGS):
        written = int(heading.tag[1])
        while around and around[-1][0] >= written:
            around.pop()
        level = min(around[-1][1] + 1, 6) if around else 2
        around.append((written, level))
        slug = anchor_of(heading.text)
        replace_shortcodes(heading)
        text = " ".join(heading.text.split())
        if not text and heading.find("img") is None:
            heading.decompose()
            continue
        heading.tag = f"h{level}"
        heading.attrs["id"] = ID_PREFIX + anchors.take(slug)
        found.append(Heading(level, text, str(heading.attrs["id"])))
    return tuple(found)


def anchor_of(text: str) -> str:
    """Give the anchor GitHub derives from a heading's text, before duplicates are numbered."""
    text = text.strip().lower()
    if text.isascii():  # the same, in a fifth of the time
        return _NOT_KEPT.sub("", text).replace(" ", "-")
    kept = (one for one in text if one in "- " or unicodedata.category(one).startswith(_KEPT))
    return "".join(kept).replace(" ", "-")


class Anchors:
    """Hands out anchors, numbering the ones asked for before: `usage`, `usage-1`, `usage-2`."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}

    def take(self, slug: str) -> str:
        """Give `slug`, or its next free numbered form."""
        anchor = slug
        while anchor in self._times:
            self._times[slug] += 1
            anchor = f"{slug}-{self._times[slug]}"
        self._times[anchor] = 0
        return anchor


def point_links(root: Element, headings: Iterable[Heading], source: ReadmeSource) -> None:
    """Give every link its full address, or the id it means on this page.

    Args:
        root: The README.
        headings: Its headings, whose anchors no other element may take.
        source: Where it stands.
    """
    ids = _identify(root, headings)
    for link in root.select(_UNFINISHED):
        written = link.attr("href")
        address = None if written is None else _address(written, source, ids)
        if address is not None:
            link.attrs["href"] = address
        else:
            # A place to link to, or a link to nothing: HTML knows no such `<a>` with a `rel`.
            link.attrs.pop("href", None)
            link.tag = "span"


def _identify(root: Element, headings: Iterable[Heading]) -> dict[str, str]:
    """Make every id unique, read `name` as an id, and list them by their lower-case form."""
    taken = {heading.anchor.removeprefix(ID_PREFIX) for heading in headings}
    for element in root.select(f":is([id],[name]):not({HEADINGS})"):
        attributes = attributes_of(element)
        named = attributes.pop("name", "")
        wanted = (attributes.pop("id", "") or named).removeprefix(ID_PREFIX)
        if wanted and wanted not in taken and not any(map(str.isspace, wanted)):
            attributes["id"] = ID_PREFIX + wanted
            taken.add(wanted)
        write_attributes(element, attributes)
    return {anchor.lower(): anchor for anchor in sorted(taken, reverse=True)}


def _address(written: str, source: ReadmeSource, ids: Mapping[str, str]) -> str | None:
    target = resolve_link(written, source)
    if target is not None and target.startswith("#"):
        wanted = unquote(target[1:]).removeprefix(ID_PREFIX)
        is_top = not wanted or wanted.lower() == "top"
        return "#" if is_top else f"#{ID_PREFIX}{ids.get(wanted.lower(), wanted)}"
    is_known = target is not None and target.partition(":")[0].lower() in SCHEMES
    return target if is_known else None


class _Place(NamedTuple):
    """Where a relative address leads: a path from the top of the repository, quoted, and the rest.

    Before it goes down that path it climbed some folders above the top.
    """

    path: str
    above: int
    is_folder: bool
    tail: str

    @property
    def named_again(self) -> str:
        """Give BRANCH/file of `../blob/BRANCH/file` or `../../raw/BRANCH/file`; else nothing."""
        view, _, file = self.path.partition("/")
        return file if view in {"blob", "raw", "tree"} and "/" in file else ""


def resolve_link(url: str, source: ReadmeSource) -> str | None:
    """Give the full address a link leads to, `#fragment` for one on this page, None for nothing.

    Args:
        url: The value of an `href`, as the HTML parser gives it.
        source: The README the link stands in.
    """
    url = _BLANKS.sub("", url).strip().strip(_CONTROLS)
    if url.startswith("#"):
        return url
    if _HALF_ABSOLUTE.match(url):
        return None
    return _absolute(url) or _page_of(_place(url, source), source)


def _page_of(place: _Place, source: ReadmeSource) -> str:
    # Above the top folder, as browsers find it from `blob/BRANCH/`.
    if place.above == 2 and place.path.partition("/")[0] in _PAGES:
        return f"{source.home}/{place.path}{place.tail}"
    if place.above and place.named_again:
        return f"{source.home}/blob/{place.named_again}{place.tail}"
    if place.above and not place.path:
        return source.home
    view = "tree" if place.is_folder else "blob"
    steps = "/".join(filter(None, (view, quote(source.branch), place.path)))
    return f"{source.home}/{steps}{place.tail}"


def resolve_image(url: str, source: ReadmeSource) -> str | None:
    """Give the full address of an image's bytes, or None when it cannot have one.

    Pages load nothing over http: https stands in its place where there may be such an address.
    """
    url = _BLANKS.sub("", url).strip().strip(_CONTROLS)
    if not url or url[0] in "#?" or _HALF_ABSOLUTE.match(url):
        return None
    if absolute := _absolute(url):
        return _bytes_of(absolute, source)
    place = _place(url, source)
    at_commit = f"{quote(source.ref)}/{place.path}" if place.path else ""
    file = place.named_again if place.above else at_commit
    return f"{source.home}/raw/{file}{place.tail}" if file else None


def resolve_srcset(srcset: str, source: ReadmeSource) -> str | None:
    """Resolve every candidate of a `srcset`; one that cannot be resolved is left out.

    Args:
        srcset: The value of the attribute, in any form that browsers read.
        source: The README the image stands in.
    """
    candidates = []
    for address, descriptors in _candidates(srcset[:_LONGEST_SRCSET]):
        resolved = resolve_image(address, source)
        if resolved and all(map(_DESCRIPTOR.fullmatch, descriptors)):
            one = resolved.replace(",", "%2C").replace(" ", "%20")
            candidates.append(" ".join([one, *descriptors]))
    return ", ".join(candidates) or None


def _candidates(srcset: str) -> Iterator[tuple[str, list[str]]]:
    """Split a `srcset` into addresses and their descriptors, as browsers do.

    A comma inside an address belongs to it; one after it, or after the descriptors, ends it.
    https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute
    """
    place = 0
    while match := _NEXT_CANDIDATE.match(srcset, place):
        address, place = match[1], match.end()
        bare = address.rstrip(",")
        if bare != address:
            yield bare, []
            continue
        rest = _DESCRIPTORS.match(srcset, place)
        place = rest.end() if rest else len(srcset)
        yield address, (rest[0].rstrip(",").split() if rest else [])


def _absolute(url: str) -> str | None:
    if url.startswith("//"):
        return f"https:{url}"
    return url if _HAS_SCHEME.match(url) and not _WINDOWS_PATH.match(url) else None


def _place(url: str, source: ReadmeSource) -> _Place:
    """Follow a path from the README's folder, or from the top when it starts with a slash."""
    before, _, fragment = url.partition("#")
    before, _, query = before.partition("?")
    ends = (
        f"{sign}{quote(end, _SAFE_IN_QUERY)}"
        for sign, end in (("?", query), ("#", fragment))
        if end
    )
    path = unquote(before).replace("\\", "/") or f"/{source.path}"
    whole = normpath(join("" if path.startswith("/") else source.folder, path.lstrip("/")))
    segments = [part for part in whole.split("/") if part != "."]
    above = segments.count("..")  # normalised: all of them stand in front
    is_folder = above == len(segments) or path.endswith(("/", "/.", "/.."))
    return _Place(quote("/".join(segments[above:]), _SAFE_IN_PATH), above, is_folder, "".join(ends))


def _bytes_of(url: str, source: ReadmeSource) -> str | None:
    """Turn the address of a file's page into that of its bytes; leave others as they are."""
    if "http://" in url.lower():
        url = _PLAIN_HTTP.sub(r"https://\g<host>", url, count=1)
    if url.startswith("https://") and "/blob/" not in url and "[" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:  # malformed, such as `http://[`
        return None
    if parts.scheme.lower() != "https":
        return None
    host = urlsplit(source.web_base).netloc.lower()
    match = _FILE_PAGE.fullmatch(parts.path)
    if match and parts.netloc.lower() in {host, f"www.{host}"}:
        return f"{source.web_base.rstrip('/')}{match[1]}/raw/{match[2]}"
    return url
