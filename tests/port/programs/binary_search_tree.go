package main

import (
	"fmt"
	"strings"
)

type Key interface {
	~int | ~string
}

type Tree[K Key, V any] struct {
	root *node[K, V]
	size int
}

type node[K Key, V any] struct {
	key         K
	value       V
	left, right *node[K, V]
}

func (t *Tree[K, V]) Put(key K, value V) (replaced bool) {
	link := &t.root
	for *link != nil {
		switch n := *link; {
		case key < n.key:
			link = &n.left
		case key > n.key:
			link = &n.right
		default:
			n.value = value
			return true
		}
	}
	*link = &node[K, V]{key: key, value: value}
	t.size++
	return false
}

func (t *Tree[K, V]) Get(key K) (V, bool) {
	for n := t.root; n != nil; {
		if key == n.key {
			return n.value, true
		}
		if key < n.key {
			n = n.left
		} else {
			n = n.right
		}
	}
	var none V
	return none, false
}

func remove[K Key, V any](n *node[K, V], key K) *node[K, V] {
	if n == nil {
		return nil
	}
	if key < n.key {
		n.left = remove(n.left, key)
	} else if key > n.key {
		n.right = remove(n.right, key)
	} else {
		if n.left == nil {
			return n.right
		}
		if n.right == nil {
			return n.left
		}
		min := n.right
		for min.left != nil {
			min = min.left
		}
		n.key, n.value = min.key, min.value
		n.right = remove(n.right, min.key)
	}
	return n
}

func (t *Tree[K, V]) Walk(visit func(K, V) bool) {
	var walk func(*node[K, V]) bool
	walk = func(n *node[K, V]) bool {
		return n == nil || walk(n.left) && visit(n.key, n.value) && walk(n.right)
	}
	walk(t.root)
}

func (n *node[K, V]) height() int {
	if n == nil {
		return 0
	}
	return 1 + max(n.left.height(), n.right.height())
}

func levels[K Key, V any](root *node[K, V]) (out [][]K) {
	queue := []*node[K, V]{root}
	for len(queue) > 0 {
		var level []K
		for range len(queue) {
			n := queue[0]
			queue = queue[1:]
			level = append(level, n.key)
			if n.left != nil {
				queue = append(queue, n.left)
			}
			if n.right != nil {
				queue = append(queue, n.right)
			}
		}
		out = append(out, level)
	}
	return
}

func show[K Key, V any](n *node[K, V], depth int) {
	if n == nil {
		return
	}
	show(n.right, depth+1)
	fmt.Printf("%s%v\n", strings.Repeat("    ", depth), n.key)
	show(n.left, depth+1)
}

func main() {
	var t Tree[int, string]
	for _, k := range []int{50, 30, 70, 20, 40, 60, 80, 30} {
		fmt.Print(t.Put(k, fmt.Sprint("v", k)), " ")
	}
	fmt.Println(t.size, t.root.height())
	fmt.Println(t.Get(60))
	v, ok := t.Get(65)
	fmt.Printf("%q %v\n", v, ok)
	fmt.Println(levels(t.root))
	show(t.root, 0)
	for _, k := range []int{20, 70, 50, 999} {
		t.root = remove(t.root, k)
	}
	t.Walk(func(k int, v string) bool {
		fmt.Print(k, ":", v, " ")
		return k < 60
	})
	fmt.Println()
	words := &Tree[string, int]{}
	for i, w := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		words.Put(w, i)
	}
	words.Walk(func(w string, i int) bool { fmt.Print(w, i, " "); return true })
	fmt.Println(words.size)
}
