package main

import (
	"bufio"
	"container/ring"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"reflect"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"text/tabwriter"
	"unicode"
)

type byLen []string

func (s byLen) Len() int           { return len(s) }
func (s byLen) Less(i, j int) bool { return len(s[i]) < len(s[j]) }
func (s byLen) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }

func tokenize(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
}

type Matrix [][]float64

func main() {
	text := "It was the best of times, it was the worst of times"
	freq := map[string]int{}
	for _, w := range tokenize(strings.ToLower(text)) {
		freq[w]++
	}
	type kv struct {
		k string
		v int
	}
	var kvs []kv
	for k, v := range freq {
		kvs = append(kvs, kv{k, v})
	}
	sort.Slice(kvs, func(i, j int) bool {
		if kvs[i].v != kvs[j].v {
			return kvs[i].v > kvs[j].v
		}
		return kvs[i].k < kvs[j].k
	})
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight|tabwriter.Debug)
	for _, e := range kvs {
		fmt.Fprintf(w, "%s\t%d\t\n", e.k, e.v)
	}
	w.Flush()
	words := []string{"banana", "kiwi", "fig", "apple", "date"}
	sort.Sort(byLen(words))
	fmt.Println(words, sort.IsSorted(byLen(words)))
	sort.Sort(sort.Reverse(sort.StringSlice(words)))
	fmt.Println(words, sort.SearchStrings([]string{"a", "c"}, "b"))
	r := ring.New(3)
	for i := range 3 {
		r.Value = i
		r = r.Next()
	}
	r.Do(func(v any) { fmt.Print(v, " ") })
	fmt.Println(r.Len())
	g := rand.New(rand.NewPCG(1, 2))
	fmt.Println(g.IntN(10), g.Float64(), g.Perm(4), g.Uint32(), rand.N(1))
	fmt.Println(reflect.DeepEqual([]int{1}, []int{1}), reflect.DeepEqual(map[string][]int{"a": {1}}, map[string][]int{"a": {1}}), reflect.TypeOf(3.5), reflect.TypeOf(words), reflect.DeepEqual(kvs, nil))
	var n int64
	atomic.AddInt64(&n, 5)
	fmt.Println(atomic.LoadInt64(&n), runtime.NumGoroutine(), runtime.GOOS)
	for _, q := range []string{`"a\n"`, "'x'", "`r`", "bad"} {
		s, err := strconv.Unquote(q)
		fmt.Printf("%q %v\n", s, err)
	}
	fmt.Println(strconv.Quote("hi\t\"x\" ☺"), strconv.FormatFloat(3.14159, 'f', 2, 64), strconv.FormatInt(-255, 16), strconv.AppendInt(nil, 42, 10))
	for _, s := range []string{"true", "yes", "1.5", "1e400", "0b101", "-0x10"} {
		b, e1 := strconv.ParseBool(s)
		f, e2 := strconv.ParseFloat(s, 64)
		i, e3 := strconv.ParseInt(s, 0, 16)
		fmt.Println(b, e1, f, e2, i, e3)
	}
	logger := log.New(os.Stdout, "[app] ", log.Lmsgprefix)
	logger.Printf("hello %s", "log")
	sc := bufio.NewScanner(strings.NewReader("one two\nthree"))
	sc.Split(bufio.ScanWords)
	for i := 0; sc.Scan(); i++ {
		fmt.Print(i, sc.Text(), ",")
	}
	fmt.Println()
	rd := bufio.NewReader(strings.NewReader("line1\nline2"))
	for {
		line, err := rd.ReadString('\n')
		fmt.Printf("%q %v\n", line, err)
		if errors.Is(err, io.EOF) {
			break
		}
	}
	m := Matrix{{1, 2}, {3, 4}}
	fmt.Println(m, len(m))
	var sb strings.Builder
	for i := 3; i > 0; i-- {
		fmt.Fprintf(&sb, "%d...", i)
	}
	sb.WriteString("go")
	fmt.Println(sb.String(), sb.Len())
	defer func() {
		fmt.Println("recovered:", recover())
		log.SetFlags(0)
		log.SetOutput(os.Stdout)
		log.Fatalln("fatal", 1)
	}()
	_ = strings.Repeat("x", -len(words))
}
