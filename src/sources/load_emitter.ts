/** Says random lines as fast as they are read, or so many a second. @module */

import { inNextTurn, type Cancel, type Clock } from "../clock.ts";
import { Audience } from "./audience.ts";
import { Fill } from "./fill.ts";
import { Pace } from "./pace.ts";
import { randomSeed } from "./random.ts";

/** So many blocks are said before everything else in the process gets its turn: less than a millisecond of work. */
const BLOCKS_A_TURN = 4;
/** A client that has not taken a block in this time, while another waits for the next, is cut. */
const STUCK_MS = 30_000;

/** What a load emitter says, where and how fast. */
export interface LoadOptions {
  readonly clock: Clock;
  readonly messages: readonly string[];
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Lines a second; Infinity: as many as are read. */
  readonly rate: number;
  readonly seed?: number | undefined;
  /** Ends after this many lines; default never. */
  readonly maxLines?: number | undefined;
  /** Called when a client comes or goes, with how many there are. */
  readonly onClients?: (clients: number) => void;
}

/**
 * Sends random lines to all who are connected, many with one write, the same to everyone: those an `Emitter` says for the same
 * seed. A block is made when everyone has handed on the last one, so the slowest client sets the pace and memory stays at one
 * block, however many clients there are. While nobody is connected nothing is said.
 */
export class LoadEmitter {
  readonly seed: number;
  readonly sent: { lines: number; bytes: number } = { lines: 0, bytes: 0 };
  readonly #clock: Clock;
  readonly #maxLines: number;
  readonly #onClients: (clients: number) => void;
  readonly #fill: Fill;
  readonly #pace: Pace;
  readonly #audience: Audience;
  readonly #turnSoon: () => void = () => this.#soon();
  #cancelTurn: Cancel = () => {};
  #cancelStuck: Cancel | undefined;
  #turnAsked = false;
  #closed = false;

  constructor(options: LoadOptions) {
    // The messages are not kept: there may be millions.
    const { clock, messages, host, port, rate, seed, maxLines, onClients } = options;
    this.#clock = clock;
    this.#maxLines = maxLines ?? Infinity;
    this.#onClients = onClients ?? (() => {});
    this.seed = seed ?? randomSeed();
    this.#fill = new Fill(messages, this.seed);
    this.#pace = new Pace(rate);
    this.#audience = new Audience({ clock, host, port, onCome: () => this.#come(), onGo: () => this.#go() });
  }

  /** The port listened on; before {@link listen} the one asked for. */
  get port(): number {
    return this.#audience.port;
  }

  /** Resolves when it has been closed, or has finished, and everyone is gone. */
  get ended(): Promise<void> {
    return this.#audience.ended;
  }

  get clients(): number {
    return this.#audience.clients.size;
  }

  listen(): Promise<void> {
    return this.#audience.listen();
  }

  /** Says no more, lets everyone read what was said, and listens no more; resolves when everyone is gone. */
  close(): Promise<void> {
    this.#closed = true;
    this.#cancelTurn();
    this.#cancelStuck?.();
    return this.#audience.close();
  }

  #come(): void {
    if (this.clients === 1) this.#pace.resume(this.#clock.elapsed());
    this.#onClients(this.clients);
    this.#soon();
  }

  #go(): void {
    this.#onClients(this.clients);
    this.#soon();
  }

  #soon(): void {
    if (this.#turnAsked || this.#closed) return;
    this.#turnAsked = true;
    inNextTurn(() => {
      this.#turnAsked = false;
      this.#turn();
    });
  }

  /** Says what is due, block after block, as long as everyone takes it; then waits for whatever there is to wait for. */
  #turn(): void {
    this.#cancelTurn();
    for (let block = 0; block < BLOCKS_A_TURN; block++) {
      // Closed, nobody there, or someone has not taken the last block: a callback of his write, or his going, leads back here.
      if (this.#closed || this.#waits()) return;
      const left = this.#maxLines - this.sent.lines;
      if (left === 0) {
        void this.close();
        return;
      }
      if (this.clients === 0) return;
      const due = this.#pace.due(this.#clock.elapsed());
      if (due === 0) {
        this.#arm();
        return;
      }
      this.#say(Math.min(due, left));
    }
    this.#soon();
  }

  #say(lines: number): void {
    const chunk = this.#fill.next(lines);
    this.sent.lines += chunk.lines;
    this.sent.bytes += chunk.bytes.length;
    this.#pace.said(chunk.lines);
    for (const socket of this.#audience.clients) socket.write(chunk.bytes, this.#turnSoon);
  }

  #arm(): void {
    this.#cancelTurn = this.#clock.after(this.#pace.nextAt - this.#clock.elapsed(), () => this.#turn());
  }

  /** Whether a client has not taken all that was said. */
  #waits(): boolean {
    let slow = 0;
    for (const socket of this.#audience.clients) if (socket.writableLength > 0) slow++;
    if (slow === 0) {
      this.#cancelStuck?.();
      this.#cancelStuck = undefined;
      return false;
    }
    if (slow < this.clients) this.#cancelStuck ??= this.#clock.after(STUCK_MS, () => this.#cut());
    return true;
  }

  #cut(): void {
    this.#cancelStuck = undefined;
    const slow = [...this.#audience.clients].filter((socket) => socket.writableLength > 0);
    if (slow.length < this.clients) for (const socket of slow) socket.destroy();
  }
}
