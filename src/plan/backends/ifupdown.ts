import { maskText } from "../../diagnostic/secrets.ts";
import { ifupdown } from "../../dialects/ifupdown/ifupdown.ts";
import { interfacesPath } from "../../dialects/ifupdown/source-files.ts";
import { linkNamed } from "../../model/host-state.ts";
import type { Backend, Situation } from "../backend.ts";
import { rebuilt } from "../backend.ts";
import type { Step } from "../change.ts";
import { costs } from "../interruption.ts";
import { ipStep } from "../kernel-steps.ts";
import { liveActs } from "../live-acts.ts";
import { moveOf } from "./ifupdown-move.ts";
import { lentUntilAdvertised } from "./lend-until-advertised.ts";

/** DHCP may take its time; ifupdown itself waits up to a minute for an answer. */
const upLimitSeconds = 75;
const downLimitSeconds = 30;

/** ifupdown: what the kernel takes is set by ip, and ifup and ifdown aren't asked. A bond that must be made anew goes down with the files
 *  it came up with, since ifdown undoes what the files say and not what was done; but where only addresses and routes hang on the one link
 *  that bears them, ip moves them first, and ifup finds them there. */
export const ifupdownBackend: Backend = (situation) => {
  const anew = rebuilt(situation);
  const joining = {
    join: (port: string, bond: string): Step => up([port], `Brings ${port} up, which puts it into ${bond}`),
    leave: (port: string, bond: string): Step => down([port], `Takes ${port} out of ${bond}`),
  };
  if (anew.length === 0) {
    const acts = liveActs(situation, joining);
    // The old files don't know a port that joined: ifdown is told what the new ones said of it.
    const restore = acts.restore.map((step) =>
      step.argv[0] === "ifdown" ? downAsWritten(situation, step.argv.slice(1), step.why) : step,
    );
    return { ...acts, restore };
  }
  const before = new Set(broughtUp(situation));
  const after = situation.merged.wanted.bonds.flatMap(({ name, ports }) => [name, ...present(situation, ports)]);
  const old = ordered(situation).filter((name) => before.has(name));
  const why = anew.map((one) => one.why).join("; ");
  const move = moveOf(situation);
  const back = old.length === 0 ? [] : [up(old, `Brings ${listed(old)} up as before`)];
  const restore =
    move === undefined
      ? [...undo(situation, after), ...back, ...lentUntilAdvertised(situation)]
      : [
          ...move.backFirst,
          ...undo(
            situation,
            after.filter((name) => !move.bearers.includes(name)),
          ),
          ...back.map((step) => move.backUp(old, step)),
          ...move.backLast,
        ];
  // What else is up goes down as it came up; the link that bears the addresses is left to ip.
  const others = old.filter((name) => move?.bearers.includes(name) !== true);
  if (move?.forward !== undefined && others.length === 0)
    return { ...move.forward, restore, interruption: costs("ifupdown", situation, "moved by ip") };
  return {
    quiesce:
      old.length === 0
        ? []
        : [
            down(
              old,
              `Takes ${listed(old)} down with the files ${old.length === 1 ? "it" : "they"} came up with: ${why}`,
            ),
          ],
    converge: [up(after, `Brings ${listed(after)} up with the new files`)],
    restore,
    interruption: costs("ifupdown", situation),
  };
};

/** What of the names the old files define and ifup brought up: the rest stays down, now and after a way back. */
function broughtUp({ merged, host }: Situation): readonly string[] {
  const { bonds, interfaces } = merged.before;
  const isUp = (name: string) =>
    host.links.length === 0 || host.links.some((link) => link.name === name && link.owners.includes("ifupdown"));
  return [...merged.names].filter((name) => [...bonds, ...interfaces].some((one) => one.name === name) && isUp(name));
}

/** A port that isn't plugged in can't be brought up, and the bond needn't wait for it. */
function present({ host }: Situation, ports: readonly string[]): readonly string[] {
  return host.links.length === 0 ? ports : ports.filter((port) => linkNamed(host, port) !== undefined);
}

/** ifdown takes a bond away, mostly: that none is left is no failure, and no reason for the emergency's steps. */
function removalIfThere(name: string, why: string): Step {
  const script = '[ ! -e "/sys/class/net/$0" ] || ip link del dev "$0"';
  return { argv: ["/bin/sh", "-c", script, name], limitSeconds: 10, why, onFailure: "go-on" };
}

/** Bonds before their ports: they take them along. */
function ordered({ merged }: Situation): readonly string[] {
  const bonds = new Set([...merged.before.bonds, ...merged.wanted.bonds].map(({ name }) => name));
  const names = [...merged.names];
  return [...names.filter((name) => bonds.has(name)), ...names.filter((name) => !bonds.has(name))];
}

/** Takes down what the new files brought up, though they are gone: ifdown is told what they said. Then nothing of the bond is left, and
 *  nothing of what ifupdown noted of it. */
function undo(situation: Situation, names: readonly string[]): readonly Step[] {
  const { merged, host } = situation;
  const running = new Set(host.bonds.map(({ name }) => name));
  const made = merged.wanted.bonds.map(({ name }) => name);
  const ports = merged.wanted.bonds.flatMap((bond) => bond.ports).filter((name) => names.includes(name));
  return [
    downAsWritten(
      situation,
      names,
      `Takes ${listed(names)} down as the new files brought ${names.length === 1 ? "it" : "them"} up`,
    ),
    ...made.map((name) => removalIfThere(name, running.has(name) ? `Clears ${name} away` : `Removes ${name}`)),
    ...ports.map((name) =>
      ipStep(["address", "flush", "dev", name, "scope", "global"], `Clears what is left on ${name}`, "go-on"),
    ),
  ];
}

/** ifdown by what was written, wherever the files are by now. */
function downAsWritten({ merged }: Situation, names: readonly string[], why: string): Step {
  const written = ifupdown.render(merged.wanted).files.get(interfacesPath) ?? "";
  return {
    // Through a pipe of sh's own: what stands in for a pipe elsewhere (a socket) can't be opened by a name.
    argv: ["sh", "-c", 'cat | ifdown --force --interfaces=/dev/stdin "$@"', "sh", ...names],
    // Keys aren't needed to take a radio down.
    stdin: maskText(written),
    limitSeconds: downLimitSeconds,
    why,
    onFailure: "go-on",
  };
}

function up(names: readonly string[], why: string): Step {
  return { argv: ["ifup", ...names], limitSeconds: upLimitSeconds, why, onFailure: "stop" };
}

function down(names: readonly string[], why: string): Step {
  return { argv: ["ifdown", ...names], limitSeconds: downLimitSeconds, why, onFailure: "go-on" };
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
