"""The memo of READMEs: what every night reads of each in one row, what only pages read apart.

    key of the source -> excerpt, headings, image, notes, names of the large texts
    name of a text    -> its HTML or its words, which only a handle (`kept`) ever reads
    key of what is read -> why it is never rendered: it took too long

The memo is that of one program: it forgets all when the code that renders, a library that it calls
or Python itself is another, so that what is remembered is what would be rendered now.
"""

import json
import platform
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from aggregator.readme.kept import KeptText, digest_of, encoded
from aggregator.readme.readme import RENDERER_VERSION, Readme
from aggregator.store.disk_memo import DiskMemo, key_of, open_memo
from aggregator.words.errors import LostTextError

# Shorter texts are carried as they are: a name for them would be hardly smaller.
_SHORT = 400  # characters
_FOUND_AT_ONCE = 500  # rows of a few kB in memory
_TEXTS = ("html", "text", "beginning")
_NAMED = "kept"  # in the place of a text that has a row of its own
_LIBRARIES = (
    *("cmarkgfm", "docutils", "latex2mathml", "mermaid-render", "nh3", "py3langid", "pygments"),
    *("quickjs-ng", "turbohtml"),
)


class ReadmeMemo:
    """Rendered READMEs by the keys of their sources; made by `open_readmes`."""

    def __init__(self, memo: DiskMemo, file: Path, *, thorough: bool) -> None:
        self._memo = memo
        self._file = file
        self._thorough = thorough

    def find_all(self, keys: Iterable[str]) -> dict[str, Readme]:
        """Give what was kept by key, large texts by handle; what is not there must be rendered."""
        found: dict[str, Readme] = {}
        waiting = iter(keys)
        while some := list(islice(waiting, _FOUND_AT_ONCE)):
            rows = self._memo.get_all(some)
            readmes = {key: readme for key, row in rows.items() if (readme := self._read(row))}
            names = [text.name for readme in readmes.values() for text in _kept_texts(readme)]
            held = self._memo.held(names)
            found |= {key: one for key, one in readmes.items() if self._is_whole(one, held)}
        return found

    def _read(self, row: bytes) -> Readme | None:
        try:
            return self._made(json.loads(row))
        except (ValueError, KeyError, TypeError, AttributeError):  # damaged
            return None

    def refused(self, keys: Collection[str]) -> dict[str, str]:
        """Give why READMEs are not to be tried again, by the key of what is read."""
        return {key: row.decode() for key, row in self._memo.get_all(keys).items()}

    def refuse(self, key: str, reason: str) -> None:
        """Remember that what is read under a key is not to be tried again, and why."""
        self._memo.put_all({key: reason.encode()})

    def keep(self, found: Mapping[str, Mapping[str, Any]]) -> dict[str, Readme]:
        """Keep READMEs that were rendered: their fields (`Readme.to_fields`) by key of the source.

        Returns:
            The READMEs, with handles in place of large texts where they could be kept.
        """
        rows, parts = dict[str, bytes](), dict[str, dict[str, Any]]()
        for key, fields in found.items():
            large = {name: fields[name] for name in _TEXTS if len(fields[name]) > _SHORT}
            named = {name: digest_of(text) for name, text in large.items()}
            rows |= {named[name]: encoded(text) for name, text in large.items()}
            parts[key] = {**fields, **{name: {_NAMED: digest} for name, digest in named.items()}}
        rows |= {key: json.dumps(part).encode() for key, part in parts.items()}
        is_kept = self._memo.put_all(rows)
        return {key: self._made(part if is_kept else found[key]) for key, part in parts.items()}

    def _made(self, fields: Mapping[str, Any]) -> Readme:
        return Readme.from_fields(
            {**fields, **{name: self._handle(fields[name]) for name in _TEXTS}}
        )

    def _handle(self, told: Any) -> KeptText | str:
        return told if isinstance(told, str) else KeptText(str(told[_NAMED]), self._file)

    def _is_whole(self, readme: Readme, held: Set[str]) -> bool:
        """Tell whether the large texts are there; only a `thorough` look reads them."""
        kept = _kept_texts(readme)
        if not all(text.name in held for text in kept):
            return False
        try:
            for text in kept if self._thorough else ():
                str(text)
        except LostTextError:
            return False
        return True


def _kept_texts(readme: Readme) -> list[KeptText]:
    return [text for name in _TEXTS if isinstance(text := getattr(readme, name), KeptText)]


@contextmanager
def open_readmes(folder: Path, *, thorough: bool = False) -> Iterator[ReadmeMemo]:
    """Give the memo of a folder; what nobody asked for in the block is erased after it.

    Args:
        folder: where caches are kept; made when it is absent.
        thorough: whether to read every text before it counts as kept: when one was lost.
    """
    file = folder / "readmes.sqlite"
    with open_memo(file, renderer_version()) as memo:
        yield ReadmeMemo(memo, file, thorough=thorough)


@cache
def renderer_version() -> str:
    """Name all that the HTML of a README hangs on beside the README."""
    rooms = (Path(__file__).parent, Path(__file__).parent.parent / "words")
    sources = sorted(path for room in rooms for path in room.iterdir() if path.is_file())
    libraries = (version(name) for name in _LIBRARIES)
    code = (path.read_bytes() for path in sources)
    return key_of(RENDERER_VERSION, platform.python_version(), *libraries, *code)
