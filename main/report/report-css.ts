/** For screen, in light and dark, and for paper. */
export const REPORT_CSS = `
:root { color-scheme: light dark; --text: #191d22; --dim: #56606b; --line: #e1e5e8; --back: #fff; --accent: #0b6b80; --warn: #fdf4e3; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e2e6ea; --dim: #9ba5af; --line: #2a3037; --back: #1a1e23; --accent: #55a9bc; --warn: #2e2413; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 24px 64px; max-width: 960px; font: 14px/1.45 system-ui, sans-serif; color: var(--text); background: var(--back); }
h1 { margin: 4px 0; font-size: 22px; overflow-wrap: anywhere; }
h2 { margin: 32px 0 8px; font-size: 16px; overflow-wrap: anywhere; }
h3 { margin: 12px 0 4px; font-size: 14px; }
a { color: var(--accent); }
.kind, .dim, figcaption, caption { color: var(--dim); font-weight: 400; }
.kind { margin: 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 8px 0 4px; }
th, td { padding: 3px 12px 3px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); font-weight: 400; overflow-wrap: anywhere; }
thead th { color: var(--dim); }
.number { text-align: right; white-space: nowrap; }
.value { white-space: normal; max-width: 180px; }
.warnings, .forms { padding-left: 18px; margin: 0; }
.warnings li { margin: 2px 0; overflow-wrap: anywhere; }
.finding { margin: 4px 0; padding: 4px 8px; background: var(--warn); overflow-wrap: anywhere; }
.column { break-inside: avoid; border-top: 1px solid var(--line); }
.sides { display: grid; grid-template-columns: minmax(200px, 1fr) 2fr; gap: 24px; }
@media (max-width: 640px) { .sides { grid-template-columns: 1fr; } }
dl { margin: 0; }
dl div { display: flex; justify-content: space-between; gap: 12px; }
dt { color: var(--dim); }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
figure { margin: 0; }
figcaption { display: flex; justify-content: space-between; }
svg { display: block; width: 100%; }
rect { fill: var(--accent); }
line { stroke: var(--line); }
.bar { width: 30%; }
.bar svg { height: 12px; }
code { font-family: ui-monospace, monospace; }
.sign { font-size: 0.8em; border: 1px solid var(--line); border-radius: 2px; padding: 0 2px; color: var(--dim); }
`;
