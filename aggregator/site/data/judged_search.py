"""How well the search does by what members judged, as data/search-quality.json.

It changes when a score does, or what was judged, and on no other night.
"""

from collections.abc import Iterator

from aggregator.catalogue.judged_searches import SearchQuality
from aggregator.site.data.export_models import CalendarDay
from aggregator.site.data.pouring import Exported, pour, says
from aggregator.site.recipes import File

SEARCH_QUALITY = "data/search-quality.json"
_VERSION = 1


class ExportedKindQuality(Exported):
    """The judged searches of one kind."""

    kind: str = says("The kind, as it is written in judgements.jsonl.")
    searches: int = says("How many were scored.")
    figure: float = says("The mean of their scores.")


class ExportedScore(Exported):
    """One judged search."""

    query: str = says("What is typed.")
    kind: str = says("What kind of search it is.")
    wanted: int = says(
        "How many projects answer it that are listed here; 0 where nothing should be found."
    )
    score: float = says(
        "nDCG@10 of what is found, from 0 to 1; where nothing should be found, 1 when nothing is."
    )
    seen: bool | None = says(
        "Whether a project of grade 2 or 3 is among the first three results; null where none is."
    )


class ExportedSearchQuality(Exported):
    """What all judged searches come to."""

    schema_version: int = says("The version of this form; now 1.", lambda _: _VERSION)
    figure: float = says("The mean score of the searches that something here answers.")
    answered: int = says("How many those are.")
    seen: int = says("Of how many an answer is among the first three results.")
    asked: int = says("How many have an answer of grade 2 or 3.")
    measured: CalendarDay = says("The day of the facts with which these scores were reached first.")
    kinds: tuple[ExportedKindQuality, ...] = says("The same for each kind of searches.")
    searches: tuple[ExportedScore, ...] = says("Each search, in the order of judgements.jsonl.")


def quality_file(quality: SearchQuality | None) -> Iterator[File]:
    """Make the file, where members judged anything."""
    if quality:
        yield File(SEARCH_QUALITY, quality, _json)


def _json(quality: SearchQuality) -> bytes:
    exported = ExportedSearchQuality.model_validate(pour(ExportedSearchQuality, quality))
    return (exported.model_dump_json(indent=1) + "\n").encode()
