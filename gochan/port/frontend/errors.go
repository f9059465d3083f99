package main

// What is wrong with the source: errors, which Go reports as well, and refusals, which only gochan port has.

import (
	"errors"
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

func (l *loader) fail(at token.Position, message string) {
	l.errors = append(l.errors, l.place(at, message))
}

func (l *loader) refuse(at token.Position, message string) {
	l.refusals = append(l.refusals, l.place(at, message))
}

// addError adds the messages of go/scanner, go/parser or go/types.
func (l *loader) addError(err error, at token.Position) {
	var list scanner.ErrorList
	var single *scanner.Error
	var typed types.Error
	switch {
	case errors.As(err, &list):
		list.RemoveMultiples()
		for i, e := range list {
			if i == 10 {
				l.fail(e.Pos, "too many errors")
				break
			}
			l.fail(e.Pos, e.Msg)
		}
	case errors.As(err, &single):
		l.fail(single.Pos, single.Msg)
	case errors.As(err, &typed):
		at := l.fset.Position(typed.Pos)
		if len(l.errors) > 0 && strings.HasPrefix(typed.Msg, "\t") {
			last := &l.errors[len(l.errors)-1]
			last.Message += "\n\t" + display(at) + ": " + strings.TrimPrefix(typed.Msg, "\t")
			return
		}
		l.fail(at, typed.Msg)
	default:
		l.fail(at, err.Error())
	}
}

func (l *loader) place(at token.Position, message string) place {
	return place{shortName(at.Filename), at.Line, at.Column, message}
}

// shortName returns the name relative to the current folder if that is shorter, as the go command does.
func shortName(name string) string {
	if name == "" {
		return ""
	}
	here, err := os.Getwd()
	if err != nil {
		return name
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(here, name)
	}
	if short, err := filepath.Rel(here, name); err == nil && len(short) < len(name) {
		return short
	}
	return name
}

// display returns a position as the go command shows it.
func display(at token.Position) string {
	name := shortName(at.Filename)
	if !strings.ContainsRune(name, filepath.Separator) {
		name = "." + string(filepath.Separator) + name
	}
	return fmt.Sprintf("%s:%d:%d", name, at.Line, at.Column)
}

// sorted sorts by position and drops repeated messages, and those that only follow from others.
func sorted(places []place) []place {
	sort.SliceStable(places, func(i, j int) bool {
		a, b := places[i], places[j]
		if a.File != b.File {
			return a.File < b.File
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Col < b.Col
	})
	seen := map[place]bool{}
	kept := []place{}
	for _, p := range places {
		if !seen[p] && !strings.Contains(p.Message, "invalid operand") && !strings.Contains(p.Message, "invalid type") {
			kept = append(kept, p)
		}
		seen[p] = true
	}
	if len(kept) == 0 {
		return places
	}
	return kept
}
