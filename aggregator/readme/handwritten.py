"""HTML that somebody wrote by hand into a README: looked at, and written as a parser would.

The parsers of README formats let such HTML through as it is. After `canonical` each tag of it is
closed, each value is quoted, and what is never shown is gone. Nothing here makes it safe: that is
`sanitise`.
"""

import re
from collections.abc import Sequence, Set
from html import escape
from itertools import accumulate
from operator import sub
from posixpath import basename
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.readme.flat_html import VOID, attributes_of, is_start, name_of, take_apart
from aggregator.readme.sanitise import DROPPED, KEPT

# The sanitiser's time grows with the square of the depth; nothing readable is nested this deeply.
MAX_DEPTH = 150
# These hold nothing, or end where the next one starts.
_FLAT_NAMES = VOID | {"p", "li", "td", "tr", "th"}
# More names than these are an attack, and not worth looking for one by one.
_MANY_NAMES = 100
# `<https://...>` is a link; `!--` is the name of a comment here.
_NAME = re.compile(r"<(?!https?://)(/?[A-Za-z!?][^\s/>]*)")
_DECLARATION = re.compile(r"<[!?][^>]*>")
_DROPPED_QUERY = ",".join(sorted(DROPPED))

# GitHub shows a player for these, this site a link that stands where the player would: a player
# would load from somebody else's server, and a film that disappears takes the best of many a README
# with it.
_PLAYERS = frozenset({"video", "audio", "iframe"})
_FILM_ENDINGS = {
    **dict.fromkeys(("mp4", "m4v", "mov", "webm", "ogv", "avi", "mkv", "mpg", "wmv"), "Video"),
    **dict.fromkeys(("mp3", "m4a", "wav", "ogg", "oga", "flac", "aac", "opus"), "Audio"),
}
# Pages in a frame that are players; any other frame is dropped as GitHub drops it.
_PLAYER_PAGES = re.compile(
    r"(?:https?:)?//(?:[\w-]+\.)*(?:youtube\.com|youtube-nocookie\.com|youtu\.be|vimeo\.com|loom\.com|"
    r"dailymotion\.com|wistia\.(?:com|net)|peertube\.[\w.]+|asciinema\.org)/",
    re.IGNORECASE,
)
# A player that is never closed holds the rest of the README.
_BELOW = "p,h1,h2,h3,h4,h5,h6,ul,ol,pre,table,blockquote"
_FILM_IMAGE = re.compile(rf"<img [^>]*\.(?:{'|'.join(_FILM_ENDINGS)})", re.IGNORECASE)


class TooDeepError(ValueError):
    """A README nested so deeply that no parser would finish in time."""


def names_written(written: str, html: str) -> frozenset[str]:
    """Name the elements, in small letters, that an author wrote by hand; `!` stands for comments.

    Args:
        written: What the author wrote; tags in its code are not tags in the HTML.
        html: What a parser made of it, tags written by hand as they were.

    Raises:
        TooDeepError: They are nested too deeply to be sanitised in time.
    """
    tags = _NAME.findall(written)
    if _is_deep(tags) and _is_deep(_NAME.findall(html)):
        raise TooDeepError
    names = {tag.removeprefix("/") for tag in tags}
    if len(names) <= _MANY_NAMES:
        names = {name for name in names if name in KEPT or f"<{name}" in html}
    if "<http" in html:  # in HTML written by hand, it is no link
        names.update(("http:", "https:"))
    return frozenset(name.lower() if name[0].isalpha() else "!" for name in names)


def _is_deep(tags: Sequence[str]) -> bool:
    """Tell whether tags, end tags with a slash before their name, are nested too deeply."""
    if len(tags) <= MAX_DEPTH:
        return False
    steps = {tag: _step(tag) for tag in set(tags)}
    depths = list(accumulate(map(steps.__getitem__, tags), initial=0))
    # An end tag of nothing leaves the depth what it is, so the lowest depth so far is none.
    deepest: int = max(map(sub, depths, accumulate(depths, min)))
    return deepest > MAX_DEPTH


def _step(tag: str) -> int:
    if tag[0] in "!?" or tag.removeprefix("/").lower() in _FLAT_NAMES:
        return 0
    return -1 if tag.startswith("/") else 1


def canonical(html: str, names: Set[str]) -> str:
    """Write HTML as a browser understands it: each tag closed, each value quoted and escaped.

    Comments are left out, and elements whose content is never shown. Of others that do not belong
    in a README the content stays: the sanitiser would do the same after parsing, and leave that
    content where no parser would put it.

    Args:
        html: Any string.
        names: What somebody wrote by hand in it, from `names_written`.
    """
    if not names:
        return html
    html = _parsed(html, names)
    others = names - KEPT - {"!"}
    if others:
        html = _parsed(_unwrapped(html, others), frozenset())
    return _without_comments(html) if "!" in names else html


def _without_comments(html: str) -> str:
    """Drop comments, declarations and instructions; a comment without an end has no end."""
    shown, *others = html.split("<!--")
    rest = [other.partition("-->")[2] for other in others]
    return _DECLARATION.sub("", "".join([shown, *rest]))


def _parsed(html: str, names: Set[str]) -> str:
    body = LexborHTMLParser(f"<!doctype html><body>{html}").body
    if body is None:
        return ""
    if "noscript" in names:
        body.unwrap_tags(["noscript"])
    if names & _PLAYERS:
        _link_players(body)
    if names & DROPPED:
        for node in body.css(_DROPPED_QUERY):
            node.decompose()
    return body.inner_html or ""


def _unwrapped(html: str, names: Set[str]) -> str:
    """Take away the tags of some elements and leave what is in them."""
    starts = tuple(f"<{end}{name}" for name in names for end in ("", "/"))
    flat = take_apart(html)
    for place in range(1, len(flat), 2):
        if flat[place].startswith(starts) and name_of(flat[place]) not in KEPT:
            flat[place] = ""
    return "".join(flat)


def film_kind(address: str) -> str | None:
    """Tell whether an address leads to a film or to sound, by the ending of its file."""
    path = re.split("[?#]", address, maxsplit=1)[0]
    return _FILM_ENDINGS.get(path.rpartition(".")[2].lower()) if "." in path else None


def link_films(html: str) -> str:
    """Put a link in the place of every image that is really a film, such as `![demo](demo.mp4)`.

    Args:
        html: As `canonical` writes it.
    """
    if not _FILM_IMAGE.search(html):
        return html
    flat, is_in_link = take_apart(html), False
    for place in range(1, len(flat), 2):
        tag = flat[place]
        if is_start(tag, "img"):
            attributes = attributes_of(tag)
            address = attributes.get("src", "")
            if kind := film_kind(address):
                alt = attributes.get("alt", "")
                words = f"{kind}: {alt if alt.strip() else basename(address)}"
                flat[place] = escape(words) if is_in_link else _link(address, words)
        else:
            is_in_link = is_start(tag, "a") or (is_in_link and tag != "</a>")
    return "".join(flat)


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _link_players(body: LexborNode) -> None:
    """Put a link in the place of every player, to what it would play."""
    for node in body.css(",".join(sorted(_PLAYERS))):
        address = _played(node)
        if address:
            label = node.attributes.get("title") or node.attributes.get("aria-label") or ""
            kind = "Audio" if node.tag == "audio" else "Video"
            words = f"{kind}: {label.strip() or _file_or_host(address)}"
            if _is_in_link(node):
                node.replace_with(words)
            else:
                _replace_by_link(node, address, words)


def _is_in_link(node: LexborNode) -> bool:
    around = node.parent
    while around is not None and around.tag != "a":
        around = around.parent
    return around is not None


def _replace_by_link(node: LexborNode, address: str, words: str) -> None:
    link = LexborHTMLParser(f"<body>{_link(address, words)}").css_first("a")
    if link is not None:
        node.insert_before(link)
        if node.css_first(_BELOW) is None:
            node.decompose()
        else:
            node.unwrap()


def _played(node: LexborNode) -> str | None:
    """Find what a player plays: its own address, its first source, or the link in its place."""
    written = node.attributes.get("src")
    if node.tag == "iframe":
        return written if written and _PLAYER_PAGES.match(written) else None
    if written:
        return written
    for selector, name in (("source[src]", "src"), ("a[href]", "href")):
        found = node.css_first(selector)
        if found is not None:
            return found.attributes.get(name)
    return None


def _file_or_host(address: str) -> str:
    """Name a film by its file, or by its host where the address names none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "link"
    name = unquote(basename(parts.path))
    return name if "." in name else parts.hostname or name or "link"
