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

/** An empty set of diagrams over as many variables, decided in their order. */
export function makeDiagrams(variables: number): Diagrams {
  const table = makeTable(variables);
  const conjunctions = new Map<string, Diagram>();
  const disjunctions = new Map<string, Diagram>();
  return {
    variable: (n) => table.node(n, never, always),
    and: (one, other) => combine(table, one, other, { swallows: never, memo: conjunctions }),
    or: (one, other) => combine(table, one, other, { swallows: always, memo: disjunctions }),
    isTrue(diagram, falses) {
      let at = diagram;
      while (at > always) at = (falses.has(table.variable[at] ?? 0) ? table.low[at] : table.high[at]) ?? never;
      return at === always;
    },
    probability: (diagram, p) => probabilityOf(table, diagram, p),
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
  const known = new Map<string, Diagram>();
  return {
    variable,
    low,
    high,
    node(at, no, yes) {
      if (no === yes) return no;
      const key = `${at} ${no} ${yes}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      variable.push(at);
      low.push(no);
      high.push(yes);
      known.set(key, variable.length - 1);
      return variable.length - 1;
    },
  };
}

/** `swallows`: the constant that decides alone; the other one leaves what it meets. */
interface Operation {
  readonly swallows: Diagram;
  readonly memo: Map<string, Diagram>;
}

function combine(table: Table, one: Diagram, other: Diagram, operation: Operation): Diagram {
  const { swallows, memo } = operation;
  if (one === swallows || other === swallows) return swallows;
  if (one === other || other <= always) return one;
  if (one <= always) return other;
  const [a, b] = one < other ? [one, other] : [other, one];
  const key = `${a} ${b}`;
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

function probabilityOf({ variable, low, high }: Table, diagram: Diagram, p: readonly number[]): number {
  const memo = new Map<Diagram, number>([
    [never, 0],
    [always, 1],
  ]);
  const of = (at: Diagram): number => {
    const found = memo.get(at);
    if (found !== undefined) return found;
    const yes = p[variable[at] ?? 0] ?? 1;
    const sum = yes * of(high[at] ?? never) + (1 - yes) * of(low[at] ?? never);
    memo.set(at, sum);
    return sum;
  };
  return of(diagram);
}
