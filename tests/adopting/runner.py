"""A machine of GitHub Actions that runs a composite action: its `if`, its variables, its outputs.

As far as action.yml uses that language: comparisons joined by `&&`, values joined by `||`, and
names of contexts. A name that a test did not give is a mistake of the test, never an empty text.
What other actions do is a note in `used`.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT
from tests.program import SHELL_OF_STEPS

ACTION = ROOT / "action.yml"
# Says yes to everything and keeps what it is told; files in its folder change its mind.
GH = """\
#!/bin/bash
echo "$*" >> "$GH_STUB/log"
said() { cat "$GH_STUB/$1" 2>/dev/null || true; }
case "$1 $2" in
  "pr create") [[ ! -e "$GH_STUB/refuse" ]] || { echo "not permitted" >&2; exit 1; } ;;
  "run download") cp -r "$GH_STUB/report" "${@: -1}" ;;
  "api --silent") [[ "$3" != */pages || ! -e "$GH_STUB/no-pages" ]] || exit 1 ;;
  "api repos/"*"/artifacts"*) said artifact ;;
  "api --method") said published ;;
  "api repos/"*"/workflows?"*) said workflows ;;
  "api repos/"*"/pulls/"*) said head ;;
  "api repos/"*"/comments") said known ;;
esac
for word in "$@"; do
  case "$word" in body=@*) cp "${word#body=@}" "$GH_STUB/posted" ;; esac
done
"""


def steps() -> list[dict[str, Any]]:
    """Give the steps of the action, in order."""
    listed: list[dict[str, Any]] = yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"]
    return listed


@dataclass
class ActionRunner:
    """One job that uses the action in a folder.

    Args:
        place: Where everything of the machine lies.
        folder: The checkout that the job works in.
        contexts: What GitHub knows, by the names of its contexts.
        variables: What stands in the environment of every step.
    """

    place: Path
    folder: Path
    contexts: dict[str, str]
    variables: dict[str, str]
    used: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    said: str = ""

    @property
    def stub(self) -> Path:
        """The folder of the stand-in for `gh`."""
        return self.place / "gh"

    def use(self, command: str, **inputs: str) -> int:
        """Run a command of the action to its first failing step; give the code of that."""
        defaults = yaml.safe_load(ACTION.read_text("utf-8"))["inputs"]
        given = {name: one.get("default", "") for name, one in defaults.items()}
        given |= {name.replace("_", "-"): text for name, text in inputs.items()}
        contexts = {f"inputs.{name}": text for name, text in (given | {"command": command}).items()}
        self.outputs.clear()
        for step in steps():
            if not self._holds(step.get("if", "'' == ''"), contexts):
                continue
            if "uses" in step:
                self.used.append(step["uses"].partition("@")[0])
            elif code := self._run(step, contexts):
                return code
        return 0

    def _run(self, step: Mapping[str, Any], contexts: Mapping[str, str]) -> int:
        self.ran.append(step["name"])
        output = self.place / "output.txt"
        output.write_text("", encoding="utf-8")
        summary = self.place / "summary.md"
        files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
        files["GH_STUB"] = str(self.stub)
        own = {name: self._filled(text, contexts) for name, text in step.get("env", {}).items()}
        done = subprocess.run(
            [*SHELL_OF_STEPS, step["run"]],
            cwd=self.folder / step.get("working-directory", "."),
            env=self.variables | files | own,
            capture_output=True,
            text=True,
        )
        self.said += done.stdout + done.stderr
        for line in output.read_text("utf-8").splitlines():
            name, _, text = line.partition("=")
            self.outputs[f"steps.{step['id']}.outputs.{name}"] = text
        return done.returncode

    def _holds(self, condition: str, contexts: Mapping[str, str]) -> bool:
        parts = (re.fullmatch(r"(.+) (==|!=) '(.*)'", one) for one in condition.split(" && "))
        return all(
            (self._value(part[1], contexts) == part[3]) == (part[2] == "==")
            for part in parts
            if part is not None or _unread(condition)
        )

    def _filled(self, text: str, contexts: Mapping[str, str]) -> str:
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: self._value(found[1], contexts), text)

    def _value(self, expression: str, contexts: Mapping[str, str]) -> str:
        if expression == "''":
            return ""
        if " || " in expression:
            values = (self._value(part, contexts) for part in expression.split(" || "))
            return next(filter(None, values), "")
        known = self.contexts | dict(contexts) | self.outputs
        if expression.startswith("steps."):  # of a step that was not run or said nothing
            return known.get(expression, "")
        return known[expression]


def _unread(condition: str) -> bool:
    raise AssertionError(f"a condition of another form: {condition}")


def begin_runner(place: Path, folder: Path, **variables: str) -> ActionRunner:
    """Set up a machine: its folders, its stand-in for `gh`, and what GitHub knows everywhere."""
    programs, temp = place / "bin", place / "temp"
    for made in (programs, temp, place / "gh"):
        made.mkdir()
    (programs / "gh").write_text(GH, encoding="utf-8")
    (programs / "gh").chmod(0o755)
    contexts = {
        "github.token": "any-word",
        "env.SHOWCASE_TOKEN": "",
        "env.PING_URL": "",
        "github.event_name": "schedule",
        "github.workflow_ref": "octo/showcase/.github/workflows/showcase.yml@refs/heads/main",
        "github.ref_name": "main",
        "github.repository": "octo/showcase",
        "github.server_url": f"file://{place}",
    }
    return ActionRunner(
        place,
        folder,
        contexts,
        {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(place),
            "RUNNER_TEMP": str(temp),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GIT_CONFIG_SYSTEM": os.devnull,
            **variables,
        },
    )
