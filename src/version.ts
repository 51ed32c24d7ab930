/** Which version this is. @module */

import packageJson from "../package.json" with { type: "json" };

/** As `package.json` has it. */
export const VERSION: string = packageJson.version;
