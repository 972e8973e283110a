"""Related projects are alike, and a project that is like none has none."""

from aggregator.related import model, related
from aggregator.search import Document, Index, build_index


def test_a_project_leads_to_the_ones_about_the_same(index: Index) -> None:
    """Two projects about length of stay lead to each other."""
    prepared = model(index)
    assert "north-shore-trust/staylength" in related(prepared, "north-shore-trust/bed-forecaster")
    assert "open-clinic/fhir-tiny" in related(prepared, "open-clinic/openrecords")


def test_a_project_is_never_related_to_itself(index: Index) -> None:
    """No project offers itself, and none offers more than it was asked for."""
    prepared = model(index)
    for key in prepared.keys:
        found = related(prepared, key, 3)
        assert key not in found
        assert len(found) <= 3
        assert len(set(found)) == len(found)


def test_nothing_in_common_means_nothing_related(index: Index) -> None:
    """A project that says nothing of itself is related to nothing."""
    assert related(model(index), "someone/dotfiles-healthcare") == ()


def test_a_shared_organisation_alone_relates_nothing() -> None:
    """Living in one organisation makes projects more alike, but never alike."""
    strangers = build_index(
        [
            Document(key="a/one", text="Counting sheep on hills"),
            Document(key="a/two", text="Rockets reach orbit"),
        ]
    )
    assert related(model(strangers), "a/one") == ()


def test_the_same_index_gives_the_same_relations(documents: list[Document], index: Index) -> None:
    """The order in which members list projects changes nothing."""
    turned = build_index(list(reversed(documents)))
    plain = build_index(documents)
    for document in documents:
        assert related(model(turned), document.key) == related(model(plain), document.key)
