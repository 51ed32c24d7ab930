/** Where a real browser is on this machine, and how it is opened. @module */

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { chromium, type Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const PLACES = [
  "/usr/bin",
  "/usr/local/bin",
  "/snap/bin",
  "/opt/google/chrome",
  "/Applications/Chromium.app/Contents/MacOS",
  "/Applications/Google Chrome.app/Contents/MacOS",
];

/**
 * Path of a Chromium: `SLUICE_CHROMIUM`, else one in `PATH` or in a usual place. Where there is none, what wants one is
 * left out, and says so; with `SLUICE_BROWSER=required` it fails.
 */
export function findChromium(): string | undefined {
  const path = searchChromium();
  if (path !== undefined) return path;
  const why = "Cannot test in a browser: no Chromium found; apt-get install chromium, or SLUICE_CHROMIUM=/path";
  if (process.env["SLUICE_BROWSER"] === "required") throw new Error(why);
  console.warn(`${why}. Skipped.`);
  return undefined;
}

function searchChromium(): string | undefined {
  const { SLUICE_CHROMIUM: given, PATH: path = "" } = process.env;
  if (given !== undefined && given !== "") return given;
  const folders = [...path.split(delimiter), ...PLACES].filter((folder) => folder !== "");
  const names = [...NAMES, "Chromium", "Google Chrome"];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram);
}

/** Opens it without a window, with more arguments where they are wanted. */
export function openBrowser(executablePath: string, more: readonly string[] = []): Promise<Browser> {
  // The sandbox wants rights that a container seldom gives, and the only pages opened are ours.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", ...more] });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
