package main

import (
	"fmt"
	"sort"
	"strings"
	"sync"
	"unicode"
)

var texts = []string{
	"The quick brown fox jumps over the lazy dog.",
	"The dog sleeps; the fox doesn't care.",
	"Über die Brücke — über den Fluß.",
	"",
}

type KeyValue struct {
	Key   string
	Value int
}

func mapper(text string) []KeyValue {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && r != '\''
	})
	kvs := make([]KeyValue, 0, len(words))
	for _, w := range words {
		kvs = append(kvs, KeyValue{w, 1})
	}
	return kvs
}

func reducer(key string, values []int) KeyValue {
	total := 0
	for _, v := range values {
		total += v
	}
	return KeyValue{key, total}
}

func mapReduce(inputs []string) []KeyValue {
	mapped := make(chan []KeyValue)
	var wg sync.WaitGroup
	for _, in := range inputs {
		wg.Add(1)
		go func(text string) {
			defer wg.Done()
			mapped <- mapper(text)
		}(in)
	}
	go func() { wg.Wait(); close(mapped) }()

	groups := map[string][]int{}
	for kvs := range mapped {
		for _, kv := range kvs {
			groups[kv.Key] = append(groups[kv.Key], kv.Value)
		}
	}
	reduced := make([]KeyValue, 0)
	for k, vs := range groups {
		reduced = append(reduced, reducer(k, vs))
	}
	sort.Slice(reduced, func(i, j int) bool {
		if reduced[i].Value != reduced[j].Value {
			return reduced[i].Value > reduced[j].Value
		}
		return reduced[i].Key < reduced[j].Key
	})
	return reduced
}

func main() {
	counts := mapReduce(texts)
	for _, kv := range counts {
		fmt.Printf("%-8s|%3d|%s\n", kv.Key, kv.Value, strings.Repeat("#", kv.Value))
	}
	fmt.Printf("%v\n%+v\n", counts[0], counts[:2])
}
