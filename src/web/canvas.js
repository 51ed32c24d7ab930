/** Canvases that are as sharp as the screen, in the page's colours. @module */

const scheme = matchMedia("(prefers-color-scheme: dark)");

/** @typedef {"ink" | "faint" | "line" | "bar" | "accent" | "bad" | "warn"} Colour */

/**
 * A colour of the style sheet, as it is now.
 * @param {Colour} name
 */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * Called when every colour is another one.
 * @param {() => void} changed
 */
export function onColours(changed) {
  scheme.addEventListener("change", changed);
}

/**
 * Called when an element has another width.
 * @param {Element} element
 * @param {() => void} changed
 */
export function onWidth(element, changed) {
  let width = -1;
  new ResizeObserver(([entry]) => {
    const now = Math.round(entry?.contentRect.width ?? 0);
    if (now === width) return;
    width = now;
    changed();
  }).observe(element);
}

/**
 * A cleared canvas to draw on, with its size in CSS pixels; null where there is none.
 * @param {HTMLCanvasElement} canvas
 */
export function clear(canvas) {
  const context = canvas.getContext("2d");
  const { clientWidth: width, clientHeight: height } = canvas;
  if (context === null || width === 0) return null;
  const dense = devicePixelRatio;
  const [across, down] = [Math.round(width * dense), Math.round(height * dense)];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  context.setTransform(dense, 0, 0, dense, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}
