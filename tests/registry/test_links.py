"""Addresses on GitHub that are filled in already."""

from urllib.parse import parse_qs, urlsplit

from aggregator.registry import Entry, Place, Showcase
from aggregator.registry.forms import ADD_FIELDS, EDIT_FIELDS, REMOVE_FIELDS
from aggregator.registry.links import (
    FormLinks,
    add_link,
    edit_link,
    form_links,
    line_link,
    remove_link,
)

OURS = Showcase(title="T", repository="octo/showcase")
ENTRY = Entry(repo="octo/a&b".replace("&", "-"), where=Place("x/registry.d/m.yaml", 7, 5))


def query(link: str) -> dict[str, str]:
    """Read the query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def test_forms_open_filled_in() -> None:
    """What is known is in the form already, in fields that it has."""
    fields = {"repository": "octo/x", "summary": "Beds & more: 100 %?", "stage": ""}
    link = add_link(OURS, fields)
    assert link.startswith("https://github.com/octo/showcase/issues/new?template=add-project.yml&")
    assert query(link)["summary"] == fields["summary"]
    assert set(query(link)) - {"template"} <= {one.id for one in ADD_FIELDS}
    assert query(edit_link(OURS, ENTRY))[EDIT_FIELDS[0].id] == str(ENTRY.repo)
    assert query(remove_link(OURS, ENTRY))[REMOVE_FIELDS[0].id] == str(ENTRY.repo)


def test_a_very_long_text_leaves_the_form_empty_rather_than_broken() -> None:
    """An address that GitHub would refuse is never made."""
    assert len(add_link(OURS, {"summary": "é" * 5000})) < 8000


def test_without_a_repository_there_is_no_link() -> None:
    """A showcase that has not said where its registry is gets no dead links."""
    plain = Showcase(title="T")
    assert form_links(plain) == FormLinks()
    assert [add_link(plain, {}), edit_link(plain, ENTRY), line_link(plain, ENTRY)] == ["", "", ""]


def test_every_way_in_has_its_address() -> None:
    """The form, the editor and a new file lead into the community's own repository."""
    links = form_links(OURS, "https://github.example/")
    assert links.edit_file == "https://github.example/octo/showcase/edit/main/registry.yaml"
    assert "filename=registry.d%2Fmy-project.yaml" in links.new_file.replace("/my", "%2Fmy")
    assert line_link(OURS, ENTRY).endswith("/blob/main/registry.d/m.yaml#L7")
