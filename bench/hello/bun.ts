import { Hono } from "hono";

const app = new Hono();
app.get("/", (c) => c.text("Hello"));
declare const Bun: { serve(options: object): unknown };

Bun.serve({ hostname: "127.0.0.1", port: Number(process.env["PORT"]), fetch: app.fetch });
