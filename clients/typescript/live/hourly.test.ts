/**
 * Hourly batches and the account's view, against a server that runs: tests/clients/typescript starts it. `WIKIFEED_HOURLY_ADDRESS`
 * has the batches of two hours, in each of which pages 100 to 109 changed, those of even numbers in namespace 0;
 * `WIKIFEED_HOURLY_KEY` is a key of "ada", who may ask for 10 articles a month.
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import * as wikifeed from "../src/index.js";
import { Client } from "../src/index.js";
import { told } from "./told.js";

const hourOf = (batch: wikifeed.messages.Batch): Date => new Date(Number(batch.hour?.seconds) * 1000);

async function withClient(work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(told("WIKIFEED_HOURLY_ADDRESS"), { key: told("WIKIFEED_HOURLY_KEY") });
  try {
    await work(client);
  } finally {
    client.close();
  }
}

async function listed(client: Client, options: wikifeed.BatchesOptions = {}): Promise<wikifeed.messages.Batch[]> {
  const found = [];
  for await (const batch of client.batches(options)) {
    found.push(batch);
  }
  return found;
}

test("batches are listed by hours, and one is told", () =>
  withClient(async (client) => {
    const every = await listed(client);
    const hours = [...new Set(every.map((batch) => hourOf(batch).getTime()))];
    assert.equal(every.length, 8);
    assert.ok(hours.length === 2 && hours[0]! > hours[1]!, hours.join());
    const moment = new Date(hours[1]! + 1_800_000);
    const some = await listed(client, { hour: moment, projects: ["enwiki"], namespaces: [1] });
    assert.deepEqual(
      some.map(({ identifier }) => identifier),
      ["enwiki_namespace_1", "enwiki_namespace_1_zst"],
    );
    assert.deepEqual(await client.batch(moment, "enwiki_namespace_1"), some[0]);
    await assert.rejects(
      client.batch(moment, "enwiki_namespace_14"),
      (error) => error instanceof wikifeed.NotFoundError && error.reason === "BATCH_NOT_FOUND",
    );
  }));

test("the file of a batch holds the changes of its hour", () =>
  withClient(async (client) => {
    const [newest] = await listed(client);
    for (const identifier of ["enwiki_namespace_0", "enwiki_namespace_0_zst"]) {
      const batch = await client.batch(hourOf(newest!), identifier);
      const seen: wikifeed.ExportProgress[] = [];
      const path = await client.exportBatch(batch, await mkdtemp(join(tmpdir(), "wikifeed-")), {
        onProgress: (progress) => seen.push(progress),
      });
      const sha256 = createHash("sha256").update(await readFile(path));
      assert.equal(sha256.digest("hex"), batch.sha256);
      const pages = [];
      for await (const article of wikifeed.readArticles(path)) {
        pages.push(article.identifier);
      }
      assert.deepEqual(pages, [100n, 102n, 104n, 106n, 108n]);
      assert.ok(seen.length > 2, "it came in pieces");
      assert.equal(seen.at(-1)?.doneBytes, Number(batch.sizeBytes));
    }
  }));

test("an account sees its plan and what it used", () =>
  withClient(async (client) => {
    await client.get("enwiki", 100, { fields: ["name"] });
    const { account, used, left } = await client.account();
    assert.deepEqual([account?.username, account?.plan?.identifier], ["ada", "few"]);
    assert.deepEqual([used?.onDemand, left?.onDemand, left?.streams], [1n, 9n, undefined]);
    const days = await client.usage();
    assert.deepEqual(
      days.map(({ counts }) => counts?.onDemand),
      [1n],
    );
    assert.deepEqual(await client.usage({ firstDay: "2020-01-01", lastDay: "2020-01-31" }), []);
    await assert.rejects(client.usage({ firstDay: "tomorrow" }), wikifeed.InvalidRequestError);
    const nobody = new Client(told("WIKIFEED_HOURLY_ADDRESS"));
    await assert.rejects(nobody.account(), wikifeed.UnauthenticatedError);
    nobody.close();
  }));
