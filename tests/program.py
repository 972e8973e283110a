"""The program as a person runs it, without a process of its own: most tests ask it dozens of times.

What only a process can show (a kill, two at once, a terminal, what is loaded at the start) is
tested with real ones; the others would spend most of their time starting Python.
"""

import contextlib
import io
import json
import logging
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from aggregator.cli.app import main
from tests.stand_in.server import Server

ROOT = Path(__file__).resolve().parent.parent
# What GitHub runs a step in where the shell `bash` is named, as all of ours do; where none is, a
# failure inside a pipe is passed over (docs.github.com, "Workflow syntax", defaults.run.shell).
SHELL_OF_STEPS = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
# Nobody answers there: what such a command does, it does without a network.
NOBODY = {
    "GITHUB_API_URL": "http://127.0.0.1:9",
    "GITHUB_GRAPHQL_URL": "http://127.0.0.1:9/graphql",
}


def clean_environment() -> dict[str, str]:
    """Give the environment of somebody who has set nothing of GitHub's."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("GITHUB_", "GH_"))}
    return kept | {"NO_COLOR": "1", "PYTHONPATH": str(ROOT)}


def asking(server: Server) -> dict[str, str]:
    """Give the variables that lead a command to a stand-in for GitHub."""
    return {
        "GITHUB_API_URL": server.api_url,
        "GITHUB_GRAPHQL_URL": server.graphql_url,
        "GITHUB_TOKEN": "any-word",
    }


def run_program(
    words: list[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run `aggregator WORDS` in a folder, and give its exit code and what it wrote."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    handlers = logging.root.handlers[:]
    code: object = 0
    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch("sys.argv", ["aggregator", *words]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main(words)
        except SystemExit as ended:
            code = ended.code
        finally:
            logging.root.handlers[:] = handlers
    return subprocess.CompletedProcess(words, int(str(code or 0)), _told(out), _told(err))


def _told(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.buffer.read().decode("utf-8")


def files(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder, by its path there."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


_COMMON = {"p-": "e", "w-": "m"}  # kinds of files of the index, and what of them is common words


def own_words(found: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Give files of a site without all common words of English, which every site has alike.

    By them the search tells a word from a slip, and what is near to it in meaning; they stand
    beside what the site itself says.
    """
    for name, content in found.items():
        common = next(
            (part for file, part in _COMMON.items() if f"search/index/{file}" in name), ""
        )
        payload = json.loads(content) if common else {}
        payload.pop(common, None)
        yield name, json.dumps(payload).encode() if common else content


# What stands for the program in a shell script: it hands everything on to a test that answers.
_ASKS = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as line, line.makefile("rw", encoding="utf-8") as both:
    line.connect({address!r})
    print(json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]), file=both, flush=True)
    code, out, err = json.loads(both.readline())
sys.stdout.write(out)
sys.stderr.write(err)
sys.exit(code)
"""


class _Answers(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        words, folder, environment = json.loads(self.rfile.readline())
        done = run_program(words, Path(folder), environment)
        answer = [done.returncode, done.stdout, done.stderr]
        self.wfile.write(json.dumps(answer).encode() + b"\n")


@contextlib.contextmanager
def program_for_scripts(path: Path) -> Iterator[None]:
    """Put a program at `path` which runs `aggregator` in this process, one call after another.

    For scripts that call it again and again; nothing else may run here while a script does.
    """
    with TemporaryDirectory() as folder:  # an address of a socket may not be long
        address = f"{folder}/line"
        path.write_text(_ASKS.format(python=sys.executable, address=address), encoding="utf-8")
        path.chmod(0o755)
        with socketserver.UnixStreamServer(address, _Answers) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
            thread.start()
            try:
                yield
            finally:
                server.shutdown()
                thread.join()
