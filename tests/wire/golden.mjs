// Writes golden/msgpack-javascript.hex: one line per case, its name and its bytes as @msgpack/msgpack gives them.
// The cases are listed once more in WireCases.cs; numbers that JavaScript cannot hold exactly are Python's alone.
import { ExtData, encode } from "@msgpack/msgpack";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const bytes = (length) => Uint8Array.from({ length }, (_, i) => i % 256);
const time = (seconds, nanoseconds = 0) => new Date(seconds * 1000 + nanoseconds / 1e6);

function* cases() {
  yield ["nil", null];
  yield ["true", true];
  yield ["false", false];
  for (const number of [0, 1, 127, 128, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1,
    -1, -32, -33, -128, -129, -32768, -32769, -(2 ** 31), -(2 ** 31) - 1, -(2 ** 53) + 1]) {
    yield [`integer ${number}`, number];
  }
  yield ["double 0.5", 0.5];
  yield ["double -1.5", -1.5];
  yield ["double 5e-324", 5e-324];
  for (const text of ["", "a", "ä€😀"]) {
    yield [`text ${text}`, text];
  }
  for (const length of [31, 32, 255, 256, 300]) {
    yield [`text of ${length}`, "a".repeat(length)];
  }
  for (const length of [0, 1, 255, 256]) {
    yield [`bytes of ${length}`, bytes(length)];
  }
  for (const length of [0, 1, 15, 16, 300]) {
    yield [`array of ${length}`, Array.from({ length }, (_, i) => i)];
  }
  for (const length of [0, 1, 15, 16]) {
    yield [`map of ${length}`, Object.fromEntries(Array.from({ length }, (_, i) => [`k${i}`, i]))];
  }
  for (const length of [1, 2, 3, 4, 8, 16, 17, 256]) {
    yield [`extension of ${length}`, new ExtData(5, bytes(length))];
  }
  yield ["time epoch", time(0)];
  yield ["time 32", time(1795000000)];
  yield ["time 96", time(-1, 500000000)];
  yield ["time first", time(-62135596800)];
  yield ["guid", "01234567-89ab-cdef-0123-456789abcdef"];
  yield ["decimal", "12.500"];
  yield ["uri", "https://example.org/a?b=c"];
  yield ["duration", 36000000000];
  yield ["time with offset", [time(1795000000), -90]];
  yield ["small record", [7, "näme", -(2 ** 40), 0.25]];
  yield ["record with null", Array(11).fill(null)];
  yield ["keyed record", ["b", null, 7, null, true]];
  yield ["union", [3, [2.5]]];
  yield ["nested", [[0, [1.5]], [1, ["Rex"]], [[3, [2.5]]]]];
  yield ["tree", [1, [[2, [], null]], null]];
  yield ["tuples", [[1, "a"], [2, "b", "00000000-0000-0000-0000-000000000000"], [3, "c"], ["d", 4], [[5, 6], [7]], [8], [1, 2, 3, 4, 5, 6, 7]]];
  yield ["binary members", [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3), null]];
  yield ["foreign map", [[1, null, "b", { Id: 2, Title: null, Numbers: [3] }], [1, ["t"]], { x: 4, why: 5 }]];
}

const lines = [...cases()].map(([name, value]) => `${name}: ${Buffer.from(encode(value)).toString("hex")}\n`);
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), "golden", "msgpack-javascript.hex"), lines.join(""));
