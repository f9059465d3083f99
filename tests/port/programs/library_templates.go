package main

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"
)

type address struct {
	Street, City string
	ZipCode      int
}

func (a address) Line() string { return a.Street + ", " + a.City }

type level int

func (l level) String() string { return [...]string{"low", "high"}[l] }

type base struct {
	ID    int
	Notes []string
}

func (b *base) Tag(prefix string, more ...int) string { return fmt.Sprint(prefix, b.ID, more) }

type user struct {
	base
	Name    string
	Emails  []string
	Address *address
	Scores  map[string]float64
	Level   level
	Active  bool
	age     int
	URLPath string
	Next    *user
	Err     error
	Any     any
	Raw     []byte
	Matrix  [2][2]int
	Small   int8
	F       func(int) int
	Since   time.Duration
}

func (u *user) FullName(title string) string { return title + " " + u.Name }
func (u user) Older(years int) (int, error) {
	if years < 0 {
		return 0, errors.New("negative years")
	}
	return u.age + years, nil
}
func (u user) Half(x float64) float64 { return x / 2 }
func (u user) Friends() []user        { return []user{{Name: "Friend 1"}, {Name: "Friend 2"}} }

func sample() *user {
	return &user{
		base:    base{7, []string{"n1", "n2"}},
		Name:    "Ann <ann@example.com>",
		Emails:  []string{"a@x", "b@y"},
		Address: &address{"Main 1", "Springfield", 12345},
		Scores:  map[string]float64{"math": 1.5, "art": 2, "chess": 1e21},
		Level:   1, Active: true, age: 30, URLPath: "/a b?c=d&e",
		Next: &user{Name: "Bob"}, Err: errors.New("an error"),
		Any: map[string]any{"k": []int{1, 2}, "n": nil}, Raw: []byte("raw"),
		Matrix: [2][2]int{{1, 2}, {3, 4}}, Small: -5,
		F: func(n int) int { return n * 10 }, Since: 1500 * time.Millisecond,
	}
}

var funcs = template.FuncMap{
	"upper": strings.ToUpper,
	"join":  strings.Join,
	"add":   func(a, b int) int { return a + b },
	"sum": func(xs ...int) (total int) {
		for _, x := range xs {
			total += x
		}
		return
	},
	"div": func(a, b float64) (float64, error) {
		if b == 0 {
			return 0, errors.New("division by zero")
		}
		return a / b, nil
	},
	"seq": func(n int) []int {
		out := make([]int, n)
		for i := range out {
			out[i] = i
		}
		return out
	},
	"repeat":   func(s string, n int) string { return strings.Repeat(s, n) },
	"describe": func(v any) string { return fmt.Sprintf("%T", v) },
	"dict": func(pairs ...any) map[string]any {
		made := map[string]any{}
		for i := 0; i+1 < len(pairs); i += 2 {
			made[pairs[i].(string)] = pairs[i+1]
		}
		return made
	},
	"boom": func() string { panic("boom") },
}

func show(text string, data any) {
	t, err := template.New("t").Funcs(funcs).Parse(text)
	if err != nil {
		fmt.Println("PARSE", err)
		return
	}
	var b bytes.Buffer
	err = t.Execute(&b, data)
	fmt.Printf("%s|%v\n", b.String(), err)
}

func values() {
	u := sample()
	for _, text := range []string{
		"Hello {{.Name}}!", "{{.ID}} {{.Notes}} {{.Emails}} {{.Address.City}} {{.Address.ZipCode}} {{.Address}}",
		"{{.Scores}} {{.Scores.math}} {{.Scores.none}} {{.Level}} {{.Active}} {{.Small}} {{.Err}} {{.Since}}",
		"{{.Address.Line}} {{.FullName \"Dr.\"}} {{.Older 5}} {{.Half 3}} {{.Half 2.5}} {{.Tag \"#\"}} {{.Tag \"#\" 1 2}}",
		"{{.Next.Name}} {{.Next.Next}} {{.Matrix}} {{.Raw}} {{printf \"%s\" .Raw}} {{.Any}} {{.Any.k}} {{.Any.n}}",
		"{{range .Emails}}<{{.}}>{{end}} {{range $i, $e := .Emails}}{{if $i}}, {{end}}{{$i}}={{$e}}{{end}}",
		"{{range $k, $v := .Scores}}{{$k}}:{{$v}};{{end}}{{range .Scores}}[{{.}}]{{end}}",
		"{{range .Next.Emails}}x{{else}}none{{end}} {{range $x := .Friends}}{{$x.Name}},{{$.Name}};{{end}}",
		"{{with .Address}}{{.City}}{{end}} {{with .Next.Address}}x{{else}}no address{{end}} {{with $x := .ID}}{{$x}}{{.}}{{end}}",
		"{{with .Next.Address}}a{{else with .Next}}b {{.Name}}{{else}}c{{end}}",
		"{{if .Active}}yes{{else}}no{{end}} {{if not .Active}}a{{else if eq .ID 7}}b{{else}}c{{end}}",
		"{{if and .Active .Name}}both{{end}} {{or .Next.Name \"x\"}} {{or .Next.Next \"default\"}} {{and 0 (index .Emails 9)}}",
		"{{range .Emails}}{{if eq . \"b@y\"}}{{break}}{{end}}{{.}}{{end}} {{range $i, $_ := seq 5}}{{if eq $i 1 3}}{{continue}}{{end}}{{$i}}{{end}}",
		"{{range 3}}{{.}}{{end}} {{range $i := 2}}{{$i}}{{end}} {{range 0}}x{{else}}empty{{end}}",
		"{{$x := 1}}{{if true}}{{$x = 2}}{{$x := 3}}{{$x}}{{end}}{{$x}} {{range .Emails}}{{$x = add $x 1}}{{end}}{{$x}}",
		"{{len .Emails}} {{len .Name}} {{len .Scores}} {{index .Emails 1}} {{index .Scores \"art\"}} {{index .Matrix 1 0}} {{index .Name 0}}",
		"{{slice .Name 0 3}} {{slice .Emails 1}} {{slice .Emails 0 1 2}} {{slice .Matrix 1}} {{index .Any \"k\" 1}}",
		"{{printf \"%05.2f|%-6s|%q|%v\" 3.14159 \"go\" .Name .Matrix}} {{print 1 2 \"a\" \"b\" 3}} {{println \"x\" 1}}",
		"{{html .Name}} {{.Name | html}} {{js \"it's <b>\\n\"}} {{urlquery .URLPath \"x\"}} {{html 1 2 \"<\"}}",
		"{{eq .ID 7}} {{eq .ID 1 2 7}} {{ne .Name \"x\"}} {{lt 1 2}} {{le 2 2}} {{gt 1.5 0.5}} {{ge \"a\" \"b\"}} {{eq .Level 1}} {{lt .Small 0}}",
		"{{.Name | printf \"%s-%d\" \"a\" | len}} {{\"quoted\" | upper}} {{`raw \"string\"` | repeat}}",
		"{{\"ab\" | upper | printf \"%s!\" | len}} {{join .Emails \"+\"}} {{add 1 2}} {{sum}} {{sum 1 2 3}} {{3 | sum 1}} {{div 7 2}}",
		"{{call .F 4}} {{(index .Friends 1).Name}} {{(dict \"a\" 1 \"b\" .Name).b}} {{describe 1}} {{describe 1.0}} {{describe 'a'}} {{describe nil}} {{describe .Next}}",
		"{{1}} {{0x10}} {{1e3}} {{1_000}} {{'a'}} {{true}} {{\"s\"}} {{-7}} {{0b101}} {{1.5}} {{2i}} {{1+2i}} {{0o17}} {{1e+2}} {{.5}}",
		"a  {{- 1 -}}  b {{- \" x \" -}} \n\t c {{/* comment */ -}}   d{{/* another\n one */}}e {{- /* trims */ -}} f",
		"{{define \"T\"}}[{{.}}]{{end}}{{template \"T\" .ID}}{{template \"T\" (add 1 2)}}{{template \"T\"}}{{block \"B\" .Name}}<{{.}}>{{end}}",
		"{{define \"tree\"}}{{.Name}}{{with .Next}}->{{template \"tree\" .}}{{end}}{{end}}{{template \"tree\" .}}",
		"{{$}}|{{with $y := 5}}{{$y}}{{$.ID}}{{end}}",
		"{{if .Scores}}m{{end}}{{if .Next.Scores}}x{{end}}{{if .Address}}p{{end}}{{if .Err}}e{{end}}{{if 0.0}}z{{end}}{{if .F}}f{{end}}{{if .Any}}a{{end}}",
		"{{eq .Next.Next nil}} {{eq .Err nil}} {{ne .Address nil}} {{eq .Any.n nil}} {{not 1}} {{not \"\"}}",
	} {
		if strings.Contains(text, "{{$}}") {
			show(text, 42)
			continue
		}
		show(text, u)
	}
}

type item struct {
	Name  string
	Price float64
	Qty   int
}

func (i item) Total() float64 { return i.Price * float64(i.Qty) }

const invoice = `Invoice #{{.Number}}
{{- range $i, $item := .Items}}
{{printf "%2d" (add $i 1)}}. {{printf "%-10s" $item.Name}} {{printf "%3d" $item.Qty}} x {{printf "%8.2f" $item.Price}} = {{$item.Total | printf "%9.2f"}}
{{- else}}
nothing
{{- end}}
Total: {{template "total" .Items -}}
{{define "total"}}{{$sum := 0.0}}{{range .}}{{$sum = plus $sum .Total}}{{end}}{{printf "%.2f" $sum}}{{end}}
{{if gt (len .Items) 1}}several{{else}}few{{end}}
`

func report() {
	t := template.Must(template.New("invoice").Funcs(template.FuncMap{
		"add":  func(a, b int) int { return a + b },
		"plus": func(a, b float64) float64 { return a + b },
	}).Parse(invoice))
	data := struct {
		Number int
		Items  []item
	}{42, []item{{"Widget", 2.5, 4}, {"Gadget", 10, 1}}}
	if err := t.Execute(os.Stdout, data); err != nil {
		log.Fatal(err)
	}
	data.Items = nil
	fmt.Println(t.Execute(os.Stdout, data))
	fmt.Println(t.ExecuteTemplate(os.Stdout, "total", []item{{"x", 1, 2}}))
	fmt.Println(t.ExecuteTemplate(os.Stdout, "none", nil))
	fmt.Println(t.Name(), t.Lookup("total").Name(), t.Lookup("none") == nil, len(t.Templates()))
}

func layouts() {
	base := template.Must(template.New("base").Parse(`<{{block "title" .}}default {{.}}{{end}}:{{template "body" .}}>` + "\n"))
	fmt.Println(base.Execute(os.Stdout, 1))
	page := template.Must(template.Must(base.Clone()).Parse(`{{define "title"}}page{{end}}{{define "body"}}body of {{.}}{{end}}`))
	fmt.Println(page.Execute(os.Stdout, "p"))
	other := template.Must(page.New("other").Parse("{{template \"base\" .}}other"))
	fmt.Println(other.Execute(os.Stdout, "o"), other.Name())
	fmt.Println(page.DefinedTemplates() != "", template.New("empty").DefinedTemplates())
	own := template.Must(template.New("delims").Delims("<<", ">>").Parse("<<.>> {{.}} <<- \"x\" ->> y\n"))
	fmt.Println(own.Execute(os.Stdout, 5))

	dir, err := os.MkdirTemp("", "templates")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	os.WriteFile(filepath.Join(dir, "one.tmpl"), []byte("one {{.}} {{template \"two.tmpl\" .}}\n"), 0o644)
	os.WriteFile(filepath.Join(dir, "two.tmpl"), []byte("two {{.}}"), 0o644)
	files, err := template.ParseFiles(filepath.Join(dir, "one.tmpl"), filepath.Join(dir, "two.tmpl"))
	fmt.Println(err, files.Name(), files.Execute(os.Stdout, "f"))
	files, err = template.ParseGlob(filepath.Join(dir, "*.tmpl"))
	fmt.Println(err, files.ExecuteTemplate(os.Stdout, "two.tmpl", "g"))
	_, err = template.ParseGlob(filepath.Join(dir, "*.none"))
	fmt.Println(strings.ReplaceAll(err.Error(), dir, "DIR"))
	_, err = template.New("x").ParseFiles(filepath.Join(dir, "missing"))
	fmt.Println(strings.ReplaceAll(err.Error(), dir, "DIR"), os.IsNotExist(err))
	_, err = template.ParseFiles()
	fmt.Println(err)
}

type arith struct{ Factor int32 }

func (a arith) Square(n int) int    { return n * n }
func (a arith) Scale(n int32) int32 { return n * a.Factor }
func (a *arith) Set(n int32) string { a.Factor = n; return "" }

// Templates call methods and functions with integers that the program itself does not.
func numbers() {
	a := &arith{2}
	mul := func(x, y int) int { return x * y }
	fmt.Println(a.Square(3), a.Scale(4), mul(5, 6))
	t := template.Must(template.New("numbers").Funcs(template.FuncMap{"mul": mul}).Parse(
		"{{.Square 4000000000}} {{.Set 100000}}{{.Factor}} {{.Scale 100000}} {{mul 4000000000 4000000000}} {{mul 2 3}}\n"))
	fmt.Println(t.Execute(os.Stdout, a), a.Factor)
}

func kinds() {
	show("{{.}}", "text")
	show("{{.}}", nil)
	show("{{range .}}{{.Name}} {{.Total}};{{end}}", []item{{"a", 1, 2}, {"b", 3, 4}})
	show("{{range .}}{{.Name}} {{.Total}};{{end}}", []*item{{"c", 1, 2}})
	show("{{range $k, $v := .}}{{$k}}={{$v}} {{end}}", map[int]string{3: "c", 1: "a", 2: "b"})
	show("{{range $k, $v := .}}{{$k}}={{$v.Qty}} {{end}}", map[string]item{"z": {Qty: 1}, "y": {Qty: 2}})
	show("{{.a}} {{.b.c}} {{.none}} {{.b.none}}", map[string]any{"a": 1, "b": map[string]any{"c": "d"}})
	show("{{.a}} {{.none}}", map[string]string{"a": "x"})
	show("{{.x}}", map[string]int{})
	ch := make(chan int, 3)
	ch <- 1
	ch <- 2
	close(ch)
	show("{{range .}}{{.}},{{end}}", ch)
	show("{{range .}}{{.}},{{end}}", func(yield func(int) bool) { _ = yield(1) && yield(2) })
	show("{{range $a, $b := .}}{{$a}}{{$b}},{{end}}", func(yield func(int, string) bool) { _ = yield(1, "x") && yield(2, "y") })
	show("{{.Name}} {{.Total}}", item{"v", 2, 3})
	show("{{.Name}} {{.Total}}", &item{"p", 2, 3})
	show("{{.}} {{.String}}", level(1))
	show("{{.}}", []any{1, "a", nil, 2.5, []string{"x"}})
	show("{{.Year}} {{.Format \"2006-01-02\"}}", time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC))
	show("{{range .}}{{if .}}{{.}}{{else}}-{{end}}{{end}}", []int{1, 0, 2})
	for _, option := range []string{"missingkey=zero", "missingkey=error", "missingkey=default"} {
		t := template.Must(template.New("o").Option(option).Parse("{{.none}} {{.a}}\n"))
		fmt.Println(t.Execute(os.Stdout, map[string]int{"a": 1}))
	}
	fmt.Println(template.HTMLEscapeString("<a href='x'>&\"\x00"), template.JSEscapeString("'\"\\<>&=\n\x01é\u2028"))
	fmt.Println(template.URLQueryEscaper("a b&c", 1), template.HTMLEscaper("<", 1), template.JSEscaper("'"))
	template.HTMLEscape(os.Stdout, []byte("<p>\n"))
	fmt.Println(template.IsTrue(0))
}

func main() {
	values()
	report()
	layouts()
	numbers()
	kinds()
}
