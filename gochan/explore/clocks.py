"""Vector clocks: which accesses to data the program's synchronisation orders, by Go's memory model.

Two accesses race if one of them writes and neither happens before the other.  What gochan's other functions
do inside (a context's cancel, an errgroup's Wait) counts as ordering everything before it with everything
after it, and so does a receive from a channel to which only they send: that misses races, and never reports
one that isn't there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import cache
from typing import Any, Final, NamedTuple

from .._engine.impl import Chan, RLocker, WaitGroup

Clock = dict[int, int]

# The parts of a container that are all of it, and how many items there are; any int is an item.
WHOLE: Final = "*"
LENGTH: Final = "len"

# What the operations order: those that publish what was done before, and those that see it afterwards.
_RELEASES: Final = frozenset(
    {"send", "close", "unlock", "runlock", "done", "add", "send case", "notify_one", "notify_all"}
)
_ACQUIRES: Final = frozenset({"recv", "recv_ok", "lock", "rlock", "wait", "recv case"})
_ATOMIC: Final = frozenset(
    {
        "load", "store", "swap", "compare_and_swap", "and_", "or_",
        # A Map's, a Pool's, a semaphore's.
        "load_or_store", "load_and_delete", "delete", "compare_and_delete", "clear", "range",
        "get", "put", "acquire", "try_acquire", "release",
    }
)  # fmt: skip
# Those that see it if they return True.
_TRIES: Final = frozenset({"try_lock", "try_rlock"})


# What an entry of the log is; else the operation's result.
BEFORE: Final = object()
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

    def unordered(self, id: int, clock: Clock, writes: bool) -> Access | None:
        """Return an access that races with one of goroutine id, whose clock this is."""
        last = self.write
        if last is not None and last.goroutine != id and clock.get(last.goroutine, 0) < self.write_time:
            return last
        if writes:
            for reader, (time, read) in self.reads.items():
                if reader != id and clock.get(reader, 0) < time:
                    return read
        return None


class _Messages:
    """What a channel's receives publish: the k-th one comes before the (k+capacity)-th send is done."""

    __slots__ = ("counted", "first", "received", "sent")

    def __init__(self) -> None:
        # What the receives up to each one have published together.  No send asks for those before `first`,
        # the number of the first that is kept.
        self.received: deque[Clock] = deque()
        self.first = 0
        self.sent = 0
        # Whether no select has used the channel: a select that waits may not do what it was asked for.
        self.counted = True

    def receive(self, clock: Clock) -> None:
        """Add a receive by a goroutine with this clock."""
        clock = dict(clock)
        if self.received:
            join(clock, self.received[-1])
        self.received.append(clock)

    def upto(self, n: int) -> Clock:
        """Return what the first n receives have published."""
        if not self.received:
            return {}
        if not self.counted:
            return self.received[-1]
        if n <= 0:
            return {}
        while self.first < n - 1 and len(self.received) > 1:
            self.received.popleft()
            self.first += 1
        return self.received[0]


class _Started:
    """The goroutines that a WaitGroup has started, and what they have done and seen up to now."""

    __slots__ = ("changed", "clock")

    def __init__(self) -> None:
        self.clock: Clock = {}
        # Those that may have seen something since.
        self.changed: set[int] = set()

    def catch_up(self, clocks: dict[int, Clock]) -> Clock:
        """Return what they have done and seen; clocks are theirs and all others'."""
        for id in self.changed:
            join(self.clock, clocks[id])
        self.changed.clear()
        return self.clock


def join(a: Clock, b: Clock) -> None:
    """Let a know what b knows."""
    for id, time in b.items():
        if a.get(id, 0) < time:
            a[id] = time


def _acquires(name: str, kind: type) -> bool:
    """Return whether an operation on an object of this kind sees what was published."""
    return (
        name in _ACQUIRES
        or name in _ATOMIC
        or name in _TRIES
        # An atomic's: a WaitGroup's only publishes.
        or (name == "add" and not issubclass(kind, WaitGroup))
    )


class Clocks:
    """The clocks of a run's goroutines, of what they synchronise by, and the last accesses."""

    def __init__(self) -> None:
        # The goroutines that have begun.
        self.known: set[int] = {1}
        self.of: dict[int, Clock] = {1: {1: 1}}
        # What has happened since the clocks were last needed.
        self._log: list[tuple[int, str, Any, Any]] = []
        # How much of it has been dropped.
        self._past = 0
        # Notes a goroutine, the name of its operation, the object, and BEFORE or the result.
        self.note = self._log.append
        self.seen: dict[tuple[object, object], _Location] = {}
        # By list: what is noted of its items.
        self._parts: dict[object, list[_Location]] = {}
        self._released: dict[int, Clock] = {}
        self._messages: dict[int, _Messages] = {}
        # The goroutines that a WaitGroup has started, whose end its wait waits for; and by the goroutine.
        self._started: dict[int, _Started] = {}
        self._group: dict[int, _Started] = {}
        # So that no id is used again.
        self._keep: list[Any] = []

    def count(self) -> int:
        """Return how much has happened."""
        return self._past + len(self._log)

    def begin(self, id: int, parent: int, group: Any = None) -> None:
        """Begin a goroutine, which sees all that its parent has done."""
        self.known.add(id)
        self._log.append((id, "", (parent, group), _BEGIN))

    def begin_unknown(self, ids: Iterable[int]) -> None:
        """Begin those goroutines that have not begun, of a timer or of gochan: they see everything."""
        for id in ids:
            if id not in self.known:
                self.known.add(id)
                self._log.append((id, "", None, _BEGIN_UNKNOWN))

    def _begin(self, id: int, parent: int, group: Any) -> None:
        mine = self._clock(parent)
        self.of[id] = {**mine, id: 1}
        mine[parent] = mine.get(parent, 0) + 1
        if group is not None:
            started = self._started.setdefault(self._id(group), _Started())
            self._group[id] = started
            started.changed.add(id)

    def _begin_unknown(self, id: int) -> None:
        self.of[id] = {id: 0}
        self._see_all(id)
        self.of[id][id] += 1

    def _see_all(self, id: int) -> None:
        """Let goroutine id see what all others have done so far, and not what they do from now on."""
        mine = self.of[id]
        for other, clock in self.of.items():
            if other != id:
                # Nobody knows more of a goroutine than it does itself: there is no need to join the clocks.
                mine[other] = clock[other]
                clock[other] += 1
                if other in self._group:
                    self._group[other].changed.add(other)

    def _clock(self, id: int) -> Clock:
        """Return a goroutine's clock, which the caller is about to change."""
        clock = self.of.get(id)
        if clock is None:
            self._begin_unknown(id)
            clock = self.of[id]
        group = self._group.get(id)
        if group is not None:
            group.changed.add(id)
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

    @staticmethod
    @cache
    def noted(name: str, kind: type) -> tuple[bool, bool]:
        """Return whether an operation on an object of a kind is to be noted before it is done, and after."""
        always = name == "library" or kind is Chan
        return always or name in _RELEASES or name in _ATOMIC, always or _acquires(name, kind)

    def before(self, id: int, name: str, o: Any) -> None:
        """Note that goroutine id is about to do an operation on o."""
        self._log.append((id, name, o, BEFORE))

    def after(self, id: int, name: str, o: Any, result: Any) -> None:
        """Note that goroutine id has done an operation on o."""
        self._log.append((id, name, o, result))

    def _catch_up(self) -> None:
        """Do what was noted since the last access to data: without data, nothing needs the clocks."""
        for id, name, o, result in self._log:
            if result is BEFORE:
                self._publish(id, name, o)
            elif result is _BEGIN:
                self._begin(id, *o)
            elif result is _BEGIN_UNKNOWN:
                self._begin_unknown(id)
            else:
                self._see(id, name, o, result)
        self._past += len(self._log)
        self._log.clear()

    def _publish(self, id: int, name: str, o: Any) -> None:
        mine = self._clock(id)
        key = self._id(o)
        if type(o) is Chan:
            messages = self._messages.setdefault(key, _Messages())
            if name in ("recv", "recv_ok", "recv case"):
                messages.receive(mine)
            if name == "send":
                messages.sent += 1
            elif name in ("send case", "recv case"):
                messages.counted = False
        if name == "library":
            # It may call functions of the program's, in an order of its own.
            self._see_all(id)
        if name in _RELEASES or name in _ATOMIC:
            join(self._released.setdefault(key, {}), mine)
            mine[id] = mine.get(id, 0) + 1

    def _see(self, id: int, name: str, o: Any, result: Any) -> None:
        mine = self._clock(id)
        key = self._id(o)
        if type(o) is Chan and name in ("send", "send case"):
            messages = self._messages.setdefault(key, _Messages())
            join(mine, messages.upto(messages.sent - o.cap))
        if _acquires(name, type(o)) and (result or name not in _TRIES):
            released = self._released.get(key)
            if released:
                join(mine, released)
            elif type(o) is Chan:
                # Its sender is code that is not rewritten: a context's, a timer's.
                self._see_all(id)
        if name == "wait" and isinstance(o, WaitGroup):
            started = self._started.get(key)
            if started is not None:
                join(mine, started.catch_up(self.of))
        if name == "library":
            self._see_all(id)

    def access(
        self, id: int, key: tuple[object, object], writes: bool, where: tuple[str, int, str]
    ) -> Access | None:
        """Record an access of goroutine id; return an earlier one that it races with."""
        if self._log:
            self._catch_up()
        mine = self._clock(id)
        owner, part = key
        location = self.seen.get(key)
        if location is None:
            location = self.seen[key] = _Location()
            if type(part) is int or part == LENGTH:
                self._parts.setdefault(owner, []).append(location)
        earlier = location.unordered(id, mine, writes)
        if earlier is not None:
            return earlier
        # A list as a whole, and its items.
        others: Iterable[_Location] = ()
        if part == WHOLE:
            others = self._parts.get(owner, ())
        elif type(part) is int or part == LENGTH:
            whole = self.seen.get((owner, WHOLE))
            others = () if whole is None else (whole,)
        for other in others:
            earlier = other.unordered(id, mine, writes)
            if earlier is not None:
                return earlier
        me = Access(id, writes, where)
        if writes:
            location.write = me
            location.write_time = mine.get(id, 0)
            location.reads.clear()
        else:
            location.reads[id] = mine.get(id, 0), me
        return None
