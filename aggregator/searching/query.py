"""Read what somebody typed: words, "quoted phrases", -left out, field:value, AND, OR and NOT.

Anything can be typed; nothing is an error. What looks like a field but is none is words, and said.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aggregator.searching.facets import FIELD_WORDS
from aggregator.searching.tokens import LONGEST_WORD, STOP_WORDS, Word, tokens, word

LONGEST = 300  # characters read
MOST_WORDS = 24
# Patterns that a browser reads as Python does; they travel inside the index.
SPACE = "[\\s\x1c-\x1f\x85\ufeff]+"
CHUNK = '(-?)(?:([a-zA-Z]+):)?(?:"([^"]*)"|([^ ]+))'
# How people begin a question in English; what they look for follows.
_SHORT = "['\u2018\u2019\u02bc]?"  # `what's`, and as people type it
_SOMEBODY = "(?:anyone|anybody|someone|somebody|everyone|everybody)"
_WHO = f"(?:i|we|you|they|one|people|{_SOMEBODY})"
_TOOL = "(?:tools?|packages?|software|librar(?:y|ies)|repos?|repositor(?:y|ies))"
_THING = (
    f"(?:{_TOOL}|projects?|apps?|scripts?|code|resources?|examples?|something|anything|things?"
    "|stuff|ways?)"
)
_SOME = "(?:(?:a|an|any|some|the|my|our|all|good|easy|free) )*"
_BEST = "(?:best|easiest|quickest|simplest|fastest|right|good|easy|quick|simple)"
_FOR = "(?:(?:that|which|who|for|to|on|about|of|with|can|could|will|does|do) )"
_WANT = (
    "(?:would|d|want|wants|wanted|need|needs|like|wish|am|are|m|re|ve|ll|is|was|have|has|had|been"
    "|asked|told|looking|searching|trying|tried|hoping|planning|struggling|help|interested|keen"
    "|love)"
)
_HELP = "(?:show|give|tell|find|help|point)"
_BEGINNINGS = (
    (
        f"(?:how|where|what|which|when) (?:do|can|could|should|would|did|does|has|have) {_WHO} "
        "(?:(?:best|easily|find|get|use|recommend|suggest|look for|go to|go for|go about"
        "|done (?:with|about|on|for)) )?(?:(?:trying )?to |for )?"
    ),
    "how (?:to|is|are) ",
    "(?:is|would|could) it (?:be )?possible to ",
    f"(?:does|do) {_SOME}{_THING} exist {_FOR}*",
    f"what exists {_FOR}+",
    f"(?:is|are) there {_SOME}(?:{_THING} )?{_FOR}*",
    f"(?:what|which) {_THING} (?:(?:do|can) {_WHO} (?:have|use) |exist |(?:is|are) there )?{_FOR}*",
    (
        f"(?:(?:has|have|did|does|do|is|are) {_WHO}|{_SOMEBODY}) (?:ever |already |else )?"
        "(?:built|made|written|done|have|has|know|knows|seen|got|using|working on|tried to|tried"
        f"|come across|heard of) {_SOME}(?:{_THING} )?{_FOR}*"
    ),
    "(?:who|which team) (?:does|has (?:done|made|built)|has|knows about|works on|made|built) ",
    f"(?:(?:can|could) )?{_WHO}(?:{_SHORT}| )(?:{_WANT} )+(?:for|to|with|of|in|on|after) ",
    f"(?:my|our) [a-z]+ (?:{_WANT} )+(?:(?:me|us) )?to ",
    "(?:need help|looking|searching|trying|hoping|struggling|wanting|needing) (?:for|to|with) ",
    f"{_WHO} ?(?:have not|haven{_SHORT}t|could not|couldn{_SHORT}t) managed to ",
    (
        f"(?:(?:(?:can|could|would|will) {_WHO}|who can) (?:please )?)?{_HELP} (?:me|us) "
        "(?:(?:with|to|how to|about|find) )*"
    ),
    (
        f"(?:can|could|would|will) {_WHO} (?:please )?(?:explain|suggest|recommend) {_SOME}"
        f"(?:{_THING} )?(?:how to |{_FOR}+)?"
    ),
    (
        f"(?:{_WHO} )?(?:do not|don{_SHORT}t|did not|didn{_SHORT}t|cannot|can not|can{_SHORT}t"
        f"|could not|couldn{_SHORT}t) (?:know|find|see|work out|figure out|remember) {_SOME}"
        f"(?:(?:how|where|what|which) to |{_THING} {_FOR}*)?"
    ),
    f"(?:what|where)(?:{_SHORT}s|re| is| are) (?:the |a |an )?{_BEST} (?:{_THING} {_FOR}*)?",
    f"(?:the |a )?{_BEST} (?:{_THING}) {_FOR}+",
    f"(?:what|where)(?:{_SHORT}s|re| is| are) (?:the |my |our )",
    (
        "(?:any )?(?:info|information|details|advice|ideas?|recommendations?)"
        " (?:(?:on|about|for) (?:how to )?|how to )"
    ),
    "any (?:good|decent) ",
    "somewhere to (?:find|get|look for) ",
    f"{_SOME}{_THING} {_FOR}+(?:help (?:me|us|you|people) (?:to )?)?",
)
_POLITE = "(?:(?:please|hi|hello|hey|all|everyone|there|so|and|also|ok|okay)[,!.]? )*"
# Twice, for `show me projects about`; never all of what was typed.
ASKING = f"^{_POLITE}(?:(?:{'|'.join(_BEGINNINGS)}){_SOME}){{1,2}}(?=.*[^ ?])"
# How they end one, and what they call whatever does it: of a name of two words it is a part, and
# of what somebody makes, as in `turn my script into a package`, it is what the question is about.
_MAKING = (
    "(?:build|create|design|develop|document|install|maintain|make|name|organi[sz]e|package|publish"
    "|release|set up|share|start|structure|test|turn|write)"
)
_BYE = f"(?:please|thanks|thank you|{_SOMEBODY})"
CLOSING = (
    f"^(?:(?!{_MAKING} )(.*[^ ] (?!(?:an?|the|my|our|as|into) )[^ ]+) (?:{_TOOL}|stuff)"
    f"(?:[ ,]+{_BYE})?|(.*[^ ,.?!])[ ,]+{_BYE})[ ,.?!]*$"
)
_SPACE, _CHUNK = re.compile(SPACE), re.compile(CHUNK)
# Python takes these two for an i in any case, browsers do not: they wait as what is no letter.
_UNFOLDED = str.maketrans("ıİ", "\ufdd0\ufdd1")
_FOLDED = str.maketrans("\ufdd0\ufdd1", "ıİ")
_ASKING, _CLOSING = (re.compile(each, re.IGNORECASE) for each in (ASKING, CLOSING))

Phrase = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked.

    Args:
        words: all words in order, but those that must not be.
        quoted: which of them stood in quotes and are taken as typed.
        required: of each of these, one phrase must be held.
        excluded: none of these may be.
        filters: facets with a value that must be.
        barred: those with a value that must not be.
        unknown: what stood before a colon and is no facet.
        cut: whether more was typed than is read.
    """

    words: tuple[Word, ...] = ()
    quoted: frozenset[Word] = frozenset()
    required: tuple[tuple[Phrase, ...], ...] = ()
    excluded: tuple[Phrase, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    barred: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    cut: bool = False


@dataclass(slots=True)
class _Group:
    """What OR joins; one of it must be held, and so must what is quoted or stands beside AND."""

    phrases: list[Phrase] = field(default_factory=list)
    must: bool = False


def parse(text: str, fields: Mapping[str, str] = FIELD_WORDS) -> Query:
    """Read a query as typed; `fields` are what may stand before a colon, and the facets meant."""
    words: list[Word] = []
    groups: list[_Group] = []
    excluded: list[Phrase] = []
    quotes: list[Word] = []
    filters: dict[str, list[tuple[str, str]]] = {"": [], "-": []}
    unknown: list[str] = []
    cut = len(text) > LONGEST
    said = _SPACE.sub(" ", text[:LONGEST]).strip(" ")
    for before, minus, name, quoted, bare in _chunks(_looked_for(said)):
        facet = fields.get(name.lower())
        if facet:
            filters[minus].append((facet, quoted or bare))
            continue
        if name and not bare.startswith("//"):
            unknown.append(name)
        typed = tuple(map(word, tokens(f"{name} {quoted or bare}")))
        found = tuple(each for each in typed if len(each.surface) <= LONGEST_WORD)
        cut = cut or len(found) < len(typed)
        if not found:
            continue
        if minus:
            excluded.append(found)
            continue
        words.extend(found)
        quotes.extend(found if quoted else ())
        if before == "AND" and groups:
            groups[-1].must = True
        if before != "OR" or not groups:
            groups.append(_Group())
        groups[-1].phrases.append(found)
        groups[-1].must |= bool(quoted) or bool(before)
    return Query(
        words=tuple(words[:MOST_WORDS]),
        quoted=frozenset(quotes),
        required=tuple(tuple(each.phrases) for each in groups if each.must),
        excluded=tuple(excluded),
        filters=tuple(filters[""]),
        barred=tuple(filters["-"]),
        unknown=tuple(unknown),
        cut=cut or len(words) > MOST_WORDS,
    )


def _looked_for(said: str) -> str:
    """Leave out how a question begins and ends."""
    said = said.translate(_UNFOLDED)
    return _CLOSING.sub(r"\1\2", _ASKING.sub("", said)).translate(_FOLDED)


def _chunks(said: str) -> Iterator[tuple[str, str, str, str, str]]:
    """Give each piece with what joins it to the one before: AND, OR or nothing.

    In capitals, and only between two pieces: `OR` alone may be an operating room.
    """
    before = ""
    chunks = _CHUNK.findall(said)
    for at, (minus, name, quoted, bare) in enumerate(chunks):
        joins = not (minus or name or quoted) and at + 1 < len(chunks)
        if joins and (bare == "NOT" or (at and bare in ("AND", "OR"))):
            before = bare
        else:
            yield before, "-" if before == "NOT" else minus, name, quoted, bare
            before = ""


def telling(words: Sequence[Word]) -> list[int]:
    """Say where the words stand that tell something.

    Stop words do not, unless typed as acronyms (`WHO`), or if nothing else was typed.
    """
    kept = [at for at, each in enumerate(words) if each.acronym or each.surface not in STOP_WORDS]
    return kept or list(range(len(words)))
