/** A mistake in the engine: a file of src/transact, a text in it, and what a careless hand makes of it. */
export interface Mutant {
  readonly what: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Mistakes that the simulation must notice. One whose text isn't in the source any more fails its test. */
export const mutants: readonly Mutant[] = [
  {
    what: "files aren't synced before they are renamed",
    file: "images.ts",
    find: "    file.sync();\n",
    replace: "",
  },
  {
    what: "the swapped names aren't synced",
    file: "swap.ts",
    find: "  for (const directory of directoriesOf(files.map(({ path }) => path))) disk.syncDirectory(directory);\n",
    replace: "",
  },
  {
    what: "the name of the live transaction isn't synced",
    file: "stage.ts",
    find: "    disk.symlink(id, shared(places).active);\n    disk.syncDirectory(places.state);\n",
    replace: "    disk.symlink(id, shared(places).active);\n",
  },
  {
    what: "what is beside the files is written before the manifest that names it",
    file: "stage.ts",
    find: "    writeImages(ports, directory, manifest, targets.value, baseline);\n    writeBeside(ports, manifest, targets.value);\n",
    replace:
      "    writeBeside(ports, manifest, targets.value);\n    writeImages(ports, directory, manifest, targets.value, baseline);\n",
  },
  {
    what: "the restored names aren't synced",
    file: "restore-files.ts",
    find: "    restore(each, () => disk.syncDirectory(each));\n",
    replace: "",
  },
  {
    what: "it is called rolled back before it is",
    file: "go-back.ts",
    find: "  const files = restoreFiles(ports.disk, directory, manifest);\n",
    replace:
      '  trying(() => reach(ports, transaction, "rolledBack"));\n  const files = restoreFiles(ports.disk, directory, manifest);\n',
  },
  {
    what: "the live name is taken away before the rest is tidied up",
    file: "finish.ts",
    find: '    clearBeside(ports, transaction, transaction.state === "confirmed" ? "keep-made" : "remove-made");\n    release(ports, transaction);\n',
    replace:
      '    release(ports, transaction);\n    archive(ports, transaction);\n    clearBeside(ports, transaction, transaction.state === "confirmed" ? "keep-made" : "remove-made");\n    return;\n',
  },
  {
    what: "the manifest is thrown away before what it names",
    file: "discard.ts",
    find: '  clearBeside(ports, transaction, "remove-made");\n  release(ports, transaction);\n',
    replace:
      '  if (disk.look(join(directory, inside.manifest)) !== null) disk.unlink(join(directory, inside.manifest));\n  clearBeside(ports, transaction, "remove-made");\n  release(ports, transaction);\n',
  },
  {
    what: "a confirmed transaction that was cut off is rolled back",
    file: "recover.ts",
    find: '    case "forward":\n      await finish(ports, transaction);\n      return { what: "archived", id };\n',
    replace:
      '    case "forward":\n      if (transaction.manifest === undefined) return { what: "stuck", id };\n      await goBack(ports, { ...transaction, manifest: transaction.manifest }, when);\n      return { what: "archived", id };\n',
  },
  {
    what: "images of files with keys can be read by others",
    file: "stage.ts",
    find: "const readableByRoot = { mode: 0o600,",
    replace: "const readableByRoot = { mode: 0o644,",
  },
  {
    what: "somebody else's text is overwritten without a copy",
    file: "restore-files.ts",
    find: "  if (isOthers) saved(",
    replace: "  if (isOthers && before === null) saved(",
  },
  {
    what: "a refusing disk in the middle of swapping is passed over",
    file: "apply.ts",
    find: "  const foreign = swap(ports.disk, manifest);\n",
    replace:
      "  let foreign: string | undefined;\n  try {\n    foreign = swap(ports.disk, manifest);\n  } catch (problem) {\n    diskProblem(problem);\n  }\n",
  },
  {
    what: "what a boot finds unconfirmed is kept",
    file: "recover.ts",
    find: '  if (when === "running" && isInTime(ports, transaction)) return',
    replace: '  if (when === "booting" || isInTime(ports, transaction)) return',
  },
];
