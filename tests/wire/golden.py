#!/usr/bin/python3
"""Writes golden/python3-msgpack.hex: one line per case, its name and its bytes as Python's msgpack gives them.

The cases are listed once more in WireCases.cs; the tests compare the library's bytes with these lines.
"""
import os
import msgpack

TIME = msgpack.Timestamp


def cases():
    yield "nil", None
    yield "true", True
    yield "false", False
    for number in (0, 1, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**53 - 1, 2**63 - 1, 2**64 - 1,
                   -1, -32, -33, -128, -129, -32768, -32769, -(2**31), -(2**31) - 1, -(2**53) + 1, -(2**63)):
        yield f"integer {number}", number
    for number in (0.5, -1.5, 1e300, 5e-324):
        yield f"double {number!r}", number
    for text in ("", "a", "ä€😀"):
        yield f"text {text}", text
    for length in (31, 32, 255, 256, 300):
        yield f"text of {length}", "a" * length
    for length in (0, 1, 255, 256):
        yield f"bytes of {length}", bytes(i % 256 for i in range(length))
    for length in (0, 1, 15, 16, 300):
        yield f"array of {length}", list(range(length))
    for length in (0, 1, 15, 16):
        yield f"map of {length}", {f"k{i}": i for i in range(length)}
    for length in (1, 2, 3, 4, 8, 16, 17, 256):
        yield f"extension of {length}", msgpack.ExtType(5, bytes(i % 256 for i in range(length)))
    yield "time epoch", TIME(0, 0)
    yield "time 32", TIME(1_795_000_000, 0)
    yield "time 64", TIME(1_795_000_000, 123_456_700)
    yield "time 96", TIME(-1, 500_000_000)
    yield "time first", TIME(-62135596800, 0)
    yield "guid", "01234567-89ab-cdef-0123-456789abcdef"
    yield "decimal", "12.500"
    yield "uri", "https://example.org/a?b=c"
    yield "duration", 36_000_000_000
    yield "time with offset", [TIME(1_795_000_000, 0), -90]
    yield "small record", [7, "näme", -(2**40), 0.25]
    yield "record with null", [None, None, None, None, None, None, None, None, None, None, None]
    yield "keyed record", ["b", None, 7, None, True]
    yield "union", [3, [2.5]]
    yield "nested", [[0, [1.5]], [1, ["Rex"]], [[3, [2.5]]]]
    yield "tree", [1, [[2, [], None]], None]
    yield "tuples", [[1, "a"], [2, "b", "00000000-0000-0000-0000-000000000000"], [3, "c"], ["d", 4], [[5, 6], [7]], [8], [1, 2, 3, 4, 5, 6, 7]]
    yield "dictionaries", [{"a": {1: [["x", [1, 2]], ["y", None]]}}, [[[1], []], []]]
    yield "binary members", [b"\x01\x02", b"", b"\x03", None]
    yield "foreign map", [[1, None, "b", {"Id": 2, "Title": None, "Numbers": [3]}], [1, ["t"]], {"x": 4, "why": 5}]


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden", "python3-msgpack.hex")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for name, value in cases():
            file.write(f"{name}: {msgpack.packb(value).hex()}\n")


main()
