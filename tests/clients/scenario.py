"""What a Python program does in a cluster, step by step; each line says what came of one. usage: scenario.py SOCKET NAME MARKER"""
import asyncio
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../clients/python"))
from ipc_client import IpcError, connect  # noqa: E402


async def reason(awaitable, say=lambda error: error.reason):
    try:
        return await awaitable
    except IpcError as error:
        return say(error)


async def main(path, name, marker):
    print("nobody", await reason(connect(f"{path}.not")))

    news = asyncio.get_running_loop().create_future()
    client = await connect(path, name=name, on={"app.told": lambda data, sender: news.set_result(f"{data['Text']} from {sender}")})
    print("registered", client.id)
    print("add", await client.call("add", [1, 2, 3, 4, 5]))
    begun = time.monotonic()
    print("time", await client.call("time", [1, 2, 3, 4, 5]), "later" if time.monotonic() - begun >= 0.09 else "at once")

    sums = await asyncio.gather(*(client.call("add", {"values": [i, 1]}) for i in range(10_000)))
    print("calls", sum(total == i + 1 for i, total in enumerate(sums)))

    print("text", await client.call("say", ["Grüße, 世界 𝄞"]))
    print("unknown", await reason(client.call("addd", [1]), str))
    print("closed", await reason(client.call("IWorkshop.ProcessIdAsync")))
    print("wrong", await reason(client.call("add", ["one"])))
    print("throws", await reason(client.call("fail", ["why"]), lambda error: f"{error.reason} {error.type} {error}"))
    print("late", await reason(client.call("wait", [""], timeout=0.05)))
    await client.send("app.tell", {"client": name, "text": "Grüße"}, target="worker/1")
    print("news", await news)

    waiting = asyncio.create_task(client.call("wait", [marker]))
    print("waiting", flush=True)
    print("ended", await reason(waiting))
    print("afterwards", await reason(client.call("add", [1])))
    await client.close()


sys.stdout.reconfigure(encoding="utf-8")
asyncio.run(main(*sys.argv[1:]))
