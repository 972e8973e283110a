"""Addresses on GitHub that open the right form."""

from urllib.parse import parse_qs, urlsplit

from aggregator.joining.forms import EDIT_FIELDS, REMOVE_FIELDS
from aggregator.joining.links import FormLinks, edit_link, form_links, remove_link
from aggregator.registry.models import Showcase

OURS = Showcase(title="T", repository="octo/showcase")
LISTED = "octo/a-b"


def query(link: str) -> dict[str, str]:
    """Read the query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def test_forms_open_with_the_project_filled_in() -> None:
    """Whoever changes or removes an entry need not type which."""
    assert query(edit_link(OURS, LISTED))[EDIT_FIELDS[0].id] == LISTED
    assert query(remove_link(OURS, LISTED))[REMOVE_FIELDS[0].id] == LISTED


def test_without_a_repository_there_is_no_link() -> None:
    """A showcase that has not said where its registry is gets no dead links."""
    plain = Showcase(title="T")
    assert form_links(plain) == FormLinks()
    assert [edit_link(plain, LISTED), remove_link(plain, LISTED)] == ["", ""]


def test_every_way_in_has_its_address() -> None:
    """The form and the editor lead into the community's own repository."""
    links = form_links(OURS, "https://github.example/")
    assert links.edit_file == "https://github.example/octo/showcase/edit/main/registry.yaml"
    assert links.add_form.startswith("https://github.example/octo/showcase/issues/new?template=")
