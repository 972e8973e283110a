"""A built site can be looked at before it is published."""

import re
import threading
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from aggregator.run.serve import Reloads, serving, watch


def test_a_site_is_served_with_its_own_page_for_what_is_missing(tmp_path: Path) -> None:
    """Preview answers as Pages will: index pages by folder, and the site's own 404."""
    (tmp_path / "about").mkdir()
    (tmp_path / "about" / "index.html").write_text("about us")
    (tmp_path / "404.html").write_text("nothing here")
    with serving(tmp_path, 0) as address:
        with urlopen(f"{address}about/") as answer:
            assert answer.read() == b"about us"
        with pytest.raises(HTTPError) as missing:
            urlopen(f"{address}absent/")
        with missing.value as error:
            assert (error.code, error.read()) == (404, b"nothing here")


def test_nothing_outside_the_site_is_served(tmp_path: Path) -> None:
    """An address that climbs out of the folder finds nothing."""
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "site").mkdir()
    with serving(tmp_path / "site", 0) as address, pytest.raises(HTTPError) as missing:
        urlopen(f"{address}%2e%2e/secret.txt")
    with missing.value as error:
        assert error.code == 404


def test_a_change_in_the_sources_builds_again(tmp_path: Path) -> None:
    """Saving the registry or a template while serving shows the new site."""
    source = tmp_path / "registry.yaml"
    source.write_text("one")
    built, stop = threading.Event(), threading.Event()
    watcher = threading.Thread(target=watch, args=([source], lambda _: built.set(), stop))
    watcher.start()
    try:
        for saved in range(2, 100):
            source.write_text("one" * saved)
            if built.wait(0.1):
                break
        assert built.is_set()
    finally:
        stop.set()
        watcher.join()


def test_an_address_that_no_file_can_have_is_simply_not_found(tmp_path: Path) -> None:
    """Whatever a browser asks, preview answers and its terminal shows no trace."""
    with serving(tmp_path, 0) as address, pytest.raises(HTTPError) as missing:
        urlopen(f"{address}a%00b")
    with missing.value as error:
        assert error.code == 404


def test_a_folder_that_comes_later_is_watched_too(tmp_path: Path) -> None:
    """Whoever begins to write registry.d, or a template folder, sees what is in it."""
    folder = tmp_path / "registry.d"
    built, stop = threading.Semaphore(0), threading.Event()
    watcher = threading.Thread(target=watch, args=([folder], lambda _: built.release(), stop))
    watcher.start()
    try:
        for number in range(40):  # a watcher needs a moment before it sees anything
            (folder / str(number)).mkdir(parents=True)
            if built.acquire(timeout=0.1):
                break
        assert number < 39
        for number in range(40):
            (folder / "0" / f"{number}.yaml").write_text("projects: []")
            if built.acquire(timeout=0.1):
                break
        assert number < 39
    finally:
        stop.set()
        watcher.join()


def test_what_lies_beside_the_sources_builds_nothing(tmp_path: Path) -> None:
    """The site that a build writes, or a draft beside the registry, is no reason to build again."""
    built, stop = threading.Event(), threading.Event()
    source = tmp_path / "registry.yaml"
    watcher = threading.Thread(target=watch, args=([source], lambda _: built.set(), stop))
    watcher.start()
    try:
        for number in range(10):
            (tmp_path / f"draft-{number}.yaml").write_text("projects: []")
            assert not built.wait(0.1)
    finally:
        stop.set()
        watcher.join()


def test_an_open_page_loads_again_when_there_is_a_new_site(tmp_path: Path) -> None:
    """The script that listens is added to what is served, and to no file."""
    page = "<!doctype html><title>Home</title>"
    (tmp_path / "index.html").write_text(page)
    reloads = Reloads()
    with serving(tmp_path, 0, reloads) as address:
        with urlopen(address) as answer:
            served = answer.read().decode()
        script = re.search(r'<script src="/(.+)" defer>', served)
        assert script
        assert served.startswith(page)
        with urlopen(f"{address}{script[1]}") as answer:
            listening = re.search(r'EventSource\("/(.+)"\)', answer.read().decode())
        assert listening
        with urlopen(f"{address}{listening[1]}") as events:
            assert events.headers["Content-Type"] == "text/event-stream"
            announcing = threading.Timer(0.2, reloads.announce)
            announcing.start()
            assert events.readline() == b"data: reload\n"
            announcing.join()
    assert (tmp_path / "index.html").read_text() == page


def test_without_a_watcher_pages_are_served_as_they_are(tmp_path: Path) -> None:
    """Whoever looks at a finished site sees its bytes."""
    (tmp_path / "index.html").write_text("home")
    with serving(tmp_path, 0) as address, urlopen(address) as answer:
        assert answer.read() == b"home"


def test_an_open_page_shows_a_new_look_before_all_pages_have_it(tmp_path: Path) -> None:
    """Whoever works on a template waits for one page, and other files are served as they are."""
    (tmp_path / "index.html").write_text("old")
    (tmp_path / "mark.svg").write_text("old mark")
    reloads = Reloads()
    reloads.draft = {"index.html": b"new"}.get
    with serving(tmp_path, 0, reloads) as address:
        with urlopen(address) as answer:
            assert answer.read().startswith(b"new<script")
        assert reloads.opened.is_set()
        with urlopen(f"{address}mark.svg") as answer:
            assert answer.read() == b"old mark"
        reloads.draft = None
        with urlopen(address) as answer:
            assert answer.read().startswith(b"old<script")
