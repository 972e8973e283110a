"""No secret of the machine comes into anything that a command says, keeps or makes.

The secrets are marked words in the variables that commands read: the token for GitHub, a webhook,
tokens and passwords of the places where news is told. Each command of the program is run, well and
badly, with and without `--debug`; then everything that it wrote is searched for them.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import psutil
import pytest

from aggregator.cli.app import COMMANDS, command_of
from aggregator.demo.sample import REGISTRY
from tests.announcing.receivers import (
    BLUESKY_PASSWORD,
    MAIL_PASSWORD,
    MASTODON_TOKEN,
    SESSION,
    WEBHOOK,
    MailBox,
    Places,
    Trust,
    serve_mail,
    serve_places,
    variables_for,
)
from tests.conftest import MakeOnce
from tests.program import clean_environment, files, run_program
from tests.stand_in.server import Server, serve
from tests.stand_in.world import sample_community

TOKEN = "ghp_markedmarkedmarkedmarkedmarked123456"
MARKED = (TOKEN, WEBHOOK, MASTODON_TOKEN, BLUESKY_PASSWORD, MAIL_PASSWORD, SESSION)
# How each command is called: each as it is meant to be, and as it fails.
CALLS: Mapping[str, tuple[str, ...]] = {
    "demo": ("demo --output shown", "demo --output ."),
    "serve": ("serve --registry absent.yaml", "serve --templates absent"),
    "search": ("search charts", "search --site https://localhost:9/ charts"),
    "sandbox": ("sandbox --data absent", "sandbox --port 99999"),
    "run": ("run --report report.json", "run --restore --copy absent", "run --output ."),
    "update": (
        "update",
        "update --shard 1/2",
        "update --registry absent.yaml",
        "update --state /proc/x",
    ),
    "merge": ("merge .aggregator/shard-1-of-2.jsonl", "merge absent"),
    "build": (
        "build",
        "build --explain index.html",
        "build --templates absent",
        "build --output /proc",
    ),
    "status": ("status --all", "status --registry absent.yaml"),
    "schedule": ("schedule --cron nonsense", "schedule --registry absent.yaml"),
    "restore": ("restore output", "restore https://localhost:9/", "restore ftp://localhost/"),
    "announce": (
        "announce",
        "announce --send --since 2020-01-01",
        "announce --text",
        "announce --send --again",
        "announce --send --site absent",
        "announce --send --state /proc/x",
    ),
    "add": ("add --yes larkmere-hospitals/ward-weather", "add --yes nonsense"),
    "check": ("check --format json", "check --registry absent.yaml"),
    "init": (
        "init",
        "init --registry new/registry.yaml",
        "init --from larkmere-hospitals --yes made",
    ),
    "upgrade": ("upgrade made --dry-run", "upgrade absent"),
    "doctor": ("doctor", "doctor --json", "doctor --registry absent.yaml"),
    "links": ("links --time-budget 1", "links --registry absent.yaml"),
    "care": ("care --report care.md", "care --apply nonsense"),
    "runs": ("runs --json", "runs --registry absent.yaml", "runs --check"),
    "mcp": ("mcp --from output", "mcp --from absent"),
    "schema": ("schema", "schema --write"),
    "from-issue": (
        "from-issue --body form.md --answer-to answer.md",
        "from-issue --body absent --answer-to x",
    ),
    "preview": ("preview --report findings.json", "preview --report absent.json"),
    "comment": ("comment --report findings.json", "comment --report absent.json"),
}
_A_SECOND = 1_000_000_000
LASTING = {
    "serve": (("serve", "--port", "0"), "Serving"),
    "sandbox": (("sandbox", "--port", "0"), "GITHUB_API_URL"),
    "schedule": (("schedule",), "next run:"),
}


@dataclass
class Machine:
    """A machine with secrets in its variables, on which a community runs its showcase."""

    folder: Path
    variables: dict[str, str]
    github: Server
    places: Places
    box: MailBox
    searched: int = 0

    def refuse_marks(self, said: str, what: str) -> None:
        """Fail where a secret is in what was said, or in any file that there is."""
        for secret in MARKED:
            assert secret not in said, f"{what} says {secret}"
        for path in self.folder.rglob("*"):
            if path.is_file() and path.stat().st_mtime_ns >= self.searched:
                content = path.read_bytes()
                for secret in MARKED:
                    assert secret.encode() not in content, f"{what} left {secret} in {path}"
        self.searched = time.time_ns() - _A_SECOND  # what is written from now on is read next time


@pytest.fixture(scope="module")
def machine(
    sample: Path, make_once: MakeOnce, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machine]:
    """The sample community, built once, with every secret set and every server there."""
    folder = tmp_path_factory.mktemp("secrets")
    subprocess.run(["cp", "-r", f"{sample}/.", str(folder)], check=True)
    registry = (folder / REGISTRY.name).read_text(encoding="utf-8")
    every = "".join(
        f"      - service: {name}\n" for name in ("slack", "teams", "mastodon", "bluesky", "email")
    )
    registry = re.sub(r"    quiet_from.*\n    quiet_until.*\n", "", registry)
    registry = re.sub(r"(    targets:\n)(      .*\n)+", rf"\1{every}", registry)
    (folder / REGISTRY.name).write_text(registry, encoding="utf-8")
    (folder / "form.md").write_text("### Repository\n\noctocat/hello\n", encoding="utf-8")
    (folder / "findings.json").write_text("{}", encoding="utf-8")
    trust = Trust(tmp_path_factory.mktemp("trust"))
    with (
        serve(sample_community()) as github,
        serve_places(trust.server) as places,
        serve_mail(trust.server) as box,
    ):
        variables = {
            **clean_environment(),
            **trust.variables,
            **variables_for(places, box),
            "GITHUB_API_URL": github.api_url,
            "GITHUB_GRAPHQL_URL": github.graphql_url,
            "GITHUB_TOKEN": TOKEN,
        }
        yield Machine(folder, variables, github, places, box)


def test_every_command_is_tried() -> None:
    """A new command is not forgotten here."""
    assert set(CALLS) == set(COMMANDS)


@pytest.mark.parametrize("name", CALLS)
def test_no_command_tells_a_secret(name: str, machine: Machine) -> None:
    """What a command says and what it leaves behind holds none, whether it goes well or badly."""
    for call in CALLS[name]:
        words = call.split()
        done = run_program(words, machine.folder, machine.variables)
        machine.refuse_marks(done.stdout + done.stderr, call)


@pytest.mark.parametrize("name", CALLS)
def test_no_trace_tells_a_secret(name: str, machine: Machine) -> None:
    """The traces that --debug shows, for somebody to paste into an issue, hold none either."""
    for call in CALLS[name][-1:]:
        done = subprocess.run(
            [sys.executable, "-m", "aggregator", "--debug", *call.split()],
            cwd=machine.folder,
            env=machine.variables,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        machine.refuse_marks(done.stdout + done.stderr, f"--debug {call}")


@pytest.mark.parametrize("what", ["server", "repo"])
@pytest.mark.parametrize("fault", [401, 403, 500, 307, "cut", "lost"])
def test_no_failure_of_a_place_tells_a_secret(
    machine: Machine, fault: int | str, what: str, tmp_path: Path
) -> None:
    """Whatever a place answers, though it repeats what it was sent, nothing secret is shown."""
    machine.places.echoes = True
    for path in ("/services", "/api", f"/xrpc/com.atproto.{what}"):
        machine.places.faults[path] = [fault] * 4
    state = ["--state", str(tmp_path / "state"), "--since", "2020-01-01"]
    for words in (["announce", "--send", *state], ["--debug", "announce", "--send", *state]):
        done = run_program(words, machine.folder, machine.variables)
        machine.refuse_marks(done.stdout + done.stderr, f"announce at {fault}")
    machine.places.faults.clear()
    machine.places.echoes = False
    assert "slack" in done.stdout + done.stderr
    assert not any(
        secret.encode() in content for secret in MARKED for content in files(tmp_path).values()
    )


def test_the_secrets_are_those_that_are_used(machine: Machine) -> None:
    """What was searched for is what was really sent: the other tests did not look for nothing."""
    machine.places.heard.clear()
    used = ["announce", "--send", "--since", "2020-01-01", "--state", "used"]
    done = run_program(used, machine.folder, machine.variables)
    sent = " ".join(f"{one.path} {one.headers} {one.document}" for one in machine.places.heard)
    for secret in (WEBHOOK, MASTODON_TOKEN, BLUESKY_PASSWORD, SESSION):
        assert secret in sent
    wrong = machine.variables | {"ANNOUNCE_EMAIL_PASSWORD": "another"}
    month = ["announce", "--send", "--since", "2020-01-01", "--state", "unused"]
    assert "email" in done.stdout
    assert "answered 535" in run_program(month, machine.folder, wrong).stderr
    machine.github.revoke(TOKEN)
    refused = run_program(["update"], machine.folder, machine.variables)
    machine.github.stand_in.revoked.discard(TOKEN)
    assert refused.returncode == 1  # it was that token and no other that was sent
    machine.refuse_marks(refused.stdout + refused.stderr, "a token that was taken back")


@pytest.mark.parametrize("name", LASTING)
def test_what_runs_on_tells_no_secret(name: str, machine: Machine) -> None:
    """Programs that run until they are stopped hold none in what they say or in their arguments."""
    words, ready = LASTING[name]
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", *words],
        cwd=machine.folder,
        env=machine.variables | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if ready in line:
                break
        arguments = _arguments(process.pid)
        process.send_signal(signal.SIGINT)
        said += process.communicate(timeout=60)[0]
    finally:
        process.kill()
    assert ready in said
    machine.refuse_marks(said + arguments, name)


def test_no_process_is_given_a_secret(machine: Machine) -> None:
    """Neither a command nor a worker that it starts has one among its arguments."""
    cache = machine.folder / ".aggregator" / "cache"
    subprocess.run(["rm", "-rf", str(cache)], check=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", "run"],
        cwd=machine.folder,
        env=machine.variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    seen: set[str] = set()
    try:
        while process.poll() is None:
            seen.add(_arguments(process.pid))
            time.sleep(0.02)
    finally:
        process.kill()
    assert len(seen) > 1  # workers came and went
    machine.refuse_marks("\n".join(seen), "a process")


def _arguments(pid: int) -> str:
    """Give the arguments of a process and of all that it started."""
    try:
        whole = psutil.Process(pid)
        family = [whole, *whole.children(recursive=True)]
        return "\n".join(" ".join(one.cmdline()) for one in family)
    except psutil.Error:
        return ""


@pytest.mark.parametrize("name", COMMANDS)
def test_no_option_takes_a_secret(name: str) -> None:
    """What is typed after a command stands in histories and lists of processes."""
    options = [one for one in command_of(name).params if isinstance(one, click.Option)]
    words = {word for one in options for opt in one.opts for word in opt.strip("-").split("-")}
    assert not words & {"token", "secret", "password", "webhook", "key", "credential"}


def test_the_workflows_hand_secrets_to_variables_alone() -> None:
    """No step writes a secret into its commands, where a log would show it."""
    root = Path(__file__).resolve().parents[2] / ".github" / "workflows"
    for path in root.glob("*.yml"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "${{ secrets." in line:
                assert re.fullmatch(r"\s+[A-Z_]+: \$\{\{ secrets\.[A-Z_]+ \}\}", line), (path, line)


def test_nothing_of_this_machine_is_used() -> None:
    """The marked words are nobody's."""
    assert not any(secret in value for secret in MARKED for value in os.environ.values())
