import { command, jsonFlag, sayUsage } from "../command.ts";

export const check = command({
  name: "check",
  about: "Say what is wrong with a configuration, why, and what to change",
  operands: {
    count: "any",
    value: "PATH",
    about: "holdfast.yaml, a network configuration file, or a directory; with --host a copy of a host's root",
  },
  flags: {
    dialect: { kind: "text", value: "DIALECT", about: "The language of the files; detected when not given" },
    format: { kind: "text", value: "FORMAT", about: "How findings are printed", choices: ["text", "json", "sarif"] },
    host: { kind: "switch", about: "Look at this running host and at the files of whoever manages its network" },
    verbose: { kind: "switch", about: "With --host: say how it was found out who manages the network" },
    fix: { kind: "switch", about: "Print what would mend the findings, as a diff; nothing is written" },
    apply: { kind: "switch", about: "With --fix: write it, then check again" },
    topology: { kind: "text", value: "FILE", about: "A holdfast.yaml that says what the host hangs on" },
    "max-bonds": { kind: "count", value: "N", about: "Bonds that loading the bonding module makes (systemd: 0)" },
    json: jsonFlag,
  },
  examples: [
    { line: "holdfast check holdfast.yaml", about: "Every mistake at once, with line and remedy" },
    { line: "holdfast check /etc/network/interfaces", about: "What ifup and ifenslave will really make of it" },
    { line: "holdfast check --fix interfaces | patch", about: "Only the edits that are certain" },
    { line: "holdfast check --host --verbose", about: "Files, drivers and what really runs, on this machine" },
    { line: "holdfast check --format sarif site/*/interfaces", about: "For a code host's annotations" },
  ],
  async run(cli, { operands, flags }) {
    const { checkPaths } = await import("../check-paths.ts");
    const { checkHost } = await import("../check-host.ts");
    const { sayFixes, showFixes, writeFixes } = await import("../fix-paths.ts");
    const { languages } = await import("../judge.ts");
    const { manyPaths, printReport, reportFormat } = await import("../print-report.ts");
    if (flags.dialect !== undefined && !languages.includes(flags.dialect)) {
      return sayUsage(cli, `"${flags.dialect}" is no dialect`, `Dialects are ${languages.join(", ")}.`);
    }
    if (flags.apply && !flags.fix) return sayUsage(cli, "--apply without --fix", "Say --fix --apply.");
    if (flags.fix && (flags.json || (flags.format ?? "text") !== "text"))
      return sayUsage(cli, "--fix prints a diff, not another format", "Leave --json and --format out.");
    if (operands.length === 0 && !flags.host) return sayUsage(cli, "nothing to check", "Name a PATH, or say --host.");
    const request = {
      paths: operands,
      cwd: cli.cwd,
      ...(flags.dialect === undefined ? {} : { dialect: flags.dialect }),
      ...(flags.topology === undefined ? {} : { topology: flags.topology }),
      ...(flags["max-bonds"] === undefined ? {} : { maxBonds: flags["max-bonds"] }),
    };
    const format = flags.json ? "json" : reportFormat(flags.format);
    if (operands.length >= manyPaths && !flags.host && !flags.fix) {
      const { checkMany } = await import("../check-many/check-many.ts");
      const { unread, counts } = await checkMany(cli, request, format);
      return unread > 0 ? "usage" : counts.error > 0 ? "findings" : "fine";
    }
    const { checkProgressOn } = await import("../progress.ts");
    const look = async () => {
      if (flags.host) return checkHost(request);
      const progress = checkProgressOn(cli.stderr, operands.length);
      return checkPaths(request, progress.tell).finally(progress.end);
    };
    let report = await look();
    if (flags.verbose) for (const line of report.trace ?? []) cli.stderr.write(`${line}\n`);
    if (flags.fix) {
      const outcome = flags.apply ? await writeFixes(cli, report) : showFixes(cli, report);
      cli.stderr.write(`holdfast: ${sayFixes(outcome, flags.apply ? "written" : "shown")}\n`);
      if (flags.apply) report = await look();
    }
    if (!flags.fix || flags.apply) await printReport(cli, report, format);
    if (report.unread.length > 0) return "usage";
    return report.diagnostics.some(({ severity }) => severity === "error") ? "findings" : "fine";
  },
});
