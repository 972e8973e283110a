"""A crew on other machines: the workers of a Dask cluster (extra `distributed`).

    chunk --submit--> scheduler --> a worker, which runs this very version, one chunk at a time
                          `-- died --> another worker (Dask's own doing) --> at last item by item

The scheduler and its workers are started by whoever runs them (docs/cluster.md). Workers read and
write the folders of the showcase, so those are where all of them see them.
"""

import hashlib
import platform
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from aggregator import __version__
from aggregator.readme.kept import carried_along
from aggregator.run.chunks import Done, one_by_one, packed, spread, work
from aggregator.words.errors import OperatorError, UsageError

if TYPE_CHECKING:
    from distributed import Client, Future

GivenT = TypeVar("GivenT")
MadeT = TypeVar("MadeT")

_ANSWER = 10.0  # seconds for the scheduler to answer, and for the first worker to be there
_LOOK = 5.0  # seconds between two looks at whether anybody is still at work
_GRACE = 5.0  # seconds for workers to finish what nobody wants any more
_ABANDONED = 60.0  # seconds without any worker after which nobody is waited for
_NAME = re.compile(r"[\w.-]+")  # of a library, at the start of the line that asks for it
_PACKAGE = Path(__file__).resolve().parent.parent
_START = "start one with `dask worker ADDRESS --nthreads 1` where this version is installed"


class DaskCrew:
    """Works with the workers of a cluster, in chunks; made by `open_cluster`."""

    is_far: ClassVar[bool] = True

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._threads = 1
        self._counted_at = -_LOOK

    def map(
        self, function: Callable[[GivenT], MadeT], items: Iterable[GivenT], /
    ) -> Iterator[MadeT]:
        """Do one thing with each item: a `Mapper`.

        Raises:
            OperatorError: the cluster is gone, or an item let its worker die again and again.
            Exception: what the function or the items raised, in its place.
        """
        under_way: list[Future] = []
        try:
            send = partial(self._send, under_way)
            yield from spread(function, items, send, self._ahead, _packed_whole)
        finally:
            self._forget(under_way)

    def _forget(self, futures: list["Future"]) -> None:
        """Leave what nobody wants any more, mostly when no worker is at it, so none can write."""
        from distributed import wait  # noqa: PLC0415 - in the extra

        if futures:
            with suppress(Exception):  # the cluster may be gone, which is told already
                wait(futures, timeout=_GRACE)
            with suppress(Exception):
                self._client.cancel(futures, force=True)

    def _ahead(self) -> int:
        """Give two chunks to each thread; workers come and go while a build is on."""
        if perf_counter() - self._counted_at >= _LOOK:
            self._threads = max(1, sum(self._workers().values()))
            self._counted_at = perf_counter()
        return 2 * self._threads + 2

    def _workers(self) -> dict[str, int]:
        """Give the threads of each worker, by its address."""
        try:
            return dict(self._client.nthreads())
        except Exception as problem:  # Dask has a dozen kinds for a scheduler that is gone
            raise _gone(problem) from problem

    def _send(self, under_way: list["Future"], chunk: bytes) -> Callable[[], Done]:
        future = self._begin(chunk)
        under_way.append(future)

        def result() -> Done:
            done = self._result(future, chunk)
            under_way.remove(future)
            return done

        return result

    def _begin(self, chunk: bytes) -> "Future":
        # Not pure: a result is never taken from an earlier build that this one knows nothing of.
        try:
            return self._client.submit(work_alike, chunk, code_print(), pure=False)
        except Exception as problem:
            raise _gone(problem) from problem

    def _result(self, future: "Future", chunk: bytes) -> Done:
        done = self._patiently(future)
        return done or one_by_one(chunk, lambda piece: self._patiently(self._begin(piece)))

    def _patiently(self, future: "Future") -> Done | None:
        """Wait for a result for as long as anybody may still give it; None when workers died of it.

        Dask itself gives the work of a dead worker to others, three times.
        """
        from distributed import KilledWorker  # noqa: PLC0415 - in the extra

        alone = 0.0
        while True:
            try:
                done = future.result(timeout=_LOOK)
            except TimeoutError:
                alone = 0.0 if self._workers() else alone + _LOOK
                if alone >= _ABANDONED:
                    raise _gone("no worker is left, and none came back for a minute") from None
                continue
            except KilledWorker:
                return None
            except OperatorError:  # what `work_alike` refuses
                raise
            except Exception as problem:
                raise _gone(problem) from problem
            if isinstance(done, Done):
                return done
            raise _gone(f"a worker gave {type(done).__name__}")


def _packed_whole(function: Callable[[Any], Any], items: list[Any]) -> bytes:
    """Make a chunk that takes the texts along which items name: our folders are not theirs."""
    with carried_along():
        return packed(function, items)


def _gone(problem: object) -> OperatorError:
    told = f"{type(problem).__name__}: {problem}" if isinstance(problem, Exception) else problem
    return OperatorError(
        "the Dask cluster does not work any more",
        " ".join(str(told).split()),  # in one line
        "see what its scheduler and workers say, or build without --crew dask; the old site is "
        "untouched",
    )


@contextmanager
def open_cluster(scheduler: str | None) -> Iterator[DaskCrew]:
    """Give a crew of the workers of a Dask cluster.

    Args:
        scheduler: its address, such as "tcp://10.0.0.5:8786".

    Raises:
        UsageError: no address is given, the extra is not installed, nobody answers at the address,
            or a worker runs another version.
    """
    if not scheduler:
        raise UsageError(
            "--crew dask needs to know where the cluster is",
            "no scheduler is named",
            "start one with `dask scheduler` and add --scheduler ADDRESS",
        )
    try:
        import distributed  # noqa: PLC0415 - in the extra
    except ImportError as problem:
        raise UsageError(
            "--crew dask cannot be used",
            "Dask is not installed",
            "pip install 'community-showcase[distributed]', or choose --crew processes",
        ) from problem
    try:
        # A client that was given no address at all would try to say good-bye for 20 seconds.
        way, place = distributed.comm.parse_address(scheduler)
        distributed.comm.registry.get_backend(way)
        if way in {"tcp", "tls"}:
            distributed.comm.parse_host_port(place)
        client = distributed.Client(scheduler, timeout=_ANSWER, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as problem:
        raise UsageError(
            f"no Dask scheduler answers at {scheduler}",
            str(problem) or type(problem).__name__,
            "mend --scheduler, or start one with `dask scheduler`",
        ) from problem
    with client:
        _refuse_others(client, scheduler)
        yield DaskCrew(client)


def _refuse_others(client: "Client", scheduler: str) -> None:
    """Let nobody begin whose pages could differ; who comes later is refused by `work_alike`."""
    try:
        client.wait_for_workers(1, timeout=_ANSWER)
    except TimeoutError as problem:
        raise UsageError(f"{scheduler} has no workers", "none has joined it", _START) from problem
    told = client.run(code_print, on_error="return")
    wrong = {worker: print_ for worker, print_ in told.items() if print_ != code_print()}
    for worker, print_ in sorted(wrong.items()):
        raise _other_version(worker, print_)


def _other_version(worker: str, print_: object) -> UsageError:
    runs = f"it runs {print_}" if isinstance(print_, str) else f"it cannot run it: {print_!r}"
    return UsageError(
        f"the worker {worker} has another version than this program",
        f"{runs}; here it is {code_print()}",
        "install the same version of Python, aggregator and its libraries everywhere, and start "
        "the worker again",
    )


@cache
def code_print() -> str:
    """Name what makes the bytes of a site: this program and its libraries, down to each file."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(_PACKAGE).as_posix()}\0".encode())
            digest.update(path.read_bytes() + b"\0")
    return f"{__version__}/{digest.hexdigest()[:12]} with {_libraries()}"


def _libraries() -> str:
    """Name Python and the versions of all libraries of ours, in short."""
    try:
        wanted = metadata.requires("aggregator") or []
    except metadata.PackageNotFoundError:  # run from its folder
        wanted = []
    named = (_NAME.match(line) for line in wanted if "extra ==" not in line)
    digest = hashlib.sha256()
    for name in sorted({found[0] for found in named if found}):
        digest.update(f"{name}={metadata.version(name)}\n".encode())
    python = ".".join(platform.python_version_tuple()[:2])
    return f"Python {python} and libraries {digest.hexdigest()[:8]}"


# One thread for all chunks that a worker is given, however many threads it has: what rooms keep
# for a process, such as a memo that is open, belongs to the thread that opened it.
_DESK = ThreadPoolExecutor(1)


def work_alike(chunk: bytes, code: str) -> Done:
    """Do a chunk of work, unless it was made by another version; runs in a worker."""
    if code != code_print():
        raise _other_version("that was given a piece of this build", code_print())
    return _DESK.submit(work, chunk).result()
