"""Markup that nobody would write on purpose: pieces of READMEs and of attacks in any order."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.readme.rendering import render
from aggregator.readme.sanitise import sanitise
from tests.conftest import ROOT
from tests.readme.cases import source_of
from tests.readme.oracle import findings

# Each line is one piece; `\n` in it stands for a line end.
_LINES = (ROOT / "tests" / "cases" / "readme_pieces.txt").read_text("utf-8").splitlines()
PIECES = [line.replace(r"\n", "\n") for line in _LINES]


@settings(max_examples=400, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
# What a parser takes for a comment, before the line end that it drops after <pre>.
@example(["<pre>", "<?php", "<p>"])
@example(["<pre>", "</ x>", "\nab</pre>"])
def test_any_mixture_of_markup_is_rendered_and_harmless(pieces: list[str]) -> None:
    """Whatever stands beside what, it becomes a page, and sanitising again changes nothing."""
    html = render(source_of("".join(pieces).encode())).html
    assert findings(html) == []
    assert sanitise(html) == html
