/** A name for each request, by which its answer and its record in the log are found together. @module */

/** On every answer but streams; a client, or a proxy, may give its own. */
export const REQUEST_ID = "x-request-id";
const FIT = /^[\w.:-]{1,64}$/;

/** Gives names that no other process gives: a random word, and a number. */
export function requestNames(): (request: Request) => string {
  let process: string | undefined;
  let count = 0;
  return ({ headers }) => {
    const given = headers.get(REQUEST_ID);
    if (given !== null && FIT.test(given)) return given;
    process ??= crypto.randomUUID().slice(0, 8);
    return `${process}-${(++count).toString(36)}`;
  };
}
