from gochan import Chan, close, recv, run, select, send, sync


def main() -> None:
    jobs, out, quit = Chan[int](), Chan[int](), Chan[None]()
    wg = sync.WaitGroup()

    @wg.go
    def feed() -> None:
        job = 0
        while True:
            match select(send(jobs, job), recv(quit)):
                case 0, _, _:
                    job += 1
                case _:
                    close(jobs)
                    return

    def worker() -> None:
        for job in jobs:
            select(send(out, job * job), recv(quit))

    for _ in range(2):
        wg.go(worker)
    for _ in range(3):
        out.recv()
    print("three results are enough")
    close(quit)
    wg.wait()
    print("all goroutines have ended")


run(main)
