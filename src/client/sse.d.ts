/** What `sse.js` gives to TypeScript. @module */

/** See `sse.js`. */
export class EventParser {
  push(bytes: Uint8Array): { readonly id: string; readonly type: string; readonly data: string }[];
}
