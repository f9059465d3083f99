from gochan import Chan, defer, run, runtime, sync


def main() -> None:
    bridge = Chan[None](2)
    wg = sync.WaitGroup()

    def cross(lorry: int) -> None:
        bridge.send(None)
        defer(bridge.recv)
        print("lorry", lorry, "drives on,", len(bridge), "on the bridge")
        runtime.gosched()  # on its way; the others run
        print("lorry", lorry, "drives off")

    for lorry in range(5):
        wg.go(cross, lorry)
    wg.wait()


run(main)
