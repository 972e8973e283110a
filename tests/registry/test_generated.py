"""What the program writes about the registry is current, complete and true."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from aggregator.joining.generated import generated_files, registry_schema
from aggregator.registry.declaration import declared_fields
from aggregator.registry.loader import load, load_texts
from aggregator.registry.mistakes import Mistake
from aggregator.registry.models import Entry
from aggregator.registry.outline import MODELS
from aggregator.registry.validation import read_values

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = generated_files(load(ROOT / "registry.yaml"))


@pytest.mark.parametrize("name", sorted(FILES))
def test_committed_files_are_current(name: str) -> None:
    """Schema, reference and forms say what the program does today."""
    assert (ROOT / name).read_text(encoding="utf-8") == FILES[name]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_explained(model: type[Entry]) -> None:
    """An editor explains each field, with an example unless it is a group."""
    for field in declared_fields(model):
        assert field.meaning, field.name
        assert field.example or field.inner, field.name
        assert f"| `{field.name}` |" in FILES["docs/registry.md"]


def with_own_name(text: str) -> str:
    """Put the name of a repository where an example leaves a place for it."""
    return re.sub(r"\bowner/name\b", "octo/first", text)


def mistakes_in(text: str) -> list[Mistake]:
    """Read an example as whoever pastes it does, who puts a name of their own into it."""
    return [*load_texts({"registry.yaml": with_own_name(text)}).mistakes]


def test_examples_of_the_reference_are_valid() -> None:
    """What the reference shows can be pasted, with the name of one's own repository in it."""
    text = FILES["docs/registry.md"]
    example = re.search(r"```yaml\n(# yaml-language-server.*?)```", text, re.DOTALL)
    assert example is not None
    assert mistakes_in(example[1]) == []
    beside = re.search(r"```yaml\n(people:.*?)```", text, re.DOTALL)
    assert beside is not None
    whole = with_own_name(f"{beside[1]}{example[1]}")
    known = load_texts({"registry.yaml": whole})
    assert known.errors == ()
    assert all((known.people, known.paths, known.talks, *known.terms.values()))
    for model in MODELS:
        given = {one.name: one.example for one in declared_fields(model) if one.required}
        for field in declared_fields(model):
            example = {field.name: field.example}
            part, errors = read_values(model, given | example)
            assert part, field.name
            assert errors == [], field.name


def written(path: Path) -> Any:
    """Read a registry as an editor does, dates as text."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def test_editors_and_the_loader_agree_on_sound_files() -> None:
    """What the loader takes, the schema takes too."""
    cases = ROOT / "tests" / "cases" / "registry"
    validator = jsonschema.Draft202012Validator(registry_schema())
    for path in (ROOT / "registry.yaml", cases / "structure" / "everything.yaml"):
        content = written(path)
        for name in ("stale_after_days", "vanish_limit_percent"):
            if name in content["showcase"]:
                content["showcase"][name] = int(content["showcase"][name])
        assert [error.message for error in validator.iter_errors(content)] == []


@pytest.mark.parametrize(
    "content",
    [
        {"projects": ["https://github.com/a/b"]},
        {"projects": [{"title": "no repo"}]},
        {"projects": [{"repo": "a/b", "titel": "x"}]},
        {"projects": [{"repo": "a/b", "tags": "not a list"}]},
        {"projects": [{"repo": "a/b", "where": "x"}]},
        {"showcase": {"tagline": "no title"}},
        {"showcase": {"title": "T", "accent": "red"}},
        {"something": []},
    ],
    ids=str,
)
def test_editors_underline_what_the_loader_refuses(content: dict[str, object]) -> None:
    """A mistake shows while one types, before anything is proposed."""
    assert list(jsonschema.Draft202012Validator(registry_schema()).iter_errors(content))
    assert load_texts({"registry.yaml": json.dumps(content)}).errors


def test_the_guide_names_every_way_in() -> None:
    """A newcomer finds the form, the editor and the command line, and what happens next."""
    guide = (ROOT / "docs" / "adding-a-project.md").read_text(encoding="utf-8")
    for word in ("form", "registry.yaml", "aggregator add", "aggregator check", "registry.md"):
        assert word in guide
    for block in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL):
        assert mistakes_in(block) == []
