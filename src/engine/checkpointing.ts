/** Saves the streams of a context at every batch, and brings them back. @module */

import { mustFit, mustHaveCome, readCheckpoint, writeCheckpoint, type Checkpoint } from "./checkpoint.ts";
import type { ContextGraph } from "./context_graph.ts";
import type { Checkpoints, LoadedCheckpoint } from "./files.ts";
import type { Batch, Job, Jobs, JobSet } from "./jobs.ts";
import { attempt } from "./generated.ts";
import { RDD } from "./rdd.ts";

/** Where a context goes on. */
interface Before {
  /** The batch time of the checkpoint. */
  readonly time: number;
  readonly zeroTime: number;
  /** Runs the outputs of that batch, if the crash came before they had all run. */
  readonly missedOutputs: (jobs: Jobs) => void;
}

/** What is saved is on the disk before a batch's outputs run: what was seen once is never counted anew. */
export class Checkpointing {
  readonly directory: string;
  readonly #store: Checkpoints;
  readonly #graph: ContextGraph;
  #loaded: LoadedCheckpoint | undefined;

  constructor(directory: string, graph: ContextGraph) {
    this.directory = directory;
    this.#store = graph.files.checkpoints(directory);
    this.#graph = graph;
  }

  async load(): Promise<void> {
    this.#loaded = await this.#store.load();
  }

  /** Gives the streams, opened, what they had; undefined where nothing was loaded. `now` is in ms since the Unix epoch. */
  restore(now: number): Before | undefined {
    if (this.#loaded === undefined) return undefined;
    const { text, isCompleted } = this.#loaded;
    const checkpoint = readCheckpoint(text);
    const { saved, batch, zeroTime } = checkpoint;
    const states = this.#graph.saved;
    mustFit(checkpoint, { kinds: states.map(({ kind }) => kind), batchMs: this.#graph.batchMs });
    mustHaveCome(batch.time - this.#graph.batchMs, now);
    saved.forEach(({ value }, i) => states[i]?.restore(value));
    this.#graph.zeroTime = zeroTime;
    this.#graph.lastTime = batch.time;
    const missedOutputs = (jobs: Jobs): void => {
      if (!isCompleted) jobs.submit(this.#again(checkpoint));
    };
    return { time: batch.time, zeroTime, missedOutputs };
  }

  /** What is done before the outputs of a batch that has just been cut, and after them. */
  saving(batch: Batch, jobs: readonly Job[]): Pick<JobSet, "before" | "after"> {
    // Written down now: what is cut next would change it.
    const text = attempt(() => writeCheckpoint(this.#checkpointOf(batch, jobs)));
    return {
      before: () => this.#store.save(batch.time, text()),
      after: () => this.#store.complete(batch.time),
    };
  }

  #checkpointOf(batch: Batch, jobs: readonly Job[]): Checkpoint {
    const { batchMs, zeroTime, saved } = this.#graph;
    return {
      batchMs,
      zeroTime,
      batch,
      saved: saved.map((each) => ({ kind: each.kind, value: each.save() })),
      outputs: jobs.flatMap(({ id, rdd }) => {
        try {
          return [{ id, partitions: rdd().partitions }];
        } catch {
          // It has failed, and its failure is told when it runs.
          return [];
        }
      }),
    };
  }

  #again({ batch, outputs }: Checkpoint): JobSet {
    const jobs = outputs.flatMap(({ id, partitions }): Job[] => {
      const output = this.#graph.outputAt(id);
      return output === undefined ? [] : [{ id, output, rdd: () => new RDD(partitions) }];
    });
    return { batch, jobs, records: [], after: () => this.#store.complete(batch.time) };
  }
}
