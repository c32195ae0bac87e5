import type { Kept } from "../watch/chronicle.ts";
import { describeUps } from "./describe-ups.ts";
import type { Description, Severity, Weight } from "./message.ts";
import { counted, listed, sentence, span } from "./words.ts";

/** What happened to ports, paths, the host and the history itself; undefined for events of the traffic. */
export function describeHost(event: Kept): Description | undefined {
  return (
    ofPort(event) ??
    ofBeyond(event) ??
    ofPath(event) ??
    ofHost(event) ??
    ofStore(event) ??
    ofKernel(event) ??
    ofDrill(event) ??
    describeUps(event) ??
    ofChange(event)
  );
}

function said(severity: Severity, weight: Weight, title: string, text = sentence(title), todo?: string): Description {
  return { severity, weight, title, text, ...(todo === undefined ? {} : { todo }) };
}

function ofPort(event: Kept): Description | undefined {
  switch (event.what) {
    case "carrier":
      return said("notice", "all", event.up ? `${event.port} has a carrier` : `${event.port} lost its carrier`);
    case "flapping": {
      const todo = `Check plug, cable and power at both ends of ${event.port}.`;
      return said("warning", "warning", `the carrier of ${event.port} comes and goes`, undefined, todo);
    }
    case "flapped": {
      const text = `The carrier of ${event.port} is steady again (${event.up ? "up" : "down"}) after ${counted(event.changes, "change")}.`;
      return said("notice", "warning", `${event.port} is steady again`, text);
    }
    case "port-gone": {
      const todo = `Look whether its adapter is plugged in; a USB adapter may have been reset.`;
      return said(
        "warning",
        "warning",
        `${event.port} left the bond`,
        `${event.port} is not in the bond any more.`,
        todo,
      );
    }
    case "radio":
      return ofRadio(event);
    case "port-back":
      return said("notice", "warning", `${event.port} is in the bond again`);
    case "warning":
      return said("warning", "warning", `${event.port}: ${event.evidence}`, `${event.port}: ${event.evidence}.`);
    default:
      return undefined;
  }
}

function ofRadio({ port, change, evidence }: Extract<Kept, { readonly what: "radio" }>): Description {
  const proof = evidence === "" ? "" : ` (${evidence})`;
  switch (change) {
    case "joined":
      return said("notice", "warning", `${port} has joined its network`, `${port} has joined its network${proof}.`);
    case "roamed":
      return said("notice", "all", `${port} roamed`, `${port} moved to another access point${proof}.`);
    case "left": {
      const todo = `Look whether the access point of ${port} is on and in reach.`;
      return said("warning", "warning", `${port} left its network`, `${port} left its network${proof}.`, todo);
    }
    case "unheard": {
      const todo = `Look whether the access point of ${port} still has its own cable, and isn't a network for guests.`;
      const text = `${port} has joined its network, and the LAN is no longer heard through it${proof}.`;
      return said("warning", "warning", `the LAN isn't heard through ${port}`, text, todo);
    }
    case "heard":
      return said("notice", "warning", `the LAN is heard through ${port} again`);
    case "refused": {
      const text = `The access point doesn't let ${port} in${proof}.`;
      return said(
        "warning",
        "warning",
        `${port} isn't let into its network`,
        text,
        `Compare the key of ${port} with the network's.`,
      );
    }
  }
}

function ofPath(event: Kept): Description | undefined {
  switch (event.what) {
    case "path-dead":
      return said("notice", "all", `${event.target} is lost through ${event.port}`, sentence(event.evidence));
    case "path-alive":
      return said("notice", "all", `${event.target} answers through ${event.port}`, sentence(event.evidence));
    case "path-silent":
      return said("notice", "all", `${event.target} never answered through ${event.port}`, sentence(event.evidence));
    default:
      return undefined;
  }
}

function ofBeyond(event: Kept): Description | undefined {
  switch (event.what) {
    case "beyond-lost": {
      const title = `the Internet behind ${event.router} doesn't answer`;
      const text = `${event.router} answers, but ${listed(event.targets)} behind it ${event.targets.length === 1 ? "doesn't" : "don't"}; no other port is known to lead elsewhere, so nothing was moved.`;
      const todo = `Look at ${event.router} and its line: modem, provider, its own dial-in.`;
      return said("warning", "warning", title, text, todo);
    }
    case "beyond-back": {
      const text = `${listed(event.targets)} behind ${event.router} answers again; the Internet was lost for ${span(event.lastedMs)}.`;
      return said(
        "notice",
        "warning",
        `the Internet behind ${event.router} is back after ${span(event.lastedMs)}`,
        text,
      );
    }
    default:
      return undefined;
  }
}

function ofHost(event: Kept): Description | undefined {
  switch (event.what) {
    case "suspended":
      return said("notice", "all", `the host slept for ${span(event.gapMs)}`);
    case "configured":
      return said("notice", "all", "Holdfast took a new configuration");
    case "drift": {
      const title = `somebody set the bond's ${event.option} to ${event.value}`;
      return said("warning", "warning", title, undefined, "Set it back, or declare it in holdfast.yaml.");
    }
    default:
      return undefined;
  }
}

function ofStore(event: Kept): Description | undefined {
  switch (event.what) {
    case "store-trouble": {
      const text = `Events can't be written to the disk (${event.reason}); they wait in memory.`;
      return said("warning", "warning", "events can't be kept", text, "Make room on the disk, or replace it.");
    }
    case "store-resumed": {
      const lost = event.lost === 0 ? "none is lost" : `${counted(event.lost, "event")} could not be kept`;
      const text = `The disk takes events again after ${span(event.forMs)}; ${lost}.`;
      return said("notice", "warning", "events are kept again", text);
    }
    case "store-damaged": {
      const text = `${counted(event.regions, "part")} of the history can't be read (${counted(event.bytes, "byte")}); the rest is whole.`;
      return said("warning", "warning", "a part of the history is damaged", text, "Check the disk or the SD card.");
    }
    default:
      return undefined;
  }
}

function ofDrill(event: Kept): Description | undefined {
  switch (event.what) {
    case "drill-begins": {
      const text = `A drill begins: ${counted(event.cuts, "cut")} will be made and undone.`;
      return said("notice", "warning", "a drill begins", text);
    }
    case "drill-stopped": {
      const text = "The drill was stopped, or could not go on: it counts for nothing.";
      return said("notice", "warning", "the drill was stopped", text);
    }
    case "drilled": {
      const outage = event.outageMs === null ? "an outage that never ended" : `an outage of ${span(event.outageMs)}`;
      const which = event.cut === "" ? "" : `, ${event.cut}`;
      if (event.verdict === "held") {
        return said("notice", "warning", `the drill held: ${outage}`, `The drill held: at most ${outage}${which}.`);
      }
      const todo = "Read the report: holdfast drill --report DIR.";
      return said("warning", "warning", `the drill missed: ${outage}`, `The drill missed: ${outage}${which}.`, todo);
    }
    default:
      return undefined;
  }
}

function ofChange(event: Kept): Description | undefined {
  if (event.what !== "change") return undefined;
  const { state, transaction: id, summary } = event;
  const by = event.who === "" ? "" : ` by ${event.who}`;
  switch (state) {
    case "applied": {
      const text = `A change of the network was applied${by}: ${summary} (${id}). It goes back unless it is confirmed.`;
      return said("notice", "warning", `a change waits to be confirmed: ${summary}`, text);
    }
    case "confirmed":
      return said(
        "notice",
        "warning",
        `a change stays: ${summary}`,
        `The change was confirmed${by}: ${summary} (${id}).`,
      );
    case "rolled-back": {
      const text = `The change was rolled back${by}: ${summary} (${id}). Files and network are what they were.`;
      return said("warning", "warning", `a change was rolled back: ${summary}`, text);
    }
    case "stuck": {
      const text = `The change could not be rolled back completely: ${summary} (${id}).`;
      return said(
        "warning",
        "warning",
        "a change could not be rolled back completely",
        text,
        "Look at it now: holdfast history.",
      );
    }
  }
}

function ofKernel(event: Kept): Description | undefined {
  switch (event.what) {
    case "kernel-enslaved":
      return said("notice", "all", `${event.port} became a port of ${event.bond}`);
    case "kernel-released":
      return said("notice", "all", `${event.port} is no port of ${event.bond} any more`);
    case "kernel-bond":
      return said("notice", "all", `the kernel said of ${event.bond}: ${event.text}`);
    default:
      return undefined;
  }
}
