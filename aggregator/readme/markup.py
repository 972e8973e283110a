"""The HTML of a README as a tree that each step of rendering changes a little, and what is in it.

Parsers let HTML through that somebody wrote by hand. In the tree each tag is closed, players are
links, and what is never shown, or only this site may say, is gone. Nothing here makes it safe: that
is `sanitise`.
"""

import re
from collections.abc import Mapping, Set
from itertools import islice
from posixpath import basename
from urllib.parse import unquote, urlsplit

from turbohtml import Element, Text, parse_fragment

from aggregator.readme.formats import UnreadableError
from aggregator.readme.labels import FILMS, TOO_DEEP
from aggregator.readme.sanitise import DROPPED, KEPT
from aggregator.readme.shortcodes import shortcodes_in
from aggregator.words.speech import say

HEADINGS = "h1,h2,h3,h4,h5,h6"
# The sanitiser's time grows with the square of the depth; nothing readable is nested this deeply.
MAX_DEPTH = 150
_TOO_DEEP = " > ".join("*" * (MAX_DEPTH + 1))
_NEVER_SHOWN = ",".join(sorted(DROPPED))
_OTHERS = f":not({','.join(sorted(KEPT))})"
_AS_WRITTEN = "code,kbd,samp,pre,tt"
# What tells nothing of the language that a README is written in.
_NO_PROSE = f"{_AS_WRITTEN},table,sup"
_ADDRESS = re.compile(r"(?:https?:|www\.)\S+")
MOST_PROSE = 4_000  # characters
_NODES_FOR_PROSE = 5_000
# What parsers take for a comment: https://html.spec.whatwg.org/multipage/parsing.html#parse-error-incorrectly-opened-comment
_REMARK = re.compile(r"<[!?]|</[^a-zA-Z]")
# Attributes that only this site may give, and languages nobody speaks.
_OURS = frozenset({"role", "tabindex", "aria-label", "class", "style"})
_PARSERS_OWN = frozenset({"role", "aria-label", "class"})
_CHECKED = ",".join(f"[{name}]" for name in sorted({"lang", *_OURS}))
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z0-9]{2,8})*")
# The marks of footnotes and formulas are only names for the style sheet.
_MARKS = frozenset({"footnotes", "footnote-ref", "footnote-backref", "math"})

# GitHub shows a player for these, this site a link that stands where the player would: a player
# would load from somebody else's server, and a film that disappears takes the best of many a README
# with it.
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


def parse(html: str) -> Element:
    """Read any HTML as what stands inside a `<div>`, as a browser would."""
    return parse_fragment(html, positions=False)


def read_markup(html: str, spared: Set[str]) -> Element:
    """Read what a parser of READMEs wrote, without what does not belong in one.

    Args:
        html: Any HTML.
        spared: Values of `class` that the parser gives its own blocks.

    Raises:
        UnreadableError: It is nested too deeply to be sanitised in time.
    """
    root = parse(html)
    if root.select_one(_TOO_DEEP):
        raise UnreadableError(say(TOO_DEEP))
    if not {element.tag for element in root.iter_elements()} <= KEPT:  # as of few
        root.strip_tags("noscript")
        _link_players(root)
        root.remove(_NEVER_SHOWN)
        # The sanitiser would do the same after parsing, and leave what is in them where no parser
        # would put it.
        root.strip_tags(_OTHERS)
    _link_films(root)
    for node in list(root.descendants) if _REMARK.search(html) else ():
        if not isinstance(node, (Element, Text)):
            node.decompose()
    marks = spared | _MARKS
    for element in root.select(_CHECKED):
        is_marked = element.attr("class") in marks
        for name in _OURS.intersection(element.attrs):
            if not (is_marked and name in _PARSERS_OWN):
                del element.attrs[name]
        if element.tag != "pre" and not _LANGUAGE.fullmatch(element.attr("lang") or "en"):
            del element.attrs["lang"]
    replace_shortcodes(root, f"{HEADINGS},{_AS_WRITTEN}")
    return root


def replace_shortcodes(root: Element, but_in: str = _AS_WRITTEN) -> None:
    """Replace emoji shortcodes in the texts below an element, but inside elements of some names.

    Headings wait until they have their anchors: `:rocket: Launch` is `#rocket-launch` on GitHub.
    """
    replaced = shortcodes_in(root.text)
    if replaced is None:
        return
    for node in root.descendants:
        if isinstance(node, Text) and ":" in node.data and node.closest(but_in) is None:
            node.data = replaced(node.data)


def prose_of(root: Element) -> str:
    """Give what a README says in sentences, from its beginning on: no code, tables, addresses."""
    said: list[str] = []
    room = MOST_PROSE
    for node in islice(root.descendants, _NODES_FOR_PROSE):
        words = node.data.strip() if isinstance(node, Text) else ""
        if words and node.closest(_NO_PROSE) is None:
            has_address = "http" in words or "www." in words
            said.append(_ADDRESS.sub("", words) if has_address else words)
            room -= len(said[-1]) + 1
            if room < 0:
                break
    return " ".join(said)[:MOST_PROSE]


def attributes_of(element: Element) -> dict[str, str]:
    """Read the attributes of an element, in order, but one whose name begins with `=`.

    Parsers read `<img =>` so; nothing can write it.
    """
    return {name: element.attr(name) or "" for name in element.attrs if name[0] != "="}


def write_attributes(element: Element, attributes: Mapping[str, str]) -> None:
    """Give an element these attributes and no others, in this order."""
    element.attrs.clear()
    element.attrs.update(attributes)


def film_kind(address: str) -> str | None:
    """Tell whether an address leads to a film or to sound, by the ending of its file."""
    path = re.split("[?#]", address, maxsplit=1)[0]
    return _ENDINGS.get(path.rpartition(".")[2].lower()) if "." in path else None


def _link_players(root: Element) -> None:
    """Put a link in the place of every player."""
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


def _link_films(root: Element) -> None:
    """Put a link in the place of an image such as `![demo](demo.mp4)`."""
    for image in root.find_all("img"):
        source = image.attr("src") or ""
        if film := film_kind(source):
            label = image.attr("alt") or ""
            image.replace_with(_link(image, source, film, label or basename(source)))


def _link(film: Element, address: str, kind: str, label: str) -> Element | Text:
    words = Text(say(FILMS[kind], name=label.strip()))
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
