"""A bank: transfers between accounts, each with a lock of its own, and an auditor who wants to see all."""

from dataclasses import dataclass, field
from typing import NamedTuple

from gochan import Chan, defer, defers, go, recv, run, runtime, select, send, sync
from gochan.sync import atomic


class BankError(Exception):
    pass


class PoorError(BankError):
    pass


@dataclass
class Account:
    id: int
    balance: int
    mu: sync.Mutex = field(default_factory=sync.Mutex)


class Bank:
    def __init__(self) -> None:
        self.audit = sync.RWMutex()
        self.accounts = [Account(i, 100) for i in range(4)]
        self.refused = atomic.Int32()

    @defers
    def transfer(self, source: int, target: int, amount: int) -> None:
        if source == target:
            raise BankError("from and to are the same")
        self.audit.rlock()
        defer(self.audit.runlock)
        # Always in the order of their ids: two transfers never wait for each other.
        first, second = self.accounts[min(source, target)], self.accounts[max(source, target)]
        first.mu.lock()
        defer(first.mu.unlock)
        runtime.gosched()
        second.mu.lock()
        defer(second.mu.unlock)
        if self.accounts[source].balance < amount:
            self.refused.add(1)
            raise PoorError(f"account {source}: not enough money")
        self.accounts[source].balance -= amount
        self.accounts[target].balance += amount

    def total(self) -> int:
        with self.audit:
            return sum(a.balance for a in self.accounts)


class Withdrawal(NamedTuple):
    amount: int
    done: Chan[bool]


class Teller:
    """Has the money in a goroutine of its own, where no lock is needed."""

    def __init__(self) -> None:
        self.deposits = Chan[int]()
        self.withdraws = Chan[Withdrawal]()
        self.balances = Chan[int]()

    def serve(self) -> None:
        balance = 0
        while True:
            match select(recv(self.deposits), recv(self.withdraws), send(self.balances, balance)):
                case 0, amount, _:
                    balance += amount
                case 1, w, _:
                    if w.amount <= balance:
                        balance -= w.amount
                        w.done << True
                    else:
                        w.done << False


def main() -> None:
    b = Bank()
    wg = sync.WaitGroup()

    def clerk(i: int) -> None:
        for n in range(3):
            source, target, amount = (i + n) % 4, (2 * i + 1) % 4, 30 + 10 * n * i
            err: BankError | None = None
            try:
                b.transfer(source, target, amount)
            except BankError as error:
                err = error
            poor = str(isinstance(err, PoorError)).lower()
            print("clerk", i, "from", source, "to", target, amount, "<nil>" if err is None else err, poor)

    def auditor() -> None:
        for _ in range(3):
            print("the auditor counts", b.total())
            runtime.gosched()

    for i in range(5):
        wg.go(clerk, i)
    wg.go(auditor)
    wg.wait()
    for a in b.accounts:
        print("account", a.id, "has", a.balance)
    print("refused:", b.refused.load(), "total:", b.total())

    t = Teller()
    go(t.serve)

    def customer(i: int) -> None:
        done = Chan[bool]()
        t.deposits << 10 * (i + 1)
        print(i, "sees", t.balances.recv())
        t.withdraws << Withdrawal(25, done)
        print(i, "has withdrawn:", str(done.recv()).lower())

    for i in range(3):
        wg.go(customer, i)
    wg.wait()
    print("left", t.balances.recv())


if __name__ == "__main__":
    run(main)
