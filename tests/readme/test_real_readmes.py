"""The real READMEs of the folder beside the project: read where they are, never copied.

`tests/cases/readme/corpus/excerpts.json` holds what somebody thought who read every excerpt: the
beginning of its SHA-256 and a verdict, `good` for a sentence one would put on a card.
"""

import gzip
import hashlib
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.readme.images import is_badge
from aggregator.readme.readme import Readme, ReadmeSource, with_its_language
from aggregator.readme.rendering import render
from tests.readme.cases import CASES

pytestmark = pytest.mark.corpus
VERDICTS = json.loads((CASES / "corpus" / "excerpts.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def real(corpus: Path) -> dict[str, tuple[dict[str, Any], ReadmeSource, Readme]]:
    """Every real repository that has a README, and the README rendered."""
    lines = (corpus / "repositories.jsonl").read_text("utf-8").splitlines()
    found = {}
    for facts in map(json.loads, lines):
        if facts["readme_file"]:
            source = ReadmeSource(
                data=gzip.decompress((corpus / facts["readme_file"]).read_bytes()),
                path=facts["readme_path"],
                repository=facts["full_name"],
                ref=facts["head_sha"],
                branch=facts["default_branch"],
            )
            found[facts["full_name"]] = (facts, source, render(source))
    return found


Real = dict[str, tuple[dict[str, Any], ReadmeSource, Readme]]


def health(real: Real) -> list[tuple[str, tuple[dict[str, Any], ReadmeSource, Readme]]]:
    """Keep the repositories of health and care."""
    return [(name, one) for name, one in real.items() if one[0]["group"] == "health"]


def _mark(text: str | None) -> str | None:
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else None


def test_no_readme_is_said_to_be_in_another_language(real: Real) -> None:
    """READMEs in English, full of code, tables and names, are told to be that or nothing."""
    told = {
        name: with_its_language(readme.to_fields())["language"]
        for name, (_, _, readme) in real.items()
    }
    french = {"bzg/data-codes-sources-fr", "etalab/data-codes-sources-fr"}
    others = {name: one for name, one in told.items() if one not in {"en", ""}}
    assert others == dict.fromkeys(french, "fr")
    assert list(told.values()).count("") <= 0.06 * len(told)


def test_every_excerpt_has_been_read(real: Real) -> None:
    """No excerpt of a health repository changes without somebody reading it again."""
    unread = [
        f"{name}: {readme.excerpt}"
        for name, (facts, _, readme) in real.items()
        if facts["group"] == "health" and _mark(readme.excerpt) != VERDICTS[name]["excerpt"]
    ]
    assert unread == []


def test_most_excerpts_belong_on_a_card() -> None:
    """At least 85 of 100 excerpts are sentences one would put on a card."""
    verdicts = [one["verdict"] for one in VERDICTS.values() if one["excerpt"]]
    good = verdicts.count("good")
    assert len(verdicts) > 140
    assert good / len(verdicts) >= 0.85


def test_no_excerpt_is_markup_or_a_placeholder(real: Real) -> None:
    """No card shows markup, a badge's words, an install line or a template's own text."""
    never = re.compile(
        r"<[a-z/!]|\]\(|!\[|^#|\{\{|pip install|install\.packages|git clone|lorem ipsum|"
        r"\[insert|your project name|\{[A-Z]+[ }]|shields\.io|codecov|build passing",
        re.IGNORECASE,
    )
    excerpts = {name: readme.excerpt for name, (_, _, readme) in health(real) if readme.excerpt}
    assert {name: text for name, text in excerpts.items() if never.search(text)} == {}


def test_relative_references_resolve(real: Real) -> None:
    """At least 89 of 100 relative references lead to something that is in the repository."""
    resolved = [_exists(facts, url) for facts, url in _references(real)]
    share = sum(resolved) / len(resolved)
    assert len(resolved) > 400
    assert share >= 0.89


def _references(real: Real) -> list[tuple[dict[str, Any], str]]:
    found = []
    for facts, source, readme in real.values():
        tree = LexborHTMLParser(f"<body>{readme.html}")
        urls = [node.attrs.get("href") or "" for node in tree.css("a[href]")]
        urls += [node.attrs.get("src") or "" for node in tree.css("img[src]")]
        places = (f"/blob/{source.branch}/", f"/tree/{source.branch}/", f"/raw/{source.ref}/")
        for url in urls:
            inside = url.removeprefix(source.home)
            if url.startswith(source.home) and inside.startswith(places):
                found.append((facts, inside.split("/", 3)[3]))
    return found


def _exists(facts: dict[str, Any], path: str) -> bool:
    """Look a path up among the names at the top of the repository, all that is known of it."""
    from urllib.parse import unquote  # noqa: PLC0415 - used once

    first, _, rest = unquote(re.split(r"[?#]", path)[0]).partition("/")
    names = set(facts["top_level"])
    return f"{first}/" in names if rest else first in names or f"{first}/" in names


def test_nothing_of_ours_is_relative(real: Real) -> None:
    """Every address on a page is complete, stays on the page, or is of what was drawn for it."""
    for name, (_, _, readme) in real.items():
        tree = LexborHTMLParser(f"<body>{readme.html}")
        urls = [node.attrs.get("href") or "#" for node in tree.css("a[href]")]
        urls += [node.attrs.get("src") or "" for node in tree.css("img")]
        relative = {url for url in urls if not re.match(r"#|[a-z]+:", url, re.IGNORECASE)}
        assert relative <= {path for path, _ in readme.drawings}, name


def test_badges_are_not_requested(real: Real) -> None:
    """No page with a real README asks a badge host for a picture."""
    for name, (_, _, readme) in real.items():
        tree = LexborHTMLParser(f"<body>{readme.html}")
        sources = [node.attrs.get("src") or "" for node in tree.css("img")]
        assert [url for url in sources if is_badge(url)] == [], name


def test_ids_are_unique_and_headings_in_order(real: Real) -> None:
    """On every real page ids are unique, and no heading is more than one level below the last."""
    for name, (_, _, readme) in real.items():
        tree = LexborHTMLParser(f"<body>{readme.html}")
        ids = [node.attrs.get("id") for node in tree.css("[id]")]
        assert len(ids) == len(set(ids)), name
        levels = [1, *(int((node.tag or "")[1]) for node in tree.css("h2,h3,h4,h5,h6"))]
        assert all(b - a <= 1 for a, b in pairwise(levels)), name


def test_nothing_real_is_shown_as_plain_text(real: Real) -> None:
    """Guards against bombs never touch a README that somebody wrote for people to read."""
    plain = [name for name, (_, _, one) in real.items() if any("plain" in n for n in one.notes)]
    assert plain == []
