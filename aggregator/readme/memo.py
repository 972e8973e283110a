"""Rendered READMEs kept on disk; deleting the folder costs time and nothing else."""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aggregator.readme.models import Heading, LeadImage, Readme, ReadmeSource


class Memo:
    """A folder of rendered READMEs, one file each, named by everything their bytes depend on.

    What was not asked for while it was open is deleted on `close`: a repository that is no longer
    shown leaves no copy behind.
    """

    def __init__(self, folder: Path | None, version: str) -> None:
        self._folder = folder
        self._version = version
        self._asked_for: set[str] = set()

    def get(self, source: ReadmeSource) -> Readme | None:
        """Give what was rendered before from the same source, or None."""
        if self._folder is None:
            return None
        name = self._name(source)
        self._asked_for.add(name)
        with suppress(OSError, ValueError, KeyError, TypeError):
            return _read(json.loads((self._folder / name).read_text("utf-8")))
        return None

    def put(self, source: ReadmeSource, readme: Readme) -> None:
        """Keep what was rendered; a full or read-only disk only means rendering again."""
        if self._folder is None:
            return
        target = self._folder / self._name(source)
        unfinished = target.with_suffix(f".{os.getpid()}.tmp")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(json.dumps(asdict(readme), ensure_ascii=False), "utf-8")
            unfinished.replace(target)

    def close(self) -> None:
        """Delete what nobody asked for, and what a killed process left unfinished."""
        if self._folder is None:
            return
        # A living process loses at most the copy it is writing, and renders that again.
        for file in (*self._folder.glob("*.json"), *self._folder.glob("*.tmp")):
            if file.name not in self._asked_for:
                file.unlink(missing_ok=True)

    def _name(self, source: ReadmeSource) -> str:
        digest = hashlib.sha256(self._version.encode())
        facts = (source.path, source.repository, source.ref, source.branch, source.web_base)
        digest.update(json.dumps([*facts, source.github_html, source.truncated]).encode())
        digest.update(source.data)
        return f"{digest.hexdigest()[:40]}.json"


def _read(stored: dict[str, Any]) -> Readme:
    image = stored["lead_image"]
    return Readme(
        html=stored["html"],
        text=stored["text"],
        excerpt=stored["excerpt"],
        headings=tuple(Heading(**heading) for heading in stored["headings"]),
        lead_image=LeadImage(**image) if image else None,
        notes=tuple(stored["notes"]),
    )
