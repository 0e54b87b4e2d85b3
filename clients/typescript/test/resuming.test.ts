import assert from "node:assert/strict";
import { test } from "node:test";

import { Change, StreamChangesRequest, StreamChangesResponse } from "@wikifeed/proto/v1";

import { UnavailableError, WikifeedError } from "../src/errors.js";
import { Backoff, RECONNECTING } from "../src/reconnecting.js";
import { changesRequest } from "../src/requests.js";
import { Resumption } from "../src/resuming.js";

function response(offsets: readonly number[], through: number): StreamChangesResponse {
  const changes = offsets.map((offset) => Change.fromPartial({ offset: BigInt(offset) }));
  return StreamChangesResponse.fromPartial({ changes, throughOffset: BigInt(through) });
}

function begun(after: number, until = 0): Resumption {
  return new Resumption(changesRequest({ until }, { after }), RECONNECTING);
}

function taken(core: Resumption): number[] {
  const offsets = [];
  for (let change = core.nextChange(); change !== undefined; change = core.nextChange()) {
    offsets.push(Number(change.offset));
  }
  return offsets;
}

function startOf(request: StreamChangesRequest): number | undefined {
  return request.start?.$case === "afterOffset" ? Number(request.start.value) : undefined;
}

test("what comes again is handed out once", () => {
  const core = begun(2);
  core.received(response([3, 4], 4));
  assert.deepEqual(taken(core), [3, 4]);
  core.received(response([3, 4, 5], 5));
  assert.deepEqual(taken(core), [5]);
  assert.equal(startOf(core.request()), 5);
});

test("a change is handled when the next one is asked for", () => {
  const core = begun(0);
  core.received(response([1, 2], 9));
  const handled = [0, 1, 2].map(() => {
    core.nextChange();
    return core.handled;
  });
  assert.deepEqual(handled, [0n, 1n, 9n]);
});

test("a batch without changes moves the place", () => {
  const core = begun(0);
  core.received(response([], 6));
  assert.deepEqual(core.nextBatch(), { changes: [], throughOffset: 6n });
  assert.equal(core.nextBatch(), undefined);
  assert.equal(core.handled, 6n);
});

test("the newest is asked for until something came", () => {
  const core = new Resumption(changesRequest({}, "newest"), RECONNECTING);
  assert.equal(core.request().start?.$case, "position");
  core.received(response([], 40));
  assert.equal(startOf(core.request()), 40);
});

test("errors that stay are thrown", () => {
  const core = begun(0);
  assert.ok(core.failed(new UnavailableError("away")) > 0);
  const broken = new WikifeedError("broken");
  assert.throws(() => core.failed(broken), broken);
});

test("no history of cuts loses or repeats a change", () => {
  for (let seed = 1; seed <= 2000; seed += 1) {
    const random = generator(seed);
    const log = Array.from({ length: 40 }, (_, index) => index + 1).filter(() => random(10) < 6);
    const core = begun(0, 40);
    const seen: number[] = [];
    while (!core.isAtEnd) {
      const after = startOf(core.request()) ?? Number.NaN;
      const from = after - random(4);
      const through = Math.min(40, after + random(9));
      core.received(
        response(
          log.filter((offset) => offset > from && offset <= through),
          through,
        ),
      );
      seen.push(...taken(core));
    }
    assert.deepEqual(seen, log, `seed ${seed}`);
  }
});

test("waits double to the longest and begin anew", () => {
  const backoff = new Backoff({ ...RECONNECTING, firstMs: 100, longestMs: 350 }, () => 0);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => backoff.waitMs()),
    [100, 200, 350, 350],
  );
  backoff.reset();
  assert.equal(backoff.waitMs(), 100);
  assert.equal(new Backoff(RECONNECTING, () => 1).waitMs(), 50);
});

/** Numbers below a bound that are the same for a seed (Park and Miller's generator). */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % bound;
  };
}
