"""The pytest plugin, driven through pytester: sessions of their own that the plugin is loaded into."""

from __future__ import annotations

import pytest
from sessions import INI, outcomes, prepare

pytest_plugins = ["pytester"]


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    return prepare(pytester, monkeypatch)


def test_marked_test_is_main(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
        import pytest
        from gochan import Chan, defer, go, runtime

        done = []

        @pytest.mark.gochan
        def test_main(tmp_path):
            defer(done.append, 1)  # allowed in a main function alone
            ch = Chan[int]()
            go(ch.send, 7)
            assert ch.recv() == 7
            assert tmp_path.exists()

        def test_after():
            assert done == [1]
        """
    )
    found, _ = outcomes(session)
    assert found == {"passed": 2}


def test_deadlock_fails_with_the_report(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
        import pytest
        from gochan import Chan, go

        @pytest.mark.gochan
        def test_stuck():
            ch = Chan[int]()
            go(Chan[int]().send, 1)
            ch.recv()
        """
    )
    found, text = outcomes(session)
    assert found == {"failed": 1}
    assert "all goroutines are asleep - deadlock!" in text
    assert "goroutine 1 [chan receive]:" in text
    assert "goroutine 2 [chan send]:" in text
    assert "For a picture of what led to the deadlock: pytest --gochan-trace=DIR" in text
    assert text.count("For a picture") == 1


def test_exception_of_a_goroutine_fails_the_test(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
        import pytest
        from gochan import Chan, go

        def boom():
            raise LookupError("lost")

        @pytest.mark.gochan
        def test_it():
            go(boom)
            Chan().recv()
        """
    )
    found, text = outcomes(session)
    assert found == {"failed": 1}
    assert "LookupError: lost" in text
    assert "in goroutine 2, created by goroutine 1 at" in text
    assert "For a picture" not in text


def test_goroutine_left_behind_fails_with_its_stack(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
        import pytest
        from gochan import Chan, go

        def waiter(ch):
            ch.recv()

        @pytest.mark.gochan
        def test_leak():
            go(waiter, Chan[int]())

        @pytest.mark.gochan(leaks=True)
        def test_allowed():
            go(waiter, Chan[int]())

        @pytest.mark.gochan
        def test_finishes_by_itself():
            ch = Chan[int](1)
            go(waiter, ch)
            ch << 1
        """
    )
    found, text = outcomes(session)
    assert found == {"failed": 1, "passed": 2}
    assert "the test left 1 goroutine running:" in text
    assert "in waiter" in text


def test_a_failure_is_reported_before_a_leak(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
        import pytest
        from gochan import Chan, go

        @pytest.mark.gochan
        def test_both():
            go(Chan().recv)
            assert 1 == 2
        """
    )
    found, text = outcomes(session)
    assert found == {"failed": 1}
    assert "assert 1 == 2" in text
    assert "left" not in text


def test_synctest_runs_in_a_bubble(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
        import pytest
        from gochan import Chan, go, time

        @pytest.mark.gochan(synctest=True)
        def test_hours():
            start = time.now()
            assert (start.year, start.month, start.day) == (2000, 1, 1) or start.year == 1999  # local zone
            time.sleep(5 * time.HOUR)
            assert time.since(start) == 5 * time.HOUR

        @pytest.mark.gochan(synctest=True)
        def test_stuck():
            go(Chan().recv)
        """
    )
    found, text = outcomes(session)
    assert found == {"failed": 1, "passed": 1}
    assert "main bubble goroutine has exited but blocked goroutines remain" in text


def test_ini_setting_marks_all(session: pytest.Pytester) -> None:
    session.makeini(INI + "gochan = true\n")
    session.makepyfile(
        """
        from gochan import Chan, go

        def test_leak():
            go(Chan().recv)

        class TestMethods:
            def test_method(self):
                ch = Chan[int]()
                go(ch.send, 1)
                assert ch.recv() == 1
        """
    )
    found, _ = outcomes(session)
    assert found == {"failed": 1, "passed": 1}


def test_a_leak_in_an_unmarked_test_is_not_found(session: pytest.Pytester) -> None:
    """Unless the ini setting marks all, as debugging.rst says."""
    session.makepyfile(
        """
        from gochan import Chan, go, runtime

        def test_leak():
            go(Chan().recv)
            runtime.gosched()
        """
    )
    assert outcomes(session)[0] == {"passed": 1}
    session.makeini(INI + "gochan = true\n")
    found, text = outcomes(session)
    assert found == {"failed": 1}
    assert "the test left 1 goroutine running" in text


def test_goroutines_that_were_there_before_are_not_the_tests(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
        import pytest
        from gochan import Chan, go, runtime

        @pytest.fixture
        def squares():
            numbers, squares = Chan[int](), Chan[int]()

            @go
            def _():
                while True:
                    squares.send(numbers.recv() ** 2)

            return numbers, squares

        def test_unmarked():
            go(Chan().recv)
            runtime.gosched()

        @pytest.mark.gochan
        def test_marked():
            assert runtime.num_goroutine() == 2

        @pytest.mark.gochan
        def test_fixture(squares):
            squares[0].send(3)
            assert squares[1].recv() == 9

        @pytest.mark.gochan
        def test_both(squares):
            go(Chan().recv)
        """
    )
    found, text = outcomes(session)
    assert found == {"failed": 1, "passed": 3}
    assert "the test left 1 goroutine running" in text
    assert "in test_both" in text


def test_unmarked_test_is_left_alone(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
        import pytest
        from gochan import defer

        def test_plain():
            with pytest.raises(RuntimeError, match="defer"):
                defer(print)
        """
    )
    found, _ = outcomes(session)
    assert found == {"passed": 1}


@pytest.mark.parametrize("arguments", ["5", "synctets=True"])
def test_marker_with_wrong_arguments_says_so(session: pytest.Pytester, arguments: str) -> None:
    session.makepyfile(
        f"""
        import pytest

        @pytest.mark.gochan({arguments})
        def test_it():
            pass
        """
    )
    _, text = outcomes(session)
    assert "@pytest.mark.gochan takes synctest=True and leaks=True, not" in text
