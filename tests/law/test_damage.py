"""Whatever disks and people do to a site or to what is remembered, the next build mends it."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.words.errors import PublishError, UsageError
from tests.law.changes import CHANGES
from tests.law.community import LivingShowcase, judge, living_showcase
from tests.law.folders import DAMAGES, spoil, tree, words_below

PAGE = "about/index.html"

pytestmark = pytest.mark.usefixtures("lent_workers")


@pytest.fixture
def showcase(tmp_path: Path) -> Iterator[LivingShowcase]:
    """A showcase after its first site."""
    with living_showcase(tmp_path) as showcase:
        yield showcase


def edited(path: Path) -> None:
    """Write other words."""
    path.write_text("mine")


def edited_alike(path: Path) -> None:
    """Turn one letter, so that it is as long as it was."""
    data = path.read_bytes()
    path.write_bytes(data[:50] + bytes([data[50] ^ 1]) + data[51:])


def cut(path: Path) -> None:
    """Lose the second half."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def swapped(path: Path) -> None:
    """Put another page of the site there, as a whole file."""
    other = path.parent.parent / "index.html"
    shutil.copy2(other, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def replaced_by_a_folder(path: Path) -> None:
    """Put an empty folder there."""
    path.unlink()
    path.mkdir()


def replaced_by_a_link(path: Path) -> None:
    """Put a link to another page of the site there."""
    path.unlink()
    path.symlink_to("../index.html")


def replaced_by_a_hard_link(path: Path) -> None:
    """Make it the same file as another page."""
    path.unlink()
    os.link(path.parent.parent / "index.html", path)


def led_nowhere(path: Path) -> None:
    """Put a link there that leads nowhere."""
    path.unlink()
    path.symlink_to("nowhere")


def folder_gone(path: Path) -> None:
    """Delete the folder that it is in."""
    shutil.rmtree(path.parent)


TAMPERING: tuple[Callable[[Path], None], ...] = (
    *(Path.unlink, edited, edited_alike, cut, swapped, replaced_by_a_folder, replaced_by_a_link),
    *(replaced_by_a_hard_link, led_nowhere, folder_gone),
)


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda found: found.__name__)
def test_a_page_that_somebody_tampered_with_is_mended(
    showcase: LivingShowcase, tamper: Callable[[Path], None]
) -> None:
    """What was done to a page does not outlast the next build, whether there is news or not."""
    page = showcase.workspace.output / PAGE
    tamper(page)
    showcase.build()
    judge(showcase)
    tamper(page)
    CHANGES["rewrite_readme"](showcase, 1)
    showcase.night()
    showcase.build()
    judge(showcase)


def test_a_link_in_the_place_of_a_folder_is_named_and_not_followed(
    showcase: LivingShowcase,
) -> None:
    """A link where the site has a folder is somebody's: nothing is written through it."""
    output = showcase.workspace.output
    shutil.rmtree(output / "about")
    (output / "about").symlink_to("add", target_is_directory=True)
    before = tree(output)
    with pytest.raises(PublishError, match="about stands where"):
        showcase.build()
    assert tree(output) == before
    (output / "about").unlink()
    showcase.build()
    judge(showcase)


def test_what_somebody_added_stays_and_the_rest_is_mended(showcase: LivingShowcase) -> None:
    """Files that no build wrote stand in every next site, beside the same pages."""
    showcase.written["showcase"]["keep"] = ["proof-*.html"]
    output = showcase.workspace.output
    for name in ("mine.txt", "about/notes.txt", "proof-1.html", "CNAME"):
        (output / name).write_text("theirs")
    showcase.build()
    # The list of our files leaves out the domain, which is theirs now.
    domain = (".aggregator-site", "CNAME")
    judge(showcase, "mine.txt", "about/notes.txt", "proof-1.html", *domain)
    (output / "about" / "notes.txt").unlink()
    (output / "proof-1.html").write_text("otherwise")
    showcase.build()
    judge(showcase, "mine.txt", "proof-1.html", *domain)
    assert (output / "proof-1.html").read_text() == "otherwise"


def test_a_page_that_the_community_keeps_is_ours_again_when_it_is_not_kept(
    showcase: LivingShowcase,
) -> None:
    """A page kept by name stands as it was put there, and ours comes back without the name."""
    page = showcase.workspace.output / "robots.txt"
    showcase.written["showcase"]["keep"] = ["robots.txt"]
    page.write_text("theirs")
    showcase.build()
    judge(showcase, "robots.txt", ".aggregator-site")  # the marker lists no sum of it
    assert page.read_text() == "theirs"
    page.unlink()
    showcase.build()
    judge(showcase)


@pytest.mark.parametrize("how", range(len(DAMAGES)), ids=DAMAGES)
def test_each_file_of_the_memory_may_be_damaged(showcase: LivingShowcase, how: int) -> None:
    """Each file of the cache and beside the site, damaged alone: the next site is a clean one."""
    showcase.night()
    showcase.build()
    place = showcase.workspace.output.parent
    names = [path.relative_to(place) for path in showcase.memory()]
    assert names
    for number, name in enumerate(names):
        if (place / name).is_file():
            spoil(place / name, how)
        CHANGES["rewrite_readme"](showcase, number)
        showcase.night()
        showcase.build()
        judge(showcase)


@pytest.mark.parametrize("column", ["key", "sum", "size", "mtime"])
def test_what_is_known_of_a_file_is_believed_only_as_it_was_written(
    showcase: LivingShowcase, column: str
) -> None:
    """Where one page of the last site is said to be another, all is made anew."""
    with closing(sqlite3.connect(showcase.workspace.manifest)) as base, base:
        other = f"(SELECT {column} FROM file WHERE path = 'index.html')"
        base.execute(f"UPDATE file SET {column} = {other} WHERE path = ?", (PAGE,))
    CHANGES["rewrite_readme"](showcase, 1)
    showcase.night()
    showcase.build()
    judge(showcase)


@pytest.mark.parametrize("how", range(len(DAMAGES)), ids=DAMAGES)
def test_a_damaged_list_of_our_files_never_gives_another_site(
    showcase: LivingShowcase, how: int
) -> None:
    """Without a memory as well, a build makes a clean site, or refuses and says why."""
    output = showcase.workspace.output
    spoil(output / ".aggregator-site", how)
    shutil.rmtree(showcase.workspace.cache)
    before = tree(output)
    CHANGES["rewrite_readme"](showcase, 2)
    showcase.night()
    try:
        showcase.build()
    except (PublishError, UsageError):
        assert tree(output) == before
    else:
        judge(showcase)


@pytest.mark.parametrize("how", ["cut", "turned bits", "zeros", "something before"])
def test_a_damaged_list_of_our_files_is_mended_from_memory(
    showcase: LivingShowcase, how: str
) -> None:
    """Pages that the list no longer names are known by what is remembered; others stay others'."""
    output = showcase.workspace.output
    spoil(output / ".aggregator-site", DAMAGES.index(how))
    (output / "mine.txt").write_text("theirs")
    CHANGES["rewrite_readme"](showcase, 2)
    showcase.night()
    showcase.build()
    judge(showcase, "mine.txt")


@pytest.mark.parametrize("instead", ["a file", "a link to nothing", "folders"])
def test_a_cache_that_cannot_be_written_to_costs_time_alone(
    showcase: LivingShowcase, instead: str
) -> None:
    """Whatever stands in the place of the cache or of its files, the site is a clean one."""
    cache = showcase.workspace.cache
    names = [path.name for path in cache.iterdir()]
    shutil.rmtree(cache)
    if instead == "a file":
        cache.write_text("mine")
    elif instead == "a link to nothing":
        cache.symlink_to(cache.parent / "absent" / "further")
    else:
        for name in (*names, "build.json", "vectors.db"):
            (cache / name / "mine").mkdir(parents=True)
    CHANGES["rewrite_readme"](showcase, 2)
    showcase.build()
    judge(showcase)


def test_times_that_stand_still_hide_no_change(showcase: LivingShowcase) -> None:
    """Where times are coarse and a build was not remembered, its files are not the older ones."""
    output, manifest = showcase.workspace.output, showcase.workspace.manifest
    changed = output / "status" / "index.html"
    showcase.settings["title"] = "Large"
    showcase.build()
    older, remembered = tree(output), manifest.read_bytes()
    times = {name: (output / name).stat().st_mtime_ns for name in older}
    showcase.settings["title"] = "Small"
    showcase.build()
    assert changed.stat().st_size == len(older["status/index.html"])
    for name in times.keys() & tree(output).keys():
        os.utime(output / name, ns=(times[name], times[name]))
    manifest.write_bytes(remembered)  # as a build leaves it that is killed after the swap
    showcase.settings["title"] = "Large"
    showcase.build()
    judge(showcase)


def test_a_proof_that_cannot_be_kept_is_told_of_and_the_new_site_stands(
    showcase: LivingShowcase,
) -> None:
    """After the swap the site is a new one, whatever the disk says then."""
    proof = showcase.workspace.proof
    proof.unlink()
    proof.mkdir()
    CHANGES["rewrite_readme"](showcase, 2)
    showcase.night()
    told = showcase.build().unkept
    assert "the new site is in its place" in told
    assert str(proof) in told
    assert words_below(showcase.workspace.output) == showcase.shown()
    proof.rmdir()
    assert not showcase.build().unkept
    assert proof.is_file()


@pytest.mark.parametrize("also_output", [False, True], ids=["memory", "memory and site"])
def test_a_memory_of_earlier_may_come_back(
    showcase: LivingShowcase, tmp_path: Path, also_output: bool
) -> None:
    """A cache that is older than the site, or an older site, ends as a clean build all the same."""
    place, earlier = showcase.workspace, tmp_path / "earlier"
    shutil.copytree(place.cache, earlier / "cache")
    shutil.copytree(place.output, earlier / "output", symlinks=True)
    for change in ("rewrite_readme", "close", "retitle", "rename", "override_template"):
        CHANGES[change](showcase, 3)
    showcase.night()
    showcase.build()
    shutil.rmtree(place.cache)
    shutil.copytree(earlier / "cache", place.cache)
    if also_output:
        shutil.rmtree(place.output)
        shutil.copytree(earlier / "output", place.output, symlinks=True)
    CHANGES["drop_templates"](showcase, 0)
    showcase.build()
    judge(showcase)


def test_a_site_that_was_copied_elsewhere_goes_on_there(showcase: LivingShowcase) -> None:
    """New inodes, new times and another device: nothing of them is told by a site."""
    output = showcase.workspace.output
    copy = output.with_name("copy")
    shutil.copytree(output, copy, copy_function=shutil.copyfile)
    shutil.rmtree(output)
    copy.rename(output)
    showcase.night()
    showcase.build()
    judge(showcase)


def test_readers_of_the_old_site_are_not_written_to(showcase: LivingShowcase) -> None:
    """A file that somebody holds, linked to a page of the old site, says the same after a build."""
    output = showcase.workspace.output
    held = {}
    for number, path in enumerate(sorted(p for p in output.rglob("*") if p.is_file())):
        link = output.with_name(f"held-{number}")
        os.link(path, link)
        held[link] = path.read_bytes()
    CHANGES["rewrite_readme"](showcase, 0)
    CHANGES["retitle"](showcase, 0)
    showcase.night()
    showcase.build()
    assert all(link.read_bytes() == data for link, data in held.items())
    judge(showcase)
