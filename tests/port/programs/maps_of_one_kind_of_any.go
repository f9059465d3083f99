package main

import "fmt"

type item struct {
	v any
	m map[string]any
}

func main() {
	// All values of each map and array have one type, which the map's values are not of.
	fmt.Println(map[string]any{"x": []string{"a"}}, map[string]any{"x": []int{1}, "y": []int{2, 3}})
	fmt.Println(map[string]any{"x": map[string]int{"a": 1}}, map[string]any{"x": [2]int{1, 2}})
	fmt.Println(map[string]any{"x": float32(0.1)}, map[string]any{"x": int8(3)}, [2]any{[]int{1}, []int{2}})
	fmt.Println(map[any]string{float32(0.5): "a"}, map[[1]any]bool{{uint8(1)}: true})
	fmt.Println(map[string]map[string]any{"x": {"y": []int{1}}}, []map[string]any{{"y": []int{1}}})
	fmt.Println(map[string]any{"x": []int(nil)}, map[string]any{"x": item{[]int{1}, nil}}, map[string]any{"x": (*int)(nil)})
	i := item{[]int{1}, map[string]any{"k": []int{2}}}
	fmt.Printf("%v %+v %d\n", i, i, map[string]any{"x": []int{1}})
	var x any = map[string]any{"k": []int{2}}
	fmt.Println(x, []any{x}, [1]any{float32(0.5)} == [1]any{float32(0.5)})
	fmt.Println(map[string]fmt.Stringer{}, map[string]error{"e": fmt.Errorf("e")}, map[string]any{"p": &i}["p"] == any(&i))
}
