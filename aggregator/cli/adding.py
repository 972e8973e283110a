"""`aggregator add`: what is asked at the keyboard, and what is said.

What can be listed and what an answer means is decided in `joining`; nothing is decided here.
"""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.console import say, warn
from aggregator.cli.environment import endpoint, environment, utc_now
from aggregator.cli.options import REGISTRY, RegistryOption
from aggregator.github.opening import open_sightings
from aggregator.joining.add import (
    AddPrompt,
    Draft,
    Plan,
    organisation_questions,
    plan_additions,
    questions,
    with_additions,
)
from aggregator.joining.answers import is_nothing, new_organisation, read_answer, same_organisation
from aggregator.joining.editor import Value
from aggregator.joining.proposal import rewrite
from aggregator.registry.loader import load
from aggregator.registry.models import Organisation
from aggregator.registry.registry import Registry
from aggregator.words.errors import SourceError, UsageError


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
    body = _organisation(listed, organisation, kind, website)
    plan = _plan(registry, words, offline)
    warn(plan.refusals)
    asking = not yes and environment().interactive
    drafts: list[Draft] = []
    for plain in plan.drafts:
        draft = replace(plain, organisation=body)
        draft = _asked(listed, draft) if asking else draft
        listed = _with_organisation(listed, draft.organisation)
        drafts.append(draft)
    if drafts:
        today = utc_now().date()
        rewrite(registry, lambda text: with_additions(text, drafts, today))
    for draft in drafts:
        say([f"added {draft.repo} to {registry}", *(f"  {hint}" for hint in draft.hints)])
    return 2 if plan.refusals else 0


def _plan(registry: Path, words: list[str], offline: bool) -> Plan:
    """Find out what can be listed; without an answer from GitHub, list it unverified and say so."""
    try:
        with nullcontext() if offline else open_sightings(endpoint(environment())) as lookup:
            return plan_additions(registry, words, lookup)
    except SourceError as problem:
        warn([f"GitHub was not asked whether they exist: {problem}"])
        return plan_additions(registry, words)


def _organisation(registry: Registry, name: str, kind: str, website: str) -> Organisation | None:
    """Find an organisation by what somebody called it, or make the one that is to be listed."""
    if is_nothing(name):
        return None
    known = same_organisation(registry, name, website)
    body = known or new_organisation(registry, name, kind, website)
    if isinstance(body, str):
        raise UsageError("--organisation", body)
    return body


def _with_organisation(registry: Registry, body: Organisation | None) -> Registry:
    """Know the organisation of one project when asking about the next."""
    if body is None or registry.organisation(body.slug):
        return registry
    return replace(registry, organisations=(*registry.organisations, body))


def _asked(registry: Registry, draft: Draft) -> Draft:
    say([str(draft.repo), "  Enter leaves a question out."])
    fields, body = dict(draft.fields), draft.organisation
    for question in questions(registry, draft):
        if question.name == "organisation":
            body = body or _asked_organisation(registry, question)
        elif value := _answer(registry, question):
            fields[question.name] = value
    return replace(draft, fields=fields, organisation=body)


def _asked_organisation(registry: Registry, question: AddPrompt) -> Organisation | None:
    while True:
        name = _prompt(question)
        known = same_organisation(registry, name)
        if is_nothing(name) or known:
            return None if is_nothing(name) else known
        say([f"  {read_answer(registry, 'organisation', name).problem}"])
        if not typer.confirm("  List it as a new one?", default=False):
            continue
        kind, url = map(_prompt, organisation_questions(registry))
        body = new_organisation(registry, name, kind, url)
        if isinstance(body, Organisation):
            return body
        say([f"  {body}"])


def _prompt(question: AddPrompt) -> str:
    choices = f" ({', '.join(question.choices)})" if question.choices else ""
    answer: str = typer.prompt(f"  {question.prompt}{choices}", default="", show_default=False)
    return answer


def _answer(registry: Registry, question: AddPrompt) -> Value | None:
    while True:
        answer = read_answer(registry, question.name, _prompt(question))
        if not answer.problem:
            return answer.value
        say([f"  {answer.problem}"])
