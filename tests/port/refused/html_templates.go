package main

import (
	"html/template"
	"os"
)

func main() {
	t := template.Must(template.New("t").Parse("<p>{{.}}</p>\n")) // want html/template.Must
	t.Execute(os.Stdout, "<script>")
}
