package main

// The values of constants.

import (
	"encoding/base64"
	"go/constant"
	"go/types"
	"strconv"
	"unicode/utf8"
)

// constantOf returns a constant's value in the form that its type gives it; nil if there is none.
func constantOf(v constant.Value, t types.Type) any {
	if v == nil {
		return nil
	}
	if basic, ok := t.Underlying().(*types.Basic); ok {
		var converted constant.Value
		switch info := basic.Info(); {
		case info&types.IsInteger != 0:
			converted = constant.ToInt(v)
		case info&types.IsFloat != 0:
			converted = constant.ToFloat(v)
		case info&types.IsComplex != 0:
			converted = constant.ToComplex(v)
		default:
			converted = v
		}
		if converted.Kind() != constant.Unknown {
			v = converted
		}
		// ToComplex and ToFloat may leave the simpler kind.
		if basic.Info()&types.IsComplex != 0 {
			return object{"k": "complex", "re": float(constant.Real(v)), "im": float(constant.Imag(v))}
		}
		if basic.Info()&types.IsFloat != 0 {
			return object{"k": "float", "v": float(v), "exact": constant.ToFloat(v).ExactString()}
		}
	}
	switch v.Kind() {
	case constant.Bool:
		return object{"k": "bool", "v": constant.BoolVal(v)}
	case constant.String:
		return object{"k": "string", "v": text(constant.StringVal(v))}
	case constant.Int:
		return object{"k": "int", "v": v.ExactString()}
	case constant.Float:
		return object{"k": "float", "v": float(v), "exact": v.ExactString()}
	case constant.Complex:
		return object{"k": "complex", "re": float(constant.Real(v)), "im": float(constant.Imag(v))}
	}
	return nil
}

// float returns the shortest text that reads as the same float64.
func float(v constant.Value) string {
	f, _ := constant.Float64Val(constant.ToFloat(v))
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// text returns a string as JSON can hold it: bytes that are not UTF-8 go as base64.
func text(s string) any {
	if utf8.ValidString(s) {
		return s
	}
	return object{"b64": base64.StdEncoding.EncodeToString([]byte(s))}
}
