"""Turn the names of tags, languages and stages into names of folders.

Organisations bring their own slug in the registry; everything else that has a
page gets one here. Called by `assemble` and the templates; touches nothing.
"""

import re
import unicodedata

_SPELLED_OUT = {"+": " plus ", "#": " sharp ", "&": " and "}
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")
_LONGEST = 80
# Windows keeps these for devices: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(10)),
}


def slugify(name: str) -> str:
    """Make a folder name of a-z, 0-9 and hyphens: "C++" becomes "c-plus-plus".

    Names that mean the same get the same slug ("Synthetic data", "synthetic-data").
    A name without a single ASCII letter or digit is spelled in hexadecimal, so
    the result is never empty.
    """
    spelled = "".join(_SPELLED_OUT.get(character, character) for character in name)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode("ascii")
    slug = _BETWEEN_WORDS.sub("-", plain.casefold())[:_LONGEST].strip("-")
    if not slug:
        return f"x{name.encode().hex()}"[:_LONGEST]
    return f"{slug}-x" if slug in _DEVICES else slug
