/** Where the servers are. */

import assert from "node:assert/strict";

/** What an environment variable says. */
export function told(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
}
