"""Any community: open climate tools, made up, from one link to its site, nowhere about health."""

import re
from pathlib import Path

import pytest

from aggregator.registry.loader import load
from tests.adopting.conftest import CLIMATE, PIN
from tests.conftest import MakeOnce
from tests.program import asking, clean_environment, files, own_words, run_program
from tests.stand_in.server import Server

# Words that nothing but the projects of a health community brings; `health.json` and `/healthz` are
# names that monitors of every trade ask for.
HEALTH = re.compile(
    rb"(?i)(?<![a-z])(?:nhs|health(?!\.json|z\b)[a-z]*|hospitals?|patients?|clinics?|clinical"
    rb"|clinicians?|medic(?:al|ine|ines)|nurs(?:e|es|ing)|icbs?|diseases?|epidemi[a-z]*"
    rb"|surger(?:y|ies)|pharmac[a-z]*)(?![a-z0-9])"  # "icb2ae4c" is part of a hash
)
PICTURES = {".png", ".webp", ".woff2", ".ico", ".jpg"}


@pytest.fixture(scope="module")
def begun(make_once: MakeOnce, climate: Server) -> Path:
    """The folder of open climate tools with its site, from one link."""

    def fill(folder: Path) -> None:
        surroundings = clean_environment() | asking(climate)
        link = "https://github.com/open-climate-tools"
        for words, place in (
            (["init", link, "showcase", "--action", PIN, "--from", "topic:climate-tools"], folder),
            (["check"], folder / "showcase"),
            (["run"], folder / "showcase"),
        ):
            done = run_program(words, place, surroundings)
            assert done.returncode == 0, done.stdout + done.stderr

    return make_once("climate", fill) / "showcase"


def test_the_site_shows_the_community(begun: Path) -> None:
    """Each project of the list has its page, under the name of the community."""
    listed = load(begun / "registry.yaml").projects
    assert len(listed) == 6
    for entry in listed:
        assert (begun / "output" / "projects" / str(entry.repo) / "index.html").is_file()
    home = (begun / "output" / "index.html").read_text(encoding="utf-8")
    assert "Open Climate Tools" in home
    page = begun / "output" / "projects" / "open-climate-tools" / "carbon-ledger" / "index.html"
    assert "pipx install carbon-ledger" in page.read_text(encoding="utf-8")


def test_nothing_is_about_health(begun: Path) -> None:
    """Neither the folder nor a page, a script or a data file of the site knows another trade."""
    read = {
        name: content
        for name, content in own_words(files(begun))
        if Path(name).suffix not in PICTURES
    }
    found = [
        f"{name}: {content[max(0, match.start() - 40) : match.end() + 40]!r}"
        for name, content in read.items()
        if (match := HEALTH.search(content))
    ]
    assert found == []
    assert len(read) > 150


def test_the_words_would_be_found(sample: Path) -> None:
    """The same look at a site of health projects finds them, so it can fail."""
    home = (sample / "output" / "index.html").read_bytes()
    assert HEALTH.search(home)
    assert not HEALTH.search(b"healthz health.json steward impatience clinically-minded 'nhsx'")


def test_the_community_is_all_made_up() -> None:
    """Each address in it is one that nobody can have."""
    texts = [path.read_text("utf-8") for path in CLIMATE.rglob("*") if path.is_file()]
    hosts = {host for text in texts for host in re.findall(r"https?://([\w.-]+)", text)}
    assert all(host.endswith(".example") for host in hosts)
