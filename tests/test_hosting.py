"""A site that a host would not take is told so, with what makes it smaller."""

from aggregator.run.hosting import MOST_OF_A_FILE, MOST_OF_A_SITE, host_notices, kind_of_file

README = "`readme: link-only`"


def test_a_site_that_fits_is_not_remarked_upon() -> None:
    """Below four fifths of each limit nothing is said."""
    assert host_notices({}) == ()
    pages = {f"projects/a/{n}/index.html": 50 * 2**20 for n in range(16)}
    assert host_notices(pages) == ()


def test_a_site_beyond_what_pages_serves_is_told_what_takes_most() -> None:
    """The largest kinds of files are named with their shares, and the setting that caps them."""
    sizes = {f"projects/a/{n}/index.html": 2**20 for n in range(700)}
    sizes |= {f"search/index/{n}.json": 2**20 for n in range(300)}
    sizes |= {f"badges/{n}.svg": 2**20 for n in range(150)} | {"index.html": 2**20}
    (notice,) = host_notices(sizes)
    assert notice.startswith("the site takes 1.12 GB, which is 112% of what GitHub Pages serves")
    assert "projects/ 0.68 GB, search/ 0.29 GB, badges/ 0.15 GB;" in notice
    assert notice.count(README) == 2
    assert notice.endswith("a server of your own has no such limit (docs/server.md)")


def test_a_site_that_comes_near_is_told_in_time() -> None:
    """There is still time to act: four fifths are enough to say so."""
    near = {f"data/{n}": MOST_OF_A_FILE // 2 for n in range(17)}
    (notice,) = host_notices(near)
    assert "which is 83% of" in notice


def test_a_file_that_no_branch_takes_is_named() -> None:
    """The largest file comes first; from an artifact it could be served."""
    sizes = {"data/catalogue.db": MOST_OF_A_FILE + 1, "about/index.html": MOST_OF_A_FILE - 1}
    (notice,) = host_notices(sizes)
    assert notice.startswith("data/catalogue.db (100 MB), about/index.html (100 MB): 100% of")
    assert "out of data/catalogue.db" in notice
    assert notice.endswith("published as an artifact and not from a branch, it has no such limit")


def test_a_notice_does_not_hang_on_the_order_of_files() -> None:
    """The same site gives the same words."""
    sizes = {f"{kind}/{n}": MOST_OF_A_SITE // 20 for kind in "dcba" for n in range(6)}
    assert host_notices(sizes) == host_notices(dict(reversed(sizes.items())))
    assert "a/ 0.30 GB, b/ 0.30 GB, c/ 0.30 GB;" in host_notices(sizes)[0]


def test_files_are_of_the_kind_of_their_folder() -> None:
    """What stands at the top is one kind."""
    assert kind_of_file("projects/a/b/index.html") == "projects/"
    assert kind_of_file("index.html") == "files at the top"
