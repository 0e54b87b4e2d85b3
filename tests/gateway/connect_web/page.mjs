// A page that calls a server elsewhere: #{"address": ..., "key": ...} says which. Writes what was seen as JSON.

import { callAll } from "./calls.mjs";

const { address, key } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const image = new Uint8Array(await (await fetch("image.binpb")).arrayBuffer());
const seen = await callAll(address, image, key).catch((error) => ({ failed: String(error) }));
document.body.textContent = JSON.stringify(seen);
