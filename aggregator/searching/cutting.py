"""Cuts keys that stand in order into files, so that a new key moves no edge but its own.

A hash of each key decides whether a file may begin with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Cut:
    """Where keys are cut into files.

    Args:
        least: characters of a file before the next may begin.
        most: characters that it never goes beyond, but for a single longer key.
        one_in: of so many keys, one may begin a file.
    """

    least: int
    most: int
    one_in: int


def cut_into_files(sized: Iterable[tuple[str, int]], cut: Cut) -> list[list[str]]:
    """Give the keys of each file; there is always one.

    Args:
        sized: keys in a browser's order, each with how many characters a file needs for it. Of
            equal keys, which stand in one file, only the first may begin it.
        cut: how large files are.
    """
    files: list[list[str]] = [[]]
    filled = 0
    for key, size in sized:
        may = filled >= cut.least and crc32(key.encode("utf-8", "replace")) % cut.one_in == 0
        if files[-1] and files[-1][-1] != key and (may or filled + size > cut.most):
            files.append([])
            filled = 0
        files[-1].append(key)
        filled += size
    return files


def starts_of(files: Sequence[Sequence[str]]) -> list[str]:
    """Give where each file begins, as short as tells it from the key before."""
    starts = [""]
    for before, keys in pairwise(files):
        last, first = before[-1], keys[0]
        length = next(n for n in range(1, len(first) + 1) if first[:n] != last[:n])
        starts.append(first[:length])
    return starts
