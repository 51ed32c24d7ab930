/** One history of the service, chosen by a seed: what the disk, the network, the source and the clock do to it. @module */

import { parseSpec } from "../../src/sessions/spec.ts";
import type { RowReader, Writer } from "../../src/storage/sqlite/rows.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";
import { CheckingClient, must, type Frame, type Seen } from "../support/checking_client.ts";
import { SimulatedDisk } from "./disk.ts";
import { Process, type Line } from "./process.ts";
import { Random } from "./random.ts";

const INTERVAL_MS = 1000;
const STEPS = 60;
const CLIENTS = 3;

/** What a planted bug puts between the service and its world. */
export interface Sabotage {
  readonly writer?: (disk: SimulatedDisk) => Writer;
  readonly reader?: (disk: SimulatedDisk) => RowReader;
  readonly process?: (process: Process) => void;
  /** Changes what is sent to a client, or sends nothing. */
  readonly frame?: (frame: string) => string | undefined;
}

interface Visitor {
  readonly client: CheckingClient;
  line: Line | undefined;
}

/** Lives through a seed's history; gives its trace, and rejects with what went wrong. */
export async function live(seed: number, sabotage: Sabotage = {}): Promise<readonly string[]> {
  const world = new World(seed, sabotage);
  await world.begin();
  for (let step = 0; step < STEPS; step++) await world.step();
  await world.end();
  return world.trace;
}

class World {
  readonly trace: string[] = [];
  readonly #random: Random;
  readonly #sabotage: Sabotage;
  readonly #clock = new ManualClock();
  readonly #disk: SimulatedDisk;
  readonly #seen: Seen = new Map();
  readonly #visitors: Visitor[];
  #process: Process;
  #written = 0;
  #crashes = 0;

  constructor(seed: number, sabotage: Sabotage) {
    this.#random = new Random(seed);
    this.#sabotage = sabotage;
    this.#disk = new SimulatedDisk(this.#random);
    this.#visitors = Array.from({ length: CLIENTS }, () => ({
      client: new CheckingClient(this.#seen, () => this.#process.session?.log.tail ?? 0),
      line: undefined,
    }));
    this.#process = this.#start();
  }

  async begin(): Promise<void> {
    const created = this.#process.sessions.create(parseSpec({ batchIntervalMs: INTERVAL_MS }));
    this.#process.use(await this.#until(created));
  }

  /** Something happens. */
  async step(): Promise<void> {
    const [name, act] = this.#random.pick(this.#acts);
    this.trace.push(name);
    await act();
  }

  /** All is well again: everyone catches up, and what they saw is compared with what there is. */
  async end(): Promise<void> {
    this.#disk.isBroken = false;
    for (let i = 0; i < 4; i++) await this.#pass(INTERVAL_MS);
    const { session } = this.#process;
    await this.#until(session?.stop("stopped"));
    if (session?.state !== "stopped") throw new Error(`the session is ${session?.state}`);
    const { epoch, head, total } = session.log;
    for (const visitor of this.#visitors) {
      this.#catchUp(visitor);
      const { cursor } = visitor.client;
      must(cursor === `${epoch}:${head}`, `a client is at ${cursor}, and the log at ${head}`);
    }
    const counted = `${total.lines} lines counted of ${this.#written}`;
    must(total.lines === this.#written || (this.#crashes > 0 && total.lines < this.#written), counted);
    this.trace.push(`${head} batches, ${counted}`);
  }

  readonly #acts: readonly (readonly [string, () => Promise<void> | void])[] = [
    ...Array.from({ length: 6 }, () => ["time", () => this.#pass(200 + this.#random.below(1500))] as const),
    ...Array.from({ length: 4 }, () => ["lines", () => this.#write()] as const),
    ...Array.from({ length: 4 }, () => ["read", () => this.#read()] as const),
    ["come", () => this.#come()],
    ["come", () => this.#come()],
    ["leave", () => this.#leave(this.#random.pick(this.#visitors))],
    ["the disk breaks", () => void (this.#disk.isBroken = true)],
    ["the disk is mended", () => void (this.#disk.isBroken = false)],
    ["the disk is mended", () => void (this.#disk.isBroken = false)],
    ["crash", () => this.#crash()],
    ["stall", () => this.#clock.stall(this.#random.below(4000))],
    ["the clock jumps", () => this.#clock.jump(this.#random.below(20_000) - 10_000)],
  ];

  #start(): Process {
    const { writer = (disk) => disk.writer, reader = (disk) => disk.reader, process } = this.#sabotage;
    const limits = { maxBatches: 5 };
    const started = new Process({ clock: this.#clock, writer: writer(this.#disk), reader: reader(this.#disk), limits });
    process?.(started);
    return started;
  }

  /** Lets time pass until something is done, for a while. */
  async #until<T>(work: Promise<T> | undefined): Promise<T> {
    const done = Promise.resolve(work).then((value) => ({ value: value as T }));
    for (let i = 0; i < 20; i++) {
      const result = await Promise.race([done, this.#pass(INTERVAL_MS)]);
      if (result !== undefined) return result.value;
    }
    throw new Error("what was to be done has not been done in 20 intervals");
  }

  async #pass(ms: number): Promise<void> {
    await this.#clock.advance(ms);
    await this.#settle();
  }

  /** The disk does what it was asked to, and who waits for it goes on. */
  async #settle(): Promise<void> {
    for (let i = 0; i < 3; i++) {
      await settle();
      this.#disk.work();
    }
    await settle();
  }

  #write(): void {
    const count = 1 + this.#random.below(3);
    for (let i = 0; i < count; i++) this.#process.source.write(`${this.#random.pick(["a", "b a", "__proto__", ""])}\n`);
    this.#written += count;
  }

  #come(): void {
    const visitor = this.#random.pick(this.#visitors);
    visitor.line ??= this.#process.connect(visitor.client.cursor);
  }

  /** A client reads some of what is there for it. */
  #read(): void {
    const visitor = this.#random.pick(this.#visitors);
    for (let left = this.#random.below(6); left > 0; left--) this.#readOne(visitor);
  }

  #readOne({ client, line }: Visitor): boolean {
    const frame = line?.take();
    if (frame === undefined) return false;
    const { frame: change = (same: string) => same } = this.#sabotage;
    const said = change(frame);
    if (said !== undefined) client.read(JSON.parse(said) as Frame);
    return true;
  }

  /** What is on its way to it is lost. */
  #leave(visitor: Visitor): void {
    visitor.line?.onGone();
    visitor.line = undefined;
  }

  async #crash(): Promise<void> {
    this.#crashes++;
    this.#process.kill();
    this.#disk.crash();
    for (const visitor of this.#visitors) this.#leave(visitor);
    this.#process = this.#start();
    await this.#process.restore();
    await this.#settle();
  }

  #catchUp(visitor: Visitor): void {
    this.#leave(visitor);
    visitor.line = this.#process.connect(visitor.client.cursor);
    while (this.#readOne(visitor));
  }
}
