/** Many clients at once, each with chances of its own, until enough was tried or something is wrong. @module */

import type { Server } from "../runtime/server.ts";
import { Chance } from "./chance.ts";

/** What came of one try. */
export interface Tried {
  /** How many requests or frames it was. */
  readonly count: number;
  /** What is wrong, with the bytes that led to it. */
  readonly wrong: string | undefined;
}

/** So many wrongs are enough. */
const ENOUGH = 5;
/** The first of the seeds: `SLUICE_SEED`, else always the same. */
const SEED = Number(process.env["SLUICE_SEED"] ?? 1) * 1e7;
let next = SEED;

/** Tries until `most` were tried, by so many clients; gives what is wrong, each with its seed. */
export async function hammer(
  server: Server,
  { most, clients }: { readonly most: number; readonly clients: number },
  tryOne: (chance: Chance) => Promise<Tried>,
): Promise<string[]> {
  const found: string[] = [];
  const over = new AbortController();
  void server.exit.then(() => over.abort());
  let done = 0;
  const client = async (): Promise<void> => {
    while (done < most && !over.signal.aborted && found.length < ENOUGH) {
      const seed = next++;
      const { count, wrong } = await tryOne(new Chance(seed));
      done += count;
      if (wrong !== undefined) found.push(`seed ${seed}: ${wrong}`);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  if (over.signal.aborted) found.push(`it ended before seed ${next}: ${(await server.exit).stderr}`);
  return found;
}
