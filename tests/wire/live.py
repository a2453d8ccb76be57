#!/usr/bin/python3
"""Reads a MessagePack value as a line of hex, answers with the same value packed by Python's msgpack and with what it saw, as JSON."""
import json
import sys
import msgpack


def show(value):
    if isinstance(value, bytes):
        return {"bin": value.hex()}
    if isinstance(value, msgpack.Timestamp):
        return {"time": [value.seconds, value.nanoseconds]}
    if isinstance(value, msgpack.ExtType):
        return {"ext": [value.code, value.data.hex()]}
    if isinstance(value, (list, tuple)):
        return [show(item) for item in value]
    if isinstance(value, dict):
        return {str(key): show(item) for key, item in value.items()}
    return value


for line in sys.stdin:
    value = msgpack.unpackb(bytes.fromhex(line.strip()), strict_map_key=False)
    print(msgpack.packb(value).hex(), json.dumps(show(value), ensure_ascii=True, separators=(",", ":")), flush=True)
