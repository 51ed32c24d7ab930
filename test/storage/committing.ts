/** Commits groups of batches and says so after each: what is traced by power_loss.test.ts. Arguments: folder, commits. @module */

import { join } from "node:path";
import { seal, type Batch } from "../../src/sessions/mod.ts";
import { rowOf } from "../../src/storage/sqlite/encoding.ts";
import { Transactions } from "../../src/storage/sqlite/transactions.ts";
import type { Write } from "../../src/storage/sqlite/rows.ts";
import { digest } from "../support/sessions.ts";
import { cutOf } from "../support/stores.ts";

const [folder = "", commits = ""] = process.argv.slice(2);
const transactions = new Transactions(join(folder, "sluice.db"), 0);
transactions.commit([{ type: "session", key: 1, id: "s_one", epoch: "e", createdAt: 0, spec: "{}", request: null }]);
let last: Batch | undefined;
const times: number[] = [];
for (let n = 1; n <= Number(commits); n++) {
  last = seal(cutOf(n), last, { epoch: "e", inc: 1, digest });
  const group: Write[] = [{ type: "batch", key: 1, ...rowOf(last)(last.delays) }];
  // Some groups trim too, and between some the room is given back.
  const { time } = last;
  times.push(time);
  if (n % 10 === 0) group.push({ type: "trim", key: 1, times: times.splice(0, Math.max(0, times.length - 20)) });
  transactions.commit(group);
  process.stdout.write(`kept ${n}\n`);
  if (n % 25 === 0) transactions.sweep();
}
