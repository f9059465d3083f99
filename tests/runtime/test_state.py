"""The wait queue of the engine in Python."""

from random import Random

import pytest

from gochan._engine.py.state import G, Waiter, WaitQueue, new_goroutine


def place(gp: G) -> Waiter:
    """A place that gp's select has in some queue."""
    w = Waiter()
    w._gp = gp
    w._queue = w._next = w._prev = None
    return w


def check(queue: WaitQueue, model: list[Waiter]) -> None:
    """Check the links, forward and back."""
    forward: list[Waiter] = []
    w = queue.first
    while w is not None:
        assert w._queue is queue
        forward.append(w)
        w = w._next
    assert forward == model
    backward: list[Waiter] = []
    w = queue.last
    while w is not None:
        backward.append(w)
        w = w._prev
    assert backward == model[::-1]


@pytest.mark.parametrize("seed", range(3))
def test_against_a_list(seed: int) -> None:
    random = Random(seed)
    queue, other = WaitQueue(), WaitQueue()
    idle: list[Waiter] = [new_goroutine() for _ in range(8)] + [place(new_goroutine()) for _ in range(8)]
    model: list[Waiter] = []
    for _ in range(600):
        step = random.randrange(5)
        if step < 2 and idle:
            w = idle.pop(random.randrange(len(idle)))
            if step == 0:
                queue.enqueue(w)
                model.append(w)
            else:
                queue.push(w)
                model.insert(0, w)
        elif step == 2:
            got = queue.dequeue()
            assert got is (model.pop(0) if model else None)
            if got is not None:
                idle.append(got)
                if got._gp is not None:
                    assert got._gp.selected is got
                    got._gp.selected = None
        elif step == 3 and model:
            w = model.pop(random.randrange(len(model)))
            other.remove(w)
            assert w._queue is queue
            queue.remove(w)
            queue.remove(w)
            idle.append(w)
        assert queue.waiting() == bool(model)
        check(queue, model)
        assert all(w._queue is None and w._next is None and w._prev is None for w in idle)


def test_the_cases_of_a_select_that_is_won_count_for_nothing() -> None:
    queue = WaitQueue()
    won, open_ = new_goroutine(), new_goroutine()
    places = [place(won) for _ in range(3)]
    won.selected = place(won)
    plain, last = new_goroutine(), place(open_)
    for w in (places[0], places[1], plain, places[2], last):
        queue.enqueue(w)
    assert queue.waiting()
    # Those in front were dropped on the way.
    check(queue, [plain, places[2], last])
    assert queue.dequeue() is plain
    assert queue.dequeue() is last
    assert open_.selected is last
    assert queue.dequeue() is None
    queue.enqueue(places[0])
    assert not queue.waiting()
    check(queue, [])
