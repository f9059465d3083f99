from gochan import Chan, run, runtime, sync


def download(page: int, sem: Chan[None]) -> None:
    sem.send(None)  # blocks while two others download
    print("page", page, "starts:", len(sem), "at once")
    runtime.gosched()  # other goroutines run
    sem.recv()


def main() -> None:
    sem = Chan[None](2)
    wg = sync.WaitGroup()
    for page in range(4):
        wg.go(download, page, sem)
    wg.wait()


run(main)
