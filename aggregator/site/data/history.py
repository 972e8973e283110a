"""The numbers over time as files: data/history.csv and data/history.json.

One line for each day on which a run ended, up to the last Sunday before the last run; the days
since stand in catalogue.db. What is not known is empty, and a day without a run has no line.
"""

import csv
import io
from collections.abc import Iterator

from aggregator.catalogue.growth import Growth
from aggregator.facts.snapshot import Day
from aggregator.site.data.export_models import CalendarDay, Count
from aggregator.site.data.pouring import Exported, pour, says
from aggregator.site.recipes import File

# Without it a spreadsheet takes UTF-8 for the encoding of its own country.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_VERSION = 1


class ExportedMeasurement(Exported):
    """The whole showcase at the last run of one day."""

    date: CalendarDay = says("The day (UTC).")
    listed: int = says("Projects that were listed.")
    answering: int = says("Those about which GitHub gave an answer.")
    archived: int = says("Those that were read-only.")
    stars: int = says("Their stars together; no page ranks by them.")
    forks: int = says("Their forks together.")
    open_issues: Count = says("Their open issues together; empty where none are known.")
    good_first_issues: Count = says(
        "Their open issues for newcomers together; empty where none are known."
    )


class ExportedHistory(Exported):
    """The numbers of the showcase over time."""

    schema_version: int = says("The version of this form; now 1.", lambda _: _VERSION)
    since: CalendarDay = says("The first day that was ever measured.")
    missed: int = says("How many days between the first and the last line had no run.")
    days: tuple[ExportedMeasurement, ...] = says("One for each day on which a run ended.")


def history_files(growth: Growth) -> Iterator[File]:
    """Make the files of the numbers over time."""
    yield File("data/history.csv", growth.days, _csv)
    yield File("data/history.json", growth, _json)


def _csv(days: tuple[Day, ...]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(ExportedMeasurement.model_fields)
    for day in days:
        poured = pour(ExportedMeasurement, day)
        writer.writerow(["" if value is None else value for value in poured.values()])
    return BYTE_ORDER_MARK + buffer.getvalue().encode()


def _json(growth: Growth) -> bytes:
    history = ExportedHistory.model_validate(pour(ExportedHistory, growth))
    return (history.model_dump_json(indent=1) + "\n").encode()
