package main

// The module that a file is part of: its go.mod, and the folders of its packages.

import (
	"os"
	"path/filepath"
	"strings"
)

type module struct {
	root    string            // the folder of go.mod
	path    string            // the module's path
	version string            // "go1.22", or "" if go.mod has none
	local   map[string]string // replaced modules: path -> folder
}

// findModule looks for go.mod in folder and above; nil if there is none.
func findModule(folder string) *module {
	for {
		text, err := os.ReadFile(filepath.Join(folder, "go.mod"))
		if err == nil {
			return parseModule(folder, string(text))
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return nil
		}
		folder = parent
	}
}

// parseModule reads the lines of go.mod that matter here: module, go, and replacements by a folder.
func parseModule(root, text string) *module {
	m := &module{root: root, local: map[string]string{}}
	block := ""
	for _, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
			continue
		case words[0] == ")":
			block = ""
			continue
		case len(words) == 2 && words[1] == "(":
			block = words[0]
			continue
		case block != "":
			words = append([]string{block}, words...)
		}
		switch words[0] {
		case "module":
			m.path = strings.Trim(words[1], "\"`")
		case "go":
			m.version = "go" + words[1]
		case "replace":
			m.replace(words[1:])
		}
	}
	return m
}

func (m *module) replace(words []string) {
	for i, word := range words {
		if word == "=>" && i > 0 && i+1 < len(words) {
			target := strings.Trim(words[i+1], "\"`")
			if strings.HasPrefix(target, ".") || filepath.IsAbs(target) {
				if !filepath.IsAbs(target) {
					target = filepath.Join(m.root, target)
				}
				m.local[strings.Trim(words[0], "\"`")] = target
			}
		}
	}
}

// folder returns the folder of the package with this path; "" if it is not a package of the module, of a module that
// go.mod replaces by a folder, or in the vendor folder.
func (m *module) folder(path string) string {
	if m == nil {
		return ""
	}
	if below, ok := within(path, m.path); ok {
		return filepath.Join(m.root, filepath.FromSlash(below))
	}
	for replaced, folder := range m.local {
		if below, ok := within(path, replaced); ok {
			return filepath.Join(folder, filepath.FromSlash(below))
		}
	}
	vendored := filepath.Join(m.root, "vendor", filepath.FromSlash(path))
	if isFolder(vendored) {
		return vendored
	}
	return ""
}

// pathOf returns the import path of a folder of the module.
func (m *module) pathOf(folder string) string {
	below, err := filepath.Rel(m.root, folder)
	if err != nil || below == "." {
		return m.path
	}
	return m.path + "/" + filepath.ToSlash(below)
}

func within(path, parent string) (string, bool) {
	if path == parent {
		return "", true
	}
	below, ok := strings.CutPrefix(path, parent+"/")
	return below, ok && parent != ""
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
