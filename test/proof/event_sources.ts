/** Those who read Server-Sent Events, each in its own way, and what they read. @module */

import { EventSource } from "eventsource";
import { createParser } from "eventsource-parser";
import { EventParser } from "../../src/client/sse.js";
import type { Tab } from "../client/chromium.ts";
import { NAMES } from "./hostile_texts.ts";

/** One event: its id, its name and its data. */
export type Read = readonly [id: string, name: string, data: string];

/** Reads a stream to the event that is its last. */
export type Reader = (url: string, last: string, names?: readonly string[]) => Promise<Read[]>;

/** A browser's own, in a tab that may read the stream. */
export function inBrowser(tab: Tab): Reader {
  return (url, last, names = NAMES) =>
    tab.evaluate<Read[]>(`new Promise((resolve) => {
      const read = [];
      const source = new EventSource(${JSON.stringify(url)});
      for (const name of ${JSON.stringify([...names, last])}) source.addEventListener(name, ({ lastEventId, type, data }) => {
        read.push([lastEventId, type, data]);
        if (type !== ${JSON.stringify(last)}) return;
        source.close();
        resolve(read);
      });
    })`);
}

/** npm's `eventsource`. */
export const withPackage: Reader = (url, last, names = NAMES) =>
  new Promise((resolve) => {
    const read: Read[] = [];
    const source = new EventSource(url);
    for (const name of [...names, last]) {
      source.addEventListener(name, ({ lastEventId, type, data }) => {
        read.push([lastEventId, type, String(data)]);
        if (type !== last) return;
        source.close();
        resolve(read);
      });
    }
  });

/** npm's `eventsource-parser`, which leaves it to its user to remember the last id. */
export const withParser: Reader = async (url, last) => {
  const read: Read[] = [];
  let id = "";
  const parser = createParser({
    onId: (said) => void (id = said),
    onEvent: ({ event, data }) => void read.push([id, event ?? "message", data]),
  });
  const decoder = new TextDecoder();
  await eachPart(url, (bytes) => parser.feed(decoder.decode(bytes, { stream: true })));
  return upTo(read, last);
};

/** The client's. */
export const withClient: Reader = async (url, last) => {
  const parser = new EventParser();
  const read: Read[] = [];
  await eachPart(url, (bytes) => {
    for (const { id, type, data } of parser.push(bytes)) read.push([id, type, data]);
  });
  return upTo(read, last);
};

async function eachPart(url: string, take: (bytes: Uint8Array) => void): Promise<void> {
  const { body } = await fetch(url, { headers: { accept: "text/event-stream" } });
  for await (const bytes of body!) take(bytes);
}

function upTo(read: readonly Read[], last: string): Read[] {
  return read.slice(0, read.findIndex(([, name]) => name === last) + 1);
}
