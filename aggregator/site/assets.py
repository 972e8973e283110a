"""The files that pages load: styles, scripts and the mark, under a name that changes with them.

Everything in `static/` is published below `assets/FINGERPRINT/`, so browsers may
keep it for ever and files may refer to each other by relative names. The folders
`css/site` and `js/site` are joined into one file each, in name order, so that a
page needs one request for either. Called by `theme`; reads files, writes none.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aggregator.site.colour import Accent
from aggregator.site.files import File

_BUNDLES = {"css/site/": "css/site.css", "js/site/": "js/site.js"}


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


def load_assets(folders: Sequence[Path], accent: Accent) -> Assets:
    """Read the static files of all theme folders; the first folder that has a name wins."""
    contents = dict(_bundled(_collect(folders)))
    contents["css/site.css"] = contents.get("css/site.css", b"") + _accent_css(accent)
    contents["mark.svg"] = mark_svg(accent.light)
    fingerprint = _fingerprint(contents)
    folder = f"assets/{fingerprint}"
    files = tuple(File(f"{folder}/{name}", contents[name]) for name in sorted(contents))
    return Assets(folder, files)


def mark_svg(colour: str) -> bytes:
    """Draw the mark: things of different heights, side by side on one shelf."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="7" fill="{colour}"/>'
        '<path d="M8 23V13M13.3 23V9M18.7 23v-7M24 23V11" fill="none" stroke="#fff" '
        'stroke-width="3.2" stroke-linecap="round"/></svg>\n'
    ).encode()


def _collect(folders: Sequence[Path]) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    for folder in folders:
        static = folder / "static"
        for path in sorted(static.rglob("*")):
            name = path.relative_to(static).as_posix()
            if path.is_file() and not _is_hidden(name):
                found.setdefault(name, path.read_bytes())
    return found


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _bundled(contents: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for prefix, bundle in _BUNDLES.items():
        parts = sorted(name for name in contents if name.startswith(prefix))
        if parts:
            yield bundle, _joined(contents[name] for name in parts)
    for name, data in contents.items():
        if not name.startswith(tuple(_BUNDLES)):
            yield name, data


def _joined(parts: Iterable[bytes]) -> bytes:
    return b"".join(part.replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n" for part in parts)


def _accent_css(accent: Accent) -> bytes:
    return (
        "@layer tokens{:root{"
        f"--accent-light:{accent.light};--accent-dark:{accent.dark};"
        f"--on-accent-light:{accent.on_light};--on-accent-dark:{accent.on_dark}"
        "}}\n"
    ).encode()


def _fingerprint(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(f"{name}\0{len(contents[name])}\0".encode())
        digest.update(contents[name])
    return digest.hexdigest()[:12]
