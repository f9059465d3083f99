"""The order in which goroutines take locks: a cycle in it is a deadlock that this run was lucky to miss."""

from __future__ import annotations


class LockOrder:
    """Who holds which locks, and which lock was taken while another was held."""

    def __init__(self) -> None:
        # By goroutine; those that hold none are not in it.
        self.held: dict[int, list[object]] = {}
        # All locks that are held.
        self.taken: set[object] = set()
        # (held, wanted) -> the goroutines that wanted it so, each with all that it held.
        self.edges: dict[tuple[object, object], list[tuple[int, frozenset[object]]]] = {}

    def wants(self, id: int, lock: object) -> None:
        """Note that goroutine id is about to take a lock."""
        held = self.held.get(id, ())
        for other in held:
            if other != lock:
                self.edges.setdefault((other, lock), []).append((id, frozenset(held)))

    def acquired(self, id: int, lock: object) -> None:
        """Note that goroutine id has taken a lock."""
        mine = self.held.get(id)
        if mine is None:
            self.held[id] = [lock]
        else:
            mine.append(lock)
        self.taken.add(lock)

    def released(self, id: int, lock: object) -> None:
        """Note that goroutine id gives a lock back; it may be another's."""
        self.taken.discard(lock)
        mine = self.held.get(id)
        if mine is None or mine[-1] != lock:
            found = next(
                (each for each, locks in ((id, mine or ()), *self.held.items()) if lock in locks), None
            )
            if found is None:
                return
            id, mine = found, self.held[found]
            mine.remove(lock)
        else:
            mine.pop()
        if not mine:
            del self.held[id]

    def holders(self, lock: object) -> list[int]:
        """Return the goroutines that hold a lock."""
        return [id for id, locks in self.held.items() if lock in locks]

    def cycles(self) -> list[str]:
        """Return a warning for each pair of locks that two goroutines take in opposite orders.

        Not if both hold a third lock meanwhile: that lock keeps them apart.
        """
        found = []
        for (a, b), uses in self.edges.items():
            if str(a) > str(b):
                continue
            for id, held in uses:
                opposite = [
                    other
                    for other, others in self.edges.get((b, a), ())
                    if other != id and not (held & others) - {a, b}
                ]
                if opposite:
                    found.append(
                        f"lock order: goroutine {id} takes {a} then {b}, and goroutine {opposite[0]} takes "
                        f"{b} then {a}: if both do so at the same time, they deadlock"
                    )
                    break
        return found
