"""Follows Go's context/net_test.go.  What answers to the rest of Go's tests of context is in
tests/test_context.py; docs/conformance/context.csv says which.
"""

from __future__ import annotations

import socket

import pytest

from gochan import context, run


def test_a_passed_deadline_is_an_error_of_the_network() -> None:
    """TestDeadlineExceededIsNetError: who handles a socket's timeout handles this one, too."""

    def main() -> None:
        ctx, _ = context.with_timeout(context.background(), 0)
        err = ctx.err()
        assert err is not None
        raise err

    with pytest.raises(socket.timeout) as caught:
        run(main)
    assert type(caught.value) is context.DeadlineExceeded
    assert isinstance(caught.value, OSError)
    assert not isinstance(context.Canceled(), OSError)
