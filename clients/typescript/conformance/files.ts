/** The actions with snapshots, batches and mirrors. */

import { join } from "node:path";

import { messages, readArticles, type SnapshotKind } from "../src/index.js";
import type { Action, Acts, Doing } from "./action.js";
import { MIRROR, MirroredPages, SNAPSHOT } from "./mirrored.js";
import { takeSnapshot } from "./observation.js";

export const FILE_ACTS: Acts = {
  snapshots: async ({ client, action, seen }) => {
    for await (const snapshot of client.snapshots({ projects: action.projects })) {
      takeSnapshot(seen, snapshot);
    }
  },
  make_snapshot: async ({ client, action, seen }) => {
    takeSnapshot(seen, await client.createSnapshot(kindOf(action), { chunkSizeBytes: action.chunk_size_bytes }));
  },
  export: async ({ client, action, folder }) => {
    await client.export(action.identifier, folder, { offset: action.offset });
  },
  read: async ({ client, action, folder, seen }) => {
    const { files } = await client.export(action.identifier, folder);
    for await (const article of readArticles(...files)) {
      seen.articles[article.name] = Buffer.from(messages.Article.encode(article).finish()).toString("base64");
    }
  },
  mirror: async ({ client, action, folder }) => {
    await client.mirror(action.project, new MirroredPages(join(folder, MIRROR)), {
      folder: join(folder, SNAPSHOT),
      namespace: action.namespace,
      until: action.until,
      onExpired: action.on_expired === "begin_again" ? "begin-again" : "throw",
    });
  },
  batches,
  export_batch: async ({ client, action, folder }) => {
    await client.exportBatch(await client.batch(new Date(action.hour ?? ""), action.identifier), folder);
  },
};

async function batches({ client, action, seen }: Doing): Promise<void> {
  const hour = action.hour === undefined ? undefined : new Date(action.hour);
  const { projects, namespaces } = action;
  for await (const batch of client.batches({ hour, projects, namespaces })) {
    const began = new Date(Number(batch.hour?.seconds) * 1000);
    seen.batches.push(`${began.toISOString().replace(".000Z", "Z")} ${batch.identifier}`);
  }
}

/** Which snapshot to make. */
function kindOf({ project, namespace, content, format }: Action): SnapshotKind {
  return {
    project,
    namespace,
    content: content === undefined ? undefined : messages.SnapshotContent[content],
    format: format === undefined ? undefined : messages.SnapshotFormat[format],
  };
}
