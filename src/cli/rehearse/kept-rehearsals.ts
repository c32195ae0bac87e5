import { existsSync, readFileSync } from "node:fs";
import type { Config } from "../../model/config.ts";
import { type KeptRehearsal, keepRehearsal, lastRehearsal, rehearsalDirectories } from "../../store/rehearsals.ts";
import type { Cli } from "../command.ts";
import type { Ran } from "./run-rehearsal.ts";

/** Where this host keeps what is its own: there once an agent, a change or a drill has been. */
const ofHost = "/var/lib/holdfast";

/** Keeps what was rehearsed, for who changes or drills the host later. It isn't what was asked for: where it can't be kept, nothing is said. */
export function keepRehearsed(cli: Cli, config: Config, ran: Ran): void {
  const [directory] = placesOf(cli);
  if (directory === undefined) return;
  try {
    keepRehearsal(directory, config, ran, Date.now());
  } catch {
    // A full or read-only disk: the rehearsal was shown all the same.
  }
}

/** What was last rehearsed of a configuration, here, by root or by who called sudo; undefined: nothing. */
export function lastRehearsed(cli: Cli, config: Config): KeptRehearsal | undefined {
  return lastRehearsal([...placesOf(cli), ...placesOfCaller(cli)], config);
}

function placesOf({ env }: Cli): readonly string[] {
  const keeps = process.getuid?.() === 0 && existsSync(ofHost) ? "host" : "own";
  return rehearsalDirectories({ keeps, home: env["HOME"] ?? "", stateHome: env["XDG_STATE_HOME"] });
}

/** Rehearsed as a user, drilled as root: sudo says who that was. */
function placesOfCaller({ env }: Cli): readonly string[] {
  const uid = env["SUDO_UID"] ?? "";
  if (!/^\d+$/.test(uid) || uid === "0") return [];
  const home = homeOf(uid);
  return home === "" ? [] : rehearsalDirectories({ keeps: "own", home });
}

function homeOf(uid: string): string {
  try {
    const line = readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .find((each) => each.split(":")[2] === uid);
    return line?.split(":")[5] ?? "";
  } catch {
    return "";
  }
}
