/** What the suite tells a client to do. */

import type { Acts, Doing } from "./action.js";
import { ARTICLE_ACTS } from "./articles.js";
import { FILE_ACTS } from "./files.js";
import { RECORD_ACTS } from "./records.js";
import { STREAM_ACTS } from "./streams.js";

const ACTS: Acts = { ...ARTICLE_ACTS, ...STREAM_ACTS, ...FILE_ACTS, ...RECORD_ACTS };

/** Do an action. Throws as the client does. */
export async function perform(doing: Doing): Promise<void> {
  const act = ACTS[doing.action.do];
  if (act === undefined) {
    throw new Error(`there is no action ${doing.action.do}`);
  }
  await act(doing);
}
