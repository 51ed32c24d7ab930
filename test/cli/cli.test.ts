import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { Command } from "../support/command.ts";
import { TcpClient, TcpServer } from "../support/tcp.ts";

const RULE = "-".repeat(43);
const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "sluice-cli-"));

vi.setConfig({ testTimeout: 30_000 });
const started: Command[] = [];
afterAll(() => {
  for (const { child } of started) child.kill("SIGKILL");
});

function run(args: readonly string[], options: ConstructorParameters<typeof Command>[1] = {}): Command {
  const command = new Command(args, options);
  started.push(command);
  return command;
}

/** A service of the command line, and a session of it. */
async function serveSession(spec: object): Promise<{ server: Command; url: string }> {
  const server = run(["serve", "--port", "0"], { cwd: await folder() });
  const [, base] = await server.says(/listens on (http:\S+)/);
  const response = await fetch(`${base}/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(spec),
  });
  const { links } = (await response.json()) as { links: { self: string } };
  return { server, url: `${base}${links.self}` };
}

describe.concurrent("sluice", () => {
  test("tells its commands, their options and its version", async () => {
    const help = run(["--help"]);
    expect(await help.ended).toBe(0);
    for (const name of ["serve", "emit", "lab", "tail", "check-config", "token", "verify"]) {
      expect(help.stdout).toContain(`sluice ${name}`);
      const one = run([name, "--help"]);
      expect(await one.ended).toBe(0);
      expect(one.stdout).toMatch(new RegExp(`^Usage: sluice ${name}`));
    }
    const version = run(["--version"]);
    await version.ended;
    const { version: wanted } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
    expect(version.stdout).toBe(`${wanted}\n`);
  });

  test.each([
    [["surve"], 2, /there is no command "surve"/],
    [["serve", "--prot", "1"], 2, /--prot/],
    [["serve", "--port", "99999"], 2, /--port or PORT "99999": a whole number from 0 to 65535 is wanted/],
    [["serve", "--port"], 2, /--port wants a value/],
    [["serve", "--port", "--insecure"], 2, /--port wants a value/],
    [["serve", "--insecure=yes"], 2, /--insecure takes no value/],
    [["serve", "--port=99999"], 2, /--port or PORT "99999"/],
    [["serve", "-p", "1"], 2, /there is no option -p/],
    [["serve", "--__proto__", "1"], 2, /there is no option --__proto__/],
    [["tail", "--", "--nonsense"], 2, /wanted is the URL of a session/],
    [
      ["serve", "--max-sessions", "0"],
      2,
      /--max-sessions or SLUICE_MAX_SESSIONS "0": a whole number from 1 to 1000000 is/,
    ],
    [["serve", "extra"], 2, /there are 1 arguments, wanted are 0/],
    [
      ["serve", "--port", "0", "--tokens", "/nowhere/tokens"],
      2,
      /Cannot read \/nowhere\/tokens: there is no such file/,
    ],
    [["serve", "--port", "0", "--tokens", "package.json"], 2, /Cannot use line 1 of package.json: a name, scopes and/],
    [
      ["serve", "--allow-host", "http://x"],
      2,
      /--allow-host or SLUICE_ALLOW_HOSTS "http:\/\/x": a host name or address/,
    ],
    [
      ["serve", "--trust-proxy", "10.0.0.0/33"],
      2,
      /--trust-proxy or SLUICE_TRUST_PROXIES "10.0.0.0\/33": ADDRESS\/BITS/,
    ],
    [["check-config", "--tokens", "package.json"], 2, /^sluice check-config: Cannot use line 1 of package.json/],
    [["token"], 2, /there are 0 arguments, wanted are 1/],
    [["token", "a/b"], 2, /Cannot use the name "a\/b": 1 to 64 letters/],
    [["token", "ci", "--scopes", "read,all"], 2, /Cannot use --scopes "read,all": read, write or admin are wanted/],
    [
      ["serve", "--host", "0.0.0.0", "--port", "0"],
      2,
      /no token; set SLUICE_TOKEN or SLUICE_TOKENS, or say --insecure/,
    ],
    [["tail"], 2, /there are 0 arguments, wanted are 1/],
    [["tail", "nonsense"], 2, /wanted is the URL of a session/],
    [["tail", "http://127.0.0.1:1/", "--format", "xml"], 2, /pprint or ndjson is wanted/],
    [["lab", "--seconds", "0"], 2, /--seconds "0": a number from 0.1 to 86400 is wanted/],
    [["emit", "--file", "/nowhere/messages.csv"], 1, /Cannot read messages.csv/],
    [["emit", "--seed", "1.5"], 2, /--seed "1.5": a whole number/],
    [["emit", "--rate", "0"], 2, /--rate "0": a number from 0.001 to 1000000000, or max, is wanted/],
    [["emit", "--rate", "x"], 2, /--rate "x": a number from 0.001 to 1000000000, or max, is wanted/],
    [["emit", "--rate", "5", "--every", "1"], 2, /Cannot use --rate with --every: one of the two is wanted/],
  ])("%j exits with %i and one clear line", async (args, code, line) => {
    const command = run(args);
    expect([await command.ended, command.stdout]).toEqual([code, ""]);
    expect(command.stderr).toMatch(line);
    expect(command.stderr.trimEnd().split("\n").length).toBe(1);
  });
});

describe.concurrent("sluice serve", () => {
  test("says its URL and a curl line that works, and exits with 0 when asked to stop", async () => {
    const dir = await folder();
    const server = run(["serve"], { cwd: dir, env: { PORT: "0", HOST: "localhost" } });
    const [, , url] = await server.says(/Sluice listens on (\S+)\nTry: curl -X POST (\S+)\n/);
    const response = await fetch(url!, { method: "POST" });
    expect([response.status, ((await response.json()) as { state: string }).state]).toEqual([201, "running"]);
    expect(await readFile(join(dir, "messages.txt"), "utf8")).toMatch(/^spark streaming dstream\n/);
    expect(await server.stop("SIGINT")).toBe(0);
  });

  test("stops when npm, which only tells its shell, is asked to stop", async () => {
    const options = { cwd: await folder(), env: { npm_lifecycle_event: "start" }, underShell: true };
    const server = run(["serve", "--port", "0"], options);
    await server.says(/Try: /);
    server.child.kill("SIGTERM");
    await server.ended;
    expect(server.stderr).toContain('"message":"stopping","logger":"sluice","reason":"npm is gone"');
  });

  test("keeps what Node compiled, though it is killed", async () => {
    const dir = await folder();
    const server = run(["serve", "--port", "0"], { cwd: dir, env: { NODE_COMPILE_CACHE: join(dir, "cache") } });
    const [, base] = await server.says(/listens on (http:\S+)/);
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
    await server.stop("SIGKILL");
    expect((await readdir(join(dir, "cache"), { recursive: true })).length).toBeGreaterThan(50);
  });

  test("reads its configuration again on SIGHUP, and keeps what it has where that is at fault", async () => {
    const dir = await folder();
    const path = join(dir, "sluice.json");
    const configure = (settings: object): Promise<void> => writeFile(path, JSON.stringify(settings));
    await configure({ port: 0, maxSessions: 1 });
    const server = run(["serve"], { cwd: dir, env: { SLUICE_CONFIG: path } });
    const [, base] = await server.says(/listens on (http:\S+)/);
    const create = async (): Promise<number> => (await fetch(`${base}/sessions`, { method: "POST" })).status;
    expect([await create(), await create()]).toEqual([201, 429]);
    await configure({ port: 0, maxSessions: 2, maxFollowers: 7, data: "elsewhere" });
    server.child.kill("SIGHUP");
    await server.says(/"configuration read"/, "stderr");
    expect([await create(), await create()]).toEqual([201, 429]);
    expect(await (await fetch(`${base}/limits`)).text()).toContain('"name":"maxFollowers","value":7,');
    await configure({ port: 0, maxSessions: -1 });
    server.child.kill("SIGHUP");
    await server.says(/"configuration kept as it was".*Cannot use maxSessions of \S+sluice.json \\"-1\\"/, "stderr");
    expect(await create()).toBe(429);
    expect(await server.stop("SIGTERM")).toBe(0);
  });

  test("reads its tokens again on SIGHUP, and keeps those it has where a line is at fault, which it names", async () => {
    const dir = await folder();
    const path = join(dir, "tokens");
    const make = async (...args: readonly string[]): Promise<{ line: string; token: string }> => {
      const command = run(["token", ...args]);
      expect(await command.ended).toBe(0);
      const [, token = ""] = await command.says(/: (sluice_[\w-]{43})\n$/, "stderr");
      expect(command.stdout).not.toContain(token);
      return { line: command.stdout, token };
    };
    const [one, two] = [await make("one"), await make("two", "--scopes", "write")];
    expect(one.line).toMatch(/^one read [0-9a-f]{64}\n$/);
    await writeFile(path, one.line);
    const server = run(["serve", "--port", "0", "--tokens", path], { cwd: dir });
    const [, base] = await server.says(/listens on (http:\S+)\nTry: .* -H "Authorization: Bearer \$SLUICE_TOKEN"/);
    const statusOf = async ({ token }: { token: string }, method = "GET"): Promise<number> => {
      const answer = await fetch(`${base}/sessions?access_token=${token}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
      });
      await answer.body?.cancel();
      return answer.status;
    };
    expect([await statusOf(one), await statusOf(one, "POST"), await statusOf(two)]).toEqual([200, 403, 401]);
    await writeFile(path, `${two.line}${one.token} read\n`);
    server.child.kill("SIGHUP");
    await server.says(/"configuration kept as it was".*Cannot use line 2 of \S+tokens: /, "stderr");
    expect([await statusOf(one), await statusOf(two)]).toEqual([200, 401]);
    await writeFile(path, two.line);
    server.child.kill("SIGHUP");
    await server.says(/"configuration read"/, "stderr");
    expect([await statusOf(one), await statusOf(two, "POST")]).toEqual([401, 201]);
    expect(await server.stop("SIGTERM")).toBe(0);
    for (const { token } of [one, two]) expect(server.stdout + server.stderr).not.toContain(token);
  });

  test("tells no secret in its log, whatever it logs", async () => {
    const server = run(["serve", "--port", "0", "--log-level", "debug", "--token", "s3cret-token"]);
    const [, base] = await server.says(/listens on (http:\S+)/);
    const headers = { authorization: "Bearer s3cret-token" };
    const given = await fetch(`${base}/tickets`, { method: "POST", headers });
    const { ticket } = (await given.json()) as { ticket: string };
    const paths = [
      `/sse?ticket=${ticket}&session=s_x`,
      "/ws?access_token=s3cret-token",
      "/x?token=s3cret-token",
      "/last",
    ];
    for (const path of paths) await (await fetch(base + path, { headers })).text();
    await server.says(/"path":"\/last"/, "stderr");
    expect(await server.stop()).toBe(0);
    for (const secret of [ticket, "s3cret-token"]) expect(server.stdout + server.stderr).not.toContain(secret);
  });

  test("refuses a taken port by name", async () => {
    const taken = await TcpServer.listen();
    const server = run(["serve", "--port", String(taken.port)]);
    expect(await server.ended).toBe(1);
    await taken.close();
    expect(server.stderr).toMatch(/Cannot listen on 127\.0\.0\.1:\d+: the port is in use/);
  });
});

describe.concurrent("sluice check-config", () => {
  test("adds up what an option of a list says several times", async () => {
    const rules = ["--allow-source", "203.0.113.7:9999", "--allow-source=[2001:db8::/32]:*"];
    const command = run(["check-config", ...rules]);
    expect(await command.ended).toBe(0);
    expect(command.stdout).toMatch(/^allow-source +\["203\.0\.113\.7:9999","\[2001:db8::\/32\]:\*"\] +option$/m);
  });

  test("prints each setting and where it comes from, but no secret", async () => {
    const command = run(["check-config", "--port", "1", "--token", "secret"], { env: { HOST: "127.0.0.9" } });
    expect(await command.ended).toBe(0);
    expect(command.stdout.split("\n").map((row) => row.trimEnd().split(/ {2,}/))).toEqual(
      expect.arrayContaining([
        ["port", "1", "option"],
        ["host", '"127.0.0.9"', "environment"],
        ["token", '"…"', "option"],
        ["max-sessions", "64", "default"],
      ]),
    );
    expect(command.stdout).not.toContain("secret");
  });

  test("prints all faults, and exits with 2", async () => {
    const command = run(["check-config", "--port", "x"], { env: { SLUICE_MAX_SESSIONS: "y" } });
    expect([await command.ended, command.stdout]).toEqual([2, ""]);
    expect(command.stderr).toMatch(/--port or PORT "x".*\n.*SLUICE_MAX_SESSIONS "y"/);
  });
});

describe.concurrent("sluice emit", () => {
  test("says the lines of a file to whoever connects, the same for the same seed", async () => {
    const dir = await folder();
    await writeFile(join(dir, "words.txt"), "one\n\n two \nthree\n");
    const said = async (...pace: string[]): Promise<string> => {
      const words = ["--file", join(dir, "words.txt"), "--seed", "5", "--max-lines", "20"];
      const emitter = run(["emit", "--port", "0", ...words, ...pace]);
      const [, port] = await emitter.says(/listening on 127\.0\.0\.1:(\d+), seed 5/);
      const client = new TcpClient(Number(port));
      await client.ended;
      expect(await emitter.ended).toBe(0);
      expect(emitter.stderr).toContain("sent 20 lines");
      return client.text;
    };
    const first = await said("--every", "0.01");
    expect(first).toMatch(/^(?:one\n|two\n|three\n){20}$/);
    expect(await said("--every", "0.01")).toBe(first);
    expect(await said("--rate", "500")).toBe(first);
    expect(await said("--rate", "max")).toBe(first);
  });

  test("tells how fast it is once a second, and not every line", async () => {
    const emitter = run(["emit", "--port", "0", "--rate", "max"], { cwd: await folder() });
    const [, port] = await emitter.says(/listening on 127\.0\.0\.1:(\d+)/);
    const client = new TcpClient(Number(port));
    await client.lines(1);
    client.socket.removeAllListeners("data").resume();
    await emitter.says(/^\[emitter\] \d+ lines\/s, [\d.]+ MB\/s, \d+ lines so far, clients: 1$/m, "stderr");
    expect(await emitter.stop("SIGINT")).toBe(0);
    await client.ended;
    expect(emitter.stdout).toMatch(
      /^\[emitter\] listening on .*\n\[emitter\] clients: 1\n(?:\[emitter\] clients: 0\n)?$/,
    );
    expect(emitter.stderr).toMatch(/\[emitter\] stopped: sent \d+ lines, \d+ bytes\n$/);
  });
});

describe.concurrent("sluice lab", () => {
  test("prints batches as pprint does and loses no line", async () => {
    const args = ["lab", "--port", "0", "--seconds", "1.2", "--interval", "0.4", "--every", "0.05", "--seed", "1"];
    const lab = run(args, { cwd: await folder() });
    expect(await lab.ended).toBe(0);
    const headers = lab.stdout.match(
      new RegExp(`${RULE}\\nTime: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{6})?\\n${RULE}\\n`, "g"),
    );
    expect(headers?.length).toBeGreaterThanOrEqual(3);
    const counted = [...lab.stdout.matchAll(/^\('(?:[a-z]+)', (\d+)\)$/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
    const [, lines, sent, words] = await lab.says(/batches, (\d+) of (\d+) lines sent, (\d+) words/, "stderr");
    expect([lines, words]).toEqual([sent, String(counted)]);
    expect(lab.stdout.replaceAll(/^(?:-+|Time: .*|\('[a-z]+', \d+\)|)\n/gm, "")).toBe("");
  });

  test("stops gracefully when interrupted", async () => {
    const lab = run(["lab", "--port", "0", "--every", "0.05"], { cwd: await folder() });
    await lab.says(/sent -> /, "stderr");
    expect(await lab.stop("SIGINT")).toBe(0);
    expect(lab.stdout).toMatch(/\('spark', \d+\)/);
  });
});

describe.concurrent("sluice tail", () => {
  const hostile = ["\u001b[31mred", "\u0007", "\u202egnirts", "__proto__", "plain"];
  const source = { type: "emitter", lines: [hostile.join(" ")], intervalMs: 20, maxLines: 10 };

  test("follows a session to its end in pprint form, and lets no escape through", async () => {
    const { url } = await serveSession({ source, batchIntervalMs: 100 });
    const tail = run(["tail", url, "--since", "earliest"]);
    expect(await tail.ended).toBe(0);
    expect(tail.stdout).toContain(`${RULE}\nTime: `);
    expect(tail.stdout).toContain("('\\x1b[31mred', ");
    expect(tail.stdout).toMatch(/^[\x20-\x7e\n]*$/);
    expect(tail.stderr).toContain("end: finished");
  });

  test("writes one event a line as JSON that is safe in a terminal, every batch once", async () => {
    const { url } = await serveSession({ source, batchIntervalMs: 100 });
    const tail = run(["tail", `${url}/sse`, "--since", "earliest", "--format", "ndjson"]);
    expect(await tail.ended).toBe(0);
    expect(tail.stdout).toMatch(/^[\x20-\x7e\n]*$/);
    const events = tail.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; seq: number; lines: number; counts: [string, number][] });
    const batches = events.filter(({ type }) => type === "batch");
    expect(batches.map(({ seq }) => seq)).toEqual(batches.map((_, i) => i + 1));
    expect(batches.reduce((sum, { lines }) => sum + lines, 0)).toBe(10);
    expect(
      batches
        .find(({ counts }) => counts.length > 0)
        ?.counts.map(([word]) => word)
        .toSorted(),
    ).toEqual(hostile.toSorted());
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(["hello", "end"]);
  });

  test("goes on where it was when the server closes the connection", async () => {
    const { server, url } = await serveSession({ source: { ...source, maxLines: 1000 }, batchIntervalMs: 100 });
    const tail = run(["tail", url, "--format", "ndjson"]);
    await tail.says(/"type":"batch"/);
    await server.stop();
    expect(await tail.ended).toBe(0);
    expect(tail.stdout).toMatch(/"type":"end","reason":"shutdown"/);
  });

  test("says when there is no server", async () => {
    const gone = await TcpServer.listen();
    const url = `http://127.0.0.1:${gone.port}/sessions/x`;
    await gone.close();
    const tail = run(["tail", url]);
    expect(await tail.ended).toBe(1);
    expect(tail.stderr).toBe(`sluice tail: Cannot reach ${new URL(url).origin}: ECONNREFUSED\n`);
  });

  test("says why it cannot follow", async () => {
    const { url } = await serveSession({ source, batchIntervalMs: 100 });
    const tail = run(["tail", `${url}x`]);
    expect(await tail.ended).toBe(1);
    expect(tail.stderr).toContain("Cannot find session");
  });

  test("ends quietly when nobody reads on", async () => {
    const { url } = await serveSession({ source: { ...source, maxLines: 1000 }, batchIntervalMs: 100 });
    const tail = run(["tail", url]);
    await tail.says(/Time/);
    tail.child.stdout.destroy();
    expect([await tail.ended, tail.stderr]).toEqual([0, ""]);
  });
});
