package main

import (
	"errors"
	"fmt"
	"strings"
)

type node struct {
	data int
	next *node
}

type linkedList struct {
	head   *node
	length int
}

var errEmpty = errors.New("list is empty")

func (l *linkedList) prepend(n *node) {
	second := l.head
	l.head = n
	l.head.next = second
	l.length++
}

func (l *linkedList) append(data int) {
	n := &node{data: data}
	l.length++
	if l.head == nil {
		l.head = n
		return
	}
	last := l.head
	for last.next != nil {
		last = last.next
	}
	last.next = n
}

func (l linkedList) String() string {
	var sb strings.Builder
	for toPrint := l.head; toPrint != nil; toPrint = toPrint.next {
		fmt.Fprintf(&sb, "%d -> ", toPrint.data)
	}
	sb.WriteString("nil")
	return sb.String()
}

func (l *linkedList) deleteWithValue(value int) error {
	if l.length == 0 {
		return errEmpty
	}
	if l.head.data == value {
		l.head = l.head.next
		l.length--
		return nil
	}
	previous := l.head
	for previous.next.data != value {
		if previous.next.next == nil {
			return fmt.Errorf("delete %d: not found", value)
		}
		previous = previous.next
	}
	previous.next = previous.next.next
	l.length--
	return nil
}

func (l *linkedList) reverse() {
	var prev *node
	for cur := l.head; cur != nil; {
		cur.next, prev, cur = prev, cur, cur.next
	}
	l.head = prev
}

func mergeSorted(a, b *node) *node {
	dummy := node{}
	tail := &dummy
	for a != nil && b != nil {
		if a.data <= b.data {
			tail.next, a = a, a.next
		} else {
			tail.next, b = b, b.next
		}
		tail = tail.next
	}
	if tail.next = a; a == nil {
		tail.next = b
	}
	return dummy.next
}

func hasCycle(head *node) bool {
	slow, fast := head, head
	for fast != nil && fast.next != nil {
		slow, fast = slow.next, fast.next.next
		if slow == fast {
			return true
		}
	}
	return false
}

func main() {
	myList := linkedList{}
	fmt.Println(myList, myList.deleteWithValue(1))
	for _, v := range []int{48, 18, 16} {
		myList.prepend(&node{data: v})
	}
	myList.append(50)
	fmt.Println(myList, myList.length)
	fmt.Println(myList.deleteWithValue(100), myList.deleteWithValue(18), myList.deleteWithValue(16))
	fmt.Println(myList)
	other := linkedList{}
	for i := 45; i < 60; i += 4 {
		other.append(i)
	}
	merged := linkedList{head: mergeSorted(myList.head, other.head)}
	fmt.Println(&merged)
	merged.reverse()
	fmt.Println(merged)
	fmt.Println(hasCycle(merged.head))
	merged.head.next.next.next = merged.head
	fmt.Println(hasCycle(merged.head))
}
