package main

import "fmt"

type Words []string

type Point struct{ x, y int }

func (w *Words) add(s string) { *w = append(*w, s) }

func (w *Words) show() {
	fmt.Printf("%T %T %v\n", w, &w, *w)
	fmt.Println("at", fmt.Sprint(&w)[:2])
}

func main() {
	words := Words{"a"}
	words.add("b")
	words.show()
	array := [2]int{1, 2}
	toArray := &array
	fmt.Printf("%T %T %v\n", toArray, &toArray, toArray)
	fmt.Println(fmt.Sprint(&toArray)[:2], fmt.Sprintf("%v", &toArray)[:2])
	point := &Point{1, 2}
	fmt.Printf("%T %T %v %s\n", point, &point, point, fmt.Sprint(&point)[:2])
	list := []int{3}
	toList := &list
	fmt.Printf("%T %T %v %s\n", toList, &toList, toList, fmt.Sprint(&toList)[:2])
	var kept any = &toArray
	_, ok := kept.(**[2]int)
	fmt.Println(ok)
}
