import type { Acts, Situation } from "./backend.ts";
import type { Interruption, Step } from "./change.ts";
import { ipStep, setOptions, unsetOptions } from "./kernel-steps.ts";

/** How a port joins a running bond and leaves it, in the manager's own way. */
export interface Joining {
  readonly join: (port: string, bond: string) => Step;
  readonly leave: (port: string, bond: string) => Step;
}

/** What a manager must be told of files that changed under a network that stays up. */
export interface Notice {
  readonly afterwards?: readonly Step[];
  readonly restored?: readonly Step[];
}

/** The steps where no bond has to go down: ports leave while the old files are there, the rest comes with the new ones. */
export function liveActs(situation: Situation, joining: Joining, notice: Notice = {}): Acts {
  const quiesce: Step[] = [];
  const converge: Step[] = [];
  const restore: Step[] = [];
  for (const [name, { turn, readdressing, changedPorts }] of situation.bonds) {
    const live = turn.kind === "live" ? turn : { leave: [], join: [], set: [] };
    const leave = [...live.leave, ...changedPorts];
    const join = [...live.join, ...changedPorts];
    quiesce.push(...stepAside(situation, name, leave), ...leave.map((port) => joining.leave(port, name)));
    converge.push(...join.map((port) => joining.join(port, name)), ...setOptions(name, live.set));
    restore.push(...unsetOptions(name, live.set));
    restore.push(...live.join.map((port) => goOn(joining.leave(port, name))));
    restore.push(...leave.map((port) => goOn(joining.join(port, name))));
    if (readdressing.kind === "live") {
      converge.push(...readdressing.steps);
      restore.unshift(...readdressing.undo.map(goOn));
    }
  }
  return {
    quiesce,
    converge: [...converge, ...(notice.afterwards ?? [])],
    restore: [...(notice.restored ?? []), ...restore],
    interruption: interruptionOf(situation),
  };
}

/** Before the active port leaves, another carries the traffic: a switch by hand loses nothing. */
function stepAside({ host }: Situation, bond: string, leave: readonly string[]): readonly Step[] {
  const running = host.bonds.find(({ name }) => name === bond);
  if (running === undefined || !leave.includes(running.activePort)) return [];
  const other = running.ports.find(
    (port) => !leave.includes(port) && host.links.find(({ name }) => name === port)?.hasCarrier === true,
  );
  return other === undefined
    ? []
    : [
        ipStep(
          ["link", "set", "dev", bond, "type", "bond", "active_slave", other],
          `Moves the traffic from ${running.activePort}, which leaves, to ${other}`,
        ),
      ];
}

function goOn(step: Step): Step {
  return { ...step, onFailure: "go-on" };
}

function interruptionOf({ bonds }: Situation): Interruption {
  const breaks = [...bonds].find(([, { readdressing }]) => readdressing.kind === "live" && !readdressing.keeps);
  if (breaks !== undefined)
    return {
      ms: 0,
      from: "kernel",
      why: `an address of ${breaks[0]} goes: connections over it end, new ones are made at once`,
    };
  return { ms: 0, from: "kernel", why: "the kernel takes all of it while packets flow" };
}
