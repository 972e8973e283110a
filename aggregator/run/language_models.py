"""Who tells a build what is near in meaning, and what was told, kept from one build to the next.

The registry says which are wanted, and extras install them. Without one, rows of words that come
with the program tell the search what is near in meaning.
`searching` knows what to ask a model and what to make of its answers.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aggregator.registry.registry import Registry
from aggregator.searching.columns import Corpus
from aggregator.searching.meaning import (
    Near,
    Reader,
    listed_words,
    near_in_meaning,
    sentence_reader,
    word_reader,
)
from aggregator.searching.related import Embedder, packaged_model
from aggregator.store.disk_memo import open_memo
from aggregator.words.crew import Crew, Mapper


@dataclass(frozen=True, slots=True)
class Models:
    """What tells meaning in one build.

    Args:
        embedder: looks again at related projects.
        reader: tells the search what is near to a word.
        listed: the words that it is told of.
        mapped: reads projects for the search.
    """

    embedder: Embedder | None
    reader: Reader | None
    listed: Mapping[str, str]
    mapped: Mapper = map

    def near(self, corpus: Corpus, kept: Path) -> Near | None:
        """Tell what is near in meaning to each listed word; the file `kept` spares reading again.

        None where nobody is to be asked; then nothing that was told stays.
        """
        if not self.reader:
            forget(kept)
            return None
        with open_memo(kept, self.reader.version) as memo:
            documents = corpus.documents
            return near_in_meaning(documents, self.listed, self.reader, memo, self.mapped)


def models_for(registry: Registry, crew: Crew | None = None) -> Models:
    """Give the models that a registry asks for, as far as they are installed, and else the rows."""
    showcase = registry.showcase
    embedder = packaged_model() if showcase.related == "semantic" else None
    if showcase.meaning == "off":
        return Models(embedder, None, {})
    reader = sentence_reader() or word_reader()
    near_by = crew and not crew.is_far  # machines far away may have no model
    return Models(embedder, reader, listed_words(), crew.map if crew and near_by else map)


def forget(kept: Path) -> None:
    """Delete what was told: whoever turned it off wants no trace kept."""
    with suppress(OSError):  # a cache that may not be written to costs time alone
        kept.unlink()
