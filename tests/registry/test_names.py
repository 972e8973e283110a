"""Names become folders, so they are strict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.words.names import RepoName, is_slug, slug_of

BAD = (
    *(
        "",
        "a",
        "/",
        "a/",
        "/b",
        "../..",
        "a/..",
        "a/.",
        "a/b/c",
        "a\\b/c",
        "a b/c",
        "a/b ",
        "a/b\n",
    ),
    *("https://github.com/a/b", "a/b.git", "a/b.GIT", "a/con", "nul/b", "a/aux.txt", "a/b."),
    *("-a/b", "a" * 40 + "/b", "a/" + "b" * 101, "a/b%2f", "\uff41/b", "a/b\x00"),
)


@pytest.mark.parametrize("text", BAD, ids=ascii)
def test_what_cannot_be_a_repository_is_refused(text: str) -> None:
    """Nothing but the name of a repository becomes an address of the site."""
    with pytest.raises(ValueError, match="not"):
        RepoName.parse(text)


@pytest.mark.parametrize("text", ["a/b", "A-1/.github", "mona-cat_octo/x", "a/b-_.c", "o-/r"])
def test_real_names_are_kept_as_written(text: str) -> None:
    """A name that GitHub allows is shown exactly as its owner writes it."""
    assert str(RepoName.parse(text)) == text


def test_case_makes_no_difference_between_names() -> None:
    """Two spellings of one repository are one repository."""
    one, other = RepoName.parse("NHS/Tool"), RepoName.parse("nhs/tool")
    assert one == other
    assert len({one, other}) == 1
    assert one.key == "nhs/tool"
    assert one != "nhs/tool"


@given(st.text(max_size=150))
def test_no_accepted_name_leads_out_of_its_folder(text: str) -> None:
    """Whatever is typed, a folder of the site stays inside the site."""
    try:
        name = RepoName.parse(text)
    except ValueError:
        return
    assert name.owner not in {"", ".", ".."}
    assert name.name not in {"", ".", ".."}
    assert not set(str(name)) & set('\\:*?"<>|\0 ')
    assert str(name).count("/") == 1


@given(st.text(max_size=150))
def test_slugs_are_safe_folders_or_nothing(text: str) -> None:
    """A label is filed under a slug that every file system takes, or under none."""
    slug = slug_of(text)
    assert slug == "" or is_slug(slug)


def test_labels_become_readable_slugs() -> None:
    """People recognise their words in an address."""
    assert slug_of("A&E waiting lists") == "a-and-e-waiting-lists"
    assert slug_of("Needs a new home") == "needs-a-new-home"
    assert slug_of("Café") == "cafe"
    assert slug_of("con") == "the-con"
