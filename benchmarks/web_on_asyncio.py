"""The service /search of examples/web.py on asyncio alone, for beside_asyncio.py to compare with."""

import asyncio
import random
import sys
from collections.abc import Iterable

from aiohttp import web

KINDS = ("web", "image", "video")
REPLICAS = 2
LIMIT = 0.08


async def ask(kind: str, query: str) -> tuple[str, str]:
    await asyncio.sleep(random.random() / 10)
    return kind, f"{kind} result for {query!r}"


async def search(request: web.Request) -> web.Response:
    query = request.query.get("q", "")
    results: dict[str, str] = {}
    tasks = {asyncio.create_task(ask(kind, query)) for kind in KINDS for _ in range(REPLICAS)}
    try:
        answers: Iterable[asyncio.Future[tuple[str, str]]] = asyncio.as_completed(tasks, timeout=LIMIT)
        for answer in answers:
            kind, result = await answer
            results.setdefault(kind, result)
            if len(results) == len(KINDS):
                break
    except TimeoutError:
        pass
    finally:
        for task in tasks:
            task.cancel()
    return web.json_response(results)


async def main(port: int) -> None:
    app = web.Application()
    app.add_routes([web.get("/search", search)])
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("serving http://{}:{}".format(*runner.addresses[0]), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
