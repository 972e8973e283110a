"""Where an address in a README really points: pure functions from what was written to a full URL.

Links lead to `blob/` on the default branch, images to `raw/` at the commit that was read, as on
GitHub. Nothing relative can leave the repository.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urlsplit

from aggregator.readme.models import ReadmeSource

_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# A browser on a page of the same scheme takes such an address for a relative one.
_HALF_ABSOLUTE = re.compile(r"https?:(?!//)", re.IGNORECASE)
_BLANKS = re.compile(r"[\t\n\r]")
_SAFE_IN_PATH = "/!$&'()*+,;=:@~-._"
# Pages of a repository that people reach by climbing out of `blob/BRANCH/`, such as
# `../../issues`: the one way of leaving the files that works on GitHub.
_PAGE_NAMES = (
    "actions branches commits compare discussions forks graphs issues labels milestones network "
    "packages projects pull pulls pulse releases security stargazers tags watchers wiki"
)
_PAGES = frozenset(_PAGE_NAMES.split())
# A file at a ref: what `blob/` shows as a page, `raw/` gives as bytes.
_FILE_PAGE = re.compile(r"(/[^/]+/[^/]+)/blob/(.+)", re.DOTALL)
_LONGEST_SRCSET = 20_000
_NEXT_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*)")
# Everything up to the next comma that is not in parentheses.
_DESCRIPTORS = re.compile(r"(?:[^,(]|\([^)]*\)?)*,?")
_DESCRIPTOR = re.compile(r"\d+w|\d+h|\d*\.?\d+(?:[eE][+-]?\d+)?x")


@dataclass(frozen=True, slots=True)
class _Written:
    """An address taken apart: the path as text, query and fragment as written."""

    path: str
    query: str
    fragment: str

    @property
    def tail(self) -> str:
        query = f"?{quote(self.query, safe=_SAFE_IN_PATH + '%?')}" if self.query else ""
        fragment = f"#{quote(self.fragment, safe=_SAFE_IN_PATH + '%?')}" if self.fragment else ""
        return query + fragment


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a relative path ended: the segments from the top, and how far above it climbed."""

    segments: tuple[str, ...]
    above: int
    is_folder: bool


def resolve_link(url: str, source: ReadmeSource) -> str | None:
    """Give the full address a link leads to, `#fragment` for one on this page, None for nothing.

    Args:
        url: The value of an `href`, as the HTML parser gives it.
        source: The README the link stands in.
    """
    url = _BLANKS.sub("", url).strip()
    if url.startswith("#"):
        return url
    if _HALF_ABSOLUTE.match(url):
        return None
    absolute = _absolute(url)
    if absolute is not None:
        return absolute
    written = _take_apart(url)
    if not written.path:
        return source.page + written.tail
    place = _walk(written.path, source.folder)
    if place.above:
        return _above_the_files(place, written, source)
    return _file_address(source, "blob", source.branch, place) + written.tail


def resolve_image(url: str, source: ReadmeSource) -> str | None:
    """Give the full address of an image's bytes, or None when it cannot have one."""
    url = _BLANKS.sub("", url).strip()
    if not url or url.startswith("#") or _HALF_ABSOLUTE.match(url):
        return None
    absolute = _absolute(url)
    if absolute is not None:
        return _bytes_of(absolute, source)
    written = _take_apart(url)
    place = _walk(written.path, source.folder)
    if not place.segments:
        return None
    if place.above:
        in_files = _files_of_this_repository(place, source)
        return in_files and in_files + written.tail
    return _file_address(source, "raw", source.ref, place) + written.tail


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
    return url if _HAS_SCHEME.match(url) and not _is_windows_path(url) else None


def _is_windows_path(url: str) -> bool:
    return len(url) > 2 and url[1] == ":" and url[2] in "\\/"


def _take_apart(url: str) -> _Written:
    before, _, fragment = url.partition("#")
    path, _, query = before.partition("?")
    return _Written(unquote(path).replace("\\", "/"), query, fragment)


def _walk(path: str, folder: str) -> _Place:
    """Follow a path from the README's folder, or from the top when it starts with a slash."""
    segments = [] if path.startswith("/") else [part for part in folder.split("/") if part]
    above = 0
    for part in path.split("/"):
        if part == "..":
            above += not segments
            del segments[-1:]
        elif part not in {"", "."}:
            segments.append(part)
    is_folder = not segments or path.endswith(("/", "/.", "/.."))
    return _Place(tuple(segments), above, is_folder)


def _file_address(source: ReadmeSource, view: str, ref: str, place: _Place) -> str:
    if not place.segments:
        return f"{source.home}/tree/{quote(ref)}" if view == "blob" else source.home
    shown = "tree" if view == "blob" and place.is_folder else view
    path = quote("/".join(place.segments), safe=_SAFE_IN_PATH)
    return f"{source.home}/{shown}/{quote(ref)}/{path}"


def _above_the_files(place: _Place, written: _Written, source: ReadmeSource) -> str:
    """Resolve a path that climbs above the top folder, as browsers do from `blob/BRANCH/`."""
    if place.above == 2 and place.segments and place.segments[0] in _PAGES:
        path = quote("/".join(place.segments), safe=_SAFE_IN_PATH)
        return f"{source.home}/{path}{written.tail}"
    in_files = _files_of_this_repository(place, source)
    if in_files:
        return in_files.replace("/raw/", "/blob/", 1) + written.tail
    if not place.segments:
        return source.home
    inside = _Place(place.segments, 0, place.is_folder)
    return _file_address(source, "blob", source.branch, inside) + written.tail


def _files_of_this_repository(place: _Place, source: ReadmeSource) -> str | None:
    """Resolve `../blob/BRANCH/file` and `../../raw/BRANCH/file`, which name a file once more."""
    if place.segments[:1] not in {("blob",), ("raw",), ("tree",)} or len(place.segments) < 3:
        return None
    path = quote("/".join(place.segments[1:]), safe=_SAFE_IN_PATH)
    return f"{source.home}/raw/{path}"


def _bytes_of(url: str, source: ReadmeSource) -> str | None:
    """Turn the address of a file's page into that of its bytes; leave others as they are."""
    if url.startswith("https://") and "/blob/" not in url and "[" not in url:
        return url
    parts = urlsplit_or_none(url)
    if parts is None or parts.scheme.lower() not in {"http", "https"}:
        return None
    host = urlsplit(source.web_base).netloc.lower()
    match = _FILE_PAGE.fullmatch(parts.path)
    if match and parts.netloc.lower() in {host, f"www.{host}"}:
        return f"{source.web_base.rstrip('/')}{match[1]}/raw/{match[2]}"
    return url


def urlsplit_or_none(url: str) -> SplitResult | None:
    """Take an address apart, or give None when it is malformed, such as `http://[`."""
    try:
        return urlsplit(url)
    except ValueError:
        return None
