"""Ask Lighthouse what it thinks of the sample's pages, as a phone and as a desk see them.

    npm install --no-save lighthouse
    python benchmarks/lighthouse.py [--node-modules node_modules] [--looks 3] [PAGE ...]

Prints the four scores of each page, of 100, and what cost points. Pages are sent compressed, with
the life in caches that GitHub Pages gives, and not over a real network: Lighthouse slows itself
down to a middling phone. Of three looks that with the best speed counts, since a busy machine only
ever takes from it; run it on one that does nothing else. Exits 1 where a list has less than 100
anywhere, or the page of a project less than 98 for speed or 100 for the rest.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, BinaryIO

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
LISTS = ("", "projects/", "all/", "tags/", "compare/", "insights/", "new/", "help-wanted/")
PROJECTS = (
    "projects/larkmere-hospitals/ward-weather/",
    "projects/wrenford-icb/waiting-list-ladder/",
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
DEVICES = {"phone": (), "desk": ("--preset=desktop",)}
LOOKS = 3
SECONDS = 180
_COMPRESSED = (".html", ".css", ".js", ".json", ".svg", ".xml", ".webmanifest")


def main(words: Sequence[str]) -> int:
    """Print a table; returns 1 where a page falls short."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--node-modules", type=Path, default=ROOT / "node_modules")
    asked.add_argument("--looks", type=int, default=LOOKS)
    asked.add_argument("pages", nargs="*", default=[*LISTS, *PROJECTS])
    given = asked.parse_args(words)
    program = given.node_modules / "lighthouse" / "cli" / "index.js"
    if not program.is_file():
        print(f"There is no Lighthouse in {given.node_modules}.", file=sys.stderr)
        return 2
    short = False
    print(f"{'page':<46}{'device':<8}{''.join(f'{name:>16}' for name in CATEGORIES)}")
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "aggregator", "demo", "--output", folder]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with _served(Path(folder)) as url:
            for page in given.pages:
                for device, options in DEVICES.items():
                    scores, lost = _looked(program, url + page, options, given.looks)
                    short |= _falls_short(page, scores)
                    row = "".join(f"{score:>16}" for score in scores)
                    print(f"{page or 'index.html':<46}{device:<8}{row}", flush=True)
                    for line in lost:
                        print(f"    {line}")
    return int(short)


def _falls_short(page: str, scores: Sequence[int]) -> bool:
    speed = 98 if page.count("/") > 2 else 100  # the page of a project has a README on it
    return scores[0] < speed or min(scores[1:]) < 100


def _looked(
    program: Path, url: str, options: Sequence[str], looks: int
) -> tuple[list[int], list[str]]:
    """Look several times, and give the scores and losses of the look with the best speed."""
    reports = (_report(program, url, options) for _ in range(looks))
    best = max(reports, key=lambda report: report["categories"]["performance"]["score"])
    scores = [round(100 * best["categories"][name]["score"]) for name in CATEGORIES]
    return scores, list(_losses(best))


def _report(program: Path, url: str, options: Sequence[str]) -> dict[str, Any]:
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
    only = f"--only-categories={','.join(CATEGORIES)}"
    words = ["node", str(program), url, *options, "--quiet", "--output=json", only, flags]
    environment = os.environ | {"CHROME_PATH": CHROMIUM}
    done = subprocess.run(
        words, env=environment, check=True, capture_output=True, text=True, timeout=SECONDS
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _losses(report: dict[str, Any]) -> Iterator[str]:
    """Name the checks that count and are not full, with what Lighthouse says of them."""
    for category in report["categories"].values():
        for reference in category["auditRefs"]:
            check = report["audits"][reference["id"]]
            score = check["score"]
            if reference["weight"] and score is not None and score < 0.99:
                said = check.get("displayValue", "")
                yield f"{reference['id']}: {round(100 * score)} {said}".rstrip()


class AsGitHubPages(SimpleHTTPRequestHandler):
    """Sends what can be compressed so, and lets caches keep all for ten minutes."""

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Open what is asked for, compressed where that is of use."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix not in _COMPRESSED or not path.is_file():
            return super().send_head()
        data = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return BytesIO(data)

    def end_headers(self) -> None:
        """Say how long a cache may keep it."""
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of what was asked for."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = partial(AsGitHubPages, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
