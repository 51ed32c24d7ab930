/** What each part of the suite is given. @module */

import type { Browser } from "playwright-core";

/** One browser and one service for all. */
export type Scene = () => { readonly browser: Browser; readonly url: string };
