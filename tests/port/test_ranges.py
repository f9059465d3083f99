"""Which integer results may leave their type.

A line of a program that ends in `// wrap` has an operation whose result may leave its type, one that ends in
`// negative` an operand of / or % that may be negative; other lines have none of these.
"""

from pathlib import Path

import pytest

from gochan.port import tree
from gochan.port.ranges import Ranges

OPERATIONS = ("+", "-", "*", "<<", "/", "^", "++", "--")

PROGRAMS = {
    "fibonacci": """
func main() {
	a, b := 0, 1
	for i := 0; i < 100; i++ {
		a, b = b, a+b // wrap
	}
	println(a)
}
""",
    "fibonacci, recursive": """
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}
func main() { println(fib(30)) }
""",
    "fibonacci, with a memo": """
var memo = map[int]int{}
func fib(n int) int {
	if v, ok := memo[n]; ok {
		return v
	}
	if n < 2 {
		return n
	}
	v := fib(n-1) + fib(n-2) // wrap
	memo[n] = v
	return v
}
func main() { println(fib(90)) }
""",
    "a counter to any limit": """
func work(jobs, results chan int) {
	for job := range jobs {
		results <- job * 2
	}
}
func main() {
	n := one()
	for range 100 {
		n *= 3 // wrap
	}
	jobs, results := make(chan int, 1), make(chan int)
	go work(jobs, results)
	for i := 0; i < n; i++ {
		jobs <- i
	}
	for i := range n {
		jobs <- i + 1
	}
	for i := n; i > 0; i-- {
		println(i + 1) // wrap
	}
	for i := 0; i < n; i += n { // wrap
		println(i)
	}
	for i := range uint32(n) { // wrap
		println(i * 2, i * i) // wrap
	}
	for i := 0; i < n; i++ {
		println(i * i) // wrap
	}
}
func one() int { return 1 }
""",
    "factorial": """
func factorial(n int) int {
	if n == 0 {
		return 1
	}
	return n * factorial(n-1) // wrap
}
func main() { println(factorial(20)) }
""",
    "FNV hash": """
func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h ^= uint32(s[i])
		h *= 16777619 // wrap
	}
	return h
}
func main() { println(hash("x") % 7) }
""",
    "djb2 hash": """
func main() {
	h := 5381
	for _, c := range "hello" {
		h = h*33 + int(c) // wrap
	}
	println(h)
}
""",
    "a linear congruential generator": """
var seed = 42
func next() int {
	seed = (seed*1103515245 + 12345) % 2147483648
	return seed
}
func main() { println(next()%6 + 1) }
""",
    "one of 64 bits": """
func main() {
	var x uint64 = 1
	for i := 0; i < 10; i++ {
		x = x*6364136223846793005 + 1442695040888963407 // wrap
	}
	println(x >> 33)
}
""",
    "xorshift": """
func main() {
	x := uint32(1)
	for i := 0; i < 9; i++ {
		x ^= x << 13 // wrap
		x ^= x >> 17
		x ^= x << 5 // wrap
	}
	println(x)
}
""",
    "sums": """
func sum(xs []int) int {
	total := 0
	for _, x := range xs {
		total += x
	}
	return total
}
func main() {
	xs := []int{1, 2, 3}
	println(sum(xs), sum(xs)/len(xs))
	squares := 0
	for i := 1; i <= 1000; i++ {
		squares += i * i
	}
	println(squares % 10)
}
""",
    "a sum of what was read": """
import "strconv"
func main() {
	total := 0
	for _, s := range []string{"1", "2"} {
		n, _ := strconv.Atoi(s)
		total += n // wrap
	}
	println(total)
}
""",
    "counters": """
type stats struct{ hits, misses int }
var calls int
func main() {
	count := 0
	var s stats
	words := map[string]int{}
	for {
		count++
		calls++
		s.hits++
		s.misses += 2
		words["a"]++
		if count > 10 {
			break
		}
	}
	println(count+calls+s.hits+s.misses+words["a"], count/2)
}
""",
    "counters of 8 and 32 bits": """
func main() {
	var a int8
	var b int32
	var c uint32
	for a != 100 {
		a++ // wrap
		b++ // wrap
		c++ // wrap
	}
	for d := int8(0); d < 100; d++ {
		println(d + 1)
	}
	for e := int8(0); e <= 126; e++ {
		println(e)
	}
	for e := uint8(0); e <= 255; e++ { // wrap
		println(e)
	}
	println(a, b, c)
}
""",
    "loops that end": """
type point struct{ x int8 }
func step(q point) point {
	var p point
	p = point{q.x + 1} // wrap
	return p
}
func pairs(names []string) (n int8) {
	for i := range names {
		for j := 0; j < len(names); j++ {
			if i < j {
				n++
			}
		}
	}
	return n
}
func main() {
	var a int8
	for i := 0; i < 100; i++ {
		a++
	}
	var b int8
	for i := 0; i < 100; i++ {
		b++ // wrap
		b++ // wrap
	}
	var p point
	for {
		p = step(p)
		var d int8
		for range 10 {
			d += 10
		}
		println(d)
		if p.x < 0 {
			break
		}
	}
	println(a, b, pairs([]string{"a", "b", "c"}))
	xs := []int{1, 2, 3}
	xs = append(xs, 4)
	println(int8(len(xs)*30), 1<<len(xs))
	println(int8(len(xs) * 40)) // wrap
	ys := make([]int, 3, 10)
	for {
		ys = append(ys, 5)
		println(int8(len(ys))) // wrap
	}
}
""",
    "a sum of counters": """
func main() {
	hits, total := 0, 0
	for {
		hits++
		total += hits
		if total > 100 {
			break
		}
	}
	println(total)
	w := uint(3)
	for ; w != 0; w &= w - 1 {
	}
}
""",
    "arithmetic of 8 bits": """
func main() {
	a, b := int8(100), int8(27)
	println(a+b, a-b)
	println(a + b + b) // wrap
	println(-a, a*2) // wrap
	c := int8(-128)
	println(-c) // wrap
	println(uint8(a) + 200) // wrap
	println(int(a) * 1000)
}
""",
    "unsigned below zero": """
func main() {
	var n uint
	println(n - 1) // wrap
	n = 5
	for i := n; i > 0; i-- {
		println(i - 1)
	}
	for i := n; i >= 0; i-- { // wrap
		println(i)
	}
}
""",
    "what a wrap leads to": """
func main() {
	x := uint32(0)
	x-- // wrap
	println(x + 1) // wrap
	println(x * x) // wrap
	var y int8 = 100
	for range 3 {
		y += 50 // wrap
	}
	println(y / 3) // negative
	z := 0
	for range 200 {
		z = int(int8(z) + 1) // wrap
	}
	println(z % 7) // negative
}
""",
    "shifts": """
func main() {
	for i := 0; i < 16; i++ {
		println(1 << i)
		println(uint8(1) << i) // wrap
		println(uint16(1) << uint(i))
	}
	n := 5
	println(n<<3, n>>1)
	x := 1
	for x < 1000 {
		x <<= 1
	}
	y := 1
	for {
		y <<= 1 // wrap
		if y == 0 {
			break
		}
	}
	println(x)
}
""",
    "complement": """
func main() {
	a := uint8(5)
	println(^a) // wrap
	b := 5
	println(^b)
	println(a &^ 4)
}
""",
    "binary search": """
func search(a []int, x int) int {
	lo, hi := 0, len(a)-1
	for lo <= hi {
		mid := (lo + hi) / 2
		if a[mid] == x {
			return mid
		}
		if a[mid] < x {
			lo = mid + 1
		} else {
			hi = mid - 1
		}
	}
	return -1
}
func other(a []int, x int) int {
	lo, hi := 0, len(a)
	for lo < hi {
		mid := lo + (hi-lo)/2
		if a[mid] < x {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}
func main() {
	println(search([]int{1, 2, 3}, 2), other([]int{1, 2, 3}, 2))
}
""",
    "greatest common divisor": """
func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
func main() { println(gcd(48, 18), 48 * 18 / gcd(48, 18)) }
""",
    "digits": """
func main() {
	n, sum, reversed := 12345, 0, 0
	for n > 0 {
		sum += n % 10
		reversed = reversed*10 + n%10 // wrap
		n /= 10
	}
	println(sum, reversed)
}
""",
    "Collatz": """
func main() {
	n, steps := 27, 0
	for n != 1 {
		if n%2 == 0 { // negative
			n /= 2 // negative
		} else {
			n = 3*n + 1 // wrap
		}
		steps++
	}
	println(steps)
}
""",
    "a pipeline": """
func gen(nums ...int) <-chan int {
	out := make(chan int)
	go func() {
		for _, n := range nums {
			out <- n
		}
		close(out)
	}()
	return out
}
func sq(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		for n := range in {
			out <- n * n
		}
		close(out)
	}()
	return out
}
func main() {
	for n := range sq(sq(gen(2, 3))) {
		println(n)
	}
}
""",
    "matrices": """
func multiply(a, b [][]int) [][]int {
	c := make([][]int, len(a))
	for i := range a {
		c[i] = make([]int, len(b[0]))
		for j := range b[0] {
			for k := range b {
				c[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	return c
}
func main() {
	m := [][]int{{1, 2}, {3, 4}}
	println(multiply(m, m)[0][0])
}
""",
    "a power of a matrix": """
func multiply(a, b [2][2]int) (c [2][2]int) {
	for i := range a {
		for j := range b {
			for k := range b {
				c[i][j] += a[i][k] * b[k][j] // wrap
			}
		}
	}
	return c
}
func main() {
	m := [2][2]int{{1, 1}, {1, 0}}
	for range 5 {
		m = multiply(m, m)
	}
	println(m[0][0])
}
""",
    "random numbers": """
import "math/rand"
func main() {
	total := 0
	for range 100 {
		total += rand.Intn(6) + 1
	}
	println(total/100, rand.Int()%6, rand.Intn(100)%7)
	println(rand.Int() + 1) // wrap
}
""",
    "a variable that others may change": """
import "fmt"
func main() {
	n := 5
	fmt.Sscan("7", &n)
	println(n + 1) // wrap
	println(n / 2) // negative
	m := 5
	p := &m
	*p = 1 << 62
	println(m * 2) // wrap
}
""",
    "a closure": """
func counter() func() int {
	n := 0
	return func() int {
		n++
		return n
	}
}
func apply(f func(int) int, x int) int { return f(x) }
func main() {
	next := counter()
	println(next()+next(), apply(func(x int) int { return x * 2 }, 21))
	double := func(x int) int { return x * x } // wrap
	y := 3
	for range 9 {
		y = double(y)
	}
}
""",
    "methods by interfaces": """
type shape interface{ area(scale int) int }
type square struct{ side int }
func (s square) area(scale int) int { return s.side * s.side * scale }
type big struct{}
func (big) area(scale int) int { return scale * 2 } // wrap
func main() {
	var s shape = square{3}
	println(s.area(2))
	s = big{}
	println(s.area(1 << 62))
}
""".replace("s.side * s.side * scale }", "s.side * s.side * scale } // wrap"),
    "what is in an interface": """
func main() {
	var x any = 1 << 62
	n := x.(int)
	println(n + n) // wrap
	var y any = int8(3)
	println(y.(int8) + 1)
	switch v := x.(type) {
	case int:
		println(v * 2) // wrap
	}
}
""",
    "generic functions": """
type number interface{ ~int | ~int8 }
func sum[T number](xs []T) T {
	var total T
	for _, x := range xs {
		total += x // wrap
	}
	return total
}
func mapped[T, U any](xs []T, f func(T) U) []U {
	var out []U
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}
func main() {
	println(sum([]int8{100, 100}))
	for _, n := range mapped([]int{1, 2}, func(n int) int { return n + 1 }) {
		println(n * 2)
	}
}
""",
    "conditions": """
func clamp(n int) int {
	if n < 0 || n > 100 {
		return 0
	}
	return n * n
}
func abs(n int) int {
	if n < 0 {
		return -n // wrap
	}
	return n
}
func half(n int) int {
	switch {
	case n > 0:
		return n / 2
	}
	return n / 2 // negative
}
func main() {
	clamp(1 << 40)
	clamp(-1 << 40)
	abs(-1 << 63)
	half(-3)
}
""",
    "conditions that do not last": """
func f(n int) {
	if n > 0 {
		println(n / 2)
		n -= 10
		println(n / 2) // negative
	}
	for n > 0 {
		println(n / 2)
		for n < 100 {
			n++
			println(n - 1)
		}
		n -= 200
	}
}
func g(n int) {
	if n > 0 {
		defer func() { n = -1 }()
		println(n / 2) // negative
	}
}
func main() {
	f(3)
	g(3)
}
""",
    "embedded and named": """
type stack []int
func (s *stack) push(n int) { *s = append(*s, n) }
func (s *stack) pop() int {
	old := *s
	n := old[len(old)-1]
	*s = old[:len(old)-1]
	return n
}
type machine struct{ stack }
func main() {
	var m machine
	m.push(2)
	m.push(3)
	println(m.pop() * m.pop()) // wrap
	m.push(1 << 40)
}
""",
    "sorting": """
import "sort"
func main() {
	xs := []int{3, 1, 2}
	sort.Slice(xs, func(i, j int) bool { return xs[i]+1 < xs[j]+1 })
	sort.Ints(xs)
	println(xs[0]+xs[1], xs[0]/2)
}
""",
    "tree": """
type node struct {
	value       int
	left, right *node
}
func (n *node) sum() int {
	if n == nil {
		return 0
	}
	return n.left.sum() + n.value + n.right.sum()
}
func (n *node) depth() int {
	if n == nil {
		return 0
	}
	return 1 + max(n.left.depth(), n.right.depth())
}
func main() {
	t := &node{1, &node{value: 2}, nil}
	println(t.sum(), t.depth()%2)
}
""",
    "a sum used twice": """
func f(n int) int {
	if n == 0 {
		return 1
	}
	x := f(n - 1)
	return x + x // wrap
}
func main() { println(f(70)) }
""",
    "a library's function as a callback": """
import "strings"
func main() {
	println(strings.Map(func(r rune) rune {
		return r + 1 // wrap
	}, "ab"), strings.Index("ab", "b")+1)
}
""",
    "iterators": """
func count(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}
func main() {
	total := 0
	for i := range count(5) {
		total += i * 2
	}
	println(total / 2)
}
""",
    "what a library writes to through an interface": """
import "fmt"
type pair struct{ n int32 }
func scan(into ...any) { fmt.Scan(into...) }
func main() {
	var n int
	var p pair
	scan(&n, &p.n)
	println(n / 2) // negative
	p.n++ // wrap
}
""",
    "an error that is found": """
import "errors"
type code int8
func (c code) Error() string { return "code" }
func main() {
	c := code(1)
	println(errors.As(code(-7), &c))
	println(c / 2) // negative
}
""",
    "a call of an interface's method expression": """
type grower interface{ grow(int8) int8 }
type plant struct{ n int8 }
func (p *plant) grow(k int8) int8 {
	p.n += k // wrap
	return p.n
}
func main() {
	p := &plant{1}
	println(grower.grow(p, 2))
	f := grower.grow
	println(f(p, 3) / 2) // negative
}
""",
}


def marks(program: tree.Program) -> dict[int, set[str]]:
    """Return what the analysis finds on each line."""
    ranges = Ranges(program)
    found: dict[int, set[str]] = {}
    for n in program.main.walk():
        here = found.setdefault(n.line, set())
        attribute = {"BinaryExpr": "Op", "UnaryExpr": "Op", "AssignStmt": "Tok", "IncDecStmt": "Tok"}.get(
            n.kind
        )
        op = getattr(n, attribute).removesuffix("=") if attribute else ""
        conversion = n.kind == "CallExpr" and n.call == "conversion"
        if (op in OPERATIONS or conversion) and ranges.needs_wrap(n):
            here.add("wrap")
        if op in ("/", "%"):
            operands = [n.X, n.Y] if n.kind == "BinaryExpr" else [n.Lhs[0], n.Rhs[0]]
            if not all(map(ranges.non_negative, operands)):
                here.add("negative")
    return {line: what for line, what in found.items() if what}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(name: str, tmp_path: Path) -> None:
    path = tmp_path / "main.go"
    text = "package main\n" + PROGRAMS[name]
    path.write_text(text)
    lines = text.splitlines()
    expected = {number: {line.rpartition("// ")[2]} for number, line in enumerate(lines, 1) if "// " in line}
    found = marks(tree.load(path))
    assert {f"{line}: {lines[line - 1].strip()}": what for line, what in found.items()} == {
        f"{line}: {lines[line - 1].strip()}": what for line, what in expected.items()
    }
