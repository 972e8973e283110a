"""What a licence asks of whoever uses the work, in a few groups of words.

Which licence belongs where is what the list of ScanCode's licences says, which comes with the
library `license-expression`; here only its categories are put into words. Pure.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache

from license_expression import get_license_index

from aggregator.catalogue.licences import expression
from aggregator.catalogue.types import Project
from aggregator.words.speech import later


class LicenceTerms(StrEnum):
    """What a licence asks, from the freest to what nobody knows, as a message for a label."""

    FREE = later("No conditions")
    NOTICE = later("Keep the notice")
    SHARE_ALIKE = later("Share changes alike")
    OTHER = later("Other terms")
    NONE = later("No licence found")
    UNKNOWN = later("Not known")


# What visitors are told of each, beside its label; likewise a message.
TERMS_MEAN: Mapping[LicenceTerms, str] = {
    LicenceTerms.FREE: later("Given to everybody, such as CC0 or the Unlicense."),
    LicenceTerms.NOTICE: later(
        "Use it for anything and keep the names and the text of the licence, as with MIT, Apache, "
        "BSD, CC BY or the Open Government Licence."
    ),
    LicenceTerms.SHARE_ALIKE: later(
        "Use it for anything; what you change and pass on stays under the same licence, as with "
        "the GPL, the MPL or CC BY-SA."
    ),
    LicenceTerms.OTHER: later("A licence that has to be read first."),
    LicenceTerms.NONE: later("Nothing says that it may be reused: ask its owner first."),
    LicenceTerms.UNKNOWN: later("Nothing is known of the repository at present."),
}
_FREEST_FIRST = (
    LicenceTerms.FREE,
    LicenceTerms.NOTICE,
    LicenceTerms.SHARE_ALIKE,
    LicenceTerms.OTHER,
)
_CATEGORIES = {
    "Public Domain": LicenceTerms.FREE,
    "Permissive": LicenceTerms.NOTICE,
    "Copyleft": LicenceTerms.SHARE_ALIKE,
    "Copyleft Limited": LicenceTerms.SHARE_ALIKE,
}


def terms_of(project: Project) -> LicenceTerms:
    """Say what the licence of a project asks, or that there is none, or that nobody knows."""
    if project.facts is None:
        return LicenceTerms.UNKNOWN
    return terms_of_licence(project.licence) if project.licence else LicenceTerms.NONE


def licences_by_terms(projects: Iterable[Project]) -> Mapping[LicenceTerms, tuple[str, ...]]:
    """Name the licences that projects have, by what they ask."""
    found: dict[LicenceTerms, set[str]] = {}
    for project in projects:
        if project.licence:
            found.setdefault(terms_of(project), set()).add(project.licence_label or project.licence)
    return {terms: tuple(sorted(names)) for terms, names in found.items()}


def terms_of_licence(licence: str) -> LicenceTerms:
    """Say what a licence asks: of a choice the freest, of several together the strictest.

    Args:
        licence: an SPDX expression; any other words are terms that have to be read.
    """
    said = expression(licence)
    # A choice within brackets is rare, and then has to be read.
    if not said or "(" in said:
        return LicenceTerms.OTHER
    return min(map(_together, said.split(" OR ")), key=_FREEST_FIRST.index)


def _together(licences: str) -> LicenceTerms:
    names = (part.partition(" WITH ")[0].rstrip("+") for part in licences.split(" AND "))
    return max(
        (_by_identifier().get(name.casefold(), LicenceTerms.OTHER) for name in names),
        key=_FREEST_FIRST.index,
    )


@cache
def _by_identifier() -> Mapping[str, LicenceTerms]:
    known = ((entry["spdx_license_key"], entry["category"]) for entry in get_license_index())
    return {
        identifier.casefold(): _CATEGORIES.get(category, LicenceTerms.OTHER)
        for identifier, category in known
        if identifier
    }
