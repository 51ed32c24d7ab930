/** A DNS server of the test's own, on this machine. @module */

import { createSocket, type Socket } from "node:dgram";

/** The addresses of a name. It is asked for each kind by itself, and may answer otherwise each time. */
export type Answer = (name: string, family: "ipv4" | "ipv6") => readonly string[];

const HEADER_BYTES = 12;
const TYPES: Readonly<Record<number, "ipv4" | "ipv6">> = { 1: "ipv4", 28: "ipv6" };
/** A response to a query that wanted recursion. */
const RESPONSE = 0x8180;
/** The name of an answer is that of the question. */
const NAME_OF_QUESTION = 0xc00c;

/** Answers A and AAAA; any other question, and a name without addresses, has no answer. */
export class DnsStub {
  readonly #socket: Socket;
  /** The names asked for, in order. */
  readonly asked: string[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async listen(answer: Answer): Promise<DnsStub> {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => {
      socket.bind(0, "127.0.0.1", resolve);
    });
    const stub = new DnsStub(socket);
    socket.on("message", (query, from) => socket.send(stub.#reply(query, answer), from.port, from.address));
    return stub;
  }

  /** As `Resolver.setServers` takes it. */
  get server(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  close(): void {
    this.#socket.close();
  }

  #reply(query: Buffer, answer: Answer): Buffer {
    const labels: string[] = [];
    let at = HEADER_BYTES;
    for (let size = query[at]!; size > 0; size = query[at]!) {
      labels.push(query.toString("latin1", at + 1, at + 1 + size));
      at += size + 1;
    }
    const type = query.readUInt16BE(at + 1);
    const family = TYPES[type];
    const name = labels.join(".").toLowerCase();
    this.asked.push(name);
    const records = (family === undefined ? [] : answer(name, family)).map((address) => recordOf(address, type));
    const header = Buffer.from(query.subarray(0, HEADER_BYTES));
    header.writeUInt16BE(RESPONSE, 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt32BE(0, 8);
    return Buffer.concat([header, query.subarray(HEADER_BYTES, at + 5), ...records]);
  }
}

function recordOf(address: string, type: number): Buffer {
  const bytes = type === 1 ? Buffer.from(address.split(".").map(Number)) : bytesOfIpv6(address);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(NAME_OF_QUESTION, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  // It is not to be kept.
  head.writeUInt32BE(0, 6);
  head.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([head, bytes]);
}

function bytesOfIpv6(address: string): Buffer {
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1).split("::");
  const [front = [], back = []] = groups.map((part) => (part === "" ? [] : part.split(":")));
  const all = [...front, ...Array<string>(8 - front.length - back.length).fill("0"), ...back];
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}
