package main

// Which files make the program: those named, and the packages of the module that they import.

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

type loader struct {
	command, root string // the go command and its GOROOT
	tests         bool
	fset          *token.FileSet
	context       build.Context
	module        *module
	packages      []*pkg // in the order of their dependencies
	byPath        map[string]*pkg
	standard      types.Importer
	errors        []place
	refusals      []place
	blocked       bool // a refusal hides the errors that come of it
}

// pkg is a package of the program, and what go/types knows of it.
type pkg struct {
	path, name, folder string
	files              []*file
	info               *types.Info
	types              *types.Package
	loading            bool
	stub               bool // a declaration of golang.org/x that the front end carries
}

type file struct {
	name   string // relative to the current folder
	syntax *ast.File
	test   bool
}

func newLoader(command, root string, tests bool) *loader {
	context := build.Default
	context.GOROOT = root
	context.CgoEnabled = true // files that need cgo are found, and refused
	return &loader{
		command: command, root: root, tests: tests, context: context,
		fset: token.NewFileSet(), byPath: map[string]*pkg{},
	}
}

// load reads and checks the program that is named by its files, or by the folder of its main package.
func (l *loader) load(names []string) {
	if len(names) == 1 && isFolder(names[0]) {
		l.loadFolder(names[0])
	} else {
		l.loadFiles(names)
	}
	if len(l.errors) > 0 || l.blocked {
		return
	}
	l.importStandard()
	for _, p := range l.packages {
		l.check(p)
	}
}

func (l *loader) loadFiles(names []string) {
	folder, err := filepath.Abs(filepath.Dir(names[0]))
	if err != nil {
		l.fail(token.Position{}, err.Error())
		return
	}
	l.module = findModule(folder)
	p := &pkg{folder: folder, loading: true}
	l.parse(p, names)
	l.finish(p)
}

func (l *loader) loadFolder(folder string) {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		l.fail(token.Position{}, err.Error())
		return
	}
	l.module = findModule(absolute)
	inside, external, ok := l.choose(absolute, l.tests)
	if !ok {
		return
	}
	if len(inside)+len(external) == 0 {
		l.fail(token.Position{}, "no non-test Go files in "+shortName(absolute))
	}
	if len(inside) > 0 {
		p := &pkg{folder: absolute, loading: true}
		l.parse(p, inside)
		l.finish(p)
	}
	if len(external) > 0 && len(l.errors) == 0 {
		p := &pkg{folder: absolute, loading: true}
		l.parse(p, external)
		l.finish(p)
	}
}

// choose returns the files of a folder that are built here, and those of its external test package.
func (l *loader) choose(folder string, tests bool) (inside, external []string, ok bool) {
	found, err := l.context.ImportDir(folder, 0)
	if err != nil {
		if _, none := err.(*build.NoGoError); !none || !tests || len(found.TestGoFiles)+len(found.XTestGoFiles) == 0 {
			message := strings.ReplaceAll(err.Error(), folder, shortName(folder))
			if none {
				message = noGo(found, folder)
			}
			// A syntax error is reported by the parser, with all others.
			if len(found.InvalidGoFiles) == 0 {
				l.fail(token.Position{}, message)
				return nil, nil, false
			}
		}
	}
	inside = append(append(inside, found.GoFiles...), found.CgoFiles...)
	inside = append(inside, found.InvalidGoFiles...)
	if tests {
		inside = append(inside, found.TestGoFiles...)
		external = found.XTestGoFiles
	}
	for _, name := range append(append(found.SFiles, found.CFiles...), found.SwigFiles...) {
		at := token.Position{Filename: filepath.Join(folder, name), Line: 1, Column: 1}
		message := "assembly has no translation; write the function in Go, or by hand in Python"
		if !strings.EqualFold(filepath.Ext(name), ".s") {
			message = "C has no translation; call it from Python with ctypes or cffi"
		}
		l.refuse(at, message)
		l.blocked = true
	}
	return full(folder, inside), full(folder, external), true
}

func noGo(found *build.Package, folder string) string {
	if len(found.IgnoredGoFiles) > 0 {
		return "build constraints exclude all Go files in " + shortName(folder)
	}
	return "no Go files in " + shortName(folder)
}

func full(folder string, names []string) []string {
	seen := map[string]bool{}
	paths := []string{}
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			paths = append(paths, filepath.Join(folder, name))
		}
	}
	sort.Strings(paths)
	return paths
}

func (l *loader) parse(p *pkg, names []string) {
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			l.fail(token.Position{}, err.Error())
			continue
		}
		short := shortName(name)
		syntax, err := parser.ParseFile(l.fset, short, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			l.addError(err, token.Position{Filename: short, Line: 1, Column: 1})
			continue
		}
		p.files = append(p.files, &file{short, syntax, strings.HasSuffix(name, "_test.go")})
	}
}

// finish names a parsed package, loads the packages that it imports, and adds it behind them.
func (l *loader) finish(p *pkg) {
	if len(p.files) == 0 {
		return
	}
	p.name = p.files[0].syntax.Name.Name
	for _, f := range p.files[1:] {
		if name := f.syntax.Name; name.Name != p.name {
			l.fail(l.fset.Position(name.Pos()), "package "+name.Name+"; expected package "+p.name)
			return
		}
	}
	if p.path == "" {
		p.path = l.pathOf(p)
	}
	if p.name != "main" {
		l.byPath[p.path] = p
	}
	for _, f := range p.files {
		for _, spec := range f.syntax.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err == nil && path == "unsafe" && spec.Name != nil && spec.Name.Name == "_" {
				l.refuse(l.fset.Position(spec.Path.Pos()), "unsafe has no translation") // for go:linkname
				l.blocked = true
			} else if err == nil {
				l.need(path, spec.Path.Pos())
			}
		}
	}
	p.loading = false
	l.packages = append(l.packages, p)
}

func (l *loader) pathOf(p *pkg) string {
	switch {
	case p.name == "main":
		return "main"
	case l.module == nil:
		return p.name
	case strings.HasSuffix(p.name, "_test"):
		return l.module.pathOf(p.folder) + "_test"
	}
	return l.module.pathOf(p.folder)
}

// need loads the package with this import path if it is one of the module, and reports one that is nowhere.
func (l *loader) need(path string, pos token.Pos) {
	at := l.fset.Position(pos)
	if p := l.byPath[path]; p != nil {
		if p.loading {
			l.fail(at, "import cycle not allowed: "+path)
		}
		return
	}
	switch {
	case path == "C":
		l.refuse(at, "cgo has no translation; call the C library from Python with ctypes or cffi")
		l.blocked = true
	case path == "unsafe" || standardNames[path] != "":
	case l.isStandard(path):
		if isInternal(path) {
			l.fail(at, "use of internal package "+path+" not allowed")
		}
	case l.module.folder(path) != "":
		l.loadImported(path, l.module.folder(path), at)
	case hasStub(path):
		l.loadStub(path)
	case strings.HasPrefix(path, "./") || strings.HasPrefix(path, "../"):
		l.fail(at, strconv.Quote(path)+" is relative, but relative import paths are not supported in module mode")
	case !strings.Contains(strings.Split(path, "/")[0], "."):
		l.fail(at, "package "+path+" is not in std")
	default:
		l.refuse(at, "package "+path+" is not available: gochan port reads the standard library, packages of the "+
			"program's own module, golang.org/x/sync and golang.org/x/time/rate")
		l.blocked = true
	}
}

func (l *loader) loadImported(path, folder string, at token.Position) {
	if !isFolder(folder) {
		l.fail(at, "package "+path+" is not in this module: no folder "+shortName(folder))
		return
	}
	p := &pkg{path: path, folder: folder, loading: true}
	l.byPath[path] = p
	errors := len(l.errors)
	names, _, ok := l.choose(folder, false)
	if !ok {
		for i := range l.errors[errors:] {
			l.errors[errors+i].File, l.errors[errors+i].Line, l.errors[errors+i].Col =
				at.Filename, at.Line, at.Column
		}
		return
	}
	l.parse(p, names)
	l.finish(p)
	if p.name == "main" {
		l.fail(at, "import "+strconv.Quote(path)+" is a program, not an importable package")
	}
}

func (l *loader) isStandard(path string) bool {
	found, err := filepath.Glob(filepath.Join(l.root, "src", filepath.FromSlash(path), "*.go"))
	return err == nil && len(found) > 0
}

func isInternal(path string) bool {
	for _, part := range strings.Split(path, "/") {
		if part == "internal" || part == "vendor" {
			return true
		}
	}
	return strings.HasPrefix(path, "cmd/")
}
