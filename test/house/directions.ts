/** Who may import whom in src/: the one table. `may` names folders; a reason stands beside every exception. */
interface Room {
  readonly layer: "pure" | "edge" | "shell";
  readonly may: readonly string[];
  /** What an import that isn't allowed would spoil. Printed with it. */
  readonly why: string;
}

const words = ["model", "diagnostic"];
const pure = "it is pure: it must run in a test, in the simulator and in the lab with nothing but its arguments";

const everythingPure = [
  ...words,
  "syntax",
  "config",
  "dialects",
  "rules",
  "wire",
  "topology",
  "init",
  "plan",
  "watch",
  "notify",
  "measure",
  "report",
];

export const rooms: Readonly<Record<string, Room>> = {
  model: { layer: "pure", may: [], why: "it is the vocabulary: everything depends on it, so it depends on nothing" },
  diagnostic: { layer: "pure", may: ["model"], why: "problems are reported by every room, so it knows none of them" },
  syntax: { layer: "pure", may: words, why: `${pure}; it splits text and knows no meaning` },
  config: { layer: "pure", may: [...words, "syntax"], why: `${pure}; holdfast.yaml is not one of the dialects` },
  dialects: { layer: "pure", may: [...words, "syntax"], why: `${pure}; a dialect knows the model and no other room` },
  // It proposes a holdfast.yaml and a topology, in the words of both.
  init: {
    layer: "pure",
    may: [...words, "syntax", "config", "topology"],
    why: `${pure}; looking and asking are others'`,
  },
  // A rule judges what a dialect found in the text, and what hangs on what.
  rules: { layer: "pure", may: [...words, "dialects", "topology"], why: pure },
  wire: { layer: "pure", may: words, why: `${pure}; it turns bytes into messages and back` },
  topology: { layer: "pure", may: words, why: pure },
  // What a change writes is written, and read again, in the languages of the files it changes.
  plan: { layer: "pure", may: [...words, "dialects"], why: pure },
  watch: { layer: "pure", may: words, why: `${pure}; time and packets arrive as events` },
  // What people are told is what the brain decided and wrote down.
  notify: { layer: "pure", may: [...words, "watch"], why: `${pure}; sending is the agent's` },
  // A verdict needs to know which flows were promised a way: that is the scenario's.
  measure: { layer: "pure", may: [...words, "topology"], why: pure },
  // A report draws the topology, shows the measurements, and tells what the watch saw, in the words messages use.
  report: {
    layer: "pure",
    may: [...words, "measure", "topology", "watch", "notify"],
    why: `${pure}; it draws and computes nothing`,
  },
  host: { layer: "edge", may: everythingPure, why: "it does what it is told: who tells it is above it" },
  // The lab runs the host's files through the host's own ports.
  lab: {
    layer: "edge",
    may: [...everythingPure, "host"],
    why: "it boots kernels for whoever asks: who asks is above it",
  },
  // A lock that ends with its owner is a system call.
  store: {
    layer: "edge",
    may: [...everythingPure, "host"],
    why: "it keeps what it is given: who gives it is above it",
  },
  // The protocol of apply over whatever disk it is given: the host's, or one that loses, tears and reorders.
  transact: {
    layer: "edge",
    may: [...everythingPure, "host"],
    why: "it keeps a promise about files and processes: who makes the promise is above it",
  },
  // A drill sends the flows that a rehearsal sends, and asks routers as the proof of a change does.
  drill: {
    layer: "edge",
    may: [...everythingPure, "host", "lab", "store", "transact"],
    why: "it cuts and measures what it is told to: who tells it is above it",
  },
  agent: { layer: "shell", may: [...everythingPure, "host", "lab", "store"], why: "shells don't know each other" },
  // The published types, and the server that the dashboard's page asks.
  api: {
    layer: "shell",
    may: [...everythingPure, "host", "lab", "store", "transact", "drill", "agent"],
    why: "shells don't know each other",
  },
  cli: {
    layer: "shell",
    may: [...everythingPure, "host", "lab", "store", "transact", "drill", "agent", "api"],
    why: "the command line is the outermost room",
  },
};

/** Packages that src/ may import, and the only rooms that may. */
export const packages: Readonly<Record<string, { readonly rooms: readonly string[]; readonly why: string }>> = {
  yaml: {
    rooms: ["syntax", "config", "dialects"],
    why: "YAML is a spelling: behind syntax, config and dialects there is only the model",
  },
  commander: { rooms: ["cli"], why: "how words become flags concerns the command line alone" },
  nodemailer: { rooms: ["agent"], why: "sending mail is the agent's; what a mail says is decided without it" },
  preact: { rooms: ["web"], why: "nothing but the page draws in a browser" },
  koffi: { rooms: ["host"], why: "foreign functions live in host/linux and nowhere else" },
};
