import type { TopologyDocument, TopologyEdge, TopologyNode, TopologyPort, TopologyPower } from "../documents.ts";
import { span } from "../words.ts";
import { Icon } from "./icons.tsx";
import type { Look, Scene } from "./scene.ts";

interface PictureProps {
  readonly topology: TopologyDocument;
  readonly scene: Scene;
  /** Name or id of what is chosen; "" nothing. */
  readonly chosen: string;
  readonly choose: (thing: string) => void;
}

/** What a look means, for those who can't see it. */
export const lookWords: Readonly<Record<Look, string>> = {
  carries: "on the way traffic takes",
  proven: "answers",
  dead: "not reached",
  unknown: "not watched",
  struck: "broken",
  left: "not reached",
};

/** The topology as it lies, on a screen wide enough for it. Wires are drawn, everything else is a button over them. */
export function Picture({ topology, scene, chosen, choose }: PictureProps) {
  const { width, host, nodes, edges } = topology;
  const height = lowestOf(topology) + 14;
  return (
    <div class="picture-wide" style={{ width: `${width}px`, height: `${height}px` }}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
        {sorted(edges, scene).map((edge) => (
          <Wire key={edge.id} edge={edge} look={scene.lookOf(edge.id)} />
        ))}
      </svg>
      <HostBox topology={topology} scene={scene} />
      {host.ports.map((port) => (
        <PortChip key={port.name} port={port} scene={scene} />
      ))}
      {edges.map((edge) =>
        edge.faults.length === 0 ? null : (
          <WireSpot
            key={edge.id}
            edge={edge}
            look={scene.lookOf(edge.id)}
            isChosen={chosen === edge.id}
            choose={choose}
          />
        ),
      )}
      {nodes.map((node) => (
        <DeviceCard
          key={node.name}
          node={node}
          topology={topology}
          look={scene.lookOf(node.name)}
          chosen={chosen}
          choose={choose}
        />
      ))}
    </div>
  );
}

function lowestOf({ host, nodes }: TopologyDocument): number {
  return Math.max(host.y + host.height, ...nodes.map((node) => node.y + node.height / 2));
}

/** Those that carry lie on top of the others. */
function sorted(edges: readonly TopologyEdge[], scene: Scene): readonly TopologyEdge[] {
  const rank = (edge: TopologyEdge) => Number(scene.lookOf(edge.id) === "carries");
  return edges.toSorted((one, other) => rank(one) - rank(other));
}

function Wire({ edge, look }: { readonly edge: TopologyEdge; readonly look: Look }) {
  const { path, medium, x, y, port } = edge;
  return (
    <g class={`wire ${look} ${medium}`}>
      <path class="halo" d={path} />
      <path class="line" d={path} />
      {(look === "struck" || (look === "dead" && port !== "")) && (
        <g transform={`translate(${x} ${y})`}>
          <circle r="9" />
          <path class="cross" d="M-3.2-3.2 3.2 3.2M3.2-3.2-3.2 3.2" />
        </g>
      )}
    </g>
  );
}

interface SpotProps {
  readonly edge: TopologyEdge;
  readonly look: Look;
  readonly isChosen: boolean;
  readonly choose: (thing: string) => void;
}

/** Where a wire is taken hold of: seen when it is pointed at or focused. */
function WireSpot({ edge, look, isChosen, choose }: SpotProps) {
  const { id, from, to, port, medium, x, y } = edge;
  const ends = `${port === "" ? from : port} to ${to}`;
  return (
    <button
      type="button"
      class="wire-spot"
      style={{ left: `${x - 15}px`, top: `${y - 15}px` }}
      aria-pressed={isChosen}
      title={`${medium}, ${ends}`}
      onClick={() => choose(id)}
    >
      <span aria-hidden="true">?</span>
      <span class="unseen">{`${medium} from ${ends}, ${lookWords[look]}: what if it fails?`}</span>
    </button>
  );
}

function HostBox({ topology: { host, power }, scene }: { readonly topology: TopologyDocument; readonly scene: Scene }) {
  const place = { left: `${host.x}px`, top: `${host.y}px`, width: `${host.width}px`, height: `${host.height}px` };
  return (
    <div class={`host-box ${scene.lookOf("host") === "struck" ? "struck" : ""}`} style={place}>
      <Icon kind="host" />
      <div>
        <b>{host.title}</b>
        <small>{host.mode}</small>
        {host.addresses.slice(0, 1).map((address) => (
          <small key={address}>{address}</small>
        ))}
      </div>
      <PowerPill power={power.find((one) => one.name === host.power)} />
    </div>
  );
}

function PortChip({ port, scene }: { readonly port: TopologyPort; readonly scene: Scene }) {
  const { look = "unknown", isActive = false, note = port.note } = scene.ports.get(port.name) ?? {};
  return (
    <div
      class={`port-chip ${look} ${isActive ? "on" : ""}`}
      style={{ left: `${port.x - 152}px`, top: `${port.y - 21}px` }}
    >
      <i aria-hidden="true" />
      <b>{port.name}</b>
      <small>{note}</small>
    </div>
  );
}

interface DeviceProps {
  readonly node: TopologyNode;
  readonly topology: TopologyDocument;
  readonly look: Look;
  readonly chosen: string;
  readonly choose: (thing: string) => void;
}

function DeviceCard({ node, topology, look, chosen, choose }: DeviceProps) {
  const { name, label, kind, x, y, width, height, assumed, note, isDark, faults } = node;
  const place = { left: `${x - width / 2}px`, top: `${y - height / 2}px`, width: `${width}px`, height: `${height}px` };
  const power = topology.power.find((one) => one.name === node.power);
  const inside = (
    <>
      <Icon kind={kind} />
      <b>{label}</b>
      <small>{note === "" && kind !== "internet" ? kind.replaceAll("-", " ") : note}</small>
      <span class="unseen">{`, ${lookWords[look]}${faults.length > 0 ? ": what if it fails?" : ""}`}</span>
      <PowerPill power={power} />
      {look === "struck" && (
        <span class="cross-badge" aria-hidden="true">
          ✕
        </span>
      )}
    </>
  );
  const classes = `device ${look} ${assumed && kind !== "internet" ? "assumed" : ""} ${isDark ? "dark" : ""}`;
  if (faults.length === 0)
    return (
      <div class={classes} style={place}>
        {inside}
      </div>
    );
  return (
    <button type="button" class={classes} style={place} aria-pressed={chosen === name} onClick={() => choose(name)}>
      {inside}
    </button>
  );
}

const powerWords: Readonly<Record<TopologyPower["state"], string>> = {
  on: "",
  battery: "on battery",
  low: "nearly empty",
  off: "out",
  unknown: "",
};

/** What a thing hangs on. */
export function PowerPill({ power }: { readonly power: TopologyPower | undefined }) {
  if (power === undefined) return null;
  const { name, kind, state, runtimeMs } = power;
  const text = [name === "ups" ? "UPS" : name, powerWords[state]].filter((part) => part !== "").join(" ");
  const about = kind === "ups" && runtimeMs !== null ? `${text}, lasts ${span(runtimeMs)}` : text;
  return (
    <span class={`pill ${kind} ${state}`} title={about}>
      <span aria-hidden="true">{kind === "ups" ? "▮" : "ϟ"}</span>
      <span class="unseen">, power: </span>
      {text}
    </span>
  );
}
