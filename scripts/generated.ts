/** Files that are made from the sources and committed, each with what makes its text. */
export const generated: Readonly<Record<string, () => string>> = {};
