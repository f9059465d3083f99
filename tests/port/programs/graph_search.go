package main

import (
	"container/heap"
	"container/list"
	"errors"
	"fmt"
	"math"
	"sort"
	"strings"
)

type Graph map[string]map[string]int

func (g Graph) AddEdge(from, to string, cost int) {
	if g[from] == nil {
		g[from] = make(map[string]int)
	}
	if _, ok := g[to]; !ok {
		g[to] = make(map[string]int)
	}
	g[from][to] = cost
}

func (g Graph) neighbors(n string) []string {
	var out []string
	for to := range g[n] {
		out = append(out, to)
	}
	sort.Strings(out)
	return out
}

func (g Graph) BFS(start string) (order []string) {
	seen := map[string]bool{start: true}
	q := list.New()
	q.PushBack(start)
	for q.Len() > 0 {
		n := q.Remove(q.Front()).(string)
		order = append(order, n)
		for _, to := range g.neighbors(n) {
			if !seen[to] {
				seen[to] = true
				q.PushBack(to)
			}
		}
	}
	return order
}

func (g Graph) DFS(n string, visited map[string]bool, visit func(string)) {
	if visited[n] {
		return
	}
	visited[n] = true
	visit(n)
	for _, to := range g.neighbors(n) {
		g.DFS(to, visited, visit)
	}
}

var ErrCycle = errors.New("graph has a cycle")

func (g Graph) TopoSort() ([]string, error) {
	const (
		white = iota
		grey
		black
	)
	color := map[string]int{}
	var order []string
	var visit func(n string) error
	visit = func(n string) error {
		switch color[n] {
		case grey:
			return fmt.Errorf("at %s: %w", n, ErrCycle)
		case black:
			return nil
		}
		color[n] = grey
		for _, to := range g.neighbors(n) {
			if err := visit(to); err != nil {
				return err
			}
		}
		color[n] = black
		order = append([]string{n}, order...)
		return nil
	}
	names := make([]string, 0, len(g))
	for n := range g {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		if err := visit(n); err != nil {
			return nil, err
		}
	}
	return order, nil
}

type state struct {
	node string
	dist int
}
type queue []state

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].dist < q[j].dist }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(state)) }
func (q *queue) Pop() (x any) {
	x, *q = (*q)[len(*q)-1], (*q)[:len(*q)-1]
	return
}

func (g Graph) Dijkstra(from, to string) (int, []string) {
	dist := map[string]int{}
	prev := map[string]string{}
	for n := range g {
		dist[n] = math.MaxInt
	}
	dist[from] = 0
	q := &queue{{from, 0}}
	for q.Len() > 0 {
		cur := heap.Pop(q).(state)
		if cur.node == to {
			break
		}
		if cur.dist > dist[cur.node] {
			continue
		}
		for next, cost := range g[cur.node] {
			if d := cur.dist + cost; d < dist[next] {
				dist[next], prev[next] = d, cur.node
				heap.Push(q, state{next, d})
			}
		}
	}
	if dist[to] == math.MaxInt {
		return -1, nil
	}
	path := []string{to}
	for n := to; n != from; n = prev[n] {
		path = append([]string{prev[n]}, path...)
	}
	return dist[to], path
}

func main() {
	g := Graph{}
	for _, e := range []struct {
		a, b string
		c    int
	}{{"A", "B", 7}, {"A", "C", 9}, {"A", "F", 14}, {"B", "C", 10}, {"B", "D", 15}, {"C", "D", 11}, {"C", "F", 2}, {"D", "E", 6}, {"F", "E", 9}} {
		g.AddEdge(e.a, e.b, e.c)
	}
	fmt.Println(g.BFS("A"))
	var order []string
	g.DFS("A", map[string]bool{}, func(n string) { order = append(order, n) })
	fmt.Println(strings.Join(order, " "))
	fmt.Println(g.TopoSort())
	fmt.Println(g.Dijkstra("A", "E"))
	fmt.Println(g.Dijkstra("E", "A"))
	g.AddEdge("E", "A", 1)
	_, err := g.TopoSort()
	fmt.Println(err, errors.Is(err, ErrCycle))
}
