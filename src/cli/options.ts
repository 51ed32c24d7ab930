/** Options of a command: one table gives the parsing and the help. @module */

import { SluiceError } from "../errors.ts";

/** One option. */
export interface Option {
  readonly type: "string" | "boolean";
  /** What stands for the value in the help, such as `PORT`. */
  readonly value?: string;
  readonly help: string;
  /** Said again it adds to what was said before, with a comma between. */
  readonly isList?: boolean;
}

/** One command. */
export interface Command {
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Arguments that are no options; default 0. */
  readonly positionals?: number;
  run(given: Given): Promise<number>;
}

/** What number an option takes. */
interface NumberBounds {
  readonly least: number;
  readonly most: number;
  readonly otherwise: number;
  readonly whole?: boolean;
  readonly or?: string;
}

/** What was given on the command line. */
export class Given {
  readonly positionals: readonly string[];
  readonly #values: Readonly<Record<string, string | boolean | undefined>>;

  constructor(values: Readonly<Record<string, string | boolean | undefined>>, positionals: readonly string[]) {
    this.#values = values;
    this.positionals = positionals;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  /** A number within bounds, or `otherwise`. `or`: a word that could have been given too. */
  number(name: string, bounds: NumberBounds): number {
    const text = this.text(name);
    if (text === undefined) return bounds.otherwise;
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const fits = value >= bounds.least && value <= bounds.most && (bounds.whole !== true || Number.isInteger(value));
    if (fits) return value;
    const kind = bounds.whole === true ? "a whole number" : "a number";
    const or = bounds.or === undefined ? "" : `, or ${bounds.or},`;
    const wanted = `${kind} from ${bounds.least} to ${bounds.most}${or} is wanted`;
    throw new SluiceError("bad_option", `Cannot use --${name} ${JSON.stringify(text)}: ${wanted}`);
  }
}

/** Parses what follows the command's name: `--name value` or `--name=value`, and after `--` no more options. */
export function parseOptions({ options, positionals: wanted = 0, usage }: Command, args: readonly string[]): Given {
  const values: Record<string, string | boolean> = {};
  const positionals: string[] = [];
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") positionals.push(...rest.splice(0));
    else if (!isOption(word)) positionals.push(word);
    else {
      const [name, value] = readOption(options, word, rest);
      const before = options[name]?.isList === true ? values[name] : undefined;
      values[name] = before === undefined ? value : `${before},${value}`;
    }
  }
  if (positionals.length !== wanted) {
    throw notUnderstood(`there are ${positionals.length} arguments, wanted are ${wanted} as in: sluice ${usage}`);
  }
  return new Given(values, positionals);
}

function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith("-");
}

/** The name and value of an option, whose value may be the first of what follows and is then taken from there. */
function readOption(options: Command["options"], word: string, rest: string[]): [string, string | boolean] {
  const [, name = "", attached] = /^--([^=]+)(?:=([^]*))?$/.exec(word) ?? [];
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) throw notUnderstood(`there is no option ${word}; --help tells those there are`);
  if (option.type === "boolean") {
    if (attached !== undefined) throw notUnderstood(`--${name} takes no value`);
    return [name, true];
  }
  if (attached !== undefined) return [name, attached];
  const value = rest.shift();
  if (value === undefined || isOption(value)) {
    throw notUnderstood(`--${name} wants a value; one that begins with - is given as --${name}=-…`);
  }
  return [name, value];
}

function notUnderstood(why: string): SluiceError {
  return new SluiceError("bad_option", `Cannot read the command line: ${why}`);
}

/** What `--help` prints of a command. */
export function helpOf(command: Command): string {
  const rows = Object.entries(command.options).map(([name, { value, help }]) => [
    `--${name}${value === undefined ? "" : ` ${value}`}`,
    help,
  ]);
  rows.push(["--help", "print this"]);
  const width = Math.max(...rows.map(([left = ""]) => left.length));
  const lines = rows.map(([left = "", right = ""]) => `  ${left.padEnd(width)}  ${right}`);
  return `Usage: sluice ${command.usage}\n\n${command.summary}\n\nOptions:\n${lines.join("\n")}\n`;
}
