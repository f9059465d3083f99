package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"math/rand"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
)

type Logger struct {
	*log.Logger
	prefix string
}

func (l *Logger) Say(s string) { l.Println(l.prefix + s) }

type SafeBuf struct {
	sync.Mutex
	bytes.Buffer
}

func (b *SafeBuf) Add(s string) {
	b.Lock()
	defer b.Unlock()
	b.WriteString(s)
}

type Stringer interface{ String() string }

func kind(v any) string {
	switch v := v.(type) {
	case *bytes.Buffer:
		return "buffer " + v.String()
	case *strings.Reader:
		return "reader " + strconv.Itoa(v.Len())
	case *os.File:
		return "file " + v.Name()
	case *strings.Builder:
		return "builder " + v.String()
	case Stringer:
		return "stringer " + v.String()
	case error:
		return "error " + v.Error()
	case io.Reader:
		return "io.Reader"
	case time.Duration:
		return "dur"
	case map[string]int:
		return fmt.Sprint("map ", len(v))
	case []string:
		return "strings " + strings.Join(v, "+")
	case func(string) string:
		return v("func")
	}
	return fmt.Sprintf("%T", v)
}

type Shape interface {
	Area() float64
	Perimeter() float64
}
type Sq struct{ S float64 }

func (s Sq) Area() float64      { return s.S * s.S }
func (s Sq) Perimeter() float64 { return 4 * s.S }

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(v T)      { s[v] = struct{}{} }
func (s Set[T]) Has(v T) bool { _, ok := s[v]; return ok }
func (s Set[T]) Len() int     { return len(s) }
func Map[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}
func Filter[T any](xs []T, p func(T) bool) []T {
	var out []T
	for _, x := range xs {
		if p(x) {
			out = append(out, x)
		}
	}
	return out
}

type inventory struct {
	Items map[string]int `json:"items"`
	Tags  []string       `json:"tags,omitempty"`
}

func (inv *inventory) save(w io.Writer) error {
	enc := json.NewEncoder(w)
	return enc.Encode(inv)
}

func load(r io.Reader) (*inventory, error) {
	var inv inventory
	if err := json.NewDecoder(r).Decode(&inv); err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	return &inv, nil
}

func main() {
	l := &Logger{log.New(os.Stdout, "", 0), "> "}
	l.Say("hi")
	l.Printf("%03d", 7)
	var sb SafeBuf
	sb.Add("x")
	sb.Add("y")
	fmt.Println(sb.String(), sb.Len())
	var b strings.Builder
	write := b.WriteString
	write("method value")
	for _, v := range []any{bytes.NewBufferString("b"), strings.NewReader("abc"), os.Stdout, &b, errors.New("e"), bufio.NewReader(nil), time.Second, map[string]int{"a": 1}, []string{"p", "q"}, strings.ToUpper, 3, nil, Sq{2}} {
		fmt.Println(kind(v))
	}
	s := Set[string]{}
	s.Add("a")
	fmt.Println(s.Has("a"), s.Has("b"), s.Len(), Map([]int{1, 2}, strconv.Itoa), Filter([]rune("a1b2"), unicode.IsDigit))
	var shapes []Shape = []Shape{Sq{3}, Sq{1}}
	sort.Slice(shapes, func(i, j int) bool { return shapes[i].Area() < shapes[j].Area() })
	fmt.Println(shapes)
	inv := &inventory{Items: map[string]int{"nut": 3, "bolt": 5}}
	var buf bytes.Buffer
	fmt.Println(inv.save(&buf), buf.String())
	back, err := load(&buf)
	fmt.Println(back.Items, back.Tags == nil, err)
	_, err = load(strings.NewReader(`{"items": [}`))
	var se *json.SyntaxError
	fmt.Println(err, errors.As(err, &se), se.Offset)
	_, err = load(strings.NewReader(``))
	fmt.Println(err, errors.Is(err, io.EOF))
	rng := rand.New(rand.NewSource(7))
	deck := make([]int, 10)
	for i := range deck {
		deck[i] = i
	}
	rng.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
	fmt.Println(deck, slices.Sorted(maps.Values(map[string]int{"x": 2, "y": 1})))
	words := strings.Fields("the quick brown the lazy the quick")
	cnt := map[string]int{}
	for _, w := range words {
		cnt[w]++
	}
	uniq := slices.Collect(maps.Keys(cnt))
	slices.SortFunc(uniq, func(a, b string) int {
		if c := cnt[b] - cnt[a]; c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	for i, w := range uniq {
		fmt.Printf("%d. %-6s %s\n", i+1, w, strings.Repeat("*", cnt[w]))
	}
	var once sync.Once
	for range 3 {
		once.Do(func() { fmt.Println("once") })
	}
	fmt.Println(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return '_'
		}
		return unicode.ToTitle(r)
	}, "a b\tc"), strings.TrimRight("xx12xx", "x"), strings.ContainsAny("abc", "xyzc"), strings.LastIndexByte("abcabc", 'b'))
	tw := bufio.NewWriterSize(os.Stdout, 16)
	fmt.Fprint(tw, "a long line that does not fit\n")
	tw.Flush()
	rw := bufio.NewReadWriter(bufio.NewReader(strings.NewReader("in\n")), bufio.NewWriter(os.Stdout))
	line, _ := rw.ReadString('\n')
	rw.WriteString("rw " + line)
	rw.Flush()
	for _, v := range []any{&sync.Once{}, new(sync.Map), &sync.Pool{}, sync.NewCond(&sync.Mutex{})} {
		fmt.Printf("%T ", v)
	}
}
