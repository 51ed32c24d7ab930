/** What pages of elsewhere try on a service: each attempt says, as far as the page can tell, whether it got something. @module */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";

/** What is attacked. */
export interface Target {
  /** Such as `http://127.0.0.1:40213`. */
  readonly url: string;
  /** Id of a session that runs. */
  readonly session: string;
}

/** Scripts of a page, each a function body of `url` and `session` that gives whether the page got something. */
export const ATTEMPTS: Readonly<Record<string, string>> = {
  "a form of plain text": `return post("text/plain", '{"name":"evil","x":"', '"}')`,
  "a form": `return post("application/x-www-form-urlencoded", "name", "evil")`,
  "a form with a file": `return post("multipart/form-data", "name", "evil")`,
  "a form that stops": `return post("text/plain", "", "", "/sessions/" + session + "/stop")`,
  "a fetch that starts the default": `return opaque("/sessions", { method: "POST" })`,
  "a fetch of plain text": `return opaque("/sessions", { method: "POST", body: '{"name":"evil"}' })`,
  "a fetch of JSON without asking": `return opaque("/sessions", { method: "POST", body: new Blob(['{"name":"evil"}'], { type: "application/json" }) })`,
  "a fetch of JSON": `return read("/sessions", { method: "POST", headers: { "content-type": "application/json" }, body: '{"name":"evil"}' })`,
  "a fetch of JSON that says it is plain": `return read("/sessions", { method: "POST", headers: { "content-type": "text/plain; application/json" }, body: '{"name":"evil"}' })`,
  "a beacon": `return navigator.sendBeacon(url + "/sessions", '{"name":"evil"}') && false`,
  "a stop": `return opaque("/sessions/" + session + "/stop", { method: "POST" })`,
  "a delete": `return read("/sessions/" + session, { method: "DELETE" })`,
  "a ticket": `return read("/tickets", { method: "POST" })`,
  "a ticket without asking": `return opaque("/tickets", { method: "POST" })`,
  "a read of the sessions": `return read("/sessions")`,
  "a read of the batches": `return read("/sessions/" + session + "/batches")`,
  "a read as text": `return read("/sessions/" + session + "/batches", { headers: { accept: "text/plain" } })`,
  "a WebSocket": `return socket("/sessions/" + session + "/ws", "sluice.v1.json")`,
  "a WebSocket of several": `return socket("/ws")`,
  "an event stream": `return events("/sessions/" + session + "/sse?since=earliest")`,
  "an event stream with cookies": `return events("/sse?session=" + session, { withCredentials: true })`,
  "a script": `return element("script", "src", "/web/vendor/uPlot.iife.min.js")`,
  "a style": `return element("link", "href", "/web/page.css")`,
  "an image": `return element("img", "src", "/web/icon.svg")`,
};

/** What they are written with. */
const TOOLS = `
const patience = (promise) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 3000, false))]);
const read = (path, init) => fetch(url + path, init).then(async (answer) => answer.ok && (await answer.text(), true), () => false);
const opaque = (path, init) => fetch(url + path, { ...init, mode: location.origin === url ? "cors" : "no-cors" }).then((answer) => answer.ok, () => false);
const socket = (path, ...more) => patience(new Promise((resolve) => {
  const socket = new WebSocket(url.replace("http", "ws") + path, ...more);
  socket.onopen = () => resolve(true);
  socket.onerror = () => resolve(false);
}));
const events = (path, init) => patience(new Promise((resolve) => {
  const source = new EventSource(url + path, init);
  const over = (got) => { source.close(); resolve(got); };
  source.addEventListener("hello", () => over(true));
  source.addEventListener("open", () => over(true));
  source.addEventListener("error", () => over(false));
}));
const element = (tag, name, path) => patience(new Promise((resolve) => {
  const it = document.createElement(tag);
  it.onload = () => resolve(true);
  it.onerror = () => resolve(false);
  if (tag === "link") it.rel = "stylesheet";
  it[name] = url + path;
  document.documentElement.append(it);
}));
const post = (enctype, name, value, path = "/sessions") => patience(new Promise((resolve) => {
  const frame = document.createElement("iframe");
  frame.name = "f" + Math.random();
  const form = document.createElement("form");
  Object.assign(form, { action: url + path, method: "POST", enctype, target: frame.name });
  const field = document.createElement("input");
  Object.assign(field, { name, value });
  if (name !== "") form.append(field);
  document.documentElement.append(frame, form);
  // What came of it is in the frame, which nobody may look into: the service knows.
  frame.onload = () => resolve(false);
  form.submit();
}));
`;

/** Runs an attempt on a page, with what it is aimed at. */
export function attempt(page: Page, script: string, { url, session }: Target): Promise<boolean> {
  const code = `(async () => { const url = ${JSON.stringify(url)}, session = ${JSON.stringify(session)}; ${TOOLS} ${script} })()`;
  return page.evaluate<boolean>(code);
}

/** A server of pages that may do what they like; its port. */
export async function serveEvil(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>evil</title>");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
