from gochan import Chan, RecvChan, close, run, sync, time


def ask_directory(user: str) -> str:
    time.sleep(50 * time.MILLISECOND)  # a request to another machine
    return user.title()


class Names:
    """The names of users, each asked for once."""

    def __init__(self) -> None:
        self.mu = sync.Mutex()
        self.known = dict[str, str]()

    def lookup(self, user: str) -> str:
        with self.mu:
            if user not in self.known:
                self.known[user] = ask_directory(user)
            return self.known[user]


def worker(names: Names, users: RecvChan[str]) -> None:
    for user in users:
        names.lookup(user)


def main() -> None:
    start = time.now()
    names, users, wg = Names(), Chan[str](), sync.WaitGroup()
    for _ in range(4):
        wg.go(worker, names, users)
    for user in ("ada", "bob", "cleo", "dan", "eve", "finn", "gus", "hal", "ada", "bob"):
        users << user
    close(users)
    wg.wait()
    print(f"{len(names.known)} names in {time.since(start):.1f} s")


run(main)
