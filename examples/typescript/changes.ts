/**
 * Prints each change of a project, for ever, and keeps in a file how far it is: the next run goes on there.
 *
 *     node dist/changes.js [HOST:PORT [PROJECT [FILE]]]
 */

import { Client, FileCheckpoint, messages } from "@wikifeed/client";

const [server = "localhost:50051", project = "enwiki", file = "changes.offset"] = process.argv.slice(2);

const client = new Client(server);
const checkpoint = new FileCheckpoint(file);
for await (const change of client.changes({ projects: [project], noBody: true, start: "oldest", checkpoint })) {
  console.log(String(change.offset), messages.EventType[change.eventType], change.article?.name);
}
