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
  expect([tickets.redeem(ticket, PATH), tickets.redeem(ticket, PATH), tickets.size]).toEqual([true, false, 0]);
  expect(tickets.redeem("", PATH)).toBe(false);
});

test("a ticket is good for 30 s", async () => {
  const { tickets, clock } = scene();
  const [first, second] = [tickets.issue(null), tickets.issue(null)];
  await clock.advance(maxTicketMs.value - 1);
  expect(tickets.redeem(first.ticket, PATH)).toBe(true);
  await clock.advance(1);
  expect([tickets.redeem(second.ticket, PATH), tickets.size]).toEqual([false, 0]);
});

test("a ticket of a session is good for its streams, and a try elsewhere uses it up", () => {
  const { tickets } = scene();
  const open = (path: string): boolean => tickets.redeem(tickets.issue("s_a").ticket, path);
  for (const stream of ["sse", "ws", "text"]) expect(open(`/sessions/s_a/${stream}`)).toBe(true);
  for (const path of ["/sessions/s_b/sse", "/sse", "/ws", "/sessions/s_a", "/x/sessions/s_a/sse"])
    expect([path, open(path)]).toEqual([path, false]);
  const { ticket } = tickets.issue("s_a");
  expect([tickets.redeem(ticket, "/sse"), tickets.redeem(ticket, PATH)]).toEqual([false, false]);
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
