package main

import (
	"bufio"
	"bytes"
	"container/list"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"io"
	"log"
	"math/bits"
	"math/cmplx"
	"os"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(v T) { s.items = append(s.items, v) }
func (s *Stack[T]) Pop() (T, bool) {
	var zero T
	if len(s.items) == 0 {
		return zero, false
	}
	v := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, true
}

func eval(expr string) (float64, error) {
	var st Stack[float64]
	for _, tok := range strings.Fields(expr) {
		switch tok {
		case "+", "-", "*", "/":
			b, ok1 := st.Pop()
			a, ok2 := st.Pop()
			if !ok1 || !ok2 {
				return 0, errors.New("stack underflow")
			}
			switch tok {
			case "+":
				st.Push(a + b)
			case "-":
				st.Push(a - b)
			case "*":
				st.Push(a * b)
			case "/":
				st.Push(a / b)
			}
		default:
			f, err := strconv.ParseFloat(tok, 64)
			if err != nil {
				return 0, fmt.Errorf("token %q: %w", tok, err)
			}
			st.Push(f)
		}
	}
	v, _ := st.Pop()
	return v, nil
}

type lineWriter struct {
	w   io.Writer
	num int
}

func (l *lineWriter) Write(p []byte) (int, error) {
	for _, line := range bytes.SplitAfter(p, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		l.num++
		fmt.Fprintf(l.w, "%03d %s", l.num, line)
	}
	return len(p), nil
}

type multi map[string][]string

func caesar(s string, k int) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+rune(k)+26)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+rune(k)+26)%26
		}
		return r
	}, s)
}

func isPalin(s string) bool {
	rs := []rune(strings.ToLower(s))
	slices.Reverse(rs)
	return string(rs) == strings.ToLower(s)
}

func main() {
	for _, e := range []string{"3 4 + 2 *", "1 +", "x 1 +", "1 0 /"} {
		v, err := eval(e)
		fmt.Println(v, err, errors.Is(err, strconv.ErrSyntax))
	}
	lw := &lineWriter{w: os.Stdout}
	io.WriteString(lw, "one\ntwo\n")
	fmt.Fprint(lw, "three\n")
	m := multi{}
	m["a"] = append(m["a"], "x", "y")
	fmt.Println(m, len(m["zz"]), caesar("Hello, Zebra", 3), caesar(caesar("abc", 3), -3), isPalin("Réer"), isPalin("abc"))
	h := fnv.New32a()
	h.Write([]byte("key"))
	fmt.Println(h.Sum32()%16, crc32.ChecksumIEEE([]byte("key")), fmt.Sprintf("%x", md5.Sum([]byte("key"))))
	d, err := hex.DecodeString("4a4b")
	fmt.Println(string(d), err, base64.URLEncoding.EncodeToString([]byte{0xfb, 0xff}))
	_, err = base64.StdEncoding.DecodeString("!!")
	fmt.Println(err)
	fmt.Println(path.Join("a", "b", "../c"), cmplx.Abs(3+4i), bits.OnesCount8(7), cmplx.Sqrt(-1))
	s := "héllo, 世界\xff!"
	for i, w := 0, 0; i < len(s); i += w {
		r, width := utf8.DecodeRuneInString(s[i:])
		fmt.Printf("%c%d ", r, width)
		w = width
	}
	fmt.Println(utf8.RuneCountInString(s), strings.ToUpper(s), strings.IndexRune(s, '世'), strings.IndexByte(s, 'o'), s[strings.Index(s, "世"):])
	r := bufio.NewReader(strings.NewReader("12 apples\n7 pears\n"))
	for {
		var n int
		var what string
		_, err := fmt.Fscanf(r, "%d %s\n", &n, &what)
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(n, what)
	}
	l := list.New()
	for _, x := range []int{3, 1, 2} {
		e := l.Front()
		for e != nil && e.Value.(int) < x {
			e = e.Next()
		}
		if e == nil {
			l.PushBack(x)
		} else {
			l.InsertBefore(x, e)
		}
	}
	for e := l.Back(); e != nil; e = e.Prev() {
		fmt.Print(e.Value, " ")
	}
	fmt.Println()
	type emp struct {
		name string
		dept string
		sal  float64
	}
	emps := []emp{{"a", "x", 10}, {"b", "y", 20}, {"c", "x", 30}, {"d", "y", 5}}
	sort.SliceStable(emps, func(i, j int) bool { return emps[i].dept < emps[j].dept })
	groups := make(map[string][]emp)
	for _, e := range emps {
		groups[e.dept] = append(groups[e.dept], e)
	}
	depts := make([]string, 0, len(groups))
	for k := range groups {
		depts = append(depts, k)
	}
	sort.Strings(depts)
	for _, k := range depts {
		tot := 0.0
		for _, e := range groups[k] {
			tot += e.sal
		}
		fmt.Printf("%-5s|%8.2f|%v\n", k, tot/float64(len(groups[k])), groups[k])
	}
	idx := sort.Search(len(emps), func(i int) bool { return emps[i].dept >= "y" })
	fmt.Println(idx)
	log.SetFlags(0)
	log.SetPrefix("p: ")
	log.SetOutput(os.Stdout)
	log.Print("done", 1, 2, "x")
	re := regexp.MustCompile(`^(\w+)@(\w+)\.com$`)
	for _, em := range []string{"bob@site.com", "bad", "Ann_1@x.com"} {
		if mm := re.FindStringSubmatch(em); mm != nil {
			fmt.Printf("%q user=%s host=%s\n", mm, mm[1], mm[2])
		} else {
			fmt.Println(em, "no match", mm == nil, len(mm))
		}
	}
	fmt.Println(regexp.MustCompile(`a+`).ReplaceAllStringFunc("baaa aa", func(s string) string { return strconv.Itoa(len(s)) }))
	start := time.Now()
	_ = start
	var nilS []string
	fmt.Println(strings.Join(nilS, ","), len(strings.Split("", ",")), strings.Split("", ",")[0] == "", slices.Contains(nilS, "x"), slices.Index([]string{"p", "q"}, "q"))
	b := []byte("hello")
	b = append(b, " world"...)
	fmt.Println(string(bytes.Title(b)), bytes.IndexByte(b, 'w'), bytes.HasPrefix(b, []byte("he")), string(bytes.TrimSpace([]byte("  x "))), bytes.Fields([]byte(" a b ")))
	parts := bytes.Split([]byte("k=v"), []byte("="))
	parts[0][0] = 'K'
	fmt.Printf("%s %q\n", parts, parts)
	sc := bufio.NewScanner(os.Stdin)
	total := 0
	for sc.Scan() {
		n, err := strconv.Atoi(strings.TrimSpace(sc.Text()))
		if err != nil {
			fmt.Fprintln(os.Stderr, "skip:", err)
			continue
		}
		total += n
	}
	fmt.Println("total", total, sc.Err())
	func() {
		defer func() {
			if r := recover(); r != nil {
				fmt.Println("got:", r)
			}
		}()
		regexp.MustCompile("(")
	}()
	func() {
		defer func() { fmt.Println("got:", recover()) }()
		log.Panic("boom ", 3)
	}()
	os.Exit(3)
}
