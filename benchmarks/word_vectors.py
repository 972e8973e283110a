"""Make the rows of common words anew that search tells with what is near in meaning.

    python -m benchmarks.word_vectors

Needs the model of the extra `semantic` and `symspellpy`, whose list of words it takes, and two
minutes. Another processor may come to other last digits: whoever writes the file anew measures
search with it (`benchmarks/search_quality.py`) before it is committed.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aggregator.searching.meaning import LISTED, by_key
from aggregator.searching.sentence_model import vectors_of_texts
from aggregator.searching.word_vectors import FILE

LIST = "frequency_dictionary_en_82_765.txt"
WIDTH = 64  # more numbers cost bytes and measured no better
STEP = 1 / 40  # finer ones measured no better


def commonest() -> list[str]:
    """Give the commonest words, one for each that search tells apart."""
    found = find_spec("symspellpy")
    if found is None or found.origin is None:
        raise SystemExit("symspellpy is not installed, whose list of words is taken")
    text = (Path(found.origin).parent / LIST).read_text(encoding="utf-8-sig")
    listed = (line.partition(" ")[0] for line in text.splitlines())
    return sorted(by_key(listed, LISTED).values())


def narrowed(rows: NDArray[np.float32]) -> NDArray[np.int8]:
    """Take away what all rows have in common, and keep of the rest what tells most."""
    own = rows.astype(np.float64) - rows.mean(axis=0)
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    *_, directions = np.linalg.svd(own, full_matrices=False)
    told = own @ directions[:WIDTH].T
    told /= np.linalg.norm(told, axis=1, keepdims=True)
    return np.clip(np.rint(told / STEP), -127, 127).astype(np.int8)


if __name__ == "__main__":
    words = commonest()
    packed = np.frombuffer("\n".join(words).encode("ascii"), np.uint8)
    np.savez_compressed(FILE, rows=narrowed(vectors_of_texts(words)), words=packed)
    print(f"{len(words):,} words, {FILE.stat().st_size / 1e3:,.0f} kB: {FILE}")
