/** A session whose lines are brought to it. @module */

import type { Clock } from "../clock.ts";
import type { ByteSink } from "../engine/mod.ts";
import { SluiceError } from "../errors.ts";
import type { Feed, Intake, Limits, Source, SourceStatus } from "../sessions/mod.ts";
import { Backpressure } from "./backpressure.ts";
import { Share } from "./landing.ts";
import { WholeLines } from "./whole_lines.ts";

/** What it is made with. */
interface PushSourceParts {
  readonly clock: Clock;
  readonly limits: Pick<Limits, "maxLineLength" | "maxProducers">;
}

/** Takes lines of several producers at once; each line is one producer's. */
export class PushSource implements Source, Intake {
  readonly intake: Intake = this;
  /** Where lines go, until it is stopped. */
  sink: ByteSink | undefined;
  readonly #parts: PushSourceParts;
  readonly #backpressure: Backpressure;
  readonly #producers = new Set<PushFeed>();
  #accepted = 0;

  constructor(parts: PushSourceParts) {
    this.#parts = parts;
    this.#backpressure = new Backpressure(parts.clock.elapsed());
  }

  get status(): SourceStatus {
    return {
      type: "push",
      connected: this.sink !== undefined,
      finished: false,
      lastError: null,
      producers: this.#producers.size,
      accepted: this.#accepted,
      backpressure: this.#backpressure.status(this.#parts.clock.elapsed()),
    };
  }

  /** It takes lines from its start to its stop: nothing changes in between. */
  watch(): void {}

  start(sink: ByteSink): Promise<void> {
    this.sink = sink;
    sink.started();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.sink = undefined;
    for (const producer of this.#producers) producer.stop();
    return Promise.resolve();
  }

  mustHaveRoom(): void {
    const { maxProducers } = this.#parts.limits;
    if (this.#producers.size < maxProducers) return;
    const message = `Cannot take lines: ${this.#producers.size} bring some and maxProducers is ${maxProducers}`;
    throw new SluiceError("too_many_producers", message);
  }

  open(onOver: () => void): Feed {
    const { sink } = this;
    const { clock, limits } = this.#parts;
    if (sink === undefined) throw new SluiceError("session_over", "Cannot take lines: the session is about to be over");
    this.mustHaveRoom();
    this.#accepted++;
    const feed = new PushFeed({
      lines: new WholeLines(sink, limits.maxLineLength),
      count: () => sink.lines?.() ?? 0,
      share: (resume) => new Share({ clock, reader: this, backpressure: this.#backpressure, resume }),
      onOver,
      onGone: (gone) => this.#producers.delete(gone),
    });
    this.#producers.add(feed);
    return feed;
  }
}

interface PushFeedParts {
  readonly lines: WholeLines;
  /** All lines that have come to the session. */
  readonly count: () => number;
  readonly share: (resume: () => void) => Share;
  readonly onOver: () => void;
  readonly onGone: (feed: PushFeed) => void;
}

/** One producer of a session. */
class PushFeed implements Feed {
  lines = 0;
  bytes = 0;
  isOver = false;
  readonly #parts: PushFeedParts;
  readonly #share: Share;
  #room: (() => void) | undefined;

  constructor(parts: PushFeedParts) {
    this.#parts = parts;
    this.#share = parts.share(() => this.#room?.());
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.isOver) return undefined;
    this.#share.begin();
    // What was due may have been the end of the session.
    if (this.isOver) return undefined;
    this.#take((lines) => lines.write(chunk));
    this.bytes += chunk.length;
    if (this.#share.mayReadOn(false)) return undefined;
    return new Promise((resolve) => {
      this.#room = resolve;
    });
  }

  end(): void {
    if (!this.isOver) this.#take((lines) => lines.end());
    this.#leave();
  }

  abandon(): void {
    if (!this.isOver) this.#take((lines) => lines.abandon());
    this.#leave();
  }

  /** The session takes no more. */
  stop(): void {
    this.abandon();
    this.#parts.onOver();
  }

  /** Nobody else's lines come meanwhile. */
  #take(how: (lines: WholeLines) => void): void {
    const { lines, count } = this.#parts;
    const before = count();
    how(lines);
    this.lines += count() - before;
  }

  #leave(): void {
    this.isOver = true;
    this.#room?.();
    this.#parts.onGone(this);
  }
}
