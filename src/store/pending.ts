import type { StoredEvent } from "../watch/chronicle.ts";

/** An event on its way to the disk, and its line. */
export interface Waiting {
  readonly event: StoredEvent;
  readonly line: Buffer;
}

/** What is not on the disk yet, oldest first, never more than `most`: then the oldest go, and are counted. */
export interface Pending {
  readonly all: () => readonly Waiting[];
  /** True: something had to go for it. */
  add(waiting: Waiting): boolean;
  /** The oldest, up to so many bytes of lines but at least one; none where nothing waits. */
  batch(bytes: number): readonly Waiting[];
  /** Those up to this id are on the disk. */
  written(id: number): void;
  readonly lost: () => number;
}

export function pendingQueue(most: number): Pending {
  let queue: Waiting[] = [];
  let lost = 0;
  return {
    all: () => queue,
    lost: () => lost,
    add(waiting) {
      queue.push(waiting);
      if (queue.length <= most) return false;
      // An eighth at once: one by one, every event would move all the others.
      const gone = Math.max(1, most >> 3);
      queue = queue.slice(gone);
      lost += gone;
      return true;
    },
    batch(bytes) {
      let sum = 0;
      const end = queue.findIndex(({ line }, index) => {
        sum += line.length;
        return sum > bytes && index > 0;
      });
      return queue.slice(0, end === -1 ? queue.length : end);
    },
    written(id) {
      const left = queue.findIndex(({ event }) => event.id > id);
      queue = left === -1 ? [] : queue.slice(left);
    },
  };
}
