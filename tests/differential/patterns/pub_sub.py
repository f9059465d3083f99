"""Publish and subscribe: a broker owns the subscriptions; slow subscribers lose messages, others don't."""

from dataclasses import dataclass, field
from typing import NamedTuple

from gochan import Chan, close, default, go, recv, run, select, send, sync


class Message(NamedTuple):
    topic: str
    text: str


@dataclass(eq=False)
class Subscription:
    name: str
    topic: str
    inbox: Chan[Message]


@dataclass
class Broker:
    publish: Chan[Message] = field(default_factory=Chan[Message])
    subscribe: Chan[Subscription] = field(default_factory=Chan[Subscription])
    unsubscribe: Chan[Subscription] = field(default_factory=Chan[Subscription])
    quit: Chan[Chan[int]] = field(default_factory=Chan[Chan[int]])

    def serve(self) -> None:
        subscribers: list[Subscription] = []
        delivered = 0
        while True:
            match select(recv(self.subscribe), recv(self.unsubscribe), recv(self.publish), recv(self.quit)):
                case 0, s, _:
                    subscribers.append(s)
                    print("broker:", s.name, "wants", s.topic)
                case 1, s, _:
                    subscribers.remove(s)
                    close(s.inbox)
                    print("broker:", s.name, "leaves,", len(subscribers), "stay")
                case 2, m, _:
                    for s in subscribers:
                        if s.topic not in (m.topic, "*"):
                            continue
                        match select(send(s.inbox, m), default):
                            case 0, _, _:
                                delivered += 1
                            case _:
                                print("broker:", s.name, "misses", m.text)
                case _, reply, _:
                    for s in subscribers:
                        close(s.inbox)
                    reply << delivered
                    return


def main() -> None:
    b = Broker()
    go(b.serve)
    wg = sync.WaitGroup()

    def read(s: Subscription) -> None:
        n = 0
        for m in s.inbox:
            n += 1
            print(s.name, "reads", m.topic, m.text)
        print(s.name, "has read", n)

    def join(name: str, topic: str, capacity: int) -> Subscription:
        s = Subscription(name, topic, Chan[Message](capacity))
        b.subscribe << s
        wg.go(read, s)
        return s

    news = join("Nora", "news", 3)
    join("Wim", "weather", 1)
    join("Ann", "*", 8)
    for i in range(6):
        topic = ["news", "weather", "sports"][i % 3]
        b.publish << Message(topic, f"item {i}")
        print("published", topic, i)
    b.unsubscribe << news
    join("Late", "news", 0)
    for i in range(3):
        b.publish << Message("news", f"extra {i}")
        b.publish << Message("weather", f"storm {i}")
    reply = Chan[int]()
    b.quit << reply
    print("delivered", reply.recv())
    wg.wait()


if __name__ == "__main__":
    run(main)
