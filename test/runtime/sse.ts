/** Reads Server-Sent Events, as WHATWG HTML 9.2.6 has them. @module */

/** One event. */
interface ServerEvent {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** An open stream of events. */
export interface EventStream extends AsyncDisposable {
  readonly response: Response;
  /** The next event, or undefined at the end of the stream. */
  take(): Promise<ServerEvent | undefined>;
  /** The data of the next event of a kind; what comes before it is passed over. Fails at the end of the stream. */
  next<T>(event: string): Promise<T>;
  /** Goes away. */
  close(): void;
}

/** Opens a stream; the answer must be 200. */
export async function follow(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventStream> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  if (response.status !== 200 || response.body === null) {
    throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  }
  const events = readEvents(response.body);
  const take = async (): Promise<ServerEvent | undefined> => {
    const { value, done } = await events.next();
    return done === true ? undefined : value;
  };
  return {
    response,
    take,
    async next<T>(name: string) {
      for (let event = await take(); event !== undefined; event = await take()) {
        if (event.event === name) return event.data as T;
      }
      throw new Error(`The stream ended before an event ${name}`);
    },
    close: () => abort.abort(),
    async [Symbol.asyncDispose]() {
      abort.abort();
      await events.return(undefined).catch(() => {});
    },
  };
}

async function* readEvents(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<ServerEvent, undefined> {
  let rest = "";
  let id = "";
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + part).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(
        block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
      );
      id = fields.get("id") ?? id;
      const data = fields.get("data");
      if (data !== undefined) yield { event: fields.get("event") ?? "message", id, data: JSON.parse(data) as unknown };
    }
  }
  return undefined;
}
