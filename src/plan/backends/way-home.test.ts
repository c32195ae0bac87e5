import { expect, test } from "vitest";
import type { HostLink } from "../../model/host-state.ts";
import { planned } from "../testing/ask-plan.ts";

const unit = "/etc/systemd/network/10-eth0.network";
const plain = "[Match]\nName=eth0\n\n[Network]\nAddress=192.0.2.5/24\nGateway=192.0.2.1\n";

test("networkd's one cable: ip alone reaches the host again before the files are back, and the loan ends when networkd has given its own", () => {
  const links = ["eth0", "eth1"].map((name) => ({
    ...{ name, mac: "", hasCarrier: true, isUp: true, device: "", master: "", isRadio: false },
    ...(name === "eth0" ? { owners: ["networkd"], addresses: ["192.0.2.5/24"] } : { owners: [], addresses: [] }),
  })) as unknown as readonly HostLink[];
  const { change } = planned({ backend: "networkd", files: { [unit]: plain }, state: { links } });
  const [first, ...rest] = change.restore;
  expect(first?.beforeFiles).toBe(true);
  expect(first?.stdin?.split("\n")).toEqual([
    "link set dev eth0 nomaster",
    "address flush dev eth0 scope global",
    "link set dev eth0 up",
    "address replace 192.0.2.5/32 dev eth0",
    "route replace 192.0.2.0/24 dev eth0 src 192.0.2.5 metric 4000000",
    "route replace default via 192.0.2.1 dev eth0 onlink metric 4000000",
    "",
  ]);
  // Nothing that is gone by then is taken away again: a step that fails calls for the emergency's.
  expect(rest.slice(0, -1).map(({ argv }) => argv.join(" "))).toEqual([
    "networkctl reload",
    "networkctl reconfigure eth0 eth1",
  ]);
  expect(rest.at(-1)?.argv.slice(3)).toEqual(["eth0", "192.0.2.5/24"]);
  expect(rest.at(-1)?.stdin).toContain("address del 192.0.2.5/32 dev eth0\n");
});
