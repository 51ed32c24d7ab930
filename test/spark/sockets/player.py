"""
Plays scripts over TCP, one server each, as a process of its own: nothing that keeps Spark's driver busy delays it.

First line in: `{"scripts": [...], "first": n, "interval": ms}`; out: `{"ports": [...]}`; and when the first n, those of them
that listen, have their readers: `{"connected": true}`. Second line in: the boundary that batch 1 begins at. Out at the end:
`{"faults": [...]}`, what was not done in time, for then the run is worth nothing.
"""

import asyncio
import json
import socket
import struct
import sys
import time

from sockets.script import data_of, time_of

LATE_MS = 1000
CONNECT_S = 30


class Server:
    """One script's."""

    def __init__(self, script):
        self.script = script
        self.connection = None
        self.waiting = asyncio.Queue()
        self.found = asyncio.Event()
        self.socket = socket.socket()
        self.socket.setblocking(False)
        # Bound and not listening, a port is refused to whoever tries it, and nobody else can have it.
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.listens = not any(step.get("do") in ("listen", "absent") for step in script)
        if self.listens:
            self.listen()

    def listen(self):
        self.socket.listen()
        self.accepting = asyncio.ensure_future(self.accept())

    async def accept(self):
        while True:
            connection, _ = await asyncio.get_running_loop().sock_accept(self.socket)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.waiting.put_nowait(connection)
            self.found.set()

    async def play(self, began, interval, faults):
        await until(began)
        if self.listens and not self.found.is_set():
            faults.append(f"port {self.port}: nobody had connected when batch 1 began")
        for step in self.script:
            due = time_of(step, began, interval)
            await until(due)
            try:
                await asyncio.wait_for(self.do(step), CONNECT_S)
            except (TimeoutError, OSError) as failure:
                faults.append(f"port {self.port}: {failure!r} at {json.dumps(step)[:80]}")
                return
            late = now() - due
            if late > LATE_MS:
                faults.append(f"port {self.port}: {late:.0f} ms late with {json.dumps(step)[:80]}")

    async def do(self, step):
        if step.get("do") == "listen":
            self.listen()
        if step.get("do") in ("listen", "absent"):
            return
        if self.connection is None:
            self.connection = await self.waiting.get()
        if "send" in step:
            await asyncio.get_running_loop().sock_sendall(self.connection, data_of(step))
            return
        if step["do"] == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.connection = None


def now():
    return time.time() * 1000


async def until(at):
    await asyncio.sleep(max(0, at - now()) / 1000)


def say(message):
    print(json.dumps(message), flush=True)


async def main():
    loop = asyncio.get_running_loop()
    plan = json.loads(sys.stdin.readline())
    servers = [Server(script) for script in plan["scripts"]]
    say({"ports": [server.port for server in servers]})
    first = [server.found.wait() for server in servers[: plan["first"]] if server.listens]
    try:
        await asyncio.wait_for(asyncio.gather(*first), CONNECT_S)
        say({"connected": True})
    except TimeoutError:
        say({"connected": False})
    # In a thread: connections are taken meanwhile.
    line = await loop.run_in_executor(None, sys.stdin.readline)
    faults = []
    if line:
        await asyncio.gather(*(server.play(int(line), plan["interval"], faults) for server in servers))
        say({"faults": faults})
    # The connections stay until nobody reads from them any more.
    await loop.run_in_executor(None, sys.stdin.readline)


asyncio.run(main())
