/** Functions of words whose text shows that they have no other effect than their result: they may be called once for each distinct word. @module */

/** What becomes of one word: none, one or more. */
export type WordStep = (word: string) => readonly string[];

/** How lines become words: split at `separator`, then made into others. */
export interface Words {
  readonly separator: string;
  readonly steps: readonly WordStep[];
  /** There are empty words between that bytes do not tell: it can be counted so once they are filtered out. */
  readonly hasStrayBlanks: boolean;
}

/** Separators that no change of case takes notice of: a `Σ` at the end of a word looks at what follows. */
const CASELESS = new Set([" ", ","]);
const PARAMETER = String.raw`\(?\s*(?<name>[\w$]+)\s*\)?\s*=>\s*`;
const ARROW = new RegExp(String.raw`^${PARAMETER}(?<body>[^;{}]+)$`);
const ARROW_BLOCK = new RegExp(String.raw`^${PARAMETER}\{\s*return[ \t]+(?<body>[^;{}]+?)\s*;?\s*\}$`);
const FUNCTION = /^function\s*[\w$]*\s*\(\s*(?<name>[\w$]+)\s*\)\s*\{\s*return[ \t]+(?<body>[^;{}]+?)\s*;?\s*\}$/;
const SPLIT =
  /^(?<before>(?:\.\w+\(\))*)\.split\((?:(?<quote>["'])(?<separator>[^"'\\]+)\k<quote>|(?<regex>\/[^/]+\/))\)$/;
const ANY_SPACE = "/\\s+/";
/** Texts of expressions that split at spaces, several as one. */
const SPACES: ReadonlyMap<string, RegExp> = new Map([
  [ANY_SPACE, /\s+/],
  ["/ +/", / +/],
  ["/[ ]+/", / +/],
]);
const TESTS = [
  String.raw`^(?:!!\s*)?NAME(?:\.length)?$`,
  String.raw`^NAME\s*!==?\s*(?:""|'')$`,
  String.raw`^NAME\.length\s*(?:[<>]=?|[!=]==?)\s*\d{1,6}$`,
];

/** The words that a function makes of a line, which has gone through `lineSteps` before; undefined where it cannot be told. */
export function wordsOf(fn: unknown, lineSteps: readonly WordStep[]): Words | undefined {
  const split = SPLIT.exec(methodsOf(fn) ?? "")?.groups;
  return split && splitInto(split, lineSteps);
}

function splitInto(
  { before = "", separator = " ", regex }: Readonly<Record<string, string>>,
  lineSteps: readonly WordStep[],
): Words | undefined {
  const names = callsOf(before);
  // A word in the midst keeps what `trim` would take from it, unless a split at any space takes it too.
  if (names === undefined || (names.includes("trim") && regex !== ANY_SPACE)) return undefined;
  const steps = [...lineSteps, ...names.map((name) => CALLS[name])].filter((step) => step !== undefined);
  if (steps.length > 0 && !CASELESS.has(separator)) return undefined;
  return regex === undefined ? { separator, steps, hasStrayBlanks: false } : atSpaces(SPACES.get(regex), steps);
}

function atSpaces(spaces: RegExp | undefined, before: readonly WordStep[]): Words | undefined {
  if (spaces === undefined) return undefined;
  return { separator: " ", steps: [...before, (word) => word.split(spaces)], hasStrayBlanks: true };
}

/** `fn` as a step, if it changes the case of a text, or trims it where `mayTrim`. */
export function changeOf(fn: unknown, mayTrim: boolean): WordStep | undefined {
  const names = callsOf(methodsOf(fn) ?? "none");
  if (names === undefined || names.length === 0 || (!mayTrim && names.includes("trim"))) return undefined;
  return (word) => [(fn as (word: string) => string)(word)];
}

/** `keep` as a step, if it looks at a word and its length alone; and whether it keeps an empty word. */
export function testOf(keep: unknown): { readonly step: WordStep; readonly keepsEmpty: boolean } | undefined {
  if (keep !== Boolean && !isTest(keep)) return undefined;
  const test = keep as (word: string) => unknown;
  return { step: (word) => (test(word) ? [word] : []), keepsEmpty: Boolean(test("")) };
}

function isTest(keep: unknown): boolean {
  const { name, body } = partsOf(keep) ?? {};
  if (name === undefined || body === undefined) return false;
  return TESTS.some((form) => new RegExp(form.replace("NAME", () => name.replaceAll("$", String.raw`\$`))).test(body));
}

/** Methods without arguments; `trim` has its own rules. */
const CALLS: Readonly<Record<string, WordStep>> = {
  toLowerCase: (word) => [word.toLowerCase()],
  toUpperCase: (word) => [word.toUpperCase()],
  trim: (word) => [word.trim()],
};

/** The names in `.trim().toLowerCase()`, if all are known. */
function callsOf(chain: string): string[] | undefined {
  const names = chain.split("()").slice(0, -1);
  const known = names.every((name) => Object.hasOwn(CALLS, name.slice(1)) && name.startsWith("."));
  return known && chain === names.map((name) => `${name}()`).join("") ? names.map((name) => name.slice(1)) : undefined;
}

/** What is called on a function's parameter: `.trim()` of `(line) => line.trim()`. */
function methodsOf(fn: unknown): string | undefined {
  const { name, body } = partsOf(fn) ?? {};
  return name === undefined || body === undefined || !body.startsWith(`${name}.`) ? undefined : body.slice(name.length);
}

/** The one parameter of a function, and what it returns. */
function partsOf(fn: unknown): { readonly name?: string; readonly body?: string } | undefined {
  if (typeof fn !== "function") return undefined;
  const text = Function.prototype.toString.call(fn);
  return (ARROW.exec(text) ?? ARROW_BLOCK.exec(text) ?? FUNCTION.exec(text))?.groups;
}
