"""Reads the messages of a translation from a PO file, and leaves out those that cannot be said.

A message is filled by the program and put into a page as it stands, so a hole that nothing fills
would stop a build, and a tag that is not closed would break a page: such a message is said in
English instead, and told with its line. What is no PO file is refused whole. Babel is loaded here.
"""

import re
from codecs import lookup
from collections.abc import Iterator
from dataclasses import dataclass
from gettext import GNUTranslations, c2py
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog, Message
    from babel.messages.pofile import PoFileError

from aggregator.words.errors import UsageError

# Ten times what the pages say; a file may hold messages of a community's own templates.
MOST_BYTES = 2_000_000
_MARK = b"\xef\xbb\xbf"  # which some editors put before UTF-8
# A comment, or a text in quotation marks, mostly behind a word that says what it is.
_LINE = re.compile(rb'\s*(?:#.*|(?:msg\w+(?:\[\d+\])?\s+)?"(?:[^"\\]|\\.)*"\s*)?')
_HOLE = re.compile(r"%(?:\((\w+)\)s|%)")
_TAG = re.compile(r"<(/?)(\w*)[^>]*>")
# A form for a certain number may do without it: "the only project".
_NUMBERS = frozenset({"count", "number"})
# How to write in a text what would be read as markup.
_MARKUP = {"<": "&lt;", ">": "&gt;", '"': "typographic quotation marks"}
# Rules for plurals look at the last digits of a number, and at how many millions it is.
_TRIED = (*range(1001), 10**6)


@dataclass(frozen=True, slots=True)
class PoFile:
    """What a translation says.

    Args:
        catalog: the messages that can be said.
        translations: the same as gettext has them.
        faults: of each message that cannot: where it stands, what is wrong, and the cure.
    """

    catalog: "Catalog"
    translations: GNUTranslations
    faults: tuple[str, ...]


def read_po_file(messages: bytes, place: str, locale: "Locale") -> PoFile:
    """Read the messages of a language.

    Args:
        messages: the bytes of the file.
        place: where that is, for what is told about it.
        locale: whose plurals count where the file has no rule for them.

    Raises:
        UsageError: it is too large, no PO file, by its first line that is none, not in the encoding
            that it names, or its rule for plurals is no rule.
    """
    from babel.messages import pofile  # noqa: PLC0415 - for translations only

    if len(messages) > MOST_BYTES:
        raise _unreadable(place, f"it is larger than {MOST_BYTES // 1_000_000} MB")
    plain = messages.removeprefix(_MARK)
    if line := _first_wrong_line(plain):
        raise _unreadable(f"{place}:{line}", "this line is not one of a PO file")
    try:
        catalog = pofile.read_po(BytesIO(plain), locale=locale, abort_invalid=True)
        if _is_utf8_after_all(plain, catalog.charset):
            raise _unreadable(place, f"it says that it is in {catalog.charset}, and is in UTF-8")
        catalog.locale = catalog.locale or locale  # without one, Babel forgets the rule
        faults = tuple(_taken_out(catalog, place))
        return PoFile(catalog, _compiled(catalog), faults)
    except pofile.PoFileError as problem:
        raise _unreadable(f"{place}:{problem.lineno + 1}", _why_not(problem)) from problem
    except UnicodeDecodeError as problem:
        line = _first_line_not_in(problem.encoding, plain)
        raise _unreadable(f"{place}:{line}", f"it is not in {problem.encoding}") from problem
    except (ArithmeticError, LookupError, SyntaxError, ValueError) as problem:
        raise _unreadable(place, str(problem) or type(problem).__name__) from problem


def faults_in(form: str, english: str, *, of_several: bool = False) -> Iterator[str]:
    """Tell why a text cannot be said in place of the English one, each with its cure.

    Args:
        form: the translation, or one of its forms.
        english: the message; of several forms the last.
        of_several: whether there is a form for each number, which may leave the number out.
    """
    said, written = (set(_HOLE.findall(text)) - {""} for text in (form, english))
    if more := sorted(said - written):
        holes = ", ".join(f"%({name})s" for name in sorted(written)) or "no hole"
        yield f"nothing fills %({more[0]})s: the English has {holes}"
    elif less := sorted(written - said - (_NUMBERS if of_several else set())):
        yield f"%({less[0]})s is missing: put it where it belongs"
    if _has_lone_percent(form) and not _has_lone_percent(english):
        yield "a percent sign stands alone: write %%"
    tags, wanted = ([tag.group() for tag in _TAG.finditer(text)] for text in (form, english))
    if sorted(tags) != sorted(wanted) or not _is_nested(form):
        yield f"its tags are not those of the English: use {' '.join(wanted) or 'none'}"
    form, english = _TAG.sub("", form), _TAG.sub("", english)
    for sign, instead in _MARKUP.items():
        if form.count(sign) > english.count(sign):
            yield f"{sign} would be read as markup: write {instead}"


def _taken_out(catalog: "Catalog", place: str) -> Iterator[str]:
    """Take out each message that cannot be said, and tell the first fault of it."""
    for message in list(catalog):
        if message.id and not message.fuzzy and (fault := next(_faults_of(message), "")):
            catalog.delete(message.id, message.context)
            yield f"{place}:{message.lineno}: {fault}, until then it is said in English"


def _faults_of(message: "Message") -> Iterator[str]:
    several = not isinstance(message.id, str)
    english = message.id if isinstance(message.id, str) else message.id[-1]
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    if any(forms) and not all(forms):
        yield f"form {[*map(bool, forms)].index(False) + 1} of {len(forms)} is missing: write it"
    for form in filter(None, forms):
        yield from faults_in(form, english, of_several=several)


def _has_lone_percent(text: str) -> bool:
    return "%" in _HOLE.sub("", text)


def _is_nested(text: str) -> bool:
    """Tell whether each tag is closed after those within it."""
    opened: list[str] = []
    for closes, name in _TAG.findall(text):
        if not closes:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened


def _compiled(catalog: "Catalog") -> GNUTranslations:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - for translations only

    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    translations = GNUTranslations(compiled)
    form_of = c2py(catalog.plural_expr)
    wrong = next((n for n in _TRIED if not 0 <= form_of(n) < catalog.num_plurals), None)
    if wrong is not None:
        why = f"its rule for plurals gives {wrong} the form {form_of(wrong)}"
        raise ValueError(f"{why} of {catalog.num_plurals}, counted from 0")
    return translations


def _first_wrong_line(messages: bytes) -> int | None:
    """Number the first line that no PO file has; Babel reads on where a quotation mark is missing.

    https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
    """
    lines = enumerate(messages.splitlines(), 1)
    return next((number for number, line in lines if not _LINE.fullmatch(line)), None)


def _is_utf8_after_all(messages: bytes, named: str) -> bool:
    """Tell whether a file is in UTF-8 that says otherwise; nothing else reads as that by chance."""
    if messages.isascii() or lookup(named).name == "utf-8":
        return False
    try:
        messages.decode()
    except UnicodeDecodeError:
        return False
    return True


def _first_line_not_in(encoding: str, messages: bytes) -> int:
    lines = messages.splitlines()
    readable = (line.decode(encoding, "replace").encode(encoding, "replace") for line in lines)
    pairs = enumerate(zip(lines, readable, strict=True), 1)
    return next((number for number, (line, read) in pairs if line != read), 1)


def _why_not(problem: "PoFileError") -> str:
    """Say what Babel did in words of a PO file, without its own line, which counts from 0."""
    why = str(problem).removesuffix(f" on {problem.lineno}")
    if "num_plurals" in why:
        return "this message has more forms than Plural-Forms says, or than its language has"
    return why


def _unreadable(place: str, why: str) -> UsageError:
    return UsageError(
        f"{place} cannot be read",
        why,
        "open it in an editor for PO files and save it again; the old site is untouched",
    )
