"""Documents, parsed and validated once: for a small query that is nine tenths of the work."""

from collections.abc import Iterator
from dataclasses import dataclass

from cachetools import LRUCache
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    Lexer,
    Source,
    TokenKind,
    specified_rules,
    validate,
)
from graphql.language.parser import Parser
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from app.graphql.execution.errors import Refused, refusal
from app.graphql.execution.limits import Limits, NoIntrospection, exceeded, too_deep

KEPT = 200_000
"""Characters of the documents that are kept; a parsed one takes 50 to 500 times the memory of its text."""

_MAX_ERRORS = 20
_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a text: its tree, or why it is refused."""

    length: int
    """Of the text, in characters."""
    tree: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()


class Documents:
    """The documents of one schema, the last used ones kept. What is refused is kept too: it is as dear to find out."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.rules = _RULES if limits.introspection else (*_RULES, NoIntrospection)
        self._kept: LRUCache[str, Document] = LRUCache(
            max(KEPT, limits.length), getsizeof=lambda document: document.length
        )

    def get(self, schema: GraphQLSchema, text: str) -> Document:
        """The document, parsed and validated within the limits."""
        document = self._kept.get(text)
        if document is None:
            document = self._prepare(schema, text)
            if len(text) <= self.limits.length:
                self._kept[text] = document
        return document

    def _prepare(self, schema: GraphQLSchema, text: str) -> Document:
        try:
            tree = self._parse(text)
        except Refused as refused:
            return Document(len(text), None, refused.errors)
        errors = list(exceeded(tree, self.limits))
        if not errors:
            # Near misses would give away what introspection may not.
            errors = validate(
                schema, tree, self.rules, max_errors=_MAX_ERRORS, hide_suggestions=not self.limits.introspection
            )
        for error in errors:
            error.extensions = {"code": "validation_failed", **(error.extensions or {})}
        return Document(len(text), tree, tuple(errors))

    def _parse(self, text: str) -> DocumentNode:
        limit = self.limits.length
        if len(text) > limit:
            raise Refused(
                refusal("document_too_large", f"The document is longer than {limit} characters.", limit=limit)
            )
        limit = self.limits.tokens
        parser = Parser(text, max_tokens=limit)
        try:
            return parser.parse_document()
        except RecursionError:
            raise Refused(too_deep(self.limits)) from None
        except GraphQLSyntaxError as error:
            if _has_more_tokens(text, limit):
                message = f"The document has more than {limit} tokens; split it, or use variables for long values."
                raise Refused(refusal("too_many_tokens", message, limit=limit)) from None
            error.extensions = {"code": "syntax_error"}
            raise Refused(error.with_traceback(None)) from None


def _has_more_tokens(text: str, limit: int) -> bool:
    """Whether the limit is what stopped the parser, which tells it by its message alone; comments count too."""
    lexer = Lexer(Source(text))
    token, count = lexer.token, 0
    try:
        while count <= limit and token.kind is not TokenKind.EOF:
            last = lexer.advance()
            while token is not last and token.next is not None:
                token, count = token.next, count + 1
    except GraphQLSyntaxError:
        return False
    return count > limit


class Prepared(SchemaExtension):
    """Gives Strawberry the kept document, so that every way into the schema has the limits and the cache."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents

    def on_parse(self) -> Iterator[None]:
        """Put the document in place of parsing."""
        context = self.execution_context
        if context.query:
            document = self._document(context.query)
            if document.tree is None:
                raise document.errors[0].with_traceback(None)
            context.graphql_document = document.tree
        yield

    def on_validate(self) -> Iterator[None]:
        """Put what is known of the document in place of validation."""
        context = self.execution_context
        if context.query:
            context.pre_execution_errors = list(self._document(context.query).errors)
        yield

    def _document(self, text: str) -> Document:
        return self.documents.get(self.execution_context.schema._schema, text)
