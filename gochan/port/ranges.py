"""Which results of integer arithmetic may leave their type, so that Go would wrap them around.

The integers that a cell (see cells.py) may hold are an interval. Cells that depend on each other in a cycle
grow with each step of the program, and a step adds at most what comes from outside the cycle: a counter that
is incremented by at most d holds at most d * STEPS more than at its start, or less if its loop has an end. In
a cycle that multiplies or that adds two of its own values, an integer may be any of its type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from gochan.port import library
from gochan.port.cells import Cell, Instance, Source
from gochan.port.guards import Comparison, Guards
from gochan.port.intervals import HUGE, RANGES, TOP, ZERO, Interval, apply, clamp, point
from gochan.port.kinds import callee, core, may_be_integer, pointee, unparen
from gochan.port.tree import Node, Program, Type
from gochan.port.wholeprogram import Cells

# A port that takes as many steps runs for minutes in the tightest loop. An integer of 64 bits that grows by
# less than 2**31 a step does not leave its type by then; a smaller one may.
STEPS = 1 << 31
FAR = STEPS << 10  # more steps than any loop that counts to a limit makes
PASSES = 3
BYTE = Interval(0, 255)
OPERATORS = ("+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^", "&^")


class Growth(NamedTuple):
    """How an expression depends on the cells of a cycle.

    Its value is in `base`, or it is a value of the cycle, or one nearer to zero, with something from
    `step` added. `wild` says that it may be anything.
    """

    base: Interval | None = None
    step: Interval | None = None  # None: it is no value of the cycle
    lo: int = -HUGE  # what a condition says of the value
    hi: int = HUGE
    negated: bool = False
    bitwise: bool = False
    leaves: bool = False  # it adds up results of recursive calls, each of which it uses once
    wild: bool = False


WILD = Growth(wild=True)


def constant(interval: Interval) -> Growth:
    return Growth(base=interval)


class Ranges:
    """The answers to: does this operation need a wrap, is that expression never negative."""

    def __init__(self, program: Program) -> None:
        self._cells = Cells(program)
        self._guards = Guards(program)
        self._values: dict[Cell, Interval] = {}
        self._cycle: set[Cell] = set()
        self._reach = TOP  # what the types of all operations of the cycle hold
        self._read: set[Cell] | None = None
        self._answers: dict[tuple[str, int], bool] = {}
        self._solve()

    # Questions

    def needs_wrap(self, n: Node) -> bool:
        """Return whether the result of an operation may leave its type.

        The node is a binary or unary expression, a conversion, `x += y` or `x++`.
        """
        return self._ask("wrap", n, lambda instance: self._overflows(instance, n))

    def non_negative(self, n: Node) -> bool:
        """Return whether an integer expression is never negative."""
        if n.const is not None:
            return isinstance(n.const.value, int) and n.const.value >= 0
        return not self._ask("negative", n, lambda instance: self._interval(instance, n).lo < 0)

    def interval(self, n: Node) -> Interval:
        """Return an interval that holds all values of an integer expression."""
        found = [self._interval(instance, n) for instance in self._instances(n)]
        if not found:
            return _range(n.type)
        whole = found[0]
        for one in found[1:]:
            whole = whole.join(one)
        return whole

    def _ask(self, question: str, n: Node, test: Callable[[Instance], bool]) -> bool:
        key = (question, n.id)
        if key not in self._answers:
            instances = self._instances(n)
            self._answers[key] = not instances or any(test(instance) for instance in instances)
        return self._answers[key]

    def _instances(self, n: Node) -> list[Instance]:
        """Return the instances of the function around a node; none for a node that is not of the tree."""
        at = n
        while at.parent is not None:
            at = at.parent
        if self._cells.program.nodes.get(n.id) is not n:
            return []
        if at.kind == "FuncDecl":
            return self._cells.instances.get(at.id, [])
        return [self._cells.start]

    def _overflows(self, instance: Instance, n: Node) -> bool:
        n = unparen(n)
        if n.const is not None:
            return False
        t = n.X.type if n.kind == "IncDecStmt" else n.Lhs[0].type if n.kind == "AssignStmt" else n.type
        if t is not None and t.kind == "typeparam":
            return True
        return not self._raw(instance, n).within(_range(t))

    # Solving

    def _solve(self) -> None:
        cells = self._all_cells()
        dependencies = {cell: self._dependencies(cell) for cell in cells}
        components = _components(cells, dependencies)
        for _ in range(PASSES):
            before = dict(self._values)
            for component in components:
                self._settle(component, dependencies)
            if before == self._values:
                break

    def _all_cells(self) -> list[Cell]:
        """Return all cells that have sources, and those that these read."""
        found: dict[Cell, None] = {}
        pending = [*self._cells.every_cell()]
        while pending:
            cell = pending.pop().find()
            if cell not in found:
                found[cell] = None
                pending.extend(self._dependencies(cell))
        return list(found)

    def _dependencies(self, cell: Cell) -> set[Cell]:
        read: set[Cell] = set()
        self._read = read
        for source in cell.sources:
            self._source(source)
        self._read = None
        return read

    def _settle(self, component: list[Cell], dependencies: dict[Cell, set[Cell]]) -> None:
        """Find the values of cells that depend on each other."""
        [first, *rest] = component
        if not rest and first not in dependencies[first]:
            self._narrow([first])
            return
        known = [cell for cell in component if cell in self._values]
        if len(known) < len(component):
            grown = self._grow(component)
            for cell in component:
                self._values[cell] = grown
        else:
            grown = self._grow(component)
            for cell in component:
                self._values[cell] = self._values[cell].meet(grown)
        self._find_non_negative(component)
        for _ in range(2):
            self._narrow(component)

    def _narrow(self, component: Iterable[Cell]) -> None:
        for cell in component:
            found = self._join([self._source(source) for source in cell.sources])
            old = self._values.get(cell)
            if found is not None:
                self._values[cell] = found.meet(old) if old is not None else found

    @staticmethod
    def _join(intervals: Iterable[Interval]) -> Interval | None:
        whole: Interval | None = None
        for one in intervals:
            whole = whole.join(one) if whole is not None else one
        return whole

    def _grow(self, component: list[Cell]) -> Interval:
        """Return an interval that all cells of a cycle stay in."""
        self._cycle = set(component)
        self._reach = TOP
        sources = [source for cell in component for source in cell.sources]
        growths = [self._source_growth(source) for source in sources]
        leaves = any(growth.leaves for growth in growths) and self._used_once(component)
        if any(growth.wild or (growth.leaves and not leaves) for growth in growths):
            self._cycle = set()
            return TOP
        base = self._join([growth.base for growth in growths if growth.base is not None]) or ZERO
        up = down = 0
        once_up = once_down = 0  # by statements that run less often than STEPS
        steps = FAR if any(_is_small(source) for source in sources) else STEPS
        far_up = far_down = 0
        for growth, source in zip(growths, sources, strict=True):
            if growth.step is None:
                continue
            trips = self._executions(source.instance, source.node)
            if len(component) == 1:
                trips = min(trips, self._trips(source, component[0]))
            if trips < STEPS:
                once_up += trips * max(growth.step.hi, 0)
                once_down += trips * max(-growth.step.lo, 0)
                continue
            if max(growth.step.hi, 0) * FAR < growth.hi < HUGE:  # of `i < n`, where n may be anything
                far_up = max(far_up, growth.step.hi)
            elif growth.hi < HUGE:
                base = base.join(Interval(min(base.lo, growth.hi), growth.hi))
            else:
                up = max(up, growth.step.hi)
            if -HUGE < growth.lo < min(growth.step.lo, 0) * FAR:
                far_down = max(far_down, -growth.step.lo)
            elif growth.lo > -HUGE:
                base = base.join(Interval(growth.lo, max(base.hi, growth.lo)))
            else:
                down = max(down, -growth.step.lo)
        if leaves:
            up, down = up + max(base.hi, 0), down + max(-base.lo, 0)
        up, down = up * steps + once_up + far_up * FAR, down * steps + once_down + far_down * FAR
        whole = Interval(clamp(base.lo - down), clamp(base.hi + up))
        if any(growth.negated for growth in growths):
            top = clamp(base.magnitude + max(up, down))
            whole = Interval(-top, top)
        if any(growth.bitwise for growth in growths):
            whole = TOP if up or down else apply("|", whole, whole)
        if any(growth.step is not None for growth in growths) and whole.lo > 0:
            whole = Interval(0, whole.hi)  # what is divided comes near to zero
        if whole.hi < 0:
            whole = Interval(whole.lo, 0)
        self._cycle = set()
        return whole if whole.within(self._reach) else TOP  # a wrap leads anywhere

    def _trips(self, source: Source, cell: Cell) -> int:
        """Return how often an assignment runs before its variable is declared anew, or STEPS."""
        if source.instance is None or source.node is None:
            return STEPS
        statement = source.node
        while statement.parent is not None and statement.kind not in ("AssignStmt", "IncDecStmt"):
            if statement.kind in ("FuncLit", "BlockStmt", "CallExpr"):
                return STEPS
            statement = statement.parent
        if statement.kind not in ("AssignStmt", "IncDecStmt"):
            return STEPS
        target = unparen(statement.X if statement.kind == "IncDecStmt" else statement.Lhs[0])
        if (
            target.kind != "Ident"
            or target.obj is None
            or (statement.kind == "AssignStmt" and len(statement.Lhs) > 1)
        ):
            return STEPS
        if target.obj.addr_taken or self._cells.cell(source.instance, target.obj).find() is not cell:
            return STEPS
        trips, at = 1, statement.parent
        while at is not None and at.id != target.obj.scope_id:
            if at.kind in ("ForStmt", "RangeStmt"):
                trips *= self._iterations(source.instance, at)
            if at.kind in ("FuncDecl", "FuncLit"):
                own = at.id == target.obj.func and not self._guards.jumps(at)
                return min(trips, STEPS) if own else STEPS
            at = at.parent
        if at is None or at.kind in ("ForStmt", "RangeStmt") or self._guards.jumps(at):
            return STEPS
        return min(trips, STEPS)

    def _executions(self, instance: Instance | None, n: Node | None) -> int:
        """Return how often a node is reached in the whole run of the program, or STEPS."""
        trips = 1
        while instance is not None and n is not None and trips < STEPS:
            child, at = n, n.parent
            while at is not None and trips < STEPS:
                if at.kind in ("ForStmt", "RangeStmt"):
                    trips *= self._iterations(instance, at)
                elif child.kind == "FuncLit":
                    called = at.kind == "CallExpr" and at.Fun is child
                    if not called or self._guards.jumps(child):
                        return STEPS
                child, at = at, at.parent
            if child.kind != "FuncDecl":
                return min(trips, STEPS)  # a variable of a package
            if instance.repeated or self._guards.jumps(child):
                return STEPS
            if instance.parent is None:
                return min(trips, STEPS)  # main
            instance, n = instance.parent, instance.call
        return STEPS

    def _iterations(self, instance: Instance, loop: Node) -> int:
        """Return the most iterations that a loop makes, or STEPS."""
        if loop.kind == "RangeStmt":
            if loop.over in ("slice", "array", "ptrarray"):
                return min(self._length(instance, loop.X).hi, STEPS)
            if loop.over == "int":
                return min(max(self._interval(instance, loop.X).hi, 0), STEPS)
            return STEPS
        init, cond, post = loop.Init, loop.Cond, loop.Post
        if (
            init is None
            or cond is None
            or post is None
            or post.kind != "IncDecStmt"
            or init.kind != "AssignStmt"
        ):
            return STEPS
        counter = unparen(post.X)
        if counter.kind != "Ident" or counter.obj is None or self._guards.assignments(counter.obj) != [post]:
            return STEPS
        if init.Tok != ":=" or len(init.Lhs) != 1 or init.Lhs[0].obj is not counter.obj:
            return STEPS
        if counter.obj.addr_taken:
            return STEPS
        start = self._interval(instance, init.Rhs[0])
        limits = Interval(-HUGE, HUGE)
        for comparison in self._guards.of_condition(cond, counter.obj):
            found = self._limits(instance, comparison)
            limits = limits.meet(found) if found is not None else limits
        trips = limits.hi - start.lo + 1 if post.Tok == "++" else start.hi - limits.lo + 1
        return max(0, min(trips, STEPS))

    def _used_once(self, component: list[Cell]) -> bool:
        """Return whether a cycle has only results of functions, so that no value is used twice."""
        variables = self._cells.variables()
        return not any(cell in variables for cell in component)

    def _find_non_negative(self, component: list[Cell]) -> None:
        """Find which cells of a cycle never hold a negative integer, by induction over the steps."""
        old = {cell: self._values[cell] for cell in component}
        assumed = {cell for cell in component if old[cell].lo < 0}
        while assumed:
            for cell in assumed:
                self._values[cell] = Interval(0, max(old[cell].hi, 0))
            refuted = {
                cell for cell in assumed if any(self._source(source).lo < 0 for source in cell.sources)
            }
            for cell in refuted:
                self._values[cell] = old[cell]
            if not refuted:
                return
            assumed -= refuted

    # Sources of cells

    def _source(self, source: Source) -> Interval:
        if source.interval is not None:
            return source.interval
        if source.cell is not None:
            return self._load(source.cell)
        assert source.instance is not None and source.node is not None
        if source.node.kind in ("AssignStmt", "IncDecStmt"):
            left = source.node.Lhs[0] if source.node.kind == "AssignStmt" else source.node.X
            return _fit(self._raw(source.instance, source.node), left.type)
        if source.node.kind == "RangeStmt":
            if source.node.over == "int":
                top = min(self._interval(source.instance, source.node.X).hi, FAR)
            else:
                top = self._length(source.instance, source.node.X).hi
            return Interval(0, max(top - 1, 0))
        if _is_append(source.node):
            return apply("+", *self._appended(source.instance, source.node))
        return self._interval(source.instance, source.node)

    def _source_growth(self, source: Source) -> Growth:
        if source.interval is not None:
            return constant(source.interval)
        if source.cell is not None:
            if source.cell.find() in self._cycle:
                return Growth(step=ZERO)
            return constant(self._load(source.cell))
        assert source.instance is not None and source.node is not None
        instance, n = source.instance, source.node
        match n.kind:
            case "AssignStmt":
                self._reach = self._reach.meet(_range(n.Lhs[0].type))
                if not self._in_cycle(instance, n.Lhs[0]) and not self._in_cycle(instance, n.Rhs[0]):
                    return constant(self._source(source))
                return self._binary_growth(instance, n.Tok[:-1], n.Lhs[0], n.Rhs[0], n.Lhs[0].type)
            case "IncDecStmt":
                one = constant(point(1))
                self._reach = self._reach.meet(_range(n.X.type))
                return self._operation(n.Tok[0], self._growth(instance, n.X), one)
            case "RangeStmt":
                if n.over == "int" and self._in_cycle(instance, n.X):
                    return Growth(step=point(-1), base=ZERO)
                return constant(self._source(source))
            case "CallExpr" if _is_append(n):
                first, more = self._appended(instance, n)
                if n.Ellipsis and self._in_cycle(instance, n.Args[1]):
                    return WILD
                length = self._cells.reference(instance, n).part("len").find()
                return Growth(step=more) if length in self._cycle else constant(apply("+", first, more))
        return self._growth(instance, n)

    def _appended(self, instance: Instance, n: Node) -> tuple[Interval, Interval]:
        """Return the length before a call of append, and the number of elements that it adds."""
        first = self._load(self._cells.reference(instance, n).part("len"))
        if not n.Ellipsis:
            return first, point(len(n.Args) - 1)
        return first, self._length(instance, n.Args[1])

    def _length(self, instance: Instance, n: Node) -> Interval:
        """Return the values of len(n)."""
        t = n.type
        under = core(pointee(t)) if t is not None else None
        if under is not None and under.kind == "array":
            return point(under.len)
        if under is None or under.kind != "slice":
            return library.LENGTH
        reference = self._cells.reference(instance, n)
        if reference.escaped or reference.foreign:
            return library.LENGTH
        return self._load(reference.part("len")).meet(library.LENGTH)

    def _load(self, cell: Cell) -> Interval:
        cell = cell.find()
        if self._read is not None:
            self._read.add(cell)
        return self._values.get(cell, TOP if cell.sources else ZERO)

    # Intervals of expressions

    def _interval(self, instance: Instance, n: Node) -> Interval:
        """Return the values of an expression, after a wrap if it needs one."""
        n = unparen(n)
        if n.const is not None:
            value = n.const.value
            return point(value) if isinstance(value, int) else _range(n.type)
        return _fit(self._raw(instance, n), n.type)

    def _raw(self, instance: Instance, n: Node) -> Interval:
        """Return the values of an expression before a wrap."""
        if n.const is not None:
            return self._interval(instance, n)
        match n.kind:
            case "ParenExpr":
                return self._raw(instance, n.X)
            case "Ident":
                return self._guarded(instance, n)
            case "SelectorExpr" | "StarExpr":
                cell = self._cells.place(instance, n)
                return self._load(cell) if cell is not None else _range(n.type)
            case "IndexExpr":
                return self._element(instance, n)
            case "UnaryExpr":
                return self._unary(instance, n)
            case "BinaryExpr" if n.Op in OPERATORS:
                if n.Op == "-" and self._is_descending(n.X, n.Y):
                    found = apply(n.Op, self._interval(instance, n.X), self._interval(instance, n.Y))
                    return found.meet(Interval(0, HUGE))
                return apply(n.Op, self._interval(instance, n.X), self._interval(instance, n.Y))
            case "AssignStmt":
                left, right = self._interval(instance, n.Lhs[0]), self._interval(instance, n.Rhs[0])
                return apply(n.Tok[:-1], left, right)
            case "IncDecStmt":
                return apply(n.Tok[0], self._interval(instance, n.X), point(1))
            case "CallExpr":
                return self._call(instance, n)
            case "TypeAssertExpr" if n.Type is not None:
                return self._load(self._cells.box(n.Type.type))
        return _range(n.type)

    def _guarded(self, instance: Instance, n: Node) -> Interval:
        """Return the values of a variable, as far as the conditions around it allow."""
        if n.obj is None or n.obj.kind != "var":
            return _range(n.type)
        found = self._load(self._cells.cell(instance, n.obj)).meet(_range(n.type))
        for comparison in self._guards.known(n):
            limits = self._limits(instance, comparison)
            if limits is not None:
                found = found.meet(limits)
            elif comparison.op == "!=" and (other := comparison.other.const) is not None:
                if other.value == found.lo < found.hi:
                    found = Interval(found.lo + 1, found.hi)
                elif found.lo < found.hi == other.value:
                    found = Interval(found.lo, found.hi - 1)
        return found

    def _is_descending(self, x: Node, y: Node) -> bool:
        """Return whether conditions say that one variable is not less than another."""
        x, y = unparen(x), unparen(y)
        if x.kind != "Ident" or y.kind != "Ident":
            return False
        pairs = ((x, (">", ">="), y), (y, ("<", "<="), x))
        return all(
            any(
                known.op in ops
                and unparen(known.other).kind == "Ident"
                and unparen(known.other).obj is other.obj
                for known in self._guards.known(one)
            )
            for one, ops, other in pairs
        )

    def _limits(self, instance: Instance, comparison: Comparison) -> Interval | None:
        if not may_be_integer(comparison.other.type) and comparison.other.const is None:
            return None
        # What the limit is does not make the variable depend on it.
        read, self._read = self._read, None
        other = self._interval(instance, comparison.other)
        self._read = read
        match comparison.op:
            case "<":
                return Interval(-HUGE, other.hi - 1)
            case "<=":
                return Interval(-HUGE, other.hi)
            case ">":
                return Interval(other.lo + 1, HUGE)
            case ">=":
                return Interval(other.lo, HUGE)
            case "==":
                return other
        return None

    def _element(self, instance: Instance, n: Node) -> Interval:
        t = n.X.type
        if t is None or t.under.kind == "signature":
            return _range(n.type)
        kind = core(pointee(t)).kind
        if kind == "basic":
            return BYTE
        cell = self._cells.place(instance, n)
        if cell is None:
            return _range(n.type)
        found = self._load(cell)
        return found.join(ZERO) if kind == "map" else found

    def _unary(self, instance: Instance, n: Node) -> Interval:
        if n.Op == "<-":
            return self._load(self._cells.reference(instance, n.X).part("elem")).join(ZERO)
        if n.Op not in ("-", "+", "^"):
            return _range(n.type)
        x = self._interval(instance, n.X)
        if n.Op == "-":
            return Interval(-x.hi, -x.lo)
        return x if n.Op == "+" else Interval(-x.hi - 1, -x.lo - 1)

    def _call(self, instance: Instance, n: Node) -> Interval:
        if n.call == "conversion":
            inner = n.Args[0]
            return self._interval(instance, inner) if may_be_integer(inner.type) else _range(n.type)
        if n.call == "builtin":
            return self._builtin(instance, n)
        results = self._cells.call(instance, n)
        if results is None:
            return self._library(instance, n)
        return self._load(results[0]) if results else TOP

    def _builtin(self, instance: Instance, n: Node) -> Interval:
        fun = unparen(n.Fun)
        match fun.Name if fun.kind == "Ident" else "":
            case "len":
                return self._length(instance, n.Args[0])
            case "cap":
                array = core(pointee(n.Args[0].type)) if n.Args[0].type is not None else None
                return point(array.len) if array is not None and array.kind == "array" else library.LENGTH
            case "copy":
                return library.LENGTH
            case "min":
                found = [self._interval(instance, arg) for arg in n.Args]
                return Interval(min(x.lo for x in found), min(x.hi for x in found))
            case "max":
                found = [self._interval(instance, arg) for arg in n.Args]
                return Interval(max(x.lo for x in found), max(x.hi for x in found))
        return _range(n.type)

    def _library(self, instance: Instance, n: Node) -> Interval:
        fun = callee(n)
        name = fun.obj.full if fun.kind in ("Ident", "SelectorExpr") and fun.obj is not None else ""
        t = n.type.types[0] if n.type is not None and n.type.kind == "tuple" else n.type
        if name in library.RESULTS:
            return library.RESULTS[name]
        for table, less in ((library.BELOW, 1), (library.UP_TO, 0)):
            if name in table:
                top = self._interval(instance, n.Args[table[name]]).hi - less
                return Interval(0, max(top, 0)).meet(_range(t))
        return _range(t)

    # Growth of expressions in a cycle

    def _in_cycle(self, instance: Instance, n: Node) -> bool:
        """Return whether an expression's value depends on a cell of the cycle."""
        outer = self._read
        read: set[Cell] = set()
        self._read = read
        if n.type is not None and core(n.type).kind == "slice":
            self._length(instance, n)
        else:
            self._raw(instance, unparen(n))
        self._read = outer
        return not read.isdisjoint(self._cycle)

    def _growth(self, instance: Instance, n: Node) -> Growth:
        n = unparen(n)
        if n.const is not None or not self._in_cycle(instance, n):
            return constant(self._interval(instance, n))
        self._reach = self._reach.meet(_range(n.type))
        match n.kind:
            case "Ident":
                return self._capped(instance, n)
            case "SelectorExpr" | "StarExpr" | "IndexExpr" | "TypeAssertExpr":
                return Growth(step=ZERO, base=ZERO)
            case "UnaryExpr" if n.Op == "<-":
                return Growth(step=ZERO, base=ZERO)
            case "UnaryExpr":
                return self._unary_growth(instance, n)
            case "BinaryExpr":
                return self._binary_growth(instance, n.Op, n.X, n.Y, n.type)
            case "CallExpr":
                return self._call_growth(instance, n)
        return WILD

    def _capped(self, instance: Instance, n: Node) -> Growth:
        growth = Growth(step=ZERO)
        for comparison in self._guards.known(n):
            if self._depends(instance, comparison.other):
                continue  # a limit that grows itself
            limits = self._limits(instance, comparison)
            if limits is not None:
                growth = growth._replace(lo=max(growth.lo, limits.lo), hi=min(growth.hi, limits.hi))
        reach = _range(n.type)
        return growth._replace(
            lo=growth.lo if growth.lo > reach.lo else -HUGE, hi=growth.hi if growth.hi < reach.hi else HUGE
        )

    def _depends(self, instance: Instance, n: Node) -> bool:
        return n.const is None and self._in_cycle(instance, n)

    def _unary_growth(self, instance: Instance, n: Node) -> Growth:
        x = self._growth(instance, n.X)
        if x.wild or n.Op == "+":
            return x
        return self._operation("-", constant(ZERO if n.Op == "-" else point(-1)), x)

    def _binary_growth(self, instance: Instance, op: str, xn: Node, yn: Node, t: Type | None) -> Growth:
        x, y = self._growth(instance, xn), self._growth(instance, yn)
        if op in ("/", ">>"):
            mean = self._mean(instance, op, xn, y)
            if mean is not None:
                return mean
        if op == "+":
            between = self._between(instance, xn, yn)
            if between is not None:
                return between
            if x.step is not None and y.step is not None and _is_own_call(xn) and _is_own_call(yn):
                plain = x.base is None and y.base is None and not (x.negated or y.negated)
                return Growth(step=apply("+", x.step, y.step), leaves=True) if plain else WILD
        if op == "%" and y.step is None and not y.wild and y.base is not None:
            return constant(apply("%", _range(t), y.base))
        if op == "&":
            for one in (x, y):
                if one.step is None and one.base is not None and one.base.lo >= 0:
                    return constant(Interval(0, one.base.hi))
        return self._operation(op, x, y)

    def _mean(self, instance: Instance, op: str, xn: Node, y: Growth) -> Growth | None:
        """Return the growth of (a + b) / 2, which is between a and b, or nearer to zero."""
        xn = unparen(xn)
        least = 2 if op == "/" else 1
        if (
            xn.kind != "BinaryExpr"
            or xn.Op != "+"
            or y.step is not None
            or y.base is None
            or y.base.lo < least
        ):
            return None
        a, b = self._growth(instance, xn.X), self._growth(instance, xn.Y)
        if a.wild or b.wild or a.bitwise or b.bitwise or a.leaves or b.leaves:
            return None
        base = [one.base for one in (a, b) if one.base is not None]
        steps = [one.step for one in (a, b) if one.step is not None]
        return Growth(base=self._join([*base, ZERO]), step=self._join(steps), negated=a.negated or b.negated)

    def _between(self, instance: Instance, xn: Node, yn: Node) -> Growth | None:
        """Return the growth of a + (b-a)/2, which is between a and b."""
        xn, yn = unparen(xn), unparen(yn)
        if yn.kind != "BinaryExpr" or yn.Op not in ("/", ">>") or xn.kind != "Ident":
            return None
        difference, by = unparen(yn.X), yn.Y.const
        if difference.kind != "BinaryExpr" or difference.Op != "-" or by is None:
            return None
        b, a = unparen(difference.X), unparen(difference.Y)
        if a.kind != "Ident" or a.obj is not xn.obj or not isinstance(by.value, int) or by.value < 1:
            return None
        if (yn.Op == "/" and by.value < 2) or b.kind not in ("Ident", "BasicLit"):
            return None
        one, other = self._growth(instance, a), self._growth(instance, b)
        if one.wild or other.wild:
            return None
        base = [growth.base for growth in (one, other) if growth.base is not None]
        steps = [growth.step for growth in (one, other) if growth.step is not None]
        return Growth(base=self._join(base), step=self._join([*steps, ZERO]))

    def _operation(self, op: str, x: Growth, y: Growth) -> Growth:
        """Return the growth of an operation on two values, of which at least one is of the cycle."""
        if x.wild or y.wild or ((x.leaves or y.leaves) and x.step is not None and y.step is not None):
            return WILD
        match op:
            case "+" | "-":
                if y.step is None and y.base is not None:
                    return self._shifted(op, x, y.base)
                if x.step is None and x.base is not None:
                    if op == "-":
                        y = Growth(
                            base=_minus(y.base),
                            step=_minus(y.step),
                            negated=True,
                            bitwise=y.bitwise,
                            lo=-y.hi,
                            hi=-y.lo,
                        )
                    return self._shifted("+", y, x.base)
            case "*":
                for one, other in ((x, y), (y, x)):
                    if other.step is None and other.base is not None and other.base.within(Interval(-1, 1)):
                        return self._toward_zero(one, negated=other.base.lo < 0)
            case "/":
                if x.step is not None:
                    return self._toward_zero(x, negated=y.step is not None or y.base is None or y.base.lo < 0)
                if x.base is not None:
                    return constant(Interval(-x.base.magnitude, x.base.magnitude))
            case "%":
                if x.step is not None:
                    return self._toward_zero(x, negated=False)
                if x.base is not None:
                    return constant(Interval(min(x.base.lo, 0), max(x.base.hi, 0)))
            case ">>":
                if x.step is not None:
                    return self._toward_zero(x, negated=False)
                if x.base is not None:
                    return constant(Interval(min(x.base.lo, -1), max(x.base.hi, 0)))
            case "&" | "|" | "^" | "&^":
                bases = [one.base for one in (x, y) if one.base is not None]
                steps = [one.step for one in (x, y) if one.step is not None]
                step = self._join(steps) or ZERO
                return Growth(
                    base=self._join([*bases, ZERO]), step=step, negated=x.negated or y.negated, bitwise=True
                )
        return WILD

    @staticmethod
    def _shifted(op: str, x: Growth, by: Interval) -> Growth:
        delta = by if op == "+" else Interval(-by.hi, -by.lo)
        base = apply("+", x.base, delta) if x.base is not None else None
        step = apply("+", x.step, delta) if x.step is not None else None
        lo = x.lo + delta.lo if x.lo > -HUGE else x.lo
        hi = x.hi + delta.hi if x.hi < HUGE else x.hi
        return x._replace(base=base, step=step, lo=lo, hi=hi)

    @staticmethod
    def _toward_zero(x: Growth, *, negated: bool) -> Growth:
        base = (x.base or ZERO).join(ZERO)
        step = x.step.join(ZERO) if x.step is not None else None
        if negated:
            base = Interval(-base.magnitude, base.magnitude)
        # -1 is what a right shift of a negative integer ends at.
        return x._replace(
            base=base.join(point(-1)) if x.negated or negated else base,
            step=step,
            lo=-HUGE,
            hi=HUGE,
            negated=x.negated or negated,
        )

    def _call_growth(self, instance: Instance, n: Node) -> Growth:
        if n.call == "conversion":
            inner = n.Args[0].type
            if may_be_integer(inner) and _range(inner).within(_range(n.type)):
                return self._growth(instance, n.Args[0])
            return constant(_range(n.type))
        if n.call == "builtin":
            fun = unparen(n.Fun)
            if fun.kind == "Ident" and fun.Name == "len":
                return Growth(step=ZERO, base=ZERO)
            if fun.kind == "Ident" and fun.Name in ("min", "max"):
                return self._either([self._growth(instance, arg) for arg in n.Args])
            return WILD
        if self._cells.call(instance, n) is None:
            return constant(self._library(instance, n))
        return Growth(step=ZERO)

    def _either(self, growths: list[Growth]) -> Growth:
        if any(growth.wild or growth.leaves for growth in growths):
            return WILD
        return Growth(
            base=self._join([growth.base for growth in growths if growth.base is not None]),
            step=self._join([growth.step for growth in growths if growth.step is not None]),
            negated=any(growth.negated for growth in growths),
            bitwise=any(growth.bitwise for growth in growths),
        )


def _is_append(n: Node) -> bool:
    """Return whether an expression stands for the length of the slice that append returns."""
    return n.kind == "CallExpr" and n.type is not None and core(n.type).kind == "slice"


def _is_small(source: Source) -> bool:
    """Return whether an assignment is one of an integer of less than 64 bits."""
    n = source.node
    if n is None or n.kind == "RangeStmt":
        return False
    t = n.X.type if n.kind == "IncDecStmt" else n.Lhs[0].type if n.kind == "AssignStmt" else n.type
    return _range(t).hi < 1 << 62


def _minus(x: Interval | None) -> Interval | None:
    return Interval(-x.hi, -x.lo) if x is not None else None


def _is_own_call(n: Node) -> bool:
    """Return whether an expression is a call or a sum of calls, each of which it uses once."""
    n = unparen(n)
    if n.kind == "BinaryExpr" and n.Op == "+":
        return _is_own_call(n.X) or _is_own_call(n.Y)
    return n.kind == "CallExpr" and n.call == "call"


def _range(t: Type | None) -> Interval:
    if t is None or t.under.kind != "basic":
        return TOP
    return RANGES.get(t.under.name, TOP)


def _fit(found: Interval, t: Type | None) -> Interval:
    """Return the values after a wrap: all of the type if one may be outside."""
    whole = _range(t)
    return found if found.within(whole) else whole


def _components(cells: list[Cell], dependencies: dict[Cell, set[Cell]]) -> list[list[Cell]]:
    """Return the strongly connected components, those that others depend on first (Tarjan's algorithm)."""
    index: dict[Cell, int] = {}
    low: dict[Cell, int] = {}
    on_stack: set[Cell] = set()
    stack: list[Cell] = []
    found: list[list[Cell]] = []
    for root in cells:
        if root in index:
            continue
        work = [(root, iter(dependencies[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            cell, rest = work[-1]
            below = next(rest, None)
            if below is not None:
                if below not in index:
                    index[below] = low[below] = len(index)
                    stack.append(below)
                    on_stack.add(below)
                    work.append((below, iter(dependencies[below])))
                elif below in on_stack:
                    low[cell] = min(low[cell], index[below])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[cell])
            if low[cell] == index[cell]:
                component = []
                while True:
                    one = stack.pop()
                    on_stack.discard(one)
                    component.append(one)
                    if one is cell:
                        break
                found.append(component)
    return found
