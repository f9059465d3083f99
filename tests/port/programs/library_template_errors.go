package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/template"
)

type inner struct{ Value int }

type data struct {
	Name   string
	Inner  *inner
	List   []int
	Map    map[string]int
	hidden string
	Err    error
	Any    any
	Number int
	F      func(string) string
	Chan   chan int
	Array  [2]int
	Ints   map[int]string
}

func (d data) Fails() (string, error)         { return "", errFailed }
func (d data) Panics() string                 { panic(fmt.Sprint("panics ", d.Number)) }
func (d data) Crashes() int                   { var p *inner; return p.Value }
func (d data) Two(a int, b string) string     { return fmt.Sprint(a, b) }
func (d data) Text(s string) string           { return s }
func (d data) Pair() (int, int)               { return 1, 2 }
func (d *data) Pointer() string               { return "pointer" }
func (d data) Given(in inner, out *inner) int { return in.Value + out.Value }

var errFailed = errors.New("it failed")

func main() {
	funcs := template.FuncMap{
		"fail": func() (int, error) { return 0, errFailed },
		"one":  func(n int) int { return n },
		"text": func(s string) string { return s },
		"real": func(x float64) float64 { return x },
		"uns":  func(x uint8) uint8 { return x },
		"flag": func(b bool) bool { return b },
		"many": func(s string, rest ...int) int { return len(s) + len(rest) },
	}
	for _, text := range []string{
		// What cannot be parsed.
		"{{", "{{.Name", "a\nb {{.Name\n}} {{", "{{end}}", "{{else}}", "{{if}}x{{end}}", "{{if .Name}}x", "{{range .List}}", "{{nope}}",
		"{{.Name | nope}}", "{{$x}}", "{{$x := 1}}{{$y}}", "{{if .Name}}{{$x := 1}}{{end}}{{$x}}", "{{.Name.}}", "{{1.x}}", "{{\"a\".b}}",
		"{{template}}", "{{template .Name}}", "{{template \"x\" .Name .Name}}", "{{define}}x{{end}}", "{{define \"a\"}}", "{{define .x}}{{end}}",
		"{{\"open}}", "{{`open}}", "{{'a}}", "{{'ab'}}", "{{''}}", "{{/* open }}", "{{/* a */ b}}", "{{(1}}", "{{1)}}", "{{(1))}}", "{{()}}",
		"{{1 | 2}}", "{{.Name | .}}", "{{|}}", "{{.Name |}}", "{{| .Name}}", "{{.Name || .Name}}", "{{break}}", "{{continue}}", "{{range .List}}{{break x}}{{end}}",
		"{{$x, $y := 1}}", "{{range $a, $b, $c := .List}}{{end}}", "{{range $a, 1 := .List}}{{end}}", "{{range $i, .List}}{{end}}", "{{$x = 1}}",
		"{{1x}}", "{{0x}}", "{{1e}}", "{{99999999999999999999}}", "{{1+2}}", "{{@}}", "{{.Name @}}", "{{a:b}}", "{{.a:b}}", "{{#}}", "{{.é#}}", "{{,}}", "{{.Name,}}",
		"{{if .Name}}{{else}}{{else}}{{end}}", "{{if .Name}}{{else if}}{{end}}", "{{range .List}}{{else if .}}{{end}}{{end}}", "{{if .Name}}{{end}}{{end}}", "{{else if .Name}}",
		"{{block \"b\"}}x{{end}}", "{{block \"b\" .}}x", "{{block \"b\" .}}x{{else}}y{{end}}", "{{define \"a\"}}1{{end}}{{define \"a\"}}2{{end}}", "{{with}}{{end}}",
		"{{nil}}", "{{nil.x}}", "{{(nil).x}}", "{{.Name nil}}", "{{define \"x\"}}{{break}}{{end}}", "{{range .List}}{{block \"q\" .}}{{break}}{{end}}{{end}}",
		"line1\nline2 {{.Name}}\n{{if .Name}}\n{{bad}}{{end}}", "{{.Name}}\n\n  {{ \"a\nb\" }}", "{{ .Name | printf \"%d\" | bad }}", "{{if .Name}} {{define \"n\"}}{{end}}{{end}}",
		// What cannot be executed.
		"{{.Nope}}", "{{.Name.Nope}}", "{{.Inner.Nope}}", "{{.Inner.Value}}", "{{.hidden}}", "{{.List.x}}", "{{.Map.x.y}}", "{{.Any.x}}", "{{.Err.Error}}", "{{.Ints.x}}",
		"ab\ncd {{.Name}} é{{.Nope}}", "{{.Fails}}", "{{.Panics}}", "{{.Crashes}}", "{{.Two}}", "{{.Two 1}}", "{{.Two 1 2}}", "{{.Two \"a\" \"b\"}}", "{{.Two 1 \"b\" 3}}", "{{\"b\" | .Two 1}}",
		"{{.Text .Number}}", "{{.Text 1}}", "{{.Text nil}}", "{{.Pair}}", "{{.Name 1}}", "{{.Map.x 1}}", "{{1 | .Name}}", "{{.Pointer}}", "{{.Given .Inner .Inner}}",
		"{{fail}}", "{{one \"a\"}}", "{{one 1.5}}", "{{one}}", "{{one 1 2}}", "{{one .Name}}", "{{one nil}}", "{{text 1}}", "{{text true}}", "{{real \"x\"}}", "{{real 1}}", "{{uns 300}}", "{{uns -1}}", "{{flag 1}}",
		"{{many}}", "{{many \"a\" 1 2}}", "{{many \"a\" \"b\"}}", "{{many 1}}", "{{1 | many \"a\"}}", "{{.List | many \"a\"}}", "{{one .Number | one 2}}",
		"{{template \"none\"}}", "{{range .Number}}x{{end}}", "{{range .Name}}x{{end}}", "{{range $a, $b := 3}}x{{end}}", "{{range true}}{{end}}", "{{range .Inner}}{{end}}",
		"{{index .List 5}}", "{{index .List 3}}", "{{index .List -1}}", "{{index .List \"a\"}}", "{{index .Map 1}}", "{{index .Number 1}}", "{{index nil 1}}", "{{index .List nil}}", "{{index .Name 9}}", "{{index .Array 2}}", "{{index .Inner 1}}", "{{index}}",
		"{{slice .List 4}}", "{{slice .List 2 1}}", "{{slice .Name 0 1 2}}", "{{slice .Map 1}}", "{{slice .List 1 2 3 4}}", "{{len .Number}}", "{{len nil}}", "{{len .Inner}}", "{{len}}", "{{len 1 2}}",
		"{{call .F 1}}", "{{call .Name}}", "{{call nil}}", "{{call .F}}", "{{call}}", "{{.F}}", "{{.Chan}}", "{{one}}{{.Name}}",
		"{{eq 1 \"a\"}}", "{{eq 1}}", "{{eq}}", "{{lt 1 \"a\"}}", "{{lt true false}}", "{{lt .List 1}}", "{{eq .List .List}}", "{{eq .Map 1}}", "{{eq 1 1.0}}", "{{eq .List nil}}", "{{ne 1 \"a\"}}", "{{gt 1 nil}}", "{{eq .Inner .List}}",
		"{{not}}", "{{not 1 2}}", "{{and}}", "{{and 1 0 .Nope}}", "{{or 1 .Nope}}", "{{or 0 .Nope}}", "{{1 2}}", "{{.Name | 1}}", "{{\"a\" 1}}", "{{(1) 2}}", "{{$ 1}}", "{{with $x := 1}}{{$x 2}}{{end}}",
		"{{printf 1}}", "{{printf \"%d\" \"a\"}}", "{{printf}}", "{{html}}", "{{nil | one}}", "{{.Any | one}}", "{{(.Inner).Value}}", "{{(.Any).x}}", "{{(index .List 0).x}}",
		"{{define \"sub\"}}{{.Nope}}{{end}}x{{template \"sub\" .}}", "{{with .Name}}{{.Nope}}{{end}}", "{{range .List}}{{.Nope}}{{end}}", "{{if .Nope}}{{end}}", "{{$x := .Nope}}", "{{block \"c\" .Name}}{{.Nope}}{{end}}",
		"{{9223372036854775808}}", "{{0xFFFFFFFFFFFFFFFF}}", "{{0xi}}", "{{1e5+2e-3i}}", "{{1 | call}}", "{{.Name | call}}", "{{html .Any}}", "{{print .Any .Err}}",
	} {
		d := data{Name: "name", List: []int{1, 2, 3}, Map: map[string]int{"x": 1}, F: strings.ToUpper, Number: 3, Chan: make(chan int)}
		t, err := template.New("t.tmpl").Funcs(funcs).Parse(text)
		if err != nil {
			fmt.Printf("%q: %v\n", text, err)
			continue
		}
		var b strings.Builder
		err = t.Execute(&b, d)
		fmt.Printf("%q: %q %v\n", text, b.String(), err)
		var exec template.ExecError
		if errors.As(err, &exec) {
			fmt.Println(exec.Name, errors.Is(err, errFailed), errors.Unwrap(exec) != nil)
		}
		if strings.Contains(text, "Pointer") {
			fmt.Println(t.Execute(io.Discard, &d))
		}
	}
	fmt.Println(template.New("new").Execute(io.Discard, nil))
	fmt.Println(template.Must(template.New("a").Parse("{{define \"b\"}}{{end}}")).Lookup("b") != nil)
	endless := template.Must(template.New("e").Parse("{{template \"e\" .}}"))
	if err := endless.Execute(io.Discard, 1); err != nil {
		fmt.Println(err)
	}
	for _, try := range []func(){
		func() { template.New("x").Funcs(template.FuncMap{"bad": 1}) },
		func() { template.New("x").Funcs(template.FuncMap{"bad": func() {}}) },
		func() { template.New("x").Funcs(template.FuncMap{"bad": func() (int, int) { return 1, 2 }}) },
		func() { template.New("x").Funcs(template.FuncMap{"bad-name": func() int { return 1 }}) },
		func() { template.New("x").Option("nope") },
		func() { template.Must(template.New("must").Parse("{{")) },
	} {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			try()
		}()
	}
}
