/** A sink by hand. @module */

import type { ByteSink } from "../../src/engine/mod.ts";

/** Keeps what it is told. */
export class Told implements ByteSink {
  said = "";
  tries = 0;
  readonly reasons: string[] = [];
  behind = false;
  isBehind(): boolean {
    return this.behind;
  }
  write(chunk: Uint8Array): void {
    this.said += Buffer.from(chunk).toString();
  }
  cut(bytes: number): void {
    this.said += `<cut ${bytes}>`;
  }
  end(): void {
    this.said += "<end>";
  }
  abandon(): void {
    this.said += "<abandon>";
  }
  gap(downMs: number): void {
    this.said += `<gap ${downMs}>`;
  }
  started(): void {
    this.tries++;
  }
  stopped(why: string): void {
    this.reasons.push(why);
  }
  error(): void {}
}
