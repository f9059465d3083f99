package main

import (
	"fmt"
	"sort"
	"strings"
)

type TrieNode struct {
	children map[rune]*TrieNode
	isWord   bool
	count    int
}

type Trie struct{ root TrieNode }

func (t *Trie) Insert(word string) {
	node := &t.root
	for _, ch := range word {
		node.count++
		if node.children == nil {
			node.children = make(map[rune]*TrieNode)
		}
		next, ok := node.children[ch]
		if !ok {
			next = &TrieNode{}
			node.children[ch] = next
		}
		node = next
	}
	node.isWord = true
	node.count++
}

func (t *Trie) find(prefix string) *TrieNode {
	node := &t.root
	for _, ch := range prefix {
		if node = node.children[ch]; node == nil {
			return nil
		}
	}
	return node
}

func (n *TrieNode) collect(prefix []rune, out *[]string, limit int) {
	if n.isWord {
		*out = append(*out, string(prefix))
	}
	keys := make([]rune, 0, len(n.children))
	for ch := range n.children {
		keys = append(keys, ch)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	for _, ch := range keys {
		if len(*out) >= limit {
			return
		}
		n.children[ch].collect(append(prefix, ch), out, limit)
	}
}

func (t *Trie) Complete(prefix string, limit int) (out []string) {
	if n := t.find(prefix); n != nil {
		n.collect([]rune(prefix), &out, limit)
	}
	return
}

type SuffixIndex map[string][]int

func (ix SuffixIndex) Build(text string) SuffixIndex {
	for i := range text {
		for j := i + 1; j <= len(text) && j <= i+2; j++ {
			ix[text[i:j]] = append(ix[text[i:j]], i)
		}
	}
	return ix
}

func kmp(text, pattern string) (found []int) {
	fail := make([]int, len(pattern))
	for i, k := 1, 0; i < len(pattern); i++ {
		for k > 0 && pattern[k] != pattern[i] {
			k = fail[k-1]
		}
		if pattern[k] == pattern[i] {
			k++
		}
		fail[i] = k
	}
	for i, k := 0, 0; i < len(text); i++ {
		for k > 0 && pattern[k] != text[i] {
			k = fail[k-1]
		}
		if pattern[k] == text[i] {
			k++
		}
		if k == len(pattern) {
			found = append(found, i-k+1)
			k = fail[k-1]
		}
	}
	return
}

func main() {
	var t Trie
	for _, w := range strings.Fields("go gopher golang good über übung übel go") {
		t.Insert(w)
	}
	fmt.Println(t.Complete("go", 10), t.Complete("go", 2), t.Complete("üb", 10), t.Complete("x", 1) == nil)
	fmt.Println(t.root.count, t.find("gop").count, t.find("go").isWord, t.find("goo").isWord)
	ix := SuffixIndex{}.Build("banana")
	fmt.Println(ix["an"], ix["a"], ix["zz"], len(ix))
	fmt.Println(kmp("abababcababab", "abab"), kmp("aaa", "b"))
}
