"""How a message looks in each place: cases as files, and what holds of any words at all.

Beside `NAME.yaml`, which lists news, `NAME.txt` holds what each place is sent. To write one anew,
delete it and run this with ANNOUNCING_CASES=write; then read it.
"""

import json
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from aggregator.announcing.announcement import Announcement, announcement_of
from aggregator.announcing.chat_cards import slack_message, teams_message
from aggregator.announcing.newsletter import (
    newsletter_html,
    newsletter_mail,
    newsletter_markdown,
)
from aggregator.announcing.planning import Planned
from aggregator.announcing.posts import (
    BLUESKY_MOST,
    MASTODON_MOST,
    bluesky_post,
    graphemes,
    mastodon_length,
    mastodon_status,
    plain_text,
)
from aggregator.words.clean import clean_line
from tests.announcing.news import HOME, NOW, item, published

CASES = Path(__file__).parent.parent / "cases" / "announcing"


def read(path: Path) -> Announcement:
    """Read the news of a case."""
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    items = tuple(
        item(one.pop("name", f"n{number}"), **one) for number, one in enumerate(case["items"])
    )
    month = date.fromisoformat(case["month"]) if case.get("month") else None
    planned = Planned(id="x", at=NOW, items=items, more=case.get("more", False), month=month)
    showcase = case.get("showcase", "Orchard software")
    return announcement_of(planned, case.get("digest", 5), showcase, case.get("home", HOME), "en")


def shown(told: Announcement) -> str:
    """Write what every place is sent, one under the other."""
    post = bluesky_post(told)
    parts: dict[str, Any] = {
        "text": plain_text(told),
        "slack": json.dumps(slack_message(told), ensure_ascii=False, indent=1),
        "teams": json.dumps(teams_message(told), ensure_ascii=False, indent=1),
        "mastodon": mastodon_status(told),
        "bluesky": json.dumps(post.record("MOMENT", "en"), ensure_ascii=False, indent=1),
        "markdown": newsletter_markdown(told),
        "html": newsletter_html(told),
    }
    return "\n".join(f"=== {name}\n{text}" for name, text in parts.items()) + "\n"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_place_is_sent_what_the_case_says(path: Path) -> None:
    """Every form of every case is as somebody read it."""
    made, expected = shown(read(path)), path.with_suffix(".txt")
    if os.environ.get("ANNOUNCING_CASES") == "write" and not expected.exists():
        expected.write_text(made, encoding="utf-8")
    assert made == expected.read_text(encoding="utf-8")


ACTING = (
    *("@everyone", "@here ", "<!channel>", "<@U1>", "&amp;", "&", "<b>", "*bold*", "_x_", "`y`"),
    *("~z~", "](https://evil.example)", "[x](javascript:1)", "# h", "\r\nBcc: a@evil.example", "|"),
    *(">", "https://evil.example/", "#tag", "\u202e", "\0", "e\u0301", "\ud800"),
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}",
)
WORDS = st.text(max_size=300) | st.lists(
    st.sampled_from(ACTING),
    max_size=60,
).map("".join)
KINDS = st.sampled_from(["projects", "releases", "good-news", "spotlight"])
ITEMS = st.lists(st.tuples(WORDS, WORDS, KINDS, st.booleans()), min_size=1, max_size=20)


def announced(items: list[tuple[str, str, str, bool]], showcase: str) -> Announcement:
    """Put strangers' words into an announcement, through the door that feeds come by."""
    made = [
        replace(
            item(f"n{number}", kind, days=number / 100),
            title=title.encode("utf-8", "replace").decode() or "x",
            about=about.encode("utf-8", "replace").decode(),
            url="https://showcase.example.org/?a=1&b=|>" if linked else "",
        )
        for number, (title, about, kind, linked) in enumerate(items)
    ]
    news = published(made)
    planned = Planned(id="x", at=NOW, items=news.items or (item("x"),))
    return announcement_of(planned, 10, clean_line(showcase) or "x", HOME, "en")


OWN_LINK = re.compile(r"<https://showcase\.example\.org/[^<>|\s]*\|[^<>|]*>")


@settings(max_examples=150, deadline=None)
@given(ITEMS, WORDS)
def test_no_words_act_in_slack(items: list[tuple[str, str, str, bool]], showcase: str) -> None:
    """Nothing but our own links is left of the signs that Slack acts upon, and limits are kept."""
    message = slack_message(announced(items, showcase))
    texts = [message["text"]]
    assert len(message["blocks"]) <= 50
    for block in message["blocks"]:
        for part in block.get("elements", [block.get("text")]):
            if part["type"] == "mrkdwn":
                assert part["verbatim"] is True
                assert 0 < len(part["text"]) <= 3000
                texts.append(part["text"])
            else:
                assert 0 < len(part["text"]) <= 150 * 30
                assert len(graphemes(part["text"])) <= 150
    for text in texts:
        bare = OWN_LINK.sub("", text)
        assert not re.search(r"[<>]", bare), text
        assert not re.search(r"&(?!amp;|lt;|gt;)", bare), text
        assert not re.search(r"@\w", text), text


@settings(max_examples=150, deadline=None)
@given(ITEMS, WORDS)
def test_no_words_act_on_mastodon(items: list[tuple[str, str, str, bool]], showcase: str) -> None:
    """A status mentions nobody, holds no link but ours, and has at most 500 signs."""
    status = mastodon_status(announced(items, showcase))
    assert 0 < mastodon_length(status) <= MASTODON_MOST
    assert not re.search(r"[@\uff20]\w", status)
    assert not re.search(r"[#\uff03]\w", status)
    links = re.findall(r"\w+://\S+", status)
    assert all(link.startswith("https://showcase.example.org/") for link in links), links


@settings(max_examples=150, deadline=None)
@given(ITEMS, WORDS)
def test_a_bluesky_post_has_room_and_sound_links(
    items: list[tuple[str, str, str, bool]], showcase: str
) -> None:
    """A post has at most 300 signs and 3000 bytes, and each link covers whole signs of it."""
    post = bluesky_post(announced(items, showcase))
    written = post.text.encode()
    assert 0 < len(graphemes(post.text)) <= BLUESKY_MOST
    assert len(written) <= 3000
    last = 0
    for start, end, url in post.links:
        assert last <= start < end <= len(written)
        assert written[start:end].decode().strip()
        assert url.startswith("https://showcase.example.org/")
        last = end


@settings(max_examples=100, deadline=None)
@given(ITEMS, WORDS)
def test_teams_has_room_and_shows_runs(
    items: list[tuple[str, str, str, bool]], showcase: str
) -> None:
    """A card has at most 28 KB, and words stand in runs, which know no Markdown."""
    message = teams_message(announced(items, showcase))
    assert len(json.dumps(message).encode()) < 28_000
    card = message["attachments"][0]["content"]
    assert {line["type"] for line in card["body"]} == {"RichTextBlock"}
    assert {run["type"] for line in card["body"] for run in line["inlines"]} == {"TextRun"}
    assert {action["type"] for action in card["actions"]} == {"Action.OpenUrl"}


@settings(max_examples=100, deadline=None)
@given(ITEMS, WORDS)
def test_no_words_act_in_a_mail(items: list[tuple[str, str, str, bool]], showcase: str) -> None:
    """No title becomes a header, an element or an attribute of its own."""
    told = announced(items, showcase)
    mail = newsletter_mail(told, "a@example.org", "b@example.org", "id", NOW)
    head = mail.as_bytes().partition(b"\r\n\r\n")[0].decode("ascii")
    names = re.findall(r"^([\w-]+):", head, re.MULTILINE)
    assert sorted(names) == sorted(
        [
            "Subject",
            "From",
            "To",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "Content-Type",
            "MIME-Version",
        ]
    )
    page = LexborHTMLParser(newsletter_html(told))
    tags = {node.tag for node in page.css("*")}
    assert tags <= {
        "html",
        "head",
        "meta",
        "title",
        "body",
        *("h1", "h2", "ul", "li", "a", "p", "div", "span"),
    }
    links = [node.attributes["href"] or "" for node in page.css("a")]
    assert all(link.startswith("https://showcase.example.org/") for link in links)
    assert all(set(node.attributes) <= {"href"} for node in page.css("a"))
