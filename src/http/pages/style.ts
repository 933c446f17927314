/** The one style sheet. A string, so that it is where the code is, however that was compiled, bundled or packed. */
export const STYLE = `:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#14181d;--dim:#525d68;--line:#dfe3e8;--link:#0b57b0;--Down:#b3261e;--Down-bg:#fdecea;--Unhealthy:#8a4f00;--Unhealthy-bg:#fff3df;--Pending:#1f5fa8;--Unknown:#4a5158;--Unknown-bg:#eceff2;--Healthy:#1b6e3c;--doubt:#6a4b00;--doubt-bg:#fff6d6}
@media (prefers-color-scheme:dark){:root{--bg:#0f1317;--card:#171c22;--ink:#e8ecf0;--dim:#a3aeb9;--line:#2f3842;--link:#8ab8f5;--Down:#ff8a80;--Down-bg:#3a1714;--Unhealthy:#ffc069;--Unhealthy-bg:#3a2a10;--Pending:#8ab8f5;--Unknown:#b6c0ca;--Unknown-bg:#262d35;--Healthy:#7bd69b;--doubt:#ffe08a;--doubt-bg:#3a3110}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:1rem/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
header,main,footer{max-width:80rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.1rem}
h1{font-size:clamp(1.6rem,4.5vw,2.5rem);line-height:1.15;margin:0;font-weight:650;letter-spacing:-.01em}h1 b{white-space:nowrap}
h2{font-size:1rem;color:var(--dim);margin:1.6rem 0 .5rem;font-weight:650}
p{margin:.35rem 0}
a{color:var(--link);text-underline-offset:.18em}
a:focus-visible,summary:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.dim,time,.for{color:var(--dim)}.for{white-space:nowrap}
.Down{color:var(--Down)}.Unhealthy{color:var(--Unhealthy)}.Pending{color:var(--Pending)}.Unknown{color:var(--Unknown)}.Healthy{color:var(--Healthy)}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
svg{fill:currentColor}
.ink{fill:none;stroke:var(--card);stroke-width:1.8}
.banner{background:var(--doubt-bg);color:var(--doubt);border-left:.35rem solid;padding:.5rem .9rem;border-radius:.4rem;margin:.8rem 0}
form{display:flex;flex-wrap:wrap;gap:.5rem;margin:.9rem 0 0}
input,select,button,.button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--dim);border-radius:.4rem;padding:.35rem .7rem;min-height:2.6rem}
input{flex:1 1 14rem;min-width:0}select{max-width:100%}button,.button{cursor:pointer;font-weight:600}
.chosen{display:inline-block;border:1px solid var(--line);background:var(--card);border-radius:1rem;padding:.15rem .75rem;color:inherit;text-decoration:none}
.rows,.groups{list-style:none;margin:0;padding:0;display:grid;gap:.5rem}
.row{background:var(--card);border:1px solid var(--line);border-left:.35rem solid currentColor;border-radius:.55rem;padding:.7rem .9rem;display:grid;grid-template-columns:17.5rem minmax(12rem,1.5fr) minmax(12rem,1.5fr) 12rem;gap:.3rem 1.2rem;align-items:start}
.row p{margin:0}.row>.name,.row>.why{color:var(--ink)}
.name>p{color:var(--dim)}.name a{font-weight:650;color:inherit;text-decoration-thickness:1px}
.chip{display:inline-flex;align-items:baseline;gap:.4rem;font-weight:700;white-space:nowrap}
.chip svg,.group>svg{width:1.05em;height:1.05em;flex:none}.chip svg{align-self:center}
.is time{display:block}
.age.old,.age.doubtful{color:var(--doubt);background:var(--doubt-bg);border-radius:.25rem;padding:0 .3rem}
.age.doubtful{font-weight:700}
.strip{width:100%;height:1.5rem;display:block;border-radius:.2rem;fill:none;stroke:currentColor;stroke-width:20}
.strip .Healthy{stroke-width:12}.strip .Unknown{opacity:.6}.strip .none{stroke:var(--dim);stroke-width:12;stroke-dasharray:1 3;opacity:.5}
.row>.strip{align-self:center}
.groups{grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr))}
.group{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .8rem}
.group>svg{vertical-align:-.15em;margin-right:.3rem}.group a{font-weight:650;color:inherit}
.group.good>svg{color:var(--Healthy)}.group.bad{border-color:var(--Down);background:var(--Down-bg)}.group.bad>svg{color:var(--Down)}
.group.thin{border-color:var(--Unhealthy);background:var(--Unhealthy-bg)}.group.thin>svg{color:var(--Unhealthy)}
.group.uncertain{border-color:var(--Unknown);background:var(--Unknown-bg)}.group.uncertain>svg{color:var(--Unknown)}
details{background:var(--card);border:1px solid var(--line);border-radius:.55rem;margin:.5rem 0}
summary{padding:.65rem .9rem;cursor:pointer;font-weight:600}summary span{color:var(--dim);font-weight:400}
details .row{border-width:1px 0 0;border-radius:0}details .rows{gap:0}
.empty{padding:2rem 0}
.pages{display:flex;flex-wrap:wrap;gap:.4rem 1rem;margin:1.2rem 0;align-items:center}.pages a{padding:.4rem 0}
footer{margin-top:2rem;margin-bottom:2rem;color:var(--dim)}footer a{color:inherit;display:inline-block;margin-right:.8rem;padding:.25rem 0}
@media (max-width:70rem){.row{grid-template-columns:11.5rem 1fr 1fr}.row>.strip{grid-column:1/-1}}
@media (max-width:37.5rem){.row{grid-template-columns:minmax(0,1fr)}.is time{display:block}.why{margin-top:.2rem}button,select{flex:1 1 auto}}
table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line);border-radius:.55rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .8rem;border-top:1px solid var(--line)}thead th{color:var(--dim);font-weight:600;border-top:0}tbody th{font-weight:600}
td .dim{font-weight:400}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,18rem),1fr));gap:.5rem 1.2rem;margin:0}dt{color:var(--dim)}dd{margin:0;font-weight:600}
.reason{font-size:1.15rem;font-weight:600;white-space:pre-wrap}.members{list-style:none;padding:0;margin:.4rem 0}.members li{padding:.2rem 0}
.circuit .strip{height:2.4rem}.ticks{display:flex;justify-content:space-between;color:var(--dim);margin:0 0 .8rem}.circuit h1 .chip{font-size:.75em}.button{display:inline-block;text-decoration:none;margin-right:1rem}
article{max-width:46rem}article h1{margin-top:.5rem}article pre{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.7rem .9rem;white-space:pre-wrap}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:1em}article li{margin:.3rem 0}.runbook main li{padding:.15rem 0}
@media (max-width:37.5rem){.cards thead{position:absolute;clip-path:inset(50%)}.cards tr{display:block;border-top:1px solid var(--line);padding:.5rem 0}.cards td{display:block;border:0;padding:.1rem .8rem}}
.tv{font-size:clamp(18px,1.2vw,48px)}.tv header,.tv main{max-width:none;padding:.6rem 2vw 0}.tv h1{font-size:clamp(2.5rem,3.4vw,6.5rem)}.tv footer nav{display:none}.tv footer{max-width:none;padding:0 2vw}
.live{overflow-anchor:none}.lost main,.lost h1,.lost #facts,.lost #faults{filter:grayscale(1)}
`;
