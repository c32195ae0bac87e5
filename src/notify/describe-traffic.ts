import type { Kept } from "../watch/chronicle.ts";
import type { Description } from "./message.ts";
import { because, listed, remedy, sentence, span } from "./words.ts";

type Of<W extends Kept["what"]> = Extract<Kept, { readonly what: W }>;

/** Where traffic goes, and whether it does; undefined for every other event. */
export function describeTraffic(event: Kept): Description | undefined {
  switch (event.what) {
    case "moved":
      return moved(event);
    case "kernel-moved":
      return kernelMoved(event);
    case "refused":
      return refused(event);
    case "redundancy":
      return redundancy(event);
    case "outage-begins":
      return outageBegins(event);
    case "outage-ends":
      return outageEnds(event);
    case "started":
      return started(event);
    case "stopped":
      return stopped(event);
    case "order":
      return order(event);
    default:
      return undefined;
  }
}

const wanted = new Set(["reselect", "operator", "drained"]);

function moved(event: Of<"moved">): Description {
  const { from, to, cause, noticedAfterMs, evidence } = event;
  const calm = wanted.has(cause);
  const source = from === "" ? "" : ` from ${from}`;
  const todo = from === "" ? undefined : remedy(cause, from);
  const speed = calm ? "" : `, noticed after ${span(noticedAfterMs)}`;
  const proof = evidence === "" || evidence === because(cause, from) ? "" : ` (${evidence})`;
  return {
    severity: calm ? "notice" : "warning",
    // Who heard that the preferred port was left wants to hear that it is in use again.
    weight: cause === "reselect" ? "warning" : calm ? "notice" : "warning",
    title: `traffic moved${source} to ${to}: ${because(cause, from)}`,
    text: `Traffic moved${source} to ${to} because ${because(cause, from)}${speed}${proof}.`,
    ...(todo === undefined ? {} : { todo }),
  };
}

function kernelMoved({ from, to }: Of<"kernel-moved">): Description {
  if (to === "") {
    const text = "The kernel left the bond without an active port: no port had a carrier.";
    return { severity: "critical", weight: "critical", title: "the bond has no active port", text };
  }
  const source = from === "" ? "" : ` from ${from}`;
  return {
    severity: "warning",
    weight: "warning",
    title: `the kernel moved traffic${source} to ${to}`,
    text: `The kernel moved traffic${source} to ${to} by itself, not by Holdfast's order.`,
  };
}

function refused({ port, retryMs }: Of<"refused">): Description {
  return {
    severity: "warning",
    weight: "warning",
    title: `the kernel refused to use ${port}`,
    text: `The kernel refused to move traffic to ${port}; the next try is in ${span(retryMs)}.`,
    todo: `Run holdfast status and look at ${port}: it may have left the bond.`,
  };
}

function redundancy({ usable, declared, missing }: Of<"redundancy">): Description {
  const out = missing.length === 0 ? "" : `: ${listed(missing)} can't be relied on`;
  if (usable >= declared) {
    const text = `All ${declared} ports can carry traffic again.`;
    return { severity: "notice", weight: "warning", title: "redundancy is complete", text };
  }
  const todo = missing.length === 0 ? {} : { todo: `Repair ${listed(missing)} before the next fault comes.` };
  if (usable === 0) {
    const text = `None of ${declared} ports can carry traffic${out}.`;
    return { severity: "critical", weight: "critical", title: "no port works", text, ...todo };
  }
  const left = usable === 1 ? "The next fault is an outage." : "";
  return {
    severity: "warning",
    weight: "warning",
    title: usable === 1 ? "redundancy is lost" : "redundancy is reduced",
    text: `${usable} of ${declared} ports can carry traffic${out}. ${left}`.trimEnd(),
    ...todo,
  };
}

function outageBegins({ cause, extent, evidence }: Of<"outage-begins">): Description {
  if (extent === "group") {
    return {
      severity: "critical",
      weight: "critical",
      title: "cut off: every path is dead",
      text: `Every path was lost together, so there was no port to move to (${evidence}).`,
      todo: "Look at what all ports share: router, switch, power, the provider's line.",
    };
  }
  const text = `Nothing gets through the active port (${cause}: ${evidence}).`;
  return { severity: "warning", weight: "warning", title: "an outage began", text };
}

function outageEnds({ lastedMs, cause }: Of<"outage-ends">): Description {
  return {
    severity: "notice",
    weight: lastedMs >= 5_000 ? "critical" : "warning",
    title: `the outage is over after ${span(lastedMs)}`,
    text: `Traffic flows again; the outage (${cause}) lasted ${span(lastedMs)}.`,
  };
}

function started({ active }: Of<"started">): Description {
  const text = active === "" ? "No port is active." : `Traffic goes through ${active}.`;
  return { severity: "notice", weight: "notice", title: "Holdfast watches", text: `Holdfast watches now. ${text}` };
}

function stopped({ primary }: Of<"stopped">): Description {
  const kept = primary === "restored" ? " with its configured primary" : "";
  const text = `Holdfast stopped watching; the kernel fails over on carrier alone${kept}.`;
  return { severity: "notice", weight: "notice", title: "Holdfast stopped watching", text };
}

function order({ order: given, port }: Of<"order">): Description {
  const words: Readonly<Record<typeof given, string>> = {
    pin: `traffic is pinned to ${port}`,
    auto: "the choice of port is Holdfast's again",
    drain: `${port} is drained: it is used only if nothing else works`,
    undrain: `${port} may carry traffic again`,
    "reselect-now": "traffic shall return to the preferred port now",
  };
  const title = words[given];
  return { severity: "notice", weight: "notice", title, text: sentence(`by order of the operator ${title}`) };
}
