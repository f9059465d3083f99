from gochan import Chan, RecvChan, SendChan, close, go, run, sync


def worker(jobs: RecvChan[int], out: SendChan[int]) -> None:
    for job in jobs:
        out.send(job * job)


def main() -> None:
    jobs, out = Chan[int](), Chan[int]()
    wg = sync.WaitGroup()
    for _ in range(2):
        wg.go(worker, jobs, out)

    @go
    def feed() -> None:
        for job in range(1, 6):
            jobs.send(job)
        close(jobs)
        wg.wait()
        close(out)

    for result in out:
        print(result)


run(main)
