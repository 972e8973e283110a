"""The static files of a site: joined, coloured, and published where browsers may keep them.

Everything in `static/` is published below `assets/FINGERPRINT/`, so files may refer to each other
by relative names. The folders `css/site` and `js/site` are joined into one file each, in name
order, so that a page needs one request for either; the scripts that open the search are joined
with the modules that they import. Pure; called by `theme`, which reads the files.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from aggregator.site.colour import Accent
from aggregator.site.modules import joined, without_remarks
from aggregator.site.recipes import File

# The layers of css/site/10-tokens.css make the order of rules independent of that of files, so
# whatever a community adds to these folders may be joined to ours.
_BUNDLES = {"css/readme/": "css/readme.css", "css/site/": "css/site.css", "js/site/": "js/site.js"}
_OPENING_SEARCH = (
    *("search/page.js", "search/suggest.js", "palette/palette.js"),
    *("search/facets.js", "search/narrowing.js", "search/phrases.js"),
    *("search/recent.js", "search/typing.js", "search/unfound.js"),
)
# Things of different heights, side by side on one shelf.
_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="{colour}"/>'
    '<path d="M8 23V13M13.3 23V9M18.7 23v-7M24 23V11" fill="none" stroke="#fff" '
    'stroke-width="3.2" stroke-linecap="round"/></svg>\n'
)
_COLOURS = (
    "@layer tokens{{:root{{--accent-light:{light};--accent-dark:{dark};"
    "--on-accent-light:{on_light};--on-accent-dark:{on_dark}}}}}\n"
)


@dataclass(frozen=True, slots=True)
class Assets:
    """The published static files and the folder that they are in."""

    folder: str
    files: tuple[File, ...]

    def path(self, name: str) -> str:
        """Give the published path of a static file.

        Raises:
            KeyError: there is no such file, which is a mistake in a template.
        """
        path = f"{self.folder}/{name}"
        if all(file.path != path for file in self.files):
            raise KeyError(f"there is no static file {name!r}")
        return path


def assets_of(static: Mapping[str, bytes], accent: Accent) -> Assets:
    """Make what is published of static files, by their names below `static/`, and of the colour."""
    bundles = dict.fromkeys(_BUNDLES.values(), b"")
    plain = {}
    for name in sorted(static):
        bundle = next((into for prefix, into in _BUNDLES.items() if name.startswith(prefix)), None)
        if bundle:
            bundles[bundle] += static[name].replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n"
        else:
            plain[name] = static[name]
    plain |= {name: whole for name in _OPENING_SEARCH if (whole := joined(name, plain))}
    lean = {n: without_remarks(d) if n.endswith(".css") else d for n, d in bundles.items() if d}
    contents = lean | plain
    colours = _COLOURS.format(**asdict(accent))
    contents["css/site.css"] = contents.get("css/site.css", b"") + colours.encode()
    contents.setdefault("mark.svg", _MARK.format(colour=accent.light).encode())
    folder = f"assets/{fingerprint(contents)}"
    files = tuple(File(f"{folder}/{name}", contents[name]) for name in sorted(contents))
    return Assets(folder, files)


def fingerprint(contents: Mapping[str, bytes]) -> str:
    """Give twelve letters that stand for these files, their names and all that is in them."""
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(f"{name}\0{len(contents[name])}\0".encode())
        digest.update(contents[name])
    return digest.hexdigest()[:12]
