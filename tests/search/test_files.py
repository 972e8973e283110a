"""What is published is the same for the same documents."""

import os
import subprocess
import sys

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
