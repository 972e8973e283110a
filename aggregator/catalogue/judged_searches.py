"""How well the search does by what members judged: one score a search, and what they come to.

    what a search finds, and grades --discounted_gain--> ScoredSearch --quality_of--> figures

Pure. `run.judging` searches for what was judged; the page about the showcase and the open data say
what came of it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

READ = 10  # results: further ones do not count
SEEN_AT_ONCE = 3
ANSWERS = 2  # from this grade on a project is what was looked for
_DIGITS = 4  # of a score, so that every machine comes to the same
_SHOWN_DIGITS = 3  # of what several come to


@dataclass(frozen=True, slots=True)
class ScoredSearch:
    """What one judged search came to.

    Args:
        query: what is typed.
        kind: what sort of search it is.
        mark: tells it, as it is judged now, from all others.
        wanted: how many listed projects answer it; 0 where nothing should be found.
        score: from 0 to 1: nDCG@10, and where nothing should be found, whether nothing is.
        seen: whether an answer is among the first three; None where none is a whole answer.
    """

    query: str
    kind: str
    mark: str
    wanted: int
    score: float
    seen: bool | None


@dataclass(frozen=True, slots=True)
class KindQuality:
    """The figures of one kind of searches; `figure` is a mean of scores."""

    kind: str
    searches: int
    figure: float


@dataclass(frozen=True, slots=True)
class SearchQuality:
    """What all judged searches come to.

    Args:
        figure: the mean score of those that something answers.
        answered: how many those are.
        seen: of how many of `asked` an answer is among the first three.
        asked: how many have a whole answer.
        measured: the day of the facts with which these scores were first reached.
        kinds: the mean of every kind, the empty ones too.
        searches: each of them.
    """

    figure: float
    answered: int
    seen: int
    asked: int
    measured: date
    kinds: tuple[KindQuality, ...]
    searches: tuple[ScoredSearch, ...]


def discounted_gain(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """Give nDCG@10: 1 where the first ten are the best there are, in the best order.

    Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (2002); the
    gain of a grade is that of Burges and others (2005).

    Args:
        found: names, best first.
        grades: of each project that answers, 1 or more; where there is none, nothing should be
            found, and the figure is 1 or 0.
    """
    if not grades:
        return float(not found)
    best = _gain(sorted(grades.values(), reverse=True))
    return round(_gain([grades.get(name, 0) for name in found]) / best, _DIGITS)


def is_seen_at_once(found: Sequence[str], grades: Mapping[str, int]) -> bool | None:
    """Tell whether an answer is among the first three; None where nothing here is a whole one."""
    answers = {name for name, grade in grades.items() if grade >= ANSWERS}
    return not answers.isdisjoint(found[:SEEN_AT_ONCE]) if answers else None


def quality_of(scored: Sequence[ScoredSearch], measured: date | None) -> SearchQuality | None:
    """Sum scores up; None where nobody judged a search that something here answers."""
    answered = [each.score for each in scored if each.wanted]
    if not answered or measured is None:
        return None
    seen = [each.seen for each in scored if each.seen is not None]
    return SearchQuality(
        figure=round(fmean(answered), _SHOWN_DIGITS),
        answered=len(answered),
        seen=sum(seen),
        asked=len(seen),
        measured=measured,
        kinds=tuple(_by_kind(scored)),
        searches=tuple(scored),
    )


def _by_kind(scored: Sequence[ScoredSearch]) -> list[KindQuality]:
    scores: dict[str, list[float]] = {}
    for each in scored:
        scores.setdefault(each.kind, []).append(each.score)
    return [
        KindQuality(kind, len(held), round(fmean(held), _SHOWN_DIGITS))
        for kind, held in sorted(scores.items())
    ]


def _gain(grades: Sequence[int]) -> float:
    places = enumerate(grades[:READ], start=2)
    return math.fsum((2**grade - 1) / math.log2(at) for at, grade in places)
