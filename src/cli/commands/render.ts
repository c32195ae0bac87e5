import { command, jsonFlag, showSecretsFlag } from "../command.ts";

export const render = command({
  name: "render",
  about: "Write a holdfast.yaml in the language of a network manager",
  operands: { count: "one", value: "FILE", about: "A holdfast.yaml; not standard input" },
  flags: {
    to: { kind: "text", value: "DIALECT", about: "The language to write, such as ifupdown" },
    out: { kind: "text", value: "DIR", about: "Write the files below this directory; printed when not given" },
    force: { kind: "switch", about: "Replace files that are there with another text" },
    "show-secrets": showSecretsFlag,
    json: jsonFlag,
  },
  examples: [
    { line: "holdfast render holdfast.yaml --to ifupdown", about: "Look at what would stand in /etc/network" },
    { line: "holdfast render holdfast.yaml --to ifupdown --out root", about: "Write root/etc/network/interfaces" },
  ],
  async run(cli, { operands, flags }) {
    const { renderable } = await import("../judge.ts");
    const { convertPath } = await import("../convert-paths.ts");
    const { deliver, sayNoDialect } = await import("../print-rendered.ts");
    if (flags.to === undefined || !renderable.includes(flags.to)) return sayNoDialect(cli, flags.to, renderable);
    const converted = await convertPath(operands[0] ?? "", cli.cwd, flags.to, { dialect: "holdfast" });
    return deliver(cli, converted, {
      ...(flags.out === undefined ? {} : { out: flags.out }),
      existing: flags.force ? "replace" : "keep",
      format: flags.json ? "json" : "text",
      secrets: flags["show-secrets"] ? "show" : "mask",
    });
  },
});
