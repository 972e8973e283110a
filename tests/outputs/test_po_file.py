"""One wrong message of a translation is said in English and told; it stops no build."""

from pathlib import Path

import pytest

from aggregator.site.renderers import render_site
from aggregator.site.theme import find_templates, load_theme
from aggregator.site.translations import (
    TemplateText,
    speech_of,
    words_of,
    wrong_messages,
)
from aggregator.words.errors import UsageError
from aggregator.words.po_file import MOST_BYTES
from aggregator.words.speech import Speech, faults_of, say, say_many, speaking, translation_missing
from tests.outputs import factory

_HEAD = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
)
_LINK = 'To <a href=\\"%(url)s\\">%(title)s</a>'
_DAYS = 'msgid "%(count)s day"\nmsgid_plural "%(count)s days"\n'


def _speech(body: str | bytes, head: str = _HEAD, language: str = "fr") -> Speech:
    written = body if isinstance(body, bytes) else (head + body).encode()
    return Speech(language, written, "fr.po")


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ('msgid "Hi %(name)s"\nmsgstr "Salut %(nmae)s"', "nothing fills %(nmae)s"),
        ('msgid "Hi %(name)s"\nmsgstr "Salut"', "%(name)s is missing"),
        ('msgid "Hi %(name)s"\nmsgstr "%(name)s à 5 %"', "a percent sign stands alone: write %%"),
        ('msgid "Hi %(name)s"\nmsgstr "%(name)d"', "%(name)s is missing"),
        ('msgid "Menu"\nmsgstr "Menu %(what)s"', "nothing fills %(what)s: the English has no hole"),
        ('msgid "Menu"\nmsgstr "Menu %s"', "a percent sign stands alone"),
        ('msgid "Menu"\nmsgstr "<b>Menu"', "its tags are not those of the English: use none"),
        ('msgid "Menu"\nmsgstr "Le < menu"', "< would be read as markup: write &lt;"),
        ('msgid "Menu"\nmsgstr "Le \\"menu\\""', "write typographic quotation marks"),
        (f'msgid "{_LINK}"\nmsgstr "<a href=\\"%(url)s\\">%(title)s"', "its tags are not those"),
        (f'msgid "{_LINK}"\nmsgstr "</a>%(title)s<a href=\\"%(url)s\\">"', "its tags are not"),
        (f'{_DAYS}msgstr[0] "%(count)s jour"\nmsgstr[1] ""', "form 2 of 2 is missing"),
        (f'{_DAYS}msgstr[0] "un jour"', "form 2 of 2 is missing"),
        (f'{_DAYS}msgstr[0] "un jour"\nmsgstr[1] "jours"', None),
        ('msgid "Hi %(name)s"\nmsgstr "%(name)s à 5 %%"', None),
        ('#, fuzzy\nmsgid "Hi %(name)s"\nmsgstr "Salut"', None),
        ('#~ msgid "Hi %(name)s"\n#~ msgstr "Salut"', None),
        (f'msgid "{_LINK}"\nmsgstr "<a href=\\"%(url)s\\">%(title)s</a>"', None),
    ],
)
def test_a_message_that_cannot_be_said_is_said_in_english(message: str, fault: str | None) -> None:
    """Its line is told with what is wrong; the message after it is said."""
    speech = _speech(f'{message}\n\nmsgid "Home"\nmsgstr "Accueil"\n')
    told = faults_of(speech)
    assert [one for one in told if fault and fault in one] == list(told)
    assert [one.startswith("fr.po:") for one in told] == ([True] if fault else [])
    assert speech.gettext("Hi %(name)s") in {"Hi %(name)s", "%(name)s à 5 %%"}
    assert speech.gettext("Home") == "Accueil"


def test_the_line_of_a_wrong_message_is_told() -> None:
    """Whoever mends it need not look for it."""
    told = faults_of(_speech('msgid "A"\nmsgstr "B"\n\n# why\nmsgid "Hi"\nmsgstr "%(x)s"\n'))
    assert [one.partition(": ")[0] for one in told] == ["fr.po:9"]


def test_a_site_with_a_wrong_message_is_whole(tmp_path: Path) -> None:
    """The page that says it says it in English; its neighbour speaks the language."""
    (tmp_path / "languages").mkdir()
    wrong = 'msgid "Nothing on this shelf"\nmsgstr "<em>Rien %(ici)s"\n\n'
    right = 'msgid "Skip to the content"\nmsgstr "Aller au contenu"\n'
    (tmp_path / "languages" / "fr.po").write_text(_HEAD + wrong + right, encoding="utf-8")
    theme = load_theme("#225faa", tmp_path, "fr")
    site = {file.path: file.data.decode() for file in render_site(factory.many(1), theme)}
    assert "<h1>Nothing on this shelf</h1>" in site["404.html"]
    assert "Aller au contenu" in site["404.html"]
    (told,) = wrong_messages(theme.speech)
    assert told.startswith(f"{tmp_path / 'languages' / 'fr.po'}:5: nothing fills %(ici)s")


def test_a_file_of_wrong_messages_is_told_in_a_few_lines() -> None:
    """Nobody reads a hundred lines of one kind."""
    body = "".join(f'msgid "A{n}"\nmsgstr "%(x)s"\n\n' for n in range(100))
    told = list(wrong_messages(_speech(body)))
    assert len(told) == 21
    assert told[-1] == "fr.po has 80 more faults like these"


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda text: b"\xef\xbb\xbf" + text, id="a mark of UTF-8 before it"),
        pytest.param(lambda text: text.replace(b"\n", b"\r\n"), id="lines as on Windows"),
        pytest.param(lambda text: text.rstrip(), id="no end of the last line"),
        pytest.param(
            lambda text: text.replace(b"utf-8", b"iso-8859-1").decode().encode("latin-1"),
            id="another encoding that is named",
        ),
        pytest.param(lambda text: text.replace(b"charset=utf-8", b"charset=CHARSET"), id="none"),
        pytest.param(lambda text: text.removeprefix(_HEAD.encode()), id="no header"),
    ],
)
def test_a_file_of_any_editor_is_read(form: object) -> None:
    """What an editor does to lines and letters changes no message."""
    assert callable(form)
    speech = _speech(form(f'{_HEAD}msgid "Help"\nmsgstr "À aide"\n'.encode()))
    assert speech.gettext("Help") == "À aide"
    assert faults_of(speech) == ()


@pytest.mark.parametrize(
    ("written", "why"),
    [
        pytest.param(_HEAD.encode().replace(b"n > 1", b"1 / (n - 7)"), "cannot be read", id="by 0"),
        pytest.param(_HEAD.encode().replace(b"n > 1", b"n"), "gives 2 the form 2 of 2", id="many"),
        pytest.param(
            (_HEAD + 'msgid "A"\nmsgstr "é"').replace("utf-8", "latin-1").encode(),
            "it says that it is in latin-1, and is in UTF-8",
            id="another encoding than it names",
        ),
        pytest.param(_HEAD.encode() + b'msgid "A"\nmsgstr "\xe9"\n', "^fr.po:6 ", id="not UTF-8"),
        pytest.param(
            (_HEAD + _DAYS + 'msgstr[0] "a"\nmsgstr[1] "b"\nmsgstr[2] "c"\n').encode(),
            "^fr.po:5 .*more forms than Plural-Forms says",
            id="more forms than there are",
        ),
        pytest.param(_HEAD.encode().replace(b"utf-8", b"klingon"), "klingon", id="no encoding"),
        pytest.param(b"# " + b"a" * MOST_BYTES, "larger than 2 MB", id="too large"),
        pytest.param(_HEAD.encode() + b'msgctxt "A"\nmsgid "B"\n', "missing msgstr", id="cut off"),
    ],
)
def test_a_file_that_is_no_translation_is_refused(written: bytes, why: str) -> None:
    """The old site stays; the file, and its line where there is one, are named."""
    with pytest.raises(UsageError, match=why):
        faults_of(_speech(written))


@pytest.mark.parametrize(
    ("language", "file"),
    [
        ("pt-BR", "pt.po"),
        ("pt-BR", "pt_BR.po"),
        ("PT-br", "pt-BR.po"),
        ("zh-Hant", "zh-Hant.po"),
        ("zh-Hant-TW", "zh_Hant.po"),
        ("he", "he.po"),
        ("xx", "xx.po"),
        ("en-GB", "en.po"),
    ],
)
def test_a_language_finds_its_messages(language: str, file: str) -> None:
    """The nearest there is, however its tag is written, and known to Babel or not."""
    written = b'msgid "Menu"\nmsgstr "Carte"\n'
    speech = speech_of(language, {f"languages/{file}": TemplateText(file, written)})
    assert speech.language == language
    assert translation_missing(language, speech.language) == ""
    with speaking(speech):
        assert say("Menu") == "Carte"


def test_plurals_are_those_of_the_language_where_a_file_has_no_rule() -> None:
    """Japanese has one form for all numbers, which Babel knows."""
    with speaking(_speech(f'{_DAYS}msgstr[0] "%(count)s 日"\n', head="", language="ja")):
        said = [say_many(count, "%(count)s day", "%(count)s days") for count in (1, 2)]
    assert said == ["1 日", "2 日"]


def test_a_language_that_nobody_knows_keeps_its_own_rule() -> None:
    """The header of the file counts, in Python as in scripts."""
    three = _HEAD.replace("nplurals=2; plural=(n > 1)", "nplurals=3; plural=(n == 9 ? 2 : n != 1)")
    forms = 'msgstr[0] "one"\nmsgstr[1] "many"\nmsgstr[2] "nine"\n'
    with speaking(_speech(f"{_DAYS}{forms}", head=three, language="xx")):
        said = [say_many(count, "%(count)s day", "%(count)s days") for count in (1, 2, 9)]
    assert said == ["one", "many", "nine"]


def test_scripts_speak_where_an_editor_left_places_out() -> None:
    """The list of all messages tells which those of scripts are."""
    listed = (find_templates() / "languages" / "messages.pot").read_bytes()
    found = {"languages/messages.pot": TemplateText("messages.pot", listed)}
    speech = _speech('msgid "Copied"\nmsgstr "Copié"\n\nmsgid "Menu"\nmsgstr "Carte"\n')
    (script,) = words_of(speech, found).values()
    assert 'window.words = {"Copied":"Copié"};' in script.decode()


def test_scripts_write_days_as_the_pages_do() -> None:
    """Few browsers know every language that a site may speak."""
    (script,) = words_of(_speech("", language="cy"), {}).values()
    assert '["%(day)s Ionawr %(year)s","%(day)s Chwefror %(year)s"' in script.decode()
