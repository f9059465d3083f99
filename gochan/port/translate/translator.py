"""The translation of a program.

The passes put together, over each package until the facts stay the same, and the files that come of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..lists import Lists
from ..nils import NilChannels
from ..ranges import Ranges
from ..tables import Tables
from ..tree import Object, Package, Place, Program
from .base import Facts, Fn
from .code import TOKEN, fixed
from .durations import seconds_will_do
from .items import Item
from .modules import module_names
from .names import Line, Names
from .packages import Packages
from .scopes import Analysis
from .statements import comment_lines
from .testfiles import OfTests, examples, fuzz_tests
from .walk import Node, has_effects, unparen

# What assigns _, and what assigns several variables.
_BLANK = re.compile(r"(for )?(\S+, )*_(, \S+)* (=|in) ")
_NAME = re.compile(r"\b[a-z]\w*")
_ASSIGNED = re.compile(r"(\w+(?:, \w+)*) = ")
_ANNOTATED = re.compile(r"^([a-z_A-Z]\w*): ([^=]+) = ")


@dataclass
class Result:
    """The files of a translation by their names, and what has no translation."""

    files: dict[str, str] = field(default_factory=dict)
    refusals: list[Place] = field(default_factory=list)


class Translator(Packages):
    """All passes."""

    def __init__(self, program: Program, maps: Mapping[str, str], seconds: bool) -> None:
        self.program = program
        self.analysis = Analysis(program)
        self.facts = Facts()
        self.seconds = seconds
        modules = {"context": "gochan.port.lib.context", "golang.org/x/time/rate": "gochan.port.lib.rate"}
        if self.seconds:
            modules = {"time": "gochan.time"}
        self.tables = Tables(dict(maps), modules)
        self.module_names = module_names(program, self.tables)
        self.made_types = {}
        self.wanted = {}
        self.made = {}
        self._typeparams = {}
        self._struct_methods = {}
        self.fields_known = {}
        self._gotos = {}
        self.subst_env = {}
        self.keep_going = False
        self.nil_methods = find_nil_methods(program)
        self.late_methods = find_late_methods(program) - self.nil_methods
        self.ranges = Ranges(program)
        self.lists = Lists(program, self.ranges)
        self.nils = NilChannels(program, self.lists)
        self.of_tests = OfTests(program)
        self.examples = examples(program)
        self.fuzz_tests = fuzz_tests(program)

    def run(self) -> Result:
        for _ in range(8):
            before = self.facts.snapshot()
            result = self.once()
            if self.facts.snapshot() == before:
                break
        return result

    def once(self) -> Result:
        result = Result()
        self.exported: dict[int, str] = {}
        for package in self.program.packages:
            self.package = package
            for testing in sorted({file.test for file in package.files}):
                self.testing = testing
                name, text = self.translate_package(package)
                result.files[name] = text
                result.refusals += self.refusals
        return result

    def translate_package(self, package: Package) -> tuple[str, str]:
        self.names = Names(self.analysis)
        self.refusals = []
        self.obj_syms = {}
        self.global_syms = {}
        self.type_syms = {}
        self.anonymous = {}
        self.instances = {}
        self.pending = []
        self.overrides = {}
        self.plain = set()
        self.stack_slices = {}
        self.counted = set()
        self.no_ops = set()
        self.counted_up = set()
        self.shared = set()
        self.ref_results = set()
        self.zeroed = set()
        self.fn: Fn | None = None
        self.lines = []
        self.depth = 0
        self.chunk = 0
        self.label = ""
        self.here = Node()
        self.here.__dict__.update(kind="File", id=0, line=1, col=1, end=(1, 1))
        self.module_items()
        return self.file_name(package), self.text(package)

    def file_name(self, package: Package) -> str:
        return f"{self.module_names[package.path, self.testing]}.py"

    def other_package(self, obj: Object) -> str:
        """Return the name of another package of the program, in its module."""
        owner = next(p for p in self.program.packages if p.path == obj.pkg)
        module = self.module_names[owner.path, obj.index in self.of_tests.objects]
        known = self.exported.get(obj.index)
        if known is not None:
            return f"{fixed(f'module:{module}')}.{known}"
        from .names import camel, snake, upper

        base = {"const": upper, "type": camel}.get(obj.kind, snake)(obj.name)
        return f"{fixed(f'module:{module}')}.{base}"

    def is_elsewhere(self, obj: Object) -> bool:
        if obj.pkg != self.package.path:
            return True
        return self.testing and obj.scope == "package" and obj.index not in self.of_tests.objects

    # --- the text -----------------------------------------------------------------------------------------

    def text(self, package: Package) -> str:
        self.merge_copies()
        items = self.ordered()
        body: list[tuple[Item, list[Line]]] = [(item, item.lines) for item in items]
        lines = [line for _, part in body for line in part]
        tail = self.tail(package)
        everything = lines + tail
        self.names.choose_globals(everything, set())
        for index, sym in self.global_syms.items():
            chosen = self.names.chosen.get(sym.number, sym.base)
            self.exported.setdefault(index, chosen)
            if sym.kind == "type" and sym.go_name[:1].isupper() and chosen != sym.go_name:
                self.facts.renamed.add(index)
        here = "" if self.testing else self.module_names[package.path, False]
        for (kind, origin, args), sym in self.instances.items():
            if kind == "class" and here:
                self.made[here, (origin, *args)] = self.names.chosen.get(sym.number, sym.base)
        out: list[str] = []
        doc = self.docstring(package)
        if doc:
            out += [doc, ""]
        alias = self.typing("TypeAlias")
        if any(line.text.startswith("class ") or alias in line.text for line in lines):
            out += ["from __future__ import annotations", ""]
        resolved = [(item, self.resolve(part)) for item, part in body]
        ending = self.resolve(tail)
        out += self.with_effects(self.imports(everything), package)
        last = ""
        for item, text in resolved:
            if not text:
                continue
            if item.kind == "const" == last or item.kind == "var" == last:
                out += text
            else:
                out += ["", "", *text] if item.kind in ("func", "type") else ["", *text]
            last = item.kind
        out += ending
        return "\n".join(out) + "\n"

    def with_effects(self, imports: list[str], package: Package) -> list[str]:
        """Return import lines, and those of packages that are only imported for what their init does."""
        paths = {i.path for file in package.files if file.test == self.testing for i in file.imports}
        others = [p.path for p in self.program.packages if p.path in paths and p is not package]
        modules = [self.module_names[path, False] for path in others]
        unused = sorted(f"import {name}" for name in modules if f"import {name}" not in imports)
        return imports + [f"{line}  # noqa: F401 - for its init" for line in unused]

    def tail(self, package: Package) -> list[Line]:
        chunk = self.next_chunk()
        lines = []
        main = next((self.global_syms[o] for o in self.global_syms if self.is_main(o)), None)
        if package.name == "main" and main is not None and not self.testing:
            entry = main.token
            if self.inits:
                sym = self.names.make("start", "func")
                lines += [
                    Line(0, "", chunk),
                    Line(0, "", chunk),
                    Line(0, f"def {sym.token}() -> None:", chunk),
                ]
                lines += [Line(1, f"{s.token}()", chunk) for s in self.inits]
                lines.append(Line(1, f"{main.token}()", chunk))
                entry = sym.token
            lines += [Line(0, "", chunk), Line(0, "", chunk), Line(0, 'if __name__ == "__main__":', chunk)]
            lines.append(Line(1, f"{fixed('lib:run')}({entry})", chunk))
        else:
            lines += [Line(0, f"{s.token}()", chunk) for s in self.inits]
        return lines

    def is_main(self, index: int) -> bool:
        obj = self.program.objects[index]
        return obj.kind == "func" and obj.name == "main" and obj.pkg == self.package.path and obj.recv is None

    def docstring(self, package: Package) -> str:
        """Return the comment of the package as the module's docstring."""
        for file in package.files:
            if file.test != self.testing:
                continue
            texts: list[str] = []
            for i in file.package_doc:
                texts += comment_lines(file.comments[i])
            while texts and not texts[0]:
                texts.pop(0)
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                body = "\n".join(texts).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
                if body.endswith('"'):
                    body += " "
                return f'"""{body}"""' if len(texts) == 1 else f'"""{body}\n"""'
        return ""

    def resolve(self, lines: list[Line]) -> list[str]:
        """Return lines with their names, function by function."""
        groups: dict[int, list[Line]] = {}
        for line in lines:
            groups.setdefault(line.chunk, []).append(line)
        texts: dict[int, str] = {}
        for part in groups.values():
            self.names.choose_locals(part)
            self.blanks: dict[int, set[str]] = {}
            seen: list[tuple[int, set[str]]] = [(-1, self.find_blanks(part))]
            for line in part:
                text = self.names.resolve(line.text)
                text = self.annotate_once(line, text, seen)
                texts[id(line)] = ("    " * line.depth + text.replace("\x04", "")).rstrip()
        return [texts[id(line)] for line in lines]

    def annotate_once(self, line: Line, text: str, seen: list[tuple[int, set[str]]]) -> str:
        """Drop an annotation if the variable has one, and rename functions `_` where _ is a variable."""
        while len(seen) > 1 and line.depth <= seen[-1][0]:
            seen.pop()
        known = seen[-1][1]
        if text.startswith("def _(") and "_" in known and line.depth > 0:
            # A type checker takes _ for a variable here.
            n = sum(1 for x in known if x.startswith("_run")) + 1
            name = "_run" if n == 1 else f"_run_{n}"
            known.add(name)
            text = text.replace("def _(", f"def {name}(", 1)
        if text.startswith(("def ", "class ")):
            if "_" in self.blanks.get(id(line), ()):
                # And so it does for a parameter.
                text = re.sub(r"([(,] ?)_:", r"\1_arg:", text, count=1)
            seen.append(
                (line.depth, set(re.findall(r"[(,] ?\*?(\w+):", text)) | self.blanks.get(id(line), set()))
            )
            return text
        match = _ANNOTATED.match(text)
        if match is not None:
            if match[1] in known:
                # What only the annotation needs is not imported.
                line.text = line.text[: line.text.index(": ")] + line.text[line.text.index(" = ") :]
                return f"{match[1]} = {text[match.end() :]}"
            known.add(match[1])
        else:
            assigned = _ASSIGNED.match(text)
            if assigned is not None:
                known.update(assigned[1].split(", "))
            elif text.startswith(("for ", "case ")):
                known.update(_NAME.findall(text.partition(" in ")[0]))
        return text

    def find_blanks(self, lines: list[Line]) -> set[str]:
        """Note the functions in which _ is a variable; return {"_"} if it is one outside of all."""
        open_: list[tuple[int, set[str]]] = [(-1, set())]
        for line in lines:
            while len(open_) > 1 and line.depth <= open_[-1][0]:
                open_.pop()
            if line.text.startswith(("def ", "class ")):
                open_.append((line.depth, set()))
                self.blanks[id(line)] = open_[-1][1]
            elif _BLANK.match(line.text):
                open_[-1][1].add("_")
        return open_[0][1]


def find_nil_methods(program: Program) -> set[int]:
    """Return the methods that compare their receiver with nil, so that it may be nil when they are called."""
    found = set()
    for package in program.packages:
        for file in package.files:
            for decl in file.decls:
                if decl.kind != "FuncDecl" or decl.Recv is None or decl.Body is None:
                    continue
                names = decl.Recv.List[0].Names
                if not names or names[0].obj is None or decl.Name.obj is None:
                    continue
                recv = names[0].obj
                for n in decl.Body.walk():
                    if n.kind != "BinaryExpr" or n.Op not in ("==", "!="):
                        continue
                    sides = [x.obj for x in (n.X, n.Y) if x.kind == "Ident"]
                    if recv in sides and any(o is not None and o.kind == "nil" for o in sides):
                        found.add(decl.Name.obj.index)
    return found


def find_late_methods(program: Program) -> set[int]:
    """Return the methods of pointers that may do something before they use what the pointer points to."""
    found = set()
    for package in program.packages:
        for file in package.files:
            for decl in file.decls:
                if decl.kind != "FuncDecl" or decl.Recv is None or decl.Body is None:
                    continue
                if decl.Name.obj is None or not decl.Name.obj.ptr:
                    continue
                names = decl.Recv.List[0].Names
                recv = names[0].obj if names else None
                for stmt in decl.Body.List or []:
                    if recv is not None and uses_pointer(stmt, recv):
                        break
                    if has_effects(stmt) or stmt.kind not in ("AssignStmt", "DeclStmt"):
                        found.add(decl.Name.obj.index)
                        break
                else:
                    found.add(decl.Name.obj.index)
    return found


def uses_pointer(n: Node, pointer: Object) -> bool:
    """Return whether a statement or expression uses what a pointer points to, in any case and first."""
    n = unparen(n)
    match n.kind:
        case "FuncLit":
            return False
        case "StarExpr":
            if n.X.kind == "Ident" and n.X.obj is pointer:
                return True
        case "SelectorExpr":
            if n.X.kind == "Ident" and n.X.obj is pointer and n.sel is not None:
                return (
                    n.sel.kind == "field"
                    or bool(n.sel.path)
                    or (n.sel.kind == "method" and not n.sel.ptrrecv)
                )
        case "BinaryExpr" if n.Op in ("&&", "||"):
            return uses_pointer(n.X, pointer)
        case "IfStmt" | "SwitchStmt" | "ForStmt":
            first = [n.Init, n.__dict__.get("Cond") or n.__dict__.get("Tag")]
            return any(uses_pointer(x, pointer) for x in first if x is not None)
        case "RangeStmt":
            return uses_pointer(n.X, pointer)
        case "BlockStmt":
            return bool(n.List) and uses_pointer(n.List[0], pointer)
        case "TypeSwitchStmt" | "SelectStmt" | "LabeledStmt" | "GoStmt" | "CaseClause":
            return False
    return any(uses_pointer(child, pointer) for child in n.children())


def translate(program: Program, *, keep_going: bool = False, maps: Mapping[str, str] | None = None) -> Result:
    """Translate a program to Python."""

    def translated(seconds: bool) -> Result:
        translator = Translator(program, maps or {}, seconds)
        translator.keep_going = keep_going
        result = translator.run()
        # Only the translation shows whether a duration gets into an interface, which would print its seconds.
        return translated(False) if seconds and translator.facts.durations_show else result

    return translated(seconds_will_do(program))


__all__ = ["TOKEN", "Result", "translate"]
