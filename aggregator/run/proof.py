"""What a published site showed, in numbers and by name, so that the next can be held against it.

Kept whole beside the catalogue; `guard` compares two of them before anything is replaced. With
the site it is published in two files, so that a night without news changes one of them alone:
what changes every night in `data/status.json`, and all the rest in `data/proof.json`. Pure.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from math import ceil

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from aggregator.catalogue.types import Ages, Catalogue, Project, Proven
from aggregator.facts.base import NameWithOwner
from aggregator.facts.snapshot import Snapshot
from aggregator.run.clock import TOLERANCE
from aggregator.words.errors import StateError

_BLOB_DIGITS = 12
# A nightly job drifts by an hour or two; one and a half days without news is a night missed.
_ONE_NIGHT = timedelta(hours=36)


class _Stored(BaseModel):
    """Frozen, and ignoring what a newer version may have added."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Shown(_Stored):
    """What the site showed of one project."""

    listed_as: NameWithOwner
    repository_id: int | None = None
    facts: bool = False
    readme: str | None = None  # the first digits of the git blob whose rendering was shown
    summary: str | None = None  # whose words it was


class Searched(_Stored):
    """What the search of a site was worth by what its members judged."""

    measured: date  # of the facts with which these very scores were reached first
    scores: Mapping[str, float]  # by the mark of a judged search


class Proof(_Stored):
    """What one published site held."""

    version: int = 1
    community: str | None = None
    repository_id: int | None = None
    generation: int = Field(default=1, ge=0)  # rises by one with each publication
    renderer: str = ""
    fetched_at: datetime | None = None
    projects: int = 0
    with_facts: int = 0
    with_readme: int = 0
    with_summary: int = 0
    tombstones: int = 0
    identities: int = 0
    confirmed: int = 0  # in the last run, which may have confirmed nothing
    history: int = 0  # days in the numbers over time
    changes: int = 0  # lines in the change log
    ages: Ages = Ages()
    nights: int = 0  # without a gap
    lossless_since: date | None = None
    searched: Searched | None = None
    shown: Mapping[str, Shown] = Field(default_factory=dict)  # by key of the entry

    def text(self) -> str:
        """Write all of it: the same proof gives the same bytes."""
        return self.model_dump_json(exclude_none=True, indent=1) + "\n"

    def lasting_text(self) -> str:
        """Write what a night without news leaves as it is; `read_proof` joins it with the rest."""
        return self.model_dump_json(exclude_none=True, exclude=set(_OF_ONE_NIGHT), indent=1) + "\n"

    @property
    def proven(self) -> Proven:
        """Give what the status page says of it."""
        return Proven(
            generation=self.generation,
            confirmed=self.confirmed,
            projects=self.projects,
            history=self.history,
            ages=self.ages,
            nights=self.nights,
            lossless_since=self.lossless_since,
            searched_on=self.searched.measured if self.searched else None,
        )


# What each night changes, also one without news.
_OF_ONE_NIGHT = frozenset({"generation", "fetched_at", "confirmed", "history", "ages", "nights"})


def read_proof(
    content: bytes, where: str, now: datetime | None = None, last_run: bytes | None = None
) -> Proof:
    """Read a proof from a disk or from the network; raises StateError when it is none.

    Args:
        content: `proof.json`, whole or as it is published.
        where: what to call it in an error.
        now: what a clock that ran ahead of it wrote is taken out.
        last_run: the `status.json` that was published with it, if there is one. What a proof
            says itself, as those of earlier versions do, counts more.
    """
    try:
        proof = Proof.model_validate_json(content)
        if last_run is not None:
            own = {name: getattr(proof, name) for name in proof.model_fields_set}
            proof = Proof.model_validate({**_night_of(last_run), **own})
    except ValidationError as error:
        raise StateError(
            f"{where} is not the proof of a site",
            str(error.errors()[0]["msg"]),
            "nothing was changed; bring the file back, or take it away and say --accept-losses",
        ) from error
    if now is None or proof.fetched_at is None or proof.fetched_at <= now + TOLERANCE:
        return proof
    since = min(proof.lossless_since or now.date(), now.date())
    unknown = {"fetched_at": None, "history": 0, "changes": 0, "nights": 0}
    return proof.model_copy(update={**unknown, "lossless_since": since})


def _night_of(last_run: bytes) -> Mapping[str, object]:
    """Take from `status.json` what a proof says of one night; nothing where it is broken.

    Without it the lasting half is still a proof, that of a first night.
    """
    try:
        told = from_json(last_run)  # unlike `json`, it survives nesting without end
    except ValueError:
        return {}
    proof = told.get("proof") if isinstance(told, dict) else None
    found = {**proof, "fetched_at": told.get("fetched_at")} if isinstance(proof, dict) else {}
    return {name: found[name] for name in _OF_ONE_NIGHT if found.get(name) is not None}


def newest(proofs: Iterable[Proof]) -> Proof | None:
    """Choose the proof of the latest publication."""
    return max(
        proofs,
        key=lambda p: (p.generation, p.fetched_at.timestamp() if p.fetched_at else 0.0),
        default=None,
    )


def made_from(
    catalogue: Catalogue,
    snapshot: Snapshot,
    previous: Proof | None = None,
    renderer: str = "",
    faulty: frozenset[str] = frozenset(),
) -> Proof:
    """Draw up the proof of a site; making the same site again gives the same proof.

    Of `faulty` projects, which this program failed to show, nothing is lost: what was shown of
    them last is to be shown again when the program is mended.
    """
    before = previous or Proof(generation=0)
    at, projects = snapshot.fetched_at, catalogue.projects
    ran = catalogue.ran
    shown = {project.key: _shown(project, snapshot) for project in projects}
    shown |= {key: one for key, one in before.shown.items() if key in faulty}
    proof = Proof(
        community=catalogue.showcase.identity or snapshot.community,
        repository_id=snapshot.repository_id,
        generation=before.generation,
        renderer=renderer,
        fetched_at=at,
        projects=len(projects),
        with_facts=sum(one.facts for one in shown.values()),
        with_readme=sum(one.readme is not None for one in shown.values()),
        with_summary=sum(one.summary is not None for one in shown.values()),
        tombstones=sum(p.facts is None and p.standing.outcome.erases for p in projects),
        identities=sum(one.repository_id is not None for one in shown.values()),
        confirmed=sum(ran is not None and p.standing.last_succeeded == ran for p in projects),
        history=len(snapshot.history),
        changes=len(snapshot.changes),
        ages=_ages(catalogue, ran),
        nights=_nights(before, at),
        lossless_since=before.lossless_since or (at.date() if at else None),
        searched=_searched(catalogue, before.searched, at),
        shown=dict(sorted(shown.items())),
    )
    if proof == previous:
        return proof
    return proof.model_copy(update={"generation": before.generation + 1})


def _shown(project: Project, snapshot: Snapshot) -> Shown:
    record = snapshot.record(project.listed_as)
    blob = record.readme if record and project.readme else None
    return Shown(
        listed_as=project.listed_as,
        repository_id=record.repository_id if record else None,
        facts=project.facts is not None,
        readme=blob.oid[:_BLOB_DIGITS] if blob else None,
        summary=project.summary.source if project.summary else None,
    )


def _searched(
    catalogue: Catalogue, before: Searched | None, at: datetime | None
) -> Searched | None:
    """Note the scores of the search; the same ones keep their day, so no night alone changes it."""
    if not catalogue.judged or at is None:
        return None
    scores = {each.mark: each.score for each in catalogue.judged}
    if before and before.scores == scores and before.measured <= at.date():
        return before
    return Searched(measured=at.date(), scores=dict(sorted(scores.items())))


def _ages(catalogue: Catalogue, at: datetime | None) -> Ages:
    dates = (p.facts.glance.confirmed_at for p in catalogue.projects if p.facts)
    days = sorted(max(0, (at - when).days) for when in dates) if at else []
    if not days:
        return Ages()
    middle, tenth = (days[ceil(len(days) * share) - 1] for share in (0.5, 0.9))
    return Ages(newest=days[0], middle=middle, tenth_oldest=tenth, oldest=days[-1])


def _nights(before: Proof, at: datetime | None) -> int:
    """Count the nights in a row up to `at`; a second run on one day does not add to them."""
    if at is None or before.fetched_at is None:
        return 0 if at is None else 1
    days = (at.date() - before.fetched_at.date()).days
    if days <= 0:
        return before.nights
    return before.nights + 1 if days == 1 or at - before.fetched_at <= _ONE_NIGHT else 1
