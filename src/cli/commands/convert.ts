import { command, jsonFlag, sayUsage, showSecretsFlag } from "../command.ts";

export const convert = command({
  name: "convert",
  about: "Write one network manager's configuration in the language of another",
  operands: {
    count: "one",
    value: "PATH",
    about: "A configuration file, or a directory that stands for a root; not standard input",
  },
  flags: {
    from: { kind: "text", value: "DIALECT", about: "The language it is written in; detected when not given" },
    to: { kind: "text", value: "DIALECT", about: "The language to write" },
    out: { kind: "text", value: "DIR", about: "Write the files below this directory; printed when not given" },
    force: { kind: "switch", about: "Replace files that are there with another text" },
    "max-bonds": { kind: "count", value: "N", about: "Bonds that loading the bonding module makes (systemd: 0)" },
    "show-secrets": showSecretsFlag,
    json: jsonFlag,
  },
  examples: [{ line: "holdfast convert /etc/network --to ifupdown", about: "The same, once, in its plainest form" }],
  async run(cli, { operands, flags }) {
    const { languages, renderable } = await import("../judge.ts");
    const { convertPath } = await import("../convert-paths.ts");
    const { deliver, sayNoDialect } = await import("../print-rendered.ts");
    if (flags.to === undefined || !renderable.includes(flags.to)) return sayNoDialect(cli, flags.to, renderable);
    if (flags.from !== undefined && !languages.includes(flags.from)) {
      return sayUsage(cli, `"${flags.from}" is no dialect`, `Dialects are ${languages.join(", ")}.`);
    }
    const converted = await convertPath(operands[0] ?? "", cli.cwd, flags.to, {
      ...(flags.from === undefined ? {} : { dialect: flags.from }),
      ...(flags["max-bonds"] === undefined ? {} : { maxBonds: flags["max-bonds"] }),
    });
    return deliver(cli, converted, {
      ...(flags.out === undefined ? {} : { out: flags.out }),
      existing: flags.force ? "replace" : "keep",
      format: flags.json ? "json" : "text",
      secrets: flags["show-secrets"] ? "show" : "mask",
    });
  },
});
