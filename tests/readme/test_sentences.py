"""Sentences that stand alone under a title: those that may stand on a card, and those that may not.

`tests/cases/readme/sentences/` holds one a line.
"""

import pytest

from aggregator.readme import render
from tests.readme.cases import CASES, source_of

FOLDER = CASES / "sentences"


def _lines(name: str) -> list[str]:
    return (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()


def _excerpt(markdown: str, name: str = "rotas") -> str | None:
    return render(source_of(markdown.encode(), repository=f"owner/{name}")).excerpt


@pytest.mark.parametrize("sentence", _lines("not_a_summary"))
def test_templates_notices_and_orders_are_no_summary(sentence: str) -> None:
    """A card never shows a template's own text, a notice of a project's state, or an order."""
    assert _excerpt(f"# rotas\n\n{sentence}\n") is None


@pytest.mark.parametrize("sentence", _lines("not_a_summary"))
def test_the_definition_further_down_is_taken(sentence: str) -> None:
    """Whatever stands first, the sentence below that says what the project is gets onto the card."""
    below = "Rotas is a package that plans shifts of nurses."
    assert _excerpt(f"# rotas\n\n{sentence}\n\n## About\n\n{below}\n") == below


@pytest.mark.parametrize("sentence", _lines("a_summary"))
def test_a_definition_with_a_word_of_a_notice_is_kept(sentence: str) -> None:
    """A sentence that says what a project is may call it experimental, archived or unofficial."""
    assert _excerpt(f"# rotas\n\n{sentence}\n") == sentence


@pytest.mark.parametrize(
    "tagline",
    [
        "rotas: {}",
        "Rotas - {}",
        "**rotas** \u2014 {}",
        "`rotas`: {}",
        "{{rotas}}: {}",
        "rotas (R package): {}",
        "ROTAS \u2013 {}",
    ],
)
@pytest.mark.parametrize("words", ["plans shifts of nurses on every floor", "A planner of shifts."])
def test_a_tagline_is_taken_without_the_name(tagline: str, words: str) -> None:
    """Of "Name: what it does" the card shows what it does, for it shows the name already."""
    written = tagline.format(words)
    more = "This repository contains the code of a paper."
    expected = words if len(words) > 24 else more
    assert _excerpt(f"# A title\n\n{written}\n\n{more}\n") == expected


def test_another_label_is_no_tagline() -> None:
    """A line such as "Author: ..." is not what a project does."""
    assert _excerpt("# rotas\n\nFunding: the example foundation of nurses\n") is None


@pytest.mark.parametrize(
    "sentence",
    [
        "\u4e3a\u62a4\u58eb\u5b89\u6392\u73ed\u6b21\u7684\u5c0f\u5de5\u5177\u3002",
        "\u770b\u8b77\u5e2b\u306e\u52e4\u52d9\u8868\u3092\u4f5c\u308b\u305f\u3081\u306e\u30c4\u30fc\u30eb\u3067\u3059\u3002",
        "\uac04\ud638\uc0ac\uc758 \uadfc\ubb34\ud45c\ub97c \ub9cc\ub4dc\ub294 \ub3c4\uad6c\uc785\ub2c8\ub2e4.",
        "\u0e40\u0e04\u0e23\u0e37\u0e48\u0e2d\u0e07\u0e21\u0e37\u0e2d\u0e08\u0e31\u0e14\u0e40\u0e27\u0e23\u0e1e\u0e22\u0e32\u0e1a\u0e32\u0e25\u0e43\u0e19\u0e42\u0e23\u0e07\u0e1e\u0e22\u0e32\u0e1a\u0e32\u0e25\u0e02\u0e19\u0e32\u0e14\u0e40\u0e25\u0e47\u0e01",
        "\u17a7\u1794\u1780\u179a\u178e\u17cd\u1793\u17c1\u17c7\u179a\u17c0\u1794\u1785\u17c6\u179c\u17c1\u1793\u179f\u1798\u17d2\u179a\u17b6\u1794\u17cb\u1782\u17b7\u179b\u17b6\u1793\u17bb\u1794\u178a\u17d2\u178b\u17b6\u1780",
    ],
)
def test_scripts_without_spaces_have_a_summary(sentence: str) -> None:
    """A sentence in Chinese, Japanese, Korean, Thai or Khmer gets onto the card."""
    assert _excerpt(f"# rotas\n\n{sentence}\n") == sentence


def test_a_long_chinese_paragraph_ends_at_a_sentence() -> None:
    """A paragraph without spaces is cut where a sentence ends, not in the middle of a word."""
    one = "\u8fd9\u662f\u4e00\u4e2a\u4e3a\u533b\u9662\u62a4\u58eb\u5b89\u6392\u73ed\u6b21\u7684\u5de5\u5177\u3002"
    found = _excerpt(f"# rotas\n\n{one * 20}\n")
    assert found is not None
    assert found.endswith("\u3002")
    assert 60 < len(found) <= 120


def test_a_broken_sentence_is_no_summary() -> None:
    """A sentence with characters that could not be read waits for a whole one below."""
    broken = b"A planner of sh\xff\xfeifts for nurses \xc3\xa9\xc3\xa8\xc3\xa9."
    data = b"# rotas\n\n" + broken + b"\n\nA planner of days off for midwives.\n"
    assert render(source_of(data)).excerpt == "A planner of days off for midwives."
