/** How to follow this very session with other tools, to copy and paste. @module */

import { make, part, setText } from "./elements.js";
import { token } from "./token.js";

const kind = part("snippet-kind", HTMLSelectElement);
const box = part("snippet", HTMLPreElement);
const copy = part("copy", HTMLButtonElement);
const copied = part("copied", HTMLElement);

/**
 * Text of each; `secret` says that the service wants a token, which is never written down here.
 * @type {[name: string, write: (url: string, secret: boolean) => string][]}
 */
const SNIPPETS = [
  ["curl, as Spark prints it", (url, secret) => `curl -N ${bearer(secret)}'${url}/text'`],
  ["curl, as events", (url, secret) => `curl -N ${bearer(secret)}'${url}/sse'`],
  ["the newest batch, once", (url, secret) => `curl ${bearer(secret)}'${url}/batches/latest?top=10'`],
  ["sluice tail", (url, secret) => `npx sluice tail ${secret ? '--token "$SLUICE_TOKEN" ' : ""}'${url}'`],
  [
    "JavaScript, EventSource",
    (url, secret) => `${ticket(secret)}const events = new EventSource(${quoted(`${url}/sse`, secret)});
events.addEventListener("batch", ({ data }) => {
  const { seq, counts } = JSON.parse(data);
  console.log(seq, counts.slice(0, 10));
});
events.addEventListener("end", () => events.close());`,
  ],
  [
    "JavaScript, WebSocket",
    (
      url,
      secret,
    ) => `${ticket(secret)}const socket = new WebSocket(${quoted(`${url.replace(/^http/, "ws")}/ws`, secret)}, "sluice.v1.json");
socket.addEventListener("message", ({ data }) => {
  const { type, seq, counts } = JSON.parse(data);
  if (type === "batch") console.log(seq, counts.slice(0, 10));
});`,
  ],
  [
    "Python",
    (url, secret) => `import json, ${secret ? "os, " : ""}urllib.request

request = urllib.request.Request("${url}/sse")
${secret ? 'request.add_header("Authorization", "Bearer " + os.environ["SLUICE_TOKEN"])\n' : ""}with urllib.request.urlopen(request) as stream:
    for line in stream:
        if line.startswith(b"data: "):
            data = json.loads(line[6:])
            if "counts" in data:
                print(data["seq"], data["counts"][:10], flush=True)`,
  ],
];
let base = "";

/** Makes the panel work. */
export function offerSnippets() {
  for (const [name] of SNIPPETS) kind.append(make("option", { text: name }));
  kind.addEventListener("change", write);
  copy.addEventListener("click", () => void copyIt());
}

/** @param {string} id */
export function showSnippets(id) {
  const next = `${location.origin}/sessions/${encodeURIComponent(id)}`;
  if (next === base) return;
  base = next;
  write();
}

function write() {
  setText(box, SNIPPETS[kind.selectedIndex]?.[1](base, token() !== null) ?? "");
  setText(copied, "");
}

async function copyIt() {
  try {
    await navigator.clipboard.writeText(box.textContent ?? "");
    setText(copied, "Copied");
  } catch {
    // Only a page of https or of this machine may write there: it is selected instead.
    getSelection()?.selectAllChildren(box);
    setText(copied, "Selected; copy it with your keyboard");
  }
}

/** @param {boolean} secret */
function bearer(secret) {
  return secret ? '-H "Authorization: Bearer $SLUICE_TOKEN" ' : "";
}

/**
 * How to get a ticket: neither an EventSource nor a WebSocket can be given a header.
 * @param {boolean} secret
 */
function ticket(secret) {
  if (!secret) return "";
  return `const answer = await fetch("${location.origin}/tickets", {
  method: "POST",
  headers: { authorization: "Bearer TOKEN" },
});
const { ticket } = await answer.json(); // opens one stream, within 30 s
`;
}

/**
 * A URL in JavaScript, with the ticket where one is wanted.
 * @param {string} url
 * @param {boolean} secret
 */
function quoted(url, secret) {
  return secret ? `\`${url}?ticket=\${ticket}\`` : `"${url}"`;
}
