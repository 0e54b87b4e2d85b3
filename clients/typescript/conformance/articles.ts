/** The actions that bring articles. */

import type { GetOptions } from "../src/index.js";
import type { Action, Acts, Doing } from "./action.js";
import { described } from "./errors.js";

export const ARTICLE_ACTS: Acts = {
  get: async ({ client, action, seen }) => {
    seen.names.push((await client.get(action.project, pageOf(action), optionsOf(action))).name);
  },
  batch_get: batchGet,
  structured: async ({ client, action, seen }) => {
    seen.names.push((await client.structured(action.project, pageOf(action), optionsOf(action))).name);
  },
  lookup: async ({ client, action, seen }) => {
    const { title, projects, languages, namespaces, limit, read_mask: fields } = action;
    const matches = await client.lookup(title, { projects, languages, namespaces, limit, fields });
    seen.names.push(...matches.map((match) => match.article?.name ?? ""));
  },
  list: async ({ client, action, seen }) => {
    const { namespaces, page_size: pageSize, read_mask: fields } = action;
    for await (const article of client.list(action.project, { namespaces, pageSize, fields })) {
      seen.names.push(article.name);
    }
  },
};

async function batchGet({ client, action, seen }: Doing): Promise<void> {
  const pages = [...(action.titles ?? []), ...(action.page_ids ?? [])];
  const keys = pages.map((page) => [action.project, page] as const);
  for await (const outcome of client.batchGet(keys, { fields: action.read_mask })) {
    if (outcome.article !== undefined) {
      seen.names.push(outcome.article.name);
    } else {
      seen.missing[outcome.index] = described(outcome.error);
    }
  }
}

/** The page that is asked for, by its page id or title. */
function pageOf(action: Action): string | number {
  return action.page_id ?? action.title;
}

function optionsOf(action: Action): GetOptions {
  return { revisionId: action.revision_id, fields: action.read_mask };
}
