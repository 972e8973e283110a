"""Answer queries with what others use for searching a static site: Pagefind and MiniSearch.

Both run in Node when a folder `node_modules` has them (`npm install pagefind minisearch`). The
scripts are in `rivals/`.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.searching.document import Document

Queries = Sequence[dict[str, Any]]
NAMES = ("MiniSearch", "Pagefind")
SCRIPTS = Path(__file__).resolve().parent / "rivals"
SECONDS = 1_800


@dataclass(frozen=True)
class Answers:
    """What one of them found, and what it cost.

    Args:
        run: The keys found for each query id, best first.
        first: Bytes fetched until the first results, for each query id.
        further: Bytes fetched for the query when others came before it.
        seconds: How long its index took to build.
    """

    run: dict[str, list[str]]
    first: dict[str, int]
    further: dict[str, int]
    seconds: float


def answers(
    documents: Sequence[Document], queries: Queries, modules: Path | None
) -> Iterator[tuple[str, Answers]]:
    """Answer with each that is there; say of the others why they are left out."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        _write(documents, queries, work)
        for name in NAMES:
            if not modules or not (modules / name.lower()).exists() or not shutil.which("node"):
                print(f"{name}: left out, it needs Node and a NODE_MODULES folder that has it")
                continue
            try:
                yield name, _in_node(name, modules, work)
            except subprocess.SubprocessError as error:
                print(f"{name}: left out at {len(documents)} projects: {error}")


def _write(documents: Sequence[Document], queries: Queries, work: Path) -> None:
    with (work / "documents.jsonl").open("w", encoding="utf-8") as file:
        for document in documents:
            plain = {
                "key": document.key,
                "title": document.title,
                "summary": document.summary,
                "headings": "\n".join(document.headings),
                "text": document.text,
            }
            file.write(json.dumps(plain) + "\n")
    (work / "queries.json").write_text(json.dumps(list(queries)), encoding="utf-8")


def _in_node(name: str, modules: Path, work: Path) -> Answers:
    given = [str(modules), str(work / "documents.jsonl"), str(work / "queries.json")]
    script = str(SCRIPTS / f"{name.lower()}.mjs")
    command = ["node", "--max-old-space-size=12000", script, *given, str(work / "bundle")]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=SECONDS)
    said = json.loads(done.stdout.splitlines()[-1])
    return Answers(
        run=said["run"],
        first={id_: each["first"] for id_, each in said["bytes"].items()},
        further={id_: each["further"] for id_, each in said["bytes"].items()},
        seconds=said["seconds"],
    )
