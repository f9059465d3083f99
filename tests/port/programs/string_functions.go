package main

import (
	"fmt"
	s "strings"
)

var p = fmt.Println

func main() {
	p("Contains:  ", s.Contains("test", "es"), s.ContainsAny("test", "xyz"), s.ContainsRune("tést", 'é'))
	p("Count:     ", s.Count("test", "t"), s.Count("five", ""), s.Count("aaaa", "aa"))
	p("Prefix:    ", s.HasPrefix("test", "te"), s.HasSuffix("test", "st"))
	p("Index:     ", s.Index("test", "e"), s.LastIndex("go gopher", "go"), s.IndexByte("abc", 'c'), s.IndexAny("golang", "ny"), s.Index("héé", "é"), s.IndexRune("chicken", 'k'))
	p("Join:      ", s.Join([]string{"a", "b"}, "-"), s.Join(nil, "-"))
	p("Repeat:    ", s.Repeat("a", 5)+"|"+s.Repeat("ab", 0))
	p("Replace:   ", s.Replace("foo", "o", "0", -1), s.Replace("foo", "o", "0", 1), s.ReplaceAll("ab", "", "-"))
	fmt.Printf("Split:      %q %q %q %q\n", s.Split("a-b-c-d-e", "-"), s.Split("", ","), s.Split("abc", ""), s.SplitN("a,b,c", ",", 2))
	fmt.Printf("SplitAfter: %q\n", s.SplitAfter("a,b,c", ","))
	p("Case:      ", s.ToLower("TEST ÄÖ"), s.ToUpper("test ß"), s.Title("hello wOrld"), s.EqualFold("Straße", "STRASSE"), s.EqualFold("Go", "GO"))
	fmt.Printf("Fields:     %q %q\n", s.Fields("  foo bar\t baz\n"), s.Fields(" "))
	fmt.Printf("Trim:       %q %q %q %q %q\n", s.TrimSpace(" \t x y \n"), s.Trim("xxhixx", "x"), s.TrimLeft("abcba", "ab"), s.TrimRight("123.500", "0"), s.TrimFunc("123abc456", func(r rune) bool { return r < 'a' }))
	fmt.Printf("Affixes:    %q %q %q\n", s.TrimPrefix("prefix-x", "prefix-"), s.TrimSuffix("a.go", ".go"), s.TrimSuffix("a.go", ".py"))
	before, after, found := s.Cut("key=value=x", "=")
	p("Cut:       ", before, after, found)
	before, after, found = s.Cut("nokey", "=")
	fmt.Printf("Cut:        %q %q %t\n", before, after, found)
	rest, ok := s.CutPrefix("foobar", "foo")
	p("CutPrefix: ", rest, ok)
	p("Compare:   ", s.Compare("a", "b"), s.Compare("b", "a"), s.Compare("a", "a"))
	p("Map:       ", s.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+13)%26
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+13)%26
		}
		return r
	}, "Hello, Gophers!"))

	var sb s.Builder
	for i := 3; i >= 1; i-- {
		fmt.Fprintf(&sb, "%d...", i)
	}
	sb.WriteString("ignition")
	sb.WriteByte('!')
	sb.WriteRune('é')
	p(sb.String(), sb.Len())
	sb.Reset()
	p(sb.Len(), sb.String() == "")

	r := s.NewReplacer("<", "&lt;", ">", "&gt;", "a", "b", "b", "a")
	p(r.Replace("<b>abc</b>"))
	reader := s.NewReader("some text to read")
	var w1, w2 string
	n, err := fmt.Fscan(reader, &w1, &w2)
	p(n, err, w1, w2, reader.Len())
	for i, f := range s.FieldsFunc("a1b22c", func(r rune) bool { return r >= '0' && r <= '9' }) {
		fmt.Print(i, f, " ")
	}
	p()
	for part := range s.SplitSeq("x,y,z", ",") {
		fmt.Print("[", part, "]")
	}
	p()
	p(len("hello"), "hello"[1], "hello"[1:3], s.ToTitle("ab"), s.LastIndexByte("abca", 'a'), s.IndexFunc("abc1", func(r rune) bool { return r == '1' }))
}
