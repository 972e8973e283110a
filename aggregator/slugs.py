"""Turn the names of tags, languages and stages into names of folders.

Organisations bring their own slug in the registry; everything else that has a
page gets one here. Called by `catalogue`; touches nothing.
"""

import re
import unicodedata
from collections.abc import Iterable

_SPELLED_OUT = {"+": " plus ", "#": " sharp ", "&": " and "}
_NOT_IN_A_SLUG = re.compile(r"[^\w]+", re.ASCII)
# Windows refuses these as file names whatever the ending:
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in "123456789"}


def slugify(name: str) -> str:
    """Make a lower-case folder name from any text: "C++" becomes "c-plus-plus".

    Returns an empty string when no letter or digit of `name` has an ASCII form.
    """
    spelled = "".join(_SPELLED_OUT.get(character, character) for character in name)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode("ascii")
    slug = _NOT_IN_A_SLUG.sub("-", plain.casefold()).strip("-_")[:80].rstrip("-_")
    return f"{slug}-" if slug in _RESERVED else slug


def unique_slugs(names: Iterable[str]) -> dict[str, str]:
    """Give each name a slug that no other name has.

    Names are taken in sorted order, so the same set gives the same slugs
    whatever order it comes in; a clash gets "-2", "-3" and so on.
    """
    slugs: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(set(names)):
        wanted = slugify(name) or "other"
        slug, n = wanted, 1
        while slug in taken:
            n += 1
            slug = f"{wanted}-{n}"
        taken.add(slug)
        slugs[name] = slug
    return slugs
