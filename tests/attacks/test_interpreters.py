"""A second interpreter in the process: it cannot import gochan, and the first one does not notice."""

import pytest
from children import python

# Two interpreters would share what the C keeps in static variables, and greenlet's as well.
PROGRAM = """
    import sys
    try:
        import _interpreters
    except ImportError:
        import _xxsubinterpreters as _interpreters

    from gochan import *
    from gochan.runtime import num_goroutine

    def create():
        if sys.version_info >= (3, 13):
            return _interpreters.create({config!r})
        return _interpreters.create(isolated={config!r} == "isolated")

    TRY = '''if True:
        import sys
        sys.path[:] = {path!r}
        # CPython 3.12 and later would refuse it themselves in an isolated interpreter.
        for name in ("gochan", "gochan.sync", "gochan", "gochan.runtime"):
            try:
                __import__(name)
            except ImportError as e:
                assert "interpreter" in str(e), e
            else:
                raise AssertionError("imported " + name)
        assert "gochan" not in sys.modules
    '''

    def ask():
        id = create()
        try:
            error = _interpreters.run_string(id, TRY.format(path=sys.path))
            assert error is None, error
        finally:
            _interpreters.destroy(id)

    def main():
        ch = Chan()
        def serve():
            for v in ch:
                answers.send(v + 1)
        answers = Chan()
        go(serve)
        ch.send(1)
        assert answers.recv() == 2
        for _ in range(3):
            ask()
            ch.send(1)
            assert answers.recv() == 2
            assert num_goroutine() == 2
        ch.close()

    ask()
    run(main)
    ask()
    run(main)
    print("refused")
"""


@pytest.mark.parametrize("config", ["isolated", "legacy"])
def test_a_second_interpreter_cannot_import_gochan(config: str) -> None:
    """It gets an ImportError that says why."""
    text = PROGRAM.replace("{config!r}", repr(config))
    python(text).check("refused\n")


def test_a_second_interpreter_is_refused_before_the_first_has_imported_gochan() -> None:
    """Only the main interpreter may have it, whichever comes first."""
    python(
        PROGRAM.replace("{config!r}", repr("legacy"))
        .replace("    from gochan import *\n    from gochan.runtime import num_goroutine\n", "")
        .replace("    ask()\n    run(main)\n    ask()\n", "    ask()\n    from gochan import *\n    from gochan.runtime import num_goroutine\n", 1)
    ).check("refused\n")
