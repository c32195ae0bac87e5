import fc from "fast-check";

// On a desk every run of the properties tries other cases. Continuous integration tries the same ones every time: what it says must
// be about the change. HOLDFAST_SEED chooses others; `npm run fuzz` looks for new ones by the minute.
const said = process.env["HOLDFAST_SEED"] ?? (process.env["CI"] === undefined ? undefined : "20");
if (said !== undefined) fc.configureGlobal({ seed: Number(said) });
