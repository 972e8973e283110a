"""Licences as SPDX expressions: what a text certainly means, or nothing.

Identifiers and their successors (`GPL-3.0` is `GPL-3.0-only` today) come from SPDX's own list, in
the library `license-expression`. A name or an address is recognised only where it can mean one
licence; "BSD" or "see LICENSE" stays words. Pure.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from license_expression import ExpressionError, get_spdx_licensing

_TEXT = r"(?:/(?:deed|legalcode)\S*)?"
# Addresses that name one licence and its version, and the identifier in them.
_ADDRESSES = (
    (r"spdx\.org/licenses/([\w.+-]+?)(?:\.html|\.json|\.txt)?", r"\1"),
    (r"opensource\.org/licenses?/((?:mit|apache-2\.0|mpl-2\.0|isc|bsd-[23]-clause))", r"\1"),
    (r"opensource\.org/licenses?/(apache|mpl)-2-0", r"\1-2.0"),
    (r"choosealicense\.com/licenses/([\w.-]+)", r"\1"),
    (r"apache\.org/licenses/license-2\.0(?:\.txt|\.html)?", "Apache-2.0"),
    (r"creativecommons\.org/licenses/([a-z-]+)/([1-4]\.\d)" + _TEXT, r"CC-\1-\2"),
    (r"creativecommons\.org/publicdomain/zero/1\.0" + _TEXT, "CC0-1.0"),
    (r"mozilla\.org/(?:[a-z-]+/)?MPL/2\.0", "MPL-2.0"),
    (r"nationalarchives\.gov\.uk/doc/open-government-licence/version/([123])", r"OGL-UK-\1.0"),
)
# Names without "the", "licence" and "version", each of exactly one licence. The versions of the
# GPL are not among them: their names do not say whether later ones apply.
_WRITTEN = """
MIT: mit, mit mit, mit expat
CC0-1.0: cc0 1 0, cc0 1 0 universal, creative commons zero 1 0 universal
CC-BY-4.0: cc by 4 0, creative commons attribution 4 0 international
CC-BY-SA-4.0: cc by sa 4 0, creative commons attribution share alike 4 0 international
Apache-2.0: apache 2, apache 2 0, apache software 2 0
BSD-2-Clause: bsd 2 clause, bsd 2 clause simplified, simplified bsd
BSD-3-Clause: bsd 3 clause, bsd 3 clause new or revised, new bsd, revised bsd
ISC: isc
MPL-2.0: mozilla public 2 0, mozilla public 2 0 mpl 2 0
EPL-2.0: eclipse public 2 0
EUPL-1.2: european union public 1 2
BSL-1.0: boost software 1 0
Unlicense: unlicense
OGL-UK-3.0: open government 3 0
GPL-3.0-or-later: gnu general public 3 0 or later, gnu general public 3 or later
GPL-2.0-or-later: gnu general public 2 0 or later
GPL-3.0-only: gnu general public 3 0 only
GPL-2.0-only: gnu general public 2 0 only
AGPL-3.0-or-later: gnu affero general public 3 0 or later
AGPL-3.0-only: gnu affero general public 3 0 only
"""
_NAMES = {
    name: identifier
    for identifier, names in (line.split(": ") for line in _WRITTEN.strip().splitlines())
    for name in names.split(", ")
}
# How Creative Commons itself writes what SPDX joins by hyphens: "CC BY-NC-SA 4.0".
_CC = r"CC[ -](BY(?:-(?:NC|SA|ND)){0,2})[ -]([1-4]\.0)(?: international)?"
_FOUND_AT = tuple(
    (re.compile(pattern, re.IGNORECASE), meant)
    for pattern, meant in (
        *((rf"https?://(?:www\.)?{address}/?", meant) for address, meant in _ADDRESSES),
        (_CC, r"CC-\1-\2"),
    )
)
_SAYS_NOTHING = re.compile(r"\b(?:the|licen[cs]es?|version)\b|\bv(?=\d)")
# Identifiers that SPDX retired in favour of two; https://spdx.org/licenses/#deprecated
_RETIRED = re.compile(
    r"\b(GPL-[23]\.0)-with-(autoconf|bison|classpath|font|GCC)-exception\b", re.IGNORECASE
)
_EXCEPTIONS = {
    "autoconf": {"GPL-2.0": "Autoconf-exception-2.0", "GPL-3.0": "Autoconf-exception-3.0"},
    "bison": {"GPL-2.0": "Bison-exception-2.2"},
    "classpath": {"GPL-2.0": "Classpath-exception-2.0"},
    "font": {"GPL-2.0": "Font-exception-2.0"},
    "gcc": {"GPL-2.0": "GCC-exception-2.0", "GPL-3.0": "GCC-exception-3.1"},
}
# What the library reads as one version of a family, although SPDX has no such identifier.
_FAMILIES = frozenset({"gpl", "bsd-2"})
_OR_LATER = re.compile(r"([A-Za-z0-9.-]+)\+(?=$|[\s)])")
_LONGEST, _DEEPEST = 300, 10


def choice_of(stated: Iterable[str]) -> str | None:
    """Give the expression that several stated licences make: each of them may be chosen.

    A list means so in CITATION.cff ("when there are multiple licenses, it is assumed their
    relationship is OR", schema guide 1.2.0), and codemeta's crosswalk maps its lists to those.

    Returns:
        None when one of them is no licence that SPDX knows, or there are none.
    """
    found = list(dict.fromkeys(map(expression, stated)))
    known = [said for said in found if said]
    # AND and WITH bind closer than OR.
    return expression(" OR ".join(known)) if len(known) == len(found) else None


@lru_cache(maxsize=4_096)
def expression(text: str) -> str | None:
    """Write a licence as SPDX does, or give None for what names none for certain.

    `NOASSERTION`, `NONE` and `LicenseRef-...` are part of SPDX's language and name no licence that
    a reader could look up, so they give None as well.
    """
    said = " ".join(text.split()).strip("\"'`,;.")
    if (
        not said
        or len(said) > _LONGEST
        or said.count("(") > _DEEPEST
        or "licenseref" in said.lower()
    ):
        return None
    located = ((pattern.fullmatch(said), meant) for pattern, meant in _FOUND_AT)
    meant = next((match.expand(meant) for match, meant in located if match), said)
    bare = re.sub(r"[^a-z0-9]+", " ", _SAYS_NOTHING.sub(" ", said.casefold())).strip()
    return _parsed(meant) or _NAMES.get(bare)


def same_licence(one: str, other: str) -> bool:
    """Tell whether two expressions can both be right of one licence text.

    The text of the GPL is the same whether only its version or later ones apply, so a file that
    says which and GitHub, which reads that text, do not contradict each other.
    """
    families = (re.sub(r"-(?:only|or-later)\b|[()]", "", said) for said in (one, other))
    first, second = (set(family.split(" OR ")) for family in families)
    return first == second


_spdx = cache(get_spdx_licensing)  # reading the list takes a while


def _parsed(said: str) -> str | None:
    """Parse an expression; every name in it must be on SPDX's list."""
    if _FAMILIES.intersection(re.split(r"[\s()]+", said.lower())):
        return None
    current = _RETIRED.sub(_two_for_one, said)
    later = {name.lower() for name in _OR_LATER.findall(current) if not _is_gnu(name)}
    plain = _OR_LATER.sub(lambda m: m[0] if _is_gnu(m[1]) else m[1], current)
    try:
        parsed = _spdx().parse(plain, validate=True, strict=True)
    except (ExpressionError, RecursionError):
        return None
    written = "" if parsed is None else str(parsed.render())
    # LicenseRef is what the library gives for identifiers without a successor.
    if not written or "LicenseRef-" in written:
        return None
    return re.sub(
        r"[A-Za-z0-9.-]+", lambda m: f"{m[0]}+" if m[0].lower() in later else m[0], written
    )


def _is_gnu(name: str) -> bool:
    return re.match(r"(?:[AL]?GPL|GFDL)-", name, re.IGNORECASE) is not None


def _two_for_one(match: re.Match[str]) -> str:
    licence = match[1].upper()
    exception = _EXCEPTIONS[match[2].lower()].get(licence)
    return f"{licence}-only WITH {exception}" if exception else match[0]
