// Questions to the server. Credentials are kept in this module's memory, and nowhere else.

let credentials = "";

/** The server asks for credentials, or for better ones. */
export class SignInNeeded extends Error {}

/** The server refused, with its own message. */
export class Refused extends Error {}

export const isSignedIn = () => credentials !== "";
export const signOut = () => { credentials = ""; };
export const useKey = (key) => { credentials = key; };

/** Sign in with a password. Throws Refused with what is wrong. */
export async function signIn(username, password) {
  const body = JSON.stringify({ username, password });
  const headers = { "Content-Type": "application/json" };
  const response = await fetch("/v1/login", { method: "POST", headers, body });
  if (!response.ok) throw new Refused(await messageOf(response));
  credentials = (await response.json()).access_token;
}

/** The response to a GET. Throws SignInNeeded, and Refused where the status is not 200. */
export async function ask(path, signal) {
  const headers = credentials ? { Authorization: `Bearer ${credentials}` } : {};
  const response = await fetch(path, { headers, signal, cache: "no-store" });
  if (response.status === 401) throw new SignInNeeded(await messageOf(response));
  if (!response.ok) throw new Refused(await messageOf(response));
  return response;
}

/** The JSON of a GET. */
export const askJson = async (path, signal) => (await ask(path, signal)).json();

async function messageOf(response) {
  try {
    return (await response.json()).message ?? `the server answered ${response.status}`;
  } catch {
    return `the server answered ${response.status}`;
  }
}

/** The events of a stream of server-sent events, as {event, data}. EventSource could not send credentials. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) yield parsed(block);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parsed(block) {
  const found = { event: "message", data: "" };
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    const field = line.slice(0, colon);
    if (field in found) found[field] = line.slice(colon + 1).trimStart();
  }
  return found;
}
