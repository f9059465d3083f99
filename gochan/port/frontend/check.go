package main

// Type checking of one package, with all of its errors.

import (
	"go/ast"
	"go/token"
	"go/types"
	"runtime"
)

func (l *loader) check(p *pkg) {
	p.info = &types.Info{
		Types:        map[ast.Expr]types.TypeAndValue{},
		Instances:    map[*ast.Ident]types.Instance{},
		Defs:         map[*ast.Ident]types.Object{},
		Uses:         map[*ast.Ident]types.Object{},
		Implicits:    map[ast.Node]types.Object{},
		Selections:   map[*ast.SelectorExpr]*types.Selection{},
		Scopes:       map[ast.Node]*types.Scope{},
		FileVersions: map[*ast.File]string{},
	}
	errors := len(l.errors)
	config := types.Config{
		Importer:    l,
		FakeImportC: true,
		Sizes:       types.SizesFor("gc", "amd64"),
		Error:       func(err error) { l.addError(err, token.Position{}) },
	}
	if l.module != nil && !p.stub {
		config.GoVersion = l.module.version
	}
	files := []*ast.File{}
	for _, f := range p.files {
		files = append(files, f.syntax)
	}
	p.types, _ = config.Check(p.path, l.fset, files, p.info)
	if len(l.errors) == errors && !p.stub {
		l.checkBodies(p)
	}
	if len(l.errors) == errors && p.name == "main" && p.types.Scope().Lookup("main") == nil && !p.hasTests() {
		l.fail(token.Position{}, "function main is undeclared in the main package")
	}
}

// checkBodies reports functions without a body, which only assembly can have.
func (l *loader) checkBodies(p *pkg) {
	for _, f := range p.files {
		for _, decl := range f.syntax.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body == nil {
				l.fail(l.fset.Position(fn.Pos()), "missing function body")
			}
		}
	}
}

// hasTests returns whether go test runs the package, which then needs no function main.
func (p *pkg) hasTests() bool {
	for _, f := range p.files {
		if f.test {
			return true
		}
	}
	return false
}

// versionOf returns the version of the language that a file is written in.
func (l *loader) versionOf(p *pkg, f *file) string {
	if version := p.info.FileVersions[f.syntax]; version != "" {
		return version
	}
	if l.module != nil && l.module.version != "" {
		return l.module.version
	}
	return runtime.Version()
}
