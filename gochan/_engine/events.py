"""The events that the engine records for gochan.trace: their layout and numbers.

Both implementations write the same records.  The C one has them in c/trace.c.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from struct import Struct

# Lanes: a goroutine's is its number, the scheduler's is 0, and a thread's is above this number.
THREAD_LANES: Final = 1_000_000

# What the engine records.
GO: Final = 1
READY: Final = 2
RUN: Final = 3
PARK: Final = 4
# A case of the select that the next PARK is of; flags: 1 to send.
CASE: Final = 5
YIELD: Final = 6
END: Final = 7
# Of a channel, without a wait.
SEND: Final = 8
RECV: Final = 9
CLOSE: Final = 10
# A timer fires; the argument: 0 a sleep's, 1 a timeout's, 2 a channel's, 3 an after_func's.
TIMER: Final = 11

# What Python records with `trace_event`; "text" is the number of a text that the recorder keeps.
IDLE: Final = 32
IDLE_END: Final = 33
LOOP: Final = 34
LOOP_END: Final = 35
# argument: the generation
GC: Final = 36
GC_END: Final = 37
# argument: text
PANIC: Final = 38
# object: the region's number; argument: text
REGION: Final = 39
REGION_END: Final = 40
# object: the task's number; argument: text; other: the parent task's number
TASK: Final = 41
TASK_END: Final = 42
# argument: the category's text; other: the message's; object: the task's number
LOG: Final = 43
# argument: the text of the value that the goroutine has just sent or received
VALUE: Final = 44

# Kinds of objects.
CHAN: Final = 1
TIMER_CHAN: Final = 2
MUTEX: Final = 3
RWMUTEX: Final = 4
WAIT_GROUP: Final = 5
COND: Final = 6
FILE: Final = 7


# The fields of a record, by index.
TS, G, OTHER, NUMBER, TYPE, ARG, CODE, LASTI, BUBBLE, REASON, PROGRAM, KIND, WHAT, FLAGS = range(14)


def layout() -> Struct:
    """Return the layout of a record: what a program that records nothing need not import."""
    from struct import Struct

    # Time (ns), goroutine, other goroutine, object's number, type (an index in what the recording keeps
    # alive: an element type, or the name of a goroutine's function), argument, code (an index likewise),
    # offset of the instruction (-1: the function's first line), bubble, reason (an index), program, kind,
    # kind of object and flags.
    return Struct("=qIIIIiIiIHHBBH")
