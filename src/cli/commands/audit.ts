import { command, jsonFlag, sayUsage } from "../command.ts";

const mostListenS = 600;

export const audit = command({
  name: "audit",
  about: "Say what else dies with what: single points of failure, expected downtime, what to move",
  operands: { count: "one", value: "PATH", about: "holdfast.yaml, or a dialect's file or root (see --topology)" },
  flags: {
    host: {
      kind: "switch",
      about: "Look where this host's ports are plugged in (hubs, cards they share), and listen who speaks there",
    },
    listen: {
      kind: "count",
      value: "SECONDS",
      about: "With --host: how long to listen at the ports (5 by default, 0 not at all; LLDP takes 35). Needs root",
    },
    root: { kind: "text", value: "DIR", about: "With --host: a copy of another host's /sys below a directory" },
    topology: { kind: "text", value: "FILE", about: "A holdfast.yaml that says what the host hangs on" },
    dialect: { kind: "text", value: "DIALECT", about: "The language of the files; detected when not given" },
    html: {
      kind: "text",
      value: "FILE",
      about: "Write a page: the picture, single points in red, what breaks with what",
    },
    svg: { kind: "text", value: "FILE", about: "Write the picture alone, single points in red" },
    json: jsonFlag,
  },
  examples: [
    { line: "holdfast audit holdfast.yaml --host", about: "Exit status 1 while there is a single point of failure" },
    { line: "holdfast audit holdfast.yaml --html audit.html", about: "A page to look at and to pass on" },
    { line: "holdfast audit /etc/network/interfaces --topology home.yaml", about: "The files as they are now" },
  ],
  async run(cli, { operands, flags }) {
    const { auditCommand, pageProblem } = await import("../audit/audit-command.ts");
    const { dialect, topology, root, listen, html, svg } = flags;
    const pages = { ...(html === undefined ? {} : { html }), ...(svg === undefined ? {} : { svg }) };
    const problem = pageProblem(pages);
    if (problem !== undefined)
      return sayUsage(cli, problem, "Let it end in .html or .svg: what is there is written over.");
    if (listen !== undefined && (!flags.host || root !== undefined))
      return sayUsage(cli, "--listen listens at this host's ports", "Add --host, and no --root.");
    if ((listen ?? 0) > mostListenS)
      return sayUsage(cli, `--listen ${listen} is longer than anybody's pause`, `Listen for ${mostListenS} s at most.`);
    return auditCommand(cli, {
      path: operands[0] ?? "",
      format: flags.json ? "json" : "text",
      pages,
      ...(dialect === undefined ? {} : { dialect }),
      ...(topology === undefined ? {} : { topology }),
      ...(flags.host ? { hardware: root ?? "/" } : {}),
      ...(listen === undefined ? {} : { listenS: listen }),
    });
  },
});
