package main

// Declarations of the packages of golang.org/x that gochan has: signatures, whose bodies are never run.

import (
	"embed"
	"go/parser"
	"path"
	"strconv"
)

//go:embed stubs
var stubs embed.FS

func hasStub(importPath string) bool {
	_, err := stubs.Open(stubName(importPath))
	return err == nil
}

func stubName(importPath string) string {
	return "stubs/" + importPath + "/" + path.Base(importPath) + ".go"
}

func (l *loader) loadStub(importPath string) {
	name := stubName(importPath)
	text, err := stubs.ReadFile(name)
	if err != nil {
		panic(err)
	}
	syntax, err := parser.ParseFile(l.fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		panic(err)
	}
	p := &pkg{path: importPath, name: path.Base(importPath), stub: true, files: []*file{{name: name, syntax: syntax}}}
	l.byPath[importPath] = p
	for _, spec := range syntax.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		l.need(imported, spec.Pos())
	}
	l.packages = append(l.packages, p)
}
