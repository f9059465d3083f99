package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"io/ioutil"
	"os"
	"path/filepath"
	"strings"
)

func size(root string) (n int64, files int) {
	err := filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		if info.IsDir() && info.Name() == "skip" {
			return filepath.SkipDir
		}
		if info.Mode().IsRegular() {
			n += info.Size()
			files++
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	return
}

func main() {
	dir, err := os.MkdirTemp("", "walk")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	old, _ := os.Getwd()
	defer os.Chdir(old)
	os.Chdir(dir)
	os.MkdirAll("a/b/c", 0755)
	os.MkdirAll("a/skip", 0700)
	for i, name := range []string{"a/x.txt", "a/b/y.txt", "a/b/c/z", "a/skip/s", "B"} {
		if err := os.WriteFile(name, []byte(strings.Repeat("x", i*3)), 0644); err != nil {
			fmt.Println(err)
		}
	}
	os.Symlink("x.txt", "a/link")
	fmt.Println(size("."))
	fmt.Println(size("nowhere"))
	filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		fmt.Println(" ", path, d.Name(), d.IsDir(), d.Type(), err)
		return nil
	})
	entries, err := os.ReadDir("a")
	fmt.Println(len(entries), err)
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue
		}
		fmt.Printf("%v %s %d %v|%v\n", info.Mode(), e.Name(), info.Size(), info.Mode().Perm(), e)
		if e.Type()&fs.ModeSymlink != 0 {
			to, err := os.Readlink(filepath.Join("a", e.Name()))
			fmt.Println("->", to, err)
		}
	}
	_, err = os.ReadDir("B")
	fmt.Println(err)
	_, err = os.Stat("no")
	fmt.Println(err, os.IsNotExist(err), errors.Is(err, fs.ErrNotExist))
	var pe *fs.PathError
	fmt.Println(errors.As(err, &pe), pe.Op, pe.Path, pe.Err)
	fi, _ := os.Stat("B")
	fmt.Println(fi.Name(), fi.Size(), fi.Mode(), fi.IsDir(), fi.ModTime().IsZero())
	os.Chmod("B", 0600|os.ModeSetuid)
	fi, _ = os.Stat("B")
	fmt.Println(fi.Mode(), fi.Mode()&os.ModePerm, fi.Mode()|os.ModeDir)
	fmt.Println(os.Rename("no", "nope"))
	f, _ := os.Open("a")
	names, err := f.Readdirnames(-1)
	fmt.Println(len(names), err)
	st, _ := f.Stat()
	fmt.Println(st.IsDir(), st.Name())
	f.Close()
	infos, _ := ioutil.ReadDir("a")
	for _, i := range infos {
		fmt.Print(i.Name(), " ")
	}
	data, err := ioutil.ReadFile("a/x.txt")
	fmt.Println(len(data), err)
	all, _ := ioutil.ReadAll(io.LimitReader(strings.NewReader("hello"), 3))
	fmt.Println(string(all))
	m, _ := filepath.Glob("a/*.txt")
	fmt.Println(m)
	r, w, _ := os.Pipe()
	fmt.Fprint(w, "through")
	w.Close()
	all, _ = io.ReadAll(r)
	fmt.Println(string(all))
	fmt.Println(os.Expand("$a-${b}", func(s string) string { return strings.ToUpper(s) }))
	fmt.Println(os.Expand("$$ $1x ${} ${c d} é$é $*a ${open $", func(s string) string { return "<" + s + ">" }))
	os.WriteFile("decimal.txt", nil, 420)
	info, _ := os.Stat("decimal.txt")
	again, err := os.OpenFile("decimal.txt", os.O_RDONLY, 0)
	fmt.Println(info.Mode(), err, again.Close())
	temporary, err := os.CreateTemp("a", "new*.txt")
	name := strings.TrimSuffix(strings.TrimPrefix(temporary.Name(), "a/new"), ".txt")
	fmt.Println(err, strings.Trim(name, "0123456789"), len(name) > 0, temporary.Close(), os.Remove(temporary.Name()))
	folder, err := os.MkdirTemp("a", "new")
	fmt.Println(err, strings.TrimRight(folder, "0123456789"), os.Remove(folder))
	_, err = os.CreateTemp("nowhere", "*")
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	err = filepath.WalkDir("a", func(path string, d fs.DirEntry, err error) error {
		if path == "a/b" {
			return filepath.SkipDir
		}
		if d.Name() == "skip" {
			return filepath.SkipAll
		}
		fmt.Println(path)
		return nil
	})
	fmt.Println(err)
}
