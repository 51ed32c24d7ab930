/** Lies, each of which breaks one promise and is careful with the rest. @module */

import type { BatchEvent, ServiceEvent, Violation } from "../../src/client/events.ts";
import { end, forge, forgeAt, head, hello, history, RUNNING } from "./history.ts";
import type { Script } from "./liar.ts";

/** How many batches the log of a lie has. */
const COUNT = 6;
const honest = history(COUNT);
const at = (seq: number): BatchEvent => honest[seq - 1]!;
const total = (seq: number, changed: object): BatchEvent["total"] => ({ ...at(seq).total, ...changed });

/** One lie: what is said, and by which promise and which batches it is found out. */
export interface Lie {
  readonly name: string;
  readonly script: Script;
  readonly invariant: Violation["invariant"];
  readonly message: RegExp;
  /** Numbers of the batches that disagree. */
  readonly seqs: readonly number[];
  /** The batches as they are at their own URLs. */
  readonly whole?: readonly BatchEvent[];
}

function lie(name: string, batches: readonly BatchEvent[], found: Omit<Lie, "name" | "script">): Lie {
  return { name, script: said(batches), ...found };
}

function said(batches: readonly ServiceEvent[], last: readonly BatchEvent[] = honest): Script {
  return { events: [hello(last, 1), RUNNING, ...batches, end(last)], close: 1000 };
}

const reordered = [at(1), at(2), at(4), at(3), at(5), at(6)];
const lost = [at(1), at(2), at(4), at(5), at(6)];

/** Every lie that is planted. */
export const LIES: readonly Lie[] = [
  lie("a reordered batch", reordered, { invariant: "I1", message: /k3v9:4 came, wanted was k3v9:3/, seqs: [2, 4] }),
  lie("a lost batch", lost, { invariant: "I1", message: /k3v9:4 came, wanted was k3v9:3, and no gap/, seqs: [2, 4] }),
  lie("more skipped than is said", [at(1), at(2), { ...at(5), skipped: 1 }], {
    ...{ invariant: "I1", message: /k3v9:5 came, wanted was k3v9:3/, seqs: [2, 5] },
  }),
  lie("an epoch without a reset", [at(1), at(2), history(3, "zzzz")[2]!], {
    ...{ invariant: "I1", message: /zzzz:3 came, wanted was k3v9:3/, seqs: [2, 3] },
  }),
  lie("a rewritten batch", [at(1), at(2), forge(at(1), { lines: 3 })], {
    ...{ invariant: "I5", message: /k3v9:1 came again with the hash/, seqs: [1] },
  }),
  lie("a batch that came again changed, right after itself", [at(1), at(2), forge(at(2), { late: true })], {
    ...{ invariant: "I5", message: /k3v9:2 came again/, seqs: [2, 2] },
  }),
  lie("a rewritten history", [at(1), at(2), ...forgeAt(honest, 2, { bytes: 1, intervalMs: 1 }).slice(2)], {
    ...{ invariant: "I3", message: /the prev of k3v9:3 is \w+, and the hash of k3v9:2 is/, seqs: [2, 3] },
  }),
  ...(["lines", "words", "bytes", "batches", "sourceGaps"] as const).map((name) =>
    lie(`a wrong total of ${name}`, forgeAt(honest, 4, { total: total(4, { [name]: 3 }) }), {
      ...{
        invariant: "I2",
        message: new RegExp(`the total of k3v9:4 is 3 ${name}`),
        seqs: name === "batches" ? [4] : [3, 4],
      },
    }),
  ),
  lie("a wrong total of the first batch", forgeAt(honest, 1, { total: total(1, { lines: 3 }) }), {
    ...{ invariant: "I2", message: /the total of k3v9:1 is 3 lines, and as number 1 it would be 2/, seqs: [1] },
  }),
  lie("a first batch with one before it", [forge(at(1), { prev: at(6).hash })], {
    ...{ invariant: "I3", message: /the prev of k3v9:1, the first, is/, seqs: [1] },
  }),
  lie(
    "a wrong hash",
    honest.map((batch) => (batch.seq === 3 ? { ...batch, hash: at(1).hash } : batch)),
    {
      ...{ invariant: "I3", message: /the hash of k3v9:3 is \w+, and that of its content is/, seqs: [3] },
    },
  ),
  lie(
    "a content that its hash is not of",
    honest.map((batch) => (batch.seq === 3 ? { ...batch, time: at(2).time } : batch)),
    {
      ...{ invariant: "I3", message: /the hash of k3v9:3 is \w+, and that of its content is/, seqs: [3] },
    },
  ),
  lie("a countsHash that is not of the counts", forgeAt(honest, 3, { countsHash: at(1).hash }), {
    ...{ invariant: "I3", message: /the countsHash of k3v9:3 is/, seqs: [3] },
  }),
  lie(
    "a wrong count",
    forgeAt(honest, 3, {
      counts: [
        ["spark", 4],
        ["__proto__", 1],
        ["word3", 1],
      ],
    }),
    {
      ...{
        invariant: "I4",
        message: /the counts of k3v9:3 and its otherWords come to 7 words, and it has 6/,
        seqs: [3],
      },
    },
  ),
  lie(
    "a word left out",
    forgeAt(honest, 3, {
      counts: [
        ["spark", 3],
        ["__proto__", 2],
      ],
    }),
    {
      ...{ invariant: "I4", message: /k3v9:3 has 3 distinct words, and its counts are of 2/, seqs: [3] },
    },
  ),
  lie(
    "counts that do not descend",
    forgeAt(honest, 3, {
      counts: [
        ["__proto__", 1],
        ["spark", 3],
        ["word3", 1],
      ],
    }),
    {
      ...{ invariant: "I4", message: /the counts of k3v9:3 do not descend/, seqs: [3] },
    },
  ),
  lie("an inc that falls", forgeAt(honest, 3, { inc: 0 }), {
    ...{ invariant: "I6", message: /inc falls from 1 of k3v9:2 to 0 of k3v9:3/, seqs: [2, 3] },
  }),
  lie("an inc that rises without a sourceGap", forgeAt(honest, 3, { inc: 2 }), {
    ...{ invariant: "I6", message: /inc rises from 1 of k3v9:2 to 2 of k3v9:3, which has no sourceGap/, seqs: [2, 3] },
  }),
  {
    ...{
      name: "a head that is not the last batch's",
      script: said([...honest, { ...head(honest), hash: at(1).hash }]),
    },
    ...{ invariant: "I5", message: /the hash of k3v9:6 was \w+, and head says/, seqs: [6] },
  },
  {
    ...{
      name: "an end whose total is not the last batch's",
      script: said(honest, forgeAt(honest, 6, { total: total(6, { words: 1 }) })),
    },
    ...{ invariant: "I2", message: /end says the total is 1 words, and that of k3v9:6 is 39/, seqs: [6] },
  },
  {
    ...{ name: "a lost tail that never comes", script: said(honest.slice(0, 4)) },
    ...{
      invariant: "I1",
      message: /the newest batch is said to be k3v9:6, wanted was k3v9:5, and it does not come/,
      seqs: [4],
    },
  },
  {
    name: "a gap that leaves something out",
    script: said([at(1), { type: "gap", from: "k3v9:3", to: "k3v9:4", batches: 2, reason: "retention" }, at(5), at(6)]),
    ...{ invariant: "I1", message: /a gap from k3v9:3 was told, wanted was k3v9:2/, seqs: [1] },
  },
  {
    name: "totals that fall over a gap",
    script: said([
      ...[at(1), at(2), { type: "gap", from: "k3v9:3", to: "k3v9:3", batches: 1, reason: "retention" } as const],
      forge(at(4), { total: total(4, { words: 5 }) }),
    ]),
    ...{ invariant: "I2", message: /it would be at the least 16/, seqs: [2, 4] },
  },
];
