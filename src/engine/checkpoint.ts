/** What a checkpoint holds, and its text. @module */

import { SluiceError } from "../errors.ts";
import type { Batch } from "./jobs.ts";
import { readValue, writeValue } from "./plain_values.ts";

/** The streams of a context between two batches. The program itself is not in it: the same one must go on with it. */
export interface Checkpoint {
  /** Batch interval in ms. */
  readonly batchMs: number;
  /** The batch time before the first, in ms since the Unix epoch. */
  readonly zeroTime: number;
  readonly batch: Batch;
  /** What each stream that goes from batch to batch needs of the past. */
  readonly saved: readonly { readonly kind: string; readonly value: unknown }[];
  /** The records of each output of the batch that was due: they go out again where the crash came before. */
  readonly outputs: readonly { readonly id: number; readonly partitions: readonly (readonly unknown[])[] }[];
}

const VERSION = 1;

export function writeCheckpoint(checkpoint: Checkpoint): string {
  return JSON.stringify({ version: VERSION, checkpoint: writeValue(checkpoint) });
}

/** Throws where the text is not of this version. */
export function readCheckpoint(text: string): Checkpoint {
  const { version, checkpoint } = JSON.parse(text) as { version: number; checkpoint: unknown };
  if (version === VERSION) return readValue(checkpoint) as Checkpoint;
  const message = `Cannot go on from this checkpoint: it is of version ${version}, one of version ${VERSION} is wanted`;
  throw new SluiceError("bad_checkpoint", message);
}

/** Throws where a checkpoint is of another program, as far as that can be seen. */
export function mustFit(
  checkpoint: Checkpoint,
  program: { readonly batchMs: number; readonly kinds: readonly string[] },
): void {
  const had = described(
    checkpoint.batchMs,
    checkpoint.saved.map(({ kind }) => kind),
  );
  const has = described(program.batchMs, program.kinds);
  if (had === has) return;
  throw new SluiceError("bad_checkpoint", `Cannot go on from this checkpoint: it has ${had}, this program has ${has}`);
}

/** Throws where a clock was set back: batch times only ever rise, and nobody would know what is waited for. */
export function mustHaveCome(time: number, now: number): void {
  if (time <= now) return;
  const message = `Cannot go on from this checkpoint: its time is ${(time - now) / 1000} s from now, a clock that has come to it is wanted`;
  throw new SluiceError("bad_checkpoint", message);
}

function described(batchMs: number, kinds: readonly string[]): string {
  return `batches of ${batchMs} ms and kept streams of the kinds ${kinds.join(", ") || "none"}`;
}
