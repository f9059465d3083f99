package main

// The whole result: the tables, and the packages with their files.

import (
	"go/ast"
	"go/types"
	"runtime"
	"strconv"
)

type emitter struct {
	loader      *loader
	ids         map[ast.Node]int
	facts       map[types.Object]*facts
	literals    map[*ast.FuncLit][]types.Object
	survey      map[*types.Package]*survey
	scopes      map[*types.Scope]ast.Node
	local       map[*types.Package]bool
	objects     []object
	objectIndex map[types.Object]int
	types       []object
	typeIndex   map[types.Type]int
	typeBuckets map[string][]types.Type
	pkg         *pkg
	file        *file
	comments    map[*ast.Comment]int
}

func emit(l *loader) object {
	e := &emitter{
		loader: l, ids: map[ast.Node]int{}, facts: map[types.Object]*facts{},
		literals: map[*ast.FuncLit][]types.Object{}, survey: map[*types.Package]*survey{},
		scopes: map[*types.Scope]ast.Node{}, local: map[*types.Package]bool{},
		objects: []object{}, objectIndex: map[types.Object]int{},
		types: []object{}, typeIndex: map[types.Type]int{}, typeBuckets: map[string][]types.Type{},
	}
	for _, p := range l.packages {
		if !p.stub {
			e.local[p.types] = true
			e.survey[p.types] = newSurvey(l, p, e.facts, e.literals)
			for node, scope := range p.info.Scopes {
				e.scopes[scope] = node
			}
		}
	}
	packages := []object{}
	for _, p := range l.packages {
		if !p.stub {
			packages = append(packages, e.emitPackage(p))
		}
	}
	return object{"go": runtime.Version(), "types": e.types, "objects": e.objects, "packages": packages}
}

// id returns the number of a node; numbers are given in the order in which they are first asked for.
func (e *emitter) id(n ast.Node) int {
	i, ok := e.ids[n]
	if !ok {
		i = len(e.ids) + 1
		e.ids[n] = i
	}
	return i
}

func (e *emitter) emitPackage(p *pkg) object {
	e.pkg = p
	files := []object{}
	for _, f := range p.files {
		files = append(files, e.emitFile(f))
	}
	order := []any{}
	for _, initializer := range p.info.InitOrder {
		objects := []int{}
		for _, v := range initializer.Lhs {
			objects = append(objects, e.object(v))
		}
		order = append(order, []any{objects, e.id(initializer.Rhs)})
	}
	return object{
		"path": p.path, "name": p.name, "folder": p.folder, "files": files, "init_order": order,
		"doc": packageDoc(p),
	}
}

func (e *emitter) emitFile(f *file) object {
	e.file = f
	comments := e.emitComments(f.syntax)
	imports := []object{}
	for _, spec := range f.syntax.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		var o types.Object = e.pkg.info.Implicits[spec]
		name := any(nil)
		if spec.Name != nil {
			name = spec.Name.Name
			o = e.pkg.info.Defs[spec.Name]
		}
		index := -1
		if o != nil {
			index = e.object(o)
		}
		imports = append(imports, object{"path": path, "name": name, "o": index, "p": e.position(spec.Pos())})
	}
	version := e.loader.versionOf(e.pkg, f)
	return object{
		"name": f.name, "id": e.id(f.syntax), "test": f.test, "go": version,
		"decls": e.list(f.syntax.Decls), "comments": comments, "imports": imports,
		"build": buildConstraint(f.syntax), "package_doc": e.group(f.syntax.Doc),
		"p": e.position(f.syntax.Package),
	}
}
