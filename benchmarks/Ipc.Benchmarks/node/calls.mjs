// Calls in JSON lines between two Node processes over a Unix socket: what a demo without a library comes to.
// Standard input: a line with milliseconds for each turn; standard output: the version and the server's process id, then calls a second for each turn.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import net from 'node:net';
import { createInterface } from 'node:readline';

function lines(socket, onLine) {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', chunk => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    let out = '';
    for (const part of parts) out += onLine(JSON.parse(part)) ?? '';
    if (out) socket.write(out);
  });
}

if (process.argv[3]) {
  const server = net.createServer(socket => lines(socket, ({ rid, args }) =>
    `${JSON.stringify({ rid, success: true, data: args.reduce((a, b) => a + b, 0) })}\n`));
  server.listen(process.argv[3], () => process.send('ready'));
  process.on('disconnect', () => process.exit(0));
} else {
  const inFlight = Number(process.argv[2]);
  const path = `/tmp/node-calls-${process.pid}.sock`;
  const server = fork(process.argv[1], [String(inFlight), path]);
  await once(server, 'message');
  const socket = net.connect(path);
  await once(socket, 'connect');
  rmSync(path);
  let next = 0, answered = 0, until = 0, done;
  const waiting = new Map();
  const call = () => {
    const rid = ++next;
    waiting.set(rid, 15);
    return `${JSON.stringify({ rid, method: 'add', args: [1, 2, 3, 4, 5] })}\n`;
  };
  lines(socket, ({ rid, data }) => {
    if (waiting.get(rid) !== data) throw new Error(`wrong answer ${data}`);
    waiting.delete(rid);
    answered++;
    if (performance.now() < until) return call();
    if (waiting.size === 0) done();
  });
  console.log(`${process.version} ${server.pid}`);
  for await (const line of createInterface({ input: process.stdin })) {
    const begin = performance.now();
    until = begin + Number(line);
    answered = 0;
    const turn = new Promise(resolve => { done = resolve; });
    let first = '';
    for (let i = 0; i < inFlight; i++) first += call();
    socket.write(first);
    await turn;
    console.log(answered * 1000 / (performance.now() - begin));
  }
  server.disconnect();
  socket.destroy();
}
