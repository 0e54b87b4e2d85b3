import assert from "node:assert/strict";
import { test } from "node:test";

import { type ServerDuplexStream, status as Code } from "@grpc/grpc-js";
import * as wire from "@wikifeed/proto/v1";

import { type Delivery, NotFoundError } from "../src/index.js";
import { failure } from "./failure.js";
import { withServer, type Writable } from "./serving.js";

type SubscribeCall = ServerDuplexStream<wire.SubscribeRequest, wire.SubscribeResponse>;

/** A handler that leaves its caller waiting, and when it was called. */
function silent(): { handler: () => void; called: Promise<void> } {
  let handler = (): void => undefined;
  const called = new Promise<void>((resolve) => (handler = resolve));
  return { handler: () => handler(), called };
}

const changesThrough = (offset: bigint, ...changes: wire.Change[]): wire.StreamChangesResponse =>
  wire.StreamChangesResponse.fromPartial({ changes, throughOffset: offset } as never);

const subscribed = (seconds: bigint): wire.SubscribeResponse =>
  wire.SubscribeResponse.fromPartial({ subscription: { name: "index", dateCreated: { seconds } }, shareCount: 64 });

test("closing the client ends loops, and rejects what waits", async () => {
  const { handler, called } = silent();
  const streamChanges = (call: Writable<wire.StreamChangesResponse>): void => call.write(changesThrough(7n));
  await withServer({ streamChanges, getChangeLogInfo: handler }, async (client) => {
    const batches = client.changes().batches();
    assert.deepEqual((await batches.next()).value, { changes: [], throughOffset: 7n });
    const waiting = batches.next();
    const rejected = assert.rejects(client.changeLog(), /the client is closed \(CANCELLED\)/);
    await called;
    client.close();
    assert.equal((await waiting).done, true);
    await rejected;
    await assert.rejects(client.changeLog(), /the client is closed/);
  });
});

test("a signal rejects what waits with its reason", async () => {
  const { handler, called } = silent();
  const batchGetArticles = (call: Writable<wire.BatchGetArticlesResponse>): void =>
    call.write(wire.BatchGetArticlesResponse.fromPartial({ outcomes: [{ index: 0 }] }));
  await withServer({ getArticle: handler, batchGetArticles }, async (client) => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const outcomes = client.batchGet(
      [
        ["enwiki", "A"],
        ["enwiki", "B"],
      ],
      { signal },
    );
    assert.equal((await outcomes.next()).value?.index, 0);
    const reason = new Error("enough");
    const rejected = [client.get("enwiki", "A", { signal }), outcomes.next()].map((each) =>
      assert.rejects(each as Promise<unknown>, reason),
    );
    await called;
    stopping.abort(reason);
    await Promise.all(rejected);
    await assert.rejects(client.get("enwiki", "A", { signal }), reason);
  });
});

test("closing a subscription from elsewhere ends its loop once the server has what was acknowledged", async () => {
  const acknowledged: bigint[] = [];
  const subscribe = (call: SubscribeCall): void => {
    call.on("data", ({ action }: wire.SubscribeRequest) => {
      if (action?.$case === "open") {
        call.write(subscribed(1n));
        call.write(wire.SubscribeResponse.fromPartial({ deliveryId: 1n, throughOffset: 4n }));
      } else if (action?.$case === "acknowledge") {
        acknowledged.push(action.value);
      }
    });
    call.on("end", () => call.end());
  };
  await withServer({ subscribe }, async (client) => {
    const subscription = client.subscribe("index");
    const deliveries = subscription[Symbol.asyncIterator]();
    const delivery = (await deliveries.next()).value as Delivery;
    assert.equal(delivery.acknowledge(), true);
    const waiting = deliveries.next();
    await subscription.close();
    assert.equal((await waiting).done, true);
    assert.deepEqual(acknowledged, [1n]);
    assert.equal(delivery.acknowledge(), false);
  });
});

test("a subscription that was deleted and made anew is an error", async () => {
  let calls = 0n;
  const subscribe = (call: SubscribeCall): void => {
    calls += 1n;
    call.on("error", () => undefined);
    call.write(subscribed(calls));
    if (calls === 1n) {
      call.emit("error", failure(Code.UNAVAILABLE));
    }
  };
  await withServer({ subscribe }, async (client) => {
    const deliveries = client.subscribe("index")[Symbol.asyncIterator]();
    await assert.rejects(deliveries.next(), (error) => {
      assert.ok(error instanceof NotFoundError);
      assert.deepEqual([error.reason, error.resourceName], ["SUBSCRIPTION_NOT_FOUND", "index"]);
      return true;
    });
    assert.equal(calls, 2n);
  });
});

test("methods that the server does not know say that it is older", async () => {
  await withServer({}, async (client) => {
    const older = /older than this client/;
    await assert.rejects(client.projects(), older);
    await assert.rejects(client.batches().next(), older);
    await assert.rejects(client.account(), older);
    await assert.rejects(client.changes()[Symbol.asyncIterator]().next(), older);
    await assert.rejects(client.subscribe("index")[Symbol.asyncIterator]().next(), older);
    await assert.rejects(client.batchGet([["enwiki", "A"]]).next(), older);
  });
});

test("deleting a subscription is tried again while the server is unavailable", async () => {
  const asked: string[] = [];
  const deleteSubscription = (
    { request }: { request: wire.DeleteSubscriptionRequest },
    answer: (error: Error | null, answer?: object) => void,
  ): void => {
    asked.push(request.name);
    if (asked.length === 1) {
      answer(failure(Code.UNAVAILABLE, "SERVER_STOPPING"));
    } else {
      answer(null, {});
    }
  };
  await withServer({ deleteSubscription }, (client) => client.deleteSubscription("index"));
  assert.deepEqual(asked, ["index", "index"]);
});
