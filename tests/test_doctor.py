"""What the doctor says of what was seen, case by case."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.facts.record import Record
from aggregator.facts.snapshot import Snapshot
from aggregator.github.standing import Asker, NightlyJob, ShowcaseHome
from aggregator.registry.loader import load_texts
from aggregator.registry.registry import Registry
from aggregator.run import doctor
from aggregator.run.doctor import Diagnosis, SiteSeen
from aggregator.run.guard import Community
from aggregator.run.proof import Proof
from aggregator.run.run_history import RunRecord
from aggregator.words import symptoms
from aggregator.words.causes import (
    HELD,
    MISTAKES,
    STRANGER,
    TOKEN_REFUSED,
    UNREACHABLE,
    WRONG_CLOCK,
    Cause,
    Grade,
)
from aggregator.words.errors import StateError
from aggregator.words.outcomes import Outcome

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
URL = "https://example.org/showcase/"
PUBLISH = ".github/workflows/publish.yml"
REGISTRY = load_texts({"registry.yaml": "projects:\n  - ann/tool\n  - ann/other\n"})
WRONG = load_texts({"registry.yaml": "projects:\n  - repo: ann/tool\n    readme: perhaps\n"})
GB = 2**30

FAILED_RUN = RunRecord(
    begun=NOW - timedelta(hours=9), finished=NOW, exit_code=1, failure="the old site stays"
)

Looks = Callable[[], Iterable[Diagnosis]]


def asker(**what: object) -> Asker:
    good = Asker(accepted=True, scopes=(), left=4_900, limit=5_000, server_time=NOW)
    return replace(good, **what)  # type: ignore[arg-type]


def site(proof: Proof | None = None, here: Proof | None = None, **what: object) -> Looks:
    seen = SiteSeen(**({"url": URL, "proof": proof} | what))  # type: ignore[arg-type]
    return lambda: doctor.of_site(seen, REGISTRY, Community("ours"), here, NOW)


def proof(**what: object) -> Proof:
    usual = {"community": "ours", "projects": 2, "fetched_at": NOW - timedelta(hours=9)}
    return Proof.model_validate(usual | what)


def memory(**what: object) -> Snapshot:
    record = Record(
        listed_as="ann/tool",
        outcome=Outcome.UNCHANGED,
        since=NOW - timedelta(days=9),
        first_seen=NOW - timedelta(days=9),
    )
    usual = {"records": {"ann/tool": record}, "fetched_at": NOW - timedelta(hours=9)}
    return Snapshot.model_validate(usual | what)


def silent_memory() -> Snapshot:
    known = memory()
    record = known.records["ann/tool"].model_copy(update={"outcome": Outcome.UNREACHABLE})
    return known.model_copy(update={"records": {"ann/tool": record}})


def schedule(job: NightlyJob | None = None, pushed: int = 1) -> Looks:
    jobs = {PUBLISH: job or NightlyJob(PUBLISH, "active", NOW - timedelta(hours=9), "success")}
    home = ShowcaseHome(pages=True, pushed_at=NOW - timedelta(days=pushed), jobs=jobs)
    return lambda: doctor.of_schedule({PUBLISH: "17 3 * * *"}, home, "ann/showcase", NOW)


def runs(snapshot: Snapshot, last: str = "finished", run: RunRecord | None = None) -> Looks:
    return lambda: doctor.of_runs(snapshot, last, run, 3, NOW)  # type: ignore[arg-type]


def clock(at: datetime | None, last: datetime | None = None) -> Looks:
    return lambda: doctor.of_clock(NOW, {"GitHub": at}, last)


CASES: dict[str, tuple[Looks, Cause]] = {
    "no token": (lambda: doctor.of_token(asker(), has_token=False), symptoms.TOKEN_ABSENT),
    "good token": (lambda: doctor.of_token(asker(), has_token=True), symptoms.TOKEN_FINE),
    "token of an app": (
        lambda: doctor.of_token(asker(scopes=None), has_token=True),
        symptoms.TOKEN_UNSAID,
    ),
    "token with scopes": (
        lambda: doctor.of_token(asker(scopes=("repo", "gist")), has_token=True),
        symptoms.TOKEN_TOO_MUCH,
    ),
    "refused token": (
        lambda: doctor.of_token(Asker(accepted=False), has_token=True),
        TOKEN_REFUSED,
    ),
    "token, offline": (lambda: doctor.of_token(None, has_token=True), symptoms.NOT_ASKED),
    "enough left": (lambda: doctor.of_limits(asker(), 100), symptoms.LIMIT_FINE),
    "too little left": (lambda: doctor.of_limits(asker(left=7), 1), symptoms.LIMIT_LOW),
    "too little for so many": (
        lambda: doctor.of_limits(asker(left=400, resets_at=NOW), 10_000),
        symptoms.LIMIT_LOW,
    ),
    "no network": (lambda: doctor.of_limits(Asker("no connection"), 9), UNREACHABLE),
    "nothing said": (lambda: doctor.of_limits(asker(left=None), 9), symptoms.LIMIT_UNSAID),
    "offline": (lambda: doctor.of_limits(None, 9), symptoms.NOT_ASKED),
    "no address": (site(url=None), symptoms.SITE_NOWHERE),
    "site, offline": (site(why=doctor.OFFLINE), symptoms.NOT_ASKED),
    "silent site": (site(why="the server answered 404"), symptoms.SITE_SILENT),
    "other site": (site(), symptoms.SITE_OTHER),
    "another community's": (site(proof(community="theirs")), STRANGER),
    "not published": (site(proof(generation=4), proof(generation=6)), symptoms.SITE_BEHIND),
    "old site": (site(proof(fetched_at=NOW - timedelta(days=8))), symptoms.SITE_OLD),
    "good site": (site(proof(generation=6), proof(generation=6)), symptoms.SITE_FINE),
    "pages off": (
        lambda: doctor.of_pages(ShowcaseHome(pages=False), "ann/showcase"),
        symptoms.PAGES_OFF,
    ),
    "pages on": (
        lambda: doctor.of_pages(ShowcaseHome(pages=True), "ann/showcase"),
        symptoms.PAGES_ON,
    ),
    "pages, no answer": (
        lambda: doctor.of_pages(ShowcaseHome("GitHub says 404"), "ann/showcase"),
        symptoms.NOT_ASKED,
    ),
    "good clock": (clock(NOW + timedelta(seconds=2)), symptoms.CLOCK_FINE),
    "drifting clock": (clock(NOW + timedelta(hours=1)), symptoms.CLOCK_DRIFTS),
    "wrong clock": (clock(NOW - timedelta(days=2)), WRONG_CLOCK),
    "clock before the last run": (clock(None, NOW + timedelta(days=2)), WRONG_CLOCK),
    "clock, offline": (clock(None, NOW), symptoms.CLOCK_UNSAID),
    "much room": (lambda: doctor.of_disk(90 * GB, GB, "/srv"), symptoms.DISK_FINE),
    "little room": (lambda: doctor.of_disk(GB // 2, 0, "/srv"), symptoms.DISK_LOW),
    "no room": (lambda: doctor.of_disk(GB, 2 * GB, "/srv"), symptoms.DISK_FULL),
    "all installed": (lambda: doctor.of_versions("1.0", "3.13.1", []), symptoms.VERSIONS_FINE),
    "nobody knows": (lambda: doctor.of_versions("1.0", "3.13.1", None), symptoms.VERSIONS_UNKNOWN),
    "one is old": (
        lambda: doctor.of_versions("1.0", "3.13.1", ["click 7.0 is no >=8.1"]),
        symptoms.VERSIONS_OFF,
    ),
    "good registry": (
        lambda: doctor.of_registry(REGISTRY, "registry.yaml"),
        symptoms.REGISTRY_FINE,
    ),
    "a mistake": (lambda: doctor.of_registry(WRONG, "registry.yaml"), MISTAKES),
    "memory": (lambda: doctor.of_memory(memory(), ".aggregator"), symptoms.STATE_FINE),
    "no memory": (lambda: doctor.of_memory(Snapshot(), ".aggregator"), symptoms.STATE_ABSENT),
    "memory on a full disk": (
        lambda: [doctor.unreadable_memory(StateError("catalogue.db", "disk I/O error"), 0)],
        symptoms.STATE_NO_ROOM,
    ),
    "newer memory": (
        lambda: doctor.of_memory(memory(unread="2 facts were written by a newer version"), "x"),
        symptoms.STATE_NEWER,
    ),
    "good night": (runs(memory()), symptoms.NIGHT_FINE),
    "no night": (runs(Snapshot()), symptoms.NIGHT_NEVER),
    "refused its site": (runs(memory(), "cut off", FAILED_RUN), symptoms.NIGHT_FAILED),
    "failed night": (runs(memory(), "finished", FAILED_RUN), symptoms.NIGHT_FAILED),
    "killed": (runs(memory(), "cut off"), symptoms.NIGHT_CUT_OFF),
    "refused": (
        runs(memory(), "cut off", FAILED_RUN.model_copy(update={"refused": True})),
        symptoms.NIGHT_REFUSED,
    ),
    "stopped by hand": (
        runs(memory(), "cut off", FAILED_RUN.model_copy(update={"exit_code": 130})),
        symptoms.NIGHT_STOPPED,
    ),
    "facts to come": (runs(memory(fetched_at=NOW + timedelta(days=3))), symptoms.NIGHT_AHEAD),
    "old": (runs(memory(fetched_at=NOW - timedelta(days=5))), symptoms.NIGHT_OLD),
    "notice": (runs(memory(notice="9 of 12 vanished")), symptoms.NIGHT_NOTICE),
    "silent": (runs(silent_memory()), symptoms.NIGHT_SILENT),
    "no workflow": (
        lambda: doctor.of_schedule({}, None, None, NOW),
        symptoms.SCHEDULE_ABSENT,
    ),
    "good workflow": (schedule(), symptoms.SCHEDULE_FINE),
    "switched off": (
        schedule(NightlyJob(PUBLISH, "disabled_inactivity")),
        symptoms.SCHEDULE_OFF,
    ),
    "soon off": (schedule(pushed=50), symptoms.SCHEDULE_SOON_OFF),
    "late": (
        schedule(NightlyJob(PUBLISH, "active", NOW - timedelta(days=4), "success")),
        symptoms.SCHEDULE_LATE,
    ),
    "failed": (
        schedule(NightlyJob(PUBLISH, "active", NOW - timedelta(hours=9), "failure")),
        symptoms.SCHEDULE_FAILED,
    ),
}


def pattern(text: str) -> str:
    return re.sub(r"\\\{\w+\\\}", ".+", re.escape(text))


@pytest.mark.parametrize("case", CASES)
def test_each_case_is_told_in_the_words_of_the_table(case: str) -> None:
    """What is so is said with its meaning and its cure, and no value is left to be filled in."""
    look, cause = CASES[case]
    found = [one for one in look() if re.match(pattern(cause.says), one.says)]
    assert [one.grade for one in found] == [cause.grade], list(look())
    assert re.fullmatch(pattern(cause.means), found[0].means)
    assert re.fullmatch(pattern(cause.cure), found[0].cure)
    assert not re.search(r"\{\w*\}", " ".join((found[0].says, found[0].means, found[0].cure)))


def test_everything_that_the_doctor_may_say_has_a_case() -> None:
    """Nothing stands on the page of messages that the doctor never says."""
    said = {cause.says for _, cause in CASES.values()}
    # These are errors of reading; `tests/cli/test_doctor.py` meets them as a person does.
    met = {symptoms.REGISTRY_UNREADABLE.says, symptoms.STATE_UNREADABLE.says, HELD.says}
    known = {cause.says for causes in symptoms.TOPICS.values() for cause in causes}
    assert known == (said | met) - {symptoms.NOT_ASKED.says}


def test_a_run_that_said_why_it_failed_was_not_killed() -> None:
    """Of one night only one thing is told, and a failure is neither a fine end nor a power cut."""
    for last in ("cut off", "finished"):
        (found,) = runs(memory(), last, FAILED_RUN)()
        assert "ended with 1: the old site stays" in found.says


def test_a_workflow_that_enables_itself_is_not_soon_off() -> None:
    """What was enabled a day ago stays on, however long nobody pushed."""
    enabled = NightlyJob(PUBLISH, "active", enabled_at=NOW - timedelta(days=1))
    assert [one.grade for one in schedule(enabled, pushed=400)()] == [symptoms.SCHEDULE_FINE.grade]
    old = NightlyJob(PUBLISH, "active", enabled_at=NOW - timedelta(days=50))
    (found,) = (one for one in schedule(old, pushed=400)() if one.grade != Grade.OK)
    assert re.match(pattern(symptoms.SCHEDULE_SOON_OFF.says), found.says)


def test_nothing_is_claimed_of_what_could_not_be_looked_at() -> None:
    """Without a network the doctor says so of each thing, and calls nothing broken."""
    found = [
        *doctor.of_token(None, has_token=True),
        *doctor.of_limits(None, 9),
        *doctor.of_site(SiteSeen(URL, doctor.OFFLINE), Registry(), Community(), None, NOW),
        *doctor.of_pages(None, "ann/showcase"),
        *doctor.of_clock(NOW, {}, None),
        *doctor.of_schedule({PUBLISH: "17 3 * * *"}, None, "ann/showcase", NOW),
    ]
    assert {one.topic for one in found if one.grade is Grade.UNKNOWN} == {
        "token",
        "limits",
        "site",
        "pages",
        "clock",
        "schedule",
    }
    assert doctor.exit_code(found) == 0


def test_only_what_is_broken_fails() -> None:
    """A look can wait for a quiet hour; whoever watches the exit code is not woken by it."""
    look, broken = (
        Diagnosis("disk", Grade.LOOK, "x"),
        Diagnosis("disk", Grade.BROKEN, "y", "m", "c"),
    )
    assert doctor.exit_code([look]) == 0
    assert doctor.exit_code([look, broken]) == 1
    lines = list(doctor.as_lines([look, broken]))
    assert lines[-1] == "1 broken, 1 to look at, 0 not looked at"
    assert "        what to do: c" in lines
    told = json.loads(doctor.as_json([look, broken], NOW))
    assert told["exit_code"] == 1
    assert [one["grade"] for one in told["findings"]] == ["look", "broken"]
