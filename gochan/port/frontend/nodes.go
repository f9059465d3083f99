package main

// The nodes of the tree: the fields of go/ast by reflection, and what go/types knows of each.

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"
)

func (e *emitter) position(p token.Pos) []int {
	at := e.loader.fset.PositionFor(p, false)
	return []int{at.Line, at.Column}
}

func (e *emitter) list(nodes any) []any {
	v := reflect.ValueOf(nodes)
	out := make([]any, v.Len())
	for i := range out {
		out[i] = e.node(v.Index(i).Interface().(ast.Node))
	}
	return out
}

// node returns a node as JSON; nil for a nil node.
func (e *emitter) node(n ast.Node) any {
	v := reflect.ValueOf(n)
	if n == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	v = v.Elem()
	d := object{"k": v.Type().Name(), "id": e.id(n), "p": e.position(n.Pos()), "end": e.position(n.End())}
	for i := 0; i < v.NumField(); i++ {
		name := v.Type().Field(i).Name
		switch field := v.Field(i).Interface().(type) {
		case *ast.CommentGroup:
			if field != nil {
				d[strings.ToLower(name)] = e.group(field)
			}
		case *ast.Object, *ast.Scope:
		case ast.ChanDir:
			d[name] = [...]string{"", "send", "recv", "both"}[field]
		case token.Token:
			d[name] = field.String()
		case token.Pos:
			switch name {
			case "Colon", "Lbrace", "Rbrace", "Rparen", "Else":
				d[name] = e.position(field)
			case "Ellipsis", "Assign":
				d[name] = field.IsValid()
			}
		case bool, string:
			d[name] = field
		case ast.Node:
			d[name] = e.node(field)
		case nil:
			d[name] = nil
		default:
			if v.Field(i).Kind() == reflect.Slice {
				d[name] = e.list(field)
			}
		}
	}
	e.annotate(d, n)
	return d
}

func (e *emitter) annotate(d object, n ast.Node) {
	info := e.pkg.info
	if expr, ok := n.(ast.Expr); ok {
		e.annotateExpr(d, expr)
	}
	switch n := n.(type) {
	case *ast.Ident:
		d["o"] = -1
		if o := info.ObjectOf(n); o != nil && n.Name != "_" {
			d["o"] = e.object(o)
		}
		d["def"] = info.Defs[n] != nil
		if instance, ok := info.Instances[n]; ok {
			d["inst"] = e.typeList(instance.TypeArgs)
		}
	case *ast.SelectorExpr:
		d["sel"] = e.selection(n)
		if instance, ok := info.Instances[n.Sel]; ok {
			d["inst"] = e.typeList(instance.TypeArgs)
		}
	case *ast.IndexExpr:
		e.annotateInstance(d, n.X)
	case *ast.IndexListExpr:
		e.annotateInstance(d, n.X)
	case *ast.CallExpr:
		d["call"] = e.callKind(n)
	case *ast.CaseClause:
		d["implicit"] = -1
		if o := info.Implicits[n]; o != nil {
			d["implicit"] = e.object(o)
		}
	case *ast.FuncLit:
		captured := []int{}
		for _, o := range e.literals[n] {
			captured = append(captured, e.object(o))
		}
		d["captures"] = captured
	case *ast.RangeStmt:
		d["over"] = e.rangeKind(n)
	}
}

func (e *emitter) annotateExpr(d object, n ast.Expr) {
	d["t"], d["mode"] = -1, "novalue"
	value, ok := e.pkg.info.Types[n]
	if !ok {
		ident, isIdent := n.(*ast.Ident)
		if !isIdent {
			return
		}
		// Idents that declare, or that stand for a field or method, have no entry of their own.
		if o := e.pkg.info.ObjectOf(ident); o != nil {
			switch o.(type) {
			case *types.Var, *types.Const, *types.Func:
				d["t"], d["mode"] = e.typeOf(o.Type()), "value"
			case *types.TypeName:
				d["t"], d["mode"] = e.typeOf(o.Type()), "type"
			}
		}
		return
	}
	d["t"] = e.typeOf(value.Type)
	d["mode"] = modeOf(value)
	if value.Addressable() {
		d["addressable"] = true
	}
	if c := constantOf(value.Value, value.Type); c != nil {
		d["c"] = c
	}
}

func modeOf(value types.TypeAndValue) string {
	switch {
	case value.IsVoid():
		return "novalue"
	case value.IsType():
		return "type"
	case value.IsBuiltin():
		return "builtin"
	case value.IsNil():
		return "nil"
	}
	if _, tuple := value.Type.(*types.Tuple); tuple && value.HasOk() {
		return "commaok"
	}
	return "value"
}

func (e *emitter) annotateInstance(d object, x ast.Expr) {
	switch x := x.(type) {
	case *ast.SelectorExpr:
		e.annotateInstance(d, x.Sel)
	case *ast.Ident:
		if instance, ok := e.pkg.info.Instances[x]; ok {
			d["inst"] = e.typeList(instance.TypeArgs)
		}
	}
}

func (e *emitter) callKind(n *ast.CallExpr) string {
	value := e.pkg.info.Types[n.Fun]
	switch {
	case value.IsType():
		return "conversion"
	case value.IsBuiltin():
		return "builtin"
	}
	return "call"
}

func (e *emitter) selection(n *ast.SelectorExpr) object {
	selection := e.pkg.info.Selections[n]
	if selection == nil {
		return object{"kind": "qualified", "o": e.object(e.pkg.info.Uses[n.Sel])}
	}
	kind := "field"
	switch {
	case selection.Kind() == types.MethodExpr:
		kind = "methodexpr"
	case selection.Kind() == types.MethodVal:
		kind = "method"
		if recv := selection.Obj().Type().(*types.Signature).Recv(); recv != nil && types.IsInterface(recv.Type()) {
			kind = "interfacemethod"
		}
	}
	path := []int{}
	index := selection.Index()
	t := selection.Recv()
	for _, i := range index[:len(index)-1] {
		field := pointee(t).Underlying().(*types.Struct).Field(i)
		path = append(path, e.object(field))
		t = field.Type()
	}
	return object{
		"kind": kind, "o": e.object(selection.Obj()), "path": path, "indirect": selection.Indirect(),
		"ptrrecv": kind != "field" && pointerReceiver(selection.Obj()),
	}
}

// rangeKind returns what a range statement runs over.
func (e *emitter) rangeKind(n *ast.RangeStmt) string {
	t := e.pkg.info.TypeOf(n.X)
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		t = coreType(p)
	}
	switch t := t.Underlying().(type) {
	case *types.Slice:
		return "slice"
	case *types.Array:
		return "array"
	case *types.Pointer:
		return "ptrarray"
	case *types.Map:
		return "map"
	case *types.Chan:
		return "chan"
	case *types.Basic:
		if t.Info()&types.IsString != 0 {
			return "string"
		}
		return "int"
	case *types.Signature:
		yield, ok := t.Params().At(0).Type().Underlying().(*types.Signature)
		if !ok {
			return "func"
		}
		return [...]string{"func0", "func1", "func2"}[yield.Params().Len()]
	}
	return "int"
}

// coreType returns a type of the constraint's type set: they all range alike.
func coreType(p *types.TypeParam) types.Type {
	constraint, _ := p.Constraint().Underlying().(*types.Interface)
	for constraint != nil && constraint.NumEmbeddeds() > 0 {
		switch t := types.Unalias(constraint.EmbeddedType(0)).(type) {
		case *types.Union:
			return t.Term(0).Type()
		default:
			next, ok := t.Underlying().(*types.Interface)
			if !ok {
				return t
			}
			constraint = next
		}
	}
	return p
}
