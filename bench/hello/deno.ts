import { Hono } from "hono";

const app = new Hono();
app.get("/", (c) => c.text("Hello"));
declare const Deno: {
  readonly env: { get(name: string): string };
  serve(options: object, fetch: typeof app.fetch): unknown;
};

Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT")) }, app.fetch);
