package main

// Comments, with what their place says: alone on a line or behind code.

import (
	"go/ast"
	"go/build/constraint"
	"os"
	"strings"
)

func (e *emitter) emitComments(f *ast.File) []object {
	e.comments = map[*ast.Comment]int{}
	text, err := os.ReadFile(e.file.name)
	lines := strings.Split(string(text), "\n")
	found := []object{}
	for _, group := range f.Comments {
		for _, c := range group.List {
			kind := "line"
			if strings.HasPrefix(c.Text, "/*") {
				kind = "block"
			}
			p := e.position(c.Pos())
			own := true
			if err == nil && p[0] <= len(lines) && p[1]-1 <= len(lines[p[0]-1]) {
				own = strings.TrimSpace(lines[p[0]-1][:p[1]-1]) == ""
			}
			e.comments[c] = len(found)
			found = append(found, object{
				"p": p, "end": e.position(c.End()), "text": c.Text, "kind": kind, "own_line": own,
			})
		}
	}
	return found
}

// group returns the indexes of a group's comments in the file's list.
func (e *emitter) group(g *ast.CommentGroup) []int {
	if g == nil {
		return nil
	}
	indexes := []int{}
	for _, c := range g.List {
		if i, ok := e.comments[c]; ok {
			indexes = append(indexes, i)
		}
	}
	return indexes
}

func buildConstraint(f *ast.File) any {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if c.Pos() < f.Package && constraint.IsGoBuild(c.Text) {
				return strings.TrimSpace(strings.TrimPrefix(c.Text, "//go:build"))
			}
		}
	}
	return nil
}

func packageDoc(p *pkg) string {
	for _, f := range p.files {
		if f.syntax.Doc != nil {
			return f.syntax.Doc.Text()
		}
	}
	return ""
}
