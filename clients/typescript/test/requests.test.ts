import assert from "node:assert/strict";
import { test } from "node:test";

import type { BatchGetOptions, SubscribeOptions } from "../src/index.js";
import { changesRequest, openRequest } from "../src/requests.js";

test("a delay is told in seconds and nanoseconds, of which a second has less than a billion", () => {
  const told = (maxDelayMs: number | undefined) => {
    const { maxDelay } = changesRequest({ maxDelayMs }, "newest");
    assert.deepEqual(openRequest("index", { changes: { maxDelayMs } }).maxDelay, maxDelay);
    return maxDelay === undefined ? undefined : [maxDelay.seconds, maxDelay.nanos];
  };
  assert.equal(told(undefined), undefined);
  assert.deepEqual(told(0), [0n, 0]);
  assert.deepEqual(told(250), [0n, 250_000_000]);
  assert.deepEqual(told(2000.5), [2n, 500_000]);
  assert.deepEqual(told(999.9999999), [1n, 0]);
});

test("options that a call cannot say are no options of it", () => {
  // @ts-expect-error: keys name no revisions
  const many: BatchGetOptions = { fields: ["name"], revisionId: 7 };
  // @ts-expect-error: the server shares the pages of a subscription out
  const opening: SubscribeOptions = { changes: { projects: ["enwiki"], share: { index: 0, count: 2 } } };
  assert.ok(many && opening);
});

test("a subscription without changes keeps its filter, and one with changes replaces it", () => {
  assert.equal(openRequest("index", { maxUnacknowledged: 9 }).filter, undefined);
  const { filter, noBody } = openRequest("index", { changes: { namespaces: [14], noBody: true } });
  assert.deepEqual([filter?.namespaces, filter?.projects, noBody], [[14n], [], true]);
});
