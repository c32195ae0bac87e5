import { failed, ok, type Result } from "../model/result.ts";
import { type Command, type DropTool, dropTable, highestPref } from "./cut.ts";
import { runProgram } from "./run-program.ts";

/** Which of tc and nft can make packets vanish on a port, here, with this kernel: tried with filters that let everything pass, and
 *  undone. What stands on the port stays as it is. The error says what each of them said. */
export async function findDropTool(port: string, wanted: number): Promise<Result<DropTool, string>> {
  const byTc = await tryTc(port, wanted);
  if (byTc.ok) return byTc;
  const byNft = await tryNft(port);
  return byNft.ok ? byNft : failed(`tc: ${byTc.error}; nft: ${byNft.error}`);
}

async function tryTc(port: string, wanted: number): Promise<Result<DropTool, string>> {
  const queues = await runProgram({ argv: ["tc", "qdisc", "show", "dev", port] });
  if (queues.status !== 0) return failed(queues.stderr.trim());
  if (/^qdisc ingress /m.test(queues.stdout))
    return failed(`${port} has an ingress qdisc, beside which no clsact fits`);
  const clsact = /^qdisc clsact /m.test(queues.stdout) ? "theirs" : "ours";
  const place = clsact === "theirs" ? await freePlace(port, wanted) : ok(highestPref);
  if (!place.ok) return place;
  const tool: DropTool = { tool: "tc", clsact, pref: place.value };
  const queue: readonly Command[] = clsact === "ours" ? [{ argv: ["tc", "qdisc", "add", "dev", port, "clsact"] }] : [];
  const filters = (["egress", "ingress"] as const).map((side): Command => {
    const words = ["tc", "filter", "add", "dev", port, side, "pref", String(tool.pref)] as const;
    return { argv: [...words, "protocol", "all", "matchall", "action", "continue"] };
  });
  const problem = await firstProblem([...queue, ...filters]);
  const end: readonly Command[] =
    clsact === "ours"
      ? [{ argv: ["tc", "qdisc", "del", "dev", port, "clsact"] }]
      : (["egress", "ingress"] as const).map((side) => ({
          argv: ["tc", "filter", "del", "dev", port, side, "pref", String(tool.pref)],
        }));
  for (const command of end) await runProgram(command);
  return problem === undefined ? ok(tool) : failed(problem);
}

/** A place before every filter that stands there. */
async function freePlace(port: string, wanted: number): Promise<Result<number, string>> {
  const shown = await Promise.all(
    ["egress", "ingress"].map((side) => runProgram({ argv: ["tc", "filter", "show", "dev", port, side] })),
  );
  const taken = shown.flatMap(({ stdout }) => [...stdout.matchAll(/\bpref (\d+)\b/g)].map(([, pref]) => Number(pref)));
  const first = Math.min(0xc000, ...taken);
  return first > wanted ? ok(first - wanted) : failed(`the first places of the filters of ${port} are taken`);
}

async function tryNft(port: string): Promise<Result<DropTool, string>> {
  const chain = (hook: string): string =>
    `chain ${hook} { type filter hook ${hook} device "${port}" priority -400; policy accept; }`;
  const table = `table netdev ${dropTable} {\n${chain("ingress")}\n${chain("egress")}\n}\n`;
  const problem = await firstProblem([{ argv: ["nft", "-f", "-"], stdin: table }]);
  if (problem !== undefined) return failed(problem);
  await runProgram({ argv: ["nft", "delete", "table", "netdev", dropTable] });
  return ok({ tool: "nft" });
}

async function firstProblem(commands: readonly Command[]): Promise<string | undefined> {
  for (const command of commands) {
    const { status, stderr } = await runProgram(command);
    if (status !== 0) return stderr.trim().split("\n")[0] || `exit status ${status}`;
  }
  return undefined;
}
