"""A worker and a client in another language, from docs/protocol.md and docs/wire-format.md alone. Pipes only.

usage: peer.py                a worker, started by a supervisor: it says who it is, sums bytes, and asks another worker for who that is
       peer.py SOCKET NAME    a client: asks worker 0 for a sum, prints it, and ends
"""
import array
import itertools
import os
import select
import socket
import struct
import sys

HELLO, WELCOME, REFUSED, READY, DIRECTORY, OPEN_LANE, LANE_OPENED, LANE_REFUSED, INBOUND_LANE, LANE_FAULTED, READER_GONE, LANE_ENDED, MESSAGES_LOST, STOP = range(1, 15)
PING, PULSE, DIRECTORY_KNOWN = 23, 24, 28
REQUEST, RESPONSE, ERROR = 2, 3, 4
INBOX, ANSWER = 0, 1
WORKER, CLIENT = 2, 3
LISTENER_FAILED = 1
FRAME = struct.Struct("<BBHiQqq")


def action_hash(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def pack(value):
    """As much of MessagePack as is written here."""
    if value is None:
        return b"\xc0"
    if isinstance(value, int):
        return struct.pack(">Bq", 0xD3, value)
    if isinstance(value, str):
        return struct.pack(">BI", 0xDB, len(value.encode())) + value.encode()
    return struct.pack(">BI", 0xDD, len(value)) + b"".join(map(pack, value))


def read_first(body):
    """The first member of a message: bytes, or a small number."""
    at = 1
    code = body[at]
    if code < 0x80:
        return code
    size = {0xC4: 1, 0xC5: 2, 0xC6: 4}[code]
    return body[at + 1 + size:]


def text(value):
    return struct.pack("<H", len(value.encode())) + value.encode()


def attach(descriptor):
    lane = socket.socket(fileno=descriptor)
    lane.setblocking(True)  # it comes as one that does not wait
    return lane


class Fields:
    def __init__(self, payload):
        self.payload, self.at = payload, 0

    def take(self, layout):
        values = struct.unpack_from("<" + layout, self.payload, self.at)
        self.at += struct.calcsize("<" + layout)
        return values if len(values) > 1 else values[0]

    def text(self):
        length = self.take("H")
        self.at += length
        return self.payload[self.at - length:self.at].decode()

    def peer(self):
        """The bytes of a peer, which are all that is needed to name it again."""
        start = self.at
        self.take("B")
        self.text()
        self.take("II")
        return self.payload[start:self.at]


class Peer:
    def __init__(self, kind, group, worker_id, incarnation, endpoint, secret, listens):
        self.listens = {action_hash(name): listener for name, listener in listens.items()}
        self.control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.control.connect(endpoint)
        self.buffer, self.descriptors = b"", []
        self.inbound = {}    # socket: [lane, peer, bytes, frames taken, bytes taken, acknowledgement to be sent, frames in it]
        self.outbound = {}   # (peer, kind): socket, or the frames that wait for it
        self.opening = {}    # number of a request for a lane: its key
        self.asked = {}      # correlation of a request of ours: what to do with the answer
        self.peers = {}      # (group, worker id): peer
        self.numbers = itertools.count(1)
        me = struct.pack("<B", kind) + text(group) + struct.pack("<II", worker_id, incarnation)
        self.send(HELLO, b"IPCW" + struct.pack("<H", 3) + me + secret + struct.pack("<I", len(listens)) + b"".join(map(text, listens)))

    def ask(self, peer, action, body, then):
        correlation = next(self.numbers)
        self.asked[correlation] = then
        self.write(peer, INBOX, FRAME.pack(2, REQUEST, 0, 32, action_hash(action), correlation, 0) + body)

    def on_directory(self):
        pass

    def send(self, kind, payload=b""):
        self.control.sendall(struct.pack("<IBBH", len(payload), kind, 0, 0) + payload)

    # Lanes

    def write(self, peer, kind, frame):
        lane = self.outbound.get((peer, kind))
        if isinstance(lane, socket.socket):
            lane.sendall(struct.pack("<I", len(frame)) + frame)
        elif lane is not None:
            lane.append(frame)
        else:
            self.outbound[peer, kind] = [frame]
            number = next(self.numbers)
            self.opening[number] = peer, kind
            self.send(OPEN_LANE, struct.pack("<I", number) + peer + struct.pack("<B", kind))

    def read(self, lane):
        data = lane.recv(1 << 16)
        state = self.inbound[lane]
        if not data:
            self.send(LANE_ENDED, struct.pack("<q", state[0]))
            del self.inbound[lane]
            lane.close()
            return
        state[2] += data
        while len(state[2]) >= 4 and len(state[2]) >= 4 + (length := struct.unpack_from("<I", state[2])[0]):
            frame, state[2] = state[2][4:4 + length], state[2][4 + length:]
            state[3], state[4] = state[3] + 1, state[4] + 4 + length
            self.handle(state[1], frame)
        self.acknowledge(lane)

    def acknowledge(self, lane):
        """What the socket does not take now is sent when it does, and then says more. Waiting for it here could wait for a writer that waits for us."""
        state = self.inbound[lane]
        if not state[5] and state[3] > state[6]:
            state[5], state[6] = struct.pack("<qqq", state[3], state[4], state[3]), state[3]
        try:
            state[5] = state[5][lane.send(state[5], socket.MSG_DONTWAIT):]
        except BlockingIOError:
            pass

    def handle(self, peer, frame):
        version, kind, _, begin, action, correlation, _ = FRAME.unpack_from(frame)
        if version != 2:
            sys.exit("another frame")
        body = frame[begin:]
        if kind == REQUEST:
            try:
                answer = self.listens[action](body, (peer, correlation))
            except Exception as error:
                self.answer(peer, ERROR, correlation, pack([LISTENER_FAILED, type(error).__name__, str(error), None]))
                return
            if answer is not None:
                self.answer(peer, RESPONSE, correlation, answer)
        elif kind in (RESPONSE, ERROR):
            self.asked.pop(correlation)(kind, body)

    def answer(self, peer, kind, correlation, body):
        self.write(peer, ANSWER, FRAME.pack(2, kind, 0, 32, 0, correlation, 0) + body)

    # Control messages

    def receive(self):
        data, ancillary, _, _ = self.control.recvmsg(1 << 16, socket.CMSG_SPACE(8 * 4), socket.MSG_CMSG_CLOEXEC)
        if not data:
            sys.exit("the supervisor has ended")
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                numbers = array.array("i")
                numbers.frombytes(content[:len(content) - len(content) % numbers.itemsize])
                self.descriptors += numbers
        self.buffer += data
        while len(self.buffer) >= 8 and len(self.buffer) >= 8 + (length := struct.unpack_from("<I", self.buffer)[0]):
            kind, count = self.buffer[4], self.buffer[5]
            own, self.descriptors = self.descriptors[:count], self.descriptors[count:]
            payload, self.buffer = self.buffer[8:8 + length], self.buffer[8 + length:]
            self.control_message(kind, Fields(payload), own)

    def control_message(self, kind, fields, descriptors):
        if kind == WELCOME:
            self.send(READY)
        elif kind == REFUSED:
            sys.exit("refused")
        elif kind == DIRECTORY:
            number, wants = fields.take("IB")
            for _ in range(fields.take("I")):
                for _ in range(fields.take("I")):
                    fields.text()
            for _ in range(fields.take("I")):
                peer = fields.peer()
                fields.take("BI")
                row = Fields(peer[1:])
                self.peers[row.text(), row.take("I")] = peer
            if wants:
                self.send(DIRECTORY_KNOWN, struct.pack("<I", number))
            self.on_directory()
        elif kind == PING:
            self.send(PULSE, struct.pack("<III", fields.take("I"), 0, 0) + text("") + b"\0")
        elif kind == INBOUND_LANE:
            lane_id, _, _ = fields.take("qBB")
            self.inbound[attach(descriptors[0])] = [lane_id, fields.peer(), b"", 0, 0, b"", 0]
        elif kind == LANE_OPENED:
            key = self.opening.pop(fields.take("I"), None)
            lane = attach(descriptors[0])
            if key is not None:
                waiting, self.outbound[key] = self.outbound[key], lane
                for frame in waiting:
                    self.write(*key, frame)
        elif kind == READER_GONE:
            fields.take("q")  # this worker does not count what it writes
            self.send(MESSAGES_LOST, fields.peer() + struct.pack("<q", 0) + text("it has ended"))
        elif kind == STOP and not fields.take("qB")[1]:
            sys.exit(0)

    def run(self):
        while True:
            unsent = [lane for lane, state in self.inbound.items() if state[5]]
            readable, writable, _ = select.select([self.control, *self.inbound], unsent, [])
            for lane in writable:
                self.acknowledge(lane)
            for ready in readable:
                self.receive() if ready is self.control else self.read(ready)


class Worker(Peer):
    def __init__(self, identity):
        version, self.group, worker_id, incarnation, _, endpoint, secret, _, _ = identity.split("|")
        if version != "3":
            sys.exit("another version")
        self.worker_id, self.incarnation = int(worker_id), int(incarnation)
        listens = {"app.who": self.who, "app.big": self.big, "app.relay": self.relay}
        super().__init__(WORKER, self.group, self.worker_id, self.incarnation, "\0" + endpoint, bytes.fromhex(secret), listens)

    # What it listens to: each gives the body of the answer, or None when that comes later.

    def who(self, body, asker):
        return pack([os.getpid(), os.getppid(), self.group, self.worker_id, self.incarnation, "python", "", os.environ.get("IPC_WORKER", ""), sys.argv[1:], os.getcwd()])

    def big(self, body, asker):
        return pack(sum(read_first(body)))

    def relay(self, body, asker):
        peer, asked = asker
        self.ask(self.peers["worker", read_first(body)], "app.who", pack([""]), lambda kind, answer: self.answer(peer, kind, asked, answer))


class Client(Peer):
    def __init__(self, path, name):
        self.has_asked = False
        super().__init__(CLIENT, name, 0, 0, path, bytes(32), {})

    def on_directory(self):
        worker = self.peers.get(("worker", 0))
        if worker and not self.has_asked:
            self.has_asked = True
            self.ask(worker, "IArithmetic.AddAsync", pack([[1, 2, 3, 4, 5]]), self.answered)

    def answered(self, kind, body):
        print(kind == RESPONSE, *body)
        sys.exit(0)


if len(sys.argv) == 3:
    Client(*sys.argv[1:]).run()
else:
    Worker(os.environ.pop("IPC_WORKER")).run()
