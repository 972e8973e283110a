"""What a community says beside its projects: in every file, within its limits, and in our own."""

from collections import Counter
from pathlib import Path

import pytest

from aggregator.registry.loader import load, load_texts
from aggregator.registry.outline import SECTIONS
from tests.conftest import ROOT
from tests.registry.test_cases import listed_beside

OWN = ROOT / "registry.yaml"
PROJECT = "projects:\n  - octo/first\n"
ITEMS = {
    "people": "  - {login: octo-NUMBER}\n",
    "paths": "  - {slug: path-NUMBER, title: A, steps: [{repo: octo/first, say: B.}]}\n",
    "talks": "  - {title: Talk NUMBER}\n",
    "tags": "  - {name: tag-NUMBER, means: A word.}\n",
    "kinds": "  - {name: kind NUMBER, means: A word.}\n",
}


@pytest.mark.parametrize("section", ITEMS)
def test_more_than_there_is_room_for_is_said_and_left_out(section: str) -> None:
    """No list can fill every page: the first ones are read, and the first beyond them is named."""
    most = SECTIONS[section].at_most
    assert most is not None
    items = "".join(ITEMS[section].replace("NUMBER", str(n)) for n in range(most + 2))
    read = load_texts({"registry.yaml": f"{PROJECT}{section}:\n{items}"})
    (error,) = read.errors
    assert error.what == f"only the first {most:,} of `{section}` are read"
    assert error.where.line == 4 + most
    ((name, found),) = listed_beside(read)
    assert (name, len(found)) == (section, most)
    assert [str(entry.repo) for entry in read.projects] == ["octo/first"]


def test_every_list_may_go_on_in_the_folder(tmp_path: Path) -> None:
    """Files in registry.d/ take people, paths, talks and words as well as projects."""
    (tmp_path / "registry.d").mkdir()
    main = tmp_path / "registry.yaml"
    main.write_text(f"people:\n  - login: ada\n{PROJECT}", encoding="utf-8")
    more = "".join(f"{name}:\n{item}" for name, item in ITEMS.items()).replace("NUMBER", "1")
    more += "stages:\n  - {name: in use, means: It is relied on.}\n"
    (tmp_path / "registry.d" / "more.yaml").write_text(more, encoding="utf-8")
    read = load(main)
    assert dict(listed_beside(read)) == {
        "people": ["ada", "octo-1"],
        "paths": ["path-1 (1 step)"],
        "talks": ["Talk 1"],
        "tags": ["tag-1"],
        "kinds": ["kind 1"],
        "stages": ["in use"],
    }
    assert read.errors == ()
    assert {Path(hint.where.file).name for hint in read.mistakes} == {"more.yaml"}


def test_our_own_paths_lead_through_projects_that_are_listed() -> None:
    """Three ways to learn, each of several projects, each step with its sentence."""
    known = load(OWN)
    assert known.mistakes == ()
    assert len(known.paths) >= 3
    for path in known.paths:
        projects = [step.repo for step in path.steps if step.repo]
        assert len(projects) >= 5
        assert path.summary
        assert all(known.entry(repo) for repo in projects)


def test_our_own_words_are_explained() -> None:
    """Each kind and stage has a sentence, and so have the commonest tags, under a heading."""
    known = load(OWN)
    means = {kind: {term.name: term for term in terms} for kind, terms in known.terms.items()}
    assert means["kinds"].keys() == {body.kind for body in known.organisations if body.kind}
    assert [*means["stages"]] == [*known.showcase.stages]
    assert [term.name for term in known.terms["stages"] if term.seeks] == ["needs a new home"]
    tags = Counter(tag for entry in known.projects for tag in entry.tags)
    for tag, _ in tags.most_common(25):
        assert means["tags"][tag].group, tag
    assert all(term.means for terms in known.terms.values() for term in terms)


def test_nothing_is_invented_about_real_people_and_projects() -> None:
    """Our own registry describes nobody and celebrates nothing until its people ask for it."""
    known = load(OWN)
    assert known.people == ()
    assert [entry.repo for entry in known.projects if entry.celebrate] == []
