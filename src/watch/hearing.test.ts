import { describe, expect, it } from "vitest";
import { asked, type Hearing, heard, isDue, newHearing } from "./hearing.ts";

/** Lives for so long, heard or not at every question; the moments it was asked, and when it was lost. */
function lived(forMs: number, isHeard: (at: number) => boolean) {
  let hearing: Hearing = newHearing;
  const questions: number[] = [];
  let lostAt: number | undefined;
  for (let at = 0; at < forMs; at += 100) {
    if (!isDue(hearing, at)) continue;
    hearing = asked(hearing, at);
    questions.push(at);
    if (hearing.verdict === "lost") lostAt ??= at;
    if (isHeard(at)) hearing = heard(hearing, at + 5);
  }
  return { hearing, questions, lostAt };
}

describe("listening through a standby", () => {
  it("asks everybody twelve times a minute, no more", () => {
    expect(lived(60_000, () => true).questions).toHaveLength(12);
    expect(lived(60_000, () => false).questions).toHaveLength(12);
  });

  it("is lost some 16 s after the LAN was last heard, and heard again with the first frame", () => {
    const { lostAt = 0, hearing } = lived(60_000, (at) => at < 20_000);
    expect(lostAt).toBeGreaterThan(25_000);
    expect(lostAt).toBeLessThanOrEqual(36_000);
    expect(heard(hearing, 61_000)).toMatchObject({ verdict: "heard", unheard: 0 });
  });

  it("concludes nothing where it was never heard: the access point may keep such questions off the air", () => {
    expect(lived(600_000, () => false).hearing.verdict).toBe("unknown");
  });

  it("holds out where a third of what goes to everybody is lost", () => {
    let seed = 1;
    const chance = (): number => {
      seed = (seed * 48_271) % 0x7fffffff;
      return seed / 0x7fffffff;
    };
    expect(lived(24 * 3_600_000, () => chance() > 0.33).lostAt).toBeUndefined();
  });
});
