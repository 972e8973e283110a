"""How the nightly run fares is told where the registry says, once, and never with a secret."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.announcing.delivery import deliver
from aggregator.registry.loader import load
from aggregator.run.health import RunNotice, notice_of
from aggregator.run.noticing import NOTICED, NoticeRound, tell
from aggregator.run.run_history import RunRecord
from tests.announcing.receivers import MailBox, Places, Trust, variables_for
from tests.cli.test_operating import NEVER, Job
from tests.stand_in.actions import status
from tests.stand_in.server import serve
from tests.stand_in.synthetic import synthetic_world

FIRST = datetime(2026, 11, 1, 3, 17, tzinfo=UTC)
REGISTRY = """\
showcase:
  title: Orchard software
  announce:
    quiet_from: "00:00"
    quiet_until: "23:59"
    failures: [slack, teams, email]
    targets:
      - service: slack
      - service: teams
      - service: email
      - service: mastodon
projects:
  - octo/alpha
"""


def notice(*codes: int, begun: int = 0) -> RunNotice | None:
    """Give what is to be heard after runs that ended so, a day apart."""
    days = [FIRST + timedelta(days=begun + number) for number in range(len(codes))]
    runs = [
        RunRecord.of(day, day + timedelta(minutes=9), code, failure="it <rains> @channel")
        for day, code in zip(days, codes, strict=True)
    ]
    return notice_of(runs, "Orchard software", runs[-1].begun)


@pytest.fixture
def this(places: Places, mail_box: MailBox, tmp_path: Path) -> NoticeRound:
    """The settings of a community, and the variables of its places."""
    registry = tmp_path / "registry.yaml"
    registry.write_text(REGISTRY, encoding="utf-8")
    return NoticeRound(
        settings=load(registry).showcase.announce,
        variables=variables_for(places, mail_box),
        now=FIRST,
        send=deliver,
    )


def said(told: RunNotice | None, this: NoticeRound, state: Path) -> Sequence[str]:
    """Tell it, and give what the log says of that."""
    assert told
    return [line for report in tell(told, this, state) for line in report.lines]


def test_a_failing_night_is_told_once_and_so_is_its_end(
    this: NoticeRound, places: Places, mail_box: MailBox, tmp_path: Path
) -> None:
    """Who asks for it hears of one trouble once, and of its end, at any hour; others never do."""
    names = ["slack", "teams", "email"]
    fails = [f"{name}: told that the nightly run fails" for name in names]
    assert said(notice(0, 1), this, tmp_path) == fails
    assert said(notice(0, 1, 1), this, tmp_path) == []
    assert said(notice(0, 1, 0, begun=5), this, tmp_path) == []  # the end of another trouble
    well = [f"{name}: told that the nightly run is well again" for name in names]
    assert said(notice(0, 1, 0), this, tmp_path) == well
    assert said(notice(0, 1, 0), this, tmp_path) == []
    assert said(notice(1, begun=9), this, tmp_path) == fails
    assert len(places.chat) == 6
    assert not places.statuses
    assert len(mail_box.mails) == 3


def test_what_is_told_says_whose_run_it_is_and_calls_nobody(
    this: NoticeRound, places: Places, mail_box: MailBox, tmp_path: Path
) -> None:
    """Slack, Teams and mail name the showcase and the reason; its words are no markup."""
    said(notice(1), this, tmp_path)
    slack, teams = map(str, places.chat)
    for shown in (slack, teams):
        assert "Orchard software" in shown
        assert "The nightly run fails" in shown
    assert "it &lt;rains&gt; @\N{WORD JOINER}channel" in json.dumps(
        places.chat[0], ensure_ascii=False
    )
    (mail,) = mail_box.mails
    assert mail["Subject"] == "Orchard software: the nightly run fails"
    written = mail.get_body(("plain",))
    assert written
    assert "failed in a row" in written.get_content()


def test_what_did_not_arrive_is_told_by_the_next_run(
    this: NoticeRound, places: Places, tmp_path: Path
) -> None:
    """A place that refuses is told again; one of which nobody knows is not told twice."""
    places.faults["/services/"] += [403, "lost"]
    first = said(notice(1), this, tmp_path)
    assert [line.split(":")[0] for line in first] == ["slack", "teams", "email"]
    assert "answered 403" in first[0]
    assert "T0SECRET" not in "".join(first)
    again = said(notice(1, 1), this, tmp_path)
    assert again == ["slack: told that the nightly run fails"]
    assert (tmp_path / NOTICED).read_text().count("run-failed-") == 3


def test_a_trouble_older_than_the_history_is_told_once(
    this: NoticeRound, places: Places, tmp_path: Path
) -> None:
    """Where every run that is remembered failed, its name moves on, and nobody hears it again."""
    assert len(said(notice(1, 1), this, tmp_path)) == 3
    assert said(notice(1, 1, begun=40), this, tmp_path) == []
    assert len(said(notice(1, 1, 0, begun=80), this, tmp_path)) == 3
    assert len(places.chat) == 4


def test_a_place_without_its_variables_stops_no_other(this: NoticeRound, tmp_path: Path) -> None:
    """It is said which variable is missing, each time."""
    variables = {k: v for k, v in this.variables.items() if k != "ANNOUNCE_SLACK_WEBHOOK"}
    poorer = NoticeRound(settings=this.settings, variables=variables, now=this.now, send=this.send)
    for _ in range(2):
        lines = said(notice(1), poorer, tmp_path)
        assert "ANNOUNCE_SLACK_WEBHOOK is not set" in lines[0]
    assert len(lines) == 1
    (tmp_path / NOTICED).write_bytes(b"{")
    assert len(said(notice(1), poorer, tmp_path)) == 3


def test_a_server_tells_it(places: Places, mail_box: MailBox, trust: Trust, tmp_path: Path) -> None:
    """`aggregator schedule` itself brings a failed night to people, without a secret in its log."""
    (tmp_path / "registry.yaml").write_text(REGISTRY.replace("octo/alpha", "syn/a"), "utf-8")
    with serve(synthetic_world(2)) as github:
        github.faults.always(status(502))
        job = Job(tmp_path, github)
        job.variables = trust.variables | variables_for(places, mail_box)
        job.start("--cron", NEVER, "--time-budget", "2")
        job.wait_for("email: told that the nightly run fails")
        assert job.stop() == 0
    assert len(places.chat) == 2
    assert len(mail_box.mails) == 1
    assert not [line for line in job.said if "SECRET" in line or "marked" in line]
