package main

// The standard library's types: from the export data that the go command keeps, or else from its sources.

import (
	"fmt"
	"go/build"
	"go/importer"
	"go/types"
	"io"
	"os"
	"os/exec"
	"sort"
	"strconv"
	"strings"
)

// Packages of golang.org/x that the standard library has taken in, under the same names.
var standardNames = map[string]string{
	"golang.org/x/exp/slices":  "slices",
	"golang.org/x/net/context": "context",
}

// importStandard finds the export data of all packages of the standard library that the program imports.
func (l *loader) importStandard() {
	exports, err := l.listExports(l.standardImports())
	if err != nil {
		build.Default.GOROOT = l.root
		build.Default.CgoEnabled = false
		l.standard = importer.ForCompiler(l.fset, "source", nil)
		return
	}
	l.standard = importer.ForCompiler(l.fset, "gc", func(path string) (io.ReadCloser, error) {
		name := exports[path]
		if name == "" {
			return nil, fmt.Errorf("no export data for package %s", path)
		}
		return os.Open(name)
	})
}

func (l *loader) standardImports() []string {
	wanted := map[string]bool{}
	for _, p := range l.packages {
		for _, f := range p.files {
			for _, spec := range f.syntax.Imports {
				path, err := strconv.Unquote(spec.Path.Value)
				if name := standardNames[path]; name != "" {
					path = name
				}
				if err == nil && l.byPath[path] == nil && path != "unsafe" && path != "C" {
					wanted[path] = true
				}
			}
		}
	}
	paths := make([]string, 0, len(wanted))
	for path := range wanted {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	return paths
}

func (l *loader) listExports(paths []string) (map[string]string, error) {
	exports := map[string]string{}
	if len(paths) == 0 {
		return exports, nil
	}
	args := append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}", "--"}, paths...)
	command := exec.Command(l.command, args...)
	command.Dir = l.root // away from the go.mod of the program, which may be wrong or name another Go
	command.Env = append(os.Environ(), "GO111MODULE=off", "CGO_ENABLED=0")
	out, err := command.Output()
	if err != nil {
		return nil, err
	}
	for _, line := range strings.Split(string(out), "\n") {
		if path, name, ok := strings.Cut(line, "\t"); ok {
			exports[path] = name
		}
	}
	return exports, nil
}

// Import implements types.Importer for the packages of a program.
func (l *loader) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if name := standardNames[path]; name != "" {
		path = name
	}
	if p := l.byPath[path]; p != nil {
		if p.types == nil {
			return nil, fmt.Errorf("package %s is incomplete", path)
		}
		return p.types, nil
	}
	return l.standard.Import(path)
}
