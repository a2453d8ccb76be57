// Reads a MessagePack value as a line of hex, answers with the same value encoded by @msgpack/msgpack and with what it saw, as JSON.
import { ExtData, ExtensionCodec, decode, decodeTimestampToTimeSpec, encode, encodeTimeSpecToTimestamp } from "@msgpack/msgpack";
import { createInterface } from "node:readline";

// A Date has milliseconds; the wire has nanoseconds.
class Time {
  constructor(spec) {
    this.spec = spec;
  }
}

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: -1,
  encode: (value) => (value instanceof Time ? encodeTimeSpecToTimestamp(value.spec) : null),
  decode: (data) => new Time(decodeTimestampToTimeSpec(data)),
});

function show(value) {
  if (value instanceof Uint8Array) {
    return { bin: Buffer.from(value).toString("hex") };
  }
  if (value instanceof Time) {
    return { time: [value.spec.sec, value.spec.nsec] };
  }
  if (value instanceof ExtData) {
    return { ext: [value.type, Buffer.from(value.data).toString("hex")] };
  }
  if (Array.isArray(value)) {
    return value.map(show);
  }
  if (typeof value === "bigint") {
    return { big: value.toString() };
  }
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, show(item)]));
  }
  return value;
}

const options = { extensionCodec, useBigInt64: true };
for await (const line of createInterface({ input: process.stdin })) {
  const value = decode(Buffer.from(line.trim(), "hex"), options);
  process.stdout.write(`${Buffer.from(encode(value, options)).toString("hex")} ${JSON.stringify(show(value))}\n`);
}
