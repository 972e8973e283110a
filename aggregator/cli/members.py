"""Commands for members and their pull requests: add, check, from-issue, comment, init, schema."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.console import endpoint, environment, hand_over, say, say_json, utc_now, warn
from aggregator.cli.options import REGISTRY, RegistryOption
from aggregator.cli.starter import STARTER
from aggregator.errors import SourceError, UsageError
from aggregator.github import open_sightings
from aggregator.registry import Registry, load
from aggregator.registry.add import (
    Draft,
    Plan,
    Question,
    plan_additions,
    questions,
    read_answer,
    write_additions,
)
from aggregator.registry.check import check
from aggregator.registry.editor import Value
from aggregator.registry.from_issue import from_issue
from aggregator.registry.generated import generated_files
from aggregator.registry.render import Format, render
from aggregator.registry.report import read_report, report_of
from aggregator.registry.schema import schema_text
from aggregator.registry.sightings import Lookup
from aggregator.registry.subset import subset_text
from aggregator.registry.summary import comment_markdown

_LONGEST_FORM = 1_000_000


def check_command(
    registry: RegistryOption = REGISTRY,
    changed_since: Annotated[
        str | None,
        typer.Option(help="Judge only what changed since this branch, tag or commit."),
    ] = None,
    style: Annotated[
        Format, typer.Option("--format", help="text for people, github for workflows, json.")
    ] = "text",
    online: Annotated[
        bool, typer.Option("--online", help="Also ask GitHub about each repository.")
    ] = False,
    report_to: Annotated[
        Path | None, typer.Option(help="Also write the findings as JSON, for `comment`.")
    ] = None,
    touched_to: Annotated[
        Path | None,
        typer.Option(help="Also write a registry of just the judged entries, for a preview."),
    ] = None,
) -> int:
    """Find every mistake in the registry and say how to mend it."""
    with _lookup(online) as lookup:
        verdict = check(registry, changed_since=changed_since, lookup=lookup)
    colour = environment().colour
    rendered = render(verdict, style, colour=colour)
    _show(rendered.text, style, colour=colour)
    _append_summary(rendered.job_summary)
    if report_to:
        report_to.write_text(report_of(verdict).model_dump_json(), encoding="utf-8")
    touched = subset_text(verdict.registry, verdict.judged) if touched_to else ""
    if touched_to and touched:
        touched_to.write_text(touched, encoding="utf-8")
    return verdict.exit_code


def add_command(
    words: Annotated[list[str], typer.Argument(help="owner/name, or the address of a repository.")],
    registry: RegistryOption = REGISTRY,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing; list the repositories as they are.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not ask GitHub whether they exist.")
    ] = False,
) -> int:
    """List repositories in the registry, each in its place."""
    listed = load(registry)
    plan = _plan(registry, words, offline)
    warn(plan.refusals)
    asking = not yes and environment().interactive
    drafts = [_asked(listed, draft) if asking else draft for draft in plan.drafts]
    if drafts:
        write_additions(registry, drafts, utc_now().date())
    for draft in drafts:
        say([f"added {draft.repo} to {registry}", *(f"  {hint}" for hint in draft.hints)])
    return 2 if plan.refusals else 0


def from_issue_command(
    body: Annotated[Path, typer.Option(help="A file with the text of the issue.")],
    answer_to: Annotated[
        Path, typer.Option(help="A folder for answer.md and the title of the pull request.")
    ],
    registry: RegistryOption = REGISTRY,
) -> int:
    """Turn a filled-in issue form into a change of the registry, or an answer in plain words."""
    with body.open("rb") as form:
        text = form.read(_LONGEST_FORM).decode("utf-8", errors="replace")
    with _lookup(online=True) as lookup:
        outcome = from_issue(text, registry, lookup=lookup, today=utc_now().date())
    outcome.apply()
    answer_to.mkdir(parents=True, exist_ok=True)
    for name, content in outcome.files.items():
        (answer_to / name).write_text(content, encoding="utf-8")
    say([outcome.title or outcome.answer or "this issue is not one of the forms"])
    return outcome.exit_code


def comment_command(
    report: Annotated[Path, typer.Option(help="What `check --report-to` wrote.")],
) -> int:
    """Write the comment for a pull request from the findings of a check."""
    hand_over(comment_markdown(read_report(report.read_bytes())))
    return 0


def init_command(
    registry: RegistryOption = REGISTRY,
    title: Annotated[str, typer.Option(help="The name of the showcase.")] = "Project showcase",
) -> int:
    """Write a registry to start from."""
    if registry.exists():
        raise UsageError(f"{registry} is there already", "it stays as it is", "see aggregator add")
    registry.write_text(STARTER.replace("TITLE", _quoted(title)), encoding="utf-8")
    load(registry)
    say([f"wrote {registry}", "next: aggregator add OWNER/NAME, then aggregator run"])
    return 0


def schema_command(
    registry: RegistryOption = REGISTRY,
    write: Annotated[
        bool,
        typer.Option("--write", help="Write the schema, its page in docs/ and the issue forms."),
    ] = False,
) -> int:
    """Show the JSON Schema of the registry, or write everything generated from it."""
    if not write:
        hand_over(schema_text())
        return 0
    for name, text in generated_files(load(registry)).items():
        target = registry.parent / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        say([f"wrote {target}"])
    return 0


@contextmanager
def _lookup(online: bool) -> Iterator[Lookup | None]:
    if not online:
        yield None
        return
    with open_sightings(endpoint(environment())) as lookup:
        yield lookup


def _show(text: str, style: Format, *, colour: bool) -> None:
    """Write a verdict; annotations and colours of our own must not be taken out of it."""
    if style == "json":
        say_json(text.rstrip("\n"))
    elif style == "text" and not colour:
        say([text.rstrip("\n")])
    else:
        hand_over(text)


def _append_summary(markdown: str) -> None:
    target = environment().step_summary
    if target and markdown:
        with target.open("a", encoding="utf-8") as summary:
            summary.write(markdown + "\n")


def _plan(registry: Path, words: list[str], offline: bool) -> Plan:
    """Find out what can be listed; without an answer from GitHub, list it unverified and say so."""
    try:
        with _lookup(not offline) as lookup:
            return plan_additions(registry, words, lookup)
    except SourceError as problem:
        warn([f"GitHub was not asked whether they exist: {problem}"])
        return plan_additions(registry, words)


def _asked(registry: Registry, draft: Draft) -> Draft:
    say([str(draft.repo), "  Enter leaves a question out."])
    answers = {q.name: _answer(registry, q) for q in questions(registry, draft)}
    return replace(draft, fields={name: value for name, value in answers.items() if value})


def _answer(registry: Registry, question: Question) -> Value | None:
    choices = f" ({', '.join(question.choices)})" if question.choices else ""
    while True:
        text = typer.prompt(f"  {question.prompt}{choices}", default="", show_default=False)
        answer = read_answer(registry, question.name, text)
        if answer.problem is None:
            return answer.value
        say([f"  {answer.problem}"])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


COMMANDS: Mapping[str, Callable[..., int]] = {
    "add": add_command,
    "check": check_command,
    "init": init_command,
    "schema": schema_command,
    "from-issue": from_issue_command,
    "comment": comment_command,
}
