/** A function of yes-or-no variables as a reduced ordered binary decision diagram: one node for each different rest of a decision. A diagram
 *  is the number of its root; two functions are the same exactly when their numbers are. Source: R. Bryant, "Graph-Based Algorithms for
 *  Boolean Function Manipulation", IEEE Transactions on Computers 35 (1986). */
export type Diagram = number;

/** Always false, and always true. */
export const never: Diagram = 0;
export const always: Diagram = 1;

/** Diagrams that share their nodes. */
export interface Diagrams {
  /** True when variable n (0, 1, …) is true. */
  variable(n: number): Diagram;
  and(one: Diagram, other: Diagram): Diagram;
  or(one: Diagram, other: Diagram): Diagram;
  /** The value where exactly the variables in `falses` are false. */
  isTrue(diagram: Diagram, falses: ReadonlySet<number>): boolean;
  /** Probability of being true when variable n is true with probability `p[n]`, all independent. */
  probability(diagram: Diagram, p: readonly number[]): number;
}

/** Two diagrams as one number, exact as long as there are fewer than 2²⁶ of them. A number is compared much sooner than a text. */
const pair = (one: Diagram, other: Diagram): number => one * 2 ** 26 + other;

/** An empty set of diagrams over as many variables, decided in their order. */
export function makeDiagrams(variables: number): Diagrams {
  const table = makeTable(variables);
  const conjunctions = new Map<number, Diagram>();
  const disjunctions = new Map<number, Diagram>();
  const orders = new Map<Diagram, readonly Diagram[]>();
  return {
    variable: (n) => table.node(n, never, always),
    and: (one, other) => combine(table, one, other, { swallows: never, memo: conjunctions }),
    or: (one, other) => combine(table, one, other, { swallows: always, memo: disjunctions }),
    isTrue(diagram, falses) {
      let at = diagram;
      while (at > always) at = (falses.has(table.variable[at] ?? 0) ? table.low[at] : table.high[at]) ?? never;
      return at === always;
    },
    probability(diagram, p) {
      const order = orders.get(diagram) ?? nodesOf(table, diagram);
      orders.set(diagram, order);
      return probabilityOf(table, order, p);
    },
  };
}

/** Node n decides variable[n]: low[n] when that is false, high[n] when it is true. The two constants decide nothing. */
interface Table {
  readonly variable: readonly number[];
  readonly low: readonly Diagram[];
  readonly high: readonly Diagram[];
  /** The one node that decides so. */
  node(at: number, no: Diagram, yes: Diagram): Diagram;
}

function makeTable(variables: number): Table {
  const variable = [variables, variables];
  const low: Diagram[] = [never, always];
  const high: Diagram[] = [never, always];
  const known = Array.from({ length: variables }, () => new Map<number, Diagram>());
  return {
    variable,
    low,
    high,
    node(at, no, yes) {
      if (no === yes) return no;
      const key = pair(no, yes);
      const found = known[at]?.get(key);
      if (found !== undefined) return found;
      variable.push(at);
      low.push(no);
      high.push(yes);
      known[at]?.set(key, variable.length - 1);
      return variable.length - 1;
    },
  };
}

/** `swallows`: the constant that decides alone; the other one leaves what it meets. */
interface Operation {
  readonly swallows: Diagram;
  readonly memo: Map<number, Diagram>;
}

function combine(table: Table, one: Diagram, other: Diagram, operation: Operation): Diagram {
  const { swallows, memo } = operation;
  if (one === swallows || other === swallows) return swallows;
  if (one === other || other <= always) return one;
  if (one <= always) return other;
  const [a, b] = one < other ? [one, other] : [other, one];
  const key = pair(a, b);
  const found = memo.get(key);
  if (found !== undefined) return found;
  const at = Math.min(table.variable[a] ?? 0, table.variable[b] ?? 0);
  const side = (diagram: Diagram, branch: readonly Diagram[]) =>
    table.variable[diagram] === at ? (branch[diagram] ?? never) : diagram;
  const no = combine(table, side(a, table.low), side(b, table.low), operation);
  const yes = combine(table, side(a, table.high), side(b, table.high), operation);
  const made = table.node(at, no, yes);
  memo.set(key, made);
  return made;
}

/** All that a diagram is made of, each after what it leads to: a node is made after both of its sides. The last is the diagram itself. */
function nodesOf({ low, high }: Table, diagram: Diagram): readonly Diagram[] {
  const found = new Set([diagram]);
  for (const at of found) for (const side of [low[at] ?? never, high[at] ?? never]) if (side > always) found.add(side);
  return [...found].sort((one, other) => one - other);
}

function probabilityOf({ variable, low, high }: Table, order: readonly Diagram[], p: readonly number[]): number {
  const last = order.at(-1) ?? never;
  if (last <= always) return last;
  const of = new Float64Array(last + 1);
  of[always] = 1;
  for (const at of order) {
    const yes = p[variable[at] ?? 0] ?? 1;
    of[at] = yes * (of[high[at] ?? never] ?? 0) + (1 - yes) * (of[low[at] ?? never] ?? 0);
  }
  return of[last] ?? 0;
}
