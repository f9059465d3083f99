package main

import (
	"os"
	"text/template"
)

func main() {
	t := template.Must(template.New("t").Parse("Value: {{.}}\n")) // want text/template.Must
	t.Execute(os.Stdout, "some text")
}
