/** The types of `sse.js`. @module */

export interface ServerEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** Bytes in, events out. */
export class EventParser {
  retryMs: number | undefined;
  constructor(most?: number);
  push(bytes: Uint8Array): ServerEvent[];
}
