"""Lead from who or what does something to what is done: `parser` to `parsing`, `scheduler` back.

Taking `er` off every word would make one of `number` and `numb`, so only what stands in this
catalogue in both forms is joined, and weakly, as a line of the glossary is.
"""

from collections.abc import Iterator, Mapping

from aggregator.search.index import Posting

MOST = 400  # pairs, those of the words that most projects hold
SHORTEST = 4  # letters of what is done
FEWEST = 2  # projects that hold it: a slip or a foreign word stands alone


def doers(words: Mapping[str, Posting]) -> dict[str, tuple[str, ...]]:
    """Give for each word of such a pair the other, like a glossary that was read."""
    pairs = [(word, done) for word in words for done in _done(word, words)]
    pairs.sort(key=lambda pair: (-len(words[pair[0]].documents), pair))
    found: dict[str, list[str]] = {}
    for word, done in pairs[:MOST]:
        found.setdefault(word, []).append(done)
        found.setdefault(done, []).append(word)
    return {word: tuple(others) for word, others in sorted(found.items())}


def _done(word: str, words: Mapping[str, Posting]) -> Iterator[str]:
    """Give what the doer does: `scrap` for `scraper`, `plan` for `planner`."""
    root = word.removesuffix("er")
    if root == word or not word.isalpha():
        return
    for done in (root, root[:-1] if root[-2:-1] == root[-1:] else root):
        if len(done) >= SHORTEST and done in words and len(words[done].documents) >= FEWEST:
            yield done
            return
