"""A change proposed for the registry: its edits of files, its words, and how it is written.

`from_issue` makes one; `aggregator from-issue` applies it and writes its texts for the workflow,
which opens the pull request and answers the member. The only module here that writes a registry;
how a text changes is decided in `editor`.
"""

import codecs
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from pathlib import Path

from aggregator.joining.renderings import escaped, fenced
from aggregator.registry.tree import decode, read_file
from aggregator.store.locking import hold, write_whole
from aggregator.words.errors import RegistryError
from aggregator.words.exits import DONE, WRONG

Edit = Callable[[str], str]

ANSWER_MARK = "<!-- aggregator: answer to a form -->"
SETTING = "Allow GitHub Actions to create and approve pull requests"
_LOCK_WAIT = 30.0
_MOST_TRIES = 5


class UnclearError(Exception):
    """What is wrong with a form: its arguments, a sentence each."""


@dataclass(frozen=True)
class Proposal:
    """What became of an issue.

    Args:
        answer: Markdown for the issue; empty when there is nothing to say.
        title: Title of the pull request, when there is a change.
        edits: How the text of each file changes.
        note: Markdown for the description of the pull request.
        by_hand: The answer for a repository in which workflows may not open pull requests.
        begins: Files that may not be there yet; any other that is absent is not made up.
    """

    answer: str = ""
    title: str = ""
    edits: Mapping[Path, Edit] = field(default_factory=dict)
    note: str = ""
    by_hand: str = ""
    begins: frozenset[Path] = frozenset()

    @property
    def exit_code(self) -> int:
        """0 for a change or nothing to do, 2 for an issue that needs another look."""
        return WRONG if self.answer and not self.edits else DONE

    @property
    def files(self) -> dict[str, str]:
        """What the workflow reads, by file name."""
        return {
            "answer.md": f"{ANSWER_MARK}\n{self.answer}\n" if self.answer else "",
            "title.txt": f"{self.title}\n" if self.title else "",
            "note.md": f"{self.note}\n" if self.note else "",
            "by-hand.md": f"{ANSWER_MARK}\n{self.by_hand}\n" if self.by_hand else "",
        }

    def rehearsed(self) -> "Proposal":
        """Try the change without writing anything, and say how it is made by hand.

        Raises:
            RegistryError: It cannot be made safely.
        """
        if not self.edits:
            return self
        opening = (
            "Thank you! The change is ready, but workflows may not open pull requests in this "
            f"repository (**Settings → Actions → General → {SETTING}**). Somebody who looks after "
            "it can switch that on and edit this issue, or make the change below by hand."
        )
        changes = [_as_text(path, self._text_of(path), edit) for path, edit in self.edits.items()]
        return replace(self, by_hand="\n\n".join([opening, *changes]))

    def apply(self) -> None:
        """Write the change into the registry.

        Raises:
            RegistryError: It cannot be written safely; then that file is as it was.
        """
        for path, edit in self.edits.items():
            rewrite(path, edit, begins=path in self.begins)

    def _text_of(self, path: Path) -> str:
        return "" if path in self.begins and not path.exists() else read_file(path).text


def _as_text(path: Path, before: str, edit: Edit) -> str:
    """Show a change to paste: the new lines, or the difference when lines go as well."""
    lines = list(unified_diff(before.split("\n"), edit(before).split("\n"), n=2, lineterm=""))[2:]
    if any(line.startswith("-") for line in lines):
        return f"In {escaped(path.name)}, change:\n\n{fenced(chr(10).join(lines), 'diff')}"
    added = "\n".join(line[1:] for line in lines if line.startswith("+"))
    return f"In {escaped(path.name)}, add:\n\n{fenced(added, path.suffix.lstrip('.'))}"


def rewrite(path: Path, edit: Edit, *, begins: bool = False) -> None:
    """Replace a file by an edited copy: whole or not at all, with the line ends it had.

    Two that change it at once do so one after the other. An editor knows no locks, so what was
    saved meanwhile is read again.

    Args:
        path: A file of the registry.
        edit: Takes its text, with plain line ends, and gives the new one.
        begins: A file that is not there is an empty one.

    Raises:
        RegistryError: The file cannot be read or written, `edit` refuses, or another process
            goes on changing it.
    """
    # The lock is in the system's folder for temporary files and not beside the registry, where
    # somebody would commit it. Nobody may open the lock of another account there, so each
    # account has its own.
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    account = os.getuid() if sys.platform != "win32" else ""
    lock = Path(tempfile.gettempdir()) / f"aggregator-registry-{account}-{place}.lock"
    with hold(lock, _LOCK_WAIT, path.as_posix(), RegistryError):
        for _ in range(_MOST_TRIES):
            if _rewritten(path, edit, begins=begins):
                return
    cause = "another program changes it again and again"
    raise RegistryError(path.as_posix(), cause, "close it, then try again")


def _rewritten(path: Path, edit: Edit, *, begins: bool) -> bool:
    if begins and not path.exists():
        path.touch()
    read_file(path)  # refuses what is absent or too large, in words
    content = path.read_bytes()
    if content[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        cure = "save it as UTF-8 in your editor first"
        raise RegistryError(path.as_posix(), "it is saved as UTF-16", cure)
    text = edit(decode(content))
    if b"\r\n" in content:
        text = text.replace("\n", "\r\n")
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    if path.read_bytes() != content:
        return False
    try:
        write_whole(path, mark + text.encode())
    except OSError as error:
        cause = f"it cannot be written ({error.strerror})"
        raise RegistryError(path.as_posix(), cause, "check who may write there") from None
    return True
