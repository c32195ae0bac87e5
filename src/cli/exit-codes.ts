/** What an exit status of `holdfast` means. Stable: scripts may rely on every row. */
export const exitCodes = {
  fine: { status: 0, about: "Everything held, nothing to mend" },
  findings: { status: 1, about: "Findings of severity error, an objective missed, or a check that failed" },
  usage: { status: 2, about: "Wrong usage, or input that cannot be read" },
  refused: { status: 3, about: "Refused, because it might cut the host off or destroy something" },
  rolledBack: { status: 4, about: "Changed, not confirmed, and rolled back" },
  bug: { status: 70, about: "A bug of Holdfast's own" },
} as const satisfies Record<string, { readonly status: number; readonly about: string }>;

export type Exit = keyof typeof exitCodes;
