import type { TopologyDocument, TopologyEdge } from "../documents.ts";
import { Icon } from "./icons.tsx";
import { lookWords, PowerPill } from "./picture.tsx";
import type { Scene } from "./scene.ts";
import { wayFrom } from "./ways.ts";

interface ChainsProps {
  readonly topology: TopologyDocument;
  readonly scene: Scene;
  readonly chosen: string;
  readonly choose: (thing: string) => void;
}

/** The topology for a screen too narrow for the picture: what each port hangs on, one thing below the other. */
export function Chains({ topology, scene, chosen, choose }: ChainsProps) {
  return (
    <div class="picture-narrow">
      {topology.host.ports.map((port) => {
        const { look = "unknown", isActive = false, note = port.note } = scene.ports.get(port.name) ?? {};
        const way = wayFrom(topology, port.name);
        return (
          <div class="chain" key={port.name}>
            <h3 class={`${look} ${isActive ? "on" : ""}`}>
              <i aria-hidden="true" /> {port.name} <small>{note}</small>
            </h3>
            {way.nodes.length === 0 && <p class="quiet">Where it leads isn’t declared.</p>}
            <ol>
              {way.nodes.map((node, index) => (
                <li key={node.name} class={linkClass(way.edges[index], way.edges[index + 1], scene)}>
                  <button
                    type="button"
                    class={`link ${scene.lookOf(node.name)}`}
                    aria-pressed={chosen === node.name}
                    disabled={node.faults.length === 0}
                    onClick={() => choose(node.name)}
                  >
                    <Icon kind={node.kind} />
                    <b>{node.label}</b> <small>{node.note}</small>
                    <span class="unseen">, {lookWords[scene.lookOf(node.name)]}</span>
                    <PowerPill power={topology.power.find((one) => one.name === node.power)} />
                  </button>
                </li>
              ))}
            </ol>
          </div>
        );
      })}
    </div>
  );
}

/** Of the wire that leads here, and of the one that leads on. */
function linkClass(edge: TopologyEdge | undefined, next: TopologyEdge | undefined, scene: Scene): string {
  const classes = (one: TopologyEdge | undefined, side: string): readonly string[] =>
    one === undefined ? [] : [`${side}-${scene.lookOf(one.id)}`, `${side}-${one.medium}`];
  return [...classes(edge, "in"), ...classes(next, "on")].join(" ");
}
