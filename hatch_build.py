"""Writes into a wheel at which commit the action of this program is, when its build is told.

    AGGREGATOR_ACTION=owner/name@0123456789abcdef0123456789abcdef01234567 python -m build

Whoever releases the program says so; `aggregator init` then pins the workflows of communities to
that commit. A wheel that was not told says that it does not know (`adopting/action_pin.py`).
"""

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VARIABLE = "AGGREGATOR_ACTION"


class ActionHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `action.txt` to the package."""

    _folder: TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the signature is hatchling's
        """Read the variable and hand its text over; a text of another form stops the build."""
        told = os.environ.get(VARIABLE, "").strip()
        if not told:
            return
        if not re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", told, re.ASCII):
            form = "owner/name@ and the 40 digits of a commit"
            raise ValueError(f"{VARIABLE} is {told!r}; write {form}")
        self._folder = TemporaryDirectory()
        note = Path(self._folder.name) / "action.txt"
        note.write_text(f"{told}\n", encoding="utf-8")
        build_data["force_include"][str(note)] = "aggregator/adopting/action.txt"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - as above
        """Take away what was written for the build."""
        if self._folder:
            self._folder.cleanup()
