import { startBus } from "../../../src/cli/rehearse/start-bus.ts";
import type { Engine } from "../../../src/lab/lab.ts";
import { guestPackages } from "../../../src/lab/packages.ts";
import type { Course, Step } from "./course.ts";
import { twoSubnets } from "./houses.ts";
import { type InLab, runInLab } from "./in-lab.ts";
import { at, type Trial, told } from "./trial.ts";

/** Another interface's lease: resolvconf puts everything together anew. */
const lease = "printf 'nameserver 10.9.9.9\\n' | resolvconf -a usb0.dhcp; resolvconf -d usb0.dhcp";

/** Who may have the say over a host's name servers, beside the administrator with an editor. Each has what the host's own configuration
 *  gave it: a server and a search domain. `later`: something that has it look again. */
const owners = {
  resolved: {
    packages: ["dbus-daemon", "systemd-resolved"],
    script: `${startBus}
grep -q ^systemd-resolve: /etc/passwd || echo systemd-resolve:x:64990:64990::/:/usr/sbin/nologin >>/etc/passwd
grep -q ^systemd-resolve: /etc/group || echo systemd-resolve:x:64990: >>/etc/group
ln -sfn /run/systemd/resolve/resolv.conf /etc/resolv.conf
mkdir -p /run/systemd/resolve && chown 64990:64990 /run/systemd/resolve
/lib/systemd/systemd-resolved >/run/resolved.log 2>&1 &
until resolvectl status >/dev/null 2>&1; do sleep 0.1; done
resolvectl dns bond0 192.168.1.1
resolvectl domain bond0 home.arpa`,
    later: "resolvectl flush-caches",
  },
  resolvconf: {
    packages: ["resolvconf"],
    script: `mkdir -p /run/resolvconf/interface
ln -sfn ../run/resolvconf/resolv.conf /etc/resolv.conf
resolvconf --enable-updates
printf 'nameserver 192.168.1.1\\nsearch home.arpa\\n' | resolvconf -a bond0.inet`,
    later: lease,
  },
  openresolv: {
    packages: ["openresolv"],
    script: "printf 'nameserver 192.168.1.1\\nsearch home.arpa\\n' | resolvconf -a bond0.inet",
    later: lease,
  },
} as const;

export type ResolverName = keyof typeof owners;

/** Two subnets, where that program has the say. What the host's own configuration says of names isn't declared a second time. */
function houseWith(engine: Engine, name: ResolverName): InLab {
  const lab = twoSubnets(engine);
  const { packages, script } = owners[name];
  return {
    ...lab,
    yaml: lab.yaml.replace("  dns: 192.168.1.1\n", ""),
    bringUp: { ...lab.bringUp, commands: [...lab.bringUp.commands, ["sh", "-c", script]] },
    packages: [...guestPackages, ...packages],
  };
}

/** A clean end, from where the kernel goes home. */
const end: readonly Step[] = [
  { atMs: 0, op: "signal", signal: "SIGTERM" },
  { atMs: 2_000, op: "look", as: "stopped" },
  { atMs: 2_500, op: "start" },
];

/** `later`: the program goes on with its work meanwhile. */
const courses: Readonly<Record<"short" | "long", (later: Step) => Pick<Course, "lastsMs" | "steps">>> = {
  /** There by order, and a clean end. */
  short: (later) => ({
    lastsMs: 7_000,
    steps: [
      { atMs: 0, op: "look", as: "before" },
      { atMs: 500, op: "order", path: "/pin?port=eth1" },
      later,
      { atMs: 3_000, op: "look", as: "away" },
      ...at(3_500, ...end),
    ],
  }),
  /** There and back by order; there again, where the agent is killed and another gives back what the first has taken. */
  long: (later) => ({
    lastsMs: 37_000,
    steps: [
      { atMs: 0, op: "look", as: "before" },
      { atMs: 1_000, op: "wire-down", wire: "eth0" },
      later,
      { atMs: 3_000, op: "look", as: "away" },
      { atMs: 4_000, op: "wire-up", wire: "eth0" },
      { atMs: 15_000, op: "order", path: "/reselect-now" },
      { atMs: 18_000, op: "look", as: "home" },
      { atMs: 19_000, op: "wire-down", wire: "eth0" },
      { atMs: 21_000, op: "signal", signal: "SIGKILL" },
      { atMs: 22_000, op: "start" },
      { atMs: 24_000, op: "wire-up", wire: "eth0" },
      { atMs: 32_000, op: "look", as: "away again" },
      ...at(33_000, ...end),
    ],
  }),
};

/** Away from home the names are looked up at the other way's servers, and nothing else is: all of it is told by what programs read. */
export function nameServers(name: ResolverName, course: keyof typeof courses): Trial {
  return {
    name: `name-servers-${name}`,
    async run(built, engine) {
      const later = { atMs: 2_000, op: "run", command: ["sh", "-c", owners[name].later] } as const;
      const ran = await runInLab(built, houseWith(engine, name), { everyMs: 100, ...courses[course](later) });
      const looks = Object.entries(ran.looks);
      const wrong = looks.filter(([as, { nameServers: servers, searched, active }]) => {
        const own = as.startsWith("away") ? "eth1: 192.168.8.1,9.9.9.9" : "eth0: 192.168.1.1";
        // resolvconf keeps the host's own behind those of the way: they are asked when nobody else answers.
        const first = as.startsWith("away") ? servers.slice(0, 2) : servers;
        return `${active}: ${first}; ${searched}` !== `${own}; home.arpa`;
      });
      const said = wrong.map(([as, look]) => `${as}: ${JSON.stringify(look)}`).join(", ");
      return { held: wrong.length === 0 && looks.length >= 3, said: `${looks.length} looks; ${said}; ${told(ran)}` };
    },
  };
}
