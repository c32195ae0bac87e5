import type { ImportDocument } from "../../api/types.ts";
import { command, jsonFlag, sayUsage, showSecretsFlag } from "../command.ts";
import { printDocument } from "../style.ts";

export const importCommand = command({
  name: "import",
  about: "Make a holdfast.yaml from the configuration a host has",
  operands: {
    count: "one",
    value: "PATH",
    about: "A configuration file, or a directory that stands for a root; not standard input",
  },
  flags: {
    from: { kind: "text", value: "DIALECT", about: "The language it is written in; detected when not given" },
    "max-bonds": { kind: "count", value: "N", about: "Bonds that loading the bonding module makes (systemd: 0)" },
    "show-secrets": showSecretsFlag,
    json: jsonFlag,
  },
  examples: [
    { line: "holdfast import /etc/network/interfaces > holdfast.yaml", about: "What the host really does, declared" },
  ],
  async run(cli, { operands, flags }) {
    const { languages } = await import("../judge.ts");
    const { printJson } = await import("../../diagnostic/print-json.ts");
    const { importPath } = await import("../convert-paths.ts");
    const { docsOf } = await import("../print-report.ts");
    const { sayDiagnostics, secretsMasked } = await import("../print-rendered.ts");
    if (flags.from !== undefined && !languages.includes(flags.from)) {
      return sayUsage(cli, `"${flags.from}" is no dialect`, `Dialects are ${languages.join(", ")}.`);
    }
    const { redactor, maskText } = await import("../../diagnostic/secrets.ts");
    const imported = await importPath(operands[0] ?? "", cli.cwd, {
      ...(flags.from === undefined ? {} : { dialect: flags.from }),
      ...(flags["max-bonds"] === undefined ? {} : { maxBonds: flags["max-bonds"] }),
    });
    const { files, isUnread, text: whole } = imported;
    const text = whole === undefined || flags["show-secrets"] ? whole : redactor(files)(maskText(whole));
    const masked = text === whole ? [] : [secretsMasked("Add --show-secrets, and keep the file to yourself.")];
    const diagnostics = [...imported.diagnostics, ...masked];
    if (flags.json) {
      const found = printJson(diagnostics, files, await docsOf(cli)).diagnostics;
      printDocument(cli, { config: text ?? "", diagnostics: found } satisfies ImportDocument);
    } else {
      cli.stdout.write(text ?? "");
      await sayDiagnostics(cli, diagnostics, files);
    }
    if (isUnread) return "usage";
    return text === undefined || diagnostics.some(({ severity }) => severity === "error") ? "findings" : "fine";
  },
});
