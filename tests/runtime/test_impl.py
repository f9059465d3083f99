"""Both implementations run in one session: see tests/conftest.py."""

import sys
from types import FunctionType

import pytest
from children import python

from gochan import Chan, run, runtime
from gochan._engine import impl


def test_each_has_its_copy(implementation: str) -> None:
    import gochan  # as of this test's run, not of its import

    assert gochan.Chan is Chan
    assert gochan.run is run
    assert runtime.COMPILED == impl.COMPILED == (implementation == "c")
    assert isinstance(Chan.send, FunctionType) == (implementation == "py")
    assert ("gochan._engine._c" in sys.modules) == (implementation == "c")


def test_a_child_has_the_same(implementation: str) -> None:
    python("from gochan import runtime; print(runtime.COMPILED)").check(f"{implementation == 'c'}\n")


@pytest.mark.skipif(not impl.COMPILED, reason="needs both")
def test_c_has_all_that_python_has() -> None:
    from gochan._engine import _c, py

    assert set(py.__all__) <= set(dir(_c))
