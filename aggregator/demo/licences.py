"""The licences that the sandbox can name, as GitHub names them.

Only the names and the first lines: enough for a showcase, no substitute for the licence itself.
"""

from dataclasses import dataclass

_NAMES = {
    "AGPL-3.0": "GNU Affero General Public License v3.0",
    "Apache-2.0": "Apache License 2.0",
    "BSD-2-Clause": 'BSD 2-Clause "Simplified" License',
    "BSD-3-Clause": 'BSD 3-Clause "New" or "Revised" License',
    "CC0-1.0": "Creative Commons Zero v1.0 Universal",
    "CC-BY-4.0": "Creative Commons Attribution 4.0 International",
    "EUPL-1.2": "European Union Public License 1.2",
    "GPL-2.0": "GNU General Public License v2.0",
    "GPL-3.0": "GNU General Public License v3.0",
    "ISC": "ISC License",
    "LGPL-3.0": "GNU Lesser General Public License v3.0",
    "MIT": "MIT License",
    "MPL-2.0": "Mozilla Public License 2.0",
    "OGL-UK-3.0": "Open Government Licence v3.0",
    "Unlicense": "The Unlicense",
}


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as GitHub reports it: `NOASSERTION` when the file matches no known text."""

    spdx: str
    name: str

    @property
    def key(self) -> str:
        """Give GitHub's lower-case key."""
        return "other" if self.spdx == "NOASSERTION" else self.spdx.lower()

    @property
    def url(self) -> str | None:
        """Give the path of the licence in the REST API, or None for an unknown text."""
        return None if self.spdx == "NOASSERTION" else f"/licenses/{self.key}"

    @property
    def nickname(self) -> str | None:
        """Give the short name that GitHub uses for the GNU family."""
        short = self.name.removesuffix(".0").rpartition(" ")[2]
        return f"GNU {self.spdx.split('-')[0]}{short}" if self.name.startswith("GNU") else None


def licence_named(spdx: str | None) -> Licence | None:
    """Give the licence of an SPDX identifier, None for none.

    GitHub drops the `-only` and `-or-later` of newer SPDX identifiers.
    """
    if spdx is None:
        return None
    short = spdx.removesuffix("-only").removesuffix("-or-later")
    name = "Other" if short == "NOASSERTION" else _NAMES.get(short, short)
    return Licence(short, name)


def licence_text(spdx: str, holder: str, year: str) -> bytes:
    """Write a LICENSE file that names the licence and its holder."""
    licence = licence_named(spdx) or Licence(spdx, spdx)
    where = f"https://spdx.org/licenses/{spdx}.html"
    return f"{licence.name}\n\nCopyright (c) {year} {holder}\n\nFull text: {where}\n".encode()
