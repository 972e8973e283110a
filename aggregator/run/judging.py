"""Scores the search of a site by what members judged, and says when it finds less well than before.

    judgements.jsonl, files of the index --score_searches--> ScoredSearch --> Proof, page, data
                                     Proof of the last site, of this one --what_fell--> a sentence

Called by `pipeline`. Scores of the last site are in its proof, by search and judgement: only what
was judged alike is compared, so that a hard search more is no fall.
"""

from collections.abc import Iterable, Iterator, Mapping
from statistics import fmean

from aggregator.catalogue.judged_searches import (
    READ,
    ScoredSearch,
    discounted_gain,
    is_seen_at_once,
)
from aggregator.catalogue.types import Project
from aggregator.registry.judgements import JudgedQuery
from aggregator.run.proof import Proof
from aggregator.searching.engine import search
from aggregator.searching.index import Index
from aggregator.words.names import RepoName
from aggregator.words.phrases import plural


def score_searches(
    judged: Iterable[JudgedQuery], index: Mapping[str, bytes], projects: Iterable[Project]
) -> tuple[ScoredSearch, ...]:
    """Search for each judged query, as a visitor would, and score what is found.

    A project that is not listed, or no longer public, counts for nothing, as nobody could find it;
    a search that nothing answers any more is left out.

    Args:
        judged: what members wrote.
        index: the files of the index by their names below `search/index/`.
        projects: what the index was made of; a project goes by its name in the registry and by
            the one that it has today.
    """
    public = [project for project in projects if not project.standing.outcome.erases]
    names = {key.casefold(): p.repo for p in public for key in (p.listed_as, p.repo)}
    return tuple(_scored(judged, Index(index.__getitem__), names))


def _scored(
    judged: Iterable[JudgedQuery], index: Index, names: Mapping[str, str]
) -> Iterator[ScoredSearch]:
    for each in judged:
        grades = _listed(each.grades, names)
        if each.grades and not grades:
            continue
        found = [hit.key for hit in search(index, each.query, READ, own_only=True).hits]
        score, seen = discounted_gain(found, grades), is_seen_at_once(found, grades)
        yield ScoredSearch(each.query, each.kind, each.mark, len(grades), score, seen)


def _listed(grades: Mapping[RepoName, int], names: Mapping[str, str]) -> dict[str, int]:
    """Give the grades of what is listed, by its name today; of two names the better grade."""
    found: dict[str, int] = {}
    for repo, grade in grades.items():
        if name := names.get(repo.key):
            found[name] = max(grade, found.get(name, 0))
    return found


def what_fell(before: Proof | None, now: Proof, percent: int) -> str:
    """Say that the search finds less well than on the last site, where it does by more than this.

    Args:
        before: what the last site proved, its scores among it.
        now: what this one does.
        percent: how much of the mean score may go and nothing is said.
    """
    if not (before and before.searched and now.searched):
        return ""
    both = now.searched.scores.keys() & before.searched.scores.keys()
    if not both:
        return ""
    was, is_now = (
        fmean(searched.scores[mark] for mark in sorted(both))
        for searched in (before.searched, now.searched)
    )
    if was - is_now <= was * percent / 100:
        return ""
    searches = plural(len(both), "search", "searches")
    return (
        f"the search finds less well than on the last site: {is_now:.3f} of 1 over {searches} that "
        f"were judged before as well, where it was {was:.3f}: data/search-quality.json names each; "
        "see what changed of the glossary, the entries and the program"
    )
