"""A change proposed for the registry by way of an issue: its edits, its words, its way by hand.

`from_issue` makes one; `aggregator from-issue` applies it and writes its texts for the
workflow, which opens the pull request and answers the member.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import Literal

from aggregator.joining.rewrite import rewrite
from aggregator.joining.summary import escaped, fenced
from aggregator.registry.tree import read_file

Kind = Literal["add", "edit", "remove", "wish"]
Edit = Callable[[str], str]

ANSWER_MARK = "<!-- aggregator: answer to a form -->"
SETTING = "Allow GitHub Actions to create and approve pull requests"


@dataclass(frozen=True)
class Outcome:
    """What became of an issue.

    Args:
        kind: Which form it was, or a wish for a listing; None when the issue is neither.
        answer: Markdown for the issue; empty when there is nothing to say.
        title: Title of the pull request, when there is a change.
        edits: The change: how the text of each file changes.
        note: Markdown for the description of the pull request.
    """

    kind: Kind | None
    answer: str = ""
    title: str = ""
    edits: Mapping[Path, Edit] = field(default_factory=dict)
    note: str = ""

    @property
    def exit_code(self) -> int:
        """0 for a change or nothing to do, 2 for an issue that needs another look."""
        return 0 if self.edits or self.kind is None else 2

    @property
    def files(self) -> dict[str, str]:
        """What the workflow reads, by file name.

        The answer, the pull request's title and note, and `by-hand.md`: the answer for a
        repository in which workflows may not open pull requests.

        Raises:
            RegistryError: The change cannot be made safely.
        """
        answer = f"{ANSWER_MARK}\n{self.answer}\n" if self.answer else ""
        return {
            "answer.md": answer,
            "title.txt": f"{self.title}\n" if self.title else "",
            "note.md": f"{self.note}\n" if self.note else "",
            "by-hand.md": f"{ANSWER_MARK}\n{self._by_hand()}\n" if self.edits else "",
        }

    def _by_hand(self) -> str:
        opening = (
            "Thank you! The change is ready, but workflows may not open pull requests in this "
            f"repository (**Settings → Actions → General → {SETTING}**). Somebody who looks after "
            "it can switch that on and edit this issue, or make the change below by hand."
        )
        changes = (_change_as_text(path, edit) for path, edit in self.edits.items())
        return "\n\n".join([opening, *changes])

    def rehearsed(self) -> "Outcome":
        """Try the change without writing anything, and give it back when that works.

        Raises:
            RegistryError: It cannot be made safely.
        """
        for path, edit in self.edits.items():
            edit(read_file(path).text)
        return self

    def apply(self) -> None:
        """Write the change into the registry.

        Raises:
            RegistryError: It cannot be written safely; then that file is as it was.
        """
        for path, edit in self.edits.items():
            rewrite(path, edit)


def _change_as_text(path: Path, edit: Edit) -> str:
    """Show a change to paste: the new lines, or the difference when lines go as well."""
    before = read_file(path).text
    lines = list(unified_diff(before.split("\n"), edit(before).split("\n"), n=2, lineterm=""))[2:]
    if not any(line.startswith("-") for line in lines):
        added = "\n".join(line[1:] for line in lines if line.startswith("+"))
        return f"In {escaped(path.name)}, add:\n\n{fenced(added, 'yaml')}"
    return f"In {escaped(path.name)}, change:\n\n{fenced(chr(10).join(lines), 'diff')}"


def please_mend(problems: Sequence[str]) -> str:
    """Answer a form that cannot be used yet: everything that is wrong, at once."""
    listed = "\n".join(f"- {escaped(problem, 600)}" for problem in problems)
    return (
        "Thank you for filling this in! It cannot be used just yet:\n\n"
        f"{listed}\n\n"
        "Please edit the issue (the three dots at its top right, then *Edit*); "
        "it is read again as soon as you save it."
    )
