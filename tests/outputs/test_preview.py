"""A pull request shows the card that the site will show."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.types import Catalogue
from aggregator.joining.judgement import Judgement, Preview, ProposedCard
from aggregator.site.pages.preview import with_previews
from tests.outputs import factory


def _previewed(name: str, catalogue: Catalogue) -> Preview:
    card = ProposedCard(repo=name, title="Mine")
    judged = Judgement(ok=True, partial=True, conclusion="", projects=1, judged=(card,))
    found = with_previews(judged, factory.registry(None), catalogue).judged[0].preview
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["data-saves/plain-spc", "harbour-trust/ward-rounds"])
def test_a_preview_says_what_the_card_says(
    name: str, catalogue: Catalogue, site: dict[str, bytes]
) -> None:
    """Summary, activity, languages and licence are told in the words that lists will use."""
    preview = _previewed(name, catalogue)
    tree = LexborHTMLParser(site["projects/index.html"])
    card = next(
        node
        for node in tree.css(".card")
        if (node.css_first(".card-title a").attributes["href"] or "").endswith(f"/{name}/")
    )
    first, second = card.css(".meta")
    assert card.css_first(".card-summary").text() == preview.summary
    assert first.css_first(".pulse").text() == preview.activity
    languages = [a for a in second.css("a") if "languages/" in (a.attributes["href"] or "")]
    assert ", ".join(a.text() for a in languages) == preview.language
    assert (preview.licence or "") in second.text()


def test_a_preview_of_what_was_taken_down_says_so(catalogue: Catalogue) -> None:
    """The notice stands where the summary would, as on the card."""
    assert _previewed("data-saves/vanished", catalogue).summary == "No longer on GitHub"
