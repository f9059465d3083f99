"""Each way in which Python reads and writes data is seen: two goroutines race by it, and not with a lock."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest

from gochan.explore.program import File, rewriting
from gochan.explore.rules import Rules
from gochan.explore.search import Found, repeat, search
from gochan.explore.strategies import STRATEGIES
from gochan.explore.token import decode

IMPORTS = """\
import array, bisect, collections, copy, dataclasses, functools, heapq, io, itertools, json, operator, random
import statistics, types, weakref
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, defaultdict, deque
from dataclasses import dataclass, field
from typing import NamedTuple
from gochan import defer, defers, run, sync
"""
COUNTER = "class C:\n    def __init__(self):\n        self.n = 0"
CACHED = "class K:\n    @functools.cached_property\n    def total(self):\n        return 1"
POINT = "@dataclass\nclass P:\n    x: int = 0"
LENGTH = "class M(dict):\n    def __setitem__(self, k, v):\n        super().__setitem__(k, v)"
ENTERED = f"class E:\n    def __enter__(self): return 1\n    def __exit__(self, *exc): pass\n{COUNTER}"
NUMBERS = "def numbers():\n    for v in range(3):\n        yield v"
NESTED = f"{POINT}\n@dataclass\nclass Q:\n    p: P = field(default_factory=P)"
SINGLE = (
    "class S:\n    one = None\n    def __new__(cls):\n        if cls.one is None:\n"
    "            cls.one = super().__new__(cls)\n        return cls.one"
)
SINGLE_AGAIN = f"{SINGLE}\n    def __init__(self):\n        self.n = 0"
RESET = f"{COUNTER}\n    def reset(self):\n        self.__init__()"
LAZY = (
    "class L:\n    def __getattr__(self, name):\n"
    "        if name.startswith('_'): raise AttributeError(name)\n        self.table = 1\n        return 1"
)
GUARDED = (
    "class G:\n    def __setattr__(self, name, v):\n        super().__setattr__(name, v)\n"
    "    def __init__(self):\n        self.n = 0"
)


class Race(NamedTuple):
    """What is defined in the module; what main does first; what the two goroutines do."""

    module: str
    first: str
    one: str
    other: str


# By a name: each a race if nothing orders the last two.
RACES = {
    "walrus in a list comprehension": Race(
        "", "last = 0", "nonlocal last; x = [(last := v) for v in range(2)]", "x = last"
    ),
    "walrus in a generator expression": Race(
        "last = 0", "pass", "global last; x = any((last := v) for v in range(2))", "x = last"
    ),
    "walrus in a condition of a comprehension": Race(
        "last = 0", "pass", "global last; x = {v for v in range(2) if (last := v)}", "x = last"
    ),
    "walrus in nested comprehensions": Race(
        "last = 0", "pass", "global last; x = [[(last := w) for w in v] for v in ((1,), (2,))]", "x = last"
    ),
    "setattr and attribute": Race(COUNTER, "c = C()", "setattr(c, 'n', 1)", "x = c.n"),
    "attribute and getattr": Race(COUNTER, "c = C()", "c.n = 1", "x = getattr(c, 'n')"),
    "getattr with a default": Race(COUNTER, "c = C()", "c.m = 1", "x = getattr(c, 'm', None)"),
    "a name that is computed": Race(COUNTER, "c = C(); n = 'n'", "setattr(c, n, 1)", "x = c.n"),
    "a name that is computed, both": Race(
        COUNTER, "c = C(); n = 'n'", "setattr(c, n, getattr(c, n) + 1)", "setattr(c, n, getattr(c, n) + 1)"
    ),
    "hasattr": Race(COUNTER, "c = C()", "c.m = 1", "x = hasattr(c, 'm')"),
    "delattr": Race(COUNTER, "c = C()", "delattr(c, 'n')", "x = hasattr(c, 'n')"),
    "del of an attribute": Race(COUNTER, "c = C()", "del c.n", "x = hasattr(c, 'n')"),
    "object.__setattr__": Race(COUNTER, "c = C()", "object.__setattr__(c, 'n', 1)", "x = c.n"),
    "super().__setattr__": Race(GUARDED, "c = G()", "c.n = 1", "x = c.n"),
    "setattr as a goroutine": Race(
        COUNTER, "c = C()", "functools.partial(setattr, c, 'n', 1)()", "x = c.n"
    ),
    "vars": Race(COUNTER, "c = C()", "vars(c)['n'] = 1", "x = c.n"),
    "vars, read": Race(COUNTER, "c = C()", "c.n = 1", "x = vars(c)['n']"),
    "vars, of a name that is computed": Race(COUNTER, "c = C(); n = 'n'", "vars(c)[n] = 1", "x = c.n"),
    "__dict__": Race(COUNTER, "c = C()", "c.__dict__['n'] += 1", "x = c.n"),
    "__dict__ under another name": Race(COUNTER, "c = C(); d = c.__dict__", "d['n'] = 1", "x = c.n"),
    "del of an item of __dict__": Race(COUNTER, "c = C()", "del c.__dict__['n']", "x = hasattr(c, 'n')"),
    "__dict__ as a whole": Race(COUNTER, "c = C()", "c.__dict__.update(n=1)", "x = c.n"),
    "globals": Race("n = 0", "pass", "pass; globals()['n'] = 1", "x = n"),
    "globals, read": Race("n = 0", "pass", "global n; n = 1", "x = globals()['n']"),
    "globals under another name": Race("n = 0", "g = globals()", "g['n'] = 1", "x = n"),
    "vars of a module": Race("n = 0\nimport sys", "m = sys.modules[__name__]", "vars(m)['n'] = 1", "x = n"),
    "cached_property": Race(CACHED, "k = K()", "x = k.total", "y = k.total"),
    "attrgetter": Race(COUNTER, "c = C()", "c.n = 1", "x = operator.attrgetter('n')(c)"),
    "itemgetter": Race("", "d = {'a': 1}", "d['a'] = 2", "x = operator.itemgetter('a')(d)"),
    "methodcaller": Race("", "l = []", "operator.methodcaller('append', 1)(l)", "x = len(l)"),
    "operator.setitem": Race("", "d = {'a': 1}", "operator.setitem(d, 'a', 2)", "x = d['a']"),
    "operator.delitem": Race("", "d = {'a': 1}", "operator.delitem(d, 'a')", "x = len(d)"),
    "operator.iadd": Race("", "l = []", "operator.iadd(l, [1])", "x = len(l)"),
    "target of a loop, attribute": Race(COUNTER, "c = C()", "for c.n in range(2): pass", "x = c.n"),
    "target of a loop, item": Race("", "d = {}", "for d['a'] in range(2): pass", "x = len(d)"),
    "target of with": Race(ENTERED, "c = C()", "with E() as c.n: pass", "x = c.n"),
    "target of import": Race("m = 0", "pass", "global m; import math as m", "x = m"),
    "target of def": Race("def f(): pass", "pass", "global f\ndef f(): return 1", "f()"),
    "target of class": Race("class K: pass", "pass", "global K\nclass K: pass", "K()"),
    "target of a pattern": Race("n = 0", "pass", "global n\nmatch 3:\n    case n: pass", "x = n"),
    "target of a pattern, star": Race("n = 0", "pass", "global n\nmatch [3]:\n    case [*n]: pass", "x = n"),
    "target of except": Race(
        "e = None",
        "pass",
        "global e\ntry: raise ValueError\nexcept ValueError as e: pass",
        "global e; e = None",
    ),
    "match with a mapping": Race("", "d = {'a': 1}", "d['a'] = 2", "match d:\n    case {'a': v}: x = v"),
    "match with a sequence": Race("", "l = [6, 5]", "l[0] = 1", "match l:\n    case [p, *_]: x = p"),
    "match with a class": Race(POINT, "p = P()", "p.x = 1", "match p:\n    case P(x=0): y = 1"),
    "attrgetter as a key": Race(
        COUNTER, "l = [C(), C()]", "l[0].n = 1", "x = max(l, key=operator.attrgetter('n'))"
    ),
    "attrgetter as a key of sort": Race(
        COUNTER, "l = [C(), C()]", "l[0].n = 1", "l.sort(key=operator.attrgetter('n'))"
    ),
    "a dict's method as a key": Race(
        "", "d = {1: 2, 3: 4}; t = (1, 3)", "d[1] = 5", "x = min(t, key=d.get)"
    ),
    "match with a class, by position": Race(
        POINT, "p = P()", "p.x = 1", "match p:\n    case P(0): y = 1"
    ),
    "match with a class in a class": Race(
        NESTED, "q = Q()", "q.p.x = 1", "match q:\n    case Q(p=P(x=0)): y = 1"
    ),
    "match with a class in a sequence": Race(
        POINT, "p = P()", "p.x = 1", "match (1, p):\n    case [_, P(x=0)]: y = 1"
    ),
    "match with a list in a dict": Race(
        "", "l = [1]; d = {'l': l}", "l.append(1)", "match d:\n    case {'l': [v, *_]}: x = v"
    ),
    "match with a list behind a star": Race(
        "", "l = [1]; m = [5, 6, l]", "l.append(1)", "match m:\n    case [*_, [v, *_]]: x = v"
    ),
    "match with a list in a deque": Race(
        "", "l = [1]; d = deque([l, 5, 6])", "l.append(1)", "match d:\n    case [[v, *_], *_, 6]: x = v"
    ),
    "match with a class, or another": Race(
        POINT, "p = P()", "p.x = 1", "match p:\n    case int() | P(x=0): y = 1"
    ),
    "an attribute of the class in __new__": Race(SINGLE, "pass", "x = S()", "x = S()"),
    "the constructor of an object that __new__ returns again": Race(
        SINGLE_AGAIN, "S()", "S()", "x = S.one.n"
    ),
    "the constructor called again": Race(RESET, "c = C()", "c.reset()", "x = c.n"),
    "an attribute that __getattr__ assigns": Race(LAZY, "o = L()", "x = o.table", "x = o.table"),
    "match with a tuple of containers": Race(
        "", "l = [6, 5]; m = [1]", "l.append(1)", "match l, m:\n    case [p, *_], _: x = p"
    ),
    "augmented assignment of a local variable": Race("", "d = {}", "e = d; e |= {'c': 1}", "x = d.copy()"),
    "list +": Race("", "l = [6, 5]", "l.append(1)", "x = l + [1]"),
    "list *": Race("", "l = [6, 5]", "l.append(1)", "x = 2 * l"),
    "set -": Race("", "s = {1}", "s.remove(1)", "x = {3} - s"),
    "str %": Race("", "d = {'a': 1}", "d['c'] = 1", "x = '%(a)s' % d"),
    "dict in a dict": Race("", "d = {'a': 1}", "d['c'] = 1", "x = {**d}"),
    "dict as arguments": Race("def f(**kw): pass", "d = {'a': 1}", "d['c'] = 1", "f(**d)"),
    "str.format": Race("", "d = {'a': 1}", "d['c'] = 1", "x = '{a}'.format(**d)"),
    "str.format_map": Race("", "d = {'a': 1}", "d['c'] = 1", "x = '{a}'.format_map(d)"),
    "a view": Race("", "d = {'a': 1}; vs = d.values()", "d['c'] = 1", "x = list(vs)"),
    "a view in a loop": Race("", "d = {'a': 1}; vs = d.items()", "d['c'] = 1", "for v in vs: pass"),
    "len of a view": Race("", "d = {'a': 1}; vs = d.keys()", "d['c'] = 1", "x = len(vs)"),
    "a dunder of a dict": Race("", "d = {}", "d.__setitem__('a', 1)", "x = len(d)"),
    "super() in a dict": Race(LENGTH, "d = M()", "d['a'] = 1", "d['b'] = 2"),
    "an unbound method": Race("", "l = []", "list.append(l, 1)", "list.append(l, 2)"),
    "an unbound dunder": Race("", "d = {}", "dict.__setitem__(d, 'a', 1)", "x = len(d)"),
    "next of a generator": Race(NUMBERS, "g = numbers()", "x = next(g)", "x = next(g)"),
    "send to a generator": Race(NUMBERS, "g = numbers()", "x = g.send(None)", "x = next(g)"),
    "loops over a generator": Race(NUMBERS, "g = numbers()", "for v in g: pass", "for v in g: pass"),
    "a generator expression": Race("", "g = (v for v in range(4))", "x = next(g, 0)", "x = [v for v in g]"),
    "next of an iterator": Race("", "g = iter([1, 2, 3])", "x = next(g)", "x = next(g)"),
    "next of an enumeration": Race("", "g = enumerate([1, 2, 3])", "x = next(g)", "x = g.__next__()"),
    "UserDict": Race("", "d = UserDict()", "d['b'] = 1", "d['c'] = 1"),
    "UserList": Race("", "d = UserList()", "d.append(1)", "x = len(d)"),
    "ChainMap": Race("", "d = ChainMap({}, {'a': 1})", "d['b'] = 1", "x = d.get('c')"),
    "bytearray": Race("", "b = bytearray()", "b.extend(b'x')", "x = bytes(b)"),
    "bytearray's item": Race("", "b = bytearray(2)", "b[0] = 1", "x = b[0]"),
    "array": Race("", "b = array.array('i', [1])", "b.append(1)", "x = b[0]"),
    "StringIO": Race("", "b = io.StringIO()", "b.write('x')", "x = b.getvalue()"),
    "a dataclass's ==": Race(POINT, "p = P()", "p.x = 1", "y = p == P(3)"),
    "a dataclass's repr": Race(POINT, "p = P()", "p.x = 1", "y = f'{p}'"),
    "a dataclass's order": Race(
        "@dataclass(order=True, slots=True)\nclass P:\n    x: int = 0",
        "p = P()",
        "p.x = 1",
        "y = max(p, P(2))",
    ),
    "dataclasses.asdict": Race(POINT, "p = P()", "p.x = 1", "y = dataclasses.asdict(p)"),
    "dataclasses.replace": Race(POINT, "p = P()", "p.x = 1", "y = dataclasses.replace(p)"),
    "copy.copy": Race("", "l = [6, 5]", "l.append(1)", "x = copy.copy(l)"),
    "copy.deepcopy": Race("", "l = [6, 5]; d = {'l': l}", "l.append(1)", "x = copy.deepcopy(d)"),
    "json.dumps": Race("", "d = {'a': {}}", "d['a']['b'] = 1", "x = json.dumps(d)"),
    "random.choice": Race("", "l = [6, 5]", "l.append(1)", "x = random.choice(l)"),
    "statistics.mean": Race("", "l = [6, 5]", "l.append(1)", "x = statistics.mean(l)"),
    "an enumeration's list": Race("", "l = [1, 2]; g = enumerate(l)", "l.append(3)", "x = next(g)"),
    "a chain's list": Race("", "l = [1, 2]; g = itertools.chain(l); next(g)", "l.append(3)", "x = list(g)"),
    "a dict that zip goes over": Race(
        "", "d = {'a': 1}; g = zip(d.items(), [1])", "d['a'] = 2", "for v in g: pass"
    ),
    "a list that is reversed": Race("", "l = [1, 2]; g = reversed(l)", "l.append(3)", "x, *_ = g"),
    "bool": Race("", "l = [1]", "l.append(3)", "x = bool(l)"),
    "the method __bool__": Race(
        "class C:\n    def __init__(self):\n        self.l = []\n    def __bool__(self): return bool(self.l)",
        "c = C()",
        "c.l.append(1)",
        "x = 1 if c else 0",
    ),
    "symmetric difference": Race("", "s = {1}", "s.symmetric_difference_update({2})", "x = len(s)"),
    "deque.reverse": Race("", "d = deque([1, 2])", "d.reverse()", "x = d[0]"),
    "globals()": Race("n = 0", "pass", "g = globals(); g['n'] = 1", "global n; n += 1"),
    "print to a stream": Race("", "b = io.StringIO()", "print(1, file=b)", "print(2, file=b)"),
    "json.dump to a stream": Race("", "b = io.StringIO()", "json.dump(1, b)", "x = b.getvalue()"),
    "dict.fromkeys": Race("", "l = [6, 5]", "l.append(1)", "x = dict.fromkeys(l)"),
    "defaultdict of a dict": Race("", "d = {'a': 1}", "d['b'] = 1", "x = defaultdict(list, d)"),
    "array of a list": Race("", "l = [6, 5]", "l.append(1)", "x = array.array('i', l)"),
    "UserList of a list": Race("", "l = [6, 5]", "l.append(1)", "x = UserList(l)"),
    "WeakSet": Race(COUNTER, "s = weakref.WeakSet(); c = C()", "s.add(c)", "x = len(s)"),
    "WeakValueDictionary": Race(
        COUNTER, "d = weakref.WeakValueDictionary(); c = C()", "d['a'] = c", "x = d.get('b')"
    ),
    "a read-only view's item": Race(
        "", "d = {'a': 1}; v = types.MappingProxyType(d)", "d['a'] = 2", "x = v['a']"
    ),
    "a read-only view in a loop": Race(
        "", "d = {'a': 1}; v = types.MappingProxyType(d)", "d['b'] = 2", "for x in v: pass"
    ),
    "a cached property": Race(
        "class C:\n    @functools.cached_property\n    def n(self): return 1", "c = C()", "x = c.n", "x = c.n"
    ),
    "in a function under @defers": Race(
        f"{COUNTER}\nclass D(C):\n    @defers\n    def add(self):\n        self.n += 1",
        "c = D()",
        "c.add()",
        "c.add()",
    ),
}  # fmt: skip


def _goroutine(name: str, body: str, lock: bool) -> str:
    declared, _, rest = body.partition("; " if "; " in body.partition("\n")[0] else "\n")
    if not declared.startswith(("global", "nonlocal")):
        declared, rest = "pass", body
    head = f"def {name}():\n    {declared}\n    with mu if {lock} else sync.Mutex():\n"
    return head + textwrap.indent(rest, " " * 8)


def program(race: Race, *, lock: bool) -> str:
    """Return the source of a program in which two goroutines do what a race says."""
    parts = [
        race.first,
        "mu = sync.Mutex()",
        _goroutine("run_one", race.one, lock),
        _goroutine("run_other", race.other, lock),
        "wg = sync.WaitGroup()\nwg.go(run_one)\nwg.go(run_other)\nwg.wait()",
    ]
    main = textwrap.indent("\n".join(parts), " " * 4)
    return f"{IMPORTS}\n{race.module}\n\ndef main():\n{main}\n\nrun(main)\n"


def explored(path: Path, runs: int) -> Found:
    return search(File(str(path)), STRATEGIES["auto"](0), runs)


@pytest.mark.parametrize("name", RACES)
def test_a_race_is_found(name: str, tmp_path: Path) -> None:
    path = tmp_path / "racing.py"
    path.write_text(program(RACES[name], lock=False))
    found = explored(path, 50)
    assert found.failure is not None
    assert found.failure.kind == "race"
    seed, decisions = decode(found.token)
    again, fits = repeat(File(str(path)), decisions, Rules(seed))
    assert (again.kind, fits) == ("race", True)


@pytest.mark.parametrize("name", RACES)
def test_it_is_none_with_a_lock(name: str, tmp_path: Path) -> None:
    path = tmp_path / "locked.py"
    path.write_text(program(RACES[name], lock=True))
    found = explored(path, 300)
    assert (found.failure, found.exhausted) == (None, True)


def test_a_class_attribute_is_called_by_its_class(tmp_path: Path) -> None:
    path = tmp_path / "racing.py"
    race = Race("class Meter:\n    n = 0", "pass", "Meter.n += 1", "Meter.n += 1")
    path.write_text(program(race, lock=False))
    found = explored(path, 50)
    assert found.failure is not None
    assert "a race on Meter.n: " in str(found.failure.failure)


# What goes on between modules: the files of a program, the first of which is explored.
MODULES = {
    "an attribute that only another module assigns": {
        "main.py": """
            from counter import Counter
            from gochan import run, sync
            def main():
                counter = Counter()
                wg = sync.WaitGroup()
                wg.go(counter.add)
                wg.go(lambda: print(counter.n))
                wg.wait()
            run(main)
            """,
        "counter.py": """
            class Counter:
                def __init__(self):
                    self.n = 0
                def add(self):
                    self.n += 1
            """,
    },
    "a global that only another module assigns": {
        "main.py": """
            import parts.settings as settings
            from gochan import run, sync
            def main():
                wg = sync.WaitGroup()
                def change():
                    settings.level = 3
                wg.go(change)
                wg.go(settings.is_verbose)
                wg.wait()
            run(main)
            """,
        "parts/__init__.py": "",
        "parts/settings.py": """
            level = 0
            def is_verbose():
                return level > 1
            """,
    },
}


@pytest.mark.parametrize("name", MODULES)
def test_a_race_between_modules_is_found(name: str, tmp_path: Path) -> None:
    for file, source in MODULES[name].items():
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(source))
    with rewriting(str(tmp_path)):
        found = explored(tmp_path / "main.py", 50)
    assert found.failure is not None
    assert found.failure.kind == "race"


# What a loop goes over, which reads the list `names` for each item.
OVER_NAMES = [
    "names", "enumerate(names)", "zip(names, 'xyz')", "reversed(names)", "map(str.upper, names)",
    "filter(None, names)", "itertools.chain(names, names)", "itertools.islice(names, 3)", "iter(names)",
    "(n for n in names)",
]  # fmt: skip


@pytest.mark.parametrize("over", OVER_NAMES)
def test_a_list_is_read_again_by_each_round_of_a_loop(over: str, tmp_path: Path) -> None:
    """The receiver appends after the loop's first read, and before its next."""
    path = tmp_path / "loop.py"
    path.write_text(
        textwrap.dedent(
            f"""
            import itertools
            from gochan import Chan, go, run
            def main():
                names = ["a", "b"]
                ch, done = Chan[str](), Chan[None]()
                def receive():
                    names.append(ch.recv())
                    ch.recv()
                    done.close()
                go(receive)
                sent = 0
                for name in {over}:
                    ch.send("x")
                    sent += 1
                    if sent == 2:
                        break
                done.recv()
            run(main)
            """
        )
    )
    found = explored(path, 50)
    assert found.failure is not None
    assert found.failure.kind == "race"
    assert "goroutine 1 reads it" in str(found.failure.failure)
