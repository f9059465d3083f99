package main

// The table of objects: variables, constants, functions, types, packages, labels.

import (
	"go/types"
)

// origin returns the declared object of an instantiated field or method.
func origin(o types.Object) types.Object {
	switch o := o.(type) {
	case *types.Var:
		if o == nil {
			return nil
		}
		return o.Origin()
	case *types.Func:
		if o == nil {
			return nil
		}
		return o.Origin()
	}
	return o
}

// object returns the index of an object in the table, -1 for nil.
func (e *emitter) object(o types.Object) int {
	o = origin(o)
	if o == nil {
		return -1
	}
	if i, ok := e.objectIndex[o]; ok {
		return i
	}
	i := len(e.objects)
	e.objectIndex[o] = i
	e.objects = append(e.objects, nil)
	e.objects[i] = e.describe(o)
	return i
}

func (e *emitter) describe(o types.Object) object {
	d := object{"name": o.Name(), "t": -1, "pkg": nil, "p": nil}
	if o.Pkg() != nil {
		d["pkg"] = o.Pkg().Path()
	}
	local := e.isLocal(o)
	if local && o.Pos().IsValid() {
		at := e.loader.fset.PositionFor(o.Pos(), false)
		d["p"], d["file"] = []int{at.Line, at.Column}, at.Filename
	}
	d["scope"] = e.scopeOf(o)
	switch o := o.(type) {
	case *types.Var:
		d["k"] = "var"
		d["embedded"] = o.Embedded()
		d["t"] = e.typeOf(o.Type())
	case *types.Const:
		d["k"] = "const"
		d["t"] = e.typeOf(o.Type())
		d["c"] = constantOf(o.Val(), o.Type())
	case *types.Func:
		d["k"] = "func"
		d["full"] = o.FullName()
		d["t"] = e.typeOf(o.Type())
		if recv := o.Type().(*types.Signature).Recv(); recv != nil {
			d["recv"], d["ptr"] = e.typeOf(pointee(recv.Type())), pointerReceiver(o)
		}
	case *types.TypeName:
		d["k"] = "type"
		d["alias"] = o.IsAlias()
		d["t"] = e.typeOf(o.Type())
	case *types.PkgName:
		d["k"] = "pkg"
		d["path"] = o.Imported().Path()
		d["imported"] = o.Imported().Name()
	case *types.Builtin:
		d["k"] = "builtin"
	case *types.Nil:
		d["k"] = "nil"
	case *types.Label:
		d["k"] = "label"
	}
	if local {
		e.addFacts(d, o)
	}
	return d
}

func pointee(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// isLocal reports whether an object is declared in the source of the program.
func (e *emitter) isLocal(o types.Object) bool {
	return o.Pkg() != nil && e.local[o.Pkg()]
}

func (e *emitter) scopeOf(o types.Object) string {
	if f := e.facts[o]; f != nil && f.scope != "" {
		if _, imported := o.(*types.PkgName); imported {
			return "file"
		}
		return f.scope
	}
	switch o := o.(type) {
	case *types.PkgName:
		return "file"
	case *types.Var:
		if o.IsField() {
			return "field"
		}
	case *types.Func:
		if o.Type().(*types.Signature).Recv() != nil {
			return "method"
		}
	}
	switch {
	case o.Pkg() == nil || o.Parent() == types.Universe:
		return "universe"
	case o.Parent() == o.Pkg().Scope():
		return "package"
	}
	return "local"
}

// addFacts adds what the program does with an object of its own.
func (e *emitter) addFacts(d object, o types.Object) {
	f := e.facts[o]
	if f == nil {
		f = &facts{}
	}
	d["func"] = -1
	if f.function != nil {
		d["func"] = e.id(f.function)
	}
	d["scope_id"] = -1
	d["shadows"] = -1
	if scope := o.Parent(); scope != nil {
		if node := e.scopes[scope]; node != nil {
			d["scope_id"] = e.id(node)
		}
		if scope.Parent() != nil && o.Name() != "_" {
			if _, outer := scope.Parent().LookupParent(o.Name(), o.Pos()); outer != nil {
				d["shadows"] = e.object(outer)
			}
		}
	}
	d["in_loop"] = len(f.loops) > 0
	d["captured"] = len(f.captures) > 0
	d["assigned"] = len(f.assigned)
	d["assigned_in_closure"] = f.inClosure
	d["assigned_after_capture"] = e.survey[o.Pkg()].afterCapture(f)
	d["mutated"] = f.mutated
	d["addr_taken"] = f.addrTaken
	d["part_addr_taken"] = f.partTaken
	d["used"] = f.used
}
