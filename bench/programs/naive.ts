/**
 * What one writes first: `data`, split, a Map. (A decoder instead of `toString`, which would cut characters.) Counts until the
 * server is done, then says the counts. `naive.ts PORT`. @module
 */

import { connect } from "node:net";
import { sayCounts } from "./say_counts.ts";

const counts = new Map<string, number>();
const decoder = new TextDecoder();
let left = "";
const socket = connect(Number(process.argv[2]), "127.0.0.1");
socket.on("data", (chunk) => {
  const lines = (left + decoder.decode(chunk, { stream: true })).split("\n");
  left = lines.pop() ?? "";
  for (const line of lines) for (const word of line.split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
});
socket.on("close", () => sayCounts(counts));
