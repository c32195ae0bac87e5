import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditDocument } from "../../src/api/types.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { guestPackages } from "../../src/lab/packages.ts";
import { root } from "../house/source.ts";
import { runJob } from "./booting.ts";
import { withEngine } from "./with-engine.ts";

const place = join(root, ".cache", `audit-${process.pid}`);

/** Two ports, each with a router of its own: where they are plugged in nobody says. */
const yaml = `bond:
  name: bond0
  ports: [eth0, eth1]
  address: 192.168.1.10/24
uplinks:
  vdsl: {port: eth0, gateway: 192.168.1.1}
  lte: {port: eth1, gateway: 192.168.2.1, address: 192.168.2.10/24}
`;

/** A bridge with spanning tree in a namespace of its own, and the host's two ports in it. */
const oneSwitch = `
ip netns add sw
ip -n sw link add br0 address 02:00:00:00:0a:00 type bridge stp_state 1 forward_delay 200
ip -n sw link set br0 up
for n in 0 1; do
  ip link add eth$n type veth peer name p$n netns sw
  ip -n sw link set p$n master br0
  ip -n sw link set p$n up
done
ip link add bond0 type bond mode active-backup miimon 100
for n in 0 1; do ip link set eth$n master bond0; done
ip link set bond0 up
sleep 5`;

/** Two plain bridges with a cable between them, and a station behind one: a LAN in which no switch says a word. */
const plainLan = `
ip -n sw link set p1 nomaster
ip -n sw link set br0 type bridge stp_state 0
ip -n sw link add br1 type bridge
ip -n sw link set p1 master br1
ip -n sw link set br1 up
ip -n sw link add between0 type veth peer name between1
ip -n sw link set between0 master br0
ip -n sw link set between1 master br1
ip -n sw link set between0 up
ip -n sw link set between1 up
ip netns add pc
ip -n sw link add pc0 type veth peer name pc0 address 02:00:00:00:0c:01 netns pc
ip -n sw link set pc0 master br1
ip -n sw link set pc0 up
(sleep 2; ip -n pc link set pc0 up; sleep 1; ip -n pc address add 192.168.1.7/24 dev pc0; ip netns exec pc ip neigh show) >/dev/null 2>&1 &
`;

/** Debian's own lldpd, as it runs on a switch: its user, the directory it locks itself in, and its name. */
const lldpd = `
grep -q _lldpd /etc/passwd || echo "_lldpd:x:990:990::/run/lldpd:/usr/sbin/nologin" >>/etc/passwd
grep -q _lldpd /etc/group || echo "_lldpd:x:990:" >>/etc/group
mkdir -p /run/lldpd
echo sw-rack >/proc/sys/kernel/hostname
echo "127.0.1.1 sw-rack" >>/etc/hosts
ip netns exec sw lldpd -d -I 'p*,br0' >/tmp/lldpd.log 2>&1 &
sleep 3`;

const audit = (seconds: number): string =>
  `${process.execPath} --require /tmp/ending.cjs ${place}/bin/holdfast audit /tmp/house.yaml --host --listen ${seconds} --json`;
const prepare = `cat >/tmp/house.yaml <<'END'
${yaml}END
echo 'process.on("exit", () => process.kill(process.pid, "SIGKILL"));' >/tmp/ending.cjs`;

let engine: Engine;
withEngine((found) => {
  engine = found;
});

describe("audit --host beside real bridges", () => {
  beforeAll(() => {
    mkdirSync(place, { recursive: true });
    for (const part of ["bin", "dist", "package.json"])
      cpSync(join(root, part), join(place, part), { recursive: true });
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  test("one switch by its spanning tree, by the real lldpd, and a LAN of plain switches, which is no switch", async () => {
    const steps = [prepare, oneSwitch, audit(5), lldpd, audit(35), "cat /tmp/lldpd.log", plainLan, audit(5)];
    const packages = [...guestPackages, "lldpd"];
    const { messages, result } = await runJob(engine, { commands: steps }, { packages, timeoutMs: 300_000 });
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    const outputs = messages.map((message) => (message as { output: string }).output);
    const [tree, lldp, lan] = [2, 4, 7].map((n) => documentIn(outputs[n] ?? ""));
    const id = "seen-mac-02:00:00:00:0a:00";
    expect(tree?.sightings).toMatchObject([{ kind: "one-switch", certainty: "certain", declared: "unsaid" }]);
    expect(tree?.sightings?.[0]?.text).toBe(
      "eth0 (its port 1) and eth1 (its port 2) hang on one bridge, 02:00:00:00:0a:00: its spanning tree says",
    );
    expect(singles(tree)).toEqual([id]);
    expect(tree?.notes.join("\n")).toContain("--listen 35");
    expect(
      lldp?.sightings?.map(({ text }) => text),
      outputs[5],
    ).toEqual(["eth0 (its port p0) and eth1 (its port p1) hang on one switch, sw-rack: its LLDP says"]);
    expect(singles(lldp)).toEqual([id]);
    expect(lldp?.advice[0]?.text).toContain("sw-rack");
    expect(lan?.sightings).toMatchObject([{ kind: "one-lan", declared: "unsaid", cuts: [] }]);
    expect(singles(lan)).toEqual([]);
  }, 320_000);
});

/** What the program printed, without the shell's word on how it ended. */
function documentIn(output: string): AuditDocument {
  const text = output.slice(0, output.lastIndexOf("}") + 1);
  try {
    return JSON.parse(text) as AuditDocument;
  } catch {
    throw new Error(`no document: ${output}`);
  }
}

function singles(document: AuditDocument | undefined): readonly string[] {
  return (document?.goals[0]?.cutSets ?? []).filter((set) => set.length === 1).flat();
}
