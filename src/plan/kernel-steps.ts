import { spellingOf } from "../dialects/iproute2/spelling.ts";
import type { OptionName } from "../model/options.ts";
import { optionRow } from "../model/options.ts";
import type { Step } from "./change.ts";
import type { OptionTurn } from "./turn.ts";

/** Nothing of ip(8) waits for anything: after so many seconds the kernel hangs. */
const ipLimitSeconds = 10;

/** A command of ip(8). */
export function ipStep(words: readonly string[], why: string, onFailure: Step["onFailure"] = "stop"): Step {
  return { argv: ["ip", ...words], limitSeconds: ipLimitSeconds, why, onFailure };
}

/** One run of ip for many commands: between them nothing else has time to happen. "go-on" does all of them whatever fails. */
export function ipBatch(lines: readonly string[], why: string, onFailure: Step["onFailure"] = "stop"): Step {
  const argv = onFailure === "stop" ? (["ip", "-batch", "-"] as const) : (["ip", "-force", "-batch", "-"] as const);
  return { argv, stdin: `${lines.join("\n")}\n`, limitSeconds: 20, why, onFailure };
}

/** Sets options of a running bond, one write each, in the order given. */
export function setOptions(bond: string, turns: readonly OptionTurn[]): readonly Step[] {
  return turns.map(({ option, value, was }) => {
    const name = option === "num_peer_notif" ? "num_peer_notif (num_grat_arp)" : option;
    const from = was === "" ? "" : ` from ${was}`;
    return setOption(
      bond,
      option,
      value,
      `Sets ${name} of ${bond}${from} to ${value === "" ? "nothing" : value}, while it runs`,
    );
  });
}

/** Gives options of a running bond the values they had, last change first. */
export function unsetOptions(bond: string, turns: readonly OptionTurn[]): readonly Step[] {
  return turns
    .toReversed()
    .map(({ option, was }) => setOption(bond, option, was, `Gives ${bond} its ${option} ${was} back`, "go-on"));
}

function setOption(
  bond: string,
  option: OptionName,
  value: string,
  why: string,
  onFailure: Step["onFailure"] = "stop",
): Step {
  // ip can name a port, but not no port.
  if (value === "" && optionRow(option).kind === "port") {
    const file = `/sys/class/net/${bond}/bonding/${optionRow(option).sysfs}`;
    return { argv: ["sh", "-c", `echo > "$1"`, "sh", file], limitSeconds: ipLimitSeconds, why, onFailure };
  }
  const { word, onOff } = spellingOf(option);
  const said = onOff === true ? (value === "0" ? "off" : "on") : value;
  return ipStep(["link", "set", "dev", bond, "type", "bond", word, said], why, onFailure);
}
