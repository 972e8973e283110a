"""What is published is the same for the same documents."""

import json
import os
import subprocess
import sys

from aggregator.search.build import build_index
from aggregator.search.document import Document
from aggregator.search.files import write_index
from tests.conftest import ROOT

# Sentences that hold the same words are equally good, whatever order a sum takes them in.
_PRINTED = """
import hashlib, random
from aggregator.search import Document, build_index, write_index
words = ("wards beds nurses theatres clinics scans letters visits waits trials doses plans "
         "costs risks shifts rotas").split()
chance, texts = random.Random(3), []
for number in range(60):
    said = chance.sample(words, 9)
    texts.append(" ".join("Here " + " ".join(chance.sample(said, 9)) + "." for _ in range(9)))
documents = [Document(key=f"team/{n}", text=text) for n, text in enumerate(texts)]
files = hashlib.sha256()
for name, data in write_index(build_index(documents)):
    files.update(name.encode() + data)
print(files.hexdigest())
"""


def test_the_same_documents_give_the_same_bytes_in_every_process() -> None:
    """Two nights without news publish the same files, though Python hashes text anew each time."""
    printed = {
        subprocess.run(
            [sys.executable, "-c", _PRINTED],
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert len(printed) == 1


def test_a_result_says_whose_it_is() -> None:
    """A result names the organisation, or else the owner, as every other card does."""
    alone, housed = (
        Document(key="somebody/charts", summary="Charts."),
        Document(key="somebody/maps", summary="Maps.", organisation="Harbour Trust"),
    )
    files = dict(write_index(build_index([alone, housed])))
    cards = json.loads(files["c0.json"])["c"]
    assert [card["o"] for card in cards] == ["somebody", "Harbour Trust"]
