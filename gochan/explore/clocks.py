"""Vector clocks: which accesses to data the program's synchronisation orders, by Go's memory model.

Two accesses race if one of them writes and neither happens before the other.  What gochan's other functions
do inside (a context's cancel, an errgroup's Wait) counts as ordering everything before it with everything
after it: that misses races, and never reports one that isn't there.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from .._engine.impl import Chan, RLocker, WaitGroup

Clock = dict[int, int]

# What the operations order: those that publish what was done before, and those that see it afterwards.
_RELEASES: Final = frozenset(
    {"send", "close", "unlock", "runlock", "done", "add", "library", "select", "notify_one", "notify_all"}
)
_ACQUIRES: Final = frozenset({"recv", "recv_ok", "lock", "rlock", "wait", "library", "select"})
_ATOMIC: Final = frozenset({"load", "store", "swap", "compare_and_swap", "and_", "or_"})


# What an entry of the log is; else the operation's result.
_BEFORE: Final = object()
_BEGIN: Final = object()
_BEGIN_UNKNOWN: Final = object()


class Access(NamedTuple):
    """A read or write."""

    goroutine: int
    writes: bool
    where: tuple[str, int, str]


class _Location:
    """The last write of a location, and the reads since."""

    __slots__ = ("reads", "write", "write_time")

    def __init__(self) -> None:
        self.write: Access | None = None
        self.write_time = 0
        self.reads: dict[int, tuple[int, Access]] = {}


class _Messages:
    """What a channel's receives publish: the k-th one comes before the (k+capacity)-th send is done."""

    __slots__ = ("received", "sent")

    def __init__(self) -> None:
        self.received: list[Clock] = []
        self.sent = 0


def join(a: Clock, b: Clock) -> None:
    """Let a know what b knows."""
    for id, time in b.items():
        if a.get(id, 0) < time:
            a[id] = time


class Clocks:
    """The clocks of a run's goroutines, of what they synchronise by, and the last accesses."""

    def __init__(self) -> None:
        # The goroutines that have begun.
        self.known: set[int] = {1}
        self.of: dict[int, Clock] = {1: {1: 1}}
        # What has happened since the clocks were last needed.
        self._log: list[tuple[int, str, Any, Any]] = []
        self.seen: dict[tuple[object, object], _Location] = {}
        self._released: dict[int, Clock] = {}
        self._messages: dict[int, _Messages] = {}
        # The goroutines that gochan's own functions started, which their waits wait for: by the WaitGroup,
        # or 0.
        self._started: dict[int, list[int]] = {}
        # So that no id is used again.
        self._keep: list[Any] = []

    def begin(self, id: int, parent: int, group: Any = None) -> None:
        """Begin a goroutine, which sees all that its parent has done."""
        self.known.add(id)
        self._log.append((id, "", (parent, group), _BEGIN))

    def begin_unknown(self, id: int) -> None:
        """Begin a goroutine of a timer or of gochan: it sees everything."""
        self.known.add(id)
        self._log.append((id, "", None, _BEGIN_UNKNOWN))

    def _begin(self, id: int, parent: int, group: Any) -> None:
        mine = self._clock(parent)
        self.of[id] = {**mine, id: 1}
        mine[parent] = mine.get(parent, 0) + 1
        self._started.setdefault(self._id(group), []).append(id)

    def _begin_unknown(self, id: int) -> None:
        clock: Clock = {}
        for other in self.of.values():
            join(clock, other)
        clock[id] = clock.get(id, 0) + 1
        self.of[id] = clock

    def _clock(self, id: int) -> Clock:
        clock = self.of.get(id)
        if clock is None:
            self._begin_unknown(id)
            clock = self.of[id]
        return clock

    def _id(self, o: Any) -> int:
        if o is None:
            return 0
        if isinstance(o, RLocker):
            # It is its RWMutex's other face; which one, it does not tell.
            return 0
        if id(o) not in self._released:
            self._keep.append(o)
            self._released[id(o)] = {}
        return id(o)

    def before(self, id: int, name: str, o: Any) -> None:
        """Note that goroutine id is about to do an operation on o."""
        self._log.append((id, name, o, _BEFORE))

    def after(self, id: int, name: str, o: Any, result: Any) -> None:
        """Note that goroutine id has done an operation on o."""
        self._log.append((id, name, o, result))

    def _catch_up(self) -> None:
        """Do what was noted since the last access to data: without data, nothing needs the clocks."""
        for id, name, o, result in self._log:
            if result is _BEFORE:
                self._publish(id, name, o)
            elif result is _BEGIN:
                self._begin(id, *o)
            elif result is _BEGIN_UNKNOWN:
                self._begin_unknown(id)
            else:
                self._see(id, name, o, result)
        self._log.clear()

    def _publish(self, id: int, name: str, o: Any) -> None:
        mine = self._clock(id)
        key = self._id(o)
        if type(o) is Chan:
            messages = self._messages.setdefault(key, _Messages())
            if name in ("recv", "recv_ok", "select"):
                messages.received.append(dict(mine))
            if name == "send":
                messages.sent += 1
        if name in _RELEASES or name in _ATOMIC:
            join(self._released.setdefault(key, {}), mine)
            mine[id] = mine.get(id, 0) + 1

    def _see(self, id: int, name: str, o: Any, result: Any) -> None:
        mine = self._clock(id)
        key = self._id(o)
        if type(o) is Chan and name in ("send", "select"):
            messages = self._messages.setdefault(key, _Messages())
            upto = messages.sent - o.cap if name == "send" else len(messages.received)
            for clock in messages.received[: max(upto, 0)]:
                join(mine, clock)
        if (
            name in _ACQUIRES
            or name in _ATOMIC
            or (name in ("try_lock", "try_rlock") and result)
            or (name == "add" and not isinstance(o, WaitGroup))
        ):
            join(mine, self._released.get(key, {}))
        if (name == "wait" and isinstance(o, WaitGroup)) or name == "library":
            for started in self._started.get(key, ()):
                join(mine, self.of.get(started, {}))
        if name == "library":
            for clock in self._released.values():
                join(mine, clock)

    def access(
        self, id: int, key: tuple[object, object], writes: bool, where: tuple[str, int, str]
    ) -> Access | None:
        """Record an access of goroutine id; return an earlier one that it races with."""
        if self._log:
            self._catch_up()
        mine = self._clock(id)
        location = self.seen.get(key)
        if location is None:
            location = self.seen[key] = _Location()
        last = location.write
        if last is not None and last.goroutine != id and mine.get(last.goroutine, 0) < location.write_time:
            return last
        me = Access(id, writes, where)
        if not writes:
            location.reads[id] = mine.get(id, 0), me
            return None
        for reader, (time, read) in location.reads.items():
            if reader != id and mine.get(reader, 0) < time:
                return read
        location.write = me
        location.write_time = mine.get(id, 0)
        location.reads.clear()
        return None
