"""The file in which one of several machines that share a night keeps what GitHub said to it.

    heading, then one line of JSON a batch of answers, then the end: shard-3-of-8.jsonl

Each line is whole before the next begins, so what a killed process leaves is true as far as it
goes. A line that makes no sense ends the file: what was said before it counts, the rest was not
said. Read as plain data and checked, as it comes from another machine.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, TextIO

from pydantic import TypeAdapter

from aggregator.facts.protocol import Depth, Trouble
from aggregator.facts.record import ReadmeText
from aggregator.facts.recording import (
    NotedAnswer,
    Question,
    Recording,
    RecordingEnd,
    RecordingHeading,
    Shard,
)
from aggregator.facts.repository import Contributors, Glance, RepoFacts
from aggregator.store.locking import hold
from aggregator.words.errors import StateError
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import Fault

SHARD_FILES = "shard-*-of-*.jsonl"
_FORMAT = 1
_LOCK_WAIT = 5.0
# A batch of answers is of a few megabytes of READMEs; what is longer by far is no line of ours.
_LONGEST_LINE = 100_000_000
_KINDS: Mapping[str, TypeAdapter[Any]] = {
    "glance": TypeAdapter(Glance),
    "contributors": TypeAdapter(Contributors),
    "outcome": TypeAdapter(Outcome),
    "fault": TypeAdapter(Fault),
    "trouble": TypeAdapter(Trouble),
}
_KIND_OF: Mapping[type, str] = {
    Glance: "glance",
    Depth: "depth",
    Contributors: "contributors",
    Outcome: "outcome",
    Fault: "fault",
    Trouble: "trouble",
    ReadmeText: "readme",
}
_END: TypeAdapter[RecordingEnd] = TypeAdapter(RecordingEnd)


class ShardFile:
    """A recording under way. Made by `open_shard_file`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._whole = Lock()  # answers may come in from several threads

    def note(self, question: Question, said: Mapping[str, NotedAnswer]) -> None:
        """Add what was said to one question; it survives the death of the process."""
        told = {name: _written(one) for name, one in said.items()}
        self._add({"question": question.value, "said": told})

    def finish(self, end: RecordingEnd) -> None:
        """Say how it ended, which tells it from one that was killed."""
        self._add({"end": _END.dump_python(end, mode="json")})

    def _add(self, line: Mapping[str, object]) -> None:
        text = json.dumps(line, ensure_ascii=True, separators=(",", ":"))
        with self._whole:
            self._stream.write(f"{text}\n")
            self._stream.flush()


def path_of_shard(folder: Path, shard: Shard) -> Path:
    """Name the file of a part in the folder of a state."""
    return folder / f"shard-{shard.number}-of-{shard.of}.jsonl"


@contextmanager
def open_shard_file(path: Path, heading: RecordingHeading) -> Iterator[ShardFile]:
    """Begin the recording of a part, in the place of that of an earlier night.

    Raises StateError when another process records the same part there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        hold(path.with_suffix(".lock"), _LOCK_WAIT, f"shard {heading.shard}"),
        path.open("w", encoding="ascii", newline="\n") as stream,
    ):
        file = ShardFile(stream)
        told = heading.model_dump(mode="json")
        stream.write(f"{json.dumps({'shard_file': _FORMAT, 'heading': told})}\n")
        stream.flush()
        yield file


def shard_files_at(place: Path) -> list[Path]:
    """List the files of parts that a place holds: in a folder and those below it, or the file."""
    if place.is_dir():
        return sorted(path for path in place.rglob(SHARD_FILES) if path.is_file())
    return [place] if place.is_file() else []


def read_shard_file(path: Path) -> Recording:
    """Read a recording as far as it is whole.

    Raises:
        StateError: it does not even say which part it is of, or cannot be read at all.
    """
    try:
        with path.open("rb") as stream:
            heading = _heading(stream.readline(_LONGEST_LINE))
            if heading is None:
                raise StateError(
                    f"{path} is no recording of a shard",
                    "its first line does not say which part it is of",
                    "run `aggregator update --shard` again, with the same version of the program",
                )
            return _recording(heading, iter(partial(stream.readline, _LONGEST_LINE), b""))
    except OSError as problem:
        raise StateError(f"{path} cannot be read", problem.strerror or str(problem)) from problem


def _recording(heading: RecordingHeading, lines: Iterable[bytes]) -> Recording:
    answers: dict[Question, dict[str, NotedAnswer]] = {}
    for line in lines:
        try:
            told = json.loads(line)
            if "end" in told:
                return Recording(heading, answers, _END.validate_python(told["end"]))
            said = {str(name): _read(one) for name, one in dict(told["said"]).items()}
            question = Question(told["question"])
        except (ValueError, TypeError, KeyError, RecursionError):
            break  # cut off or damaged here: whoever reads sees that it has no end
        known = answers.setdefault(question, {})
        for name, one in said.items():  # a late trouble takes back no answer
            if name not in known or not isinstance(one, Trouble):
                known[name] = one
    return Recording(heading, answers)


def _heading(line: bytes) -> RecordingHeading | None:
    try:
        told = json.loads(line)
        return (
            RecordingHeading.model_validate(told["heading"])
            if told["shard_file"] == _FORMAT
            else None
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _written(said: NotedAnswer) -> dict[str, Any]:
    kind = _KIND_OF[type(said)]
    if isinstance(said, ReadmeText):
        return {kind: _written_readme(said)}
    if isinstance(said, Depth):
        facts = said.facts.model_dump(mode="json", exclude_none=True)
        readme = _written_readme(said.readme) if said.readme else None
        return {kind: {"facts": facts, "readme": readme}}
    return {kind: _KINDS[kind].dump_python(said, mode="json", exclude_none=True)}


def _written_readme(readme: ReadmeText) -> dict[str, Any]:
    """Write bytes of any encoding; JSON knows only texts."""
    content = b64encode(readme.content).decode("ascii")
    return {"content": content, **readme.model_dump(exclude={"content"})}


def _read(told: Any) -> NotedAnswer:
    """Read one answer; nonsense raises ValueError (pydantic's is one), TypeError or KeyError."""
    ((kind, value),) = dict(told).items()
    if kind == "readme":
        return _read_readme(value)
    if kind == "depth":
        readme = value["readme"]
        facts = RepoFacts.model_validate(value["facts"])
        return Depth(facts, _read_readme(readme) if readme else None)
    said: NotedAnswer = _KINDS[kind].validate_python(value)
    return said


def _read_readme(told: Any) -> ReadmeText:
    return ReadmeText(**{**told, "content": b64decode(told["content"], validate=True)})
