/** Whether a request is a WebSocket handshake as RFC 6455 has it (section 4.2.1), as no runtime asks for all of that. @module */

/** The version of RFC 6455. */
const VERSION = "13";
/** 16 bytes as base64. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;

/** The answer to a request that is none; undefined where it is one. */
export function refusalOf(headers: Headers): Response | undefined {
  const options = (headers.get("connection") ?? "").toLowerCase().split(",");
  const asks = options.some((option) => option.trim() === "upgrade");
  if (!asks || !KEY.test(headers.get("sec-websocket-key") ?? "")) return new Response(null, { status: 400 });
  if (headers.get("sec-websocket-version") === VERSION) return undefined;
  return new Response(null, { status: 426, headers: { upgrade: "websocket", "sec-websocket-version": VERSION } });
}
