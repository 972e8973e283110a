"""Files that workers write are the files that this process would have written."""

import hashlib
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.run import making as subject
from aggregator.run.crews import IN_PLACE, open_crew
from aggregator.run.making import Made, make_into
from aggregator.run.processes import ProcessCrew
from aggregator.site.recipes import File
from aggregator.site.renderers import render_site
from aggregator.site.theme import load_theme
from aggregator.words.crew import Crew
from aggregator.words.errors import OperatorError, UsageError
from tests.crew import tasks
from tests.crew.conftest import Cluster, bytes_in, needs_dask
from tests.outputs import factory


@pytest.fixture(scope="module")
def files() -> list[File]:
    """Every file of the made-up community."""
    return list(render_site(factory.community(), load_theme("#225faa")))


def test_whoever_makes_a_site_makes_the_same_bytes(
    files: list[File], crew: Crew, tmp_path: Path
) -> None:
    """Every page, feed, export and badge, with size and sum, in the order that was asked for."""
    made = list(make_into(files, tmp_path / "site", crew))
    wanted = {file.path: file.recipe(file.values) for file in files}
    assert bytes_in(tmp_path / "site") == wanted
    assert made == [
        Made(path, len(data), hashlib.sha256(data).hexdigest()) for path, data in wanted.items()
    ]


@needs_dask
def test_a_site_is_the_same_although_a_worker_was_killed(
    files: list[File], brittle_cluster: Cluster, tmp_path: Path
) -> None:
    """Of two workers of a cluster, one is killed in the middle."""
    many = [replace(file, path=f"{n}/{file.path}") for n in range(2) for file in files]
    with open_crew("dask", scheduler=brittle_cluster.address) as crew:
        making = make_into(many, tmp_path / "site", crew)
        begun = [next(making) for _ in range(60)]
        brittle_cluster.workers[0].kill()
        rest = list(making)
    assert begun + rest == list(make_into(many, tmp_path / "here", IN_PLACE))
    assert bytes_in(tmp_path / "site") == bytes_in(tmp_path / "here")


def test_a_site_is_the_same_although_a_process_was_killed(
    files: list[File], tmp_path: Path
) -> None:
    """A page whose process dies in the middle of it is made by another."""
    fatal = File("fatal.html", str(tmp_path / "flag"), tasks.killing_once)
    with ProcessCrew(2, worth_a_start=0) as crew:
        made = list(make_into([*files[:40], fatal, *files[40:]], tmp_path / "site", crew))
    assert (tmp_path / "flag").exists()
    assert [each.path for each in made] == [file.path for file in [*files[:40], fatal, *files[40:]]]
    wanted = {file.path: file.recipe(file.values) for file in files}
    assert bytes_in(tmp_path / "site") == wanted | {"fatal.html": b"made at last"}


def test_pages_of_one_kind_take_the_theme_along_once(files: list[File]) -> None:
    """What they share is not sent with each of them."""
    pages = [file for file in files if file.path.startswith("projects/")]
    apart = sum(len(pickle.dumps(file)) for file in pages)
    assert len(pages) > 10
    assert len(pickle.dumps(pages)) < apart / 5


def test_a_failure_names_its_page(crew: Crew, tmp_path: Path) -> None:
    """The error is the one that was raised, with a note of what was being made."""
    files = [File("good.html", "x", tasks.encoded), File("bad/index.html", 5, tasks.encoded)]
    with pytest.raises(AttributeError, match="encode") as raised:
        list(make_into(files, tmp_path, crew))
    assert "while making bad/index.html" in raised.value.__notes__


def test_a_slip_in_a_template_is_told_from_every_worker(crew: Crew, tmp_path: Path) -> None:
    """File and line of the community's own folder, as when this process makes the page."""
    (tmp_path / "404.html").write_text("\n\n{{ site.titel }}")
    site = render_site(factory.many(1), load_theme("#225faa", tmp_path))
    with pytest.raises(UsageError, match=r"404\.html:3 cannot be used: .*titel.*: mend"):
        list(make_into(site, tmp_path / "site", crew))


def test_what_stops_the_list_of_files_stops_the_making(crew: Crew, tmp_path: Path) -> None:
    """A path that is refused is raised as it is, after the files before it."""

    def files() -> Iterator[File]:
        yield File("one", b"1")
        yield File("two", "2", tasks.encoded)
        raise LookupError("clash")

    made = make_into(files(), tmp_path, crew)
    assert [next(made).path, next(made).path] == ["one", "two"]
    with pytest.raises(LookupError, match="clash"):
        next(made)


def test_a_folder_that_is_not_shared_is_told(tmp_path: Path) -> None:
    """A worker whose disk is another writes where nobody finds it."""

    class Elsewhere:
        """Works on a machine whose folder of that name is another one."""

        is_far = True

        def map(self, function, items):
            for item in items:
                made = function(item)
                (tmp_path / made.path).unlink()
                yield made

    with pytest.raises(OperatorError, match="is not the same folder for all workers"):
        list(make_into([File("page.html", "x", tasks.encoded)], tmp_path, Elsewhere()))


def test_a_folder_that_a_worker_does_not_have_is_told(tmp_path: Path) -> None:
    """The folders are made by whoever leads; where they are not there, the disk is another."""
    page = File("a/page.html", "x", tasks.encoded)
    with pytest.raises(OperatorError, match="put --output onto a disk that all machines share"):
        subject._make(str(tmp_path / "nowhere"), page)


def test_a_site_can_be_written_to_object_storage(
    files: list[File], cluster: Cluster, tmp_path: Path
) -> None:
    """An address that fsspec knows is as good as a folder."""
    memory = pytest.importorskip("fsspec", reason="the extra `distributed` is not installed")
    made = list(make_into(files, "memory://bucket/site", IN_PLACE))
    stored = memory.filesystem("memory")
    assert {each.path: stored.cat_file(f"/bucket/site/{each.path}") for each in made} == {
        file.path: file.recipe(file.values) for file in files
    }
    stored.rm("/bucket", recursive=True)


@needs_dask
def test_workers_write_to_an_address_themselves(
    files: list[File], cluster: Cluster, tmp_path: Path
) -> None:
    """Each opens it for itself; nothing of the site passes through this process."""
    with open_crew("dask", scheduler=cluster.address) as crew:
        made = list(make_into(files, f"file://{tmp_path}/site", crew))
    assert len(made) == len(files)
    assert bytes_in(tmp_path / "site") == {file.path: file.recipe(file.values) for file in files}


@pytest.mark.parametrize("address", ["nonsense://bucket/site", "s3://bucket/site"])
def test_an_address_without_its_library_is_told(address: str) -> None:
    """The cure is in the message."""
    with pytest.raises(UsageError, match=r"cannot be written to: .*pip install"):
        list(make_into([File("one", b"1")], address, IN_PLACE))


def test_nothing_to_make_gives_nothing(crew: Crew, tmp_path: Path) -> None:
    """An empty list of files makes no folder."""
    assert list(make_into([], tmp_path / "site", crew)) == []
    assert not (tmp_path / "site").exists()


def test_a_file_that_is_there_already_is_put_in_place(tmp_path: Path) -> None:
    """What was made in a file elsewhere comes whole, by the sum of its bytes, and may go then."""
    (tmp_path / "made.db").write_bytes(b"bytes" * 1_000)
    file = File.of_finished("data/made.db", tmp_path / "made.db")
    (made,) = make_into([file], tmp_path / "site", IN_PLACE)
    assert (made.size, made.sha256) == (5_000, hashlib.sha256(b"bytes" * 1_000).hexdigest())
    (tmp_path / "made.db").unlink()
    assert (tmp_path / "site/data/made.db").read_bytes() == b"bytes" * 1_000
    assert str(tmp_path) not in repr(file.values)
