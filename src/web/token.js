/** The token of the service, if it wants one: from the address, else from a field, kept for this tab only. @module */

const KEY = "sluice.token";
/** @type {string | null} */
let kept = recall();
let ask = (/** @type {string} */ _why) => {};

/**
 * The token there is, or null.
 * @returns {string | null}
 */
export function token() {
  return kept;
}

/**
 * Keeps a token until the tab is closed.
 * @param {string} value
 */
export function keepToken(value) {
  kept = value;
  try {
    sessionStorage.setItem(KEY, value);
  } catch {
    // A browser may forbid storage; then the token lasts until the page is left.
  }
}

/**
 * Takes `#token=...` out of the address, so that it is neither seen nor bookmarked; what follows an `&` stays.
 * @returns {boolean} whether there was one
 */
export function takeTokenFromAddress() {
  const match = /^#token=([^&]*)&?(.*)$/.exec(location.hash);
  if (match === null) return false;
  const [, value = "", rest = ""] = match;
  history.replaceState(null, "", rest === "" ? location.pathname : `#${rest}`);
  keepToken(decode(value));
  return true;
}

/**
 * What to do when the service wants a token.
 * @param {(why: string) => void} run
 */
export function onTokenWanted(run) {
  ask = run;
}

/**
 * Says that the service wants a token, or another one.
 * @param {string} why
 */
export function wantToken(why) {
  ask(why);
}

/** @param {string} value */
function decode(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    // A lone % is no escape; the token is then what it says.
    return value;
  }
}

function recall() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}
