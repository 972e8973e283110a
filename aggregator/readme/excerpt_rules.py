"""What disqualifies a paragraph from standing on a card, and what recommends it."""

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import category

from aggregator.readme.boilerplate import is_boilerplate, is_notice

MIN_LENGTH = 25
_MIN_WORDS = 4
# A definition shows in the first words; the patterns are slow on long texts.
_START = 200

_FLAGS = re.VERBOSE | re.IGNORECASE

_OTHER_HEADINGS = re.compile(
    r"""\b(?:install(?:ation|ing)?|usage|quick\s?-?start|getting\s+started|set-?\s?up|requirements?|
      prereq\w*|dependencies|licen[cs]e|licensing|copyright|contribut\w*|contact|authors?|
      acknowledge?ments?|credits?|citation|citing|cite|table\s+of\s+contents|contents|toc|
      changelog|release\s+notes|support|troubleshooting|faq|folder\s+structure|director(?:y|ies)|
      (?:repo(?:sitory)?|project)\s+structure|files|badges|status|sponsors?|funding|
      code\s+of\s+conduct|deploy\w*|docker|testing|tests|develop\w*|build(?:ing)?|configur\w*|
      run(?:ning)?|how\s+to|data\s+sources?|references?|links|resources|disclaimer|news|updates?|
      who\s+maintains|team|community|roadmap|to-?\s?do|security|warning|note|outputs?|
      known\s+issues|instructions?)\b""",
    _FLAGS,
)
_INTRODUCTIONS = re.compile(
    r"""\b(?:about|overview|introduct\w+|intro|description|summary|background|purpose|motivation|
      what\s+(?:is|does|are)|aims?|goals?|objectives?|abstract|context|the\s+project|welcome|
      project\s+description|features|why)\b""",
    _FLAGS,
)
# How a paragraph starts that tells what to do, whom to thank or what to beware of.
_OPENINGS = re.compile(
    r"""please\b|note\b(?!\s+tak)|nb\b|n\.b|(?:warning|important|caution|attention)(?:\W*$|[\s\W]*[:!.,\u2013\u2014-]|
      \s+(?:the|this|these|do|please|not(?:ic|e)|information|update|you|if|we|it|as)\b)|disclaimer\b|tip\b|
      update\b|updated\b|news\b(?!\s*(?:feed|reader))|status\b(?!\s+(?:page|board|report)s?\b)|version\b(?!\s+control)|
      last\s+(?:updated|modified)|
      licen[cs]ed?\b|copyright\b|\(c\)|unless\s+(?:stated|otherwise)|(?:distributed|released)\s+under|
      install\b|installing\b|to\s+(?:install|run|use|build|start|get\s+started|set|find|contact)\b|
      you\s+(?:can|will|must|should|need|may)\b|clone\b|fork\b|download\b|run\b|first,?\b|
      requires?\b|requirements?\b|prerequisite|dependenc|see\b(?!\s+(?:how|which|where|when|who)\b)|check\s+out|visit\b(?!\s+\w+ing\b)|read\s+the|
      click\b|follow\b(?!-?\s?up)|go\s+to\b|refer\s+to|explore\s+the|report\s+bug|adding\b|
      for\s+(?:more|further|full|detailed|technical|any|the\s+full|help|questions|documentation|details)\b|
      contact\b(?!\s+trac)|authors?\b|maintain(?:er|ed)|contribut|(?:created|written|built|led|developed)\s+by\b|
      thank|welcome\s+to\s+the\s+landing|hello\b|hi\b|table\s+of\s+contents|contents\b|links?\b|
      (?:full\s+)?documentation\s*(?:is|can|:|available|for)|docs\b|more\s+(?:info|details)|if\s+you\b|
      todo\b|tb[cd]\b|coming\s+soon|work\s+in\s+progress|wip\b|under\s+(?:development|construction)|
      replace\s+this|insert\b|add\s+(?:a|your)\b|your\s+project|describe\b|lorem\s+ipsum|
      (?:a\s+)?(?:short|brief|one[-\s]line)\s+(?:description|summary)|this\s+readme|
      this\s+is\s+(?:where\s+the|the\s+(?:readme|development\s+version|default\s+readme))|
      cite\b|citation|all\s+(?:test|example)?\s*data\s+(?:in|used)|original\s+repo|
      this\s+(?:work|project|package|material|repository)\s+(?:was|is|has\s+been)\s+
        (?:led|maintained|written|created|funded|carried\s+out)\s+by|
      this\s+(?:work|repository|code)\s+(?:a|o)ccompan|
      this\s+(?:project|package|software|code|work|repository|repo)\s+(?:is|was|has\s+been|has)\s+
        (?:licen[cs]ed|released\s+under|no\s+longer|archived|deprecated|moved|superseded|
        now\s+(?:archived|read)|under\s+(?:active\s+)?development|subject\s+to)|
      english\s*\||(?:languages?|tags?|keywords?|e-?mail)\b\s*:|
      (?!about|description|summary)[A-Z][\w/ -]{0,24}:\s""",
    _FLAGS,
)
_ANYWHERE = re.compile(
    r"""(?:^|\s)\$\s?(?:pip|conda|npm|git)\b | \b(?:pip3?|conda|npm|apt-get|brew)\s+install\b |
      git\s+clone\b | install\.packages\( | install_github\( | devtools:: | remotes:: |
      \{\{.*\}\} | \{%.*%\} | \{[A-Z][A-Z _-]+\} | <[A-Z][A-Za-z_ -]{2,}> |
      \[(?:insert|your|project|name|todo|add)[^\]]*\] | lorem\s+ipsum | all\s+rights\s+reserved |
      \u00a9 | crown\s+copyright | doctoc | markdown\s+all\s+in\s+one |
      \b(?:mit|apache|bsd|gnu|gpl)\b[^.]*\blicen[cs]e | :target: | :alt: |
      replace\s+(?:this|me)\s+(?:text|with) | (?:found|available|see|click|seen|read)\s+here\W*$ |
      not\s+(?:currently\s+)?(?:suitable|intended|ready|maintained) |
      all\s+contributors | trademark | explore\s+the\s+docs | request\s+feature""",
    _FLAGS,
)
# One of these is in whatever the pattern above finds: looking for them first costs a tenth.
_ANYWHERE_HINTS = (
    *("$", "{", "<", "[", "::", ":target:", ":alt:", "\u00a9", "git clone", "lorem", "_github("),
    *("pip install", "pip3 install", "conda install", "npm install", "brew install"),
    *("apt-get install", "install.packages(", "all rights reserved", "copyright", "doctoc"),
    *("all in one", "licen", "replace this", "replace me", "found here", "available here"),
    *("see here", "click here", "seen here", "read here", "not currently", "not suitable"),
    *("not intended", "not ready", "not maintained", "all contributors", "trademark"),
    *("explore the docs", "request feature"),
)
_THING = r"""(?:repo(?:sitory)?|project|package|library|tool(?:kit|box|s)?|app(?:lication)?|
  framework|software|module|model|code(?:base)?|site|website|dashboard|service|script|platform|
  plugin|template|
  collection|list|dataset|data|suite|pipeline|implementation|interface|client|server|system|gem|
  guide|tutorial|workshop|course|materials?|simulation|program|resource|wrapper|extension|api|book|
  prototype|proof\s+of\s+concept|set|style|theme|method(?:s)?|analysis|study|dictionary|toolbox|engine|generator)"""
_VERBS = r"""(?:contains?|provides?|holds?|is|are|aims?|allows?|implements?|hosts?|supports?|
  includes?|presents?|serves?|shares?|enables?|helps?|collects?|uses?|has|for|estimates?|automates?|
  defines?|
  can\s+be\s+used|describes?|draws?|was\s+developed)"""
_OF_ITSELF = rf"""(?:welcome\s+to\s+)?(?:
      (?:this|the|our)\s+(?:[\w-]+\s+){{0,4}}?{_THING}\b.{{0,80}}?\b{_VERBS}\b |
      this\s+is\s+(?:an?|the|our)\b |
      (?:the\s+)?(?:goal|aim|purpose|objective)s?\s+of\b )"""
_SPEAKS_OF_ITSELF = re.compile(rf"(?=this\b|our\b)(?!.{{0,40}}\balso\b){_OF_ITSELF}", _FLAGS)
_VERB = re.compile(rf"\b{_VERBS}\b", _FLAGS)
_DEFINITION = re.compile(
    rf"""{_OF_ITSELF} | (?:welcome\s+to\s+)?(?:
      (?:an?|the)\s+(?:[\w,/&.'-]+\s+){{0,8}}?{_THING}\b |
      (?:[\w,/&.()'-]+\s+){{0,8}}?{_THING}\s+(?:to|for|of|that|which|containing|used|in|with)\b |
      [\w.\u00ae()/'-]+(?:\s+[\w.()\u00ae/'&,-]+){{0,7}}?\s+
        (?:is|are)\s+(?:an?|the|our|used|designed|being|intended|for|\w+['\u2019]s)\b |
      [\w.-]+\s+(?:-|\u2013|\u2014|:)\s+(?:an?|the)\b
    )""",
    _FLAGS,
)
_FALSE_DEFINITION = re.compile(
    r"""^(?:an?\s+(?:number|few|lot)\s+of|there|it|here|each|all|these|those|you|we|they|what|which|that|if|when|who|how|below|
      is\s+the\s+esperanto)\b""",
    _FLAGS,
)
_NAME_ORIGIN = re.compile(
    r"\b(?:stands\s+for|is\s+(?:\w+\s+){0,3}(?:esperanto|latin|greek|named))\b", re.IGNORECASE
)
_NAME_HINTS = ("stands", "esperanto", "latin", "greek", "named")
_TAGLINE = re.compile(
    r"[`{\"'*]{0,2}([\w.{}/ -]{1,60}?)[`}\"'*]{0,2}(?:\s*\([^()]{1,40}\))?"
    r"(?:\s*[:\uff1a]\s*|\s+(?:-{1,3}|[\u2013\u2014|])\s+|\s*\u2014\s*)(?=\w|[\"'(\u201c])"
)
_LINK = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+")
_LINK_HINTS = re.compile("://|www|@")
_SENTENCE_END = re.compile(
    r"[.!?][)\"'\u201d]?\s+(?=[^\W_a-z]|[\"'(\u2018\u201c])|[\u3002\uff01\uff1f\uff61][\u300d\u300f\uff09\u201d]?\s*"
)
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer; then Hangul, kana, Han.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_WIDE = re.compile(
    "[\uac00-\ud7a3\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_FULL_STOPS = frozenset("\u3002\uff01\uff1f\uff61\u300d\u300f")
# So many of their characters make a word.
_UNSPACED_WORD = 5
_WIDE_WORD = 2
_ABBREVIATED = re.compile(r"\b(?:[A-QS-Z]|e\.g|i\.e|vs|al|Dr|No)$")
_LONGEST_ABBREVIATION = 4


# READMEs share most of their headings.
@lru_cache(maxsize=2_000)
def is_about_something_else(heading: str) -> bool:
    """Tell whether the paragraphs under a heading explain anything but the project."""
    return (
        len(heading) < 60
        and _OTHER_HEADINGS.search(heading) is not None
        and not introduces(heading)
    )


@lru_cache(maxsize=2_000)
def introduces(heading: str) -> bool:
    """Tell whether a heading announces what the project is."""
    return len(heading) < 60 and _INTRODUCTIONS.search(heading) is not None


def is_tagline(heading: str) -> bool:
    """Tell whether a heading below the title is really a sentence about the project."""
    return len(heading.split()) >= 8 and defines(heading)


def sentences(text: str) -> list[str]:
    """Split a paragraph into sentences; abbreviations and initials do not end one."""
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(text)
        if not _ABBREVIATED.search(
            text, max(0, match.start() - _LONGEST_ABBREVIATION), match.start()
        )
    ]
    found = [text[a:b].strip() for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]
    return [one for one in found if one] or [""]


def join(found: Iterable[str]) -> str:
    """Put sentences together, with a space between them where their script has one."""
    text = ""
    for sentence in found:
        text = text + sentence if text[-1:] in _FULL_STOPS else f"{text} {sentence}".strip()
    return text


def without_asides(text: str) -> str:
    """Leave out sentences that give orders, licences or addresses, and an unfinished last one."""
    first, *rest = _without_first_notices(sentences(text))
    kept = [first, *(one for one in rest if not _OPENINGS.match(one) and not is_boilerplate(one))]
    if _may_be_out_of_place(text):
        kept = [one for one in kept if not _ANYWHERE.search(one)]
    if kept and kept[-1].endswith(":"):
        *kept, last = kept
        before_comma = last.rpartition(", ")[0]
        if not kept and len(before_comma) >= MIN_LENGTH:
            kept = [before_comma]
    return join(kept)


def _without_first_notices(found: list[str]) -> list[str]:
    """Leave out what a paragraph says of the project's state before it says what it is."""
    for place, sentence in enumerate(found):
        if not is_notice(sentence):
            return found[place:]
    return found


def measure(text: str) -> int:
    """Give how much a text says in letters: a Han sign says as much as three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


def width(text: str) -> int:
    """Give the room a text takes on a card in letters: a Han sign takes that of two."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _count_words(text: str) -> float:
    spaced = len(text.split())
    if text.isascii():
        return spaced
    wide, unspaced = len(_WIDE.findall(text)), len(_UNSPACED.findall(text))
    return spaced + wide / _WIDE_WORD + unspaced / _UNSPACED_WORD


def _may_be_out_of_place(text: str) -> bool:
    lowered = text.lower()
    return any(hint in lowered for hint in _ANYWHERE_HINTS)


def describes(text: str) -> bool:
    """Tell whether a paragraph's words can stand alone on a card."""
    if measure(text) < MIN_LENGTH or _count_words(text) < _MIN_WORDS or "\ufffd" in text:
        return False
    if _OPENINGS.match(text) or is_boilerplate(sentences(text)[0]):
        return False
    return not _tells_a_name(text) and _is_prose(text)


def _tells_a_name(text: str) -> bool:
    lowered = text.lower()
    return any(hint in lowered for hint in _NAME_HINTS) and bool(_NAME_ORIGIN.search(text))


def defines(text: str, name: str = "") -> bool:
    """Tell whether a paragraph says what something is, not only something about it."""
    start = text[:_START]
    if _FALSE_DEFINITION.match(start):
        return False
    return _DEFINITION.match(start) is not None or _starts_with_name(start, name)


def speaks_of_itself(text: str, name: str) -> bool:
    """Tell whether a paragraph speaks of the whole repository, wherever it stands."""
    start = text[:_START]
    return _SPEAKS_OF_ITSELF.match(start) is not None or _starts_with_name(start, name)


def _starts_with_name(text: str, name: str) -> bool:
    """Tell whether a sentence has the project's name as its subject."""
    words = text.split()
    for count in range(1, min(len(words), 6)):
        if _bare("".join(words[:count])) == _bare(name):
            return _VERB.search(" ".join(words[count : count + 12])) is not None
    return False


def _is_of_a_word(character: str) -> bool:
    """Tell letters, and the vowels that many scripts write above or below them."""
    return character.isalpha() or (character > "\u0300" and category(character)[0] == "M")


def after_name(text: str, names: Iterable[str]) -> str | None:
    """Give the words of "Name: what it does" and "Name - what it does" after the name, or None.

    Args:
        text: A paragraph.
        names: What the project is called.
    """
    match = _TAGLINE.match(text)
    if not match:
        return None
    written = _bare(match[1])
    is_name = bool(written) and any(written == _bare(name) for name in names)
    return text[match.end() :] if is_name else None


def _bare(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _is_prose(text: str) -> bool:
    without_links = _LINK.sub("", text) if _LINK_HINTS.search(text) else text
    letters = sum(map(_is_of_a_word, without_links))
    return letters > 0.6 * len(text)
