/* Ink, two greys, one green and one red, each checked against its background for a contrast of at least 4.5. Red is kept
 * for what failed. */
const light =
  "--paper:#faf9f7;--card:#fff;--ink:#1d2329;--soft:#59636d;--line:#e2dfd9;--track:#aab4bb;--lost:#3f4a54;--band:#f1ede5;--held:#21695a;--missed:#bf2a1f;--missed-paper:#fdf1ef;--warn:#7a5200;--link:#1d4f7c";
const dark =
  "--paper:#14171a;--card:#1b1f24;--ink:#e5e8ea;--soft:#9ca7b0;--line:#2e353c;--track:#4d5861;--lost:#c3ccd3;--band:#242a30;--held:#74c5ae;--missed:#ff8478;--missed-paper:#2c1d1c;--warn:#e0b35c;--link:#8fc1ee";

const colours = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
@media print{:root{color-scheme:light;${light};--paper:#fff}}
`;

const type = `
*{box-sizing:border-box}
html{font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif;-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:0 1.5rem 4rem;max-width:66rem;background:var(--paper);color:var(--ink)}
h1,h2,h3,p,dl,dd,figure,ul{margin:0}
h1{font-size:clamp(1.9rem,1.2rem + 2.6vw,2.9rem);line-height:1.12;letter-spacing:-.022em;font-weight:700;text-wrap:balance}
h2{font-size:1.3rem;letter-spacing:-.01em;line-height:1.3;margin-bottom:1rem}
h3{font-size:1.02rem;font-weight:600;line-height:1.4}
a{color:inherit;text-decoration-color:var(--track);text-underline-offset:.2em}a:hover{color:var(--link)}
code,pre,.code{font:.84rem/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace}
small{font-size:.8rem;font-weight:400;color:var(--soft);letter-spacing:0}
:focus-visible{outline:2px solid var(--link);outline-offset:3px;border-radius:3px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.quiet{color:var(--soft)}
.bad{color:var(--missed)}
`;

const frame = `
header{padding:3.25rem 0 2.25rem;border-bottom:1px solid var(--line)}
.eyebrow{color:var(--soft);margin-bottom:.7rem;overflow-wrap:anywhere}.eyebrow b{font-weight:600;color:var(--ink)}
header h1::before{content:"";display:block;width:3.2rem;height:.3rem;border-radius:2px;margin-bottom:1.15rem;background:var(--held)}
header.missed h1::before{background:var(--missed)}
.lede{font-size:1.2rem;line-height:1.5;max-width:44rem;margin-top:.9rem;text-wrap:pretty}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:1.1rem 2rem;margin-top:2rem}
dt{font-size:.82rem;color:var(--soft)}
.facts dd{font-size:.95rem;line-height:1.45}
section{padding-top:2.75rem}
section>.quiet{margin:-.6rem 0 1.1rem}
.picture{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem;overflow-x:auto}
.picture svg{display:block;max-width:100%;height:auto;margin:0 auto}
.picture .hf-topology{--hf-paper:var(--card);--hf-card:var(--paper);--hf-ink:var(--ink);--hf-bad:var(--missed);--hf-live:var(--held);--hf-edge:var(--track)}
footer{margin-top:3.5rem;padding-top:1.2rem;border-top:1px solid var(--line);color:var(--soft);font-size:.88rem}
.scroll{overflow-x:auto}
`;

const tables = `
table{border-collapse:collapse;width:100%;font-size:.93rem}
th,td{padding:.5rem .75rem;text-align:left;vertical-align:middle;border-bottom:1px solid var(--line);font-weight:400}
thead th{font-size:.82rem;color:var(--soft);padding-top:0;white-space:nowrap}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tbody th a{text-decoration:none}tbody th a:hover{text-decoration:underline}
.overview .state{width:1.6rem;padding:.5rem 0;font-weight:700;color:var(--held)}
.overview .missed .state{color:var(--missed)}.overview .no-path .state{color:var(--soft)}
.overview td.bad{font-weight:600}
.overview th small{display:block;line-height:1.35}
.overview .no-path th{color:var(--soft)}
.overview .number:last-child{padding-right:0}
.strip{width:16.5rem}.bar{display:block;width:15rem;height:auto;overflow:visible}
.bar text,.axis text,.event text,.track text,.stat text,.never text{font-size:12px;fill:var(--soft)}
.bar .rule{stroke:var(--line)}.bar rect.fine,.bar circle.fine{fill:var(--held)}.bar .bad{fill:var(--missed)}
.limit{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:2 2}
`;

const scenarios = `
.scenario{background:var(--card);border:1px solid var(--line);border-radius:10px;margin-top:.75rem}
.scenario>summary{display:grid;grid-template-columns:1.4rem 1fr auto;gap:.2rem .6rem;align-items:baseline;padding:.85rem 1.2rem;cursor:pointer;list-style:none}
.scenario>summary::-webkit-details-marker{display:none}
.scenario .mark{font-weight:700;color:var(--held)}
.scenario.missed>summary .mark,.scenario.missed>summary .gist{color:var(--missed)}
.scenario.no-path .mark{color:var(--soft)}
.gist{font-variant-numeric:tabular-nums;font-weight:600;white-space:nowrap}
.scenario:not(.missed) .gist{color:var(--soft);font-weight:400}
.below{font-size:.82rem;color:var(--soft);margin-top:.7rem}
.body{padding:.2rem 1.2rem 1.3rem;scroll-margin-top:4.5rem}
.reason{max-width:46rem;margin-bottom:1.2rem;text-wrap:pretty}
.missed .reason{background:var(--missed-paper);border-radius:8px;padding:.8rem 1rem;max-width:none}
.aside{color:var(--soft);font-size:.9rem;margin:-.5rem 0 1.2rem}.aside+.aside{margin-top:-.9rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.4rem,1fr));gap:1rem 1.2rem;margin-bottom:1.4rem}
.figures dd{font-size:1.3rem;line-height:1.3;font-weight:600;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
.figures small{display:block;line-height:1.35}
.body .picture{background:none;padding:.5rem;margin-bottom:1.4rem}
.timelines{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1.2rem 1.6rem}
.part:only-child{max-width:34rem}
figcaption{font-size:.82rem;color:var(--soft);margin-bottom:.4rem}
.part figcaption{font-weight:600;color:var(--ink)}
.timeline,.dots{display:block;width:100%;height:auto;overflow:visible}
.axis path{stroke:var(--track);fill:none}
.band{fill:var(--band)}
.track text{fill:var(--ink)}.track text.aside{fill:var(--missed)}
.sent{stroke:var(--track);stroke-width:1.5;fill:none}
.lost{fill:var(--lost)}.lost.bad{fill:var(--missed)}
.event path{stroke:var(--ink);stroke-width:1;fill:none}.event.move path{stroke-dasharray:3 3}.event.quiet path{stroke:var(--soft)}
.event text{fill:var(--ink)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;font-size:.82rem;color:var(--soft);margin-top:.7rem}
.key{display:inline-block;width:1.1rem;height:.7rem;margin-right:.45rem;vertical-align:-.04em;background:var(--track)}
.key.sent{height:2px;vertical-align:.25em}.key.lost{background:var(--lost)}.key.lost.bad{background:var(--missed)}.key.band{background:var(--band);outline:1px solid var(--line)}
.spread{margin-top:1.5rem}.spread figcaption{color:var(--ink)}
.dots .fine{fill:var(--held)}.dots .bad{fill:var(--missed)}.stat path{stroke:var(--track)}
.sights{margin-top:1.6rem}.sights figcaption{color:var(--ink);font-weight:600}
.sights table{table-layout:fixed;font-size:.9rem}.sights thead td,.sights thead th:first-child{width:24%}
.sights thead td,.sights thead th{border-bottom:1px solid var(--track);padding:.2rem .75rem .35rem 0}
.sights tbody th,.sights tbody td{padding:.45rem .75rem .45rem 0;vertical-align:top;line-height:1.4;overflow-wrap:anywhere}
.sights .group th{font-size:.82rem;color:var(--soft);padding:.9rem 0 .15rem;border-bottom:0}
.sights span,.sights small{display:block}.sights small{color:var(--soft);font-size:.8rem}.sights code{font-size:.92em}
.sights .new code{font-weight:650}.sights .new span{font-weight:650;color:var(--ink)}.sights .new span::before{content:"→ ";color:var(--held)}
.sights .same span{color:var(--soft)}.sights td:nth-child(2) span{color:var(--ink)}
.more{margin-top:1rem}.more>summary{cursor:pointer;color:var(--soft);font-size:.9rem}
.more .scroll,.more pre{margin-top:.7rem}.more table{font-size:.87rem}.more th,.more td{padding:.32rem .75rem .32rem 0}
.more thead th{padding-top:.3rem}
.events td:last-child{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.8rem;overflow-wrap:anywhere}
.events td:first-child,.events th:first-child{width:8rem;padding-right:1.4rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem}
`;

const listing = `
.file{margin-top:1.2rem}.file figcaption{font-size:.9rem;color:var(--ink);font-weight:600}
.code{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.7rem 0;overflow:hidden}
.line{display:grid;grid-template-columns:3.2rem 1fr;gap:.9rem;padding:0 1rem 0 0}
.line code{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;tab-size:4}
.no{text-align:right;color:var(--soft);user-select:none}
.line.error code{color:var(--missed);font-weight:600}.line.warning code{color:var(--warn);font-weight:600}
.note{font:.9rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;margin:.25rem 1rem .6rem 4.1rem;padding:.1rem 0 .1rem .9rem;border-left:3px solid var(--track);max-width:46rem}
.note b{font-weight:600;margin-right:.3rem}.note.error{border-color:var(--missed)}.note.error b{color:var(--missed)}
.note.warning{border-color:var(--warn)}.note.warning b{color:var(--warn)}.note.advice b{color:var(--soft)}
.note .hint{display:block;color:var(--soft)}.note .why{display:block;font-size:.76rem;color:var(--soft)}
.notes .note{margin-left:0}
.method{display:grid;gap:.55rem}.method div{display:grid;grid-template-columns:8.5rem 1fr;gap:1rem}
.method dt{padding-top:.12rem}.method dd{max-width:44rem}
section h3{margin:1.6rem 0 .5rem}.scenario h3{margin:0}.limits{padding-left:1.2rem;max-width:46rem}.limits li{margin-top:.3rem}
`;

const narrowAndPrint = `
@media (max-width:52rem){.overview .strip,.strip-note{display:none}}
@media (max-width:36rem){.picture{scrollbar-width:thin}.picture::before{content:"wider than this screen: scroll it sideways →";position:sticky;left:0;display:block;font-size:.82rem;color:var(--soft);margin-bottom:.5rem}.picture svg.hf-topology{max-width:none!important;width:42rem}.overview .stall{display:none}body{padding:0 1rem 3rem}header{padding-top:2rem}.method div{grid-template-columns:1fr;gap:0}.scenario>summary,.body{padding-left:.9rem;padding-right:.9rem}.line{grid-template-columns:2rem 1fr;gap:.6rem}.note{margin-left:2.6rem}.overview th,.overview td{padding-left:.4rem;padding-right:.4rem}.overview .state{padding:.5rem 0}.sights tr{display:grid;grid-template-columns:repeat(3,1fr);gap:0 .6rem;border-bottom:1px solid var(--line)}.sights thead td{display:none}.sights tbody tr>th{grid-column:1/-1;padding:.45rem 0 0;border:0;color:var(--soft)}.sights tbody .group th{color:var(--ink);font-weight:600}.sights .group{border:0}.sights tbody td,.sights thead th{width:auto;border:0;padding:.1rem 0 .45rem;font-size:.8rem;white-space:normal}.sights small{font-size:.72rem}}
@media print{html{font-size:12px}body{max-width:none;padding:0}header{padding-top:0}.scenario,.file,tr,figure{break-inside:avoid}h2,h3{break-after:avoid}details::details-content{content-visibility:visible;block-size:auto}.more{display:none}.code{overflow:visible}}
`;

/** The report's style, light and dark, wide, narrow and printed. Stands in a style element: it holds no "<". */
export const styleSheet: string = [colours, type, frame, tables, scenarios, listing, narrowAndPrint].join("").trim();

/** What the audit's page has beside that. */
export const auditStyle: string = `
.prose{max-width:46rem}
.breaks td,.breaks th{vertical-align:top}
.scenario pre{font-size:.82rem;margin-top:.5rem}
.sets,.changes,.seen{padding-left:1.3rem;max-width:52rem}
.sets li,.changes li,.seen li{margin-top:.4rem}
.changes li::marker{font-weight:600;color:var(--soft)}
.changes b{font-weight:600}.changes small{display:block}
.seen{list-style:none;padding:0}.seen li{border-left:3px solid var(--track);padding:.1rem 0 .1rem .9rem;margin-top:.8rem}
.seen li.bad{border-color:var(--missed)}
.seen .kind{display:block;font-size:.78rem;color:var(--soft)}
@media (max-width:36rem){.breaks .shown,.breaks .share{display:none}}
`.trim();
