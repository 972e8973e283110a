"""The GraphQL half of the sandbox: schema, resolvers and the price of a query."""
