/** The actions that bring articles. */

import type { Acts, Doing } from "./action.js";
import { described } from "./errors.js";

export const ARTICLE_ACTS: Acts = {
  get: async ({ client, action, seen }) => {
    const page = action.page_id ?? action.title;
    seen.names.push((await client.get(action.project, page, { fields: action.read_mask })).name);
  },
  batch_get: batchGet,
  structured: async ({ client, action, seen }) => {
    seen.names.push((await client.structured(action.project, action.title)).name);
  },
  lookup: async ({ client, action, seen }) => {
    seen.names.push(...(await client.lookup(action.title)).map((match) => match.article?.name ?? ""));
  },
  list: async ({ client, action, seen }) => {
    for await (const article of client.list(action.project, { pageSize: action.page_size })) {
      seen.names.push(article.name);
    }
  },
};

async function batchGet({ client, action, seen }: Doing): Promise<void> {
  const keys = action.titles.map((title) => [action.project, title] as const);
  for await (const outcome of client.batchGet(keys, { fields: action.read_mask })) {
    if (outcome.article !== undefined) {
      seen.names.push(outcome.article.name);
    } else {
      seen.missing[outcome.index] = described(outcome.error);
    }
  }
}
