"""Work for crews in tests; workers find it here by name."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from aggregator.run.crews import open_crew


def squared(number: int) -> int:
    return number * number


def squared_slowly(number: int) -> int:
    time.sleep(0.005)
    return number * number


def process_of(_: object) -> int:
    return os.getpid()


def failing_at_seven(number: int) -> int:
    if number == 7:
        raise ValueError(f"seven: {number}")
    return number


class OddError(Exception):
    """Cannot be made from its arguments alone, so it does not travel."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other}")


def failing_oddly(_: object) -> None:
    raise OddError("this", "that")


def killed_once(given: tuple[int, Path]) -> int:
    """End the worker at the third item, the first time that it is asked."""
    number, flag = given
    if number == 3 and not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def killed_always(number: int) -> int:
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def with_a_crew_of_its_own(number: int) -> int:
    with open_crew("processes", 2) as crew:
        return sum(crew.map(squared, range(number)))


def counting(up_to: int, taken: list[int]) -> Iterator[int]:
    """Give numbers, and note down how far they were taken."""
    for number in range(up_to):
        taken.append(number)
        yield number


def ending_badly(after: int) -> Iterator[int]:
    yield from range(after)
    raise LookupError("no more items")


def process_of_slowly(_: object) -> int:
    time.sleep(0.005)
    return os.getpid()


def text_of(handle: object) -> str:
    return str(handle)


def encoded(text: str) -> bytes:
    return text.encode()


def killing_once(flag: str) -> bytes:
    """End the worker, the first time that it is asked."""
    if not Path(flag).exists():
        Path(flag).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return b"made at last"
