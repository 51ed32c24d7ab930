/** The bounds that an operator may set, each by its own name. @module */

import { LIMITS, type Limits } from "../limits.ts";
import { whole, type Kind } from "./kinds.ts";

const NAMES = [
  "maxSessions",
  "maxFinishedSessions",
  "maxCreationsPerMinute",
  "maxFollowers",
  "maxFollowersPerAddress",
  "maxTotalFollowers",
] as const;
const MOST = 1_000_000;

type Name = (typeof NAMES)[number];

/** What was set of them. */
export type LimitConfig = Pick<Limits, Name>;

/** How one is set. */
interface LimitSetting {
  readonly kind: Kind<number>;
  readonly variable: string;
  readonly value: string;
  readonly help: string;
  readonly otherwise: number;
  readonly reloads: true;
}

/** By name. */
export const LIMIT_SETTINGS: Readonly<Record<Name, LimitSetting>> = {
  maxSessions: setting("maxSessions", "SLUICE_MAX_SESSIONS", "sessions that may run at a time"),
  maxFinishedSessions: setting(
    "maxFinishedSessions",
    "SLUICE_MAX_FINISHED_SESSIONS",
    "sessions that are over and can still be read",
  ),
  maxCreationsPerMinute: setting(
    "maxCreationsPerMinute",
    "SLUICE_MAX_CREATIONS_PER_MINUTE",
    "sessions that may be started within a minute from one address other than this machine's",
  ),
  maxFollowers: setting("maxFollowers", "SLUICE_MAX_FOLLOWERS", "followers of one session"),
  maxFollowersPerAddress: setting(
    "maxFollowersPerAddress",
    "SLUICE_MAX_FOLLOWERS_PER_ADDRESS",
    "followers of one session from one address other than this machine's",
  ),
  maxTotalFollowers: setting("maxTotalFollowers", "SLUICE_MAX_TOTAL_FOLLOWERS", "followers of all sessions"),
};

/** Those of a configuration. */
export function limitsIn(config: LimitConfig): LimitConfig {
  return Object.fromEntries(NAMES.map((name) => [name, config[name]])) as Record<Name, number>;
}

function setting(name: Name, variable: string, help: string): LimitSetting {
  return { kind: whole(1, MOST), variable, value: "N", help, otherwise: LIMITS[name].value, reloads: true };
}
