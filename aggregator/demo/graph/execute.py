"""Run a GraphQL request against a world, under the sandbox's schema or GitHub's own.

The resolvers fit both: they are bound to a schema by name. Called by `app` for each request and
by the tests with GitHub's full published schema.
"""

import json
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    build_schema,
    execute_sync,
    parse,
    validate,
)
from graphql.validation import (
    FieldsOnCorrectTypeRule,
    KnownArgumentNamesRule,
    KnownFragmentNamesRule,
    KnownTypeNamesRule,
    NoFragmentCyclesRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    ValuesOfCorrectTypeRule,
)

from aggregator.demo.graph import gitside, price
from aggregator.demo.graph.context import Context
from aggregator.demo.graph.repositories import REPOSITORY
from aggregator.demo.graph.roots import ACCOUNT, QUERY
from aggregator.demo.graph.searching import SEARCH
from aggregator.demo.model import Account, Repository

RESOLVERS = {
    "Query": {**QUERY, **SEARCH},
    "Repository": REPOSITORY,
    "User": ACCOUNT,
    "Organization": ACCOUNT,
    **gitside.RESOLVERS,
}
# What a mistaken query is told. The other rules of the specification cost more time than running
# the query does; the tests hold every document of the project against all of them.
RULES = [
    FieldsOnCorrectTypeRule,
    KnownArgumentNamesRule,
    KnownFragmentNamesRule,
    KnownTypeNamesRule,
    NoFragmentCyclesRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    ValuesOfCorrectTypeRule,
]
DOCUMENTS_KEPT = 256


@cache
def own_schema() -> GraphQLSchema:
    """Build the sandbox's own part of GitHub's schema."""
    sdl = files("aggregator.demo.graph").joinpath("schema.graphql").read_text("utf-8")
    return bind(build_schema(sdl))


def bind(schema: GraphQLSchema) -> GraphQLSchema:
    """Attach the resolvers to the fields of a schema that has them; return the same schema."""
    for type_name, resolvers in RESOLVERS.items():
        kind = schema.type_map[type_name]
        assert isinstance(kind, GraphQLObjectType)
        for name in resolvers.keys() & kind.fields.keys():
            kind.fields[name].resolve = resolvers[name]
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = _type_name
    return schema


def _type_name(value: Any, *_: Any) -> str:
    if isinstance(value, Repository):
        return "Repository"
    if isinstance(value, Account):
        return value.kind
    if isinstance(value, gitside.GitObject):
        return value.typename
    return str(value["__typename"])


@dataclass(frozen=True, slots=True)
class Query:
    """One parsed and validated request: what to run, or why it cannot be."""

    document: DocumentNode | None
    operation: OperationDefinitionNode | None
    variables: dict[str, Any]
    operation_name: str | None
    errors: tuple[GraphQLError, ...] = ()

    @property
    def fragments(self) -> dict[str, FragmentDefinitionNode]:
        """Give the fragments by name."""
        found = self.document.definitions if self.document else ()
        return {d.name.value: d for d in found if isinstance(d, FragmentDefinitionNode)}

    @property
    def batch_size(self) -> int:
        """Count the repositories asked for."""
        return price.batch_size(self.operation, self.variables) if self.operation else 0


class Reader:
    """Parse and validate requests, keeping the documents that were seen lately."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._lock = Lock()
        self._seen: OrderedDict[str, tuple[DocumentNode | None, tuple[GraphQLError, ...]]]
        self._seen = OrderedDict()

    def read(self, body: bytes) -> Query | None:
        """Read a request's body; None when it is no JSON object with a `query`."""
        try:
            content = json.loads(body)
        except ValueError:
            return None
        if not isinstance(content, dict) or not isinstance(content.get("query"), str):
            return None
        document, errors = self._document(content["query"])
        name = content.get("operationName")
        operation = _operation(document, name) if document else None
        return Query(document, operation, dict(content.get("variables") or {}), name, errors)

    def _document(self, text: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
        with self._lock:
            if text in self._seen:
                self._seen.move_to_end(text)
                return self._seen[text]
        read = self._parse(text)
        with self._lock:
            self._seen[text] = read
            if len(self._seen) > DOCUMENTS_KEPT:
                self._seen.popitem(last=False)
        return read

    def _parse(self, text: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
        try:
            document = parse(text, no_location=False)
        except GraphQLError as error:
            return None, (error,)
        return document, tuple(validate(self.schema, document, RULES))

    def price(self, query: Query) -> price.Price:
        """Count what a valid query costs; see `price.price_of` for what it raises."""
        assert query.operation is not None
        return price.price_of(self.schema, query.operation, query.fragments, query.variables)

    def run(self, query: Query, context: Context) -> dict[str, Any]:
        """Execute a valid query and give the body of GitHub's response."""
        assert query.document is not None
        result = execute_sync(
            self.schema,
            query.document,
            context_value=context,
            variable_values=query.variables,
            operation_name=query.operation_name,
        )
        if not result.errors:
            return {"data": result.data}
        return {"data": result.data, "errors": [error_body(e) for e in result.errors]}


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    found = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    named = [d for d in found if name and d.name and d.name.value == name]
    return next(iter(named or found), None)


def error_body(error: GraphQLError) -> dict[str, Any]:
    """Write an error as GitHub does: its `type` stands beside the message."""
    extensions = dict(error.extensions or {})
    kind = extensions.pop("type", None)
    body: dict[str, Any] = {"type": kind} if kind else {}
    if error.path:
        body["path"] = error.path
    if extensions:
        body["extensions"] = extensions
    places = error.locations or []
    body["locations"] = [{"line": p.line, "column": p.column} for p in places]
    return {**body, "message": error.message}
