// What a Node program does in a cluster, step by step; each line says what came of one. usage: scenario.mjs SOCKET NAME MARKER
import { connect, IpcError } from '../../clients/node/ipc-client.mjs';

const [path, name, marker] = process.argv.slice(2);
const reason = (error) => (error instanceof IpcError ? error.reason : String(error));

console.log('nobody', await connect(`${path}.not`).catch(reason));

let heard;
const news = new Promise((resolve) => { heard = resolve; });
const client = await connect(path, { name, on: { 'app.told': (data, from) => heard(`${data.Text} from ${from}`) } });
console.log('registered', client.id);
console.log('add', await client.call('add', [1, 2, 3, 4, 5]));
const begun = Date.now();
console.log('time', await client.call('time', [1, 2, 3, 4, 5]), Date.now() - begun >= 90 ? 'later' : 'at once');

const sums = await Promise.all(Array.from({ length: 10_000 }, (_, i) => client.call('add', { values: [i, 1] })));
console.log('calls', sums.filter((sum, i) => sum === i + 1).length);

console.log('text', await client.call('say', ['Grüße, 世界 𝄞']));
console.log('unknown', await client.call('addd', [1]).catch((error) => error.message));
console.log('closed', await client.call('IWorkshop.ProcessIdAsync').catch(reason));
console.log('wrong', await client.call('add', ['one']).catch(reason));
console.log('throws', await client.call('fail', ['why']).catch((error) => `${reason(error)} ${error.type} ${error.message}`));
console.log('late', await client.call('wait', [''], { timeout: 50 }).catch(reason));
await client.send('app.tell', { client: name, text: 'Grüße' }, { target: 'worker/1' });
console.log('news', await news);

const waiting = client.call('wait', [marker]);
console.log('waiting');
console.log('ended', await waiting.catch(reason));
await client.closed;
console.log('afterwards', await client.call('add', [1]).catch(reason));
