"""Addresses on GitHub that open the right form."""

from urllib.parse import parse_qs, urlsplit

from aggregator.joining.forms import (
    ADD,
    CELEBRATE,
    EDIT,
    FORMS,
    REMOVE,
    STORY,
    TALK,
    file_link,
    form_link,
)
from aggregator.registry.settings import Showcase
from aggregator.words.names import RepoName

OURS = Showcase(title="T", repository=RepoName("octo", "showcase"))
LISTED = "octo/a-b"


def query(link: str) -> dict[str, str]:
    """Read the query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def test_forms_open_with_the_project_filled_in() -> None:
    """Whoever changes, removes or celebrates an entry need not type which."""
    for form in (EDIT, REMOVE, CELEBRATE, TALK, STORY):
        assert query(form_link(form, OURS, LISTED)) == {"template": form.file, "project": LISTED}


def test_without_a_repository_there_is_no_link() -> None:
    """A showcase that has not said where its registry is gets no dead links."""
    plain = Showcase(title="T")
    links = [form_link(form, plain, LISTED) for form in FORMS]
    assert {*links, file_link(plain)} == {""}


def test_every_way_in_has_its_address() -> None:
    """The form and the editor lead into the community's own repository."""
    ours = "https://github.example/octo/showcase"
    assert file_link(OURS, "https://github.example/") == f"{ours}/edit/main/registry.yaml"
    form = form_link(ADD, OURS, web="https://github.example/")
    assert form == f"{ours}/issues/new?template=add-project.yml"
