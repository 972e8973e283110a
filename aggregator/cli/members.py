"""Commands for members and their pull requests: check, from-issue, preview, comment, schema.

`add`, which talks, has a module of its own. A command imports what only it needs: `check` runs
before every commit and waits for neither the network nor the site.
"""

from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import get_args

import click

from aggregator.cli.console import hand_over, say, say_json
from aggregator.cli.environment import endpoint, environment, utc_now, workers
from aggregator.cli.options import OUTPUT, registry_option, state_option, templates_option
from aggregator.joining.check import check
from aggregator.joining.judgement import Judgement, read_judgement
from aggregator.joining.renderings import Format, comment_markdown, render, summary_markdown
from aggregator.registry.loader import load
from aggregator.registry.sightings import Lookup
from aggregator.words.errors import UsageError
from aggregator.words.names import RepoName

_LONGEST_FORM = 1_000_000  # bytes; GitHub keeps 65,536 characters of an issue or a description


@click.command("check")
@registry_option
@click.option("--changed-since", help="Judge only what changed since this branch, tag or commit.")
@click.option(
    "--format",
    "style",
    type=click.Choice(get_args(Format)),
    default="text",
    show_default=True,
    help="text for people, github for workflows, json.",
)
@templates_option
@click.option("--online", is_flag=True, help="Also ask GitHub about each repository.")
@click.option("--report-to", type=Path, help="Also write the findings as JSON, for `comment`.")
@click.option(
    "--touched-to",
    type=Path,
    help="Also write a registry of just the judged entries, for a preview.",
)
@click.option("--author", help="Whose change it is, a GitHub login; their own entries may go.")
@click.option("--confirmed", is_flag=True, help="The removal of entries of others is meant.")
@click.option(
    "--description",
    type=Path,
    help="A file with the text of the pull request; a ticked box confirms.",
)
def check_command(
    registry: Path,
    changed_since: str | None,
    style: Format,
    templates: Path | None,
    online: bool,
    report_to: Path | None,
    touched_to: Path | None,
    author: str | None,
    confirmed: bool,
    description: Path | None,
) -> int:
    """Find every mistake in the registry and say how to mend it."""
    confirmed = confirmed or _confirms(description)
    with _looking() if online else nullcontext() as lookup:
        found = check(
            registry,
            changed_since=changed_since,
            author=author or None,
            confirmed=confirmed,
            lookup=lookup,
            speaks=None if changed_since else partial(_spoken_with, templates),
        )
    _show(found, style)
    if report_to:
        _write(report_to, found.bounded().as_json())
    if touched_to and found.judged:
        from aggregator.site.pages.preview import subset_text

        repos = [RepoName.parse(card.repo) for card in found.judged]
        _write(touched_to, subset_text(load(registry), repos))
    return found.exit_code


def _spoken_with(templates: Path | None, language: str) -> str:
    from aggregator.site.theme import find_templates
    from aggregator.site.translations import spoken_for

    return spoken_for(language, filter(None, (templates, find_templates())))


@click.command("from-issue")
@click.option("--body", type=Path, required=True, help="A file with the text of the issue.")
@click.option(
    "--answer-to",
    type=Path,
    required=True,
    help="A folder for answer.md and the title of the pull request.",
)
@registry_option
@click.option("--title", default="", help="The title of the issue.")
@click.option("--author", default="", help="The login of whoever opened the issue.")
@click.option("--repository", help="Where the forms are, as owner/name; else showcase.repository.")
def from_issue_command(
    body: Path, answer_to: Path, registry: Path, title: str, author: str, repository: str | None
) -> int:
    """Turn a filled-in issue form into a change of the registry, or an answer in plain words."""
    from aggregator.joining.from_issue import IssueContext, from_issue

    text, web = _text_of(body), environment().web
    try:
        home = RepoName.parse(repository) if repository else None
    except ValueError:
        cause = f"{repository!r} is no repository"
        raise UsageError("--repository", cause, "write owner/name") from None
    with _looking() as lookup:
        context = IssueContext(registry, lookup, utc_now().date(), title, author, web, home)
        proposal = from_issue(text, context)
    proposal.apply()
    answer_to.mkdir(parents=True, exist_ok=True)
    for name, content in proposal.files.items():
        _write(answer_to / name, content)
    say([proposal.title or proposal.answer or "this issue asks for nothing that a form could do"])
    return proposal.exit_code


@click.command("comment")
@click.option("--report", type=Path, required=True, help="What `check --report-to` wrote.")
@click.option("--pages", default="", help="The address of the artifact with the built pages.")
def comment_command(report: Path, pages: str) -> int:
    """Write the comment for a pull request from the findings of a check."""
    found = read_judgement(report.read_bytes())
    hand_over(comment_markdown(found, pages, environment().web))
    return 0


@click.command("preview")
@click.option(
    "--report",
    type=Path,
    required=True,
    help="What `check --report-to` wrote; it is added to.",
)
@registry_option
@state_option
def preview_command(report: Path, registry: Path, state: Path) -> int:
    """Add to the findings of a check what the built pages of its projects show."""
    from aggregator.run.pipeline import assembled
    from aggregator.run.workspace import Workspace
    from aggregator.site.pages.preview import with_previews
    from aggregator.store.store import read_snapshot

    found, listed = read_judgement(report.read_bytes()), load(registry)
    workspace = Workspace(registry, state, OUTPUT)
    snapshot = read_snapshot(workspace.database)
    catalogue, _ = assembled(workspace, listed, snapshot, environment().web, workers())
    written = with_previews(found, listed, catalogue)
    report.write_text(written.as_json(), encoding="utf-8")
    say([f"{sum(card.preview is not None for card in written.judged)} cards"])
    return 0


@click.command("schema")
@registry_option
@click.option(
    "--write", is_flag=True, help="Write the schema, its page in docs/ and the issue forms."
)
def schema_command(registry: Path, write: bool) -> int:
    """Show the JSON Schema of the registry, or write everything generated from it."""
    from aggregator.joining.generated import generated_files, schema_text

    if not write:
        hand_over(schema_text())
        return 0
    for name, text in generated_files(load(registry)).items():
        target = registry.parent / name
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, text)
        say([f"wrote {target}"])
    return 0


def _looking() -> AbstractContextManager[Lookup]:
    from aggregator.github.opening import open_sightings

    return open_sightings(endpoint(environment()))


def _write(path: Path, text: str) -> None:
    from aggregator.store.locking import write_whole

    write_whole(path, text.encode())


def _confirms(description: Path | None) -> bool:
    if description is None:
        return False
    from aggregator.joining.differences import confirms

    return confirms(_text_of(description))


def _text_of(path: Path) -> str:
    with path.open("rb") as stream:
        return stream.read(_LONGEST_FORM).decode("utf-8", errors="replace")


def _show(found: Judgement, style: Format) -> None:
    """Write a judgement; annotations and colours of our own must not be taken out of it."""
    surroundings = environment()
    text = render(found, style, colour=surroundings.colour)
    if style == "json":
        say_json(text.rstrip("\n"))
    elif style == "text" and not surroundings.colour:
        say([text.rstrip("\n")])
    else:
        hand_over(text)
    if style == "github" and surroundings.step_summary:
        with surroundings.step_summary.open("a", encoding="utf-8") as summary:
            summary.write(summary_markdown(found.bounded()) + "\n")
