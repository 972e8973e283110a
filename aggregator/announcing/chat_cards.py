"""A message as a card in a chat: Block Kit for Slack, an Adaptive Card for Microsoft Teams. Pure.

Block Kit: https://docs.slack.dev/reference/block-kit. Adaptive Cards: https://adaptivecards.io.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from aggregator.announcing.announcement import Announcement, as_sentence, fitting
from aggregator.announcing.posts import cut
from aggregator.announcing.published import FeedItem
from aggregator.words.phrases import shortened
from aggregator.words.speech import say

# https://docs.slack.dev/reference/block-kit/blocks: signs of a header and of a section, blocks of
# a message. Signs are cut to fewer, as escaping makes five of one.
_HEADER, _SECTION, _BLOCKS = 150, 3_000, 50
_SENTENCE, _ABOUT = 300, 250
# https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors: 28 KB a message.
_TEAMS_BYTES = 25_000
_WORD_JOINER = "\N{WORD JOINER}"
_SLACK_MARKS = re.compile(r"(?<!\w)[*_~`]|[*_~`](?!\w)")
# What Mattermost, which reads Markdown, would make a call, a link or the end of one.
_ACTS = re.compile("[@\uff20]|\\](?=\\()|(?<=:)(?=//)")


def slack_message(told: Announcement) -> dict[str, Any]:
    """Write a message for an incoming webhook of Slack, and of what understands the same."""
    return fitting(told, _for_slack, lambda made: len(made["blocks"]) <= _BLOCKS)


def _for_slack(told: Announcement) -> dict[str, Any]:
    heading = told.heading if len(told.items) > 1 or told.more else told.showcase
    blocks: list[dict[str, Any]] = [
        {
            "type": "header",
            "text": {"type": "plain_text", "text": cut(heading, _HEADER), "emoji": False},
        },
        *(_section(_slack_item(item)) for item in told.items),
    ]
    way_on = " ".join(filter(None, [told.more, _slack_link(told.home, say("All that is new"))]))
    if way_on:
        blocks.append({"type": "context", "elements": [_mrkdwn(way_on)]})
    # What notifications show, and whatever knows no blocks.
    lines = [slack_text(cut(as_sentence(item), _SENTENCE)) for item in told.items]
    return {"text": "\n".join([slack_text(heading), *lines]), "blocks": blocks}


def _slack_item(item: FeedItem) -> str:
    sentence = slack_text(cut(as_sentence(item), _SENTENCE))
    about = f"\n{slack_text(shortened(item.about, _ABOUT))}" if item.about else ""
    head = _slack_link(item.url, sentence, is_safe=True) or sentence
    # An address may be longer than a section; cut short it would lead elsewhere.
    return f"{head if len(head) + len(about) <= _SECTION else sentence}{about}"


def slack_text(text: str) -> str:
    """Write a text of a stranger so that it is neither markup, nor a link, nor calls anybody.

    Slack itself asks for three signs to be escaped; Mattermost and its kin, which take the same
    messages, would call everybody at "@channel" and read links as Markdown has them.
    """
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    safe = _ACTS.sub(lambda found: f"{found[0]}{_WORD_JOINER}", safe)
    return _SLACK_MARKS.sub(lambda found: f"{_WORD_JOINER}{found[0]}{_WORD_JOINER}", safe)


def _slack_link(url: str, words: str, *, is_safe: bool = False) -> str:
    if not url:
        return ""
    address = url.replace("&", "&amp;")
    for sign in "<>|":
        address = address.replace(sign, f"%{ord(sign):02X}")
    # A bar would end the address where some read it, and a line the link.
    shown = (words if is_safe else slack_text(words)).replace("|", "\N{DIVIDES}")
    return f"<{address}|{shown}>"


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> dict[str, Any]:
    """Give a text in which Slack looks for no names and addresses of its own accord."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def teams_message(told: Announcement) -> dict[str, Any]:
    """Write a message for a webhook of Teams' Workflows."""
    return fitting(told, _for_teams, lambda made: len(json.dumps(made).encode()) <= _TEAMS_BYTES)


def _for_teams(told: Announcement) -> dict[str, Any]:
    heading = told.heading if len(told.items) > 1 or told.more else told.showcase
    body = [_line(heading, size="large", weight="bolder"), *_teams_items(told)]
    if told.more:
        body.append(_line(told.more, isSubtle=True))
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "lang": told.language,
        "fallbackText": cut(heading, _SENTENCE),
        "body": body,
    }
    if told.home:
        open_page = {"type": "Action.OpenUrl", "title": say("All that is new"), "url": told.home}
        card["actions"] = [open_page]
    kind = "application/vnd.microsoft.card.adaptive"
    attachment = {"contentType": kind, "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _teams_items(told: Announcement) -> Iterator[dict[str, Any]]:
    for item in told.items:
        link = {"selectAction": {"type": "Action.OpenUrl", "url": item.url}} if item.url else {}
        yield _line(cut(as_sentence(item), _SENTENCE), weight="bolder", **link)
        if item.about:
            yield _line(shortened(item.about, _ABOUT)) | {"spacing": "none"}


def _line(text: str, **look: Any) -> dict[str, Any]:
    """Give a line of plain text: a run knows no Markdown, unlike a text block."""
    run = {"type": "TextRun", "text": text, **look}
    return {"type": "RichTextBlock", "inlines": [run]}
