import { setTimeout as sleep } from "node:timers/promises";
import type { Host } from "../host/ports.ts";
import type { Config } from "../model/config.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { openQuestions, type RouterQuestions } from "../transact/probes/ask-router.ts";
import { takeSnapshot } from "../transact/probes/snapshot.ts";
import type { LinkState } from "../wire/link.ts";
import { probeMac } from "../wire/probe-mac.ts";
import type { Found, Refusal } from "./look-before.ts";

const QUESTIONS = 10;
const EVERY_MS = 100;
/** Of the questions so many must be answered: a radio loses some. */
const ENOUGH = 0.5;
/** fail_over_mac: every port keeps its own address. */
const OWN_ADDRESS = 1;

/** One port, and how its router answers through it. */
interface Asked {
  readonly port: string;
  readonly router: string;
  /** "" it was asked; else why it can't be. */
  readonly unasked: string;
  /** As the host asks: through the active port in its own name, through others in nobody's. */
  readonly questions: RouterQuestions | undefined;
}

/** Asks each port's router through that port, the standbys as well, for a second: carrier alone doesn't say that a port could take over. What can't
 *  be asked so is told in a note; what doesn't answer is a refusal. Switches learn nothing wrong from it. */
export async function provePorts(
  host: Host,
  found: Found,
  uplinks: Config["uplinks"],
): Promise<Result<readonly string[], Refusal>> {
  const { links } = takeSnapshot(host);
  const bond = links.find(({ name }) => name === found.bond.name);
  if (bond === undefined) return failed({ message: `${found.bond.name} is gone`, hint: "holdfast status shows it." });
  const asked = found.bond.ports.map(({ name }) => ask(host, found, { bond, links, uplinks }, name));
  const anonymous = askAnonymously(host, found, links);
  for (let round = 0; round < QUESTIONS; round++) {
    for (const { questions } of asked) questions?.ask();
    anonymous?.ask();
    await sleep(EVERY_MS);
  }
  try {
    return judge(found, asked, anonymous);
  } finally {
    for (const { questions } of asked) questions?.close();
    anonymous?.close();
  }
}

interface Around {
  readonly bond: LinkState;
  readonly links: readonly LinkState[];
  readonly uplinks: Config["uplinks"];
}

function ask(host: Host, found: Found, { bond, links, uplinks }: Around, name: string): Asked {
  const uplink = uplinks.find(({ port }) => port === name)?.gateway;
  const router = uplink ?? found.router?.address ?? "";
  const link = links.find((each) => each.name === name);
  const nobody = { port: name, router, questions: undefined };
  if (router === "" || link === undefined) return { ...nobody, unasked: "there is no router to ask" };
  const isActive = found.bond.active === name;
  const failOverMac = bond.bond?.failOverMac ?? 0;
  if (!isActive && found.bond.radios.includes(name) && failOverMac !== OWN_ADDRESS) {
    return { ...nobody, unasked: "its access point would hear the bond's address only, which is on another port" };
  }
  const permanentMac = link.port?.permanentMac ?? link.permanentMac;
  const as = probeMac({ isActive, failOverMac, bondMac: bond.mac, portMac: link.mac, permanentMac });
  const own = isActive && router === found.router?.address ? found.router.own : undefined;
  const vlan = found.router?.vlan;
  const questions = openQuestions({ host, link, router, own, as, ...(vlan === undefined ? {} : { vlan }) });
  return { port: name, router, questions, unasked: questions === undefined ? "it can't be listened to" : "" };
}

/** Does the router answer him who doesn't say who he is? Some don't; then a standby can't be proven. */
function askAnonymously(host: Host, { bond, router }: Found, links: readonly LinkState[]): RouterQuestions | undefined {
  const link = links.find(({ name }) => name === bond.active);
  if (router === undefined || link === undefined) return undefined;
  const vlan = router.vlan === undefined ? {} : { vlan: router.vlan };
  // As the bond: through the active port that is what the switches know already.
  const as = router.link.mac;
  return openQuestions({ host, link, router: router.address, own: undefined, as, ...vlan });
}

function judge(
  { bond }: Found,
  asked: readonly Asked[],
  anonymous: RouterQuestions | undefined,
): Result<readonly string[], Refusal> {
  const notes: string[] = [];
  for (const { port, router, unasked, questions } of asked) {
    const answers = questions?.answers().length ?? 0;
    const isActive = port === bond.active;
    if (questions === undefined) {
      notes.push(`${port} is taken to work because it has carrier: ${unasked}`);
    } else if (answers < ENOUGH * questions.asked()) {
      if (!isActive && isShy(anonymous, asked, router)) {
        notes.push(
          `${port} is taken to work because it has carrier: ${router} answers only who says his address, which a standby must not`,
        );
      } else return failed(unproven(bond.active, port, router, `${answers} of ${questions.asked()}`));
    }
  }
  return ok(notes);
}

/** It answers the host, but nobody who doesn't say who he is. */
function isShy(anonymous: RouterQuestions | undefined, asked: readonly Asked[], router: string): boolean {
  const known = asked.some((each) => each.router === router && (each.questions?.answers().length ?? 0) > 0);
  return known && anonymous !== undefined && anonymous.answers().length === 0;
}

function unproven(active: string, port: string, router: string, share: string): Refusal {
  if (port === active) {
    return {
      message: `redundancy isn't full: ${router} answered ${share} questions through ${port}, which carries the traffic`,
      hint: `Something is wrong on the way from ${port} to ${router} already. Mend that first.`,
    };
  }
  return {
    message: `redundancy isn't full: ${port} has carrier, but ${router} answered ${share} questions through it`,
    hint: `Mend the way from ${port} to ${router} first (cable, switch, powerline, VLAN): cutting ${active} now would cut this host off.`,
  };
}
