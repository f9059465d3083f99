"""Parses the text of a template (Go's text/template/parse)."""

from __future__ import annotations

from collections.abc import Container
from typing import Final, NoReturn

from . import _template_nodes as nodes
from ._quote import quote
from ._template_lex import Lexer, Token
from ._template_nodes import Chain, Command, Fields, List, Node, Number, Pipe, Tree, Variable, Word
from .strconv import parse_float, parse_int, parse_uint, unquote, unquote_char

_OPERANDS: Final = frozenset(
    ("bool", "char constant", "complex", ".", "field", "identifier", "number", "nil", "raw", "string")
) | {"variable", "("}
_MAX_DEPTH: Final = 10_000


class ParseFault(Exception):
    """The text is not a template."""


def parse(  # noqa: PLR0917
    name: str, text: str, left: str, right: str, functions: Container[str], own: frozenset[str]
) -> dict[str, Tree]:
    """Return the templates of a text by their names.

    `functions` are the names of all functions, `own` of those that Go does not have.  Raises ParseFault.
    """
    found: dict[str, Tree] = {}
    tokens = _Tokens(Lexer(text, left, right, own))
    parser = _Parser(Tree(name, name, text, left, right), tokens, functions, found)
    parser.whole()
    return found


class _Tokens:
    """The tokens, of which a parser may give some back."""

    def __init__(self, lexer: Lexer) -> None:
        self._source = iter(lexer)
        self._read: list[Token] = []
        self.at = 0

    def next(self) -> Token:
        if self.at == len(self._read):
            # At the end, the last one comes again.
            self._read.append(next(self._source, None) or self._read[-1])
        self.at += 1
        return self._read[self.at - 1]

    def line(self) -> int:
        """Return the line of the last token that was looked at."""
        return self._read[-1].line if self._read else 0


class _Parser:
    """Parses one template; those inside of it have parsers of their own."""

    def __init__(
        self, tree: Tree, tokens: _Tokens, functions: Container[str], found: dict[str, Tree]
    ) -> None:
        self.tree = tree
        self.tokens = tokens
        self.functions = functions
        self.found = found
        self.variables = ["$"]
        self.ranges = 0
        self.depth = 0
        self.action_line = 0

    # --- tokens -------------------------------------------------------------------------------------------

    def fail(self, words: str) -> NoReturn:
        raise ParseFault(f"template: {self.tree.parse_name}:{self.tokens.line()}: {words}")

    def unexpected(self, token: Token, context: str) -> NoReturn:
        if token.kind != "error":
            self.fail(f"unexpected {token} in {context}")
        more = ""
        if self.action_line not in {0, token.line}:
            more = f" in action started at {self.tree.parse_name}:{self.action_line}"
            if token.text.endswith(" action"):
                more = more.removeprefix(" in action")
        self.fail(f"{token}{more}")

    def peek(self) -> Token:
        token = self.tokens.next()
        self.tokens.at -= 1
        return token

    def next_word(self) -> Token:
        """Return the next token that is no space."""
        while True:
            token = self.tokens.next()
            if token.kind != "space":
                return token

    def peek_word(self) -> Token:
        token = self.next_word()
        self.tokens.at -= 1
        return token

    def expect(self, context: str, *kinds: str) -> Token:
        token = self.next_word()
        if token.kind not in kinds:
            self.unexpected(token, context)
        return token

    def unquoted(self, text: str) -> str:
        value, err = unquote(text)
        if err is not None:
            self.fail(str(err))
        return value

    # --- templates ----------------------------------------------------------------------------------------

    def whole(self) -> None:
        """Parse all of the text."""
        root = self.tree.root = List(self.tree, self.peek().pos)
        while self.peek().kind != "eof":
            if self.peek().kind == "left":
                back = self.tokens.at
                self.tokens.next()
                if self.next_word().kind == "define":
                    self._inner("definition")._definition()
                    continue
                self.tokens.at = back
            node = self.text_or_action()
            if isinstance(node, Word) and node.word in {"end", "else"}:
                self.fail(f"unexpected {node}")
            root.nodes.append(node)
        self._add()

    def _inner(self, name: str) -> _Parser:
        tree = self.tree
        made = Tree(name, tree.parse_name, tree.text, tree.left, tree.right)
        return _Parser(made, self.tokens, self.functions, self.found)

    def _add(self) -> None:
        known = self.found.get(self.tree.name)
        if known is None or nodes.is_empty(known.root):
            self.found[self.tree.name] = self.tree
        elif not nodes.is_empty(self.tree.root):
            self.fail(f"template: multiple definition of template {quote(self.tree.name)}")

    def _definition(self) -> None:
        self.tree.name = self.unquoted(self.expect("define clause", "string", "raw").text)
        self.expect("define clause", "right")
        self._body("define clause")

    def _body(self, context: str) -> None:
        self.tree.root, end = self.items()
        if end.word != "end":
            self.fail(f"unexpected {end} in {context}")
        self._add()

    def items(self) -> tuple[List, Word]:
        """Return the nodes up to an end or else, and that."""
        found = List(self.tree, self.peek_word().pos)
        while True:
            if self.peek_word().kind == "eof":
                self.fail("unexpected EOF")
            node = self.text_or_action()
            if isinstance(node, Word) and node.word in {"end", "else"}:
                return found, node
            found.nodes.append(node)

    def text_or_action(self) -> Node:
        token = self.next_word()
        if token.kind == "text":
            return nodes.Text(self.tree, token.pos, token.text)
        if token.kind != "left":
            self.unexpected(token, "input")
        self.action_line = token.line
        try:
            return self._action()
        finally:
            self.action_line = 0

    # --- actions ------------------------------------------------------------------------------------------

    def _action(self) -> Node:
        token = self.next_word()
        match token.kind:
            case "if" | "with" | "range":
                return self._branch(token.kind)
            case "break" | "continue":
                return self._jump(token)
            case "end":
                return Word(self.tree, self.expect("end", "right").pos, "end")
            case "else":
                return self._else()
            case "template":
                return self._invocation()
            case "block":
                return self._block()
        self.tokens.at -= 1
        pos = self.peek().pos
        return nodes.Action(self.tree, pos, self.pipeline("command", "right"))

    def _jump(self, token: Token) -> Node:
        following = self.next_word()
        if following.kind != "right":
            self.unexpected(following, f"{{{{{token.kind}}}}}")
        if not self.ranges:
            self.fail(f"{{{{{token.kind}}}}} outside {{{{range}}}}")
        return Word(self.tree, token.pos, token.kind)

    def _else(self) -> Word:
        following = self.peek_word()
        if following.kind not in {"if", "with"}:
            following = self.expect("else", "right")
        return Word(self.tree, following.pos, "else")

    def _branch(self, word: str) -> Node:
        outer = len(self.variables)
        pipe = self.pipeline(word, "right")
        self.ranges += word == "range"
        body, end = self.items()
        self.ranges -= word == "range"
        other: List | None = None
        if end.word == "else":
            if word in {"if", "with"} and self.peek().kind == word:
                # What follows is an if of its own, whose end is that of both.
                self.tokens.next()
                other = List(self.tree, end.pos, [self._branch(word)])
            else:
                other, end = self.items()
                if end.word != "end":
                    self.fail(f"expected end; found {end}")
        del self.variables[outer:]
        return nodes.Branch(self.tree, pipe.pos, word, pipe, body, other)

    def _invocation(self) -> Node:
        token = self.next_word()
        name = self._name_of(token, "template clause")
        pipe = None
        if self.next_word().kind != "right":
            self.tokens.at -= 1
            pipe = self.pipeline("template clause", "right")
        return nodes.Invocation(self.tree, token.pos, name, pipe)

    def _block(self) -> Node:
        token = self.next_word()
        name = self._name_of(token, "block clause")
        pipe = self.pipeline("block clause", "right")
        self._inner(name)._body("block clause")
        return nodes.Invocation(self.tree, token.pos, name, pipe)

    def _name_of(self, token: Token, context: str) -> str:
        if token.kind not in {"string", "raw"}:
            self.unexpected(token, context)
        return self.unquoted(token.text)

    # --- pipelines ----------------------------------------------------------------------------------------

    def pipeline(self, context: str, end: str) -> Pipe:
        pipe = Pipe(self.tree, self.peek_word().pos)
        self._declarations(pipe, context)
        while (token := self.next_word()).kind != end:
            if token.kind not in _OPERANDS:
                self.unexpected(token, context)
            self.tokens.at -= 1
            pipe.commands.append(self._command())
        if not pipe.commands:
            self.fail(f"missing value for {context}")
        for i, command in enumerate(pipe.commands[1:], 2):
            if isinstance(command.args[0], nodes.CONSTANTS):
                self.fail(f"non executable command in pipeline stage {i}")
        return pipe

    def _declarations(self, pipe: Pipe, context: str) -> None:
        while (variable := self.peek_word()).kind == "variable":
            back = self.tokens.at
            self.tokens.next()
            following = self.peek_word()
            if following.kind not in {"=", ":="} and following[0::2] != ("char", ","):
                self.tokens.at = back
                return
            self.next_word()
            pipe.names.append(Variable(self.tree, variable.pos, [variable.text]))
            self.variables.append(variable.text)
            if following.kind != "char":
                pipe.assigns = following.kind == "="
                return
            if context != "range" or len(pipe.names) > 1:
                self.fail(f"too many declarations in {context}")
            if self.peek_word().kind not in {"variable", "right", ")"}:
                self.fail("range can only initialize variables")

    def _command(self) -> Command:
        command = Command(self.tree, self.peek_word().pos)
        while True:
            self.peek_word()
            operand = self._operand()
            if operand is not None:
                command.args.append(operand)
            token = self.tokens.next()
            if token.kind == "space":
                continue
            if token.kind in {"right", ")"}:
                self.tokens.at -= 1
            elif token.kind != "|":
                self.unexpected(token, "operand")
            break
        if not command.args:
            self.fail("empty command")
        return command

    def _operand(self) -> Node | None:
        node = self._term()
        if node is None or self.peek().kind != "field":
            return node
        pos = self.peek().pos
        names = []
        while self.peek().kind == "field":
            names.append(self.tokens.next().text[1:])
        if isinstance(node, Fields):
            return Fields(self.tree, pos, node.ident + names)
        if isinstance(node, Variable):
            return Variable(self.tree, pos, node.ident + names)
        if isinstance(node, nodes.CONSTANTS):
            self.fail(f"unexpected . after term {quote(str(node))}")
        return Chain(self.tree, pos, node, names)

    def _term(self) -> Node | None:
        token = self.next_word()
        tree, pos, text = self.tree, token.pos, token.text
        match token.kind:
            case "identifier":
                if text not in self.functions:
                    self.fail(f"function {quote(text)} not defined")
                return nodes.Identifier(tree, pos, text)
            case ".":
                return nodes.Dot(tree, pos)
            case "nil":
                return nodes.Nil(tree, pos)
            case "variable":
                if text not in self.variables:
                    self.fail(f"undefined variable {quote(text)}")
                return Variable(tree, pos, [text])
            case "field":
                return Fields(tree, pos, [text[1:]])
            case "bool":
                return nodes.Bool(tree, pos, text == "true")
            case "char constant" | "complex" | "number":
                return self._number(token)
            case "(":
                if self.depth >= _MAX_DEPTH:
                    self.fail("max expression depth exceeded")
                self.depth += 1
                pipe = self.pipeline("parenthesized pipeline", ")")
                self.depth -= 1
                return pipe
            case "string" | "raw":
                return nodes.String(tree, pos, text, self.unquoted(text))
        self.tokens.at -= 1
        return None

    # --- numbers ------------------------------------------------------------------------------------------

    def _number(self, token: Token) -> Number:
        text = token.text
        made = Number(self.tree, token.pos, text)
        if token.kind == "char constant":
            rune, _, rest, err = unquote_char(text[1:], ord(text[0]))
            if err is not None:
                self.fail(str(err))
            if rest != "'":
                self.fail(f"malformed character constant: {text}")
            made.int_ = made.uint = rune
            made.float_ = float(rune)
        elif token.kind == "complex":
            # The second sign that is not that of an exponent.
            signs = [i for i in range(1, len(text)) if text[i] in "+-"]
            split = next((i for i in signs if text[i - 1] not in "eEpP"), signs[-1])
            _simplify(made, self._float(text[:split]), self._float(text[split:-1]))
        elif text.endswith("i") and parse_float(text[:-1], 64)[1] is None:
            _simplify(made, 0.0, self._float(text[:-1]))
        else:
            self._real(made, text)
        return made

    def _float(self, text: str) -> float:
        x, err = parse_float(text, 64)
        if err is not None:
            self.fail(str(err))
        return x

    def _real(self, made: Number, text: str) -> None:
        u, err = parse_uint(text, 0, 64)
        made.uint = u if err is None else None
        i, err = parse_int(text, 0, 64)
        if err is None:
            made.int_ = i
            made.uint = u if i == 0 else made.uint
        integer = made.uint if made.int_ is None else made.int_
        if integer is not None:
            made.float_ = float(integer)
            return
        x, err = parse_float(text, 64)
        if err is not None:
            self.fail(f"illegal number syntax: {quote(text)}")
        if not any(c in ".eEpP" for c in text):
            self.fail(f"integer overflow: {quote(text)}")
        made.float_ = x
        _as_integers(made, x)


def _simplify(made: Number, real: float, imaginary: float) -> None:
    made.complex_ = complex(real, imaginary)
    if imaginary == 0:
        made.float_ = real
        _as_integers(made, real)


def _as_integers(made: Number, x: float) -> None:
    """Note the integers that are equal to a float."""
    if x.is_integer():
        n = int(x)
        made.int_ = n if -(1 << 63) <= n < 1 << 63 else None
        made.uint = n if 0 <= n < 1 << 64 else None


__all__ = ["ParseFault", "parse"]
