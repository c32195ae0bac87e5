import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The files of a Raspberry Pi as its owner unpacked it, below a directory: NetworkManager, a cable, and Wi-Fi by the imager's profile. */
export function raspberryPi(root: string): void {
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const link = (path: string, target: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
  };
  put("proc/1/comm", "systemd\n");
  put("proc/80/comm", "NetworkManager\n");
  put("proc/sys/kernel/osrelease", "6.6.51+rpt-rpi-v8\n");
  put("etc/resolv.conf", "nameserver 192.168.178.1\nsearch fritz.box\n");
  put("etc/systemd/system/multi-user.target.wants/NetworkManager.service", "");
  put(
    "etc/NetworkManager/system-connections/preconfigured.nmconnection",
    "[connection]\nid=preconfigured\ntype=wifi\n[wifi]\nssid=FRITZ!Box 7590\nmode=infrastructure\n[wifi-security]\nkey-mgmt=wpa-psk\npsk=topsecret99\n[ipv4]\nmethod=auto\n",
  );
  const ports = [
    { name: "eth0", driver: "bcmgenet", bus: "platform", type: "", speed: "1000" },
    { name: "wlan0", driver: "brcmfmac", bus: "sdio", type: "DEVTYPE=wlan\n", speed: "" },
  ];
  for (const [at, { name, driver, bus, type, speed }] of ports.entries()) {
    const folder = `sys/class/net/${name}`;
    const values = {
      address: `dc:a6:32:00:00:0${at}`,
      ifindex: `${at + 2}`,
      flags: "0x1003",
      carrier: "1",
      mtu: "1500",
    };
    for (const [key, value] of Object.entries({ ...values, operstate: "up", speed }))
      put(`${folder}/${key}`, `${value}\n`);
    put(`${folder}/uevent`, type);
    put(`sys/devices/${name}/uevent`, "");
    link(`${folder}/device`, `../../../devices/${name}`);
    link(`sys/devices/${name}/driver`, `../../bus/any/drivers/${driver}`);
    link(`sys/devices/${name}/subsystem`, `../../bus/${bus}`);
    put(`run/NetworkManager/devices/${at + 2}`, "[device]\nmanaged=true\n");
  }
}
