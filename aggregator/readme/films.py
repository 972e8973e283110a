"""Films and sound in a README: each becomes a link that stands where its player would.

GitHub shows a player; it would load from somebody else's server, and a film that disappears takes
the best of many a README with it.
"""

import re
from posixpath import basename
from urllib.parse import unquote, urlsplit

from turbohtml import Element, Text

_PLAYERS = "video,audio,iframe"
_ENDINGS = {
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


def film_kind(address: str) -> str | None:
    """Tell whether an address leads to a film or to sound, by the ending of its file."""
    path = re.split("[?#]", address, maxsplit=1)[0]
    return _ENDINGS.get(path.rpartition(".")[2].lower()) if "." in path else None


def link_films(root: Element) -> None:
    """Put a link in the place of every player, and of an image such as `![demo](demo.mp4)`."""
    for player in root.select(_PLAYERS):
        address = _played(player)
        if address:
            label = player.attr("title") or player.attr("aria-label") or ""
            kind = "Audio" if player.tag == "audio" else "Video"
            player.insert_before(_link(player, address, kind, label or _file_or_host(address)))
            if player.select_one(_BELOW):
                player.unwrap()
            else:
                player.decompose()
    for image in root.find_all("img"):
        source = image.attr("src") or ""
        if kind := film_kind(source):
            label = image.attr("alt") or ""
            image.replace_with(_link(image, source, kind, label or basename(source)))


def _link(film: Element, address: str, kind: str, label: str) -> Element | Text:
    words = Text(f"{kind}: {label.strip()}")
    return words if film.closest("a") else Element("a", {"href": address}, [words])


def _played(player: Element) -> str | None:
    """Find what a player plays: its own address, its first source, or the link in its place."""
    written = player.attr("src")
    if player.tag == "iframe":
        return written if written and _PLAYER_PAGES.match(written) else None
    for selector, name in (("source[src]", "src"), ("a[href]", "href")):
        found = player.select_one(selector)
        if not written and found is not None:
            written = found.attr(name)
    return written


def _file_or_host(address: str) -> str:
    """Name a film by its file, or by its host where the address names none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "link"
    name = unquote(basename(parts.path))
    return name if "." in name else parts.hostname or name or "link"
