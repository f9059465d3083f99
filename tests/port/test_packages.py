"""Ports packages with their tests: pytest runs the tests that go test runs, and each ends as in Go."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from harness import ROOT

from gochan.port import toolchain, tree
from gochan.port.translate import translate

pytestmark = [pytest.mark.timeout(400), pytest.mark.once]

# A row has no package clauses and imports; the second file is a test, the third one is of package x_test.
# FILES has the names of files.
PACKAGES = {
    "benchmarks, fuzz tests and what helps them": (
        "func Double(n int) int { return n * 2 }",
        """
func TestDouble(t *testing.T) {
	if got := Double(4); got != 8 {
		t.Errorf("Double(4) = %d", got)
	}
}

func FuzzDouble(f *testing.F) {
	seed(f, 1, 2)
	f.Fuzz(func(t *testing.T, n int) {
		if got := Double(n); got != n+n {
			t.Errorf("Double(%d) = %d", n, got)
		}
	})
}

func FuzzOfSeveralThatFails(f *testing.F) {
	f.Add(uint8(200), []byte("abc"), "x", 1.5, true)
	f.Add(uint8(100), []byte{}, "", 0.0, false)
	f.Fuzz(func(t *testing.T, n uint8, b []byte, s string, x float64, ok bool) {
		if n *= 2; int(n) != 144 || string(append(b, s...)) != "abcx" || x < 1 || !ok {
			t.Fatal(n, b, s, x, ok)
		}
	})
}

func FuzzWithoutSeeds(f *testing.F) {
	f.Cleanup(func() { f.Log("cleaned up") })
	f.Fuzz(func(t *testing.T, n int) { t.Fatal(n) })
}

func seed(f *testing.F, numbers ...int) {
	for _, n := range numbers {
		f.Add(n)
	}
}

func BenchmarkDouble(b *testing.B) { loop(b, Double) }

func loop(b *testing.B, f func(int) int) {
	for b.Loop() {
		f(1)
	}
}
""",
    ),
    "a package that uses what its tests declare": (
        """
type Shelf struct{ books []string }

func (s Shelf) Titles() []string {
	var out []string
	for _, b := range s.books {
		out = append(out, shout(b)+mark)
	}
	return out
}
""",
        """
// mark ends a title.
const mark = "!"

type loud string

func (l loud) upper() string { return strings.ToUpper(string(l)) }

func shout(s string) string { return loud(s).upper() }

// first is a method that only tests have.
func (s Shelf) first() string { return trimmed(s.Titles()[0]) }

func trimmed(s string) string { return strings.TrimSuffix(s, mark) }

func check(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTitles(t *testing.T) {
	s := Shelf{[]string{"go", "csp"}}
	check(t, strings.Join(s.Titles(), " "), "GO! CSP!")
	check(t, s.first(), "GO")
	check(t, string(loud("x").upper()), "X")
}

func TestThatFails(t *testing.T) {
	check(t, Shelf{[]string{"a"}}.first(), "a")
}
""",
    ),
    "types of tests that pytest would take for classes of tests": (
        "type Kind int",
        """
type testCase struct {
	name string
	kind Kind
}

type TestPair[T any] struct{ a, b T }

func TestKinds(t *testing.T) {
	type testRow struct {
		testCase
		ok bool
	}
	rows := []testRow{{testCase{"one", 1}, true}, {testCase{"two", 2}, false}}
	for _, row := range rows {
		if (row.kind == 1) != row.ok {
			t.Error(row)
		}
	}
	pair := TestPair[int]{1, 2}
	for want, x := range map[string]any{"testCase": rows[0].testCase, "TestPair[int]": pair} {
		if _, name, _ := strings.Cut(fmt.Sprintf("%T", x), "."); name != want {
			t.Error(name)
		}
	}
}
""",
    ),
    "examples": (
        "func Greet(name string) { fmt.Println(`Hello, `+name) }",
        """
func Example() { fmt.Print("the package\\n\\n\\nitself") }

func ExampleGreet() {
	Greet("you")
	fmt.Printf("%d%%\\n", 100)
	// This is no output: it comes before a line.
	Greet("{me}")
	// Output:
	// Hello, you
	// 100%
	// Hello, {me}
}

func ExampleGreet_spaces() {
	fmt.Println("a\\n\\n  b \\"c\\" \\\\")
	/* Output: a

  b "c" \\
	*/
}

func ExampleGreet_unordered() {
	for _, name := range []string{"b", "a"} {
		Greet(name)
	}
	// Unordered output:
	// Hello, a
	// Hello, b
}

func ExampleGreet_behind() {
	Greet("you") // Output: Hello, me
	// Hello, b
}

func ExampleGreet_nothing() {
	// output:
}

func ExampleGreet_other() {
	Greet("you")
	// Output: Hello, me
}

func ExampleGreet_onlyCompiled() { panic("not run") }

func Examples(t *testing.T) { t.Fatal("no example") }
""",
    ),
    "helpers with names like tests": (
        "func Largest(values ...float64) float64 { return max(values[0], values[1]) }",
        """
func testAll(t *testing.T, values ...float64) { testOne(t, values[0], values[0]) }

func testOne[T comparable](t *testing.T, got, want T) {
	if got != want {
		t.Error(got, want)
	}
}

func TestLargest(t *testing.T) {
	testAll(t, Largest(2, 1))
	testOne(t, "a", "a")
	testOne(t, Largest(-1, 1), 1)
	for _, c := range Testcases() {
		testSign(t, c)
	}
}

func Testcases() []float64 { return []float64{1, -1} }

var testSign = func(t *testing.T, x float64) {
	if !TestPositive(x * x) {
		t.Error(x)
	}
}

var TestPositive = func(x float64) bool { return x > 0 }
""",
    ),
    "recursion that is deep": (
        "func Depth(n int) int {\n\tif n == 0 {\n\t\treturn 0\n\t}\n\treturn 1 + Depth(n-1)\n}",
        """
func TestDepth(t *testing.T) {
	if Depth(5000) != 5000 {
		t.Fail()
	}
}
""",
    ),
    "tests inside the package and outside of it": (
        "func half(n int) int { return n / 2 }",
        """
var Half = half

func TestInside(t *testing.T) {
	if half(4) != 2 {
		t.Error(half(4))
	}
}
""",
        """
func TestOutside(t *testing.T) {
	if row.Half(-3) != -1 {
		t.Error(row.Half(-3))
	}
}

func TestOutsideThatFails(t *testing.T) { t.Fatal(row.Half(1)) }
""",
    ),
    "a file whose name is no name of Python's": (
        "func Twice(s string) string { return s + s }",
        """
func TestTwice(t *testing.T) {
	if Twice("ab") != "abab" {
		t.Fail()
	}
}
""",
    ),
    "a file with the name of a module of Python's": (
        "func Half(n int) int { return n / 2 }",
        """
func TestHalf(t *testing.T) {
	if Half(-3) != -1 {
		t.Fail()
	}
}
""",
    ),
    "instances of the package's generic types": (
        """
type Pair[T comparable] struct{ A, B T }

func Make(a, b int) Pair[int] { return Pair[int]{a, b} }

func Any() any { return &Pair[string]{} }
""",
        """
func TestPair(t *testing.T) {
	if got := Make(1, 2); got != (Pair[int]{1, 2}) {
		t.Errorf("Make(1, 2) = %v", got)
	}
	if _, ok := Any().(*Pair[string]); !ok {
		t.Errorf("Any() has type %T", Any())
	}
}
""",
    ),
    "a file with the name of a package that its tests import": (
        "func Third(n int) int { return n / 3 }",
        """
func TestThird(t *testing.T) {
	var once sync.Once
	once.Do(func() {
		if Third(-7) != -2 {
			t.Fail()
		}
	})
}
""",
    ),
    "a file with the name of a word of Python's": (
        "func Next(n int) int { return n + 1 }",
        """
func TestNext(t *testing.T) {
	if Next(1) != 3 {
		t.Fail()
	}
}
""",
    ),
}
FILES = {
    "a file whose name is no name of Python's": "3. Twice a-b",
    "a file with the name of a module of Python's": "string",
    "a file with the name of a package that its tests import": "sync",
    "a file with the name of a word of Python's": "lambda",
}
IMPORTS = ("fmt", "strings", "sync", "testing")


def source(package: str, text: str) -> str:
    used = "".join(f'import "{path}"\n' for path in IMPORTS if re.search(rf"\b{path}\.", text))
    if package.endswith("_test"):
        used += f'import row "rows/{package.removesuffix("_test")}"\n'
    return f"package {package}\n\n{used}\n{text}"


Endings = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def endings(go: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Endings, Endings]:
    """How the tests of each package end, in Go and in Python: all are run by one command."""
    folder = tmp_path_factory.mktemp("packages")
    (folder / "go.mod").write_text(f"module rows\n\ngo {toolchain.find().version.removeprefix('go')}\n")
    ports = folder / "ports"
    ports.mkdir()
    for number, (row, files) in enumerate(PACKAGES.items()):
        here = folder / f"row{number}"
        here.mkdir()
        file = FILES.get(row, here.name)
        for kind, text in zip(("", "_test", "_outside_test"), files, strict=False):
            package = f"{here.name}_test" if "outside" in kind else here.name
            (here / f"{file}{kind}.go").write_text(source(package, text))
        result = translate(tree.load(here, test=True))
        assert not result.refusals
        for name, text in result.files.items():
            (ports / name).write_text(text)
    return of_go(go, folder), of_pytest(ports)


def of_go(go: str, folder: Path) -> Endings:
    done = subprocess.run(
        [go, "test", "-json", "-vet=off", "./..."],
        cwd=folder,
        env=toolchain.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    found: Endings = {}
    for event in map(json.loads, done.stdout.splitlines()):
        if event["Action"] in ("pass", "fail", "skip") and "/" not in event.get("Test", "/"):
            package = event["Package"].removeprefix("rows/")
            name = re.sub("^(example|fuzz)", r"test\1", event["Test"].lower().replace("_", ""))
            found.setdefault(package, {})[name] = event["Action"]
    return found


def of_pytest(folder: Path) -> Endings:
    options = ["-q", "-rA", "--tb=short", "-p", "no:cacheprovider", "-W", "error"]
    command = [sys.executable, "-m", "pytest", *options, "."]
    done = subprocess.run(
        command, cwd=folder, env=toolchain.environment() | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found: Endings = {}
    for ending, package, name in re.findall(r"^(PASSED|FAILED) test_(\w+)\.py::(\w+)", done.stdout, re.M):
        found.setdefault(package.removesuffix("_external"), {})[name.replace("_", "")] = (
            ending.lower().removesuffix("ed")
        )
    return found


@pytest.mark.parametrize("name", PACKAGES)
def test_package(endings: tuple[Endings, Endings], name: str) -> None:
    package = f"row{list(PACKAGES).index(name)}"
    go, python = (found.get(package) for found in endings)
    assert go  # it compiles, and has tests
    assert python == go
