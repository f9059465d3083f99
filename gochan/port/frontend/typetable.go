package main

// The table of types. Identical types have one entry; aliases are resolved. Types of generic functions have
// entries of their own, since those that differ only in their type parameters are identical.

import (
	"go/types"
)

// typeOf returns the index of a type in the table, -1 for nil.
func (e *emitter) typeOf(t types.Type) int {
	if t == nil {
		return -1
	}
	t = types.Unalias(t)
	if i, ok := e.typeIndex[t]; ok {
		return i
	}
	name := goString(t)
	for _, known := range e.typeBuckets[name] {
		if types.Identical(t, known) && !isGeneric(t) {
			e.typeIndex[t] = e.typeIndex[known]
			return e.typeIndex[t]
		}
	}
	i := len(e.types)
	e.typeIndex[t] = i
	e.typeBuckets[name] = append(e.typeBuckets[name], t)
	d := object{"str": name}
	e.types = append(e.types, d)
	e.describeType(d, t)
	return i
}

func isGeneric(t types.Type) bool {
	signature, ok := t.(*types.Signature)
	return ok && signature.TypeParams().Len() > 0
}

func (e *emitter) typeList(list *types.TypeList) []int {
	indexes := []int{}
	for i := 0; i < list.Len(); i++ {
		indexes = append(indexes, e.typeOf(list.At(i)))
	}
	return indexes
}

func (e *emitter) describeType(d object, t types.Type) {
	switch t := t.(type) {
	case *types.Basic:
		d["k"] = "basic"
		d["name"] = goString(t)
	case *types.Pointer:
		d["k"] = "pointer"
		d["elem"] = e.typeOf(t.Elem())
	case *types.Slice:
		d["k"] = "slice"
		d["elem"] = e.typeOf(t.Elem())
	case *types.Array:
		d["k"] = "array"
		d["elem"], d["len"] = e.typeOf(t.Elem()), t.Len()
	case *types.Map:
		d["k"] = "map"
		d["key"], d["elem"] = e.typeOf(t.Key()), e.typeOf(t.Elem())
	case *types.Chan:
		d["k"] = "chan"
		d["elem"], d["dir"] = e.typeOf(t.Elem()), [...]string{"both", "send", "recv"}[t.Dir()]
	case *types.Struct:
		d["k"] = "struct"
		d["fields"] = e.fields(t)
		e.methodSets(d, t)
	case *types.Signature:
		e.describeSignature(d, t)
	case *types.Interface:
		e.describeInterface(d, t)
	case *types.Tuple:
		d["k"] = "tuple"
		elements := []int{}
		for i := 0; i < t.Len(); i++ {
			elements = append(elements, e.typeOf(t.At(i).Type()))
		}
		d["types"] = elements
	case *types.TypeParam:
		d["k"] = "typeparam"
		d["name"], d["index"] = t.Obj().Name(), t.Index()
		d["o"] = e.object(t.Obj())
		d["constraint"] = e.typeOf(t.Constraint())
	case *types.Union:
		d["k"] = "union"
		d["terms"] = e.terms(t)
	case *types.Named:
		e.describeNamed(d, t)
	}
}

// fields returns the fields of a struct; of one of another package's the exported ones alone.
func (e *emitter) fields(t *types.Struct) []object {
	fields := []object{}
	for i := 0; i < t.NumFields(); i++ {
		f := t.Field(i)
		if !e.isLocal(f) && !f.Exported() {
			continue
		}
		fields = append(fields, object{
			"name": f.Name(), "o": e.object(f), "t": e.typeOf(f.Type()), "embedded": f.Embedded(), "tag": t.Tag(i),
		})
	}
	return fields
}

func (e *emitter) variables(t *types.Tuple) []object {
	variables := []object{}
	for i := 0; i < t.Len(); i++ {
		v := t.At(i)
		o := -1
		if e.isLocal(v) {
			o = e.object(v)
		}
		variables = append(variables, object{"name": v.Name(), "o": o, "t": e.typeOf(v.Type())})
	}
	return variables
}

func (e *emitter) describeSignature(d object, t *types.Signature) {
	d["k"] = "signature"
	d["params"], d["results"] = e.variables(t.Params()), e.variables(t.Results())
	d["variadic"] = t.Variadic()
	d["recv"] = -1
	if t.Recv() != nil {
		d["recv"] = e.typeOf(t.Recv().Type())
	}
	d["tparams"] = e.typeParams(t.TypeParams())
}

func (e *emitter) typeParams(list *types.TypeParamList) []int {
	indexes := []int{}
	for i := 0; i < list.Len(); i++ {
		indexes = append(indexes, e.typeOf(list.At(i)))
	}
	return indexes
}

func (e *emitter) describeInterface(d object, t *types.Interface) {
	d["k"] = "interface"
	methods := []object{}
	for i := 0; i < t.NumMethods(); i++ {
		m := t.Method(i)
		methods = append(methods, object{"name": m.Name(), "o": e.object(m), "t": e.typeOf(m.Type())})
	}
	d["methods"] = methods
	embeds := []int{}
	terms := []any{}
	for i := 0; i < t.NumEmbeddeds(); i++ {
		embedded := t.EmbeddedType(i)
		embeds = append(embeds, e.typeOf(embedded))
		if union, ok := types.Unalias(embedded).(*types.Union); ok {
			terms = append(terms, e.terms(union)...)
		} else if !types.IsInterface(embedded) {
			terms = append(terms, []any{false, e.typeOf(embedded)})
		}
	}
	d["embeds"], d["terms"] = embeds, terms
	d["comparable"] = t.IsComparable()
}

func (e *emitter) terms(t *types.Union) []any {
	terms := []any{}
	for i := 0; i < t.Len(); i++ {
		terms = append(terms, []any{t.Term(i).Tilde(), e.typeOf(t.Term(i).Type())})
	}
	return terms
}

func (e *emitter) describeNamed(d object, t *types.Named) {
	d["k"] = "named"
	d["o"] = e.object(t.Obj())
	d["args"] = e.typeList(t.TypeArgs())
	d["tparams"] = e.typeParams(t.TypeParams())
	d["origin"] = -1
	if t.Origin() != t {
		d["origin"] = e.typeOf(t.Origin())
	}
	d["under"] = e.typeOf(t.Underlying())
	// The methods of other packages' types get an object when the program selects them.
	local := e.isLocal(t.Obj())
	methods := []object{}
	for i := 0; i < t.NumMethods(); i++ {
		m := t.Method(i)
		if local {
			methods = append(methods, object{"name": m.Name(), "o": e.object(m), "ptr": pointerReceiver(m)})
		} else if m.Exported() {
			methods = append(methods, object{"name": m.Name(), "o": -1, "ptr": pointerReceiver(m)})
		}
	}
	d["methods"] = methods
	e.methodSets(d, t)
}

func (e *emitter) methodSets(d object, t types.Type) {
	d["methodset"] = methodNames(types.NewMethodSet(t))
	if !types.IsInterface(t) {
		d["ptrmethodset"] = methodNames(types.NewMethodSet(types.NewPointer(t)))
	} else {
		d["ptrmethodset"] = []string{}
	}
}

func methodNames(set *types.MethodSet) []string {
	names := []string{}
	for i := 0; i < set.Len(); i++ {
		names = append(names, set.At(i).Obj().Name())
	}
	return names
}
