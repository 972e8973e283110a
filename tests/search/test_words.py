"""Words that mean one thing become one word; names and acronyms keep their letters."""

import pytest

from aggregator.searching.tokens import joins, name_parts, stem, tokens, words
from tests.conftest import ROOT

FAMILIES = (ROOT / "tests/cases/search/families.txt").read_text(encoding="utf-8").splitlines()
STRANGERS = (ROOT / "tests/cases/search/strangers.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("family", FAMILIES)
def test_forms_and_spellings_of_a_word_find_each_other(family: str) -> None:
    """British or American, one or many, doing or done: the same word."""
    assert len({stem(form) for form in family.split()}) == 1


@pytest.mark.parametrize("pair", STRANGERS)
def test_different_words_stay_different(pair: str) -> None:
    """A light ending comes off; what a word means does not."""
    one, two = pair.split()
    assert stem(one) != stem(two)


def test_signs_that_make_a_word_stay_in_it() -> None:
    """A&E, C++, C# and R are words, and a name keeps none of its quotes."""
    assert tokens("A&E, C++ and C# or R. Guy's and St Thomas' café") == [
        *("A&E", "C++", "and", "C#", "or", "R", "Guy", "and", "St", "Thomas", "cafe")
    ]


def test_acronyms_keep_every_letter() -> None:
    """AIMS is not aim, and many ICBs are still ICB."""
    assert [word.term for word in words("AIMS ICBs SAS aims")] == ["aims", "icb", "sas", "aim"]


def test_names_come_apart_where_people_would_split_them() -> None:
    """PathFlowR is found by path, by flow and by pathflow."""
    assert name_parts("PathFlowR") == ["path", "flow", "r"]
    assert name_parts("NHSRplots", by_case=True) == ["nhsr", "plots"]
    assert {"pathflow", "pathflowr", "flowr"} == set(joins(["path", "flow", "r"]))


def test_stop_words_are_left_out() -> None:
    """What only holds a sentence together is not searched."""
    assert [word.surface for word in words("how do I make a funnel plot")] == ["funnel", "plot"]


def test_a_word_without_end_costs_nothing() -> None:
    """A text of one endless word is looked up as it stands, at once."""
    assert stem("a" * 100_000) == "a" * 100_000


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("为病房绘制床位统计图表", ["统计", "图表", "床位统计"]),
        ("病棟のデータを数える", ["病棟", "データ", "数える"]),
        ("ﾃﾞｰﾀ", ["データ"]),
        ("สถิติเตียงในโรงพยาบาล", ["สถิติ", "เตียง", "โรงพยาบาล"]),
        ("병상통계를 그리는 도구", ["통계", "병상", "도구"]),
        ("ស្ថិតិនៅមន្ទីរពេទ្យ", ["ស្ថិតិ", "មន្ទីរពេទ្យ"]),
        ("使用Python和R绘图", ["Python", "R", "绘图"]),
    ],
)
def test_a_word_inside_a_run_without_spaces_is_found(text: str, inside: list[str]) -> None:
    """Where no space ends a word, whatever stands inside the text is found by its signs."""
    held = {word.term for word in words(text)}
    for part in inside:
        assert {word.term for word in words(part)} <= held, part


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("Æsir", "aesir"),
        ("œuvre", "oeuvre"),
        ("Straße", "strasse"),
        ("Đà Nẵng", "da nang"),
        ("Þingvellir", "thingvellir"),
        ("I\u011fd\u0131r", "igdir"),
        ("Għarb", "gharb"),
        ("Ŋaaƴoo", "ngaayoo"),
        ("ΣΤΑΤΙΣΤΙΚΗΣ", "στατιστικης"),
        ("ґанок", "ганок"),
        ("أطِبَّاء", "اطباء"),
        ("data\u00adbase", "database"),
        ("na\u200dme", "name"),
    ],
)
def test_letters_that_keyboards_lack_are_found_without_them(written: str, typed: str) -> None:
    """A name is found as people type it who have no key for one of its letters."""
    assert [word.term for word in words(written)] == [word.term for word in words(typed)]


def test_a_letter_keeps_its_vowel_signs() -> None:
    """A word of an Indian script stays one word, signs and all, in texts and in names."""
    assert tokens("अस्पताल के बिस्तर") == ["अस्पताल", "के", "बिस्तर"]
    assert name_parts("बिस्तर") == ["बिस्तर"]
