/** `POST /sessions`: with an `Idempotency-Key` a request that comes again starts nothing (draft-ietf-httpapi-idempotency-key-header). @module */

import type { Context } from "hono";
import type { Clock } from "../clock.ts";
import { SluiceError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Session, Sessions, SessionSpec } from "../sessions/mod.ts";

/** What it is made with. */
export interface IdempotencyParts {
  readonly sessions: Sessions;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly show: (session: Session) => object;
}

/** Starts a session, and keeps with it what its request is known by. */
type Start = (request: string | null) => Promise<Session>;

/** What was told of a session that has started. */
interface Told {
  readonly location: string;
  readonly text: string;
}

/** What a key stands for. */
interface Creation {
  /** Of what was asked for. */
  readonly fingerprint: string;
  /** In ms since the Unix epoch. */
  readonly at: number;
  /** Undefined until it has started. */
  told: Told | undefined;
}

/** Starts sessions, and knows by their keys those that it has started, and those that the process before it had. */
export class Idempotency {
  readonly #parts: IdempotencyParts;
  /** The oldest in front. */
  readonly #byKey = new Map<string, Creation>();

  constructor(parts: IdempotencyParts) {
    this.#parts = parts;
    for (const session of parts.sessions.all()) {
      const [key, fingerprint] = session.request?.split(":") ?? [];
      if (key === undefined || fingerprint === undefined) continue;
      this.#remember(key, { fingerprint, at: session.createdAt, told: this.#tell(session) });
    }
  }

  /** Keys that are known. */
  get size(): number {
    this.#forgetOld();
    return this.#byKey.size;
  }

  /** Starts a session and tells of it, or tells again what was told of it when it was started. */
  async create(c: Context, spec: SessionSpec, start: Start): Promise<Response> {
    const { runtime, clock } = this.#parts;
    const header = c.req.header("idempotency-key");
    if (header === undefined) return answer(c, this.#tell(await start(null)));
    // Nobody is told of what was started by the holder of another token.
    const key = runtime.digest(`${c.req.header("authorization") ?? ""}\n${readIdempotencyKey(header)}`);
    const fingerprint = runtime.digest(JSON.stringify(spec));
    const known = this.#known(key);
    if (known !== undefined) return replay(c, known, fingerprint);
    const creation: Creation = { fingerprint, at: clock.now(), told: undefined };
    this.#remember(key, creation);
    try {
      creation.told = this.#tell(await start(`${key}:${fingerprint}`));
    } catch (failure) {
      // Nothing was started: who asks again asks anew.
      if (this.#byKey.get(key) === creation) this.#byKey.delete(key);
      throw failure;
    }
    return answer(c, creation.told);
  }

  #tell(session: Session): Told {
    return { location: `/sessions/${session.id}`, text: `${JSON.stringify(this.#parts.show(session))}\n` };
  }

  #known(key: string): Creation | undefined {
    this.#forgetOld();
    return this.#byKey.get(key);
  }

  #remember(key: string, creation: Creation): void {
    this.#byKey.set(key, creation);
    this.#forgetOld();
  }

  #forgetOld(): void {
    const { sessions, clock } = this.#parts;
    const { maxIdempotencyKeys, maxIdempotencyKeyMs } = sessions.limits;
    for (const [key, { at }] of this.#byKey) {
      if (this.#byKey.size <= maxIdempotencyKeys && clock.now() - at < maxIdempotencyKeyMs) break;
      this.#byKey.delete(key);
    }
  }
}

function replay(c: Context, { fingerprint: first, told }: Creation, fingerprint: string): Response {
  if (fingerprint !== first) {
    const message =
      "Cannot start a session: its Idempotency-Key was sent with another body before; a new one is wanted";
    throw new SluiceError("idempotency_key_reused", message);
  }
  if (told === undefined) {
    const message = "Cannot start a session: the first request of its Idempotency-Key is not answered yet";
    throw new SluiceError("idempotency_key_in_use", message, { retryAfterS: 1 });
  }
  return answer(c, told, { "idempotency-replayed": "true" });
}

function answer(c: Context, { location, text }: Told, more: Readonly<Record<string, string>> = {}): Response {
  return c.body(text, 201, { "content-type": "application/json", location, ...more });
}

const QUOTED_KEY = /^"((?:[ !#-[\]-~]|\\["\\]){1,255})"$/;
const BARE_KEY = /^[!#-~](?:[ -~]{0,253}[!-~])?$/;

/** The key of an `Idempotency-Key`: a string of structured fields (RFC 8941), or its characters as they are. */
function readIdempotencyKey(header: string): string {
  const quoted = QUOTED_KEY.exec(header)?.[1];
  if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, "$1");
  if (BARE_KEY.test(header)) return header;
  const shown = JSON.stringify(header.slice(0, 60));
  throw new SluiceError(
    "bad_idempotency_key",
    `Cannot read the Idempotency-Key ${shown}: wanted are 1 to 255 printable characters of ASCII, as they are or in quotation marks`,
  );
}
