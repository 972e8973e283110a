"""What a query costs, counted as GitHub documents it.

Rule: docs.github.com, "Rate limits and query limits for the GraphQL API": add up the requests
needed to fill every connection, assuming each reaches its `first` or `last`; divide by 100, round,
and take at least one point. Looking up many nodes by id multiplies what is asked of each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    value_from_ast_untyped,
)

from aggregator.demo.graph_answers import GraphQuestion, refusal

NODE_LIMIT = 500_000
PAGE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Price:
    """Requests to fill connections, and nodes that may come back."""

    requests: int = 0
    nodes: int = 0

    @property
    def points(self) -> int:
        """Give the points that are taken from the hourly allowance."""
        return max(1, (self.requests + 50) // 100)

    def __add__(self, other: "Price") -> "Price":
        return Price(self.requests + other.requests, self.nodes + other.nodes)

    def __mul__(self, times: int) -> "Price":
        return Price(self.requests * times, self.nodes * times)


class _Counter:
    """Walk one operation; fragments are counted once and multiplied."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = dict(variables)
        self._known: dict[str, Price] = {}

    def selections(self, selected: SelectionSetNode | None, type_name: str) -> Price:
        nodes = selected.selections if selected else ()
        return sum((self._selection(node, type_name) for node in nodes), Price())

    def _selection(self, node: SelectionNode, type_name: str) -> Price:
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            return self.selections(
                node.selection_set, condition.name.value if condition else type_name
            )
        assert isinstance(node, FieldNode)
        return self._field(node, type_name)

    def _fragment(self, name: str) -> Price:
        if name not in self._known:
            fragment = self._fragments[name]
            on = fragment.type_condition.name.value
            self._known[name] = self.selections(fragment.selection_set, on)
        return self._known[name]

    def _field(self, node: FieldNode, type_name: str) -> Price:
        if node.selection_set is None:
            return Price()
        fields = getattr(self._schema.get_type(type_name), "fields", {})
        definition = fields.get(node.name.value)
        if definition is None:
            return Price()
        named = get_named_type(definition.type).name
        below = self.selections(node.selection_set, named)
        if named.endswith("Connection"):
            size = self._page_size(node)
            return below * max(size, 1) + Price(1, size)
        return below * self._ids(node)

    def _page_size(self, node: FieldNode) -> int:
        sizes = [self._argument(node, name) for name in ("first", "last")]
        given = [int(size) for size in sizes if size is not None]
        if given and given[0] > PAGE_LIMIT:
            raise refusal(
                "EXCESSIVE_PAGINATION",
                f"Requesting {given[0]} records on the `{node.name.value}` connection exceeds "
                f"the `first` limit of {PAGE_LIMIT} records.",
            )
        if not given and _lists_items(node):
            raise refusal(
                "MISSING_PAGINATION_BOUNDARIES",
                "You must provide a `first` or `last` value to properly paginate the "
                f"`{node.name.value}` connection.",
            )
        return given[0] if given else 0

    def _ids(self, node: FieldNode) -> int:
        ids = self._argument(node, "ids")
        return len(ids) if isinstance(ids, list) else 1

    def _argument(self, node: FieldNode, name: str) -> Any:
        found = next((a for a in node.arguments or () if a.name.value == name), None)
        return value_from_ast_untyped(found.value, self._variables) if found else None


def _lists_items(node: FieldNode) -> bool:
    selected = node.selection_set.selections if node.selection_set else ()
    names = {s.name.value for s in selected if isinstance(s, FieldNode)}
    return bool(names & {"nodes", "edges"})


def price_of(schema: GraphQLSchema, document: DocumentNode, question: GraphQuestion) -> Price:
    """Count what a valid query costs.

    Raises:
        GraphQLError: a page is too large or has no size, or too many nodes may come back.
    """
    found = document.definitions
    fragments = {d.name.value: d for d in found if isinstance(d, FragmentDefinitionNode)}
    operation = _operation(document, question)
    counter = _Counter(schema, fragments, question.variables)
    price = counter.selections(operation.selection_set, "Query") if operation else Price()
    if price.nodes > NODE_LIMIT:
        raise refusal(
            "MAX_NODE_LIMIT_EXCEEDED",
            f"This query requests up to {price.nodes:,} possible nodes which exceeds the maximum "
            f"limit of {NODE_LIMIT:,}.",
        )
    return price


def _operation(document: DocumentNode, question: GraphQuestion) -> OperationDefinitionNode | None:
    found = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    named = [d for d in found if d.name and d.name.value == question.operation]
    return next(iter(named or found), None)


def batch_size(document: DocumentNode, question: GraphQuestion) -> int:
    """Count how many repositories a query asks for: root aliases, or ids of `nodes`."""
    operation = _operation(document, question)
    asked = operation.selection_set.selections if operation else ()
    return sum(_asked(node, question.variables) for node in asked)


def _asked(node: SelectionNode, variables: Mapping[str, Any]) -> int:
    if not isinstance(node, FieldNode) or node.name.value in ("rateLimit", "__typename"):
        return 0
    for argument in node.arguments or ():
        if argument.name.value == "ids":
            return len(value_from_ast_untyped(argument.value, dict(variables)) or ())
    return 1
