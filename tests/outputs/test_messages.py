"""Every word of the site can be said in another language, and each language says all of them."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog as Messages
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from aggregator.catalogue.types import Catalogue
from aggregator.site.renderers import render_site
from aggregator.site.theme import find_templates, load_theme
from aggregator.words.errors import UsageError
from aggregator.words.po_file import faults_in
from tests.outputs import factory
from tests.outputs.messages import LANGUAGES, TEMPLATE, as_file, gathered
from tests.outputs.unsaid import (
    LANGUAGE,
    Theirs,
    bracketed,
    in_brackets,
    outside,
    spoken_texts,
    unsaid,
    unsaid_in,
)

_TEMPLATES = sorted(
    path.relative_to(find_templates()).as_posix() for path in find_templates().rglob("*.html")
)


def faults_of(translated: Messages, found: Messages) -> Iterator[str]:
    """Tell what is wrong with a translation: nothing said, or said with other holes or tags."""
    for message in found:
        if not message.id:
            continue
        theirs = translated.get(_english(message)[0], message.context)
        forms = _forms(theirs) if theirs and not theirs.fuzzy else ()
        expected = translated.num_plurals if isinstance(message.id, tuple) else 1
        if len(forms) != expected or not all(forms):
            yield f"{_english(message)[0]!r} is not translated"
        for form in filter(None, forms):
            several = isinstance(message.id, tuple)
            yield from faults_in(form, _english(message)[-1], of_several=several)


def _english(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _po(*messages: str, plurals: str = "nplurals=2; plural=(n != 1);") -> bytes:
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"'
    return "\n\n".join((f'{head}\n"Plural-Forms: {plurals}\\n"', *messages, "")).encode()


def _read(*messages: str) -> Messages:
    return read_po(BytesIO(_po(*messages)))


def test_the_list_of_messages_is_what_the_pages_say() -> None:
    """Translators are given each text, and none that is said no more: `make generated`."""
    assert TEMPLATE.read_bytes() == as_file(gathered())


def test_every_translation_says_everything() -> None:
    """A site in a language that comes with the program never falls back into English."""
    found = gathered()
    translations = {path.name: path.read_bytes() for path in LANGUAGES.glob("*.po")}
    faults = {
        name: list(faults_of(read_po(BytesIO(written)), found))
        for name, written in translations.items()
    }
    assert {name: told for name, told in faults.items() if told} == {}


def test_the_language_of_brackets_has_no_fault(tmp_path: Path) -> None:
    """What is said as in English, with the same holes and tags, is a translation."""
    written = (bracketed(tmp_path) / "languages" / f"{LANGUAGE}.po").read_bytes()
    assert list(faults_of(read_po(BytesIO(written)), gathered())) == []


_LINKED = 'Read <a href=\\"%(url)s\\">%(title)s</a>'


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (f'msgid "{_LINKED}"\nmsgstr ""', "is not translated"),
        (f'#, fuzzy\nmsgid "{_LINKED}"\nmsgstr "{_LINKED}"', "is not translated"),
        ('msgid "Another"\nmsgstr "Alia"', "is not translated"),
        (f'msgid "{_LINKED}"\nmsgstr "Legu <a href=\\"%(url)s\\">ĝin</a>"', "%(title)s is missing"),
        (f'msgid "{_LINKED}"\nmsgstr "Legu %(title)s: %(url)s"', "tags are not those"),
        (f'msgid "{_LINKED}"\nmsgstr "Legu {_LINKED} 100%"', "stands alone"),
        (f'msgid "{_LINKED}"\nmsgstr "Legu \\"{_LINKED}"', "read as markup"),
        (f'msgid "{_LINKED}"\nmsgstr "Legu {_LINKED}"', None),
    ],
)
def test_a_fault_of_a_translation_is_told(said: str, fault: str | None) -> None:
    """Whoever translates learns what was forgotten; the check itself can fail."""
    english = _read(f'msgid "{_LINKED}"\nmsgstr ""')
    faults = list(faults_of(_read(said), english))
    assert [fault in one for one in faults if fault] == ([True] if fault else [])
    assert len(faults) == (1 if fault else 0)


def test_each_number_has_its_form() -> None:
    """A language with two forms says both; the one for one thing may do without the number."""
    counted = 'msgid "%(count)s day of %(name)s"\nmsgid_plural "%(count)s days of %(name)s"\n'
    english = _read(f'{counted}msgstr[0] ""\nmsgstr[1] ""')
    whole = _read(f'{counted}msgstr[0] "tago de %(name)s"\nmsgstr[1] "%(count)s tagoj de %(name)s"')
    half = _read(f'{counted}msgstr[0] "tago de %(name)s"\nmsgstr[1] ""')
    assert list(faults_of(whole, english)) == []
    assert list(faults_of(half, english)) == ["'%(count)s day of %(name)s' is not translated"]


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        pytest.param(b'msgid "Menu"\nmsgstr "Menuo\n', ":2", id="a quotation mark is missing"),
        pytest.param(b'msgid "Menu"\nmsgstr Menuo\n', ":2", id="both are"),
        pytest.param(b'msgid "Menu"\n\nmsgstr "Me"nuo"\n', ":3", id="one is too many"),
        pytest.param(b"\xff\xfemsgid", ":1", id="another encoding"),
        pytest.param(b"what is this?\n", ":1", id="no such file"),
        pytest.param(b'msgid "Menu"\nmsgstr "\xff"\n', ":2", id="letters of another encoding"),
        pytest.param(_po(plurals="nplurals=2; plural=import os"), "", id="no rule for plurals"),
    ],
)
def test_messages_that_cannot_be_read_are_one_clear_line(
    broken: bytes, place: str, tmp_path: Path
) -> None:
    """Whoever translates learns which file is wrong and that the old site stays."""
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "eo.po").write_bytes(broken)
    with pytest.raises(UsageError, match=rf"languages.eo\.po{place} cannot be read: .*old site is"):
        load_theme("#225faa", tmp_path, "eo")


def test_a_community_says_things_in_its_own_english(tmp_path: Path) -> None:
    """One small file changes one word; the rest stays."""
    (tmp_path / "languages").mkdir()
    ours = _po('msgid "Nothing on this shelf"\nmsgstr "Nobody is in"')
    (tmp_path / "languages" / "en.po").write_bytes(ours)
    theme = load_theme("#225faa", tmp_path)
    site = {file.path: file.data.decode() for file in render_site(factory.many(1), theme)}
    assert "<h1>Nobody is in</h1>" in site["404.html"]
    assert "It may have moved, or the link has a typing mistake." in site["404.html"]
    assert '<html lang="en-GB"' in site["404.html"]


def test_a_message_passes_on_no_markup_of_a_member() -> None:
    """What stands in the holes of a message is escaped in every language."""
    pages = [file for file in in_brackets(factory.hostile) if file.path.endswith(".html")]
    assert len(pages) > 10
    assert [page.path for page in pages if b"<script>alert" in page.data] == []
    assert any(b"&lt;script&gt;alert" in page.data for page in pages)


@pytest.mark.parametrize("template", _TEMPLATES)
def test_no_word_of_a_template_is_out_of_reach_of_translators(template: str) -> None:
    """Whatever a template says to people, it says as a message."""
    assert unsaid_in(find_templates() / template) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Hello you</p>", ["Hello you"]),
        ('<p class="lead" title="A tip">{{ _("Hello") }}</p>', ["A tip"]),
        ("<p>{{ 'yes' if page.feed else 'no' }}</p>", ["yes  no"]),
        ("<p>{{ page.feed or 'None yet' }}</p>", ["None yet"]),
        (
            '<p>{% trans url=link("a") %}To <a href="{{ url }}">it</a>{% endtrans %}<b>now</b></p>',
            ["now"],
        ),
        ("<p>{{ 3 | plural('project') }}<kbd>Escape</kbd> README</p>", []),
        ("{# A word to readers of it. #}{% set style = 'overline' %}", []),
    ],
)
def test_words_of_a_template_are_found(source: str, words: list[str], tmp_path: Path) -> None:
    """The check itself can fail, and knows what nobody reads."""
    (tmp_path / "page.html").write_text(source, encoding="utf-8")
    assert unsaid_in(tmp_path / "page.html") == words


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(factory.rich, id="with everything"),
        pytest.param(lambda: factory.many(70), id="with much of one kind"),
        pytest.param(lambda: factory.many(0), id="empty"),
    ],
)
def test_no_word_of_a_site_is_out_of_reach_of_translators(make: Callable[[], Catalogue]) -> None:
    """Whatever a page says that no member wrote can be said in any language."""
    assert sorted(set(unsaid(make))) == []


def test_what_stands_in_no_brackets_is_found() -> None:
    """A sentence within brackets is said with all that is in it, whatever stands around."""
    page = '<p>⟦Read <a href="x" title="⟦More⟧">this</a>, please⟧ and <b>that</b></p>'
    assert list(outside(spoken_texts(page))) == ["and", "that"]


def test_what_members_wrote_is_no_message() -> None:
    """Their words stay as they are; the site's words are not theirs because they wrote such."""
    theirs = Theirs(factory.rich())
    written = ("Plain SPC", "Harbour and Hills NHS Foundation Trust", "13 Oktobro 2026", "Python")
    assert [text for text in written if not theirs.wrote(text)] == []
    ours = ("Search the projects", "Menu", "No summary yet", "Last push 3 Oktobro")
    assert [text for text in ours if theirs.wrote(text)] == []
