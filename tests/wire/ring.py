"""A side of a ring in another language, from docs/wire-format.md alone.

usage: ring.py write RING DOORBELL LENGTH...    writes a one-way frame per length, numbered from 1, and rings
       ring.py read RING                        prints number and length of every frame from tail on, and gives the room back
RING and DOORBELL are paths of the segments, for example /proc/PID/fd/N.
"""
import ctypes
import mmap
import platform
import struct
import sys

PAGE = mmap.PAGESIZE
FRAME, PADDING = 1, 2
WHOLE = 3
SYS_FUTEX = {"x86_64": 202}.get(platform.machine(), 98)
FUTEX_WAKE = 1


def open_segment(path):
    with open(path, "r+b") as file:
        return mmap.mmap(file.fileno(), 0)


def load(memory, at):
    return struct.unpack_from("<Q", memory, at)[0]


def store(memory, at, value):
    struct.pack_into("<Q", memory, at, value)


def open_ring(path):
    memory = open_segment(path)
    magic, version = struct.unpack_from("<4sH", memory, 0)
    if magic != b"IPCR" or version != 1:
        sys.exit("not a ring")
    capacity = struct.unpack_from("<I", memory, 16)[0]
    if len(memory) != 3 * PAGE + capacity:
        sys.exit("another capacity")
    return memory, capacity


def record_size(length):
    return (8 + length + 7) & -8


def put(memory, position, capacity, kind, flags, content, length):
    at = 3 * PAGE + position % capacity
    memory[at + 8:at + 8 + len(content)] = content
    struct.pack_into("<IHH", memory, at, length, kind, flags)


def write(path, doorbell, lengths):
    memory, capacity = open_ring(path)
    for number, length in enumerate(lengths, 1):
        head = load(memory, PAGE)
        to_end = capacity - head % capacity
        size = record_size(length)
        needed = size if to_end >= size else to_end + size
        if capacity - (head - load(memory, 2 * PAGE)) < needed:
            sys.exit("no room")
        if to_end < size:
            put(memory, head, capacity, PADDING, 0, b"", to_end - 8)
            head += to_end
        # version, kind one-way, flags, body offset, action, correlation, deadline
        frame = struct.pack("<BBHIQqq", 2, 1, 0, 32, 7, number, 0) + bytes((number + i) & 255 for i in range(length - 32))
        put(memory, head, capacity, FRAME, WHOLE, frame, length)
        store(memory, PAGE, head + size)
        ring(doorbell)


def ring(path):
    memory = open_segment(path)
    if load(memory, 0) != 0:
        for bell in (PAGE, PAGE + 128):
            struct.pack_into("<I", memory, bell, struct.unpack_from("<I", memory, bell)[0] + 1 & 0xFFFFFFFF)
            word = ctypes.c_uint32.from_buffer(memory, bell)
            ctypes.CDLL(None).syscall(SYS_FUTEX, ctypes.byref(word), FUTEX_WAKE, 1, None, None, 0)
            del word


def read(path):
    memory, capacity = open_ring(path)
    position = load(memory, 2 * PAGE + 136)
    while position != load(memory, PAGE):
        at = 3 * PAGE + position % capacity
        length, kind, flags = struct.unpack_from("<IHH", memory, at)
        if kind == FRAME and flags == WHOLE:
            correlation = struct.unpack_from("<q", memory, at + 8 + 16)[0]
            print(correlation, length)
        elif kind != PADDING:
            sys.exit(f"kind {kind}, flags {flags}")
        position += record_size(length)
        store(memory, 2 * PAGE + 128, position)  # started
        store(memory, 2 * PAGE + 136, position)  # done
    store(memory, 2 * PAGE, position)  # tail


if sys.argv[1] == "write":
    write(sys.argv[2], sys.argv[3], [int(length) for length in sys.argv[4:]])
else:
    read(sys.argv[2])
