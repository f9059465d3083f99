"""What the front end finds in Go source: types, constants, facts of variables, comments; and Go's errors."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gochan.port import toolchain, tree

Read = Callable[[str], tree.Program]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads a program: statements of main, or a whole file."""

    def read(text: str) -> tree.Program:
        if "package " not in text:
            text = "package main\n\nfunc main() {\n" + text + "\n}\n"
        path = tmp_path / "main.go"
        path.write_text(text)
        return tree.load(path)

    return read


def variable(program: tree.Program, name: str) -> tree.Object:
    [found] = [o for o in program.objects if o.local and o.kind == "var" and o.name == name]
    return found


def nodes(program: tree.Program, kind: str) -> list[tree.Node]:
    return [node for package in program.packages for node in package.walk() if node.kind == kind]


@pytest.mark.parametrize(
    ("expression", "kind", "value", "go_type"),
    [
        ("1 << 62", "int", 1 << 62, "int"),
        ("'a'", "int", 97, "int32"),
        ("byte('a')", "int", 97, "uint8"),
        ("0.1", "float", 0.1, "float64"),
        ("float32(0.1)", "float", 0.10000000149011612, "float32"),
        ("1e3", "float", 1000.0, "float64"),
        ("2 + 3i", "complex", 2 + 3j, "complex128"),
        ('"a" + "\\xff\\u00e9"', "string", "a\udcffé", "string"),
        ("len([3]int{}) == 3", "bool", True, "bool"),
    ],
)
def test_constants(read: Read, expression: str, kind: str, value: tree.Value, go_type: str) -> None:
    assign = nodes(read(f"x := {expression}\n_ = x"), "AssignStmt")[0]
    constant = assign.Rhs[0].const
    assert (constant.kind, constant.value, assign.Rhs[0].type.str) == (kind, value, go_type)


def test_an_untyped_constant_has_the_type_that_it_is_converted_to(read: Read) -> None:
    literal = nodes(read("var f float64 = 3\n_ = f"), "BasicLit")[0]
    assert literal.type is not None and literal.type.str == "float64"
    assert literal.const is not None and repr(literal.const.value) == "3.0"


@pytest.mark.parametrize(
    ("declaration", "text"),
    [
        ("map[string][]byte", "map[string][]uint8"),
        ("func(a int, b ...string) (n int, err error)", "func(int, ...string) (int, error)"),
        ("struct { X, y int; s []rune }", "struct { X int; y int; s []int32 }"),
        ("struct{}", "struct {}"),
        ("interface{}", "interface {}"),
        ("any", "interface {}"),
        ("interface { F(x int) string }", "interface { F(int) string }"),
        ("chan (<-chan int)", "chan (<-chan int)"),
        ("<-chan *T", "<-chan *main.T"),
        ("Pair[string, T]", "main.Pair[string,main.T]"),
        ("[2]Alias", "[2]*main.T"),
    ],
)
def test_types_read_as_reflect_prints_them(read: Read, declaration: str, text: str) -> None:
    declared = "type T struct{}\ntype Alias = *T\ntype Pair[A, B any] struct { a A; b B }"
    program = read(f"package main\n{declared}\nvar v {declaration}\nfunc main() {{ _ = v }}")
    v = variable(program, "v")
    assert v.type is not None and v.type.str == text


def test_identical_types_are_one(read: Read) -> None:
    program = read("var a map[byte][]any\nvar b map[uint8][]interface{}\n_, _ = a, b")
    assert variable(program, "a").type is variable(program, "b").type


def test_a_recursive_type(read: Read) -> None:
    program = read("package main\ntype Node struct { next *Node; v int }\nvar n Node\nfunc main() { _ = n }")
    node = variable(program, "n").type
    assert node is not None and node.kind == "named"
    assert node.under.fields[0].type.elem is node


FACTS = [
    # statements, the variable, and what is true of it among the facts below
    ("x := 1; x = 2; x++", "x", {"assigned": 2}),
    ("x := 1; func() { println(x) }()", "x", {"captured": True}),
    ("x := 1; x = 2; func() { println(x) }()", "x", {"captured": True, "assigned": 1}),
    ("x := 1; f := func() { println(x) }; x = 2; f()", "x", {"captured": True, "assigned": 1, "after": True}),
    ("x := 1; func() { x = 2 }()", "x", {"captured": True, "assigned": 1, "in_closure": True, "after": True}),
    (
        "x := 0; for range 3 { x++; go func() { println(x) }() }",
        "x",
        {"captured": True, "assigned": 1, "after": True},
    ),
    (
        "for i := 0; i < 3; i++ { go func() { println(i) }() }",
        "i",
        {"captured": True, "assigned": 1, "in_loop": True},
    ),
    (
        "for i := 0; i < 3; i++ { go func() { println(i) }(); i = 2 }",
        "i",
        {"captured": True, "assigned": 2, "in_loop": True, "after": True},
    ),
    ("for i := range 3 { go func() { println(i) }() }", "i", {"captured": True, "in_loop": True}),
    (
        "for range 3 { x := 1; x = 2; go func() { println(x) }() }",
        "x",
        {"captured": True, "assigned": 1, "in_loop": True},
    ),
    ("x := 1; p := &x; *p = 2", "x", {"addr": True}),
    ("var x struct { f int }; p := &x.f; *p = 2", "x", {"part": True}),
    ("var x struct { f [2]int }; x.f[1] = 2", "x", {"mutated": 1}),
    ("x := []int{1}; x[0] = 2", "x", {}),
    ("var x [2]int; s := x[:]; _ = s", "x", {"addr": True}),
    ("var x sync.Mutex; x.Lock()", "x", {"addr": True}),
    ("var x struct { sync.Mutex }; x.Lock()", "x", {"part": True}),
    ("x := new(sync.Mutex); x.Lock()", "x", {}),
    ("var x int; for x = range 3 {}", "x", {"assigned": 1}),
    ("x, err := 1, 2; y, err := 3, 4; _, _, _ = x, y, err", "err", {"assigned": 1}),
]


@pytest.mark.parametrize(("statements", "name", "expected"), FACTS)
def test_facts_about_variables(read: Read, statements: str, name: str, expected: dict[str, object]) -> None:
    imports = 'import "sync"\n' if "sync" in statements else ""
    used = "" if statements.startswith("for") else f"; _ = {name}"
    x = variable(read(f"package main\n{imports}func main() {{ {statements}{used} }}"), name)
    facts = {
        "assigned": x.assigned,
        "captured": x.captured,
        "after": x.assigned_after_capture,
        "in_closure": x.assigned_in_closure,
        "in_loop": x.in_loop,
        "mutated": x.mutated,
        "addr": x.addr_taken,
        "part": x.part_addr_taken,
    }
    assert {fact: value for fact, value in facts.items() if value} == expected


def test_loop_variables_before_go_1_22(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module old\n\ngo 1.21\n")
    (tmp_path / "main.go").write_text(
        "package main\nfunc main() { for i := 0; i < 3; i++ { go func() { println(i) }() } }"
    )
    program = tree.load(tmp_path)
    assert not program.main.files[0].per_iteration
    assert variable(program, "i").assigned_after_capture


def test_results_are_assigned_by_return(read: Read) -> None:
    program = read("package main\nfunc f() (n int) { defer func() { n++ }(); return 1 }\nfunc main() { f() }")
    n = variable(program, "n")
    assert (n.scope, n.assigned, n.assigned_in_closure) == ("result", 2, True)


def test_captures_of_nested_functions(read: Read) -> None:
    program = read("x, y := 1, 2; func() { println(x); func() { println(y) }() }()")
    outer, inner = nodes(program, "FuncLit")
    assert [o.name for o in outer.captures] == ["x", "y"]
    assert [o.name for o in inner.captures] == ["y"]


def test_shadowing(read: Read) -> None:
    program = read("x := 1; { x := x + 1; println(x) }; println(x)")
    outer, inner = (o for o in program.objects if o.local and o.name == "x")
    assert (outer.shadows, inner.shadows) == (None, outer)


def test_selections(read: Read) -> None:
    program = read(
        "package main\n"
        "type Base struct { id int }\n"
        "func (b *Base) Set(n int) { b.id = n }\n"
        "type User struct { *Base; name string }\n"
        "type Setter interface { Set(int) }\n"
        "func main() { u := User{&Base{}, `a`}; u.Set(1); println(u.id)\n"
        "var s Setter = u; s.Set(2); f := User.Set; f(u, 3) }"
    )
    found = [
        (s.kind, s.obj.name, [o.name for o in s.path], s.indirect, s.ptrrecv)
        for s in (node.sel for node in nodes(program, "SelectorExpr")[1:])
    ]
    assert found == [
        ("method", "Set", ["Base"], True, True),
        ("field", "id", ["Base"], True, False),
        ("interfacemethod", "Set", [], False, False),
        ("methodexpr", "Set", ["Base"], True, True),
    ]


def test_type_switch_and_comma_ok(read: Read) -> None:
    program = read(
        "var v any = 1\nswitch x := v.(type) { case int: println(x + 1); default: _ = x }\n"
        "n, ok := v.(int)\n_, _ = n, ok"
    )
    first, second = nodes(program, "CaseClause")
    assert [clause.implicit.type.str for clause in (first, second)] == ["int", "interface {}"]
    assert nodes(program, "TypeAssertExpr")[1].mode == "commaok"


def test_instances(read: Read) -> None:
    program = read(
        "package main\nfunc Map[T, U any](xs []T, f func(T) U) (out []U) { return }\n"
        "func main() { Map([]int{1}, func(n int) string { return `` }) }"
    )
    [call] = nodes(program, "CallExpr")
    assert [t.str for t in call.Fun.inst] == ["int", "string"]


@pytest.mark.parametrize(
    ("value", "over"),
    [
        ("[]int{}", "slice"),
        ("[1]int{}", "array"),
        ("&[1]int{}", "ptrarray"),
        ('"a"', "string"),
        ("map[int]int{}", "map"),
        ("make(chan int)", "chan"),
        ("3", "int"),
        ("func(yield func(int) bool) {}", "func1"),
    ],
)
def test_what_a_range_runs_over(read: Read, value: str, over: str) -> None:
    assert nodes(read(f"for range {value} {{}}"), "RangeStmt")[0].over == over


def test_comments(read: Read) -> None:
    program = read("package main\n\n// Main does it.\nfunc main() { // here\n\t/* and */ println()\n}\n")
    file = program.main.files[0]
    assert [(c.text, c.kind, c.own_line) for c in file.comments] == [
        ("// Main does it.", "line", True),
        ("// here", "line", False),
        ("/* and */", "block", True),
    ]
    assert nodes(program, "FuncDecl")[0].doc == [0]


def test_order_of_initialization(read: Read) -> None:
    program = read(
        "package main\nvar a = b + 1\nvar b = f()\nfunc f() int { return 1 }\nfunc main() { _ = a }"
    )
    assert [[o.name for o in objects] for objects, _ in program.main.init_order] == [["b"], ["a"]]


def test_names_of_library_functions(read: Read) -> None:
    program = read(
        'package main\nimport ("math/rand"; "sync")\n'
        "func main() { rand.Intn(3); var wg sync.WaitGroup; wg.Add(1) }"
    )
    names = [node.obj.full for node in nodes(program, "SelectorExpr") if node.obj.kind == "func"]
    assert names == ["math/rand.Intn", "(*sync.WaitGroup).Add"]


def test_golang_org_x_is_known_without_a_network(read: Read) -> None:
    program = read(
        'package main\nimport ("golang.org/x/sync/errgroup"; "golang.org/x/time/rate")\n'
        "func main() { var g errgroup.Group; g.Go(nil); _ = rate.NewLimiter(rate.Inf, 1) }"
    )
    assert [package.path for package in program.packages] == ["main"]


MODULE = {
    "go.mod": "module example.com/shop // the shop\n\ngo 1.24\n\nreplace example.com/tax => ./tax\n",
    "main.go": 'package main\nimport ("example.com/shop/cart"; "example.com/tax")\n'
    "func main() { println(cart.Sum(tax.Rate)) }",
    "main_test.go": 'package main\nimport "testing"\nfunc TestMain(t *testing.M) {}',
    "cart/cart.go": 'package cart\nimport "example.com/tax"\nfunc Sum(n int) int { return n + tax.Rate }',
    "cart/cart_windows.go": "package cart\nfunc Sum(n string) {}",
    "cart/tool.go": "//go:build ignore\n\npackage main\nfunc main() {}",
    "cart/cart_test.go": "package cart_test\nbroken",
    "tax/go.mod": "module example.com/tax\n",
    "tax/tax.go": "package tax\nconst Rate = 20",
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.skipif(sys.platform == "win32", reason="a file of the module is for Windows alone")
def test_packages_of_a_module(tmp_path: Path) -> None:
    write(tmp_path, MODULE)
    program = tree.load(tmp_path / "main.go")
    assert [package.path for package in program.packages] == [
        "example.com/tax",
        "example.com/shop/cart",
        "main",
    ]
    assert [Path(file.name).name for file in program.packages[1].files] == ["cart.go"]
    tested = tree.load(tmp_path, test=True)
    assert [(Path(file.name).name, file.test) for file in tested.main.files] == [
        ("main.go", False),
        ("main_test.go", True),
    ]
    # A build constraint does not keep a file that is named.
    assert tree.load(tmp_path / "cart/tool.go").main.name == "main"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("x := 1\ny = 2", ["3:1: declared and not used: x", "4:1: undefined: y"]),
        (
            "var s string = 3",
            [
                "3:5: declared and not used: s",
                "3:16: cannot use 3 (untyped int constant) as string value in variable declaration",
            ],
        ),
        ("if {", ["3:4: missing condition in if statement"]),
    ],
)
def test_errors_of_go(read: Read, text: str, messages: list[str]) -> None:
    with pytest.raises(tree.SourceError) as caught:
        read("package main\nfunc main() {\n" + text + "\n}")
    found = [f"{place.line}:{place.col}: {place.message}" for place in caught.value.places]
    assert found[: len(messages)] == messages


WHOLE_FILES = [
    ('package main\nimport "os"\nfunc main() {}', '2:8: "os" imported and not used'),
    ("package main\nfunc f()\nfunc main() {}", "2:1: missing function body"),
    ("package main\nfunc main() {}\nfunc main() {}", "3:6: main redeclared in this block"),
    ('package main\nimport "nope"\nfunc main() {}', "2:8: package nope is not in std"),
    ("package main", "function main is undeclared in the main package"),
    ("hello", "1:1: expected 'package', found hello"),
    ("", "1:1: expected 'package', found 'EOF'"),
]


@pytest.mark.parametrize(("text", "message"), WHOLE_FILES)
def test_errors_of_whole_files(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "main.go"
    path.write_text(text)
    with pytest.raises(tree.SourceError) as caught:
        tree.load(path)
    assert (
        str(caught.value)
        .removeprefix(f"{os.path.relpath(path)}:")
        .removeprefix(f"{path}:")
        .startswith(message)
    )


REFUSED = [
    ({"main.go": 'package main\nimport "C"\nfunc main() { C.f() }'}, "main.go:2:8: cgo has no translation"),
    (
        {"main.go": 'package main\nimport _ "unsafe"\nfunc main() {}'},
        "main.go:2:10: unsafe has no",
    ),
    (
        {"main.go": 'package main\nimport "a.com/b"\nfunc main() { b.C() }'},
        "main.go:2:8: package a.com/b is not available",
    ),
    (
        {"main.go": "package main\nfunc f()\nfunc main() {}", "f.s": "TEXT"},
        "f.s:1:1: assembly has no translation",
    ),
]


@pytest.mark.parametrize(("files", "message"), REFUSED)
def test_what_is_refused(
    tmp_path: Path, files: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(tree.RefusedError) as caught:
        tree.load(".")
    assert str(caught.value).startswith(message)


def test_a_folder_with_tests_alone(tmp_path: Path) -> None:
    write(tmp_path, {"x_test.go": 'package x_test\nimport "testing"\nfunc TestX(t *testing.T) {}'})
    with pytest.raises(tree.SourceError, match="no non-test Go files in "):
        tree.load(tmp_path)
    assert tree.load(tmp_path, test=True).main.name == "x_test"


def test_a_main_package_that_only_its_tests_run(tmp_path: Path) -> None:
    test = 'package main\nimport "testing"\nfunc TestF(t *testing.T) { f() }'
    write(tmp_path, {"f.go": "package main\nfunc f() {}", "f_test.go": test})
    with pytest.raises(tree.SourceError, match="function main is undeclared in the main package"):
        tree.load(tmp_path)
    assert [file.test for file in tree.load(tmp_path, test=True).main.files] == [False, True]


def test_an_import_cycle(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "go.mod": "module m",
            "main.go": 'package main\nimport "m/a"\nfunc main() { a.F() }',
            "a/a.go": 'package a\nimport "m/b"\nfunc F() { b.F() }',
            "b/b.go": 'package b\nimport "m/a"\nfunc F() { a.F() }',
        },
    )
    with pytest.raises(tree.SourceError, match="import cycle not allowed"):
        tree.load(tmp_path)


def test_no_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(toolchain, "_go_bin", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    toolchain.find.cache_clear()
    try:
        with pytest.raises(toolchain.ToolchainError, match="there is no go command on the PATH; install Go"):
            toolchain.find()
    finally:
        toolchain.find.cache_clear()


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo /go; echo go1.18.2", "needs Go: .*go is go1.18.2, and 1.22 is the oldest that will do"),
        ("echo broken >&2; exit 1", "does not work: broken"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="writes a shell script")
def test_a_go_that_is_too_old_or_broken(
    script: str, message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    go.write_text(f"#!/bin/sh\n{script}\n")
    go.chmod(0o755)
    monkeypatch.setattr(toolchain, "_go_bin", lambda: None)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no" / "python"))
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    toolchain.find.cache_clear()
    try:
        with pytest.raises(toolchain.ToolchainError, match=message):
            toolchain.find()
    finally:
        toolchain.find.cache_clear()


def test_the_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert toolchain.cache_folder() == tmp_path / "gochan" / "port"


def test_two_builds_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # A go command that copies instead of building keeps this fast.
    built = toolchain.frontend(toolchain.find())
    program = f"""
import shutil, subprocess, sys
from gochan.port import toolchain
def run(command, folder=None):
    shutil.copy({str(built)!r}, command[command.index("-o") + 1])
    return subprocess.CompletedProcess(command, 0, "", "")
go = toolchain.find()
toolchain.run = run
print(toolchain.frontend(go))
"""
    environ = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    running = [
        subprocess.Popen([sys.executable, "-c", program], env=environ, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    paths = {process.communicate()[0].strip() for process in running}
    [path] = paths
    assert [entry.name for entry in (tmp_path / "gochan" / "port").iterdir()] == [Path(path).name]
