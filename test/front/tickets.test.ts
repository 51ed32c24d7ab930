import { expect, test } from "vitest";
import { Tickets } from "../../src/front/tickets.ts";
import { LIMITS } from "../../src/limits.ts";
import { ManualClock } from "../support/manual_clock.ts";

const PATH = "/sessions/s_a/sse";
const { maxTickets, maxTicketMs } = LIMITS;

function scene(): { clock: ManualClock; tickets: Tickets } {
  const clock = new ManualClock();
  return { clock, tickets: new Tickets(clock) };
}

test("a ticket is good once", () => {
  const { tickets, clock } = scene();
  const { ticket, expiresAt } = tickets.issue(null);
  expect([ticket, expiresAt, tickets.size]).toEqual([expect.stringMatching(/^[\w-]{43}$/), clock.now() + 30_000, 1]);
  expect([tickets.redeem(ticket, PATH), tickets.redeem(ticket, PATH), tickets.size]).toEqual([["read"], undefined, 0]);
  expect(tickets.redeem("", PATH)).toBeUndefined();
});

test("a ticket is good for 30 s", async () => {
  const { tickets, clock } = scene();
  const [first, second] = [tickets.issue(null), tickets.issue(null)];
  await clock.advance(maxTicketMs.value - 1);
  expect(tickets.redeem(first.ticket, PATH)).toEqual(["read"]);
  await clock.advance(1);
  expect([tickets.redeem(second.ticket, PATH), tickets.size]).toEqual([undefined, 0]);
});

test("a ticket of a session is good for its streams, and a try elsewhere uses it up", () => {
  const { tickets } = scene();
  const open = (path: string): unknown => tickets.redeem(tickets.issue("s_a").ticket, path);
  for (const stream of ["sse", "ws", "text"]) expect(open(`/sessions/s_a/${stream}`)).toEqual(["read"]);
  for (const path of [
    "/sessions/s_b/sse",
    "/sse",
    "/ws",
    "/sessions/s_a",
    "/x/sessions/s_a/sse",
    "/sessions/s_a/lines/ws",
  ])
    expect([path, open(path)]).toEqual([path, undefined]);
  const { ticket } = tickets.issue("s_a");
  expect([tickets.redeem(ticket, "/sse"), tickets.redeem(ticket, PATH)]).toEqual([undefined, undefined]);
});

test("a ticket to bring lines to a session is good for that alone", () => {
  const { tickets } = scene();
  const open = (path: string): unknown => tickets.redeem(tickets.issue("s_a", "write").ticket, path);
  expect(open("/sessions/s_a/lines/ws")).toEqual(["write"]);
  for (const path of ["/sessions/s_b/lines/ws", "/sessions/s_a/ws", PATH, "/ws", "/sessions/s_a/lines"])
    expect([path, open(path)]).toEqual([path, undefined]);
});

test("no more are given than maxTickets, until the oldest are too old", async () => {
  const { tickets, clock } = scene();
  tickets.issue(null);
  await clock.advance(10_000);
  while (tickets.size < maxTickets.value) tickets.issue(null);
  expect(() => tickets.issue(null)).toThrow(`maxTickets is ${maxTickets.value}`);
  expect(() => tickets.issue(null)).toThrow(expect.objectContaining({ code: "too_many_tickets", retryAfterS: 20 }));
  await clock.advance(20_000);
  tickets.issue(null);
  expect(() => tickets.issue(null)).toThrow("Cannot give a ticket");
  tickets.clear();
  expect(tickets.size).toBe(0);
});
