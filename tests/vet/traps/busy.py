"""Traps, and innocents beside them: busy loops.

A line that ends in a code has that finding, and no other line has one.  The file is only parsed.
"""

import time as pytime
from gochan import go, run, Chan, runtime
import gochan.time as gtime
ready, count, state, done, items, table = False, 0, "new", [False], [], {}
class Box:
    def __init__(self): self.ready = False; self.n = 0; self.items = []
    def fill(self): self.ready = True; self.n += 1; self.items.append(1)
    def wait(self):
        while not self.ready:  # GOC208
            pass
        while self.n < 3:  # GOC208
            ...
        while len(self.items) == 0:  # GOC208
            pytime.sleep(0.1)
        while not self.items:  # GOC208
            continue
        while True:  # GOC208
            if self.ready:
                break
        while not self.ready:
            gtime.sleep(0.1)
        while not self.ready:
            runtime.gosched()
        while self.n < 3:
            self.n += 1
        while not self.full:
            pass
        while not self.ready:
            self.step()
    @property
    def full(self): return True
    def step(self): gtime.sleep(1)
def setter():
    global ready, count, state
    ready, count, state = True, 3, "old"
    done[0] = True
    table["x"] = 1
def main(box):
    go(setter)
    while not ready:  # GOC208
        pass
    while state != "old":  # GOC208
        pytime.sleep(1)  # GOC207
    while not (ready and count > 2):  # GOC208
        print(".", end="")
    while not done[0]:  # GOC208
        pass
    while "x" not in table:  # GOC208
        pass
    while table.get("x", 0) != 1:  # GOC208
        pass
    while box.get("x") != 1:
        box.step()
    while ready is False:  # GOC208
        pass
    n = 0
    while not ready:  # GOC208
        n += 1
    while not all(done):  # GOC208
        pass
    flag = False
    @go
    def _():
        nonlocal flag
        flag = True
    while not flag:  # GOC208
        pass
    found, seen, given, named, own = [], {}, [], set(), []
    go(lambda: found.append(1))
    while len(found) < 1:  # GOC208
        continue
    def look():
        seen["a"] = 1
    go(look)
    while not seen:  # GOC208
        pass
    go(fill, given)
    while not given:  # GOC208
        pass
    go(named.add, "a")
    while not named:  # GOC208
        pass
    own.append(1)
    while not own:
        pass
    mine = 0
    while mine < 3:
        mine += 1
    while n > 0: n -= 1
    while items: items.pop()
    while not ready:
        if box.poll(): break
    for _ in range(3):
        if ready: break
    while box.busy():
        pass
run(main)
