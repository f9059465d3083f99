// The front end of `gochan port`: reads Go source, checks its types, and prints the typed tree as JSON.
//
// It only wraps go/parser, go/types and go/constant. What the JSON looks like is in tree.py beside this folder.
//
//	frontend -go PATH -goroot PATH [-test] FILE.go... | DIR
//
// It prints {"errors": [...]} if the source is not valid Go, or {"refusals": [...]} if gochan port can't read it.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

// place is a message at a position of the source, as the JSON has it.
type place struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Col     int    `json:"col"`
	Message string `json:"message"`
}

type object = map[string]any

func main() {
	command := flag.String("go", "go", "the go command")
	root := flag.String("goroot", "", "the Go installation")
	tests := flag.Bool("test", false, "include the _test.go files of a folder")
	flag.Parse()
	loader := newLoader(*command, *root, *tests)
	loader.load(flag.Args())
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(result(loader)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	out.Flush()
}

func result(l *loader) object {
	switch {
	case len(l.refusals) > 0 && (l.blocked || len(l.errors) == 0):
		return object{"refusals": sorted(l.refusals)}
	case len(l.errors) > 0:
		return object{"errors": sorted(l.errors)}
	}
	return emit(l)
}
