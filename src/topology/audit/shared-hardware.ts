/** A piece of the host's own hardware that takes several ports along when it dies or resets. */
export interface SharedHardware {
  /** Unique: "usb-hub-1-1.2", "usb-controller-0000:00:14.0", "pci-0000:03:00". */
  readonly id: string;
  /** For people: "the USB hub 1-1.2". */
  readonly label: string;
  readonly kind: "usb-hub" | "usb-controller" | "pci-device";
  readonly ports: readonly string[];
}

/** A port by name with the place of its device in sysfs ("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1.2/1-1.2:1.0"; "" when it has none). */
export interface PlacedPort {
  readonly name: string;
  readonly device: string;
}

/** What several ports have in common, nearest first: USB hubs, the USB controller, and PCI devices with several functions or several ports.
 *  Of pieces with the same ports only the nearest is named: what lies behind it can only take the same ones. Buses that all of a
 *  machine's devices hang on (the root) are the host itself. */
export function sharedHardware(ports: readonly PlacedPort[]): readonly SharedHardware[] {
  const pieces = new Map<string, SharedHardware>();
  for (const port of ports) {
    for (const piece of piecesOf(port.device)) {
      const known = pieces.get(piece.id);
      pieces.set(piece.id, { ...piece, ports: [...(known?.ports ?? []), port.name] });
    }
  }
  const several = [...pieces.values()].filter((piece) => piece.ports.length > 1);
  const seen = new Set<string>();
  return several.filter(({ ports: taken }) => {
    const key = [...taken].sort().join(" ");
    return seen.has(key) ? false : seen.add(key).has(key);
  });
}

/** The hardware between a device and the root, nearest first. */
function piecesOf(device: string): readonly Omit<SharedHardware, "ports">[] {
  const steps = device.split("/");
  const bus = steps.findIndex((step) => /^usb\d+$/.test(step));
  const inwards: Omit<SharedHardware, "ports">[] = [];
  if (bus >= 0) {
    // 1-1 is the device in port 1 of bus 1, 1-1.2 the one in port 2 of the hub 1-1; 1-1.2:1.0 is an interface of that device.
    const devices = steps.slice(bus + 1).filter((step) => /^\d+-[\d.]+$/.test(step));
    // A device with two network interfaces is a shared adapter just as a hub is.
    for (const step of devices.toReversed())
      inwards.push({ id: `usb-hub-${step}`, label: `the USB device ${step}`, kind: "usb-hub" });
    const controller = steps[bus - 1] ?? "";
    inwards.push({
      id: `usb-controller-${controller}`,
      label: `the USB controller ${controller}`,
      kind: "usb-controller",
    });
  }
  const functions = steps
    .slice(0, bus < 0 ? undefined : bus)
    .filter((step) => /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(step));
  for (const step of functions.toReversed()) {
    const slot = step.replace(/\.[0-7]$/, "");
    const isBus = functions.indexOf(step) < functions.length - 1;
    inwards.push({
      id: `pci-${isBus ? step : slot}`,
      label: isBus ? `the PCI bridge ${step}` : `the PCI card ${slot}`,
      kind: "pci-device",
    });
  }
  return inwards;
}
