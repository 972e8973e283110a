"""A built site can be looked at before it is published."""

import threading
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from aggregator.run.serve import serving, watch


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
    watcher = threading.Thread(target=watch, args=([source], built.set, stop))
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
