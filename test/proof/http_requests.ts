/** Random HTTP/1.1, right and wrong: by a grammar, then by mutation of its bytes. @module */

import type { Chance } from "./chance.ts";

/** What requests can be about. */
export interface Subject {
  readonly session: string;
  readonly epoch: string;
  readonly port: number;
}

/** What a client says over one connection. */
export interface Said {
  /** Requests whose ends everybody sees at the same places. */
  readonly right: Buffer;
  /** How many they are. */
  readonly requests: number;
  /** One more that is wrong, or does not end, or makes the connection something else; none where it is empty. */
  readonly odd: Buffer;
}

const METHODS = "GET GET GET GET GET HEAD OPTIONS POST DELETE PUT PATCH TRACE PROPFIND QUERY".split(" ");
const ODD_METHODS = ["CONNECT", "get", "", "G\0ET", "PRI", "X".repeat(300), "GÉT", "M-SEARCH", "SOURCE", "POST GET"];
const ENCODINGS = "%00 %2e%2e %2F %25 %C3%A9 %FF %ED%A0%80 %C0%AF %E2%80%A8 %0d%0a %7f % %4 %zz %u0041".split(" ");
const ODD_CHARACTERS = [
  "\0",
  "\t",
  "\x7f",
  "\xff",
  "é",
  "//",
  "/../",
  "/./",
  ...`"<>\\^|{}~!$&'()*+,;=:@[]#?`.split(""),
];
const HOSTS = ["localhost", "127.0.0.1", "[::1]"];
const ODD_HOSTS = [
  ...["", " ", "evil.example", "127.0.0.1\0.evil.example", "127.0.0.1@evil.example", "localhost:99999", "a b", "[::1"],
  ...[
    "localhost/x",
    "localhost?x",
    "localhost#x",
    "[::ffff:127.0.0.1]",
    "127.1",
    "０.0.0.0",
    "%6cocalhost",
    "a,b",
    "\xff",
  ],
  ...["localhost:", "localhost:-1", "http://localhost", "x".repeat(3000), "xn--", "[v1.a]", "127.0.0.1:80:80", "[]"],
];
const NAMES = [
  ...["accept", "accept-encoding", "authorization", "cookie", "origin", "referer", "last-event-id", "sec-fetch-site"],
  ...["if-none-match", "range", "forwarded", "x-forwarded-for", "content-type", "content-encoding", "te", "trailer"],
  ...["__proto__", "constructor", "expect", "connection", "keep-alive", "proxy-connection", "http2-settings", "via"],
  ...["sec-websocket-key", "sec-websocket-version", "sec-websocket-protocol", "sec-websocket-extensions", "date"],
];
const VALUES = [
  ...[
    "",
    "a",
    "*/*",
    "application/json",
    "text/plain",
    "text/event-stream",
    "gzip, br;q=0",
    "Bearer x",
    "Bearer  ",
    "null",
  ],
  ...["http://evil.example", "http://localhost", "cross-site", "same-origin", "bytes=0-1", "100-continue", "200-maybe"],
  ...[
    "close",
    "keep-alive",
    "upgrade",
    "TE",
    "\x80\xff",
    "dGhlIHNhbXBsZSBub25jZQ==",
    "13",
    "sluice.v1.json",
    "identity;q=0",
  ],
  ...[
    "x:1",
    "x:999999999999999999999",
    '"a", W/"b"',
    "for=1.2.3.4;proto=http",
    "multipart/form-data; boundary=--",
    ",",
  ],
];
const BODIES = [
  ...["{}", "[]", "null", "1", '"', "{", "", "\0", '{"__proto__":{"a":1}}', '{"source":null}', '{"graceful":1}'],
  ...['{"name":1}', '{"batchIntervalMs":-1}', '{"source":{"type":"emitter","lines":[]}}', '{"source":{"type":"x"}}'],
  ...[
    '{"source":{"type":"emitter","file":"../../etc/passwd"}}',
    '{"batchIntervalMs":1e999}',
    "\xff\xfe",
    "[".repeat(300),
  ],
  ...['{"source":{"type":"emitter","port":70000}}', '{"a":{"a":{"a":[]}}}', '{"name":"\\ud800"}', " ".repeat(2000)],
];
/** What is said beside a body's true length. */
const ODD_LENGTHS = [
  "-1",
  "+3",
  "0x3",
  "3 3",
  "3, 3",
  "3,4",
  "1e1",
  "99999999999999999999",
  "",
  "a",
  "3\0",
  "9",
  "\t3",
  "03",
];
const ODD_CODINGS = [
  "chunked, chunked",
  "gzip",
  "identity",
  "chunked ",
  "\x0bchunked",
  "xchunked",
  "chunked;q=1",
  "",
  "Chunked",
];
const UPGRADES = ["foo", "h2c", "websocket", "WebSocket, foo", "TLS/1.0", "", "websocket/13", "h2c, websocket"];
const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/** What is said over a connection: requests that are right, and often one at the end that is not. */
export function connectionBytes(chance: Chance, subject: Subject): Said {
  const requests = chance.length(60) - 1;
  const right = Buffer.concat(Array.from({ length: requests }, () => rightRequest(chance, subject)));
  if (chance.percent(20) && requests > 0) return { right, requests, odd: Buffer.alloc(0) };
  const last = chance.percent(40) ? chance.mutated(rightRequest(chance, subject)) : oddRequest(chance, subject);
  // Smuggled behind it: what may be taken for its body, or for a request of its own.
  const behind = chance.percent(30) ? rightRequest(chance, subject) : Buffer.alloc(0);
  return { right, requests, odd: Buffer.concat([last, behind]) };
}

/** One whose end everybody sees at the same place, whatever it asks for. */
function rightRequest(chance: Chance, subject: Subject): Buffer {
  const method = chance.pick(METHODS);
  const headers = [`Host: ${chance.pick(HOSTS)}${chance.percent(50) ? `:${subject.port}` : ""}`];
  while (chance.percent(30)) headers.push(`X-${chance.pick(NAMES)}: ${chance.pick(VALUES)}`);
  if (chance.percent(10)) headers.push(`${chance.pick(["Accept", "If-None-Match", "Origin"])}: ${chance.pick(VALUES)}`);
  const path = chance.percent(80)
    ? route(chance, subject)
    : `/${target(chance, subject)
        .slice(0, 2000)
        .replaceAll(/[\0-\x20\x7f-\uffff]/g, "_")}`;
  if (method !== "POST" && chance.percent(90)) return Buffer.from(head(method, path, headers), "latin1");
  const body = bodyOf(chance);
  const type = chance.pick(["application/json", "application/json", "text/plain", "application/json; charset=utf-16"]);
  headers.push(`Content-Type: ${type}`);
  if (chance.percent(30))
    return joined(head(method, path, [...headers, "Transfer-Encoding: chunked"]), chunked(chance, body));
  return joined(head(method, path, [...headers, `Content-Length: ${body.length}`]), body);
}

/** One with something that is not to be, or that makes the connection something else. */
function oddRequest(chance: Chance, subject: Subject): Buffer {
  const path = target(chance, subject);
  const body = bodyOf(chance);
  const host = `Host: localhost:${subject.port}`;
  const wrong = [
    () => head(chance.pick(ODD_METHODS), path, [host]),
    () =>
      head(
        "GET",
        path,
        [host],
        chance.pick(["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.2", "HTTP/1.1 ", "", "HTCPCP/1.0"]),
      ),
    () => head("GET", path, [`Host: ${chance.pick(ODD_HOSTS)}`]),
    () => head("GET", path, []),
    () => head("GET", path, [host, `Host: ${chance.pick(ODD_HOSTS)}`]),
    () => head("GET", path, [host, ...oddHeaders(chance)]),
    () => head("GET", absolute(chance, subject), [`Host: ${chance.pick([...HOSTS, ...ODD_HOSTS])}`]),
    () =>
      head(chance.pick(METHODS), path, [
        host,
        `Upgrade: ${chance.pick(UPGRADES)}`,
        "Connection: Upgrade",
        ...handshake(chance),
      ]),
    () =>
      head("GET", path, [
        `Host: ${chance.pick(ODD_HOSTS)}`,
        "Upgrade: websocket",
        "Connection: Upgrade",
        ...handshake(chance),
      ]),
    () => head("GET", `/sessions/${subject.session}/${chance.pick(["sse", "text", "sse?since=earliest"])}`, [host]),
    () => PREFACE + (chance.percent(50) ? chance.bytes(40).toString("latin1") : ""),
    () => chance.bytes(1 + chance.length(3000)).toString("latin1"),
    () => `\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03${chance.bytes(64).toString("latin1")}`,
  ];
  const wrongBody = [
    () => joined(posted(chance, subject, [`Content-Length: ${chance.pick(ODD_LENGTHS)}`]), body),
    () =>
      joined(
        posted(chance, subject, [`Content-Length: ${body.length}`, `Content-Length: ${chance.pick(ODD_LENGTHS)}`]),
        body,
      ),
    () =>
      joined(
        posted(chance, subject, [`Content-Length: ${body.length}`, "Transfer-Encoding: chunked"]),
        chunked(chance, body),
      ),
    () => joined(posted(chance, subject, [`Transfer-Encoding: ${chance.pick(ODD_CODINGS)}`]), chunked(chance, body)),
    () => joined(posted(chance, subject, ["Transfer-Encoding: chunked"]), brokenChunks(chance, body)),
    () => joined(posted(chance, subject, ["Transfer-Encoding: chunked"]), chance.mutated(chunked(chance, body))),
    () => joined(posted(chance, subject, ["Content-Length : 3"]), body),
    () => joined(posted(chance, subject, [`Content-Length: ${body.length + 1 + chance.length(1e6)}`]), body),
    () => joined(posted(chance, subject, ["Expect: 100-continue", `Content-Length: ${body.length}`]), body),
  ];
  return chance.percent(60) ? Buffer.from(chance.pick(wrong)(), "latin1") : chance.pick(wrongBody)();
}

function posted(chance: Chance, { session, port }: Subject, headers: readonly string[]): string {
  const path = chance.pick(["/sessions", `/sessions/${session}/batches`, "/sessions/x/stop", "/healthz", "/nothing"]);
  return head("POST", path, [`Host: localhost:${port}`, "Content-Type: application/json", ...headers]);
}

function head(method: string, path: string, headers: readonly string[], version = "HTTP/1.1"): string {
  return `${[`${method} ${path} ${version}`, ...headers].join("\r\n")}\r\n\r\n`;
}

function joined(start: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(start, "latin1"), body]);
}

/** A path that there is, cheap to answer and answered whole. */
function route(chance: Chance, { session, epoch }: Subject): string {
  const own = `/sessions/${session}`;
  const path = chance.pick([
    ...[
      "/",
      "/healthz",
      "/readyz",
      "/version",
      "/limits",
      "/lateness",
      "/sessions",
      "/web/page.js",
      "/client.js",
      "/problems/x",
    ],
    ...["/openapi.json", own, `${own}/batches`, `${own}/batches/latest`, `${own}/batches/1`, `${own}/batches/1/words`],
    ...[
      `${own}/batches/1/lines`,
      "/problems/bad-cursor",
      "/sessions/s_nothere",
      "/sessions/__proto__",
      "/nothing",
      "/ws",
    ],
    ...[`${own}/ws`, "/sse", `${own}/stop/x`, "/web/../src/node.ts", "/web/__proto__.js", "/client/mod.js"],
  ]);
  if (chance.percent(70)) return path;
  const name = chance.pick([
    "after",
    "before",
    "limit",
    "order",
    "top",
    "since",
    "state",
    "session",
    "policy",
    "__proto__",
    "",
  ]);
  const value = chance.pick([
    "",
    "1",
    "0",
    "-1",
    "1e9",
    "999999999999",
    `${epoch}:1`,
    "x:1",
    "%00",
    "%",
    "asc",
    "NaN",
    "a&a=b",
    "😀",
  ]);
  return `${path}?${name}=${value}`.replaceAll(/[^\0-\x7f]+/g, encodeURIComponent);
}

/** A target of any sort. */
function target(chance: Chance, subject: Subject): string {
  let path = chance.percent(50) ? route(chance, subject) : "/";
  while (chance.percent(70)) path += chance.pick([...ENCODINGS, ...ODD_CHARACTERS, "a", "/", "sessions", "web/"]);
  if (chance.percent(2)) path += "x".repeat(chance.length(30_000));
  return chance.percent(5) ? chance.pick(["*", "", "x", "?", "#", "//", "\\", "http://", "//evil.example/x"]) : path;
}

function absolute(chance: Chance, subject: Subject): string {
  const scheme = chance.pick(["http", "https", "ws", "HTTP", "ftp", "file", "javascript", "", "http:", "data"]);
  return `${scheme}://${chance.pick([...HOSTS, ...ODD_HOSTS])}${target(chance, subject)}`;
}

function oddHeaders(chance: Chance): string[] {
  const name = chance.pick(NAMES);
  return chance.pick<() => string[]>([
    () => [`${name}: ${"x".repeat(chance.length(40_000))}`],
    () => Array.from({ length: chance.length(3000) }, (_, i) => `${name}${chance.percent(50) ? i : ""}: ${i}`),
    () => Array.from({ length: 3 }, () => `${name}: ${chance.pick(VALUES)}`),
    () => [`${name} : x`, ` folded: x`, `\tfolded`],
    () => [`: no name`, `no colon`, `${name}:\0`],
    () => [`${name}: a\rb`, `${name}: a\nb`, `x\0y: z`],
    () => [`${chance.bytes(8).toString("latin1")}: ${chance.bytes(8).toString("latin1")}`],
    () => [`${name.toUpperCase()}: ${chance.pick(VALUES)}`],
  ])();
}

function handshake(chance: Chance): string[] {
  const key = chance.pick(["dGhlIHNhbXBsZSBub25jZQ==", "", "x", "dGhlIHNhbXBsZSBub25jZQ==, a", "\xff"]);
  const all = [
    `Sec-WebSocket-Key: ${key}`,
    `Sec-WebSocket-Version: ${chance.pick(["13", "8", "", "13, 8", "999", "x"])}`,
  ];
  if (chance.percent(50))
    all.push(`Sec-WebSocket-Protocol: ${chance.pick(["sluice.v1.json", "x", ",", "", "a,,b", "a b", "\xff"])}`);
  if (chance.percent(50))
    all.push(`Sec-WebSocket-Extensions: ${chance.pick(["permessage-deflate", ";", 'x;y="', "a;a;a=1", ","])}`);
  return chance.percent(80) ? all : all.slice(1);
}

function bodyOf(chance: Chance): Buffer {
  if (chance.percent(3)) return Buffer.alloc(chance.length(200_000), chance.pick(["[", "x", "{", "\0"]));
  return Buffer.from(chance.pick(BODIES), "latin1");
}

function chunked(chance: Chance, body: Buffer): Buffer {
  const parts = chance.pieces(body, 4).filter(({ length }) => length > 0);
  const sizes = parts.map((part) => Buffer.from(`${part.length.toString(16)}\r\n`));
  return Buffer.concat([...parts.flatMap((part, i) => [sizes[i]!, part, CRLF]), Buffer.from("0\r\n\r\n")]);
}

const CRLF = Buffer.from("\r\n");

function brokenChunks(chance: Chance, body: Buffer): Buffer {
  const size = body.length.toString(16);
  const start = chance.pick([
    `-${size}`,
    `0x${size}`,
    `${size};${"x".repeat(chance.length(20_000))}`,
    "fffffffffffffffff",
    "g",
    "",
  ]);
  const end = chance.pick(["\n", "\r\n", "\r", "", " \r\n"]);
  const trailer = chance.pick([
    "0\r\n\r\n",
    "0\r\nHost: evil\r\n\r\n",
    "0\r\n",
    "00000\r\n\r\n",
    "0\r\nx: y\0\r\n\r\n",
    "",
  ]);
  return joined(
    start + end,
    Buffer.concat([body, Buffer.from(chance.pick(["\r\n", "\n", ""])), Buffer.from(trailer, "latin1")]),
  );
}
