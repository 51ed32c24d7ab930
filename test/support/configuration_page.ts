/** docs/configuration.md, from the table of settings. */

import { optionOf, SETTING_NAMES, settingOf } from "../../src/config/mod.ts";

const HEAD = `# Configuration

Each setting is an option of \`sluice serve\`, a variable of the environment, or a field of a JSON file (\`--config FILE\` or \`SLUICE_CONFIG\`); an option wins over a variable, which wins over the file. An empty one is not set.
\`sluice check-config\` takes the same, prints what a service would run with and where each value comes from, or every fault there is, and starts nothing.

SIGHUP has a running service read it all again: what is marked is taken over at once, what is not and has changed is named. With a fault everything stays as it is.

\`\`\`json
{ "port": 8080, "data": "/var/lib/sluice", "maxSessions": 200 }
\`\`\`

| field of a file | option | variable | wanted | default | | on SIGHUP |
|---|---|---|---|---|---|---|
`;

/** The page. */
export function configurationPage(): string {
  const rows = SETTING_NAMES.map((name) => {
    const { kind, variable, value, help, otherwise, shown, reloads } = settingOf(name);
    const option = `--${optionOf(name)}${value === undefined ? "" : ` ${value}`}`;
    const cells = [
      `\`${name}\``,
      `\`${option}\``,
      `\`${variable}\``,
      kind.wanted,
      shown ?? String(otherwise),
      help,
      reloads === true ? "taken over" : "",
    ];
    return `| ${cells.join(" | ")} |\n`;
  });
  return HEAD + rows.join("");
}
