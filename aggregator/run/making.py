"""Makes the files of a site with a crew: whoever makes a page also writes it.

    files --there already--> written here ------------------.
      `----- recipes --crew--> made and written by a worker -+--> Made: path, size and sum

Pages do not travel, only what they are made from goes and what they came to returns. The folder is
one that all workers see: on this disk, on a shared one, or in object storage, as an address that
fsspec knows (extra `distributed`). `publish` calls this, and puts the folder in its place.
"""

import hashlib
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from shutil import copyfile
from typing import Protocol

from aggregator.run.site_folder import Folders
from aggregator.site.recipes import File, Finished
from aggregator.words.crew import Crew
from aggregator.words.errors import OperatorError, UsageError


@dataclass(frozen=True, slots=True)
class Made:
    """A file that stands where it should: its path, its size in bytes, and its SHA-256 in hex."""

    path: str
    size: int
    sha256: str


def make_into(files: Iterable[File], folder: Path | str, crew: Crew) -> Generator[Made, None, None]:
    """Make files and write them below a folder; gives them in their order, as they are done.

    Whoever stops before the end closes the iterator (`contextlib.closing`) before removing the
    folder: until then workers may be writing.

    Args:
        files: what to make; paths are checked by the caller.
        folder: a path, or an address of object storage such as "s3://bucket/site".
        crew: makes and writes what is not bytes already.

    Raises:
        OperatorError: workers do not write where this process sees it.
        UsageError: the address needs a library that is not there.
        OSError: the disk or the store refuses.
        Exception: what a recipe raised, with a note that names the page.
    """
    where = folder if isinstance(folder, str) and "://" in folder else str(Path(folder).absolute())
    place = _place(where)
    written: deque[Made | None] = deque()  # None where a worker's comes

    def recipes() -> Iterator[File]:
        for file in files:
            place.prepare(file.path)
            if file.recipe is bytes or isinstance(file.values, Finished):
                written.append(place.put(file))
            else:
                written.append(None)
                yield file

    for made in crew.map(partial(_make, where), recipes()):
        while (earlier := written.popleft()) is not None:
            yield earlier
        if crew.is_far:
            place.refuse_elsewhere(made)
        yield made
    yield from (made for made in written if made is not None)


def _make(folder: str, file: File) -> Made:
    """Make a file and write it; runs in a worker."""
    try:
        return _place_of_worker(folder).put(file)
    except Exception as error:
        error.add_note(f"while making {file.path}")
        raise


class _Place(Protocol):
    """Where files go."""

    def prepare(self, path: str) -> None:
        """Make the folders above a file."""

    def put(self, file: File) -> Made:
        """Make a file and write it."""

    def refuse_elsewhere(self, made: Made) -> None:
        """Raise OperatorError when a worker wrote to another place of the same name."""


def _place(folder: str) -> _Place:
    return _ObjectStore(folder) if "://" in folder else _Folder(folder)


_place_of_worker = lru_cache(maxsize=4)(_place)  # it is asked for the same one with each file


class _Folder:
    # Paths as text: a site has thousands of files, and taking paths apart takes as long as writing.
    def __init__(self, top: str) -> None:
        self._top = top
        self._folders = Folders(top)

    def prepare(self, path: str) -> None:
        self._folders.make(path.rpartition("/")[0])

    def put(self, file: File) -> Made:
        target = f"{self._top}/{file.path}"
        if isinstance(file.values, Finished):  # too large to be held
            copyfile(file.values.file, target)
            return Made(file.path, Path(target).stat().st_size, file.values.sha256)
        data = file.recipe(file.values)  # and not `.data`, which the file would keep
        try:
            with open(target, "wb") as opened:  # noqa: PTH123 - as text
                size = opened.write(data)
        except FileNotFoundError as problem:  # its folder was made by whoever leads
            raise _not_shared(self._top, file.path) from problem
        return _made(file.path, data, size)

    def refuse_elsewhere(self, made: Made) -> None:
        if not Path(self._top, made.path).is_file():
            raise _not_shared(self._top, made.path)


class _ObjectStore:
    def __init__(self, address: str) -> None:
        try:
            from fsspec.core import url_to_fs  # noqa: PLC0415 - in the extra `distributed`

            self._system, top = url_to_fs(address)
        except (ImportError, ValueError) as problem:
            raise UsageError(
                f"{address} cannot be written to",
                str(problem),
                "pip install 'community-showcase[distributed]' and what fsspec needs for such an "
                "address",
            ) from problem
        self._top = top.rstrip("/")
        self._made: set[str] = set()
        # In object storage a folder is a part of a name, and to make one costs a question.
        self._has_folders = "file" in self._system.protocol

    def prepare(self, path: str) -> None:
        parent = f"{self._top}/{path}".rpartition("/")[0]
        if self._has_folders and parent not in self._made:
            self._system.makedirs(parent, exist_ok=True)
            self._made.add(parent)

    def put(self, file: File) -> Made:
        data = file.recipe(file.values)
        self._system.pipe_file(f"{self._top}/{file.path}", data)
        return _made(file.path, data, len(data))

    def refuse_elsewhere(self, made: Made) -> None:
        """Do nothing: an address means the same everywhere."""


def _made(path: str, data: bytes, size: int) -> Made:
    return Made(path, size, hashlib.sha256(data).hexdigest())


def _not_shared(top: str, path: str) -> OperatorError:
    return OperatorError(
        f"{path} of the new site was written where this machine does not see it",
        f"{top} is not the same folder for all workers",
        "put --output onto a disk that all machines share, or choose --crew processes",
    )
