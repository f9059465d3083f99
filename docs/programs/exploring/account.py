from gochan import run, sync


def main() -> None:
    mu = sync.Mutex()
    balance = [100]
    wg = sync.WaitGroup()

    def withdraw(amount: int) -> None:
        with mu:
            enough = balance[0] >= amount
        if enough:
            with mu:
                balance[0] -= amount

    wg.go(withdraw, 80)
    wg.go(withdraw, 50)
    wg.wait()
    assert balance[0] >= 0, f"overdrawn: {balance[0]}"
    print(balance[0])


if __name__ == "__main__":
    run(main)
