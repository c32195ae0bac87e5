import { command, jsonFlag, sayUsage } from "../command.ts";

export const init = command({
  name: "init",
  about: "Look at this host, ask the little that can't be seen, and write a commented holdfast.yaml",
  operands: { count: "none", value: "", about: "" },
  flags: {
    out: { kind: "text", value: "FILE", about: "The file to write, or to add to; holdfast.yaml where it isn't given" },
    ports: { kind: "list", value: "PORT", about: "Which ports stand in for each other" },
    primary: { kind: "text", value: "PORT", about: "The one that carries the traffic while all of them work" },
    place: {
      kind: "list",
      value: "PORT=PLACE",
      about:
        "Where a port leads first: router, switch, same (as the port before), powerline, access-point, second-router or mobile",
    },
    network: { kind: "list", value: "PORT=NAME", about: "The Wi-Fi network a port joins" },
    address: {
      kind: "text",
      value: "ADDRESS",
      about: "The host's own: dhcp, keep (the one it has now, for good), or ADDRESS/PREFIX",
    },
    gateway: { kind: "text", value: "ADDRESS", about: "The router" },
    dns: { kind: "list", value: "ADDRESS", about: "Name servers, beside an address that is given" },
    "second-router": {
      kind: "text",
      value: "ADDRESS",
      about: "The second router; with a comma and the host's own address there where it is another subnet",
    },
    ups: { kind: "list", value: "WHAT", about: "What hangs on a UPS: none, host, router, all, or names of devices" },
    "ups-runtime": { kind: "text", value: "TIME", about: "How long the UPS carries it, such as 40m" },
    yes: {
      kind: "switch",
      about: "Ask nothing: take for granted what isn't answered, and change a file that is there",
    },
    print: { kind: "switch", about: "Show it, and write nothing" },
    rehearse: { kind: "switch", about: "Rehearse it right away" },
    root: { kind: "text", value: "DIR", about: "Look at a copy of another host's root below a directory" },
    json: jsonFlag,
  },
  examples: [
    { line: "holdfast init", about: "Asks at most six questions on a host with two ports" },
    { line: "holdfast init --yes --place eth0=powerline --ups host,router --rehearse", about: "Asks none" },
    { line: "holdfast init --print --json", about: "For programs" },
  ],
  async run(cli, { flags }) {
    const { initCommand } = await import("../init/init-command.ts");
    const { readFlags } = await import("../init/read-flags.ts");
    if (flags.json && flags.rehearse)
      return sayUsage(cli, "--json prints one document", "Rehearse behind it: holdfast rehearse FILE --json.");
    const answers = readFlags(flags);
    if (!answers.ok) return sayUsage(cli, answers.error, "See holdfast init --help.");
    return initCommand(cli, {
      file: flags.out ?? "holdfast.yaml",
      root: flags.root ?? "/",
      answers: answers.value,
      asking: flags.yes ? "assume" : "ask",
      writing: flags.print ? "print" : "write",
      rehearsing: flags.rehearse ? "rehearse" : "offer",
      format: flags.json ? "json" : "text",
    });
  },
});
