"""What `import gochan` costs, and what it brings along."""

import os
import sys

from children import python

LIMIT = 0.030  # seconds over bare python
# Of bare python, for a machine that is slow, or slowed down by others: as much, where that takes 13 ms.
SHARE = 2.3
ROUNDS = 20
# Neither coverage, which would slow down the processes started here too, nor modules that are compiled from
# their sources each time.
ENVIRON = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("COVERAGE_") and name != "PYTHONDONTWRITEBYTECODE"
}


def cpu_time(statement: str) -> float:
    """The CPU time, in seconds, of a Python that runs the statement.

    Unlike the time on the wall, it stays the same when others use the machine.
    """
    pid = os.posix_spawn(sys.executable, [sys.executable, "-c", statement], ENVIRON)
    _, status, usage = os.wait4(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return usage.ru_utime + usage.ru_stime


def test_import_is_cheap() -> None:
    cpu_time("import gochan")  # writes the .pyc files that are missing
    bare, imported = float("inf"), float("inf")
    for _ in range(ROUNDS):
        bare = min(bare, cpu_time("pass"))
        imported = min(imported, cpu_time("import gochan"))
        if imported - bare <= LIMIT:
            return
    assert imported - bare <= SHARE * bare


def test_import_leaves_asyncio_out() -> None:
    statement = "import sys, gochan; print([name for name in sys.modules if name.startswith('asyncio')])"
    python(statement).check("[]\n")


def test_import_leaves_sockets_out() -> None:
    statement = "import sys, gochan; print(sorted({'socket', 'selectors', 'gochan.net'} & set(sys.modules)))"
    python(statement).check("[]\n")


def test_a_package_is_there_when_it_is_used_and_not_before() -> None:
    statement = """
import sys, gochan
print("gochan.errgroup" in sys.modules, "gochan.aio" in sys.modules)
print(gochan.sync.Mutex.__name__, gochan.errgroup.Group.__name__, gochan.aio.__name__)
print("aio" in dir(gochan), hasattr(gochan, "no_such_package"))
"""
    python(statement).check("False False\nMutex Group gochan.aio\nTrue False\n")
