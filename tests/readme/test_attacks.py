"""Attacks that others wrote, judged by another parser and by a real browser."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, Route

from aggregator.readme.rendering import render
from aggregator.readme.sanitise import sanitise
from tests.readme.cases import cases, source_of
from tests.readme.oracle import findings
from tests.readme.suites import (
    bleach_attacks,
    commonmark_examples,
    payload_list,
    readme_renderer_fixtures,
)

_WORDS = """
< > " ' / = ` & ; # --> <!-- ]]> <a~href= <img~src= <image~src= <svg> <math> <style> </style>
<script> </script> <p~ <table> <td> <mtext> <mglyph> <noscript> </noscript> <template>
onerror=alert(1) javascript:alert(1) java&#115;cript: data:text/html, x id=x srcset= cite= name=
style= <form> <input~ <select> <option> <title> <iframe~srcdoc= <object~data= <base~href= <br> ](
![ [ ) &#x3c; $ $$ $` `$ \\text{ \\href{ } <mi> <mo~href= <semantics> <annotation>
<annotation-xml~encoding= text/html> <malignmark> <mrow~style= </math> </mi>
"""
_PIECES = st.sampled_from([*(word.replace("~", " ") for word in _WORDS.split()), " ", "\n", "\0"])


def _shown(texts: list[str], path: str = "README.md") -> list[str]:
    return [render(source_of(text.encode("utf-8", "replace"), path)).html for text in texts]


def _assert_safe(pages: list[str]) -> None:
    for html in pages:
        assert findings(html) == []
        assert sanitise(html) == html


def test_the_oracle_finds_what_it_should() -> None:
    """The second opinion is worth asking: it objects to what is dangerous."""
    for html in (
        "<script>x</script>",
        "<b onclick=x>",
        "<a href=javascript:x>",
        '<img srcset="data:x 1x">',
        "<q cite=javascript:x>",
        "<a id=x>",
        "<input type=text disabled>",
        "<svg></svg>",
        "<b style=x>",
        "<math><mi href=javascript:x>x</mi></math>",
        "<math><annotation-xml encoding=text/html><b>x</b></annotation-xml></math>",
        "<math><mtext><b>x</b></mtext></math>",
        '<math><mspace width="1em;x:y"></math>',
    ):
        assert findings(html), html


def test_bleachs_attacks_find_nothing() -> None:
    """What bleach is attacked with does no harm, as Markdown, text or GitHub's HTML."""
    attacks = bleach_attacks()
    assert len(attacks) > 15
    _assert_safe(_shown(attacks))
    _assert_safe([sanitise(one) for one in attacks if "<img" not in one.lower()])


def test_readme_renderers_fixtures_find_nothing() -> None:
    """PyPI's renderer's own test READMEs, hostile ones among them, are shown safely."""
    fixtures = readme_renderer_fixtures()
    assert len(fixtures) > 70
    _assert_safe([render(source_of(content, name)).html for name, content in fixtures])


def test_the_specifications_examples_find_nothing() -> None:
    """Every example of the CommonMark specification is shown safely."""
    _assert_safe(_shown([markdown for _, markdown, _ in commonmark_examples()]))


def test_own_cases_find_nothing() -> None:
    """No case of this project is judged unsafe by the second parser."""
    everything = cases("safety", "links", "html", "images", "formats", "encodings", "tasks")
    _assert_safe([render(case.source).html for case in everything])


# What is drawn by a library of its own, and how an attack gets into it.
_DRAWN = {
    "formula": "${}$",
    "formula's text": r"$$\text{{{}}}$$",
    "link in a formula": r"$`\href{{{}}}{{x}}`$",
    "formula's block": "```math\n{}\n```",
    "code": "```html\n{}\n```",
    "session": "```console\n$ {}\n{}\n```",
    "language": "```{}\nx = 1\n```",
}


@pytest.mark.parametrize("form", _DRAWN.values(), ids=_DRAWN)
def test_attacks_on_what_is_drawn_find_nothing(form: str) -> None:
    """An attack inside a formula or a block of code is shown, and does nothing."""
    attacks = [one.replace("\n", " ") for one in bleach_attacks()]
    _assert_safe(_shown([form.replace("{}", one) for one in attacks if form.count("{}") == 2]))
    _assert_safe(_shown([form.format(one) for one in attacks if form.count("{}") == 1]))


def test_formulas_written_as_html_go() -> None:
    """MathML of an author's own is dropped with what is in it: only what is drawn here is shown."""
    for inside in (
        "<mi>x</mi>",
        "<mtext><img src=x></mtext>",
        "<mi><style><img src=x></style></mi>",
    ):
        html = str(render(source_of(f"a <math>{inside}</math> b".encode())).html)
        assert html.split() == ["<p>a", "b</p>"]


@pytest.mark.corpus
def test_the_payload_list_finds_nothing(corpus: Path) -> None:
    """Thousands of published attacks, one by one, leave nothing behind."""
    payloads = payload_list(corpus)
    assert len(payloads) > 500
    _assert_safe(_shown(payloads))


@pytest.mark.corpus
def test_real_readmes_find_nothing(corpus: Path) -> None:
    """Every real README, odd ones included, is judged safe by the second parser."""
    for folder in ("readmes", "readmes_odd"):
        for file in sorted((corpus / folder).glob("*.gz")):
            data = gzip.decompress(file.read_bytes())[:60_000]
            path = file.name.removesuffix(".gz").replace("__", "+").rpartition("+")[2]
            html = render(source_of(data, path)).html
            assert findings(html) == [], file.name


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(_PIECES, max_size=25))
def test_any_soup_of_markup_is_safe(pieces: list[str]) -> None:
    """However tags, quotes and addresses are mixed, nothing dangerous comes out."""
    for path in ("README.md", "README.org"):
        source = source_of(b"", path, github_html="".join(pieces))
        bare = "".join(piece for piece in pieces if piece[:3] not in {"<im", "<in"})
        # The gate alone, without the steps that drop an author's own MathML before it.
        found = [one for one in findings(sanitise(bare)) if not one.endswith(" in a formula")]
        assert found == []
        if path.endswith(".md"):
            source = source_of("".join(pieces).encode(), path)
        html = render(source).html
        assert findings(html) == []
        assert sanitise(html) == html


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without a network."""
    page = browser.new_page()
    page.route("**/*", _refuse)
    yield page
    page.close()


def _refuse(route: Route) -> None:
    route.abort()


def _executions(page: Page, html: str) -> list[str]:
    """Load HTML, touch what can be touched, and list the dialogs and navigations."""
    seen: list[str] = []
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    page.on("framenavigated", lambda frame: seen.append(f"navigated to {frame.url}"))
    page.set_content(html, wait_until="load")
    page.evaluate(
        """() => { for (const node of document.body.querySelectorAll('*')) {
          for (const kind of ['mouseover', 'focus', 'error', 'load', 'toggle'])
            node.dispatchEvent(new Event(kind));
          if (node.tagName === 'DETAILS') node.open = true; } }"""
    )
    page.wait_for_timeout(500)
    return [one for one in seen if one != "navigated to about:blank"]


@pytest.mark.browser
def test_the_browser_would_tell(page: Page) -> None:
    """The watch over dialogs works: an attack that is let through is seen."""
    assert _executions(page, "<img src=x onerror=alert(1)>")


@pytest.mark.browser
@pytest.mark.corpus
def test_nothing_runs_in_a_browser(page: Page, corpus: Path) -> None:
    """All attacks on one page: no dialog opens, nothing navigates, no script is there."""
    attacks = [*bleach_attacks(), *payload_list(corpus)]
    shown = sorted({*_shown(attacks), *(render(case.source).html for case in cases("safety"))})
    shown += _shown([content.decode() for _, content in readme_renderer_fixtures()])
    assert _executions(page, "<!doctype html><body>" + "<hr>".join(shown)) == []
    assert page.locator("script, style, iframe, svg, form, object, embed, link, meta").count() == 0
