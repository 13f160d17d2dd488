"""Style sheet of HTML pages, for light, dark, narrow and printed pages."""

STYLE = """\
:root { color-scheme: light dark; --ink: #1b242c; --soft: #56626d; --rule: #d5dbe0; --page: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaee; --soft: #a3aeb8; --rule: #3a444d; --page: #14191e; }
}
body { margin: 2rem auto; max-width: 64rem; padding: 0 1rem; background: var(--page);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.25rem; line-height: 1.25; margin-top: 3rem; padding-top: .75rem;
  border-top: 1px solid var(--rule); }
nav { columns: 18rem; margin: 1.5rem 0; }
nav a { display: block; padding: .15rem 0; color: inherit; break-inside: avoid; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1.5rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .5rem; }
th, td { padding: .35rem .6rem; text-align: left; font-weight: 400; vertical-align: top;
  border-bottom: 1px solid var(--rule); }
thead th { color: var(--soft); vertical-align: bottom; border-bottom: 2px solid var(--soft); }
.number { text-align: right; }
td.number, tbody .name { white-space: nowrap; }
td:not([class]) { min-width: 11rem; }
.many { font-size: .875rem; }
figure { margin: 1.5rem 0; width: fit-content; max-width: 100%; overflow-x: auto; }
figure svg { display: block; max-width: 100%; min-width: 27rem; height: auto; }
.on-dark { display: none; }
@media screen and (prefers-color-scheme: dark) {
  .on-light { display: none; }
  .on-dark { display: block; }
}
p { max-width: 44rem; }
pre { overflow-x: auto; border-left: .25rem solid var(--rule); padding-left: .75rem; }
.warning { border-left: .25rem solid #d55e00; padding-left: .75rem; }
@page { size: A4; margin: 16mm; }
@media print {
  :root { --ink: #000; --soft: #444; --rule: #bbb; --page: #fff; }
  body { margin: 0; padding: 0; max-width: none; font-size: 8.5pt; }
  .wide, figure { overflow: visible; }
  td.number { white-space: normal; }
  nav { display: none; }
  h1, h2, caption { break-after: avoid; }
  h2 { margin-top: 1.5rem; }
  table { margin: .75rem 0; }
  th, td { padding: .2rem .4rem; }
  .many { font-size: 6.5pt; }
  .many :is(th, td) { padding: .2rem .25rem; }
  tbody .name, .many td.number { white-space: normal; }
  td:not([class]) { min-width: 0; }
  tbody .long { overflow-wrap: anywhere; }
  thead { display: table-header-group; }
  tr, figure, .short, .warning { break-inside: avoid; }
}
"""

FRAGMENT = """\
.routecost table { border-collapse: collapse; margin: .75em 0; font-variant-numeric: tabular-nums; }
.routecost .wide { overflow-x: auto; }
.routecost caption { text-align: left; font-weight: 600; padding-bottom: .5em; }
.routecost :is(th, td) { padding: .25em .6em; text-align: left; font-weight: 400; vertical-align: top; }
.routecost thead th { border-bottom: 1px solid currentcolor; vertical-align: bottom; }
.routecost .number { text-align: right; white-space: nowrap; }
.routecost figure { margin: .75em 0; width: fit-content; max-width: 100%; background: #fff; }
.routecost figure svg { display: block; max-width: 100%; height: auto; }
.routecost .warning { border-left: .25em solid #d55e00; padding-left: .75em; }
"""
"""Style of a part of a page, which has its own colours and fonts."""
