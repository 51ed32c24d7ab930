/** How a service is to run. @module */

export { limitsIn } from "./limits.ts";
export { readNamed } from "./files.ts";
export { parsePort } from "./port.ts";
export { isLoopback, readConfig, settle, type Said, type Settled } from "./read.ts";
export { DEFAULT_HOST, IN_MEMORY, optionOf, SETTING_NAMES, settingOf, type Config } from "./settings.ts";
