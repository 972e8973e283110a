"""Every fault that GitHub, a network or a token can have, through real HTTP; cases are files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.run.report import as_lines
from tests.fetch.conftest import TOKEN, Nights, PushedClock
from tests.stand_in import actions
from tests.stand_in.faults import Fault

CASES = sorted((Path(__file__).parent.parent / "cases" / "fetch" / "faults").glob("*.yaml"))
# Long, so that a busy machine's own answers count as whole; cases of silence name a shorter one.
EXCHANGE_SECONDS = 10.0


def _fault(case: dict[str, Any], clock: PushedClock) -> Fault:
    arguments = [clock.now if value == "clock" else value for value in case.get("args", ())]
    action = getattr(actions, case["fault"])(*arguments)
    when = case["when"]
    if when.startswith("above "):
        return Fault(action, above=int(when.removeprefix("above ")))
    return Fault(action, times={"once": 1, "twice": 2, "always": None}[when])


@pytest.mark.timeout(60)
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_fault(path: Path, open_nights: Callable[..., Nights], clock: PushedClock) -> None:
    """Each fault ends in time, keeps every fact, says what it was, and exits as promised."""
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    expect = case["expect"]
    token = TOKEN if case.get("token", True) else None
    nights = open_nights(
        token=token, exchange_seconds=case.get("exchange_seconds", EXCHANGE_SECONDS)
    )
    if token is None:
        nights.server.set_limit(None, "core", 1000)
    nights.run()
    before = nights.snapshot()
    clock.slept = 0.0
    nights.server.faults.add(_fault(case, clock))

    report = nights.run()

    after = nights.snapshot()
    printed = "\n".join(as_lines(report))
    assert report.confirmed == expect["confirmed"], printed
    assert report.exit_code == expect["exit"], printed
    assert all(text in printed for text in expect["prints"]), printed
    assert expect.get("slept_at_least", 0) <= clock.slept <= expect["slept_at_most"], clock.slept
    assert after.readmes == before.readmes
    assert {k: _facts(r) for k, r in after.records.items()} == {
        k: _facts(r) for k, r in before.records.items()
    }
    if not expect["confirmed"]:
        assert after.fetched_at == before.fetched_at


def _facts(record: Any) -> Any:
    assert record.facts is not None
    glance = record.facts.glance
    return glance.repository_id, glance.description, glance.stars, record.facts.details.topics


def test_a_name_that_does_not_resolve(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the name of GitHub's host does not resolve, the run says so and keeps every fact."""
    nights.run()
    monkeypatch.setattr(nights.server, "api_url", "http://github.invalid")
    monkeypatch.setattr(nights.server, "graphql_url", "http://github.invalid/graphql")

    report = nights.run()

    printed = "\n".join(as_lines(report))
    assert "cannot reach github.invalid" in printed
    assert report.exit_code == 1
    assert all(record.facts for record in nights.snapshot().records.values())


def test_one_poisoned_repository_does_not_stop_the_others(
    open_nights: Callable[..., Nights],
) -> None:
    """A repository that GitHub cannot serve is found out and left; the others are fetched."""
    nights = open_nights(40)
    nights.server.faults.always(
        actions.bad_gateway(502), contains='"' + nights.names[17].split("/")[1]
    )

    report = nights.run()

    assert report.confirmed == 39
    assert report.looks[nights.names[17]].value == "unreachable"
    assert report.exit_code == 0
