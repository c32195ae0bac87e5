import { containsAddress, parseAddress, parseCidr } from "../model/address.ts";
import { type BeyondEvent, stepBeyond } from "../watch/beyond.ts";
import type { State } from "../watch/state.ts";
import type { LinkAddress } from "../wire/address.ts";
import type { Running } from "./running.ts";

/** Lets the machine beside the brain look beyond the router. Called whenever the brain was woken: it wakes often enough for both. */
export function lookBeyond(running: Running): void {
  const { state, deps, plan, links } = running;
  if (state === undefined || running.stopped) return;
  const at = deps.host.time.now();
  if (running.beyondOf !== state.config) {
    running.beyondOf = state.config;
    const targets = unprobedTargets(plan.beyond, state, links?.addresses() ?? []);
    advance(running, { type: "targets", at, targets });
  }
  if (running.beyond.targets.length === 0) return;
  advance(running, { type: "tick", at, ...wayOut(state, at) });
}

/** The answer to a probe of the machine's own. */
export function heardBeyond(
  running: Running,
  answer: { readonly port: string; readonly id: number; readonly at: number },
): void {
  if (running.state?.active !== answer.port) return;
  advance(running, { type: "answer", ...answer });
}

/** What is under way beyond the router means nothing any more. */
export function upsetBeyond(running: Running): void {
  advance(running, { type: "upset", at: running.deps.host.time.now() });
}

function advance(running: Running, event: BeyondEvent): void {
  const { deps, prober } = running;
  const [beyond, effects] = stepBeyond(running.beyond, event);
  running.beyond = beyond;
  for (const effect of effects) {
    if (effect.do === "record") {
      deps.record(effect.event);
      continue;
    }
    const { port, target, id } = effect;
    if (prober.probe(port, target, id)) deps.tally.sent(port, target, id, event.at);
    else advance(running, { type: "unsent", at: event.at, id });
  }
}

/** Declared targets that no port probes, that are no router, and that don't live on a LAN of ours. Those of another family than
 *  the routers' may have another way out, of which nothing is known: their silence would say nothing of this one. */
export function unprobedTargets(
  declared: readonly string[],
  { config }: Pick<State, "config">,
  addresses: readonly LinkAddress[],
): readonly string[] {
  const lans = addresses.flatMap(({ ip, prefix }) => {
    const network = parseCidr(`${ip}/${prefix}`);
    return network.ok ? [network.value] : [];
  });
  return declared.filter((target) => {
    if (config.ports.some(({ router, far }) => router === target || far.includes(target))) return false;
    const isOfFamily = config.ports.some(({ router }) => router?.includes(":") === target.includes(":"));
    const address = parseAddress(target);
    return isOfFamily && address.ok && !lans.some((lan) => containsAddress(lan, address.value));
  });
}

/** A router is taken at its word for so long. */
const FRESH_MS = 2_000;

/** The port that carries traffic and its router, while that answers: what the brain knows of it is not asked again. */
export function wayOut(state: State, at: number): { readonly port: string; readonly router: string } {
  const port = state.ports.find(({ name }) => name === state.active);
  const near = state.paths.find((path) => path.port === state.active && !path.far);
  const answers = near?.health === "alive" && at - near.aliveAsOf < FRESH_MS;
  if (port?.carrier !== true || !answers || state.outage !== undefined) return { port: "", router: "" };
  return { port: port.name, router: near.target };
}
