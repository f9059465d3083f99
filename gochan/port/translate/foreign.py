"""What Go's library has: its functions, methods, values and types, by the tables."""

from __future__ import annotations

import re

from ..guards import leaves
from ..tables import Idiom, Member, Refusal, check_regexp
from ..tree import Object, Type
from .calls import Calls
from .code import ATOM, LEVELS, Code, call, fixed
from .gotypes import kind_of
from .walk import Node, is_blank, unparen

# Functions of Go's library with a parameter of type any that only looks at it.
_RAW = {
    "sort.Slice",
    "sort.SliceStable",
    "sort.SliceIsSorted",
    "runtime.SetFinalizer",
    "runtime.KeepAlive",
}
# Functions that change the order of a slice's elements.
_REARRANGES = {
    "sort.Slice",
    "sort.SliceStable",
    "slices.SortFunc",
    "slices.SortStableFunc",
    "slices.Reverse",
    "slices.Compact",
    "slices.CompactFunc",
    "slices.Delete",
    "slices.DeleteFunc",
    "slices.Insert",
    "slices.Replace",
}
# Methods that list those of a type: the classes keep the names that these have in Go.
_LISTING_METHODS = {
    "reflect.Type.NumMethod",
    "reflect.Type.Method",
    "reflect.Type.MethodByName",
    "reflect.Value.NumMethod",
    "reflect.Value.Method",
}
# Functions that give the values of a map, which has no type of its values at run time.
_GIVES_VALUES = {"maps.Values", "maps.All"}
# Functions of gochan that return an error, as Go's do.
_RETURNS_ERROR = {"context.Context.Err", "context.Cause", "Err", "Cause"}
# Functions of gochan whose function argument raises what Go's returns.
_TAKES_RAISING = {
    "golang.org/x/sync/errgroup.Group.Go",
    "golang.org/x/sync/errgroup.Group.TryGo",
}
# Types of Go that are generic in gochan.
_GENERIC = {"sync.Map": 2, "sync.Cond": 1, "sync.Pool": 1}


class Foreign(Calls):
    """Go's library."""

    # --- names ----------------------------------------------------------------------------------------------

    def full_name(self, obj: Object) -> str:
        """Return the name of a library's function or method for tables.py: "strings.Builder.WriteString"."""
        full = obj.full
        match = re.fullmatch(r"\(\*?([^)]*)\)\.(\w+)", full)
        if match:
            owner = match[1].partition("[")[0]
            return f"{owner}.{match[2]}"
        return full

    def full_method(self, fun: Node) -> str:
        """Return the name of a library's method for tables.py, by the exported type that has it."""
        t = self.ty(fun.X)
        for step in [None, *fun.sel.path]:
            if step is not None:
                t = self.field_type(t, step)
            base = t.elem if t.kind == "pointer" else t
            if (
                base.kind == "named"
                and not base.obj.local
                and base.obj.pkg is not None
                and base.obj.name[:1].isupper()
            ) and base.under.kind != "interface":
                return f"{base.obj.pkg}.{base.obj.name}.{fun.Sel.Name}"
        return self.full_name(fun.obj)

    def lookup(self, n: Node, name: str) -> Idiom | Member:
        found = self.tables.lookup(name)
        if isinstance(found, Refusal):
            raise self.refuse(n, found.message)
        return found

    def member_ref(self, member: Member) -> str:
        """Return the reference to a name in a module: `strings.contains`."""
        module = self.module_for(member.module)
        return f"{self.module(module)}.{member.name}" if member.module else member.name

    def module_for(self, module: str) -> str:
        return module

    def foreign_member(self, n: Node, name: str) -> Member:
        found = self.lookup(n, name)
        if isinstance(found, Idiom):
            if found.member is None:
                raise self.refuse(n, f"{name} as a value has no counterpart")
            return found.member
        return found

    # --- calls and values -----------------------------------------------------------------------------------

    def call_foreign(self, n: Node, name: str, fun: Node | None) -> Code:
        special = self.special_call(n, name, fun)
        if special is not None:
            return special
        printer = self.printer(n, name, fun)
        if printer is not None:
            return printer
        found = self.lookup(n, name)
        sig = self.ty(n.Fun).under
        args = self.foreign_arguments(n, sig, name)
        if name in _GIVES_VALUES and not (n.parent is not None and n.parent.kind == "RangeStmt"):
            args[0] = self.copied_values(n.Args[0], args[0])
        receiver = self.walk_receiver(fun) if fun is not None else None
        if fun is not None and receiver is not None and name.startswith("os.File.") and self.unchecked(fun.X):
            receiver = call(f"{self.module('gochan.port.lib.os')}.opened", receiver.arg)
        if isinstance(found, Idiom) and name != "errors.New" and not self.moves_elements(n, name):
            code = self.idiom(n, found, receiver, args)
            if code is not None:
                return code
        if isinstance(found, Idiom):
            if found.member is None:
                raise self.refuse(n, f"{name} with these arguments has no counterpart")
            found = found.member
        if receiver is not None:
            callee = f"{receiver.at(ATOM)}.{found.name.rpartition('.')[2]}"
        else:
            callee = self.member_ref(found)
        if self.moves_elements(n, name):
            return call(self.lib("keep_places"), callee, *args)
        if name in _TAKES_RAISING:
            args = [*args[:-1], self.raising(n.Args[-1], args[-1])]
        return self.bridge(n, found, name, call(callee, *args), sig)

    def unchecked(self, n: Node) -> bool:
        """Return whether n is a variable that gets a result beside an error which is not checked before."""
        n = unparen(n)
        var = self.analysis.vars.get(n.obj.index) if n.kind == "Ident" and n.obj is not None else None
        made = var.decl.parent if var is not None and var.decl is not None else None
        if made is None or made.kind != "AssignStmt" or len(made.Lhs) != 2 or len(made.Rhs) != 1:
            return False
        block = made.parent
        if is_blank(made.Lhs[1]):
            return True
        if block is None or block.kind not in ("BlockStmt", "CaseClause", "CommClause"):
            return False
        statements = block.List if block.kind == "BlockStmt" else block.Body
        after = statements[statements.index(made) + 1 :]
        checks = (x for x in after if x.kind == "IfStmt" and leaves(x.Body.List))
        return not any(x.end <= (n.line, n.col) for x in checks)

    def copied_values(self, n: Node, text: str) -> str:
        """Return a map with copies of its values, if they are structs or arrays that change in place."""
        elem = self.subst(self.ty(n).under.elem)
        if not self.value_like(elem) or not self.mutable(elem):
            return text
        value = self.copy_code(Code("value"), elem).text
        return f"{{key: {value} for key, value in {self.expr(n).at(ATOM)}.items()}}"

    def moves_elements(self, n: Node, name: str) -> bool:
        """Return whether a function moves structs, of which there may be pointers to elements of slices."""
        return name in _REARRANGES and bool(n.Args) and self.has_pointers_into(self.ty(n.Args[0]))

    def raising(self, arg: Node, text: str) -> str:
        return call(self.lib("raising"), text).text

    def bridge(self, n: Node, member: Member, name: str, code: Code, sig: Type) -> Code:
        """Turn the exception that gochan raises into the error that Go returns."""
        results = [self.subst(r.type) for r in sig.results]
        if not member.raises or not results or name in _RETURNS_ERROR or code.call is None:
            return code
        last = results[-1]
        if not (last.kind == "named" and last.obj.scope == "universe" and last.obj.name == "error"):
            return code
        callee, args = code.call
        if len(results) == 1:
            return call(self.lib("catch"), callee, *args)
        zero = (
            self.zero(results[0])
            if len(results) == 2
            else Code("(" + ", ".join(self.zero(r).text for r in results[:-1]) + ")")
        )
        return call(self.lib("catch_value"), zero.text, callee, *args)

    def foreign_arguments(self, n: Node, sig: Type, name: str) -> list[str]:
        if name in _RAW:
            return [self.expr(arg).arg for arg in n.Args or []]
        args = self.arguments(n, sig)
        for i, arg in enumerate(n.Args or []):
            if arg.kind == "BasicLit" and self.foreign(self.ty(arg)) and self.ty(arg).obj.pkg == "io/fs":
                # What takes permissions takes any int.
                args[i] = f"{int(arg.const.value):#o}"
        return args

    def idiom(self, n: Node, idiom: Idiom, receiver: Code | None, args: list[str]) -> Code | None:
        """Return Python's own expression for a call, if its conditions hold."""
        nodes = n.Args or []
        texts: list[Code] = [receiver] if receiver is not None else []
        if n.Ellipsis or any(a.startswith("*") for a in args) or len(args) != len(nodes):
            return None
        sig = self.ty(n.Fun).under
        for node, p in zip(nodes, sig.params, strict=False):
            texts.append(self.value(node, p.type))
        offset = len(texts) - len(nodes)
        for condition in idiom.when:
            head, _, rest = condition.partition(":")
            if head == "args":
                if len(nodes) != int(rest):
                    return None
                continue
            if head == "statement":
                if n.parent is None or n.parent.kind != "ExprStmt":
                    return None
                continue
            if head not in ("const", "nonempty", "nonnegative", "equals", "int", "string"):
                return None
            where, _, what = rest.partition(":")
            node = nodes[int(where) - offset]
            if head == "const" and node.const is None:
                return None
            if head in ("int", "string"):
                t = self.ty(node)
                if t.under.kind in ("slice", "array"):
                    t = self.subst(t.under.elem)
                if kind_of(t) != head or not self.is_plain(t):
                    return None
            if head == "nonempty" and (node.const is None or node.const.value == ""):
                return None
            if head == "nonnegative" and not self.non_negative(node):
                return None
            if head == "equals" and (node.const is None or str(node.const.value) != what):
                return None
        if len(texts) != len(idiom.arg_prec) and len(texts) < len(idiom.arg_prec):
            return None
        text = idiom.expr
        for module in idiom.imports:
            text = re.sub(rf"\b{re.escape(module)}\.", fixed(f"std:{module}") + ".", text)
        text = re.sub(
            r"\b(len|str|int|float|max|min|abs|sorted|sum|any|all|ord|chr|list|tuple|range|reversed|round|bool|set|dict|print|enumerate|zip|map|filter|repr|bytes|divmod|pow|isinstance)\(",
            lambda m: self.builtin(m[1]) + "(",
            text,
        )

        def place(match: re.Match[str]) -> str:
            i = int(match[1])
            return texts[i].at(LEVELS[idiom.arg_prec[i]])

        text = re.sub(r"\{(\d+)\}", place, text)
        if "list" in idiom.when:
            return None
        result = Code(text, LEVELS[idiom.prec])
        plain = re.fullmatch(r"([^()]*)\((.*)\)", text)
        if (
            plain is not None
            and result.prec == ATOM
            and idiom.expr.count("(") == 1
            and idiom.expr.endswith(")")
        ):
            inside = re.fullmatch(r"([^()]*)\((.*)\)", idiom.expr)
            if inside is not None and re.fullmatch(r"\{\d+\}(, \{\d+\})*|", inside[2]):
                order = [texts[int(i)].arg for i in re.findall(r"\{(\d+)\}", inside[2])]
                result.call = (text[: -len(f"({', '.join(order)})")], order)
        return result

    def foreign_value(self, n: Node) -> Code:
        """Translate a variable, constant or function of a library, used as a value."""
        obj = n.obj
        name = f"{obj.pkg}.{obj.name}"
        if obj.kind == "func":
            return self.foreign_function(n, name)
        special = self.special_value(n, name)
        if special is not None:
            return special
        found = self.lookup(n, name)
        if isinstance(found, Idiom):
            if not found.arg_prec:
                text = found.expr
                for module in found.imports:
                    text = re.sub(rf"\b{re.escape(module)}\.", fixed(f"std:{module}") + ".", text)
                return Code(text, LEVELS[found.prec])
            assert found.member is not None
            found = found.member
        return Code(self.member_ref(found))

    def special_value(self, n: Node, name: str) -> Code | None:
        if name in ("context.Canceled", "context.DeadlineExceeded"):
            parent = n.parent
            code = self.member_ref(self.foreign_member(n, name))
            if parent is not None and parent.kind == "CallExpr" and unparen(parent.Fun).obj is not None:
                if unparen(parent.Fun).obj.full == "errors.Is":
                    return Code(code)
            if parent is not None and parent.kind in ("BinaryExpr", "CaseClause"):
                return Code(code)
            return call(code)
        return None

    def foreign_function(self, n: Node, name: str) -> Code:
        member = self.foreign_member(n, name)
        sig = self.ty(n).under
        code = Code(self.member_ref(member))
        if name.startswith("fmt."):
            self.facts.names_show = self.facts.types_show = True
        return self.bridge_value(n, member, name, code, sig)

    def bridge_value(self, n: Node, member: Member, name: str, code: Code, sig: Type) -> Code:
        """Turn a function of gochan, used as a value, into one that returns its error."""
        results = sig.results
        if not member.raises or not results or name in _RETURNS_ERROR:
            return code
        last = results[-1].type
        if last.kind == "named" and last.obj.scope == "universe":
            if len(results) == 1:
                return call(fixed("std:functools.partial"), self.lib("catch"), code.arg)
            return call(
                fixed("std:functools.partial"),
                self.lib("catch_value"),
                self.zero(results[0].type).text,
                code.arg,
            )
        return code

    def foreign_method_value(self, n: Node, name: str) -> Code:
        if name in ("fmt.Stringer.String", "fmt.GoStringer.GoString"):
            return Code(f"{self.walk_receiver(n).at(ATOM)}.{self.method_name(n.Sel.Name)}")
        member = self.foreign_member(n, name)
        code = Code(f"{self.walk_receiver(n).at(ATOM)}.{member.name.rpartition('.')[2]}")
        return self.bridge_value(n, member, name, code, self.ty(n).under)

    def foreign_constant(self, n: Node, obj: Object, t: Type) -> Code | None:
        """Return a constant of a library by its name, or None for its value."""
        name = f"{obj.pkg}.{obj.name}"
        found = self.tables.lookup(name)
        if isinstance(found, Refusal):
            if (
                n.const is not None
                and obj.pkg in ("math", "syscall", "os", "time")
                and kind_of(t) in ("int", "float", "string")
            ):
                return None
            raise self.refuse(n, found.message)
        own = obj.type
        if own is not t and kind_of(own) != kind_of(t):
            return None
        if obj.const is not None and kind_of(t) == "float" and obj.const.kind == "int":
            return None
        if isinstance(found, Idiom) and found.arg_prec:
            return None
        if own is not t and t.kind == "named" and not self.is_plain(t):
            return None
        return self.foreign_value(n)

    def foreign_type(self, t: Type) -> str:
        """Return the name of a type of a library."""
        obj = t.obj
        if obj.pkg is None:
            return self.lib("error") if obj.name == "error" else self.typing("Any")
        name = f"{obj.pkg}.{obj.name}"
        if name in ("iter.Seq", "iter.Seq2"):
            # The library's Seq can be iterated too; a function of the program is only a function.
            return self.ann(t.under)
        found = self.tables.lookup(name)
        if isinstance(found, Refusal):
            if name in ("fmt.Stringer", "fmt.GoStringer"):
                return self.anonymous_interface(t)
            if self.is_interface(t):
                return self.typing("Any")
            raise self.refuse(self.here, f"type {found.message}")
        member = found.member if isinstance(found, Idiom) else found
        assert member is not None
        text = self.member_ref(member)
        if name == "sync/atomic.Pointer" and not self.has_typeparam(t):
            text += f"[{self.pointer_ann(self.subst(t.args[0]))}]"
        elif t.args:
            text += f"[{', '.join(self.ann(a) for a in t.args)}]"
        elif name in _GENERIC:
            text += f"[{', '.join([self.typing('Any')] * _GENERIC[name])}]"
        return text

    def pointer_ann(self, t: Type) -> str:
        """Return the annotation for a type checker of what a pointer to a t is in Python."""
        plain = self.is_object(t) or t.under.kind == "array" or (self.foreign(t) and t.under.kind == "struct")
        return self.plain_ann(t) if plain else f"{self.lib('Ref')}[{self.plain_ann(t)}]"

    def foreign_field(self, n: Node, owner: Type) -> str:
        name = f"{owner.obj.pkg}.{owner.obj.name}.{n.Sel.Name}"
        member = self.foreign_member(n, name)
        return member.name.rpartition(".")[2]

    def special_call(self, n: Node, name: str, fun: Node | None) -> Code | None:
        """Translate the few calls of a library that a table can't say."""
        args = n.Args or []
        if name == "errors.AsType":
            inst = unparen(n.Fun).inst or unparen(unparen(n.Fun).X).inst
            wanted = self.subst(inst[0])
            self.note_assert(wanted)
            member = self.foreign_member(n, name)
            return call(self.member_ref(member), self.value(args[0]).arg, self.type_arg(wanted))
        if name == "errors.As":
            target = args[1]
            err = self.value(args[0])
            ref = self.expr(target)
            pointed = self.ty(target).under.elem
            self.note_assert(self.subst(pointed))
            member = self.foreign_member(n, name)
            return call(self.member_ref(member), err.arg, ref.arg, self.type_arg(pointed))
        if name in ("encoding/json.Unmarshal", "encoding/json.Decoder.Decode"):
            member = self.foreign_member(n, name)
            target = args[-1]
            t = self.ty(target)
            self.facts.names_show = True
            if t.under.kind == "pointer":
                self.note_iface(t)
                out = [self.expr(a).arg for a in args] + [self.type_arg(t.under.elem)]
            else:
                # What is in an interface says what it points to, and that it is no pointer.
                out = self.arguments(n, self.ty(n.Fun).under)
            if fun is not None:
                return call(f"{self.walk_receiver(fun).at(ATOM)}.{member.name.rpartition('.')[2]}", *out)
            return call(self.member_ref(member), *out)
        if (
            name.startswith("regexp.")
            and args
            and args[0].const is not None
            and isinstance(args[0].const.value, str)
        ) and name.rpartition(".")[2] in ("Compile", "MustCompile", "Match", "MatchString"):
            problem = check_regexp(args[0].const.value)
            if isinstance(problem, str):
                raise self.refuse(n, problem)
        if name in ("iter.Pull", "iter.Pull2"):
            member = self.foreign_member(n, name)
            following = self.ty(n).types[0].under.results
            zeros = [self.zero(r.type).text for r in following[:-1]]
            return call(self.member_ref(member), self.expr(args[0]).arg, *zeros)
        if name.startswith(("encoding/json.", "log/slog.", "reflect.", "text/template.")):
            self.facts.names_show = True
        if name in _LISTING_METHODS:
            self.facts.methods_show = True
        if name == "context.Context.Done":
            self.facts.nil_sources.add(self.ty(n).under.index)
            self.note_nil(self.ty(n))
        if name == "context.Context.Deadline" and fun is not None and not self.plain_durations():
            return call(f"{self.module('gochan.port.lib.context')}.deadline", self.walk_receiver(fun).arg)
        if name in ("fmt.Stringer.String", "fmt.GoStringer.GoString") and fun is not None:
            return call(f"{self.walk_receiver(fun).at(ATOM)}.{self.method_name(fun.Sel.Name)}")
        if name in ("os.Signal.String", "syscall.Signal.String") and fun is not None:
            return call(f"{self.module('gochan.port.lib.syscall')}.signal_text", self.walk_receiver(fun).arg)
        if args and (name in ("sort.Sort", "sort.Stable") or name.startswith("container/heap.")):
            # They only call the methods of what they are given.
            member = self.foreign_member(n, name)
            self.note_iface(self.ty(args[0]))
            params = self.ty(n.Fun).under.params
            more = [self.argument(a, self.subst(p.type)) for a, p in zip(args[1:], params[1:], strict=True)]
            return call(self.member_ref(member), self.expr(args[0]).arg, *more)
        return None

    # --- elsewhere ------------------------------------------------------------------------------------------

    def plain_durations(self) -> bool:
        raise NotImplementedError

    def printer(self, n: Node, name: str, fun: Node | None) -> Code | None:
        raise NotImplementedError
