"""Records for tests of the catalogue."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path

from aggregator.facts.record import ReadmeText, Record
from aggregator.facts.repository import Details, Glance, ReadmeBlob, RepoFacts
from aggregator.facts.snapshot import Day, Snapshot
from aggregator.github.download import Downloaded
from aggregator.run.restore import Found, find_published, restore
from aggregator.store.export import SqlStep, write_published
from aggregator.store.store import read_snapshot
from aggregator.words.errors import AbsentError
from aggregator.words.outcomes import Outcome

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
DAY = Day(date=NOW.date(), listed=1, answering=1, archived=0, stars=3, forks=0)


def record(name: str = "Some-Owner/tool", oid: str = "a" * 40, **fields: object) -> Record:
    """Make a record with a README."""
    glance = Glance(
        repository_id=abs(hash(name)) % 10_000, name_with_owner=name, stars=3, confirmed_at=NOW
    )
    details = Details(
        topics=("health",),
        language_bytes={"R": 10},
        readme=ReadmeBlob(path="README.md", oid=oid),
        confirmed_at=NOW,
    )
    plain = Record(
        listed_as=name,
        outcome=Outcome.ACTIVE,
        since=NOW,
        first_seen=NOW,
        last_tried=NOW,
        last_succeeded=NOW,
        identity=glance.identity,
        facts=RepoFacts(glance=glance, details=details),
    )
    return plain.model_copy(update=fields)


def readme(content: bytes = b"# Tool\n", oid: str = "a" * 40) -> ReadmeText:
    """Make a README."""
    return ReadmeText(oid=oid, content=content)


def restored_from(content: bytes, database: Path, now: datetime) -> Snapshot:
    """Restore from a published file with these bytes, or raise what is wrong with it."""
    return restore(found_in(content, now), database, now)


def found_in(content: bytes, now: datetime) -> Found:
    """Look at a published file with these bytes, or raise what is wrong with it."""

    def download(url: str, _largest: int) -> Downloaded:
        if not url.endswith(".db"):
            raise AbsentError(f"{url} is not there")
        return Downloaded(content)

    found = find_published(["https://example.org/x.db"], download, now)
    if found.best is None:
        raise found.problems[0]
    return found.best


def export_catalogue(
    path: Path,
    target: Path,
    shown: Collection[str] | None = None,
    more: Iterable[SqlStep] = (),
) -> None:
    """Write the published copy of a catalogue to `target`."""
    write_published(read_snapshot(path), target, shown, more)
