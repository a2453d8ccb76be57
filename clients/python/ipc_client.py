"""Talks to a cluster of .NET worker processes over its client socket, in JSON lines. Standard library only."""

import asyncio
import inspect
import itertools
import json
import logging

__all__ = ["Client", "IpcError", "connect"]

DEFAULT_TIMEOUT = 30.0
MAX_LINE = 1 << 30

log = logging.getLogger(__name__)


class IpcError(Exception):
    """Why a message did not arrive or a call has no answer. ``reason`` is one of the names in docs/protocol.md, ``type`` the exception's when a listener threw."""

    def __init__(self, reason, message, type=None):
        super().__init__(message)
        self.reason = reason
        self.type = type


async def connect(path, name=None, on=None):
    """Joins a cluster.

    path: the client socket of the cluster.
    name: the name under which others can send to this program.
    on:   what to do with messages, by action: functions or coroutines of (data, sender). Needs a name.
    """
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=MAX_LINE)
    except OSError as error:
        raise IpcError("NotRunning", f"No cluster listens at {path}: {error}") from error
    client = Client(reader, writer, on or {})
    if name is not None:
        try:
            client.id = await client._ask({"register": name, "actions": list(on or {})}, DEFAULT_TIMEOUT)
        except BaseException:
            await client.close()
            raise
    return client


class Client:
    """A connection to a cluster. Made by ``connect``; an asynchronous context manager. Belongs to one event loop."""

    def __init__(self, reader, writer, on):
        self.id = None  #: who this is in the cluster, for example ``client1#1``; None without a name
        self._reader = reader
        self._writer = writer
        self._on = on
        self._pending = {}
        self._ids = itertools.count(1)
        self._error = None
        self._handling = set()
        self._receiving = asyncio.create_task(self._receive())

    async def call(self, method, args=(), *, target=None, timeout=DEFAULT_TIMEOUT):
        """Calls a method and gives its result.

        method:  an action such as ``ICalculator.AddAsync``, or its short name ``add``
        args:    a sequence by place, or a dict by name
        target:  who is asked; by default any worker
        timeout: in seconds
        """
        args = args if isinstance(args, dict) else list(args)
        return await self._ask({"method": method, "args": args, "target": target, "timeout": max(1, round(timeout * 1000))}, timeout)

    async def send(self, action, data=None, *, target=None, timeout=DEFAULT_TIMEOUT):
        """Sends a message, by default to all workers; returns when its targets have it."""
        await self._ask({"action": action, "data": data, "target": target}, timeout)

    async def close(self):
        """Leaves the cluster. What has no answer yet fails."""
        self._end(IpcError("Canceled", "This program has closed the connection."))
        self._receiving.cancel()
        self._writer.close()
        await asyncio.wait([self._receiving])

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.close()

    async def _ask(self, request, timeout):
        if self._error is not None:
            raise self._error
        rid = next(self._ids)
        answer = self._pending[rid] = asyncio.get_running_loop().create_future()
        line = json.dumps({"rid": rid, **{key: value for key, value in request.items() if value is not None}}, ensure_ascii=False)
        try:
            return await asyncio.wait_for(self._exchange(line, answer), timeout)
        except asyncio.TimeoutError:
            raise IpcError("Timeout", f"No answer within {timeout} s.") from None
        finally:
            self._pending.pop(rid, None)

    async def _exchange(self, line, answer):
        try:
            self._writer.write(line.encode() + b"\n")
            await self._writer.drain()
        except OSError:
            pass  # the connection is broken: _receive says so to all
        return await answer

    async def _receive(self):
        try:
            while line := await self._reader.readline():
                self._handle(json.loads(line))
        except (OSError, ValueError) as error:
            log.debug("The connection broke: %s", error)
        self._end(IpcError("PeerGone", "The cluster has closed the connection."))

    def _handle(self, message):
        if "action" in message:
            handler = self._on.get(message["action"])
            result = handler(message["data"], message["from"]) if handler else None
            if inspect.isawaitable(result):
                task = asyncio.ensure_future(result)
                self._handling.add(task)
                task.add_done_callback(self._handling.discard)
            return
        error = None
        if not message["success"]:
            error = IpcError(message["error"]["reason"], message["error"]["message"], message["error"].get("type"))
        answer = self._pending.pop(message["rid"], None)
        if answer is None or answer.done():
            if error is not None and message["rid"] is None:
                log.warning("%s: %s", error.reason, error)
        elif error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(message.get("data"))

    def _end(self, error):
        self._error = self._error or error
        for answer in self._pending.values():
            if not answer.done():
                answer.set_exception(self._error)
        self._pending.clear()
