"""Films and sound: GitHub shows a player, this site a link that stands where the player would.

A player would load from somebody else's server, and a film that simply disappears takes the best of
many a README with it.
"""

import re
from html import escape
from posixpath import basename
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

FILMS = frozenset({"video", "audio", "iframe"})
_ENDINGS = {
    **dict.fromkeys(("mp4", "m4v", "mov", "webm", "ogv", "avi", "mkv", "mpg", "wmv"), "Video"),
    **dict.fromkeys(("mp3", "m4a", "wav", "ogg", "oga", "flac", "aac", "opus"), "Audio"),
}
# Pages in a frame that are players; any other frame is dropped as GitHub drops it.
_PLAYERS = re.compile(
    r"(?:https?:)?//(?:[\w-]+\.)*(?:youtube\.com|youtube-nocookie\.com|youtu\.be|vimeo\.com|loom\.com|"
    r"dailymotion\.com|wistia\.(?:com|net)|peertube\.[\w.]+|asciinema\.org)/",
    re.IGNORECASE,
)
# A player that is never closed holds the rest of the README.
_BELOW = "p,h1,h2,h3,h4,h5,h6,ul,ol,pre,table,blockquote"
_HINT = re.compile(rf"<img [^>]*\.(?:{'|'.join(_ENDINGS)})", re.IGNORECASE)
_IMAGE = re.compile(r'<img [^>]*?src="([^"]*)"[^>]*>')
_ALT = re.compile(r' alt="([^"]*)"')
_TAG = re.compile(r"<(/?)a(?=[ >])|<img ")


def leave_links(body: LexborNode) -> None:
    """Put a link in the place of every player, to what it would play."""
    for node in body.css(",".join(sorted(FILMS))):
        address = _address(node)
        if address:
            label = node.attributes.get("title") or node.attributes.get("aria-label") or ""
            kind = "Audio" if node.tag == "audio" else "Video"
            words = f"{kind}: {label.strip() or _name_of(address)}"
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
    written = f'<body><a href="{escape(address)}">{escape(words)}</a>'
    link = LexborHTMLParser(written).css_first("a")
    if link is not None:
        node.insert_before(link)
        if node.css_first(_BELOW) is None:
            node.decompose()
        else:
            node.unwrap()


def _address(node: LexborNode) -> str | None:
    """Find what a player plays: its own address, its first source, or the link in its place."""
    written = node.attributes.get("src")
    if node.tag == "iframe":
        return written if written and _PLAYERS.match(written) else None
    if written:
        return written
    for selector, name in (("source[src]", "src"), ("a[href]", "href")):
        found = node.css_first(selector)
        if found is not None:
            return found.attributes.get(name)
    return None


def link_films(html: str) -> str:
    """Put a link in the place of every image that is really a film, such as `![demo](demo.mp4)`.

    Args:
        html: As `canonical` writes it.
    """
    if not _HINT.search(html):
        return html
    parts, last, open_links = [], 0, 0
    for tag in _TAG.finditer(html):
        if not tag[0].startswith("<img"):
            open_links = max(0, open_links + (-1 if tag[1] else 1))
        elif (image := _IMAGE.match(html, tag.start())) and (kind := kind_of(image[1])):
            found = _ALT.search(image[0])
            link = _link_of(image[1], found[1] if found else "", kind, is_inside=open_links > 0)
            parts += [html[last : image.start()], link]
            last = image.end()
    return "".join([*parts, html[last:]])


def kind_of(address: str) -> str | None:
    """Tell whether an address leads to a film or to sound, by the ending of its file."""
    path = re.split("[?#]", address, maxsplit=1)[0]
    return _ENDINGS.get(path.rpartition(".")[2].lower()) if "." in path else None


def _link_of(address: str, alt: str, kind: str, *, is_inside: bool) -> str:
    """Write a link from values that are escaped already; inside another link only its words."""
    words = f"{kind}: {alt}" if alt.strip() else f"{kind}: {basename(address)}"
    return words if is_inside else f'<a href="{address}">{words}</a>'


def _name_of(address: str) -> str:
    """Name a film by its file, or by its host where the address names none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "link"
    name = unquote(basename(parts.path))
    return name if "." in name else parts.hostname or name or "link"
