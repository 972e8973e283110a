"""A message as plain text: to copy, for Mastodon and for Bluesky. Pure.

Both count what a reader takes for one sign (a grapheme), whatever it is made of. No word of a
stranger may mention anybody, become a link or a hashtag.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import regex

from aggregator.announcing.announcement import Announcement, as_sentence, fitting
from aggregator.announcing.published import FeedItem

# https://docs.joinmastodon.org/user/posting/#text says 500, and that an address counts as 23.
MASTODON_MOST, _ADDRESS_COUNTS = 500, 23
# https://github.com/bluesky-social/atproto, lexicons/app/bsky/feed/post.json: 300, and 3000 bytes.
BLUESKY_MOST, _BLUESKY_BYTES = 300, 3_000
_CARD_TITLE, _CARD_TEXT = 150, 300
_NEAR = 20  # signs of a word that is left out rather than cut
_WORTH_SAYING = 20  # signs; of less than that nothing is left to read
_ADDRESS = re.compile(r"https?://\S+")
_WORD_JOINER = "\N{WORD JOINER}"
# What Mastodon makes links, mentions and hashtags of.
_ACTS = re.compile(r"[@\uff20#\uff03]|(?<=:)(?=//)|\b(?:magnet|xmpp)(?=:)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BlueskyPost:
    """A post: its text, the links in it as places in its bytes, and the card below it.

    Args:
        links: first byte, byte after the last, address.
        card: address, title, description; None where nothing leads anywhere.
    """

    text: str
    links: tuple[tuple[int, int, str], ...]
    card: tuple[str, str, str] | None

    def record(self, moment: str, language: str) -> dict[str, Any]:
        """Write it as Bluesky keeps it (app.bsky.feed.post)."""
        written: dict[str, Any] = {
            "$type": "app.bsky.feed.post",
            "text": self.text,
            "createdAt": moment,
            "langs": [language],
            "facets": [
                {
                    "index": {"byteStart": start, "byteEnd": end},
                    "features": [{"$type": "app.bsky.richtext.facet#link", "uri": url}],
                }
                for start, end, url in self.links
            ],
        }
        if self.card:
            uri, title, description = self.card
            external = {"uri": uri, "title": title, "description": description}
            written["embed"] = {"$type": "app.bsky.embed.external", "external": external}
        return written


def graphemes(text: str) -> list[str]:
    """Take a text apart into what a reader takes for one sign each."""
    return [sign[0] for sign in regex.finditer(r"\X", text)]


def cut(text: str, most: int) -> str:
    """Cut a text to so many signs, at a word where one ends near, with an ellipsis."""
    signs = graphemes(text)
    if len(signs) <= most:
        return text
    head = "".join(signs[: max(0, most - 1)])
    whole, _, rest = head.rpartition(" ")
    return f"{(whole if whole and len(rest) < _NEAR else head).rstrip()}…" if most > 0 else ""


def plain_text(told: Announcement) -> str:
    """Write a message to copy, with addresses."""
    if len(told.items) == 1 and not told.more:
        return _alone(told.items[0], told.link, str)
    return _several(told, str, with_addresses=True)


def mastodon_status(told: Announcement) -> str:
    """Write a status of at most 500 signs."""

    def fits(text: str) -> bool:
        return mastodon_length(text) <= MASTODON_MOST

    whole = fitting(told, _for_mastodon, fits)
    if fits(whole):
        return whole
    # One piece of news is left, whose words are shortened until it fits.
    item, link = told.items[0], told.link
    only = told if len(told.items) == 1 else _first_alone(told)
    tail = _tail(only, link)
    room = MASTODON_MOST - mastodon_length(tail)
    head = _harmless(as_sentence(item))
    about = _harmless(item.about)
    left = room - len(graphemes(head)) - 2
    if left >= _WORTH_SAYING and about and not only.more:
        return f"{head}\n\n{cut(about, left)}{tail}"
    return f"{cut(head, room)}{tail}"


def _first_alone(told: Announcement) -> Announcement:
    while len(told.items) > 1:
        told = told.fewer()
    return told


def _tail(told: Announcement, link: str) -> str:
    more = f"\n{told.more}" if told.more else ""
    address = (told.home if told.more else link) or link
    return more + (f"\n{address}" if address else "")


def mastodon_length(text: str) -> int:
    """Count the signs of a status as Mastodon does."""
    return len(graphemes(_ADDRESS.sub("x" * _ADDRESS_COUNTS, text)))


def _for_mastodon(told: Announcement) -> str:
    if len(told.items) == 1 and not told.more:
        return _alone(told.items[0], told.link, _harmless)
    return _several(told, _harmless, with_addresses=False)


def _harmless(text: str) -> str:
    """Break what Mastodon would make a mention, a hashtag or a link of; it reads the same."""
    return _ACTS.sub(lambda found: f"{found[0]}{_WORD_JOINER}", text)


def _alone(item: FeedItem, link: str, safe: Callable[[str], str]) -> str:
    words = [safe(as_sentence(item)), *([safe(item.about)] if item.about else [])]
    return "\n\n".join(words) + (f"\n{link}" if link else "")


def _several(told: Announcement, safe: Callable[[str], str], *, with_addresses: bool) -> str:
    lines = [safe(told.heading), ""]
    for item in told.items:
        address = f" {item.url}" if with_addresses and item.url else ""
        lines.append(f"• {safe(as_sentence(item))}{address}")
    return "\n".join([*lines, *([told.more] if told.more else []), *filter(None, [told.home])])


def bluesky_post(told: Announcement) -> BlueskyPost:
    """Write a post of at most 300 signs, each piece of news a link, with a card of where to go."""

    def fits(post: BlueskyPost) -> bool:
        enough = len(graphemes(post.text)) <= BLUESKY_MOST
        return enough and len(post.text.encode()) <= _BLUESKY_BYTES

    post = fitting(told, partial(_for_bluesky, room=BLUESKY_MOST), fits)
    room = BLUESKY_MOST
    while not fits(post) and room > _WORTH_SAYING:  # long signs: a family is 25 bytes
        room = room * 2 // 3
        post = _for_bluesky(_first_alone(told), room)
    return post


def _for_bluesky(told: Announcement, room: int) -> BlueskyPost:
    alone = len(told.items) == 1
    parts = list(_parts(told, room)) if alone else list(_lines(told))
    text, links = "", []
    for words, url in parts:
        start = len(text.encode())
        text += words
        if url:
            links.append((start, len(text.encode()), url))
    return BlueskyPost(text, tuple(links), _card(told))


def _parts(told: Announcement, room: int) -> Iterator[tuple[str, str]]:
    """Give the one piece of news, shortened, and how much more there is."""
    item = told.items[0]
    more = f"\n{told.more}" if told.more else ""
    left = room - len(graphemes(more))
    head = cut(as_sentence(item), left)
    yield head, item.url
    left -= len(graphemes(head)) + 2
    if item.about and not more and left >= _WORTH_SAYING:
        yield f"\n\n{cut(item.about, left)}", ""
    if more:
        yield more, told.home


def _lines(told: Announcement) -> Iterator[tuple[str, str]]:
    yield f"{told.heading}\n", ""
    for item in told.items:
        yield "\n• ", ""
        yield as_sentence(item), item.url
    if told.more:
        yield "\n", ""
        yield told.more, told.home


def _card(told: Announcement) -> tuple[str, str, str] | None:
    if not told.link:
        return None
    if len(told.items) == 1 and not told.more:
        item = told.items[0]
        return told.link, cut(item.title, _CARD_TITLE), cut(item.about, _CARD_TEXT)
    return told.link, cut(told.heading, _CARD_TITLE), cut(told.showcase, _CARD_TEXT)
