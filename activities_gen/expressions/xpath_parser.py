"""The grammar of XPath 1.0: from text to a tree of tuples.

The first item of a tuple says what it is: ``number``, ``text``, ``call``, ``negate``, ``union``, an operator, ``path``
(start, steps) or ``filter`` (expression, predicates). A step is axis, node test and predicates.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.errors import FunctionError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_DEPTH = 30
"""Deepest nesting of parentheses and predicates."""

MAX_OPERATORS = 200
"""Most operators of one expression."""

AXES = frozenset(
    [
        "ancestor",
        "ancestor-or-self",
        "attribute",
        "child",
        "descendant",
        "descendant-or-self",
        "following",
        "following-sibling",
        "namespace",
        "parent",
        "preceding",
        "preceding-sibling",
        "self",
    ]
)
NODE_TYPES = frozenset({"comment", "text", "processing-instruction", "node"})

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(?P<text>"[^"]*"|'[^']*')
    |(?P<operator>//|::|\.\.|!=|<=|>=|[()\[\]@,/.|+=<>*$-])
    |(?P<name>[^\W\d][\w.-]*(?::(?!:)(?:\*|[^\W\d][\w.-]*))?)|(?P<end>\Z))""",
    re.VERBOSE,
)
_BINARY = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
_LEVELS = {operator: level for level, operators in enumerate(_BINARY) for operator in operators}
"""How tightly each operator binds."""
_OPERATOR_NAMES = frozenset({"and", "or", "div", "mod"})

MAX_TOKENS = 20_000
"""Most names, signs and literals of one expression."""

Tree = tuple[Any, ...]


class XPathError(FunctionError):
    """The text is no XPath 1.0 expression, or uses what the engine does not support."""

    def __init__(self, why: str) -> None:
        super().__init__(f"needs a well-formed XPath 1.0 expression: {why}")


def parse_xpath(text: str, functions: Mapping[str, tuple[int, float, Any]]) -> Tree:
    """The tree of an expression.

    Args:
        text: The expression.
        functions: What can be called, with the fewest and the most arguments.

    Raises:
        XPathError: It is not well formed.
    """
    parser = _Parser(_tokens(text), functions)
    tree = parser.expression(0)
    if parser.kind != "end":
        raise XPathError(f"unexpected '{parser.value}'")
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    """Kinds and texts. Names and ``*`` are operators where an operand stands before them."""
    tokens: list[tuple[str, str]] = []
    position = 0
    while not tokens or tokens[-1][0] != "end":
        match = _TOKEN.match(text, position)
        if len(tokens) > MAX_TOKENS:
            raise XPathError(f"more than {MAX_TOKENS} parts")
        if match is None:
            raise XPathError(f"unexpected '{text[position:].strip()[:1]}'")
        kind = match.lastgroup or ""
        value = match[kind]
        before = tokens[-1] if tokens else None
        operand = before is not None and not (
            before[0] == "infix" or (before[0] == "operator" and before[1] not in ("]", ")", "..", "."))
        )
        if operand and (value == "*" or (kind == "name" and value in _OPERATOR_NAMES)):
            kind = "infix"
        elif value == "*":
            kind = "name"
        tokens.append((kind, value))
        position = match.end()
    return tokens


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[tuple[str, str]], functions: Mapping[str, tuple[int, float, Any]]) -> None:
        self.tokens = tokens
        self.functions = functions
        self.index = 0
        self.depth = self.operators = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.index][0]

    @property
    def value(self) -> str:
        return self.tokens[self.index][1]

    def follows(self, kind: str, value: str = "") -> bool:
        """Whether the token behind the current one is such."""
        return self.tokens[min(self.index + 1, len(self.tokens) - 1)] == (kind, value)

    def take(self, *values: str) -> str:
        """Go past an operator, if it is one of ``values``."""
        kind, value = self.tokens[self.index]
        if value in values and kind in ("operator", "infix"):
            self.index += 1
            return value
        return ""

    def need(self, value: str) -> None:
        """Go past the operator ``value``."""
        if not self.take(value):
            raise XPathError(f"expected '{value}'" + (f", not '{self.value}'" if self.value else ""))

    def expression(self, level: int) -> Tree:
        """An operand with the operators behind it that bind at least as tightly as a level."""
        left = self.unary()
        while True:
            kind, operator = self.tokens[self.index]
            bound = _LEVELS.get(operator, -1) if kind in ("operator", "infix") else -1
            if bound < level:
                return left
            self.index += 1
            self.count_operator()
            left = (operator, left, self.expression(bound + 1))

    def count_operator(self) -> None:
        """Count one more operator."""
        self.operators += 1
        if self.operators > MAX_OPERATORS:
            raise XPathError(f"more than {MAX_OPERATORS} operators")

    def unary(self) -> Tree:
        """Minus signs, and the union of paths."""
        negative = False
        while self.take("-"):
            negative = not negative
        tree = self.path()
        while self.take("|"):
            self.count_operator()
            tree = ("union", tree, self.path())
        return ("negate", tree) if negative else tree

    def nested(self) -> Tree:
        """A whole expression inside brackets."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise XPathError(f"more than {MAX_DEPTH} brackets inside each other")
        tree = self.expression(0)
        self.depth -= 1
        return tree

    def path(self) -> Tree:
        """A location path, or another value with predicates and a path behind it."""
        if self.kind == "operator" and self.value in ("/", "//"):
            slash = self.take("/", "//")
            anywhere = slash == "//"
            return ("path", ("root",), self.steps(anywhere=anywhere) if anywhere or self.begins_step() else [])
        if self.begins_step():
            return ("path", ("context",), self.steps())
        tree = self.primary()
        if predicates := self.predicates():
            tree = ("filter", tree, predicates)
        if slash := self.take("/", "//"):
            tree = ("path", tree, self.steps(anywhere=slash == "//"))
        return tree

    def begins_step(self) -> bool:
        """Whether a step of a path comes next, not a function."""
        if self.kind == "operator":
            return self.value in (".", "..", "@")
        return self.kind == "name" and not (self.follows("operator", "(") and self.value not in NODE_TYPES)

    def steps(self, *, anywhere: bool = False) -> list[Tree]:
        """Steps with slashes between; ``anywhere`` if two stand before the first."""
        steps = self.step_below() if anywhere else [self.step()]
        while slash := self.take("/", "//"):
            steps += self.step_below() if slash == "//" else [self.step()]
        return steps

    def step_below(self) -> list[Tree]:
        """A step behind ``//``: one of descendants if it selects children without conditions."""
        axis, test, predicates = step = self.step()
        return [("descendant", test, ())] if axis == "child" and not predicates else [_ANYWHERE, step]

    def step(self) -> Tree:
        """An axis, a node test and predicates."""
        if dots := self.take(".", ".."):
            return ("self" if dots == "." else "parent", ("node",), ())
        axis = "attribute" if self.take("@") else "child"
        if self.kind == "name" and self.follows("operator", "::"):
            axis = self.value
            self.index += 2
            if axis not in AXES:
                raise XPathError(f"there is no axis '{axis}'")
        return (axis, self.node_test(), tuple(self.predicates()))

    def node_test(self) -> Tree:
        """A name, ``*`` or a type of nodes."""
        if self.kind != "name":
            raise XPathError(f"expected a name, not '{self.value}'" if self.value else "it ends too early")
        name = self.value
        self.index += 1
        if name in NODE_TYPES and self.take("("):
            target = self.value[1:-1] if self.kind == "text" else ""
            self.index += self.kind == "text"
            self.need(")")
            return (name, target)
        if ":" in name:
            raise XPathError(f"the prefix of '{name}' is not declared; use local-name()")
        return ("name", name)

    def predicates(self) -> list[Tree]:
        """Conditions in square brackets."""
        found = []
        while self.take("["):
            found.append(self.nested())
            self.need("]")
        return found

    def primary(self) -> Tree:
        """A number, a string, a call or an expression in parentheses."""
        kind, value = self.kind, self.value
        if kind in ("number", "text"):
            self.index += 1
            return ("number", float(value)) if kind == "number" else ("text", value[1:-1])
        if self.take("("):
            tree = self.nested()
            self.need(")")
            return tree
        if kind != "name":
            raise XPathError(f"unexpected '{value}'" if value else "it ends too early")
        self.index += 1
        self.need("(")
        arguments: list[Tree] = []
        while not self.take(")"):
            if arguments:
                self.need(",")
            arguments.append(self.nested())
        least, most, _ = self.functions.get(value, (0, -1, None))
        if not least <= len(arguments) <= most:
            known = f"the function '{value}' takes other arguments" if most >= 0 else f"there is no function '{value}'"
            raise XPathError(known)
        return ("call", value, arguments)


_ANYWHERE: Tree = ("descendant-or-self", ("node", ""), ())
