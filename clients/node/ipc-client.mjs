import { createConnection } from 'node:net';

const DEFAULT_TIMEOUT = 30_000;

/** Why a message did not arrive or a call has no answer: `reason` is one of the names in docs/protocol.md. */
export class IpcError extends Error {
  constructor(reason, message, type) {
    super(message);
    this.name = 'IpcError';
    this.reason = reason;
    /** The exception's type, when a listener threw. */
    this.type = type;
  }
}

/** A connection to a cluster. */
export class Client {
  #socket;
  #handlers;
  #onError;
  #pending = new Map();
  #lastId = 0;
  #error;
  #rest = '';

  /**
   * Joins a cluster.
   * @param {string} path The client socket of the cluster.
   * @param {object} [options]
   * @param {string} [options.name] The name under which others can send to this program.
   * @param {Record<string, (data: any, from: string) => void>} [options.on] What to do with messages, by action; needs a name.
   * @param {(error: IpcError) => void} [options.onError] Hears of what concerns no call; by default a warning of the process.
   * @returns {Promise<Client>}
   */
  static async connect(path, options = {}) {
    const socket = createConnection(path);
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error) => reject(new IpcError('NotRunning', `No cluster listens at ${path}: ${error.message}`)));
    });
    const client = new Client(socket, options);
    if (options.name !== undefined) {
      try {
        client.id = await client.#ask({ register: options.name, actions: Object.keys(options.on ?? {}) }, DEFAULT_TIMEOUT);
      } catch (error) {
        client.close();
        throw error;
      }
    }
    return client;
  }

  /** Use `connect`. */
  constructor(socket, { on = {}, onError = (error) => process.emitWarning(error) }) {
    this.#socket = socket;
    this.#handlers = new Map(Object.entries(on));
    this.#onError = onError;
    /** Who this is in the cluster, for example `client1#1`; undefined without a name. */
    this.id = undefined;
    /** Resolves when the connection has ended, whoever ended it. */
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.setEncoding('utf8'); // puts characters together that come in two pieces
    socket.on('data', (text) => this.#receive(text));
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => this.#end(new IpcError('PeerGone', 'The cluster has closed the connection.')));
  }

  /**
   * Calls a method and gives its result.
   * @param {string} method An action such as `ICalculator.AddAsync`, or its short name `add`.
   * @param {any[] | object} [args] By place or by name.
   * @param {{ target?: string, timeout?: number }} [options] Who is asked, by default any worker; milliseconds, by default 30,000.
   */
  call(method, args = [], { target, timeout = DEFAULT_TIMEOUT } = {}) {
    return this.#ask({ method, args, target, timeout }, timeout);
  }

  /**
   * Sends a message; resolves when its targets have it.
   * @param {string} action
   * @param {any} [data]
   * @param {{ target?: string, timeout?: number }} [options] Who gets it, by default all workers.
   */
  send(action, data, { target, timeout = DEFAULT_TIMEOUT } = {}) {
    return this.#ask({ action, data, target }, timeout);
  }

  /** Leaves the cluster. What has no answer yet fails. */
  close() {
    this.#end(new IpcError('Canceled', 'This program has closed the connection.'));
    this.#socket.destroy();
  }

  #ask(request, timeout) {
    return new Promise((resolve, reject) => {
      if (this.#error) {
        reject(this.#error);
        return;
      }
      const rid = ++this.#lastId;
      const timer = setTimeout(() => {
        this.#pending.delete(rid);
        reject(new IpcError('Timeout', `No answer within ${timeout} ms.`));
      }, timeout);
      this.#pending.set(rid, { resolve, reject, timer });
      this.#socket.write(`${JSON.stringify({ rid, ...request })}\n`);
    });
  }

  #receive(text) {
    const lines = text.split('\n');
    lines[0] = this.#rest + lines[0];
    this.#rest = lines.pop();
    for (const line of lines) {
      this.#handle(JSON.parse(line));
    }
  }

  #handle(message) {
    if ('action' in message) {
      this.#handlers.get(message.action)?.(message.data, message.from);
      return;
    }
    const error = message.success ? undefined : new IpcError(message.error.reason, message.error.message, message.error.type);
    const pending = this.#pending.get(message.rid);
    if (pending) {
      this.#pending.delete(message.rid);
      clearTimeout(pending.timer);
      error ? pending.reject(error) : pending.resolve(message.data);
    } else if (message.rid === null && error) {
      this.#onError(error);
    }
  }

  #end(error) {
    this.#error ??= error;
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(this.#error);
    }
    this.#pending.clear();
  }
}

/** Joins a cluster: `Client.connect`. */
export const connect = Client.connect;
