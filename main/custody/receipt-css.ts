/** How a receipt looks: on a screen in either scheme, and on paper. */
export const RECEIPT_CSS = `
:root {
  color-scheme: light dark;
  --ink: #1a1d21; --dim: #5a626c; --line: #d5d9de; --paper: #fff; --good: #1a6b3c; --mark: #8a4b00; --sunk: #f5f6f7;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7ea; --dim: #9aa3ad; --line: #3a4047; --paper: #16181b; --good: #6cc794; --mark: #e0a45c; --sunk: #1f2226; }
}
@media print {
  :root { --ink: #000; --dim: #444; --line: #bbb; --paper: #fff; --good: #000; --mark: #000; --sunk: #fff; }
  @page { margin: 18mm 16mm; }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 800px; padding: 32px 24px; background: var(--paper); color: var(--ink);
  font: 14px/1.5 system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif; font-variant-numeric: tabular-nums;
}
header p { margin: 4px 0 0; }
h1 { margin: 0; font-size: 20px; line-height: 1.3; font-weight: 600; overflow-wrap: anywhere; }
h2 { margin: 28px 0 8px; font-size: 14px; font-weight: 600; break-after: avoid; }
.kind { color: var(--dim); margin: 0 0 4px; }
.verdict { font-size: 16px; color: var(--good); font-weight: 600; }
ul { margin: 0; padding-left: 20px; }
p.means { margin: 8px 0 0; }
li + li { margin-top: 4px; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
tr { border-top: 1px solid var(--line); break-inside: avoid; }
table tr:last-child { border-bottom: 1px solid var(--line); }
th, td { padding: 8px 0; text-align: left; vertical-align: top; font-weight: 400; }
th { width: 128px; padding-right: 16px; color: var(--dim); }
td { overflow-wrap: anywhere; }
.means { display: block; color: var(--dim); font-size: 13px; }
code, pre, .mono { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 13px; }
pre { margin: 8px 0; padding: 12px; background: var(--sunk); border: 1px solid var(--line); border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; break-inside: avoid; }
.note { white-space: pre-wrap; }
.sign { color: var(--mark); border: 1px solid; border-radius: 3px; padding: 0 3px; font-size: 11px; unicode-bidi: isolate; direction: ltr; }
footer { margin-top: 32px; color: var(--dim); font-size: 13px; }
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; }
  .means, code, pre, .mono, footer { font-size: 9pt; }
  h1 { font-size: 15pt; } h2 { margin-top: 16pt; font-size: 11pt; }
  th, td { padding: 5pt 0; }
}
@media (max-width: 480px) { th, td { display: block; width: auto; } td { padding-top: 0; } }
`;
