"""Find the projects that are most like another one, for "Related projects" on its page.

Each project is a row of weights from the search index's own words: what is rare and strong in
both counts most, and sharing an organisation or a tag adds a little. Nothing is invented: a
project with too little in common with any other gets none. `outputs` calls this once per build.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.search import Document, Index

LEAST = 0.07  # likeness below this is chance: a shared "python" and "install"
WIDEST = 0.12  # a word that more projects than that share hold says little about any of them
SAME_OWNER = 0.03
SHARED_TAG = 0.06

Likeness = dict[int, float]


@dataclass(frozen=True, slots=True)
class Model:
    """All projects as rows of weights, and for each word who holds it."""

    keys: tuple[str, ...]
    rows: tuple[Mapping[str, float], ...]
    holders: Mapping[str, Sequence[int]]
    bonuses: tuple[Mapping[int, float], ...]


def model(index: Index) -> Model:
    """Prepare the comparison of every project with every other."""
    count = len(index.documents)
    rows: list[dict[str, float]] = [{} for _ in range(count)]
    holders: dict[str, Sequence[int]] = {}
    for key, posting in index.words.items():
        if 1 < len(posting.documents) <= max(2, count * WIDEST):
            holders[key] = posting.documents
            for number, impact in posting.items():
                rows[number][key] = impact * math.sqrt(impact) * posting.rarity
    return Model(
        keys=tuple(document.key for document in index.documents),
        rows=tuple(_unit(row) for row in rows),
        holders=holders,
        bonuses=tuple(_bonuses(index.documents)),
    )


def related(prepared: Model, key: str, limit: int = 4) -> tuple[str, ...]:
    """Give the keys of the projects most like one, the likest first, at most `limit`.

    Raises:
        ValueError: there is no project with this key.
    """
    number = prepared.keys.index(key)
    likeness: Likeness = {}
    for word, weight in prepared.rows[number].items():
        for other in prepared.holders[word]:
            likeness[other] = likeness.get(other, 0.0) + weight * prepared.rows[other][word]
    alike = {other: value for other, value in likeness.items() if value >= LEAST}
    for other, bonus in prepared.bonuses[number].items():
        if other in alike:
            alike[other] += bonus
    alike.pop(number, None)
    ranked = sorted(alike, key=lambda other: (-round(alike[other], 9), other))
    return tuple(prepared.keys[other] for other in ranked[:limit])


def _unit(row: dict[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in row.values()))
    return {key: weight / length for key, weight in row.items()} if length else {}


def _bonuses(documents: Sequence[Document]) -> Iterable[Likeness]:
    """Give, for each document, what shared organisation and tags add for others."""
    groups: dict[tuple[str, str], list[int]] = {}
    for number, document in enumerate(documents):
        for group in _groups(document):
            groups.setdefault(group, []).append(number)
    telling = {
        group: members
        for group, members in groups.items()
        if len(members) <= max(2, len(documents) * WIDEST)
    }
    for document in documents:
        bonus: Likeness = {}
        for group in sorted(_groups(document) & telling.keys()):
            worth = SHARED_TAG if group[0] == "tag" else SAME_OWNER
            for other in telling[group]:
                bonus[other] = bonus.get(other, 0.0) + worth
        yield bonus


def _groups(document: Document) -> set[tuple[str, str]]:
    tags = {("tag", tag.lower()) for tag in (*document.tags, *document.topics)}
    return tags | {("owner", (document.organisation_slug or document.owner).lower())}
