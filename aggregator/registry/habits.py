"""Slips that come from elsewhere: Markdown, chat, mail, other programs' settings.

One rule for each habit: a line in, what is wrong with it out. `syntax` asks these
before its own rules about YAML, and only about pieces that could not be read.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from aggregator.registry.rules import shown
from aggregator.words.names import CURLY_QUOTES, meant_repo


class Finding(NamedTuple):
    """What is wrong with one line; the column counts from 1."""

    column: int
    what: str
    cure: str


FIELD = re.compile(
    r"(?P<lead>[ \t\u00a0]*(?:- +)?)(?P<key>[A-Za-z_]+)(?P<gap>:(?:[ \t\u00a0]+|$))(?P<value>.*)"
)
BULLET = re.compile(r"( *)[*+\u2022\u2013\u2014\u2212]+ *(?=[\w\"'\[])(.*)")
MARKDOWN_LINK = re.compile(r"( *- +(?:repo *: *)?)\[[^\]]*\]\(([^)\s]+)\)")
LINK_ON_THE_LINE = re.compile(r"(docs|demo|paper): +(\S+)$")
HASHTAG = re.compile(r"[\[,\s]#\w")
LISTS = frozenset({"tags", "people", "used_by"})


def write(key: str, value: str) -> str:
    """Say what to write for a field."""
    return f"write {shown(f'{key}: {value}', 120)}"


def quoted(value: str) -> str:
    """Put a value into double quotes, as YAML reads them back."""
    inner = value.strip().strip(CURLY_QUOTES).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def _bullet(line: str) -> Finding | None:
    found = BULLET.match(line)
    if found is None:
        return None
    what = "an entry begins with a hyphen, not with another bullet"
    return Finding(found.end(1) + 1, what, f"write {shown(f'- {found[2]}', 120)}")


def _markdown_link(line: str) -> Finding | None:
    found = MARKDOWN_LINK.match(line)
    repo = meant_repo(found[2]) if found else None
    if found is None or repo is None:
        return None
    return Finding(found.end(1) + 1, "this is a link in Markdown", f"write `- repo: {repo}`")


def _list_without_brackets(line: str) -> Finding | None:
    """Answer `people: @ann, bob`, which no value may begin with."""
    found = FIELD.match(line)
    if found is None or found["key"] not in LISTS or found["value"][:1] not in {"@", "&", "*", "!"}:
        return None
    words = re.split(r"[\s,;]+", found["value"].replace("@", ""))
    listed = ", ".join(word for word in words if word)
    what = f"{found['key']}: this must be a list, and no value can begin with {found['value'][0]}"
    return Finding(found.start("value") + 1, what, write(found["key"], f"[{listed}]"))


def _hashtags(line: str) -> Finding | None:
    found = FIELD.match(line)
    if found is None or found["value"][:1] != "[" or not HASHTAG.search(found["value"]):
        return None
    what = "everything after # is a comment, so the list is never closed"
    bare = found["value"].rstrip().replace("#", "")
    return Finding(found.start("value") + 1, what, write(found["key"], bare))


def _cut_bracket(line: str) -> Finding | None:
    """Answer `{repo: a/b, summary: We are #1}`, whose end is a comment."""
    found = re.search(r"[\[{][^\]}\"']*?[^\s\"']\s+(#\w)", line)
    if found is None or line.lstrip().startswith("#"):
        return None
    what = "everything after a space and # is a comment, so the bracket is never closed"
    return Finding(found.start(1) + 1, what, "put the text with the # in double quotes")


def _link_on_the_line(line: str) -> Finding | None:
    found = FIELD.match(line)
    link = LINK_ON_THE_LINE.match(found["value"].rstrip()) if found else None
    if found is None or link is None or found["key"] != "links":
        return None
    what = "links: two fields cannot stand on one line like this"
    return Finding(found.start("value") + 1, what, f"write `links: {{{link[1]}: {link[2]}}}`")


HABITS: tuple[Callable[[str], Finding | None], ...] = (
    _bullet,
    _markdown_link,
    _list_without_brackets,
    _hashtags,
    _cut_bracket,
    _link_on_the_line,
)
