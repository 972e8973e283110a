"""Every file of tests/cases/registry says beside it what the loader makes of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.registry.loader import load
from aggregator.registry.registry import Registry
from aggregator.words.errors import RegistryError
from aggregator.words.phrases import plural

CASES = Path(__file__).resolve().parent.parent / "cases" / "registry"
FILES = sorted(CASES.rglob("*.yaml"))


def reading_of(path: Path) -> str:
    """Say which projects a registry shows, and every mistake in it, a line each."""
    try:
        registry = load(path)
    except RegistryError as error:
        return f"unusable: {error}\n".replace(path.as_posix(), "registry.yaml")
    shown = ", ".join(str(entry.repo) for entry in registry.projects)
    beside = "; ".join(f"{name}: {', '.join(words)}" for name, words in listed_beside(registry))
    also = [f"beside them: {beside}"] if beside else []
    lines = [f"shows: {shown}", *also, *(f"{m.severity}: {m}" for m in registry.mistakes)]
    return "\n".join(lines).replace(path.as_posix(), "registry.yaml") + "\n"


def listed_beside(registry: Registry) -> Iterator[tuple[str, list[str]]]:
    """Name what a registry holds beside its projects and organisations, section by section."""
    found = {
        "people": [person.login for person in registry.people],
        "paths": [f"{path.slug} ({plural(len(path.steps), 'step')})" for path in registry.paths],
        "talks": [talk.title for talk in registry.talks],
        "include": [one.from_ for one in registry.showcase.include],
        "announce": [outlet.called for outlet in registry.showcase.announce.targets],
        **{name: [term.name for term in terms] for name, terms in registry.terms.items()},
    }
    return ((name, words) for name, words in found.items() if words)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_case_reads_as_its_text_says(path: Path) -> None:
    """What members may write wrongly has one known answer, and the others still go on."""
    assert reading_of(path) == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_natural_mistakes_are_kept() -> None:
    """The mistakes that two people made when they had never seen YAML stay answered."""
    assert len([path for path in FILES if path.parent.name == "natural"]) >= 20


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.parent.name == "natural"], ids=lambda path: path.stem
)
def test_no_natural_mistake_hides_a_sound_entry(path: Path) -> None:
    """Whatever a member does to one entry, the one listed before it stays."""
    assert "octo/first" in [str(entry.repo) for entry in load(path).projects]
