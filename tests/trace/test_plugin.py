"""The option --gochan-trace of the pytest plugin, driven through pytester."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import children
import pytest
from sessions import INI, outcomes, prepare

from gochan.trace import _pytest, model

pytest_plugins = ["pytester"]

STUCK = """
    import pytest
    from gochan import Chan, go

    def producer(ch):
        ch.send(1)

    @pytest.mark.gochan
    def test_stuck():
        go(producer, Chan[int]())
        Chan[int]().recv()

    @pytest.mark.gochan
    def test_fine():
        ch = Chan[int]()
        go(producer, ch)
        assert ch.recv() == 1
"""


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    return prepare(pytester, monkeypatch)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def goroutines(path: Path) -> list[str]:
    """Return the names of the goroutines in a recording, sorted."""
    return sorted(gp.function for p in model.load(path).programs for gp in p.goroutines.values())


def test_a_failed_test_leaves_its_page(session: pytest.Pytester) -> None:
    session.makepyfile(test_it=STUCK)
    found, text = outcomes(session, "--gochan-trace=traces")
    assert found == {"failed": 1, "passed": 1}
    traces = session.path / "traces"
    assert files(traces) == ["test_it.py-test_stuck.html", "test_it.py-test_stuck.json"]
    assert goroutines(traces / "test_it.py-test_stuck.json") == ["main", "producer"]
    page = (traces / "test_it.py-test_stuck.html").read_text()
    assert "<title>test_it.py::test_stuck" in page
    assert "all goroutines are asleep - deadlock!" in text
    _, _, section = text.partition(" gochan trace ")
    assert "\ntest_stuck: 2 goroutines, " in section
    assert "  chan receive  chan int #" in section
    assert f"\npage: {traces}/test_it.py-test_stuck.html\n" in section


def test_the_setting_does_the_same(session: pytest.Pytester) -> None:
    session.makeini(INI + "gochan_trace = a/b\n")
    session.makepyfile(test_it=STUCK)
    below = session.mkdir("below")
    result = session.run(sys.executable, "-m", "pytest", below / ".." / "test_it.py")
    assert result.ret == 1
    # Relative to the file of the setting.
    assert files(session.path / "a/b") == ["test_it.py-test_stuck.html", "test_it.py-test_stuck.json"]


def test_nothing_is_left_if_all_pass(session: pytest.Pytester) -> None:
    session.makepyfile(test_it=STUCK)
    found, text = outcomes(session, "--gochan-trace=traces", "-k", "fine")
    assert found == {"passed": 1, "deselected": 1}
    assert not (session.path / "traces").exists()
    assert "gochan trace" not in text


def test_nothing_is_recorded_without_the_option(session: pytest.Pytester) -> None:
    session.makepyfile(
        test_it="""
        import sys
        from gochan import Chan, go
        def test_it():
            go(Chan().recv)
            assert "gochan.trace" not in sys.modules
        """
    )
    done = session.run(sys.executable, "-m", "pytest")
    assert done.parseoutcomes() == {"passed": 1}


def test_an_earlier_failure_does_not_stay(session: pytest.Pytester) -> None:
    session.makepyfile(test_it=STUCK)
    outcomes(session, "--gochan-trace=.")
    assert (session.path / "test_it.py-test_stuck.html").exists()
    session.makepyfile(test_it="def test_stuck(): pass")
    (session.path / "test_it.py-mine.html").write_text("mine")
    assert outcomes(session, "--gochan-trace=.")[0] == {"passed": 1}
    assert [name for name in files(session.path) if name.startswith("test_it.py-")] == [
        "test_it.py-mine.html"
    ]


def test_tests_without_the_mark_are_recorded(session: pytest.Pytester) -> None:
    session.makepyfile(
        test_it="""
        from gochan import Chan, go, runtime

        def test_unmarked():
            ch = Chan[int]()
            go(ch.send, 1)
            assert ch.recv() == 2

        def test_without_goroutines():
            assert 1 == 2
        """
    )
    found, text = outcomes(session, "--gochan-trace=t")
    assert found == {"failed": 2}
    assert files(session.path / "t") == ["test_it.py-test_unmarked.html", "test_it.py-test_unmarked.json"]
    assert text.count(" gochan trace ") == 1


def test_each_test_has_its_own_recording(session: pytest.Pytester) -> None:
    session.makepyfile(
        test_it="""
        import pytest
        from gochan import Chan, go

        def one(ch): ch.send(1)
        def two(ch): ch.send(1)

        class TestThem:
            @pytest.mark.gochan
            @pytest.mark.parametrize("function", [one, two], ids=["one", "two"])
            def test_it(self, function):
                ch = Chan[int]()
                go(function, ch)
                assert ch.recv() == 2
        """
    )
    assert outcomes(session, "--gochan-trace=t")[0] == {"failed": 2}
    recordings = sorted((session.path / "t").glob("*.json"))
    assert [path.name[: path.name.rindex("-")] for path in recordings] == [
        "test_it.py-TestThem-test_it-one",
        "test_it.py-TestThem-test_it-two",
    ]
    assert list(map(goroutines, recordings)) == [["main", "one"], ["main", "two"]]


def test_a_bubble_is_recorded(session: pytest.Pytester) -> None:
    session.makepyfile(
        test_it="""
        import pytest
        from gochan import time

        @pytest.mark.gochan(synctest=True)
        def test_hours():
            time.sleep(5 * time.HOUR)
            assert False
        """
    )
    found, text = outcomes(session, "--gochan-trace=t")
    assert found == {"failed": 1}
    assert "synctest: 1 goroutine, 5h0m0s of virtual time" in text
    [path] = (session.path / "t").glob("*.json")
    assert [program.virtual for program in model.load(path).programs] == [False, True]


def test_fixtures_belong_to_the_test(session: pytest.Pytester) -> None:
    session.makepyfile(
        test_it="""
        import pytest
        from gochan import Chan, go, runtime

        def server(ch):
            for n in ch: pass

        @pytest.fixture
        def numbers():
            ch = Chan[int]()
            go(server, ch)
            runtime.gosched()
            yield ch
            ch.close()

        @pytest.fixture
        def broken(numbers):
            numbers.send(1)
            raise LookupError

        @pytest.fixture
        def breaks_late(numbers):
            yield numbers
            raise LookupError

        def test_body(numbers):
            numbers.send(1)
            assert False

        def test_setup(broken):
            pass

        def test_teardown(breaks_late):
            breaks_late.send(1)

        def test_both(breaks_late):
            breaks_late.send(1)
            assert False
        """
    )
    found, text = outcomes(session, "--gochan-trace=t")
    assert found == {"failed": 2, "errors": 3, "passed": 1}
    recordings = sorted((session.path / "t").glob("*.json"))
    assert [path.stem for path in recordings] == [
        f"test_it.py-test_{name}" for name in ("body", "both", "setup", "teardown")
    ]
    assert all("server" in goroutines(path) for path in recordings)
    assert text.count(" gochan trace ") == 4


def test_skipped_and_expected_failures_leave_nothing(session: pytest.Pytester) -> None:
    session.makepyfile(
        test_it="""
        import pytest
        from gochan import Chan, go

        def use():
            ch = Chan[int]()
            go(ch.send, 1)
            ch.recv()

        def test_skip():
            use()
            pytest.skip()

        @pytest.mark.xfail
        def test_xfail():
            use()
            assert False
        """
    )
    assert outcomes(session, "--gochan-trace=t")[0] == {"skipped": 1, "xfailed": 1}
    assert not (session.path / "t").exists()


def test_a_long_test_keeps_its_end(session: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_pytest, "RING", 100)
    session.makepyfile(
        test_it="""
        from gochan import Chan, go

        def producer(ch):
            for i in range(1000):
                ch.send(i)
            ch.close()

        def test_it():
            ch = Chan[int]()
            go(producer, ch)
            assert sum(ch) == 7
        """
    )
    found, text = outcomes(session, "--gochan-trace=t")
    assert found == {"failed": 1}
    assert "The ring of fixed size dropped the oldest" in text
    trace = model.load(session.path / "t/test_it.py-test_it.json")
    assert trace.lost > 1000
    assert (session.path / "t/test_it.py-test_it.json").stat().st_size < 100_000


def test_a_test_that_records_itself(session: pytest.Pytester) -> None:
    session.makepyfile(
        test_it="""
        from gochan import Chan, go, trace

        def use():
            ch = Chan[int]()
            go(ch.send, 1)
            ch.recv()

        def test_start(tmp_path):
            trace.start(tmp_path / "mine.json")
            use()
            trace.stop()
            assert (tmp_path / "mine.json").stat().st_size
            assert False, "and fails"

        def test_stop():
            use()
            assert not trace.is_enabled()
            trace.stop()  # sees nothing of the plugin's
            assert False

        def test_left_on(tmp_path):
            trace.start(tmp_path / "mine.json")

        def test_after(tmp_path):
            assert trace.is_enabled()
            trace.stop()
        """
    )
    found, text = outcomes(session, "--gochan-trace=t")
    assert found == {"failed": 2, "passed": 2}, text
    assert text.count("and fails") > 0
    assert [path.stem for path in (session.path / "t").glob("*.html")] == ["test_it.py-test_stop"]


def test_repeated_tests_are_recorded_each_time(session: pytest.Pytester) -> None:
    pytest.importorskip("pytest_rerunfailures")
    session.makepyfile(
        test_it="""
        import pytest
        from gochan import Chan, go

        times = []

        def producer(ch): ch.send(1)

        def use():
            ch = Chan[int]()
            go(producer, ch)
            ch.recv()
            times.append(1)

        def test_flaky():
            use()
            assert len(times) == 2

        def test_broken():
            use()
            assert False
        """
    )
    options = ("-p", "pytest_rerunfailures", "-p", "no:randomly", "--reruns=1", "--gochan-trace=t")
    found, _ = outcomes(session, *options)
    assert found == {"failed": 1, "passed": 1, "rerun": 2}
    assert files(session.path / "t") == ["test_it.py-test_broken.html", "test_it.py-test_broken.json"]
    assert goroutines(session.path / "t/test_it.py-test_broken.json").count("producer") == 1


def test_a_page_that_cannot_be_written(session: pytest.Pytester) -> None:
    """The test's own failure is reported, and the session goes on."""
    session.makepyfile(
        test_it="""
        from gochan import Chan, go

        def test_one():
            ch = Chan[int]()
            go(ch.send, 1)
            ch.recv()
            open("t", "w").close()
            assert False, "its own"

        def test_two():
            pass
        """
    )
    found, text = outcomes(session, "--gochan-trace=t")
    assert found == {"failed": 1, "passed": 1}
    assert "its own" in text
    assert "the recording can't be written: " in text


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("--gochan-trace=", "--gochan-trace: give a folder, such as --gochan-trace=traces"),
        ("--gochan-trace=tox.ini", "--gochan-trace=tox.ini: "),
        ("--gochan-trace=tox.ini/a", "tox.ini is not a folder"),
        ("--gochan-trace=" + "x" * 300, "File name too long"),
    ],
)
def test_folders_that_are_none(session: pytest.Pytester, given: str, message: str) -> None:
    (session.path / "tox.ini").touch()
    session.makepyfile("def test_it(): pass")
    result = session.runpytest_inprocess(given)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in "\n".join(result.errlines)


def test_a_session_that_is_recorded_as_a_whole(session: pytest.Pytester) -> None:
    """GOCHAN_TRACE wins."""
    session.makepyfile(test_it=STUCK)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--gochan-trace=t"],
        cwd=session.path,
        env=children.environment(GOCHAN_TRACE="all.json", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 1 passed" in done.stdout, done
    assert json.loads((session.path / "all.json").read_text())["traceEvents"]
    assert not (session.path / "t").exists()


# --- the names of files ---


@pytest.mark.parametrize(
    ("nodeid", "name"),
    [
        ("test_a.py::test_b", "test_a.py-test_b"),
        ("tests/sub/test_a.py::TestX::test_b", "tests-sub-test_a.py-TestX-test_b"),
    ],
)
def test_names_that_stay(nodeid: str, name: str) -> None:
    assert _pytest.file_name(nodeid) == name


ODD = [
    "t.py::t[a/b]",
    "t.py::t[a\\b]",
    "t.py::t[a:b]",
    "t.py::t[a b]",
    "t.py::t[a-b]",
    "t.py::t[a/../../b]",
    "t.py::t[..]",
    "t.py::t[ü]",
    "t.py::t[\\u00fc]",
    "t.py::t[\ud800]",
    "t.py::t[\x00\n]",
    't.py::t[*?"<>|]',
    "t.py::t[]",
    "t.py::t",
    "t.py::T",
    "t.py::t@gw0",
    "t.py::t[x]@group",
    "[gw1] t.py::t",
    "../t.py::t",
    "d-e/t.py::t",
    "d/e/t.py::t",
    "t.py::t[" + "x" * 300 + "1]",
    "t.py::t[" + "x" * 300 + "2]",
    "t.py::" + "t" * 300,
]


def test_names_differ_and_can_be_used() -> None:
    names = [_pytest.file_name(nodeid) for nodeid in ODD]
    assert len(set(names)) == len(ODD)
    for name in names:
        assert len(name) <= 140
        assert all(char.isascii() and (char.isalnum() or char in "._-") for char in name)
        assert not name.startswith((".", "-"))


def test_odd_parameters(session: pytest.Pytester) -> None:
    session.makepyfile(
        test_it="""
        import pytest
        from gochan import Chan, go

        @pytest.mark.parametrize("text", ["a/b", "../../c", "ü", "x" * 300, "", "a b"])
        def test_it(text):
            ch = Chan[int]()
            go(ch.send, 1)
            ch.recv()
            assert False
        """
    )
    assert outcomes(session, "--gochan-trace=t")[0] == {"failed": 6}
    assert len(files(session.path / "t")) == 12
    assert all("/" not in name for name in files(session.path / "t"))


def test_xdist(session: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    session.makepyfile(test_it=STUCK)
    result = session.runpytest_subprocess("-p", "xdist", "-n2", "--gochan-trace=t")
    assert result.parseoutcomes() == {"failed": 1, "passed": 1}
    assert files(session.path / "t") == ["test_it.py-test_stuck.html", "test_it.py-test_stuck.json"]
    assert "gochan trace" in "\n".join(result.outlines)
