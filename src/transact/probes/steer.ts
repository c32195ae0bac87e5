import type { Host } from "../../host/ports.ts";
import type { ProbeResult } from "../../plan/protocol.ts";
import type { LinkState } from "../../wire/link.ts";
import { openQuestions, ownToward } from "./ask-router.ts";
import { gatewaysOf, linkAt, portsOf, type Snapshot, takeSnapshot } from "./snapshot.ts";

/** How long traffic goes through a port that is proven, s. Switches learn, timers that are wrong show. */
export const PROOF_SECONDS = 3;
/** Between two questions to its router, ms. */
const EVERY_MS = 100;
/** Of the questions asked in that time, so many must be answered: a radio loses some. */
const ENOUGH = 0.5;
/** A port that answers nothing for so long is left again, ms: the host is cut off meanwhile. */
const SILENT_MS = 1_000;
/** Before it is tried once more, ms: spanning tree takes its time with a port that has just come up. */
const REST_MS = 2_000;
const ACTIVE_BACKUP = 1;

export interface Steering {
  readonly host: Host;
  /** Seconds for all that must first settle. */
  readonly patienceSeconds: number;
  /** A port's own router, where ports lead to different ones. */
  readonly routers: Readonly<Record<string, string>>;
  /** Ports that had carrier before: they must have it again. */
  readonly hadCarrier: ReadonlySet<string>;
  sleep(seconds: number): Promise<void>;
}

/** Sends the traffic of each active-backup bond through each of its ports in turn, and asks that port's router meanwhile. In the end every
 *  bond uses the port it used before. */
export async function provePorts(steering: Steering): Promise<readonly ProbeResult[]> {
  const before = takeSnapshot(steering.host);
  const results: ProbeResult[] = [];
  for (const bond of before.links.filter((link) => link.bond?.mode === ACTIVE_BACKUP)) {
    results.push(...(await proveBond(steering, before, bond)));
  }
  return results;
}

async function proveBond(steering: Steering, before: Snapshot, bond: LinkState): Promise<readonly ProbeResult[]> {
  const { host } = steering;
  const active = bond.bond?.activePort ?? 0;
  // The one in use last: there it ends.
  const ports = portsOf(before, bond).toSorted((a, b) => Number(a.index === active) - Number(b.index === active));
  const results: ProbeResult[] = [];
  let proven = 0;
  try {
    for (const port of ports) {
      const result = await provePort(steering, bond, port, active);
      if (result.passed) proven += 1;
      results.push(result);
    }
  } finally {
    if (active !== 0) host.net.setActivePort(bond.index, active);
  }
  const most = `${proven} of ${ports.length} ports proven`;
  // A cable that isn't plugged in fails no change; a bond that nothing passes through does.
  return [...results, { name: `traffic ${bond.name}`, passed: proven > 0, detail: most, weight: "must" }];
}

async function provePort(steering: Steering, bond: LinkState, port: LinkState, active: number): Promise<ProbeResult> {
  const { host, hadCarrier, sleep } = steering;
  const name = `port ${port.name}`;
  const end = host.time.now() + steering.patienceSeconds * 1000;
  let seen = linkAt(takeSnapshot(host), port.index);
  // A radio needs seconds to join, a cable's ends seconds to agree.
  while (seen?.hasCarrier !== true && host.time.now() < end) {
    await sleep(0.2);
    seen = linkAt(takeSnapshot(host), port.index);
  }
  if (seen?.hasCarrier !== true) {
    const weight = hadCarrier.has(port.name) ? "must" : "warn";
    return { name, passed: false, weight, detail: `no carrier: ${bond.name} can't use it now` };
  }
  const snapshot = takeSnapshot(host);
  const found = routerFor(steering, snapshot, bond, port);
  if (found === undefined) return { name, passed: true, weight: "must", detail: "carrier; it has no router to ask" };
  for (;;) {
    const proof = await proofOf(steering, bond, port, found);
    if (proof.passed || host.time.now() >= end) return { name, weight: "must", ...proof };
    if (active !== 0) host.net.setActivePort(bond.index, active);
    await sleep(REST_MS / 1000);
  }
}

interface Found {
  readonly router: string;
  readonly holder: LinkState;
  readonly own: string | undefined;
}

function routerFor({ routers }: Steering, snapshot: Snapshot, bond: LinkState, port: LinkState): Found | undefined {
  const gateway = gatewaysOf(snapshot).find(
    ({ link }) => link.index === bond.index || link.index === bond.master || link.mac === bond.mac,
  );
  const router = routers[port.name] ?? gateway?.router;
  if (router === undefined) return undefined;
  const holder = gateway?.link ?? bond;
  const addresses = snapshot.addresses.filter(({ index }) => index === holder.index);
  // With an own address that isn't of that router's network the question would be refused: it goes without.
  const isUsual = router === gateway?.router;
  return { router, holder, own: isUsual || router.includes(":") ? ownToward(router, addresses) : undefined };
}

async function proofOf(
  { host, sleep }: Steering,
  bond: LinkState,
  port: LinkState,
  { router, holder, own }: Found,
): Promise<Pick<ProbeResult, "passed" | "detail">> {
  const steered = host.net.setActivePort(bond.index, port.index);
  if (!steered.ok) return { passed: false, detail: `traffic can't be steered through it: ${steered.error.message}` };
  const questions = openQuestions({ host, link: holder, router, own });
  if (questions === undefined) return { passed: false, detail: `${holder.name} can't be listened to` };
  const began = host.time.now();
  const answered = (): number => questions.answers().length;
  let [answers, asked] = [0, 0];
  try {
    while (host.time.now() - began < PROOF_SECONDS * 1000) {
      questions.ask();
      await sleep(EVERY_MS / 1000);
      if (answered() === 0 && host.time.now() - began > SILENT_MS) break;
    }
    [answers, asked] = [answered(), questions.asked()];
  } finally {
    questions.close();
  }
  const active = linkAt(takeSnapshot(host), bond.index)?.bond?.activePort;
  if (active !== port.index) return { passed: false, detail: "traffic didn't stay on it" };
  const passed = answers >= asked * ENOUGH;
  return { passed, detail: `${router} answered ${answers} of ${asked} questions through it` };
}
