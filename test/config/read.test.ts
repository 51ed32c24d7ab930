import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { limitsIn, optionOf, readConfig, SETTING_NAMES, settingOf, settle, type Said } from "../../src/config/mod.ts";
import { DEFAULT_LIMITS } from "../../src/sessions/mod.ts";

/** What was said by options, variables and a file's text. */
function said(options: object, environment: Record<string, string> = {}, text?: string): Said {
  return {
    options: (option) => (options as Record<string, string | boolean>)[option],
    environment,
    file: text === undefined ? null : { path: "sluice.json", text },
  };
}
const faultsOf = (what: Said): string[] => settle(what).faults.map(({ message }) => message);

describe("readConfig", () => {
  test("has a default for each setting, with which a service is this machine's alone", () => {
    expect(readConfig(said({}))).toMatchObject({ host: "127.0.0.1", port: 8080, data: "data", token: null });
    const limits = limitsIn(readConfig(said({})));
    expect(DEFAULT_LIMITS).toMatchObject(limits);
    expect(limitsIn(readConfig(said({ "max-followers": "7" })))).toEqual({ ...limits, maxFollowers: 7 });
  });

  test("prefers an option to a variable, that to the file, and that to the default", () => {
    const file = '{"port":1,"host":"127.0.0.3","data":"three","insecure":true}';
    const what = said({ port: "3" }, { PORT: "2", HOST: "127.0.0.2", SLUICE_FILES: "" }, file);
    const from = Object.fromEntries(settle(what).settled.map(({ name, ...rest }) => [name, [rest.value, rest.from]]));
    expect(from).toMatchObject({
      port: [3, "option"],
      host: ["127.0.0.2", "environment"],
      data: ["three", "file"],
      insecure: [true, "file"],
      files: [".", "default"],
    });
  });

  test.each([
    [said({ port: "65536" }), 'Cannot use --port or PORT "65536": a whole number from 0 to 65535 is wanted'],
    [
      said({}, { SLUICE_MAX_SESSIONS: "0" }),
      'Cannot use --max-sessions or SLUICE_MAX_SESSIONS "0": a whole number from 1 to 1000000 is wanted',
    ],
    [said({}, {}, '{"port":-1}'), 'Cannot use port of sluice.json "-1": a whole number from 0 to 65535 is wanted'],
    [said({}, {}, '{"insecure":"perhaps"}'), 'Cannot use insecure of sluice.json "perhaps": true or false is wanted'],
    [said({}, {}, '{"__proto__":1}'), 'Cannot use "__proto__" of sluice.json: it is not known, settings are '],
    [
      said({ "allow-source": "203.0.113.7:9999,localhost:1" }),
      'Cannot use --allow-source or SLUICE_ALLOW_SOURCES "203.0.113.7:9999,localhost:1": ADDRESS/BITS:PORT, an IPv6 network in brackets, * for any port, several with commas between is wanted',
    ],
    [said({ "allow-listen": "localhost" }), "an IP address, several with commas between is wanted"],
    [said({ ports: "2-1" }), 'Cannot use --ports or SLUICE_PORTS "2-1": FIRST-LAST within 1 and 65535 is wanted'],
    [said({}, {}, "[]"), "Cannot read sluice.json: an object of settings is wanted"],
    [said({}, {}, "port: 1"), "Cannot read sluice.json: it is not JSON, an object of settings is wanted"],
    [
      said({ host: "0.0.0.0" }),
      "Cannot listen on 0.0.0.0: it can be reached from other machines and there is no token",
    ],
  ])("refuses what does not fit (%#)", (what, message) => {
    expect(() => readConfig(what)).toThrow(message);
  });

  test("takes a list with commas, or as one in a file", () => {
    const rules = ["203.0.113.0/24:9999", "[2001:db8::/32]:*"];
    expect(readConfig(said({ "allow-source": rules.join(", ") })).allowSource).toEqual(rules);
    expect(readConfig(said({}, { SLUICE_ALLOW_SOURCES: rules.join(",") })).allowSource).toEqual(rules);
    expect(readConfig(said({}, {}, JSON.stringify({ allowSource: rules }))).allowSource).toEqual(rules);
    expect(readConfig(said({}, {}, '{"allowSource":[]}')).allowSource).toEqual([]);
  });

  test("tells all faults at once where it is asked to", () => {
    const what = said({ port: "x" }, { SLUICE_MAX_SESSIONS: "y" }, '{"port":1');
    expect(faultsOf(what)).toEqual([
      expect.stringContaining("not JSON"),
      expect.stringContaining("--port"),
      expect.stringContaining("--max-sessions"),
    ]);
  });

  test("takes from a file what the schema of each setting takes", () => {
    const ajv = new Ajv2020();
    for (const name of SETTING_NAMES) {
      const { kind, otherwise } = settingOf(name);
      const fits = ajv.compile(kind.schema);
      for (const value of [0, 1, -1, 1.5, 70_000, true, "text", [], ["text"], {}, otherwise]) {
        if (value === null || !fits(value)) continue;
        const text = JSON.stringify({ token: "t", [name]: value });
        expect([optionOf(name), faultsOf(said({}, {}, text))]).toEqual([optionOf(name), []]);
      }
    }
  });
});
