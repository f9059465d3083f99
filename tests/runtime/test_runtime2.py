"""The wait queue."""

from random import Random

import pytest

from gochan.runtime.runtime2 import G, Waiter, WaitQueue


def place(gp: G) -> Waiter:
    """A place that gp's select has in some queue."""
    w = Waiter()
    w.gp = gp
    return w


def check(queue: WaitQueue, model: list[Waiter]) -> None:
    """Check the links, forward and back."""
    forward: list[Waiter] = []
    w = queue.first
    while w is not None:
        assert w.queue is queue
        forward.append(w)
        w = w.next
    assert forward == model
    backward: list[Waiter] = []
    w = queue.last
    while w is not None:
        backward.append(w)
        w = w.prev
    assert backward == model[::-1]


@pytest.mark.parametrize("seed", range(3))
def test_against_a_list(seed: int) -> None:
    random = Random(seed)
    queue, other = WaitQueue(), WaitQueue()
    idle: list[Waiter] = [G() for _ in range(8)] + [place(G()) for _ in range(8)]
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
                if got.gp is not None:
                    assert got.gp.selected is got
                    got.gp.selected = None
        elif step == 3 and model:
            w = model.pop(random.randrange(len(model)))
            other.remove(w)
            assert w.queue is queue
            queue.remove(w)
            queue.remove(w)
            idle.append(w)
        assert queue.waiting() == bool(model)
        check(queue, model)
        assert all(w.queue is None and w.next is None and w.prev is None for w in idle)


def test_the_cases_of_a_select_that_is_won_count_for_nothing() -> None:
    queue = WaitQueue()
    won, open_ = G(), G()
    places = [place(won) for _ in range(3)]
    won.selected = place(won)
    plain, last = G(), place(open_)
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
