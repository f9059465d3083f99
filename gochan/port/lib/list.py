"""Go's package container/list."""

from __future__ import annotations

from typing import Any

from ._types import nil

__all__ = ["Element", "List", "new"]


class Element:
    """Go's list.Element."""

    __slots__ = ("_list", "_next", "_prev", "value")

    def __init__(self, value: Any = None) -> None:
        self.value = value
        self._next: Any = None
        self._prev: Any = None
        self._list: List | None = None

    def next(self) -> Element:
        following = self._next
        return following if self._list is not None and following is not self._list._root else nil

    def prev(self) -> Element:
        before = self._prev
        return before if self._list is not None and before is not self._list._root else nil


class List:
    """Go's list.List: a ring with a root element that is not part of the list."""

    __slots__ = ("_len", "_root")

    def __init__(self) -> None:
        self.init()

    def init(self) -> List:
        self._root = root = Element()
        root._next = root._prev = root
        self._len = 0
        return self

    def len(self) -> int:
        return self._len

    def front(self) -> Element:
        return self._root._next if self._len else nil

    def back(self) -> Element:
        return self._root._prev if self._len else nil

    def _insert(self, e: Element, at: Element) -> Element:
        e._prev = at
        e._next = at._next
        e._prev._next = e
        e._next._prev = e
        e._list = self
        self._len += 1
        return e

    def _move(self, e: Element, at: Element) -> None:
        if e is at:
            return
        e._prev._next = e._next
        e._next._prev = e._prev
        e._prev = at
        e._next = at._next
        e._prev._next = e
        e._next._prev = e

    def remove(self, e: Element) -> Any:
        if e._list is self:
            e._prev._next = e._next
            e._next._prev = e._prev
            e._next = e._prev = None
            e._list = None
            self._len -= 1
        return e.value

    def push_front(self, v: Any) -> Element:
        return self._insert(Element(v), self._root)

    def push_back(self, v: Any) -> Element:
        return self._insert(Element(v), self._root._prev)

    def insert_before(self, v: Any, mark: Element) -> Element:
        return self._insert(Element(v), mark._prev) if mark._list is self else nil

    def insert_after(self, v: Any, mark: Element) -> Element:
        return self._insert(Element(v), mark) if mark._list is self else nil

    def move_to_front(self, e: Element) -> None:
        if e._list is self and self._root._next is not e:
            self._move(e, self._root)

    def move_to_back(self, e: Element) -> None:
        if e._list is self and self._root._prev is not e:
            self._move(e, self._root._prev)

    def move_before(self, e: Element, mark: Element) -> None:
        if e._list is self and e is not mark and mark._list is self:
            self._move(e, mark._prev)

    def move_after(self, e: Element, mark: Element) -> None:
        if e._list is self and e is not mark and mark._list is self:
            self._move(e, mark)

    def push_back_list(self, other: List) -> None:
        e = other.front()
        for _ in range(other.len()):
            self.push_back(e.value)
            e = e.next()

    def push_front_list(self, other: List) -> None:
        e = other.back()
        for _ in range(other.len()):
            self.push_front(e.value)
            e = e.prev()


def new() -> List:
    return List()
