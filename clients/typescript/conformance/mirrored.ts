/** The sink that scenarios mirror into. */

import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";

import type { Sink, Update } from "../src/index.js";

/** The file's name in the scenario's folder. */
export const MIRROR = "mirror.json";
export const SNAPSHOT = "snapshot";

/** What the file holds. */
interface Mirrored {
  readonly through: number | null;
  readonly pages: Readonly<Record<string, number>>;
}

/** What the file holds; undefined where there is none. */
export async function mirrored(path: string): Promise<Mirrored | undefined> {
  return existsSync(path) ? (JSON.parse(await readFile(path, "utf8")) as Mirrored) : undefined;
}

/** The offset at which each page last came, and through which the mirror is whole, kept in a file of JSON. */
export class MirroredPages implements Sink {
  #through: number | null = null;
  #pages = new Map<string, number>();

  constructor(private readonly path: string) {}

  /** The offset through which the mirror is whole, as the file has it. */
  async position(): Promise<bigint | undefined> {
    const known = await mirrored(this.path);
    this.#through = known?.through ?? null;
    this.#pages = new Map(Object.entries(known?.pages ?? {}));
    return this.#through === null ? undefined : BigInt(this.#through);
  }

  /** Forget all pages. */
  begin(): void {
    this.#through = null;
    this.#pages.clear();
  }

  /** Take updates, and write the file. */
  async write(updates: readonly Update[], throughOffset: bigint | undefined): Promise<void> {
    for (const update of updates) {
      if (update.kind === "put") {
        this.#pages.set(String(update.article.identifier), Number(update.offset));
      } else {
        this.#pages.delete(String(update.pageId));
      }
    }
    if (throughOffset !== undefined) {
      this.#through = Number(throughOffset);
    }
    const known: Mirrored = { through: this.#through, pages: Object.fromEntries(this.#pages) };
    await writeFile(this.path, JSON.stringify(known));
  }
}
