"""`aggregator add`: what is asked at the keyboard, and what is said.

What can be listed and what an answer means is decided in `joining`; nothing is decided here.
"""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import click

from aggregator.cli.console import say, warn
from aggregator.cli.environment import endpoint, environment, utc_now
from aggregator.cli.options import Explained, registry_option
from aggregator.github.opening import open_sightings
from aggregator.joining.add import (
    Draft,
    plan_additions,
    questions,
    with_additions,
    with_choices,
)
from aggregator.joining.answers import (
    is_nothing,
    kinds_in_use,
    new_organisation,
    read_answer,
    same_organisation,
)
from aggregator.joining.editor import Value
from aggregator.joining.proposal import rewrite
from aggregator.registry.loader import load
from aggregator.registry.models import Organisation
from aggregator.registry.registry import Registry
from aggregator.words.errors import SourceError, UsageError
from aggregator.words.exits import DONE, WRONG


@click.command("add")
@click.argument(
    "words",
    nargs=-1,
    required=True,
    cls=Explained,
    help="owner/name, or the address of a repository.",
)
@registry_option
@click.option("--yes", is_flag=True, help="Ask nothing; list the repositories as they are.")
@click.option("--offline", is_flag=True, help="Do not ask GitHub whether they exist.")
@click.option(
    "--organisation",
    default="",
    help="Where they belong: a slug, or a full name, which is listed if need be.",
)
@click.option(
    "--kind", default="", help="What sort of body it is, when --organisation is a new one."
)
@click.option("--website", default="", help="Its website, when --organisation is a new one.")
def add_command(
    words: tuple[str, ...],
    registry: Path,
    yes: bool,
    offline: bool,
    organisation: str,
    kind: str,
    website: str,
) -> int:
    """List repositories in the registry, each in its place."""
    listed = load(registry)
    body = _organisation(listed, organisation, kind, website)
    try:
        with nullcontext() if offline else open_sightings(endpoint(environment())) as lookup:
            plain, refusals = plan_additions(listed, words, lookup)
    except SourceError as problem:
        # Without an answer from GitHub they are listed unverified.
        warn([f"GitHub was not asked whether they exist: {problem}"])
        plain, refusals = plan_additions(listed, words)
    warn(refusals)
    asking = not yes and environment().interactive
    drafts: list[Draft] = []
    for one in plain:
        draft = replace(one, organisation=body)
        draft = _asked(listed, draft) if asking else draft
        new = draft.organisation
        # The organisation of one project is known when the next is asked about.
        if new and not listed.organisation(new.slug):
            listed = replace(listed, organisations=(*listed.organisations, new))
        drafts.append(draft)
    if drafts:
        today = utc_now().date()
        rewrite(registry, lambda text: with_additions(text, drafts, today))
    for draft in drafts:
        say([f"added {draft.repo} to {registry}", *(f"  {hint}" for hint in draft.hints)])
    return WRONG if refusals else DONE


def _organisation(registry: Registry, name: str, kind: str, website: str) -> Organisation | None:
    """Find an organisation by what somebody called it, or make the one that is to be listed."""
    if is_nothing(name):
        return None
    known = same_organisation(registry, name, website)
    body = known or new_organisation(registry, name, kind, website)
    if isinstance(body, str):
        raise UsageError("--organisation", body)
    return body


def _asked(registry: Registry, draft: Draft) -> Draft:
    say([str(draft.repo), "  Enter leaves a question out."])
    fields, body = dict(draft.fields), draft.organisation
    for field, question in questions(registry, draft.repo).items():
        if field == "organisation":
            body = body or _asked_organisation(registry, question)
        elif value := _asked_value(registry, field, question):
            fields[field] = value
    return replace(draft, fields=fields, organisation=body)


def _asked_organisation(registry: Registry, question: str) -> Organisation | None:
    while True:
        name = _prompt(question)
        known = same_organisation(registry, name)
        if is_nothing(name) or known:
            return None if is_nothing(name) else known
        say([f"  {read_answer(registry, 'organisation', name)[1]}"])
        if not click.confirm("  List it as a new one?", default=False):
            continue
        kind = _prompt(with_choices("What sort of body is it?", kinds_in_use(registry)))
        url = _prompt("What is the address of its website?")
        body = new_organisation(registry, name, kind, url)
        if isinstance(body, Organisation):
            return body
        say([f"  {body}"])


def _asked_value(registry: Registry, field: str, question: str) -> Value | None:
    while True:
        value, problem = read_answer(registry, field, _prompt(question))
        if not problem:
            return value
        say([f"  {problem}"])


def _prompt(question: str) -> str:
    answer: str = click.prompt(f"  {question}", default="", show_default=False)
    return answer
