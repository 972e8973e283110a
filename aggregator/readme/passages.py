"""Whether the words of a paragraph can stand alone on a card, and what is left off if they do.

What may not: a template's text, which stands unchanged in thousands of READMEs; a notice, which
says in what state a project is ("experimental", "moved"); an order, such as what to install; what
is left of markup. A definition that merely holds such a word stays: "an experimental library for
...". The words that tell are lists of `prose.txt`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import category

from aggregator.readme.prose import Prose, joined, sentences_of
from aggregator.readme.subjects import DOES, bare, ends_with_a_work, speaks_of_itself
from aggregator.words.phrases import sentence as capitalised

MIN_LENGTH = 25
MIN_WORDS = 4
# Of a line under the title that is about a thing, or begins with what it does.
_SHORTEST = 15  # characters
_FEWEST_WORDS = 3
_TELLING = 4  # letters of a word that says something
_SHOUTED = 0.8
_MOST_OF_AN_END = 7  # words that may be cut before a list
_COMPOUND = 16  # letters
_MOST_BEFORE_NAMES = 8  # words
_LEAST_LETTERS = 0.6  # of all characters that are no address

_NOTICES = Prose("notices", "orders", "origins", "greetings")
_TEMPLATES = Prose("templates", "unfinished beginnings")
_UNFINISHED = Prose("unfinished")
_GUARANTEES = Prose("guarantees")
_NOTICES_ELSEWHERE = ("\u6ce8\u610f", "\u8b66\u544a", "\u8bf7", "\u91cd\u8981", "\u8acb")
_OPENINGS = Prose("openings")
_ANYWHERE = Prose("anywhere", form=r"(?:\b(?=[a-z])|(?=[^\w\s.,]))(?:{})")
OF_A_THING = Prose("of a thing")
_HANGS_ON = Prose("hangs on", form=r"{}\b")
_BEFORE_IT = Prose("before it", form=r"{}\b")
_LEADS_ON = re.compile(Prose.pattern("leads on"), re.IGNORECASE)
_OF_OTHERS = Prose("of others")
_ORIGIN_OF_NAME = Prose("origins of names")
_BEFORE_A_LIST = (":", "\uff1a", " e.g", " e.g.", " i.e", " i.e.")
# An address of mail is looked for once a word, and never in another way: words may be endless.
_LINK = re.compile(r"https?://\S+|www\.\S+|(?<!\S)[^\s@]++@[^\s@.]++\.\S+")
# What parsers leave of markup that nobody closed: links without targets, signs of a merge, names of
# substitutions. Most characters begin none of it, which shows at once.
_MARKUP = re.compile(
    r"(?=[\"'\u201c#\]!\[*~`<>={|:&\u2500-\u257f])(?:\A[\"'\u201c]?#{1,6} |"
    r"\]\(|\]\[|!\[|\[\[|\]\]|\*\*|~~|`|<{3}|>{3}|={4}|\{[:%#]|</|\|\s*\||\|[A-Za-z][\w.-]*\||:::|"
    r"&[a-z]{2,6};|'{3}|[\u2500-\u257f])"
)
# A remark within brackets, which goes with what is above it; a longer text than this is none.
_LONGEST_ASIDE = 1_000  # characters
_ASIDE = re.compile(r"\(.*\)\W*|\[.*\]\W*|[^()]*\([^()]*\w:\)", re.DOTALL)
# Who made it: "Ann Picker (ann@example.org)"
_WHO = re.compile(r"(?:[^\W\d_a-z][\w.'\u2019-]* ){1,4}[(<]\s*[^\s@]+@")
# "A package for shifts; for more, please visit ..."
_ASKS = re.compile(r";[^;]*\bplease\b.*", re.IGNORECASE | re.DOTALL)
# What somebody else said once: "Plan for the worst." - A. Picker
_SAYING = re.compile(r"[\"\u201c].+[\"\u201d]\s*[-\u2013\u2014~]\s*\w")
# Each sign fits one place alone, or a list of people with initials would be tried in all ways.
_NAMES = re.compile(
    r"(?:(?:[^\W\d_a-z][\w.'\u2019-]*|(?:of|and|for|the|at|in|&|de|van|von)\.?)[,;]?(?: |\Z)){3,40}"
)
_BODY = re.compile(
    r"\b(?:Department|Faculty|School|Division|Institute|Cent(?:re|er)|Laboratory|University|Team)\b"
)
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer; then Hangul, kana, Han; and how
# many of their characters make a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_UNSPACED_WORD = 5
WIDE = re.compile(
    "[\uac00-\ud7a3\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WIDE_WORD = 2


# Sentences are judged alone, and again as part of what is left of their paragraph.
@lru_cache(maxsize=500)
def _is_template(text: str) -> bool:
    return _TEMPLATES.begins(text) or _UNFINISHED.is_in(text)


@lru_cache(maxsize=500)
def is_notice(text: str) -> bool:
    """Tell whether a sentence says in what state a project is, or what to do."""
    if _NOTICES.begins(text) or _GUARANTEES.is_in(text):
        return True
    capitals = sum(map(str.isupper, text))
    cased = capitals + sum(map(str.islower, text))
    is_shouted = len(text.split()) >= 4 and capitals > _SHOUTED * cased > 0
    return is_shouted or text.startswith(_NOTICES_ELSEWHERE)


def is_of_names(text: str) -> bool:
    """Tell whether a line only names people, or the department that they are of."""
    # "University project - Ann Picker, Ben Grower"
    before, _, last = text.rpartition(" - ")
    names = last if len(before.split()) <= _MOST_BEFORE_NAMES else text
    is_list = _NAMES.fullmatch(names) is not None
    return is_list and ("," in names or _BODY.search(names) is not None)


def describes(text: str) -> bool:
    """Tell whether a paragraph's words can stand alone on a card."""
    words_only = _LINK.sub("", text)
    is_long = measure(words_only) >= MIN_LENGTH and _words_in(words_only) >= MIN_WORDS
    return is_long and _is_fit(text, words_only)


def describes_in_few_words(text: str, names: Iterable[str]) -> bool:
    """Tell whether a line under the title says what the project is: "HL7 parser in Go".

    Args:
        text: The line, perhaps shorter than what `describes`.
        names: What the project is called, which the line must say more than.
    """
    words = text.split()
    if len(text) < _SHORTEST or len(words) < _FEWEST_WORDS:
        return False
    known = [bare(name) for name in names]
    if not any(
        len(word) >= _TELLING and not any(bare(word) in own for own in known) for word in words
    ):
        return False
    is_telling = DOES.begins(text) or OF_A_THING.begins(text) or ends_with_a_work(text)
    return is_telling and _is_fit(text, _LINK.sub("", text))


def _is_fit(text: str, words_only: str) -> bool:
    if "\ufffd" in text:
        return False
    first = sentences_of(text)[0]
    is_aside = len(first) <= _LONGEST_ASIDE and _ASIDE.fullmatch(first)
    if is_aside or _SAYING.match(text) or _WHO.match(text) or is_of_names(first):
        return False
    if _OPENINGS.begins(text) or _is_template(first) or is_notice(first) or _MARKUP.search(first):
        return False
    # Letters, and the vowels that many scripts write above or below them.
    letters = sum(map(str.isalpha, words_only))
    if not words_only.isascii():
        letters += sum(one > "\u0300" and category(one)[0] == "M" for one in words_only)
    return letters > _LEAST_LETTERS * len(words_only) and not _ORIGIN_OF_NAME.is_in(first)


def _words_in(text: str) -> float:
    """Count words; "Krankenhausdatenbank" is two, and a script without spaces has some."""
    spaced = text.split()
    compounds = sum(len(word) >= _COMPOUND and word.isalpha() for word in spaced)
    wide, unspaced = len(WIDE.findall(text)), len(_UNSPACED.findall(text))
    return len(spaced) + compounds + wide / _WIDE_WORD + unspaced / _UNSPACED_WORD


def begun_anew(sentence: str) -> str:
    """Leave out how a sentence follows another, "Therefore, this package ...", where it need not.

    Args:
        sentence: The first of a text that is to stand alone.
    """
    match = _LEADS_ON.match(sentence)
    rest = sentence[match.end() :] if match else ""
    return capitalised(rest) if speaks_of_itself(rest) else sentence


def without_asides(text: str) -> str:
    """Leave out sentences that give orders, licences or addresses, and an unfinished last one."""
    found = sentences_of(text)
    compared = next((n for n, one in enumerate(found) if n and _OF_OTHERS.begins(one)), len(found))
    resumed = next(
        (n for n, one in enumerate(found) if n > compared and speaks_of_itself(one)), len(found)
    )
    found = [*found[:compared], *found[resumed:]]
    # What a paragraph asks, or says of the project's state, before it says what it is.
    first = next((n for n, one in enumerate(found) if not _comes_before(one)), 0)
    others = (
        one
        for one in found[first + 1 :]
        if not _OPENINGS.begins(one) and not _is_template(one) and not is_notice(one)
    )
    kept = [one for one in (_ASKS.sub(".", found[first]), *others) if not _is_aside(one)]
    if kept and kept[-1].endswith(_BEFORE_A_LIST):
        *kept, last = kept
        kept = kept or list(_before_a_list(last))
    return joined(kept)


def _comes_before(sentence: str) -> bool:
    # "A ranking built to answer a question: which team is best?" says what it is all the same.
    is_question = _is_question(sentence) and not OF_A_THING.begins(sentence)
    return (is_question and not _is_template(sentence)) or is_notice(sentence)


def _is_aside(sentence: str) -> bool:
    is_template = _is_template(sentence)
    is_spoilt = _ANYWHERE.is_in(sentence) or _MARKUP.search(sentence) is not None
    is_spoilt = is_spoilt or _ORIGIN_OF_NAME.is_in(sentence)
    is_question = _is_question(sentence) and not OF_A_THING.begins(sentence)
    return is_spoilt or (is_question and not is_template)


def _is_question(sentence: str) -> bool:
    return sentence.endswith(("?", "\uff1f"))


def _before_a_list(sentence: str) -> Iterable[str]:
    """Cut "a gem for registers, providing:" where its list begins, if what is left says enough."""
    before, comma, after = sentence.rpartition(", ")
    if not (comma and _HANGS_ON.begins(after)) or _BEFORE_IT.begins(before):
        return []
    if len(after.split()) > _MOST_OF_AN_END:
        # "A grammar of data, with verbs that help you solve the following:" says enough.
        is_list = after.startswith(("and ", "including ", "such as "))
        return [] if is_list else [sentence.rstrip(" :\uff1a") + "\u2026"]
    return [before] if len(before) >= MIN_LENGTH else []


def measure(text: str, han: int = 3) -> int:
    """Count letters: a Han sign says as much as three of them, and takes the room of two."""
    return len(text) if text.isascii() else len(text) + (han - 1) * len(WIDE.findall(text))
