package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

type memFile struct {
	*strings.Reader
	name string
	size int64
}

func (f *memFile) Close() error               { fmt.Println("close", f.name); return nil }
func (f *memFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *memFile) Name() string               { return f.name }
func (f *memFile) Size() int64                { return f.size }
func (f *memFile) Mode() fs.FileMode          { return 0o444 }
func (f *memFile) ModTime() time.Time         { return time.Time{} }
func (f *memFile) IsDir() bool                { return false }
func (f *memFile) Sys() any                   { return nil }

type mem map[string]string

func (m mem) Open(name string) (fs.File, error) {
	text, ok := m[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &memFile{strings.NewReader(text), name, int64(len(text))}, nil
}

func list(fsys fs.FS, root string) {
	err := fs.WalkDir(fsys, root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			fmt.Println("failed:", path, d == nil, err)
			return err
		}
		if d.IsDir() && d.Name() == "skipped" {
			return fs.SkipDir
		}
		fmt.Print(path, " ", d.IsDir(), " ", d.Type().IsRegular(), "; ")
		if d.Name() == "last.txt" {
			return fs.SkipAll
		}
		return nil
	})
	fmt.Println(err)
}

func read(fsys fs.FS, name string) {
	data, err := fs.ReadFile(fsys, name)
	var pe *fs.PathError
	fmt.Printf("%q %v %t %t %t\n", data, err, errors.As(err, &pe), errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrInvalid))
}

func main() {
	dir, err := os.MkdirTemp("", "fs")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	for _, name := range []string{"a.txt", "b.go", "sub/c.txt", "sub/deep/d.go", "skipped/e.txt", "z/last.txt", "z/more.txt"} {
		path := filepath.Join(dir, name)
		os.MkdirAll(filepath.Dir(path), 0o755)
		os.WriteFile(path, []byte("text of "+name), 0o644)
	}
	fsys := os.DirFS(dir)
	list(fsys, ".")
	list(fsys, "sub")
	list(fsys, "none")
	list(fsys, "b.go")
	for _, name := range []string{"a.txt", "sub/c.txt", "none", "../x", "/a", "sub"} {
		read(fsys, name)
	}
	entries, err := fs.ReadDir(fsys, ".")
	for _, e := range entries {
		fmt.Print(e.Name(), " ")
	}
	fmt.Println(len(entries), err)
	_, err = fs.ReadDir(fsys, "nowhere")
	fmt.Println(err)
	info, err := fs.Stat(fsys, "sub/c.txt")
	fmt.Println(info.Name(), info.Size(), info.Mode(), info.IsDir(), err)
	_, err = fs.Stat(fsys, "sub/none")
	fmt.Println(err)
	for _, pattern := range []string{"*.txt", "*/*.txt", "sub/*/*.go", "a.txt", "none*", "no.txt", "[", "s*"} {
		names, err := fs.Glob(fsys, pattern)
		fmt.Println(names, names == nil, err)
	}
	sub, err := fs.Sub(fsys, "sub")
	fmt.Println(err)
	list(sub, ".")
	read(sub, "c.txt")
	read(sub, "none")
	read(sub, "../a.txt")
	_, err = fs.Sub(fsys, "../up")
	fmt.Println(err)
	f, err := fsys.Open("b.go")
	data, _ := io.ReadAll(f)
	fmt.Println(string(data), err, f.Close())
	_, err = fsys.Open("")
	fmt.Println(err)

	var m fs.FS = mem{"x": "in memory", "d/y": "deeper"}
	read(m, "x")
	read(m, "d/y")
	read(m, "q")
	info, err = fs.Stat(m, "x")
	fmt.Println(info.Name(), info.Size(), info.Mode(), err)
	entry := fs.FileInfoToDirEntry(info)
	fmt.Println(entry.Name(), entry.IsDir())
	ms, err := fs.Glob(m, "x")
	fmt.Println(ms, err)
	_, isRead := fsys.(fs.ReadFileFS)
	_, mIsRead := m.(fs.ReadFileFS)
	fmt.Println(isRead, mIsRead)
	for _, p := range []string{".", "a/b", "", "/", "a/", "a//b", "..", "a/../b", "./a"} {
		fmt.Print(fs.ValidPath(p), " ")
	}
	fmt.Println()
}
