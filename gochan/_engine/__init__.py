"""The engine: goroutines, channels, select, timers and locks.  Private to gochan.

There are two implementations with the same names: `py/` in Python, which is easier to read and is used
without a C compiler, and `c/` in C, the extension module `_c`.  `impl.py` chooses one; everything else in
gochan imports from there.  Files are named after Go's file for the same job.

Both use the plain Python modules beside them, whose functions run between the engine's steps:

- `run.py` begins and ends programs, and has the functions that the engine calls (its hooks).  `program.py`
  has the program's data that the engine doesn't need.
- `panic.py`, `scope.py` and `defers.py` are panic, defer and recover; `chan.py` has close and cap.
- `traceback.py` formats stacks and reports, from `goroutine.py` (a goroutine as data), `functions.py` (whose
  code it is) and `frames.py` (where threads are).
- `netpoll.py` is the idle sleep; `interrupt.py` has the signal handlers; `fork.py` is for forked children,
  `shutdown.py` for the interpreter's exit; `watchdog.py` is the watchdog, `preempt.py` preemption on request.
- `loops.py` refuses calls that would block an asyncio event loop; `task.py` is the task of an awaited
  coroutine.
- `events.py` defines what is recorded for gochan.trace, and `tracing.py` records what the engine doesn't;
  `leaks.py` finds leaked goroutines, by the frames that `slots.py` reads.
- `elem.py` checks element types, `arguments.py` ints and times, `seconds.py` durations, `depth.py` the
  recursion depth; `pickling.py` refuses to pickle; `instant.py` is the type Time; `ends.py`, `selected.py`
  and `error.py` define other types that users see.

An operation has three parts: everything that may run Python code (checks, allocations); then one step that
changes the engine's state; then the result.  Nothing else runs within a step.  If an exception is thrown into
a goroutine that waits, the wait is undone: the goroutine leaves its queues and gives back what it has
received.
"""
