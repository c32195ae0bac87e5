/** Why nothing was done, and nothing is changed. */
export interface Refusal {
  readonly code:
    | "busy"
    | "drill"
    | "pending"
    | "stuck"
    | "outside"
    | "link"
    | "hard-linked"
    | "not-a-file"
    | "read-only"
    | "name-too-long"
    | "changed-meanwhile"
    | "nothing-to-do"
    | "disk"
    | "no-dead-man"
    | "no-transaction"
    | "not-verified"
    | "same-session"
    | "wrong-token"
    | "too-many-tries"
    | "too-late"
    | "confirmed-already";
  readonly message: string;
  /** One imperative sentence that helps. */
  readonly hint: string;
}

/** A disk's refusal before anything was touched. */
export function diskRefusal({ message }: { readonly message: string }): Refusal {
  return {
    code: "disk",
    message: `the disk refused: ${message}`,
    hint: "Make room or mount it writable, then do it again; nothing was changed.",
  };
}
