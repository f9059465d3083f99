package main

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// A small JSON parser, as a state machine over bytes.

type parser struct {
	src string
	pos int
}

func (p *parser) fail(format string, args ...any) {
	panic(fmt.Errorf("offset %d: "+format, append([]any{p.pos}, args...)...))
}

func (p *parser) skip() {
	for p.pos < len(p.src) && strings.IndexByte(" \t\r\n", p.src[p.pos]) >= 0 {
		p.pos++
	}
}

func (p *parser) expect(c byte) {
	p.skip()
	if p.pos >= len(p.src) || p.src[p.pos] != c {
		p.fail("expected %q", c)
	}
	p.pos++
}

func (p *parser) value() any {
	p.skip()
	if p.pos == len(p.src) {
		p.fail("unexpected end")
	}
	switch c := p.src[p.pos]; {
	case c == '{':
		return p.object()
	case c == '[':
		return p.array()
	case c == '"':
		return p.str()
	case c == '-' || c >= '0' && c <= '9':
		start := p.pos
		for p.pos < len(p.src) && strings.ContainsRune("+-.eE0123456789", rune(p.src[p.pos])) {
			p.pos++
		}
		f, err := strconv.ParseFloat(p.src[start:p.pos], 64)
		if err != nil {
			p.fail("%v", err)
		}
		return f
	default:
		for word, v := range map[string]any{"true": true, "false": false, "null": nil} {
			if strings.HasPrefix(p.src[p.pos:], word) {
				p.pos += len(word)
				return v
			}
		}
		p.fail("unexpected character %q", c)
	}
	return nil
}

func (p *parser) object() map[string]any {
	m := map[string]any{}
	p.expect('{')
	for p.skip(); p.src[p.pos] != '}'; p.skip() {
		if len(m) > 0 {
			p.expect(',')
			p.skip()
		}
		key := p.str()
		p.expect(':')
		m[key] = p.value()
	}
	p.pos++
	return m
}

func (p *parser) array() []any {
	list := []any{}
	p.expect('[')
	for p.skip(); p.src[p.pos] != ']'; p.skip() {
		if len(list) > 0 {
			p.expect(',')
		}
		list = append(list, p.value())
	}
	p.pos++
	return list
}

func (p *parser) str() string {
	p.expect('"')
	var out []byte
	for {
		c := p.src[p.pos]
		p.pos++
		switch c {
		case '"':
			return string(out)
		case '\\':
			esc := p.src[p.pos]
			p.pos++
			if i := strings.IndexByte("nt", esc); i >= 0 {
				esc = "\n\t"[i]
			}
			out = append(out, esc)
		default:
			out = append(out, c)
		}
	}
}

func Parse(s string) (v any, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case error:
			v, err = nil, r
		default:
			panic(r)
		}
	}()
	p := parser{src: s}
	v = p.value()
	if p.skip(); p.pos != len(s) {
		p.fail("trailing data %q", s[p.pos:])
	}
	return v, nil
}

func dump(v any, indent string) {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			fmt.Printf("%s%s:\n", indent, k)
			dump(v[k], indent+"  ")
		}
	case []any:
		for i, x := range v {
			fmt.Printf("%s[%d]\n", indent, i)
			dump(x, indent+"  ")
		}
	case string:
		fmt.Printf("%s%q\n", indent, v)
	case float64, bool, nil:
		fmt.Printf("%s%v\n", indent, v)
	}
}

func main() {
	v, err := Parse(`{"name": "Zoë \"Z\"", "tags": ["a\tb", 1.5e2, -3, true, null, []], "nested": {"k": {}}}`)
	fmt.Println(err)
	dump(v, "")
	fmt.Println(v)
	for _, bad := range []string{"", "[1,", "{x}", "[1] 2", `{"a" 1}`, "-", "[1 2]"} {
		v, err := Parse(bad)
		fmt.Println(v, err)
	}
}
