// node node.mjs ADDRESS IMAGE KEY: writes what was seen as JSON.

import { readFileSync } from "node:fs";
import { callAll } from "./calls.mjs";

const [address, image, key] = process.argv.slice(2);
console.log(JSON.stringify(await callAll(address, readFileSync(image), key)));
