/** Lines in a plot, as SVG that is readable on light and dark pages. @module */

/** Measured points that belong together. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What is plotted; both axes are logarithmic, so all values are above zero. */
export interface Curves {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 64;
const RIGHT = 40;
const TOP = 64;
const BOTTOM = 48;
/** Each series has a colour and a way of being dashed, for those who tell colours apart and those who do not. */
const COLOURS = ["#2f6fde", "#c2571a", "#2a8f5b", "#9a4fc0"];
const DASHES = ["", "7 4", "2 4", "10 3 2 3"];
const STYLE =
  "text{font:12px system-ui,sans-serif;fill:#24292f}.title{font-size:14px;font-weight:600}.grid{stroke:#24292f;stroke-opacity:.15}" +
  "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#e6edf3}}";

/** The plot as an SVG document. */
export function plot({ title, x, y, series }: Curves): string {
  const all = series.flatMap(({ points }) => points);
  const across = scale(
    all.map(([value]) => value),
    [LEFT, WIDTH - RIGHT],
  );
  const up = scale(
    all.map(([, value]) => value),
    [HEIGHT - BOTTOM, TOP],
  );
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(title)}">`,
    `<style>${STYLE}</style>`,
    text([LEFT, 20], title, ' class="title"'),
    ...across.ticks.flatMap((tick) => [
      line([across.at(tick), TOP], [across.at(tick), HEIGHT - BOTTOM]),
      text([across.at(tick), HEIGHT - BOTTOM + 18], short(tick), ' text-anchor="middle"'),
    ]),
    ...up.ticks.flatMap((tick) => [
      line([LEFT, up.at(tick)], [WIDTH - RIGHT, up.at(tick)]),
      text([LEFT - 8, up.at(tick) + 4], short(tick), ' text-anchor="end"'),
    ]),
    text([(LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10], x, ' text-anchor="middle"'),
    text(
      [16, (TOP + HEIGHT - BOTTOM) / 2],
      y,
      ` text-anchor="middle" transform="rotate(-90 16 ${(TOP + HEIGHT - BOTTOM) / 2})"`,
    ),
    ...series.flatMap((one, i) => drawn(one, i, ([a, b]) => [across.at(a), up.at(b)])),
  ];
  return `${parts.join("\n")}\n</svg>\n`;
}

type Point = readonly [x: number, y: number];

function drawn({ name, points }: Series, i: number, place: (point: Point) => Point): string[] {
  const colour = COLOURS[i % COLOURS.length] ?? "";
  const dashes = `stroke="${colour}" stroke-width="2" stroke-dasharray="${DASHES[i % DASHES.length]}"`;
  const places = points.map(place);
  const legend = LEFT + i * 140;
  return [
    `<polyline fill="none" ${dashes} points="${places.map((at) => at.map(round).join(",")).join(" ")}"/>`,
    ...places.map(([x, y]) => `<circle cx="${round(x)}" cy="${round(y)}" r="3" fill="${colour}"/>`),
    `<line x1="${legend}" y1="40" x2="${legend + 24}" y2="40" ${dashes}/>`,
    text([legend + 30, 44], name),
  ];
}

/** A logarithmic axis from a power of ten to another. */
function scale(values: readonly number[], [from, to]: Point): { at: (value: number) => number; ticks: number[] } {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
  };
}

function line([x1, y1]: Point, [x2, y2]: Point): string {
  return `<line class="grid" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

function text([x, y]: Point, what: string, more: string = ""): string {
  return `<text x="${round(x)}" y="${round(y)}"${more}>${escape(what)}</text>`;
}

function short(value: number): string {
  return value >= 1 ? value.toLocaleString("en").replaceAll(",", " ") : String(Number(value.toPrecision(1)));
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

function escape(what: string): string {
  return what.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
