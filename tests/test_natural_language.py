"""In which language a text is written: told where it is sure, and then rightly."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from aggregator.catalogue.tongues import remembering
from aggregator.readme.readme import with_its_language
from aggregator.readme.rendering import render
from aggregator.words.natural_language import Tongues, is_same, language_at_once, language_of
from tests.conftest import ROOT
from tests.readme.cases import source_of

CASES = ROOT / "tests" / "cases" / "languages"
SENTENCES = [
    tuple(line.split(": ", 1))
    for line in (CASES / "sentences.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
READMES = sorted(CASES.glob("*.md"))


@pytest.mark.parametrize(("language", "text"), SENTENCES)
def test_a_sentence_is_told_or_left_alone(language: str, text: str) -> None:
    """Ten languages and the scripts of others are known; what is short or mixed is not guessed."""
    assert language_of(text) == language.replace("?", "")


@pytest.mark.parametrize("file", READMES, ids=lambda file: file.stem)
def test_a_readme_is_told_by_its_prose(file: Path) -> None:
    """Code, tables and names of programs say nothing; two languages in one README are neither."""
    readme = render(source_of(file.read_bytes()))
    told = with_its_language(readme.to_fields())
    assert told["language"] == file.name.partition(".")[0].replace("none", "")
    assert told["prose"] == ""


def test_the_cases_are_there() -> None:
    """Every language that the page about languages names has sentences."""
    assert {"cy", "fr", "de", "es", "pt", "nl", "it", "pl", "ja", "zh", "ar"} <= {
        language for language, _ in SENTENCES
    }
    assert len(READMES) == 6


def test_plain_english_and_scripts_load_no_model() -> None:
    """The model takes a second and 80 MB: whoever meets only what shows at once does not pay."""
    script = (
        "import sys\n"
        "from aggregator.words.natural_language import language_of\n"
        "told = [language_of(text) for text in sys.argv[1:]]\n"
        "assert not any(name.startswith(('py3langid', 'numpy')) for name in sys.modules), told\n"
        "print(*told)\n"
    )
    texts = [text for language, text in SENTENCES if language in {"en", "ja", "he"}]
    asked = subprocess.run(
        [sys.executable, "-c", script, *texts], capture_output=True, text=True, check=False
    )
    assert (asked.stdout.split(), asked.stderr) == (["ja", "ja", "he", "en", "en"], "")


def test_a_model_that_was_let_go_is_loaded_again() -> None:
    """Its memory comes back to the build, and no later question is left without an answer."""
    script = (
        "import gc, sys\n"
        "from aggregator.words.natural_language import ask_model, let_the_model_go\n"
        "def held():\n"
        "    gc.collect()\n"
        "    return sum(type(o).__name__ == 'LanguageIdentifier' for o in gc.get_objects())\n"
        "first, loaded = ask_model(sys.argv[1]), held()\n"
        "let_the_model_go()\n"
        "print(first, loaded, held(), ask_model(sys.argv[1]))\n"
    )
    text = next(text for language, text in SENTENCES if language == "fr")
    asked = subprocess.run(
        [sys.executable, "-c", script, text], capture_output=True, text=True, check=False
    )
    assert (asked.stdout.split(), asked.stderr) == (["fr", "1", "0", "fr"], "")


def test_only_what_shows_at_once_is_told_without_the_model() -> None:
    """Where a model may not be asked, Latin letters say nothing but plain English."""
    assert (
        language_at_once("Dieses Paket liest Dateien und schreibt jeden Monat einen Bericht.") == ""
    )
    assert language_at_once("כלי קטן שהופך רשימות") == "he"
    assert language_at_once("") == ""


def test_a_long_text_is_looked_at_only_at_its_beginning() -> None:
    """A README of megabytes costs no more than one of pages."""
    asked: list[str] = []

    def ask(text: str) -> str:
        asked.append(text)
        return "fr"

    assert language_of("mots sans fin " * 100_000, ask) == "fr"
    assert [len(text) for text in asked] == [4_000]


def test_a_language_outside_of_its_script_is_not_believed() -> None:
    """What a model says of Cyrillic letters cannot be a language of Latin ones."""
    text = "Небольшая программа, которая превращает списки ожидания в графики."
    assert language_of(text, lambda _: "en") == "und-Cyrl"
    assert language_of(text, lambda _: "ru") == "ru"


def test_what_the_model_said_is_asked_for_once() -> None:
    """A text whose language is remembered is not read again; what is remembered names no text."""

    class Memo(dict[str, bytes]):
        """A memo in a dictionary."""

        def put_all(self, values: Mapping[str, bytes], /) -> bool:
            self.update(values)
            return True

    text, memo = "Dieses Paket liest Dateien und schreibt jeden Monat einen Bericht.", Memo()
    assert language_of(text, remembering(memo)) == "de"
    assert list(memo.values()) == [b"de"]
    assert text not in repr(memo)
    memo.update(dict.fromkeys(memo, b"nl"))
    assert language_of(text, remembering(memo)) == "nl"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("en", "en-GB", True),
        ("pt", "pt-BR", True),
        ("cy", "en", False),
        ("nb", "no", True),
        ("und-Cyrl", "uk", True),
        ("und-Cyrl", "en", False),
        ("und-Hani", "ja", True),
        ("he", "und-Hebr", False),
    ],
)
def test_tags_of_one_language_are_the_same(one: str, other: str, same: bool) -> None:
    """Varieties and near relations are one; a script alone contradicts no language that has it."""
    assert is_same(one, other) is same


def test_a_community_s_texts_are_in_its_language_unless_something_shows_otherwise() -> None:
    """What is told wins, then the script, then what the community set, country and all."""
    tongues = Tongues("pt-BR", {"Ein Satz.": "de"})
    assert tongues.of("Ein Satz.") == "de"
    assert tongues.of("Qualquer coisa") == "pt-BR"
    assert tongues.of("待ち時間の一覧") == "ja"
    assert tongues.of("Qualquer coisa", "pt") == "pt-BR"
    assert tongues.of("", "cy") == "cy"
    assert tongues.of("") == "pt-BR"
