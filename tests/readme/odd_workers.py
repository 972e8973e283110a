"""Stand-ins for a renderer with a bug, and for one that a README drives out of bounds."""

import os
import time

from aggregator.readme.answering import serve
from aggregator.readme.readme import Readme, ReadmeSource


def failing() -> None:
    """Serve as a worker that fails on everything in `docs/`."""
    serve(_fail_in_docs)


def greedy() -> None:
    """Serve as a worker that takes three gigabytes for what is called large."""
    serve(_take_memory)


def dying() -> None:
    """Serve as a worker that a README brings down."""
    serve(_die)


def overdone() -> None:
    """Serve as a worker that fails on whatever is drawn, in three ways."""
    serve(_draw_too_much)


def sleepy() -> None:
    """Serve as a worker that takes a minute for what is called slow."""
    serve(_sleep)


def busy() -> None:
    """Serve as a worker that has a fifth of a second, and works for ever at what is called long."""
    serve(_work, seconds=0.2)


def silent() -> None:
    """End without having said that the worker is ready."""


def _fail_in_docs(source: ReadmeSource) -> Readme:
    if source.path.startswith("docs/"):
        raise KeyError("a bug")
    return Readme(html="", text="fine")


def _take_memory(source: ReadmeSource) -> Readme:
    if source.data == b"large":
        bytearray(3 * 1024**3)
    return Readme(html="", text="good")


def _die(source: ReadmeSource) -> Readme:
    if source.data == b"deadly":
        raise SystemExit
    return Readme(html="", text="good")


def _draw_too_much(source: ReadmeSource) -> Readme:
    if source.undrawn:
        return Readme(html="", text="as written")
    if source.data == b"slow":
        time.sleep(60)
    if source.data == b"deadly":
        raise SystemExit
    raise KeyError("a bug of whoever draws")


def _sleep(source: ReadmeSource) -> Readme:
    if source.data == b"slow":
        time.sleep(60)
    return Readme(html="", text=str(os.getpid()))


def _work(source: ReadmeSource) -> Readme:
    while source.data.startswith(b"long"):
        pass
    return Readme(html="", text="good")
