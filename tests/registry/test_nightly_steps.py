"""The steps around a night, run as GitHub runs them: is it needed, who is told, how did it go?"""

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.announcing.receivers import Trust
from tests.conftest import ROOT
from tests.program import SHELL_OF_STEPS

WORKFLOWS = ROOT / ".github" / "workflows"
LOOK = "Look whether the first time of this night did it"
KEEP = "Keep the schedules of this repository on"
BEGIN = "Tell the dead man's switch that a run begins"
END = "Tell the dead man's switch how the run ended"
MARK = "0f5c-marked-uuid"
# Answers what stands in the file `answer`; the words in `refuse` make it fail.
GH = """\
#!/bin/bash
echo "$*" >> "$HOME/gh.log"
if [[ -e "$HOME/refuse" && "$*" == *"$(cat "$HOME/refuse")"* ]]; then exit 1; fi
filter=""
while [[ $# -gt 0 ]]; do
  case "$1" in --jq) filter="$2" ;; esac
  shift
done
if [[ -n "$filter" ]]; then jq --raw-output "$filter" "$HOME/answer"; fi
"""


@dataclass
class Machine:
    """A machine of GitHub Actions with nothing on it."""

    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    def step(
        self, workflow: str, name: str, folder: Path | None = None, **env: str
    ) -> subprocess.CompletedProcess[str]:
        """Run one step with its variables set to what a test says, else to what it says itself."""
        declared = step(workflow, name).get("env", {})
        assert set(env) <= set(declared), set(env) - set(declared)
        values = {key: "" if "${{" in text else text for key, text in declared.items()} | env
        return subprocess.run(
            [*SHELL_OF_STEPS, step(workflow, name)["run"]],
            cwd=folder or self.home,
            env=self.variables | values,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def said(self, name: str) -> str:
        """Read what a step left."""
        path = self.home / name
        return path.read_text("utf-8") if path.exists() else ""


def jobs(workflow: str) -> dict[str, Any]:
    """Read the jobs of a workflow."""
    found: dict[str, Any] = yaml.safe_load((WORKFLOWS / workflow).read_text("utf-8"))["jobs"]
    return found


def step(workflow: str, name: str) -> dict[str, Any]:
    """Give a step by its name."""
    steps = (one for job in jobs(workflow).values() for one in job["steps"])
    found: dict[str, Any] = next(one for one in steps if one.get("name") == name)
    return found


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine whose `gh` is a stand-in, and whose programs are those of this one."""
    programs, home = tmp_path / "bin", tmp_path / "home"
    programs.mkdir()
    home.mkdir()
    (programs / "gh").write_text(GH, encoding="utf-8")
    (programs / "gh").chmod(0o755)
    variables = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(home),
        "RUNNER_TEMP": str(home),
        "GITHUB_OUTPUT": str(home / "output"),
        "GITHUB_STEP_SUMMARY": str(home / "summary"),
        "GIT_CONFIG_SYSTEM": os.devnull,
    }
    return Machine(home, variables)


def look(machine: Machine, answer: str) -> subprocess.CompletedProcess[str]:
    """Let the second time of a night look what became of the first."""
    (machine.home / "answer").write_text(answer, encoding="utf-8")
    place = "octo/showcase/.github/workflows/publish.yml@refs/heads/main"
    named = {"REPOSITORY": "octo/showcase", "WORKFLOW": place, "BRANCH": "main"}
    return machine.step("publish.yml", LOOK, **named)


def test_the_second_time_asks_what_became_of_the_first(machine: Machine) -> None:
    """It asks for scheduled runs of this very workflow, on this branch, that succeeded lately."""
    assert look(machine, '{"total_count": 1}').returncode == 0
    assert machine.said("output") == "done=true\n"
    assert "nothing to do" in machine.said("summary")
    (asked,) = machine.said("gh.log").splitlines()
    assert "repos/octo/showcase/actions/workflows/publish.yml/runs " in asked
    assert "-f event=schedule -f status=success -f branch=main " in asked
    since = re.search(r"created=>=(\S+)", asked)
    assert since
    age = datetime.now(UTC) - datetime.strptime(since[1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(hours=11) < age < timedelta(hours=13)


@pytest.mark.parametrize(
    "answer",
    ['{"total_count": 0}', '{"message": "Not Found"}', '{"total_count": "many"}', "<html>", None],
    ids=["none", "null", "words", "no-json", "refused"],
)
def test_who_cannot_tell_goes_on(machine: Machine, answer: str | None) -> None:
    """Only a plain number of runs that succeeded keeps a night from being made."""
    if answer is None:
        (machine.home / "refuse").write_text("runs", encoding="utf-8")
    done = look(machine, answer or "")
    assert done.returncode == 0, done.stderr
    assert machine.said("output") == ""


def test_only_the_second_time_of_a_night_looks() -> None:
    """Its condition is the last of the times of the schedule, three hours after the first."""
    workflow = yaml.safe_load((WORKFLOWS / "publish.yml").read_text("utf-8"))
    first, second = (one["cron"] for one in workflow[True]["schedule"])
    assert step("publish.yml", LOOK)["if"] == f"github.event.schedule == '{second}'"
    minutes = [int(cron.split()[1]) * 60 + int(cron.split()[0]) for cron in (first, second)]
    assert 120 <= minutes[1] - minutes[0] <= 360
    assert all(minute % 60 % 2 and minute % 60 > 3 for minute in minutes)


def test_what_is_done_already_stops_every_other_job() -> None:
    """Nothing is fetched, published or judged when the first time of the night did it."""
    for name, job in jobs("publish.yml").items():
        if name == "tonight":
            continue
        needs = job["needs"] if isinstance(job["needs"], list) else [job["needs"]]
        if "tonight" in needs:
            assert job["if"].endswith("needs.tonight.outputs.done != 'true'"), name
        else:  # needs a job that did not run, and says nothing of its own
            assert "build" in needs
            assert "if" not in job


def test_schedules_are_kept_on_and_what_a_person_switched_off_stays_off(machine: Machine) -> None:
    """Every workflow of the repository is enabled anew, before GitHub switches it off."""
    listed = [
        (1, "active", ".github/workflows/publish.yml"),
        (2, "disabled_inactivity", ".github/workflows/care.yml"),
        (3, "disabled_manually", ".github/workflows/announce.yml"),
        (4, "active", "dynamic/pages/pages-build-deployment"),
    ]
    flows = ",".join(f'{{"id":{i},"state":"{s}","path":"{p}"}}' for i, s, p in listed)
    (machine.home / "answer").write_text(f'{{"workflows":[{flows}]}}', encoding="utf-8")
    done = machine.step("publish.yml", KEEP, REPOSITORY="octo/showcase")
    assert done.returncode == 0, done.stderr
    asked = machine.said("gh.log").splitlines()[1:]
    put = "api --silent --method PUT repos/octo/showcase/actions/workflows"
    assert [one for one in asked if " PUT " in one] == [f"{put}/1/enable", f"{put}/2/enable"]
    for refused in ("--paginate", "/1/enable"):
        (machine.home / "refuse").write_text(refused, encoding="utf-8")
        done = machine.step("publish.yml", KEEP, REPOSITORY="octo/showcase")
        assert done.returncode == 0
        assert "::warning title=Schedule" in done.stdout


class _Switch(BaseHTTPRequestHandler):
    """A dead man's switch: keeps what it is asked for."""

    def do_GET(self) -> None:
        """Take a ping."""
        self.server.heard.append(self.path)  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("Location", "http://localhost:9/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing on the screen of the tests."""


@contextmanager
def switch(folder: Path, status: int = 200) -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """Run a switch over TLS: its address, what it heard, and what lets `curl` believe it."""
    trust = Trust(folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Switch) as server:
        server.heard, server.status = [], status  # type: ignore[attr-defined]
        server.socket = trust.server.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        address = f"https://localhost:{server.server_address[1]}/{MARK}"
        yield address, server.heard, {"CURL_CA_BUNDLE": str(trust.bundle)}  # type: ignore[attr-defined]
        server.shutdown()


GOOD = {"RUN": "success", "DEPLOY": "success", "REMEMBER": "success"}


def test_a_switch_hears_of_the_beginning_and_of_the_end(machine: Machine, tmp_path: Path) -> None:
    """The forms of healthchecks.io: /start, nothing for success, /fail; a last slash is no harm."""
    with switch(tmp_path) as (address, heard, trusted):
        machine.variables |= trusted
        said = [machine.step("publish.yml", BEGIN, PING_URL=address)]
        said.append(machine.step("publish.yml", END, PING_URL=f"{address}/", **GOOD))
        for wrong in GOOD:
            bad = GOOD | {wrong: "failure"}
            said.append(machine.step("publish.yml", END, PING_URL=address, **bad))
    assert heard == [f"/{MARK}/start", f"/{MARK}", *[f"/{MARK}/fail"] * 3]
    assert [one.returncode for one in said] == [0] * 5
    assert "".join(one.stdout + one.stderr for one in said) == ""


@pytest.mark.parametrize(
    "address",
    [
        f"http://localhost/{MARK}",
        f"ftp://localhost/{MARK}",
        f'https://localhost/{MARK}"\noutput = "hacked',
        f"https://{MARK}@localhost/$(touch hacked)",
    ],
    ids=["http", "ftp", "option", "shell"],
)
def test_an_address_that_is_no_plain_https_is_not_asked(machine: Machine, address: str) -> None:
    """A slip in the secret is named without the secret, and fails nothing."""
    curl = Path(machine.variables["PATH"].partition(":")[0]) / "curl"
    curl.write_text('#!/bin/bash\ntouch "$HOME/asked"\n', encoding="utf-8")
    curl.chmod(0o755)
    for name, more in ((BEGIN, {}), (END, GOOD)):
        done = machine.step("publish.yml", name, PING_URL=address, **more)
        assert done.returncode == 0
        assert "::warning title=No ping::" in done.stdout
        assert MARK not in done.stdout + done.stderr
    assert not (machine.home / "asked").exists()
    assert not (machine.home / "hacked").exists()


@pytest.mark.parametrize("status", [404, 302])
def test_a_switch_that_does_not_listen_fails_nothing(
    machine: Machine, tmp_path: Path, status: int
) -> None:
    """What it answers is not followed, and neither its address nor its words are shown."""
    with switch(tmp_path, status) as (address, heard, trusted):
        machine.variables |= trusted
        done = machine.step("publish.yml", END, PING_URL=address, **GOOD)
    assert done.returncode == 0
    assert heard == [f"/{MARK}"]
    assert ("::warning title=No ping::" in done.stdout) == (status == 404)
    assert MARK not in done.stdout + done.stderr


def test_the_secret_is_in_no_argument_of_a_process(machine: Machine) -> None:
    """`curl` is told the address where other users of a machine do not see it; none asks nobody."""
    curl = Path(machine.variables["PATH"].partition(":")[0]) / "curl"
    curl.write_text('#!/bin/bash\necho "$*" >> "$HOME/args"\ncat >> "$HOME/in"\n', encoding="utf-8")
    curl.chmod(0o755)
    assert machine.step("publish.yml", BEGIN, PING_URL="").returncode == 0
    assert machine.step("publish.yml", END, PING_URL="", **GOOD).returncode == 0
    assert machine.said("args") == ""
    machine.step("publish.yml", BEGIN, PING_URL=f"https://switch.example/{MARK}")
    assert machine.said("in") == f'url = "https://switch.example/{MARK}/start"\n'
    assert MARK not in machine.said("args")
    for option in ("--proto =https", "--max-time "):
        assert option in machine.said("args")


@pytest.mark.parametrize("wrong", [None, *GOOD])
def test_the_verdict_fails_when_anything_did(machine: Machine, wrong: str | None) -> None:
    """Published first, failed last: every one of the three jobs counts."""
    results = GOOD | ({wrong: "skipped"} if wrong else {})
    name = "Fail loudly when the run or the publishing needs an operator"
    assert (machine.step("publish.yml", name, **results).returncode == 0) == (wrong is None)


@pytest.mark.parametrize(
    ("more", "words"),
    [({}, ""), ({"FIRST": "said"}, " --first-night"), ({"ADOPT": "said"}, " --adopt")],
)
def test_each_part_of_a_shared_night_is_asked_by_its_number(
    machine: Machine, more: dict[str, str], words: str
) -> None:
    """What a person said when starting the workflow by hand goes to every part."""
    ours = Path(machine.variables["PATH"].partition(":")[0]) / "aggregator"
    ours.write_text('#!/bin/bash\necho "$*" > "$HOME/args"\n', encoding="utf-8")
    ours.chmod(0o755)
    shared = "../../docs/publish-in-shards.yml"
    assert machine.step(shared, "Ask about this part", SHARD="3/8", **more).returncode == 0
    always = "update --restore --copy memory --state asked --shard 3/8"
    assert machine.said("args") == f"{always}{words}\n"


def test_the_composite_action_and_the_workflow_do_the_same() -> None:
    """Who changes one of them has to change the other."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]
    named = {one.get("name"): one.get("run") for one in action}
    for name in (LOOK, KEEP, BEGIN):
        assert named[name] == step("publish.yml", name)["run"]
    # These two are run by tests/adopting/test_action.py.
    for name in ("Fetch the report", "Put it on the pull request"):
        assert named[name] == step("comment-on-pull-request.yml", name)["run"]
    ping = step("publish.yml", BEGIN)["run"].partition("\n")[2]
    assert ping in named[END]
    assert ping in step("publish.yml", END)["run"]
