"""What `import gochan` brings along. What it costs is guarded by `make guard`."""

from children import python

# Modules that take milliseconds each. gochan imports them where they are first needed, or never.
HEAVY = (
    *("argparse", "ast", "asyncio", "concurrent.futures", "dataclasses", "dis", "email", "hashlib", "http"),
    *("inspect", "json", "linecache", "logging", "multiprocessing", "pathlib", "random", "selectors"),
    *("shutil", "socket", "ssl", "subprocess", "tempfile", "threading", "tokenize", "traceback", "urllib"),
    *("gochan.aio", "gochan.net"),
)


def test_import_leaves_heavy_modules_out() -> None:
    # What is there before came with the environment: an editable install, a measurement of coverage.
    statement = f"""
import sys
there = set(sys.modules)
import gochan
print(sorted(set({HEAVY!r}) & (set(sys.modules) - there)))
"""
    python(statement).check("[]\n")


def test_a_package_is_there_when_it_is_used_and_not_before() -> None:
    statement = """
import sys, gochan
print("gochan.errgroup" in sys.modules, "gochan.aio" in sys.modules)
print(gochan.sync.Mutex.__name__, gochan.errgroup.Group.__name__, gochan.aio.__name__)
print("aio" in dir(gochan), hasattr(gochan, "no_such_package"))
"""
    python(statement).check("False False\nMutex Group gochan.aio\nTrue False\n")
