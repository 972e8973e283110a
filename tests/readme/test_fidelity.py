"""Markdown means here what it means on GitHub: judged by the specifications' own examples."""

import re

import html5lib
import pytest

from aggregator.readme.links import Anchors, anchor_of
from aggregator.readme.markdown import markdown_to_html
from tests.readme.suites import commonmark_examples, gfm_pairs

# Where GitHub's parser differs from the specification, and so does this site.
BARE_ADDRESSES_ARE_LINKS = frozenset({602, 606, 608, 611, 612})
STRONG_IN_STRONG_IS_ONE = frozenset({389, 417, 425, 426, 427, 464, 465, 466, 468})
OLDER_RULES_OF_CHARACTERS = frozenset({28, 354})
GITHUBS_OWN = BARE_ADDRESSES_ARE_LINKS | STRONG_IN_STRONG_IS_ONE | OLDER_RULES_OF_CHARACTERS
_LANGUAGE = re.compile(r'<pre><code class="language-([^"]*)">')


def _tree(html: str) -> str:
    fragment = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return str(html5lib.serialize(fragment, strip_whitespace=True, quote_attr_values="always"))


def test_the_specifications_examples_come_out_as_written() -> None:
    """Every example of the CommonMark specification gives the HTML it says."""
    examples = commonmark_examples()
    wrong = {
        number
        for number, text, html in examples
        if _tree(markdown_to_html(text)) != _tree(_LANGUAGE.sub(r'<pre lang="\1"><code>', html))
    }
    assert len(examples) > 640
    assert wrong == GITHUBS_OWN


def test_githubs_extensions_come_out_as_another_renderer_has_them() -> None:
    """Tables, strikethrough, autolinks and task lists agree with PyPI's renderer."""
    pairs = gfm_pairs()
    assert len(pairs) > 20
    for name, text, html in pairs:
        if "<xmp>" in text:  # tags GitHub disallows: a matter for the sanitiser here
            continue
        expected = _words(html)
        assert _words(markdown_to_html(text)) == expected, name


def _words(html: str) -> list[str]:
    fragment = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return "".join(fragment.itertext()).split()


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Hello World", "hello-world"),
        ("  spaced  ", "spaced"),
        ("a  b", "a--b"),
        ("snake_case-and-dash", "snake_case-and-dash"),
        ("What's *new*?", "whats-new"),
        ("e\u0301tude", "e\u0301tude"),
        ("\u2122 mark", "-mark"),
        ("\U0001f600 smile", "-smile"),
        ("\u0967\u0968", "\u0967\u0968"),
        ("a\u200db", "ab"),
        ("!!!", ""),
    ],
)
def test_anchors_follow_githubs_rule(heading: str, anchor: str) -> None:
    """A link to a heading that works on GitHub works here."""
    assert anchor_of(heading) == anchor


def test_equal_anchors_are_numbered() -> None:
    """The second of two equal headings has its own address, even beside one that is written so."""
    anchors = Anchors()
    assert [anchors.take(one) for one in ("a", "a", "a-1", "a", "")] == [
        "a",
        "a-1",
        "a-1-1",
        "a-2",
        "",
    ]
