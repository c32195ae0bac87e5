import type { Rehearsal } from "../measure/rehearsal.ts";
import { type Markup, markup, nothing } from "./markup.ts";
import { sayEngine } from "./occasion.ts";
import type { ReportInput } from "./report-input.ts";
import { count, repeatsOf, sayBond, sayMs, sayUncertainty, sentence } from "./words.ts";

const engines: Readonly<Record<Rehearsal["engine"], string>> = {
  "uml-tt": "user-mode Linux with virtual time: a real kernel as an ordinary process, blind to this machine's load",
  uml: "user-mode Linux in real time: a real kernel as an ordinary process; this machine's load shows in the numbers",
  live: "its own kernel, links and neighbours, with whatever else it was doing",
  qemu: "QEMU, time counted in instructions: what programs cost is charged too",
};

const clocks: Readonly<Record<Rehearsal["clock"], string>> = {
  virtual:
    "virtual: it moves only when the kernel has something to do, so gaps are exact and programs seem to cost no time. What carrier and timers decide repeats to the packet; what the kernel draws lots for (how long a neighbour entry is believed, random loss, TCP's ports) does not",
  real: "real: outages are counted from lost packets, never from gaps, because the lab itself can stall",
};

/** How the numbers came about, and what they don't tell: a reader must be able to judge them. */
export function renderMethod(input: ReportInput, redact: (text: string) => string): Markup {
  const { rehearsal } = input;
  const { bringUp } = rehearsal;
  const came = bringUp.bonds.length === 0 ? "no bond" : bringUp.bonds.map(sayBond).join("; ");
  const output = redact(bringUp.output).trim();
  const rows: readonly (readonly [string, string])[] = [
    ["Engine", `${sayEngine(rehearsal)}, ${engines[rehearsal.engine]}`],
    ["Kernel", rehearsal.kernel],
    ["Clock", rehearsal.engine === "live" ? liveClock : clocks[rehearsal.clock]],
    ["Uncertainty", uncertainty(rehearsal)],
    ["Traffic", traffic(input)],
    [
      "Repeats",
      repeatsOf(rehearsal) > 1
        ? `each scenario ${repeatsOf(rehearsal)} times; the worst one counts`
        : "each scenario once",
    ],
    rehearsal.engine === "live"
      ? ["The bond", came]
      : ["Brought up by", `${bringUp.manager}, exit status ${bringUp.exit}; the kernel then had ${came}`],
  ];
  return markup`<dl class="method">${rows.map(([name, text]) => markup`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
${output === "" ? nothing : markup`<details class="more"><summary>What ${bringUp.manager} printed</summary><pre>${output}</pre></details>`}
${assumed(rehearsal)}${rehearsal.engine === "live" ? liveLimits : labLimits}`;
}

const liveClock =
  "real: packets are stamped by the kernel when they arrive, so that a busy host shows in the uncertainty and not in the number; where the peer's clock stands is told by the quickest packet each way";

const liveLimits = markup`<h3>What a drill can't do</h3>
<ul class="limits"><li>Pull a cable: the port is set down, and the driver says so at once. A pulled cable is noticed when the hardware notices it.</li>
<li>Make a dead path as others make it: packets vanish inside this host, before they are sent and after they have come. Captures of a cut port still show what came in.</li>
<li>Fail what lies beyond: switches, routers and mains are drilled by hand, or rehearsed in the lab.</li></ul>`;

const labLimits = markup`<h3>What is not simulated</h3>
<ul class="limits"><li>Hardware and its drivers: ports are virtual, and lose their carrier at once. A real port tells the kernel later, often by tens to hundreds of milliseconds.</li>
<li>The firmware of your routers, switches and powerline adapters. They are Linux bridges and routers here, with the addresses and spanning tree you declared.</li>
<li>Load: the links are empty but for the flows that measure.</li></ul>`;

function assumed({ notes, engine }: Rehearsal): Markup {
  if (notes.length === 0) return nothing;
  return markup`<h3>${engine === "live" ? "What to know" : "What was assumed"}</h3><ul class="limits">${notes.map((note) => markup`<li>${sentence(note)}</li>`)}</ul>`;
}

function uncertainty(rehearsal: Rehearsal): string {
  const span = sayUncertainty(rehearsal.scenarios);
  return span === "" ? "nothing was measured" : `${span} on every outage`;
}

function traffic({ rehearsal, flowIntervalMs }: ReportInput): string {
  const names = [...new Set(rehearsal.scenarios.flatMap((each) => each.flows.map((flow) => flow.flow)))];
  const every = flowIntervalMs === undefined ? "" : `, one every ${sayMs(flowIntervalMs)} around the fault`;
  const over = names.length === 0 ? "no flow" : `${count(names.length, "flow")} (${names.join(", ")})`;
  if (rehearsal.engine === "live") {
    const peer = names.includes("peer") ? "; with the peer numbered packets both ways and a TCP session" : "";
    return `${over}: echoes, one every 5 to 10 ms, in which the two directions can't be told apart${peer}`;
  }
  return `${over}: numbered packets both ways${every}, and a TCP session with a heartbeat beside them`;
}
