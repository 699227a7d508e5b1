import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromText, joined, toText } from "../src/vault/bytes.ts";

test("any bytes come back from base64url as they were, and need no escaping in an address", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const line = toText(bytes);
      assert.match(line, /^[\w-]*$/);
      assert.deepEqual([...fromText(line)], [...bytes]);
      assert.deepEqual([...joined(bytes, bytes)], [...bytes, ...bytes]);
    }),
  );
});
