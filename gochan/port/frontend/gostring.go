package main

// Types as %T prints them: as package reflect does, which differs from go/types in spaces, `any`, byte and rune.

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

func goString(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		switch t.Kind() {
		case types.Uint8:
			return "uint8"
		case types.Int32:
			return "int32"
		}
		return t.Name()
	case *types.Pointer:
		return "*" + goString(t.Elem())
	case *types.Slice:
		return "[]" + goString(t.Elem())
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), goString(t.Elem()))
	case *types.Map:
		return "map[" + goString(t.Key()) + "]" + goString(t.Elem())
	case *types.Chan:
		return chanString(t)
	case *types.Struct:
		return structString(t)
	case *types.Signature:
		return "func" + signatureString(t)
	case *types.Interface:
		return interfaceString(t)
	case *types.Tuple:
		return "(" + strings.Join(tupleStrings(t, false), ", ") + ")"
	case *types.TypeParam:
		return t.Obj().Name()
	case *types.Union:
		terms := []string{}
		for i := 0; i < t.Len(); i++ {
			tilde := ""
			if t.Term(i).Tilde() {
				tilde = "~"
			}
			terms = append(terms, tilde+goString(t.Term(i).Type()))
		}
		return strings.Join(terms, " | ")
	case *types.Named:
		return namedString(t)
	}
	return "?"
}

// inArguments is above 0 in the arguments of a generic type, where names have the paths of their packages.
var inArguments int

func namedString(t *types.Named) string {
	name := t.Obj().Name()
	if pkg := t.Obj().Pkg(); pkg != nil {
		if inArguments > 0 && pkg.Name() != "main" {
			name = pkg.Path() + "." + name
		} else {
			name = pkg.Name() + "." + name
		}
	}
	if t.TypeArgs().Len() == 0 {
		return name
	}
	inArguments++
	defer func() { inArguments-- }()
	args := []string{}
	for i := 0; i < t.TypeArgs().Len(); i++ {
		args = append(args, goString(t.TypeArgs().At(i)))
	}
	return name + "[" + strings.Join(args, ",") + "]"
}

func chanString(t *types.Chan) string {
	elem := goString(t.Elem())
	switch t.Dir() {
	case types.SendOnly:
		return "chan<- " + elem
	case types.RecvOnly:
		return "<-chan " + elem
	}
	if strings.HasPrefix(elem, "<-") {
		elem = "(" + elem + ")"
	}
	return "chan " + elem
}

func structString(t *types.Struct) string {
	if t.NumFields() == 0 {
		return "struct {}"
	}
	fields := []string{}
	for i := 0; i < t.NumFields(); i++ {
		f := t.Field(i)
		field := goString(f.Type())
		if !f.Embedded() {
			field = f.Name() + " " + field
		}
		if t.Tag(i) != "" {
			field += " " + strconv.Quote(t.Tag(i))
		}
		fields = append(fields, field)
	}
	return "struct { " + strings.Join(fields, "; ") + " }"
}

func interfaceString(t *types.Interface) string {
	parts := []string{}
	for i := 0; i < t.NumMethods(); i++ {
		m := t.Method(i)
		name := m.Name()
		if !m.Exported() && m.Pkg() != nil {
			name = m.Pkg().Name() + "." + name
		}
		parts = append(parts, name+signatureString(m.Type().(*types.Signature)))
	}
	for i := 0; i < t.NumEmbeddeds(); i++ {
		if embedded := t.EmbeddedType(i); !types.IsInterface(embedded) {
			parts = append(parts, goString(embedded))
		}
	}
	if t.IsComparable() && len(parts) == 0 {
		return "comparable"
	}
	if len(parts) == 0 {
		return "interface {}"
	}
	return "interface { " + strings.Join(parts, "; ") + " }"
}

func signatureString(t *types.Signature) string {
	text := "(" + strings.Join(tupleStrings(t.Params(), t.Variadic()), ", ") + ")"
	results := tupleStrings(t.Results(), false)
	switch len(results) {
	case 0:
		return text
	case 1:
		return text + " " + results[0]
	}
	return text + " (" + strings.Join(results, ", ") + ")"
}

func tupleStrings(t *types.Tuple, variadic bool) []string {
	parts := []string{}
	for i := 0; i < t.Len(); i++ {
		part := goString(t.At(i).Type())
		if variadic && i == t.Len()-1 {
			part = "..." + strings.TrimPrefix(part, "[]")
		}
		parts = append(parts, part)
	}
	return parts
}
