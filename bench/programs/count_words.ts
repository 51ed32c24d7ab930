/**
 * Counts texts in the ways of `engines.ts`: for each line `ENGINE FILE` on standard input says `MILLISECONDS DISTINCT WORDS`, the
 * first of the CPU. The same process serves all rounds, as a service would. @module
 */

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { engines } from "../engines.ts";

const CHUNK = 64 * 1024;
const opened = new Map(engines.map(({ name, open }) => [name, open()]));
const texts = new Map<string, readonly Uint8Array[]>();

function chunksOf(file: string): readonly Uint8Array[] {
  const all = readFileSync(file);
  return Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, i) => all.subarray(i * CHUNK, (i + 1) * CHUNK));
}

for await (const line of createInterface({ input: process.stdin })) {
  const [name = "", file = ""] = line.split("\t");
  const count = opened.get(name);
  if (count === undefined) throw new RangeError(`Cannot count with ${name}: there is no such engine`);
  const chunks = texts.get(file) ?? chunksOf(file);
  texts.set(file, chunks);
  const before = process.cpuUsage();
  const { distinct, words } = count(chunks);
  const { user, system } = process.cpuUsage(before);
  console.log(`${(user + system) / 1000} ${distinct} ${words}`);
}
