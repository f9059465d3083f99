"""Calls that print or format: as print and f-strings where these print the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from .code import ATOM, CMP, LAMBDA, Code, call, py_str
from .foreign import Foreign
from .gotypes import kind_of
from .walk import Node, is_blank, unparen

_PRINTERS = {
    # name: position of the first value, -1 if the position before it is a format
    "fmt.Println": (0, False),
    "fmt.Print": (0, False),
    "fmt.Printf": (1, True),
    "fmt.Sprintf": (1, True),
    "fmt.Sprint": (0, False),
    "fmt.Sprintln": (0, False),
    "fmt.Fprintf": (2, True),
    "fmt.Fprintln": (1, False),
    "fmt.Fprint": (1, False),
    "fmt.Errorf": (1, True),
    "fmt.Appendf": (2, True),
    "log.Printf": (1, True),
    "log.Println": (0, False),
    "log.Print": (0, False),
    "log.Fatal": (0, False),
    "log.Fatalf": (1, True),
    "log.Fatalln": (0, False),
    "log.Panic": (0, False),
    "log.Panicf": (1, True),
    "log.Panicln": (0, False),
}
_METHOD_PRINTERS = {
    "Errorf": True,
    "Fatalf": True,
    "Logf": True,
    "Skipf": True,
    "Error": False,
    "Fatal": False,
    "Log": False,
    "Skip": False,
    "Printf": True,
    "Println": False,
    "Print": False,
    "Fatalln": False,
    "Panicf": True,
    "Panic": False,
    "Panicln": False,
}


@dataclass
class Directive:
    """A verb of a format."""

    flags: str
    width: str
    precision: str
    verb: str
    start: int
    end: int


def directives(text: str) -> list[Directive] | None:
    """Return the verbs of a format; None if it has forms that only fmt understands."""
    found: list[Directive] = []
    i = 0
    while True:
        i = text.find("%", i)
        if i < 0:
            return found
        match = re.compile(r"%([-+# 0]*)(\d*)(\.\d*)?([a-zA-Z%])").match(text, i)
        if match is None:
            return None
        found.append(Directive(match[1], match[2], match[3] or "", match[4], i, match.end()))
        i = match.end()


class Printing(Foreign):
    """Calls that print or format."""

    def printer(self, n: Node, name: str, fun: Node | None) -> Code | None:
        """Translate a function that prints or formats.

        With a plain print or f-string where that is the same.
        """
        args = n.Args or []
        row = _PRINTERS.get(name)
        method = name.rpartition(".")[2]
        if row is None:
            owner = name.rpartition(".")[0]
            if owner not in (
                "testing.common",
                "testing.T",
                "testing.B",
                "testing.TB",
                "testing.F",
                "log.Logger",
            ):
                return None
            if method not in _METHOD_PRINTERS:
                return None
            row = (1, True) if _METHOD_PRINTERS[method] else (0, False)
        first, formatted = row
        if n.Ellipsis or any(self.ty(a).kind == "tuple" for a in args):
            self.facts.names_show = True
            return None
        verbs: list[Directive] | None = None
        text = ""
        if formatted:
            const = args[first - 1].const
            if const is None:
                self.facts.names_show = self.facts.types_show = True
            else:
                text = str(const.value)
                verbs = directives(text)
                for d in verbs or ():
                    if d.verb == "v" and ("+" in d.flags or "#" in d.flags):
                        self.facts.names_show = True
                    if d.verb == "T" or "#" in d.flags:
                        self.facts.types_show = True
                if verbs is None:
                    self.facts.names_show = self.facts.types_show = True
        simple = self.simple_print(n, name, args, first, formatted, verbs, text)
        if simple is not None:
            return simple
        member = self.foreign_member(n, name)
        shown = [d for d in verbs or () if d.verb != "%"]
        out = [
            self.value(a, self.subst(self.ty(n.Fun).under.params[i].type)).arg
            for i, a in enumerate(args[:first])
        ]
        for i, arg in enumerate(args[first:]):
            verb = "v"
            if formatted:
                verb = shown[i].verb if verbs is not None and i < len(shown) else "?"
                if verbs is not None and i < len(shown) and "#" in shown[i].flags:
                    verb = "?"
            out.append(self.shown_argument(arg, verb))
        if fun is not None:
            callee = f"{self.walk_receiver(fun).at(ATOM)}.{member.name.rpartition('.')[2]}"
        else:
            callee = self.member_ref(member)
        return call(callee, *out)

    def shown_argument(self, arg: Node, verb: str) -> str:
        t = self.ty(arg)
        code = self.expr(arg)
        if self.is_nil(arg):
            return "None"
        if t.kind == "basic" and t.name == "untyped nil":
            return "None"
        if self.later and self.needs_copy(arg, t):
            code = self.copy_code(code, t)
        return self.box(code, t, arg, shown=verb).arg

    def simple_print(
        self,
        n: Node,
        name: str,
        args: list[Node],
        first: int,
        formatted: bool,
        verbs: list[Directive] | None,
        text: str,
    ) -> Code | None:
        """Return print or an f-string, if all values are ints and strings."""
        if name != "fmt.Sprintf" and not self.unused(n):
            # print returns nothing.
            return None
        if name == "fmt.Println":
            if all(self.plainly_printed(a) for a in args):
                return self.print_line([self.printed(a) for a in args])
            return None
        if name == "fmt.Print" and len(args) == 1 and self.plainly_printed(args[0]):
            return self.print_text(self.printed(args[0]), args[0])
        if name == "fmt.Sprintf" and verbs is not None and self.parts_meet(verbs, args[1:]):
            return None
        if name in ("fmt.Printf", "fmt.Sprintf") and verbs is not None and args[0].const is not None:
            body = self.f_string(text, verbs, args[1:])
            if body is None:
                return None
            if name == "fmt.Sprintf":
                return Code(self.quote_f(body))
            if body[0].endswith("\\n"):
                return self.print_line([self.quote_f((body[0][:-2], body[1]))])
            return call(self.builtin("print"), self.quote_f(body), 'end=""')
        return None

    def unused(self, n: Node) -> bool:
        """Return whether nothing uses the results of a call."""
        parent = n.parent
        if parent is not None and parent.kind == "AssignStmt":
            return all(is_blank(x) for x in parent.Lhs)
        return parent is not None and parent.kind in ("ExprStmt", "GoStmt", "DeferStmt")

    def print_line(self, texts: list[str]) -> Code:
        return call(self.builtin("print"), *([] if texts == ['""'] else texts))

    def print_text(self, text: str, arg: Node) -> Code:
        if (
            arg.const is not None
            and isinstance(arg.const.value, str)
            and arg.const.value.endswith("\n")
            and text.startswith('"')
        ):
            return self.print_line([text[:-3] + '"'])
        return call(self.builtin("print"), text, 'end=""')

    def plainly_printed(self, n: Node) -> bool:
        """Return whether print writes a value as fmt.Println does: an int or a string."""
        t = self.ty(n)
        if t.kind == "named" and not self.is_alias(t):
            return False
        if self.is_duration(t):
            return False
        return t.under.kind == "basic" and kind_of(t) in ("int", "string")

    def printed(self, n: Node) -> str:
        t = self.ty(n)
        if n.const is not None and kind_of(t) == "int":
            inner = unparen(n)
            if inner.kind == "BasicLit" and inner.Kind == "CHAR":
                return self.constant(n).arg
        return self.expr(n).arg

    def parts_meet(self, verbs: list[Directive], args: list[Node]) -> bool:
        """Return whether two strings may meet in a text, and with them the parts of a rune."""
        real = [d for d in verbs if d.verb != "%"]
        strings = [n.const is None and kind_of(self.ty(n)) == "string" for n in args]
        return any(
            one and other and a.end == b.start
            for (a, one), (b, other) in pairwise(zip(real, strings, strict=False))
        )

    def f_string(self, text: str, verbs: list[Directive], args: list[Node]) -> tuple[str, bool] | None:
        """Return the inside of an f-string for a format, and whether it has values."""
        real = [d for d in verbs if d.verb != "%"]
        if len(real) != len(args):
            return None
        parts = []
        at = 0
        i = 0
        for d in verbs:
            parts.append(self.literal_part(text[at : d.start], bool(args)))
            at = d.end
            if d.verb == "%":
                if d.flags or d.width or d.precision:
                    return None
                parts.append("%")
                continue
            part = self.f_value(d, args[i])
            if part is None:
                return None
            parts.append(part)
            i += 1
        parts.append(self.literal_part(text[at:], bool(args)))
        return "".join(parts), bool(args)

    def literal_part(self, text: str, braces: bool) -> str:
        quoted = py_str(text)[1:-1]
        return quoted.replace("{", "{{").replace("}", "}}") if braces else quoted

    def quote_f(self, body: tuple[str, bool]) -> str:
        return f'{"f" if body[1] else ""}"{body[0]}"'

    def f_value(self, d: Directive, n: Node) -> str | None:
        """Return `{x:5}` for a value, or None if it needs fmt."""
        if not self.plainly_printed(n):
            return None
        kind = kind_of(self.ty(n))
        flags = d.flags
        bare = not (d.width or d.precision or flags)
        if kind == "string" and n.const is not None and bare and d.verb in ("s", "v"):
            return (
                self.literal_part(str(n.const.value), True)
                if unparen(n).kind == "BasicLit"
                else self.f_arg(n, "")
            )
        if d.precision:
            return None
        spec = ""
        if kind == "int":
            if d.verb not in ("d", "v") or set(flags) - {"-", "0"}:
                return None
            if d.verb == "v" and flags:
                return None
            if d.width:
                spec = ("<" if "-" in flags else "0" if "0" in flags else "") + d.width
            elif flags:
                return None
        else:
            if d.verb not in ("s", "v") or set(flags) - {"-"}:
                return None
            if d.width:
                spec = ("<" if "-" in flags else ">") + d.width
            elif flags:
                return None
        return self.f_arg(n, spec)

    def f_arg(self, n: Node, spec: str) -> str | None:
        code = self.expr(n)
        text = code.at(CMP)
        if '"' in text or "\\" in text or "{" in text or "'" in text:
            if "'" in text or "\\" in text or "{" in text or 'f"' in text:
                return None
            text = text.replace('"', "'")
        if code.prec <= LAMBDA:
            return None
        return "{" + text + (f":{spec}" if spec else "") + "}"
