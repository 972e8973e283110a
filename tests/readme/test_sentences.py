"""Sentences that stand alone under a title: those that may stand on a card, and those that may not.

`tests/cases/readme/sentences/` holds one a line.
"""

import pytest

from aggregator.readme.passages import is_of_names
from aggregator.readme.rendering import render
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
    """Whatever stands first, the sentence below that says what a project is gets onto the card."""
    below = "Rotas is a package that plans shifts of nurses."
    assert _excerpt(f"# rotas\n\n{sentence}\n\n## About\n\n{below}\n") == below


@pytest.mark.parametrize("sentence", _lines("a_summary"))
def test_a_definition_with_a_word_of_a_notice_is_kept(sentence: str) -> None:
    """A sentence that says what a project is may call it experimental, archived or unofficial."""
    first, second, *_ = sentence.split()
    name = first if second == "is" else "rotas"
    assert _excerpt(f"# {name}\n\n{sentence}\n", name) == sentence


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
    assert _excerpt(f"# A title\n\n{written}\n\n{more}\n") == words


@pytest.mark.parametrize("hand", ["", "_of_another_hand"])
def test_what_is_true_of_the_world_says_nothing_of_a_project(hand: str) -> None:
    """Of truths that somebody wrote who did not know the rules, hardly any gets onto a card."""
    truths = _lines(f"truths{hand}")
    shown = [truth for truth in truths if _excerpt(f"# rotas\n\n{truth}\n")]
    assert len(shown) <= 0.07 * len(truths), shown


@pytest.mark.parametrize("hand", ["", "_of_another_hand"])
def test_lines_without_a_verb_say_what_a_project_is(hand: str) -> None:
    """Nearly all taglines of the same hands do, in three languages."""
    taglines = _lines(f"taglines{hand}")
    missed = [line for line in taglines if not _excerpt(f"# rotas\n\n{line}\n")]
    assert len(missed) <= 0.07 * len(taglines), missed


@pytest.mark.parametrize("line", ["Shift planner in golang", "Validates a shift"])
@pytest.mark.parametrize("link", ["", " - Demo", " | [Docs](https://example.org)"])
def test_few_words_under_the_title_are_enough(line: str, link: str) -> None:
    """A line of three words under the title may say it; what is left of a link does not."""
    assert _excerpt(f"# rotas\n\n{line}{link}\n") == line


def test_few_words_that_are_the_name_again_say_nothing() -> None:
    """A line of the words of the name alone is no summary."""
    assert _excerpt("# Home\n\nAPI for rotas\n", "rotas-api") is None


def test_another_label_is_no_tagline() -> None:
    """A line such as "Author: ..." is not what a project does."""
    assert _excerpt("# rotas\n\nFunding: the example foundation of nurses\n") is None


@pytest.mark.parametrize(
    "sentence",
    [
        "为护士安排班次的小工具。",
        "看護師の勤務表を作るためのツールです。",
        "간호사의 근무표를 만드는 도구입니다.",
        "เครื่องมือจัดเวรพยาบาลในโรงพยาบาลขนาดเล็ก",
        "ឧបករណ៍នេះរៀបចំវេនសម្រាប់គិលានុបដ្ឋាក",
    ],
)
def test_scripts_without_spaces_have_a_summary(sentence: str) -> None:
    """A sentence in Chinese, Japanese, Korean, Thai or Khmer gets onto the card."""
    assert _excerpt(f"# rotas\n\n{sentence}\n") == sentence


def test_a_long_chinese_paragraph_ends_at_a_sentence() -> None:
    """A paragraph without spaces is cut where a sentence ends, not in the middle of a word."""
    one = "这是一个为医院护士安排班次的工具。"
    found = _excerpt(f"# rotas\n\n{one * 20}\n")
    assert found is not None
    assert found.endswith("\u3002")
    assert 60 < len(found) <= 120


def test_a_broken_sentence_is_no_summary() -> None:
    """A sentence with characters that could not be read waits for a whole one below."""
    broken = b"A planner of sh\xff\xfeifts for nurses \xc3\xa9\xc3\xa8\xc3\xa9."
    data = b"# rotas\n\n" + broken + b"\n\nA planner of days off for midwives.\n"
    assert render(source_of(data)).excerpt == "A planner of days off for midwives."


def test_a_player_that_is_never_closed_swallows_nothing() -> None:
    """A forgotten end tag leaves the link to the film and everything below it."""
    written = '# rotas\n\n<video src="demo.mp4">\n\nText below.\n\n## Use\n\nMore.\n'
    html = render(source_of(written.encode(), repository="owner/rotas")).html
    for said in ("Video: demo.mp4</a>", "Text below.", "More."):
        assert said in html


def test_a_photograph_of_a_badge_stays() -> None:
    """Badges are drawn: a photograph of a name badge shows what the project makes."""
    written = b"# rotas\n\n![Name badge](img/badge.jpg)\n"
    assert "badge.jpg" in render(source_of(written, repository="owner/rotas")).html


def test_plain_text_has_a_summary() -> None:
    """A README of plain text says what its project is; rows of files in it say nothing."""
    rows = b"folder/    what is in it\nother/    what else\n"
    written = b"Rotas\n=====\n\n" + rows + b"\n*Rotas* is a planner of\nshifts.\n"
    readme = render(source_of(written, path="README.txt", repository="owner/rotas"))
    assert readme.excerpt == "Rotas is a planner of shifts."


@pytest.mark.parametrize(
    ("paragraph", "is_sure"),
    [
        ("Rota is a planner for whole hospitals, known all over the world.", False),
        ("Rotars is a planner for the shifts of nurses, which some call otherwise.", False),
        ("Rotas is a planner for the shifts of nurses.", True),
        ("This package is the planner of shifts that nurses asked for.", True),
        ("A package for the shifts of nurses, which are the hardest part.", True),
    ],
)
def test_what_may_explain_another_thing_is_not_sure(paragraph: str, *, is_sure: bool) -> None:
    """What a package's own file says goes before a paragraph on what the project is about."""
    source = source_of(f"# rotas\n\n{paragraph}\n".encode(), repository="owner/rotas")
    rendered = render(source)
    assert (rendered.excerpt, rendered.excerpt_is_sure) == (paragraph, is_sure)


@pytest.mark.parametrize(
    "sentence",
    [
        "FHIR is a standard for the exchange of records, used all over the world.",
        "The weather defines the mood of most people, and of those in wards as well.",
        "Python is a high-level language that is used for the analysis of data.",
        "A series of counts is a design of studies that looks before and after.",
        "The rotas programme is a joint effort of hospitals, known all over the world.",
        "The Rotas (Rotas of Every Ward) programme is published by the guild of nurses.",
        "Beds is a planner for the shifts of nurses, which some call otherwise.",
        "SimWard is a library that is written in Python, known all over the world.",
        "The Office of Shifts provides the counts that are the source of this work.",
        "Nurses were asked on two days in May how many of their shifts were late.",
        "Die Schichtplan-Norm ist eine Vorgabe, die alle Krankenhäuser betrifft.",
        "Rotas analysis refers to the study of nurses at night, and of their shifts.",
        "WardML est une norme pour les documents de tous les hôpitaux du pays.",
    ],
)
def test_what_explains_another_thing_is_no_summary(sentence: str) -> None:
    """A card would lie that said of a project what is said of a language or a standard."""
    assert _excerpt(f"# rotas\n\n{sentence}\n") is None


def test_a_list_of_people_with_initials_is_read_once() -> None:
    """A pattern that tried each full stop in two places would never come to an end here."""
    people = ", ".join(f"{letter}. {letter}. Grower" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert not is_of_names(f"{people} wrote this model of all orchards.")
    assert not is_of_names("A. " * 60 + "a")
    assert is_of_names("A. B. Grower, C. D. Presser and E. Picker")
