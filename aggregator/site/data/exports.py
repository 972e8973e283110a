"""The open data as files: catalogue.json with its schema, catalogue.csv, status.json.

The fields of a project and of the catalogue are declared in `export_models`, those of the last two
here. Everything is poured from the catalogue; nothing is decided.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from operator import itemgetter
from typing import Any

from pydantic import BaseModel, TypeAdapter

from aggregator.catalogue.types import Catalogue, Project, Unmade
from aggregator.facts.snapshot import Freshness
from aggregator.site.contents import LAST_RUN
from aggregator.site.data.export_models import (
    SCHEMA_VERSION,
    Count,
    ExportedCatalogue,
    ExportedFreshness,
    ExportedOrganisation,
    ExportedProject,
    Moment,
    Names,
    Text,
)
from aggregator.site.data.pouring import Exported, pour, says
from aggregator.site.frame import ToldOnce, address_of_site
from aggregator.site.recipes import File
from aggregator.words.outcomes import NamedOutcome, Outcome
from aggregator.words.wall import FAILED

# In the order of a reader, not of the JSON: what it is, whose, what is known, and where.
CSV_COLUMNS = (
    *("repo", "title", "summary", "organisation", "organisation_name", "organisation_kind"),
    *("stage", "tags", "topics", "language", "languages", "licence", "licence_source"),
    *("website", "doi", "disagreements", "stars", "pushed_at", "activity", "confirmed_at"),
    *("state", "problem", "url", "page_url", "repository_id"),
    *("people", "used_by", "story_by", "story_date", "celebrations", "talks", "does"),
)
_STATUS_VERSION = 2
_LISTS = ("organisations", "projects")  # of catalogue.json, which ends with them
# Each page that is opened reads the file, whatever goes wrong.
_MOST_TOLD = 60
# A spreadsheet runs a cell that begins with one of these:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
# Where a list is cut at semicolons, what follows one is a cell of its own, whatever the quotes say.
_FORMULA_INSIDE = re.compile(r"([;\t\r\n])(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_ANYTHING: TypeAdapter[Any] = TypeAdapter(object)  # plain values to JSON and back


def _days(fresh: Freshness, stale_after_days: int) -> list[Mapping[str, object]]:
    """Count projects by day; all days that are too old already are one, so the list stays short."""
    if fresh.newest is None:
        return []
    limit = fresh.newest - timedelta(days=stale_after_days)
    stale = [(day, count) for day, count in fresh.days if day <= limit]
    groups = [(stale[-1][0], sum(count for _, count in stale))] if stale else []
    groups += fresh.days[len(stale) :]
    return [{"at": moment, "projects": count} for moment, count in groups]


def _troubled(catalogue: Catalogue) -> list[Project | Mapping[str, object]]:
    """List whom somebody should look at: no good answer, or something to be done."""
    found = (p for p in catalogue.projects if not p.standing.outcome.answered or p.standing.cure)
    return [*found, *map(_unmade, catalogue.unmade)]


def _unmade(one: Unmade) -> Mapping[str, object]:
    return {
        "repo": one.repo,
        "page": one.page,
        "state": Outcome.UNREACHABLE,
        "state_words": FAILED,
        "problem": one.message,
        "cure": one.cure,
    }


class ExportedStanding(Exported):
    """How the last run fared with one entry that somebody should look at."""

    repo: str = says("The name that the registry gives.", "listed_as")
    page: str = says("Its page here, from the top of the site.")
    state: NamedOutcome = says("How the last look ended.", "standing.state")
    state_words: str = says("The same in words.", "standing.words.state")
    since: Moment = says("Since when it has been so, in UTC.", "standing.since")
    last_tried: Moment = says("When it was last looked at, in UTC.", "standing.last_tried")
    last_succeeded: Moment = says(
        "When GitHub last confirmed it, in UTC.", "standing.last_succeeded"
    )
    problem: Text = says("What went wrong.", "standing.message")
    cure: Text = says("What a member can do about it.", "standing.cure")


class ExportedSilence(Exported):
    """Entries about which the last run learnt nothing, of one kind."""

    state: Outcome = says("skipped: not asked; unreachable: not answered; forbidden.", "outcome")
    entries: int = says("How many they are.", "count")
    since: Moment = says("Since when the one that waits longest has waited, in UTC.")


class ExportedDay(Exported):
    """Projects whose facts were last confirmed on one day."""

    at: Moment = says("The last moment of that day at which any were, in UTC.")
    projects: int = says("How many they are.")


class ExportedAges(Exported):
    """How old facts are, in days before the last run."""

    newest: int = says("Of the project that was confirmed last.")
    middle: int = says("Half of the projects are younger.")
    tenth_oldest: int = says("Nine in ten are younger.")
    oldest: int = says("Of the project whose confirmation is longest ago.")


class ExportedProof(Exported):
    """What a night changes of the proof of a site; the rest of it is in proof.json."""

    generation: int = says("A number that rises by one with each publication.")
    confirmed: int = says("How many projects GitHub confirmed in the last run.")
    history: int = says("How many days there are in the numbers over time.")
    ages: ExportedAges = says("How old the facts are.")
    nights: int = says("For how many nights in a row something was confirmed.")


class ExportedMistake(Exported):
    """A mistake in the registry."""

    where: str = says("File, line and column.", lambda mistake: str(mistake.where))
    what: str = says("What is wrong.")
    cure: str = says("How to mend it.")
    severity: str = says("error, when something is kept off the site; hint otherwise.")


class ExportedStatus(Exported):
    """How the last run went."""

    schema_version: int = says("The version of this form; now 2.", lambda _: _STATUS_VERSION)
    fetched_at: Moment = says(
        "The end of the last run in which GitHub confirmed anything, if only one project."
    )
    freshness: ExportedFreshness = says("When the facts of all projects were confirmed.")
    confirmed: tuple[ExportedDay, ...] = says(
        "The same day by day, oldest first; what the pages warn of already counts as one day.",
        lambda c: _days(c.freshness, c.showcase.stale_after_days),
    )
    stale_after_days: int = says(
        "After how many days the pages warn of old facts.", "showcase.stale_after_days"
    )
    last_run: Moment = says("When the last run was that this site is made from.", "ran")
    stale_at: Moment = says(
        "When the pages begin to call the facts old, unless another run comes: time for an alarm.",
        lambda c: c.fetched_at and c.fetched_at + timedelta(days=c.showcase.stale_after_days),
    )
    projects: int = says("How many projects are shown.", lambda c: len(c.projects))
    confirmed_in_last_run: Count = says(
        "How many of them GitHub confirmed in the last run.",
        lambda c: c.proven.confirmed if c.proven else None,
    )
    failures: int = says(
        "About how many the last run learnt nothing, or this program failed to show.",
        lambda c: sum(silence.count for silence in c.silences) + len(c.unmade),
    )
    states: Mapping[str, int] = says(
        "How many entries there are in each state.",
        lambda c: dict(sorted(Counter(str(p.standing.state) for p in c.projects).items())),
    )
    no_answer: tuple[ExportedSilence, ...] = says(
        "Entries that the last run learnt nothing about.", "silences"
    )
    notices: Names = says("What the pages warn of at their top.")
    troubled: int = says("How many entries somebody should look at.", lambda c: len(_troubled(c)))
    entries: tuple[ExportedStanding, ...] = says(
        f"The first {_MOST_TOLD} of them; how every project stands is in catalogue.json.",
        lambda c: _troubled(c)[:_MOST_TOLD],
    )
    mistakes_count: int = says("How many mistakes are in the registry.", lambda c: len(c.mistakes))
    mistakes: tuple[ExportedMistake, ...] = says(
        f"The first {_MOST_TOLD} of them.", lambda c: c.mistakes[:_MOST_TOLD]
    )
    proof: ExportedProof | None = says(
        "What the site proved when it was held against the one before.", "proven"
    )


@dataclass(frozen=True, repr=False)
class OpenData(ToldOnce):
    """Everything that is known as it stands in catalogue.json, with a line for each value.

    Of these the files and the database are made. They are kept as JSON and not as values, which
    would take ten times the room.

    Args:
        about: what is told of the showcase.
        organisations: each of them by its slug, in the order of the site.
        projects: each of them by its name in the registry, in lower case and in the same order.
        cells: of each project the values of `CSV_COLUMNS`, as a list on a line of its own.
    """

    about: bytes
    organisations: Mapping[str, bytes]
    projects: Mapping[str, bytes]
    cells: bytes

    @cached_property
    def _told(self) -> str:
        digest = sha256(self.about)
        for listed in (self.organisations, self.projects):
            for key, told in listed.items():
                digest.update(b"\n%s\n%s" % (key.encode(), told))
        return f"OpenData({digest.hexdigest()})"


def open_data_of(catalogue: Catalogue) -> OpenData:
    """Pour what the open data tells of a catalogue."""
    address = address_of_site(catalogue.showcase)
    about = pour(ExportedCatalogue, replace(catalogue, organisations=(), projects=()), address)
    projects, cells = {}, []
    in_table = itemgetter(*CSV_COLUMNS)
    for project in catalogue.projects:
        poured = pour(ExportedProject, project, address)
        projects[project.listed_as.casefold()] = _in_list(poured)
        cells.append(_ANYTHING.dump_json(in_table(poured)))
    return OpenData(
        about=_indented({name: one for name, one in about.items() if name not in _LISTS}),
        organisations={
            one.organisation.slug: _in_list(pour(ExportedOrganisation, one, address))
            for one in catalogue.organisations
        },
        projects=projects,
        cells=b"\n".join(cells),
    )


def exports(catalogue: Catalogue, open_data: OpenData) -> Iterator[File]:
    """Make the files of open data, which really are about everything."""
    yield File("data/catalogue.json", open_data, _catalogue_json, nightly=True)
    yield File("data/catalogue.schema.json", SCHEMA_VERSION, _schema)
    yield File("data/catalogue.csv", open_data.cells, _csv, nightly=True)
    status = ExportedStatus.model_validate(pour(ExportedStatus, catalogue))
    yield File(f"data/{LAST_RUN}", status, _json, nightly=True)


def poured_catalogue(catalogue: Catalogue) -> dict[str, Any]:
    """Give what catalogue.json tells as plain values, for whoever writes no file of it."""
    return pour(ExportedCatalogue, catalogue, address_of_site(catalogue.showcase))


def catalogue_schema() -> str:
    """Write the JSON Schema of catalogue.json."""
    schema = ExportedCatalogue.model_json_schema(mode="serialization")
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(draft | schema, ensure_ascii=False, indent=1) + "\n"


def safe_cell(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula."""
    inside = _FORMULA_INSIDE.sub(r"\1'", text)
    return f"'{inside}" if text[:1] in _FORMULA else inside


def _json(exported: BaseModel) -> bytes:
    return (exported.model_dump_json(indent=1) + "\n").encode()


def _catalogue_json(open_data: OpenData) -> bytes:
    about = open_data.about.removesuffix(b"\n}")
    lists = (open_data.organisations, open_data.projects)
    told = (
        b'"%s": %s' % (name.encode(), _list(listed.values()))
        for name, listed in zip(_LISTS, lists, strict=True)
    )
    return b"%s\n}\n" % b",\n ".join((about, *told))


def _list(listed: Collection[bytes]) -> bytes:
    return b"[\n  %s\n ]" % b",\n  ".join(listed) if listed else b"[]"


def _indented(value: object) -> bytes:
    return _ANYTHING.dump_json(value, indent=1)


# What stands around the only member of a list within an object: there lists stand in the file too.
_BEFORE, _BEHIND = _indented({"": [0]}).split(b"0")


def _in_list(value: object) -> bytes:
    return _indented({"": [value]}).removeprefix(_BEFORE).removesuffix(_BEHIND)


def _schema(_version: int) -> bytes:
    return catalogue_schema().encode()


def _csv(cells: bytes) -> bytes:
    """Write a table as RFC 4180 asks, lists joined by spaces.

    The mark at its beginning tells Excel that it is UTF-8; without one it reads the code page of
    the machine: https://support.microsoft.com/office/8a935af5-3416-4edd-ba7e-3dfd2bc4a032
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for told in map(_ANYTHING.validate_json, cells.splitlines()):
        writer.writerow([safe_cell(one if isinstance(one, str) else _cell(one)) for one in told])
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    """Write a value as one cell; of a list of talks or of good news, each with a bar behind it."""
    if isinstance(value, dict):
        told = (value.get(name) for name in ("date", "what", "title", "text"))
        return " ".join(str(one) for one in told if one)
    if isinstance(value, list):
        return (" | " if any(isinstance(one, dict) for one in value) else " ").join(
            map(_cell, value)
        )
    return "" if value is None else str(value)
