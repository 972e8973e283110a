"""Make the pictures of README.md: the site of the sample community, as a browser shows it.

    python -m tests.pictures

Run it when the look has changed. Chromium writes them as WebP, so nothing else is needed; the clock
stands at the evening of the last run of the sample, so that a day later they are the same.
"""

import base64
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUM, CHROMIUM_ARGS
from tests.program import NOBODY, ROOT, clean_environment, run_program

FOLDER = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000
_WIDTH, _HEIGHT = 1200, 800
_EVENING = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
_TO_WEBP = """async png => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${png}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = picture.naturalWidth;
    canvas.height = picture.naturalHeight;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    return canvas.toDataURL("image/webp", 0.9).split(",")[1];
}"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of the sample's site, or from `begins` on, where that is not its top."""

    name: str
    page: str
    scheme: Literal["light", "dark"] = "light"
    begins: str = "body"


PICTURES = (
    Picture("home", ""),
    Picture("project", "projects/wrenford-icb/waiting-list-ladder/"),
    Picture("compare", "compare/", begins="main section:has(svg)"),
    Picture("search", "search/?q=waiting+lists", "dark"),
)


def main() -> None:
    """Build the site, and write a file for each picture."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        done = run_program(["demo"], Path(folder), clean_environment() | NOBODY)
        if done.returncode:
            raise SystemExit(done.stderr)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_ARGS))
        with _served(Path(folder) / "output") as url:
            for picture in PICTURES:
                data = _taken(browser, url, picture)
                (FOLDER / f"{picture.name}.webp").write_bytes(data)
                sys.stdout.write(f"{picture.name}.webp: {len(data):,} bytes\n")
        browser.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of what was asked for."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _taken(browser: Browser, url: str, picture: Picture) -> bytes:
    size = {"width": _WIDTH, "height": _HEIGHT}
    page = browser.new_page(viewport=size, color_scheme=picture.scheme, reduced_motion="reduce")
    page.clock.set_fixed_time(_EVENING)
    page.goto(url + picture.page, wait_until="networkidle")
    if "?q=" in picture.page:
        page.locator("#results > li").first.wait_for()
    page.locator(picture.begins).first.evaluate("part => part.scrollIntoView()")
    png = base64.b64encode(page.screenshot()).decode("ascii")
    page.goto("about:blank")  # where no policy of the site keeps a script from drawing
    webp = page.evaluate(_TO_WEBP, png)
    page.close()
    return base64.b64decode(webp)


if __name__ == "__main__":
    main()
