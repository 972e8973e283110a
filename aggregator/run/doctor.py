"""How a showcase is: what was seen of token, site, machine, memory and nights, judged. Pure.

    cli looks, each thing by itself --Asker, SiteSeen, ...--> here --Diagnosis--> lines, exit code

Every sentence is one of `words.symptoms` or `words.causes`, or the error that a run would end with:
the same checks that guard a run are called here. What could not be looked at is said to be so.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from aggregator.facts.snapshot import Snapshot
from aggregator.github.standing import Asker, NightlyJob, ShowcaseHome
from aggregator.registry.registry import Registry
from aggregator.run.clock import TOLERANCE, judge_clock
from aggregator.run.guard import Community, strangeness
from aggregator.run.proof import Proof
from aggregator.run.run_history import RunRecord
from aggregator.run.schedule import LastRun
from aggregator.words import symptoms
from aggregator.words.causes import (
    MISTAKES,
    STRANGER,
    TOKEN_REFUSED,
    UNREACHABLE,
    WRONG_CLOCK,
    Cause,
    Grade,
)
from aggregator.words.errors import AggregatorError, SourceError, StateError
from aggregator.words.exits import DONE, LOOK
from aggregator.words.outcomes import silences
from aggregator.words.phrases import day_of, listed, minute_of, plural

SCHEMA_VERSION = 1
OFFLINE = "this was asked for with --offline"
# A run asks about so many entries in one request, and seldom twice (docs/fetching.md).
_ENTRIES_A_REQUEST = 20
_LEAST_REQUESTS = 30
_CLOCKS_DIFFER = timedelta(minutes=5)
# https://docs.github.com/actions/managing-workflow-runs/disabling-and-enabling-a-workflow
_QUIET_DAYS = timedelta(days=60)
_WARN_BEFORE = timedelta(days=15)
# A nightly job drifts by hours; this is a night or two left out.
_LATE = timedelta(days=3)
_ROOM = 100 * 2**20
_EASY_ROOM = 2**30
_NO_ROOM = 2**20
_NAMED = 6
_FAILED = frozenset({"failure", "timed_out", "startup_failure"})


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line of the doctor's: how something is, what it means, what to do."""

    topic: str
    grade: Grade
    says: str
    means: str = ""
    cure: str = ""


@dataclass(frozen=True, slots=True)
class SiteSeen:
    """What stands at the address of a site.

    Args:
        url: The address; None where nobody has said it.
        why: Why nothing is known of it; empty where it answered.
        proof: What the site says it holds; None where it is no showcase's.
        server_time: What the clock of its server says.
    """

    url: str | None
    why: str = ""
    proof: Proof | None = None
    server_time: datetime | None = None


def _found(topic: str, cause: Cause, more: str = "", /, **values: object) -> Diagnosis:
    """Fill in a cause; `more` is told right after its sentence."""
    says, means, cure = (text.format(**values) for text in (cause.says, cause.means, cause.cure))
    return Diagnosis(topic, cause.grade, says + more, means, cure)


def failed(topic: str, problem: AggregatorError, grade: Grade = Grade.BROKEN) -> Diagnosis:
    """Tell of an error as the command that meets it would."""
    return Diagnosis(topic, grade, problem.what, problem.cause, problem.cure)


def not_asked(topic: str, why: str) -> Diagnosis:
    """Say that something could not be looked at."""
    return _found(topic, symptoms.NOT_ASKED, why=why)


def of_token(asker: Asker | None, *, has_token: bool) -> Iterator[Diagnosis]:
    """Judge the token; `asker` is None where GitHub was not asked."""
    if not has_token:
        yield _found("token", symptoms.TOKEN_ABSENT)
    elif asker is None or asker.why:
        yield not_asked("token", asker.why if asker else OFFLINE)
    elif not asker.accepted:
        yield _found("token", TOKEN_REFUSED)
    elif asker.scopes is None:
        yield _found("token", symptoms.TOKEN_UNSAID)
    elif asker.scopes:
        yield _found("token", symptoms.TOKEN_TOO_MUCH, scopes=listed(asker.scopes, _NAMED))
    else:
        yield _found("token", symptoms.TOKEN_FINE)


def of_limits(asker: Asker | None, entries: int) -> Iterator[Diagnosis]:
    """Judge what is left of this hour against what a night of so many entries needs."""
    if asker is None:
        yield not_asked("limits", OFFLINE)
    elif asker.why:
        yield _found("limits", UNREACHABLE, f" ({asker.why})")
    elif asker.left is None:
        yield _found("limits", symptoms.LIMIT_UNSAID)
    else:
        needed = max(_LEAST_REQUESTS, entries // _ENTRIES_A_REQUEST)
        left = {"left": f"{asker.left:,}", "limit": f"{asker.limit or 0:,}"}
        if asker.left >= needed:
            yield _found("limits", symptoms.LIMIT_FINE, **left)
        else:
            at = minute_of(asker.resets_at) if asker.resets_at else "the full hour"
            yield _found("limits", symptoms.LIMIT_LOW, needed=needed, resets_at=at, **left)


def of_site(
    site: SiteSeen, registry: Registry, ours: Community, here: Proof | None, now: datetime
) -> Iterator[Diagnosis]:
    """Judge the published site: whether it answers, is ours, is the last one, and is fresh."""
    if site.url is None:
        yield _found("site", symptoms.SITE_NOWHERE)
    elif site.why == OFFLINE:
        yield not_asked("site", site.why)
    elif site.why:
        yield _found("site", symptoms.SITE_SILENT, url=site.url, why=site.why)
    elif site.proof is None:
        yield _found("site", symptoms.SITE_OTHER, url=site.url)
    else:
        yield _of_proof(site.url, site.proof, registry, ours, here, now)


def _of_proof(  # noqa: PLR0913, PLR0917 - both sides of a comparison
    url: str, proof: Proof, registry: Registry, ours: Community, here: Proof | None, now: datetime
) -> Diagnosis:
    theirs = Community(proof.community, proof.repository_id)
    listed_here = (entry.repo.key for entry in registry.projects)
    if why := strangeness(ours, theirs, listed_here, proof.shown):
        return _found("site", STRANGER, f": {why}", place=url)
    if here and here.generation > proof.generation:
        numbers = {"theirs": proof.generation, "ours": here.generation}
        return _found("site", symptoms.SITE_BEHIND, url=url, **numbers)
    fetched, limit = proof.fetched_at, registry.showcase.stale_after_days
    if fetched and (now - fetched).days >= limit:
        days = (now - fetched).days - limit
        return _found("site", symptoms.SITE_OLD, url=url, day=day_of(fetched), days=days)
    told = day_of(fetched) if fetched else "no day yet"
    projects = plural(proof.projects, "project")
    return _found("site", symptoms.SITE_FINE, url=url, projects=projects, day=told)


def of_pages(home: ShowcaseHome | None, repository: str | None) -> Iterator[Diagnosis]:
    """Judge whether GitHub Pages serves anything, where a repository is known."""
    if repository is None:
        return
    if home is None or home.why:
        yield not_asked("pages", home.why if home else OFFLINE)
    else:
        cause = symptoms.PAGES_ON if home.pages else symptoms.PAGES_OFF
        yield _found("pages", cause, repository=repository)


def of_clock(
    now: datetime, servers: Mapping[str, datetime | None], last: datetime | None
) -> Iterator[Diagnosis]:
    """Judge the clock by those of servers, by name, or else by the last run."""
    told = {name: at for name, at in servers.items() if at}
    try:
        for at in told.values() or (None,):
            judge_clock(now, at, last)
    except SourceError as problem:
        yield _found("clock", WRONG_CLOCK, f": {problem.cause}")
        return
    if not told:
        yield _found("clock", symptoms.CLOCK_UNSAID)
        return
    name, at = next(iter(told.items()))
    off = abs(now - at)
    if off > _CLOCKS_DIFFER:
        minutes = plural(round(off.total_seconds() / 60), "minute")
        yield _found("clock", symptoms.CLOCK_DRIFTS, minutes=minutes, server=name)
    else:
        seconds = round(off.total_seconds())
        yield _found("clock", symptoms.CLOCK_FINE, server=name, seconds=seconds)


def of_disk(free: int, taken: int, place: str) -> Iterator[Diagnosis]:
    """Judge the room on the disk against what site and memory take now, in bytes."""
    needed = max(_ROOM, round(taken * 1.5))
    told = {"free": _amount(free), "place": place, "needed": _amount(needed)}
    if free < needed:
        yield _found("disk", symptoms.DISK_FULL, **told)
    elif free < max(_EASY_ROOM, 2 * needed):
        yield _found("disk", symptoms.DISK_LOW, **told)
    else:
        yield _found("disk", symptoms.DISK_FINE, **told)


def _amount(size: int) -> str:
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size / 2**20:.0f} MB"


def of_versions(version: str, python: str, off: Sequence[str] | None) -> Iterator[Diagnosis]:
    """Judge what is installed; `off` names what does not fit, None where nobody can tell."""
    if off:
        yield _found("versions", symptoms.VERSIONS_OFF, packages=listed(off, _NAMED))
    else:
        known = symptoms.VERSIONS_UNKNOWN if off is None else symptoms.VERSIONS_FINE
        yield _found("versions", known, version=version, python=python)


def unreadable_registry(path: str, why: str, cure: str = "") -> Diagnosis:
    """Tell of a registry that no run can begin with; its own cure comes before the usual one."""
    found = _found("registry", symptoms.REGISTRY_UNREADABLE, registry=path, why=why)
    return replace(found, cure=cure or found.cure)


def unreadable_memory(problem: StateError, free: int) -> Diagnosis:
    """Tell of a memory that is none; `free` is how many bytes its disk has left."""
    why = f"{problem.what}: {problem.cause}"
    if free < _NO_ROOM:
        return _found("memory", symptoms.STATE_NO_ROOM, why=why)
    found = _found("memory", symptoms.STATE_UNREADABLE, why=why)
    return replace(found, cure=problem.cure or found.cure)


def of_registry(registry: Registry, path: str) -> Iterator[Diagnosis]:
    """Judge a registry that could be read."""
    if registry.mistakes and not registry.projects:
        yield unreadable_registry(path, "it lists no project that can be used")
    elif mistakes := len(registry.errors):
        first = f" The first is {registry.errors[0]}"
        yield _found("registry", MISTAKES, first, mistakes=plural(mistakes, "mistake"))
    else:
        projects = plural(len(registry.projects), "project")
        yield _found("registry", symptoms.REGISTRY_FINE, projects=projects, registry=path)


def of_memory(snapshot: Snapshot, place: str) -> Iterator[Diagnosis]:
    """Judge a memory that could be read."""
    if not snapshot.records:
        yield _found("memory", symptoms.STATE_ABSENT, place=place)
    elif snapshot.unread:
        yield _found("memory", symptoms.STATE_NEWER, what=snapshot.unread)
    else:
        entries = plural(len(snapshot.records), "entry", "entries")
        yield _found("memory", symptoms.STATE_FINE, entries=entries)


def of_runs(
    snapshot: Snapshot | None,
    last: LastRun,
    run: RunRecord | None,
    stale_after: int,
    now: datetime,
) -> Iterator[Diagnosis]:
    """Judge the last run by what it left.

    Args:
        snapshot: The memory; None where it cannot be read, and says nothing of any run.
        last: How the mark says that it ended; a run that was refused its site leaves it open.
        run: What is remembered of that very run, where it came to an end.
        stale_after: From how many days on the pages say that facts are old.
        now: The time.
    """
    failed = run if run and run.ended == "badly" else None
    if failed:
        told = failed.failure or "no reason was kept"
        day, code = day_of(failed.begun), failed.exit_code
        how = symptoms.NIGHT_REFUSED if failed.refused else symptoms.NIGHT_FAILED
        yield _found("runs", how, day=day, code=code, failure=told)
    elif last == "cut off" and run and run.ended == "stopped":
        yield _found("runs", symptoms.NIGHT_STOPPED, day=day_of(run.begun))
    elif last == "cut off":
        yield _found("runs", symptoms.NIGHT_CUT_OFF)
    if snapshot is None:
        return
    fetched = snapshot.fetched_at
    if fetched is None:
        yield _found("runs", symptoms.NIGHT_NEVER)
        return
    days = (now - fetched).days
    if fetched > now + TOLERANCE:
        yield _found("runs", symptoms.NIGHT_AHEAD, day=day_of(fetched))
    elif days >= stale_after:
        kept = {"day": day_of(fetched), "days": days, "limit": stale_after}
        yield _found("runs", symptoms.NIGHT_OLD, **kept)
    elif last != "cut off" and not failed:
        yield _found("runs", symptoms.NIGHT_FINE, day=day_of(snapshot.ran or fetched))
    if snapshot.notice:
        yield _found("runs", symptoms.NIGHT_NOTICE, notice=snapshot.notice)
    silent = silences((record.outcome, record.since) for record in snapshot.records.values())
    if named := "; ".join(f"{one.count:,} {one.words}" for one in silent):
        yield _found("runs", symptoms.NIGHT_SILENT, silent=named)


def of_schedule(
    workflows: Mapping[str, str],
    home: ShowcaseHome | None,
    repository: str | None,
    now: datetime,
) -> Iterator[Diagnosis]:
    """Judge whether anything makes the site at night.

    Args:
        workflows: The times of the workflows that are here and make the site, by path.
        home: What GitHub says of them; None where it was not asked.
        repository: The repository they run in.
        now: The time.
    """
    if not workflows:
        yield _found("schedule", symptoms.SCHEDULE_ABSENT)
        return
    for path, cron in workflows.items():
        job = home.jobs.get(path) if home else None
        troubles = list(_of_job(job, now)) if job else []
        yield from troubles
        if not troubles:
            yield _found("schedule", symptoms.SCHEDULE_FINE, workflow=path, cron=cron)
    if repository is None:
        return
    if home is None or home.why:
        yield not_asked("schedule", home.why if home else OFFLINE)
        return
    enabled = (job.enabled_at for path in workflows if (job := home.jobs.get(path)))
    last = max(filter(None, (home.pushed_at, *enabled)), default=None)
    if last and now - last > _QUIET_DAYS - _WARN_BEFORE:
        days = {"day": day_of(last), "end": day_of(last + _QUIET_DAYS)}
        yield _found("schedule", symptoms.SCHEDULE_SOON_OFF, repository=repository, **days)


def _of_job(job: NightlyJob, now: datetime) -> Iterator[Diagnosis]:
    if job.state != "active":
        state = job.state.replace("_", " ")
        yield _found("schedule", symptoms.SCHEDULE_OFF, workflow=job.path, state=state)
    if job.ran is None:
        return
    day = day_of(job.ran)
    if now - job.ran > _LATE:
        yield _found("schedule", symptoms.SCHEDULE_LATE, workflow=job.path, day=day)
    if job.conclusion in _FAILED:
        address = job.address or "Actions"
        failure = {"workflow": job.path, "day": day, "address": address}
        yield _found("schedule", symptoms.SCHEDULE_FAILED, **failure)


def exit_code(findings: Iterable[Diagnosis]) -> int:
    """Give 1 when something is broken; what only wants a look is no failure."""
    return LOOK if any(one.grade is Grade.BROKEN for one in findings) else DONE


def as_lines(findings: Sequence[Diagnosis]) -> Iterator[str]:
    """Write one line for each finding, and below it what it means and what to do."""
    wide = max((len(one.grade) for one in findings), default=0)
    for one in findings:
        yield f"{one.grade:<{wide}}  {one.topic}: {one.says}"
        if one.means:
            yield f"{'':<{wide}}  what it means: {one.means}"
        if one.cure:
            yield f"{'':<{wide}}  what to do: {one.cure}"
    broken = sum(one.grade is Grade.BROKEN for one in findings)
    look = sum(one.grade is Grade.LOOK for one in findings)
    unknown = sum(one.grade is Grade.UNKNOWN for one in findings)
    yield f"{broken} broken, {look} to look at, {unknown} not looked at"


def as_json(findings: Sequence[Diagnosis], now: datetime) -> str:
    """Write the findings for a program."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "looked_at": now.isoformat(),
        "exit_code": exit_code(findings),
        "findings": [asdict(one) for one in findings],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)
