"""READMEs beside the pages that must come of them."""

import pytest

from aggregator.readme.readme import story_source
from aggregator.readme.rendering import render
from aggregator.readme.sanitise import sanitise
from tests.readme.cases import CASES, Case, cases, name_of

OTHER_KINDS = frozenset({"bombs", "corpus", "excerpt", "lead_image", "sentences"})
HTML_CASES = cases(*sorted({folder.name for folder in CASES.iterdir()} - OTHER_KINDS))


@pytest.mark.parametrize("case", HTML_CASES, ids=name_of)
def test_a_readme_becomes_the_page_beside_it(case: Case) -> None:
    """Every README of the case folders is shown exactly as the file beside it says."""
    assert render(case.source).html.strip() + "\n" == case.expected(".html")


@pytest.mark.parametrize("case", HTML_CASES, ids=name_of)
def test_sanitising_twice_changes_nothing(case: Case) -> None:
    """What left the sanitiser once is what it would leave again."""
    html = render(case.source).html
    assert sanitise(html) == html


@pytest.mark.parametrize("case", cases("excerpt"), ids=name_of)
def test_the_excerpt_is_the_sentence_for_a_card(case: Case) -> None:
    """The card shows the paragraph that describes the project, or says that there is none."""
    readme = render(case.source)
    assert (readme.excerpt or "(none)") + "\n" == case.expected(".txt")


@pytest.mark.parametrize("case", cases("lead_image"), ids=name_of)
def test_the_lead_image_shows_the_project(case: Case) -> None:
    """Only a screenshot, plot or diagram stands for a project; a logo or a face never does."""
    image = render(case.source).lead_image
    shown = f"{image.url.rpartition('/')[2]} | {image.alt}" if image else "(none)"
    assert shown + "\n" == case.expected(".txt")


def test_a_members_own_markdown_goes_through_the_same_gate() -> None:
    """A story in the registry is Markdown like a README, and no safer."""
    written = "We *saved* [time](https://example.org/). <script>x</script> [r](a.md)"
    html = render(story_source(written)).html
    assert html == (
        '<p>We <em>saved</em> <a href="https://example.org/" '
        'rel="nofollow noopener noreferrer">time</a>.  '
        "<span>r</span></p>\n"
    )
