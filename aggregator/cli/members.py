"""Commands for members and their pull requests: add, check, from-issue, comment, init, schema."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.console import hand_over, say, say_json, warn
from aggregator.cli.environment import endpoint, environment, new_identity, utc_now, workers
from aggregator.cli.options import OUTPUT, REGISTRY, STATE, RegistryOption, StateOption
from aggregator.cli.starter import STARTER
from aggregator.joining.add import (
    Draft,
    Plan,
    Question,
    organisation_questions,
    plan_additions,
    questions,
    write_additions,
)
from aggregator.joining.answers import is_nothing, new_organisation, read_answer, same_organisation
from aggregator.joining.check import check
from aggregator.joining.differences import confirms
from aggregator.joining.editor import Value
from aggregator.joining.from_issue import Asked, from_issue
from aggregator.joining.generated import generated_files
from aggregator.joining.render import Format, render
from aggregator.joining.report import read_report, report_of
from aggregator.joining.schema import schema_text
from aggregator.joining.subset import subset_text
from aggregator.joining.summary import comment_markdown
from aggregator.registry.loader import load
from aggregator.registry.models import Organisation, Registry
from aggregator.registry.sightings import Lookup
from aggregator.store.locking import write_whole
from aggregator.words.errors import SourceError, UsageError
from aggregator.words.names import RepoName

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
    author: Annotated[
        str, typer.Option(help="Whose change it is, a GitHub login; their own entries may go.")
    ] = "",
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="The removal of entries of others is meant.")
    ] = False,
    description: Annotated[
        Path | None,
        typer.Option(help="A file with the text of the pull request; a ticked box confirms."),
    ] = None,
) -> int:
    """Find every mistake in the registry and say how to mend it."""
    said = confirmed or (description is not None and confirms(_text_of(description)))
    with _lookup(online) as lookup:
        verdict = check(
            registry,
            changed_since=changed_since,
            author=author or None,
            confirmed=said,
            lookup=lookup,
        )
    colour = environment().colour
    rendered = render(verdict, style, colour=colour)
    _show(rendered.text, style, colour=colour)
    _append_summary(rendered.job_summary)
    if report_to:
        write_whole(report_to, report_of(verdict).model_dump_json().encode())
    touched = subset_text(verdict.registry, verdict.judged) if touched_to else ""
    if touched_to and touched:
        write_whole(touched_to, touched.encode())
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
    organisation: Annotated[
        str,
        typer.Option(help="Where they belong: a slug, or a full name, which is listed if need be."),
    ] = "",
    kind: Annotated[
        str, typer.Option(help="What sort of body it is, when --organisation is a new one.")
    ] = "",
    website: Annotated[
        str, typer.Option(help="Its website, when --organisation is a new one.")
    ] = "",
) -> int:
    """List repositories in the registry, each in its place."""
    listed = load(registry)
    slug, body = _organisation(listed, organisation, kind, website)
    plan = _plan(registry, words, offline)
    warn(plan.refusals)
    asking = not yes and environment().interactive
    drafts: list[Draft] = []
    for plain in plan.drafts:
        draft = _belonging(plain, slug, None if drafts else body)
        draft = _asked(listed, draft) if asking else draft
        if draft.organisation:  # the next one may belong to it as well
            listed = replace(listed, organisations=(*listed.organisations, draft.organisation))
        drafts.append(draft)
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
    title: Annotated[str, typer.Option(help="The title of the issue.")] = "",
    author: Annotated[str, typer.Option(help="The login of whoever opened the issue.")] = "",
    repository: Annotated[
        str,
        typer.Option(help="Where the forms are, as owner/name; else showcase.repository."),
    ] = "",
) -> int:
    """Turn a filled-in issue form into a change of the registry, or an answer in plain words."""
    text = _text_of(body)
    home, web = _repository(repository), environment().web
    with _lookup(online=True) as lookup:
        asked = Asked(registry, lookup, utc_now().date(), title, author, web, home)
        outcome = from_issue(text, asked)
    files = outcome.files
    outcome.apply()
    answer_to.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_whole(answer_to / name, content.encode())
    say([outcome.title or outcome.answer or "this issue asks for nothing that a form could do"])
    return outcome.exit_code


def comment_command(
    report: Annotated[Path, typer.Option(help="What `check --report-to` wrote.")],
    pages: Annotated[
        str, typer.Option(help="The address of the artifact with the built pages.")
    ] = "",
) -> int:
    """Write the comment for a pull request from the findings of a check."""
    found = read_report(report.read_bytes())
    hand_over(comment_markdown(found, pages, environment().web))
    return 0


def preview_command(
    report: Annotated[Path, typer.Option(help="What `check --report-to` wrote; it is added to.")],
    registry: RegistryOption = REGISTRY,
    state: StateOption = STATE,
) -> int:
    """Add to the findings of a check what the built pages of its projects show."""
    from aggregator.run.pipeline import prepare
    from aggregator.run.preview import with_previews
    from aggregator.run.workspace import Workspace
    from aggregator.store.opening import read_snapshot

    found, listed = read_report(report.read_bytes()), load(registry)
    workspace = Workspace(registry, state, OUTPUT)
    snapshot = read_snapshot(workspace.database)
    catalogue = prepare(workspace, listed, snapshot, environment().web, workers())
    written = with_previews(found, listed, catalogue)
    report.write_text(written.model_dump_json(), encoding="utf-8")
    say([f"{sum(card.preview is not None for card in written.judged)} cards"])
    return 0


def init_command(
    registry: RegistryOption = REGISTRY,
    title: Annotated[str, typer.Option(help="The name of the showcase.")] = "Project showcase",
) -> int:
    """Write a registry to start from."""
    if registry.exists():
        cure = "`aggregator add` adds to it; to begin anew, delete or rename it first"
        raise UsageError(f"{registry} is there already", "it stays as it is", cure)
    text = STARTER.replace("TITLE", _quoted(title)).replace("IDENTITY", _quoted(new_identity()))
    registry.write_text(text, encoding="utf-8")
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
        write_whole(target, text.encode())
        say([f"wrote {target}"])
    return 0


@contextmanager
def _lookup(online: bool) -> Iterator[Lookup | None]:
    if not online:
        yield None
        return
    from aggregator.github.opening import open_sightings

    with open_sightings(endpoint(environment())) as lookup:
        yield lookup


def _text_of(path: Path) -> str:
    with path.open("rb") as stream:
        return stream.read(_LONGEST_FORM).decode("utf-8", errors="replace")


def _repository(text: str) -> RepoName | None:
    try:
        return RepoName.parse(text) if text else None
    except ValueError:
        raise UsageError("--repository", f"{text!r} is no repository", "write owner/name") from None


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


def _organisation(
    registry: Registry, name: str, kind: str, website: str
) -> tuple[str, Organisation | None]:
    """Find an organisation by what somebody called it, or make the one that is to be listed."""
    if is_nothing(name):
        return "", None
    known = same_organisation(registry, name, website)
    body = known or new_organisation(registry, name, kind, website)
    if isinstance(body, str):
        raise UsageError("--organisation", body)
    return body.slug, None if known else body


def _belonging(draft: Draft, slug: str, body: Organisation | None) -> Draft:
    fields = {**draft.fields, "organisation": slug} if slug else draft.fields
    return replace(draft, fields=fields, organisation=body)


def _asked(registry: Registry, draft: Draft) -> Draft:
    say([str(draft.repo), "  Enter leaves a question out."])
    fields, body = dict(draft.fields), draft.organisation
    for question in questions(registry, draft):
        if question.name == "organisation" and "organisation" not in fields:
            slug, body = _asked_organisation(registry, question)
            fields |= {"organisation": slug} if slug else {}
        elif question.name != "organisation":
            value = _answer(registry, question)
            fields |= {question.name: value} if value else {}
    return replace(draft, fields=fields, organisation=body)


def _asked_organisation(registry: Registry, question: Question) -> tuple[str, Organisation | None]:
    while True:
        name = _prompt(question)
        if is_nothing(name) or same_organisation(registry, name):
            return _organisation(registry, name, "", "")
        say([f"  {read_answer(registry, 'organisation', name).problem}"])
        if not typer.confirm("  List it as a new one?", default=False):
            continue
        answers = {q.name: _prompt(q) for q in organisation_questions(registry)}
        body = new_organisation(registry, name, answers["kind"], answers["url"])
        if isinstance(body, Organisation):
            return body.slug, body
        say([f"  {body}"])


def _prompt(question: Question) -> str:
    choices = f" ({', '.join(question.choices)})" if question.choices else ""
    answer: str = typer.prompt(f"  {question.prompt}{choices}", default="", show_default=False)
    return answer


def _answer(registry: Registry, question: Question) -> Value | None:
    while True:
        answer = read_answer(registry, question.name, _prompt(question))
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
    "preview": preview_command,
    "comment": comment_command,
}
