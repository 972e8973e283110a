"""What to keep when an answer comes in: the last good facts, unless they may not be kept. Pure."""

from collections.abc import Sequence
from datetime import datetime

from aggregator.facts.record import Observation, Record
from aggregator.facts.repository import Contributors, Details, Glance, Identity, RepoFacts
from aggregator.words.outcomes import Outcome

_STICKY = frozenset(
    {Outcome.GONE, Outcome.PRIVATE, Outcome.BLOCKED, Outcome.FORBIDDEN, Outcome.NAME_REUSED}
)
_ONLY_GRAPHQL = (
    "statements",
    "funding",
    "commits_count",
    "head_committed_at",
    "commit_weeks",
    "releases_count",
    "tags_count",
)
_HEALTHY = frozenset({Outcome.ACTIVE, Outcome.UNCHANGED})


def merge(before: Record | None, seen: Observation) -> Record:
    """Return the record that stands after an observation.

    A look that taught nothing (unreachable, skipped) never replaces a reason that is known, and a
    good fact is replaced by a newer good fact only.
    """
    if before is not None and seen.outcome.inconclusive and before.outcome in _STICKY:
        return before.model_copy(update={"last_tried": _last_tried(before, seen)})
    return Record(
        listed_as=seen.listed_as,
        outcome=seen.outcome,
        since=_since(before, seen),
        first_seen=before.first_seen if before else seen.asked_at,
        last_tried=_last_tried(before, seen),
        last_succeeded=_last_succeeded(before, seen),
        identity=_identity(before, seen),
        facts=None if seen.erases else _facts(before, seen),
        message=seen.message,
        cure=seen.cure,
        moved_to=_moved_to(before, seen),
        former_names=_former_names(before, seen),
    )


def heir(listed_as: str, past: Sequence[Record]) -> Record:
    """Return what is known of one repository that the registry lists under another name now.

    Args:
        listed_as: The name that the registry gives today.
        past: All records of that repository, at least one; the freshest speaks for its standing.
    """
    freshest = max(past, key=lambda r: (r.facts is not None, _stamp(r.last_succeeded), r.key))
    oldest_first = sorted(past, key=lambda r: (r.first_seen, r.key))
    names = [
        name
        for record in oldest_first
        for name in (*record.former_names, record.listed_as, *_called(record))
    ]
    moved = freshest.moved_to
    return freshest.model_copy(
        update={
            "listed_as": listed_as,
            "first_seen": oldest_first[0].first_seen,
            "moved_to": None if moved and moved.casefold() == listed_as.casefold() else moved,
            "former_names": tuple(n for n in dict.fromkeys(names) if n not in _called(freshest)),
        }
    )


def _stamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def _called(record: Record) -> tuple[str, ...]:
    return (record.identity.name_with_owner,) if record.identity else ()


def _former_names(before: Record | None, seen: Observation) -> tuple[str, ...]:
    """Add the name that GitHub gave until now; a name that came back is a former one no more."""
    if before is None:
        return ()
    if seen.glance is None:
        return before.former_names
    names = dict.fromkeys((*before.former_names, *_called(before)))
    return tuple(name for name in names if name != seen.glance.name_with_owner)


def stand_in(before: Record | None, seen: Observation, message: str, cure: str) -> Record:
    """Return the record that stands when the program failed at joining or keeping a new one.

    What was known stays, except what may not be kept any longer.
    """
    if before is not None and not seen.erases:
        return before.model_copy(update={"message": message, "cure": cure})
    return Record(
        listed_as=seen.listed_as,
        outcome=seen.outcome if seen.erases else Outcome.UNREACHABLE,
        since=seen.asked_at,
        first_seen=before.first_seen if before else seen.asked_at,
        last_tried=seen.asked_at,
        last_succeeded=before.last_succeeded if before else None,
        identity=before.identity if before else None,
        message=message,
        cure=cure,
    )


def _since(before: Record | None, seen: Observation) -> datetime:
    if before is None:
        return seen.asked_at
    same = before.outcome is seen.outcome or {before.outcome, seen.outcome} <= _HEALTHY
    return before.since if same else seen.asked_at


def _last_tried(before: Record | None, seen: Observation) -> datetime | None:
    if seen.outcome is Outcome.SKIPPED:
        return before.last_tried if before else None
    return seen.asked_at


def _last_succeeded(before: Record | None, seen: Observation) -> datetime | None:
    if seen.glance is not None:
        return seen.asked_at
    return before.last_succeeded if before else None


def _identity(before: Record | None, seen: Observation) -> Identity | None:
    known = before.identity if before else None
    if seen.glance is None:
        return known
    found = seen.glance.identity
    if known is None or known.repository_id != found.repository_id:
        return found
    return found.model_copy(
        update={
            "node_id": found.node_id or known.node_id,
            "owner_id": found.owner_id or known.owner_id,
        }
    )


def _facts(before: Record | None, seen: Observation) -> RepoFacts | None:
    known = before.facts if before else None
    glance = seen.glance or (known.glance if known else None)
    if glance is None:
        return None
    if known is None or known.glance.repository_id != glance.repository_id:
        return RepoFacts(
            glance=glance,
            details=seen.details,
            counts=seen.counts,
            contributors=seen.contributors,
        )
    return RepoFacts(
        glance=_with_what_was_not_asked(known.glance, glance),
        details=_details(known.details, seen.details),
        counts=seen.counts or known.counts,
        contributors=_contributors(known, seen),
    )


def _with_what_was_not_asked(known: Glance, glance: Glance) -> Glance:
    """Carry over the few scalars that only one of the two APIs gives."""
    same_push = known.pushed_at == glance.pushed_at
    return glance.model_copy(
        update={
            "watchers": glance.watchers if glance.watchers is not None else known.watchers,
            "head_oid": glance.head_oid or (known.head_oid if same_push else None),
            "open_graph_image": glance.open_graph_image or known.open_graph_image
            if glance.head_oid is None
            else glance.open_graph_image,
        }
    )


def _details(known: Details | None, found: Details | None) -> Details | None:
    if known is None or found is None:
        return found or known
    if known.basis.pushed_at == found.basis.pushed_at:
        found = found.model_copy(update=_not_asked_again(known, found))
    old, new = known.readme, found.readme
    if old is None or new is None or old.oid != new.oid or new.encoding is not None:
        return found
    return found.model_copy(update={"readme": new.model_copy(update={"encoding": old.encoding})})


def _not_asked_again(known: Details, found: Details) -> dict[str, object]:
    """Carry over what only GraphQL tells, as long as nothing was pushed since it did."""
    lacking = (name for name in _ONLY_GRAPHQL if getattr(found, name) is None)
    return {name: getattr(known, name) for name in lacking}


def _contributors(known: RepoFacts, seen: Observation) -> Contributors | None:
    """Prefer a full count to a look at recent commits, whichever is newer.

    A count that took programs for people is none.
    """
    old, new = known.contributors, seen.contributors
    counted = old is not None and old.count is not None and old.people_only
    if old is None or new is None or new.count is not None or not counted:
        return new or old
    return old


def _moved_to(before: Record | None, seen: Observation) -> str | None:
    if seen.glance is None:
        return before.moved_to if before else None
    name = seen.glance.name_with_owner
    return name if name.casefold() != seen.listed_as.casefold() else None
