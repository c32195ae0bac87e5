/** Whether who sent this Accept-Encoding takes that encoding. */
export function takes(encodings: string, name: string): boolean {
  const said = encodings.split(",").map((one) => one.trim().toLowerCase());
  return said.some((one) => one.split(";")[0]?.trim() === name && !/;\s*q=0(\.0*)?$/.test(one));
}
