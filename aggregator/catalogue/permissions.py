"""What a licence lets a stranger do, in one sentence that is no legal advice.

Identifiers are sorted into families by the table below, as https://choosealicense.com/appendix/ and
the texts themselves describe them. A licence of none of these is only named. Pure.
"""

import re
from dataclasses import dataclass

from aggregator.catalogue.types import Project
from aggregator.words.phrases import either, joined
from aggregator.words.speech import later, say

_SPDX = "https://spdx.org/licenses/"
NO_LICENCE = later("No licence: ask before you reuse it.")
UNKNOWN_LICENCE = later("Its licence is not one that we know: read it before you reuse it.")

_TERMS = {
    "anything": later("You may use, change and share it for anything, without naming anybody."),
    "notices": later(
        "You may use, change and share it, also commercially, if you keep its notices and say what "
        "you changed."
    ),
    "keep": later(
        "You may use, change and share it, also commercially, if you keep the licence with it."
    ),
    "files": later(
        "You may use it in anything, also commercially; what you change in its own files you share "
        "under the same licence."
    ),
    "network": later(
        "You may use and change it; if you pass it on, or let others use it over a network, you "
        "share your changes under the same licence."
    ),
    "alike": later(
        "You may use and change it; if you pass it on, you share your changes under the same "
        "licence."
    ),
    "name": later("You may use, change and share it, also commercially, if you name its authors."),
    "name alike": later(
        "You may use, change and share it, also commercially, if you name its authors and share "
        "what you make of it under the same licence."
    ),
    "no trade": later(
        "You may use, change and share it, not commercially, if you name its authors."
    ),
    "no trade alike": later(
        "You may use, change and share it, not commercially, if you name its authors and share "
        "what you make of it under the same licence."
    ),
    "as it is": later("You may share it as it is, also commercially, if you name its authors."),
    "no trade as it is": later(
        "You may share it as it is, not commercially, if you name its authors."
    ),
    "origin": later(
        "You may use, change and share it, also commercially, if you say where it comes from."
    ),
    "fonts": later("You may use, change and share these fonts, but not sell them by themselves."),
}
# Families of identifiers, each with its terms.
_FAMILIES = {
    r"CC0-1\.0|Unlicense|0BSD|MIT-0|WTFPL|PDDL-1\.0": "anything",
    r"Apache-2\.0|ECL-2\.0": "notices",
    r"MIT|BSD-[123]-Clause|ISC|Zlib|NCSA|PostgreSQL|BSL-1\.0|X11|PSF-2\.0|UPL-1\.0": "keep",
    r"LGPL-.*|MPL-.*|EPL-.*|CDDL-.*|CECILL-C": "files",
    r"AGPL-.*|OSL-.*|EUPL-.*": "network",
    r"GPL-.*|CECILL-2.*": "alike",
    r"CC-BY-\d.*": "name",
    r"CC-BY-SA-.*": "name alike",
    r"CC-BY-NC-\d.*": "no trade",
    r"CC-BY-NC-SA-.*": "no trade alike",
    r"CC-BY-ND-.*": "as it is",
    r"CC-BY-NC-ND-.*": "no trade as it is",
    r"OGL-UK-.*|OGL-Canada-.*|etalab-.*|ODC-By-1\.0|NLOD-.*|DL-DE-BY-2\.0": "origin",
    r"OFL-1\.1": "fonts",
}
_NAME = re.compile(r"[A-Za-z0-9.+-]+")
_EXCEPTION = re.compile(r" WITH [A-Za-z0-9.-]+")
_WORDS = frozenset({"AND", "OR", "WITH"})


@dataclass(frozen=True, slots=True)
class Permission:
    """What a licence allows, and where its text is.

    Args:
        allows: One sentence.
        texts: The identifiers in it, each with the address of its text.
    """

    allows: str
    texts: tuple[tuple[str, str], ...] = ()


def permission_of(expression: str) -> Permission:
    """Say what a licence allows.

    Args:
        expression: A licence as SPDX writes it, as `licences.expression` gives it.
    """
    said = _EXCEPTION.sub("", expression)
    names = tuple(dict.fromkeys(n for n in _NAME.findall(said) if n not in _WORDS))
    texts = tuple((name, f"{_SPDX}{name.removesuffix('+')}.html") for name in names)
    terms = set(map(_allowed, names))
    # What an exception changes is told by its text alone.
    if len(terms) == 1 and all(terms) and said == expression:
        return Permission(say(terms.pop()), texts)
    if len(names) == 1:
        words = say("Its licence is %(licence)s: read it before you reuse it.", licence=expression)
        return Permission(words, texts)
    if " AND " in said:
        every = joined(names)
        words = say(
            "Parts of it have different licences: %(licences)s. Read them first.", licences=every
        )
        return Permission(words, texts)
    words = say("You may choose its licence: %(licences)s.", licences=either(names))
    return Permission(words, texts)


def allowed(project: Project) -> str:
    """Say what the licence of a project allows; "" where GitHub was never heard from."""
    facts = project.facts
    if facts is None or facts.glance.empty:
        return ""
    if known := project.evidence.value("licence"):
        return permission_of(known).allows
    community = facts.details.community if facts.details else None
    is_there = project.evidence.of("licence") or (community and community.licence)
    return say(UNKNOWN_LICENCE if is_there else NO_LICENCE)


def _allowed(name: str) -> str:
    plain = name.removesuffix("+")
    terms = (terms for family, terms in _FAMILIES.items() if re.fullmatch(family, plain))
    return _TERMS.get(next(terms, ""), "")
