import type { DrillsDocument, StatusDocument } from "../documents.ts";
import type { Question } from "../model.ts";
import { listed, span } from "../words.ts";

/** What is asked before an order is given. */
export interface Asked {
  readonly title: string;
  /** What will happen, a sentence or two each. */
  readonly will: readonly string[];
  /** What the button says that does it. */
  readonly yes: string;
}

/** An order in words: what it will do to this very host. */
export function askedOf(question: Question, status: StatusDocument, drills: DrillsDocument | undefined): Asked {
  const active = status.bond?.active ?? "";
  switch (question.order) {
    case "pin":
      return pin(question.port, active, status);
    case "drain":
      return drain(question.port, active, status);
    case "undrain":
      return {
        title: `May ${question.port} carry traffic again?`,
        will: [
          `${question.port} counts again as any other port: traffic goes back to it if it is the preferred one, after it has been calm for a while.`,
        ],
        yes: `Undrain ${question.port}`,
      };
    case "auto":
      return {
        title: "Let the agent choose again?",
        will: [
          "No port is pinned any more. Traffic goes where the agent finds it best: to the preferred port, once that has been calm for a while.",
        ],
        yes: "Let it choose",
      };
    case "drill":
      return drill(status, drills);
  }
}

function pin(port: string, active: string, status: StatusDocument): Asked {
  const known = status.ports.find((one) => one.name === port);
  const title = `Pin traffic to ${port}?`;
  const stays = `It stays there as long as ${port} has a carrier, even when nothing answers through it any more: the agent doesn’t come to help until you unpin.`;
  if (known?.carrier === false) {
    const moves = `${port} has no carrier: traffic stays where it is, and moves to ${port} as soon as that has one.`;
    return { title, will: [moves, stays], yes: `Pin to ${port}` };
  }
  const moves =
    port === active
      ? `${port} has the traffic already, and keeps it.`
      : `Traffic moves from ${active === "" ? "where it is" : active} to ${port} at once.`;
  const why = known === undefined || known.note === "" ? "" : `: ${known.note}`;
  const risk = known?.usable === false ? [`Right now ${port} can’t be relied on${why}. You may cut yourself off.`] : [];
  return { title, will: [moves, stays, ...risk], yes: `Pin to ${port}` };
}

function drain(port: string, active: string, status: StatusDocument): Asked {
  const others = status.ports.filter((one) => one.name !== port && one.usable && !one.drained).map(({ name }) => name);
  const moves =
    others.length === 0
      ? `No other port works: ${port} keeps the traffic until one does.`
      : port === active
        ? `Traffic moves to ${others[0]} at once.`
        : "Traffic stays where it is.";
  return {
    title: `Take traffic off ${port}?`,
    will: [
      moves,
      `${port} carries traffic again only while there is no other port, until you undrain it.`,
      ...(others.length === 1 ? [`Nothing but ${listed(others)} is left then: there is no redundancy meanwhile.`] : []),
    ],
    yes: `Drain ${port}`,
  };
}

function drill(status: StatusDocument, drills: DrillsDocument | undefined): Asked {
  const last = drills?.drills.at(-1);
  const worst = last?.cuts.reduce((most, { outageMs }) => Math.max(most, outageMs ?? Number.POSITIVE_INFINITY), 0);
  const before =
    worst === undefined
      ? "There was no drill before: nobody can say how long an outage will be."
      : Number.isFinite(worst)
        ? `Last time the longest outage was ${span(worst)}.`
        : "Last time an outage didn’t end while it was watched.";
  return {
    title: "Start a drill on this host?",
    will: [
      `Each of ${listed(status.ports.map(({ name }) => name))} is cut in turn, by carrier and in silence, and put back; the host’s real traffic goes through it. It takes 10 to 40 seconds.`,
      before,
      "Nothing is cut unless every port has been proven first. Whatever happens to the drill, a second process puts everything back.",
    ],
    yes: "Cut the links now",
  };
}
