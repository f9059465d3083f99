"""The text of what was found."""

from __future__ import annotations

from .._engine.functions import is_own
from .._engine.goroutine import Frame
from .._engine.traceback import format_frame
from .operation import CLOCK
from .outcome import Outcome, kind_of
from .search import Found
from .steps import SHOWN, Step

# How many lines of the stack of an exception it shows.
FRAMES = 12
# What a report begins with, by the kind of the failure.
WORDS = {
    "assertion": "an assertion failed",
    "deadlock": "a deadlock",
    "leak": "a leak",
    "livelock": "a livelock",
    "panic": "an exception ended the program",
    "race": "a data race",
}


def describe(outcome: Outcome) -> str:
    """Return the failure, and the steps that led to it."""
    failure = outcome.failure
    assert failure is not None
    lines = [f"{WORDS[outcome.kind]}: {_message(failure)}", ""]
    if outcome.waits:
        lines += ["what they wait for:", *(f"  {line}" for line in outcome.waits), ""]
    steps = outcome.steps
    if outcome.endless:
        lines.append(f"the last {len(steps)} steps:")
    elif len(steps) > SHOWN:
        lines.append(f"the last {SHOWN} of {len(steps)} steps:")
        steps = steps[-SHOWN:]
    else:
        lines.append("the steps:")
    return "\n".join([*lines, *table(steps)])


def _message(failure: BaseException) -> str:
    text = f"{type(failure).__name__}: {failure}" if str(failure) else type(failure).__name__
    raised = _stack(failure) if kind_of(failure) in ("assertion", "panic") else ""
    return "\n".join(
        line
        for part in (text, raised, *getattr(failure, "__notes__", ()))
        for line in part.splitlines()
        # What runs the program is no part of it.
        if not line.startswith('  File "<frozen ')
    )


def _stack(failure: BaseException) -> str:
    """Return the lines of the program where an exception was raised, the innermost function first."""
    tb = failure.__traceback__
    frames = []
    while tb is not None:
        code = tb.tb_frame.f_code
        if not is_own(code):
            frames.append(format_frame(Frame(code.co_filename, tb.tb_lineno, code.co_qualname)))
        tb = tb.tb_next
    return "".join(reversed(frames[-FRAMES:]))


def table(steps: list[Step]) -> list[str]:
    """Return the steps, a line each; a switch to another goroutine is marked."""
    width = max((len(step.place) for step in steps), default=0)
    lines = []
    before = -1
    for step in steps:
        mark = ">" if step.goroutine != before else " "
        who = "clock" if step.goroutine == CLOCK else f"goroutine {step.goroutine}"
        where = f" in {step.function}" if step.function else ""
        lines.append(f"  {mark} {who:13} {step.place:{width}}  {step.what}{where}".rstrip())
        before = step.goroutine
    return lines


def summary(found: Found) -> str:
    """Return how a search without a failure ended."""
    if found.exhausted:
        which = f"all {found.schedules} schedules" if found.schedules > 1 else "the only schedule"
        return f"{which} explored: nothing found"
    runs = "1 run" if found.runs == 1 else f"{found.runs} runs"
    schedules = "1 schedule" if found.schedules == 1 else f"{found.schedules} different schedules"
    return f"nothing found in {runs}, {schedules}"
