// Charts: Vega-Lite draws them from specifications in the page's data; these functions give it the rows.
const views = {};
// Colours are those of the style sheet, which knows light, dark and paper.
const color = name => `var(--${name})`;
const COLORS = ["ink", "page", "other", "default", "proposed", "budget"];
const LINES = [1, 2, 3, 4, 5, 6, 7, 8].map(number => color(`line-${number}`));
const filledIn = (spec, words) => JSON.parse(JSON.stringify(spec), (_, value) => typeof value === "string" && Object.hasOwn(words, value) ? words[value] : value);
const drawn = async (place, spec, data, symbol) => {
  const element = byId(place).querySelector(".drawing");
  const key = symbol + JSON.stringify(spec);
  const known = views[place];
  if (known && known.key === key) {
    const view = await known.view;
    for (const [name, rows] of Object.entries(data)) view.data(name, rows);
    await view.runAsync();
    return;
  }
  const [ink, soft, rule] = ["ink", "soft", "rule"].map(color);
  const config = {
    background: null, aria: false, font: "system-ui, sans-serif", view: {stroke: null},
    axis: {labelColor: soft, titleColor: soft, gridColor: rule, domainColor: rule, tickColor: rule, labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal"},
    legend: {labelColor: ink, labelFontSize: 12, labelLimit: 280, title: null, orient: "top", symbolSize: 500, symbolStrokeWidth: 2.5},
    text: {color: ink, fontSize: 12},
  };
  const format = symbol === "$" ? "$,.6~f" : ",.6~f";
  const looks = Object.fromEntries(COLORS.map(name => [`@${name}`, color(name)]));
  const filled = filledIn(spec, {...looks, "@money": format, "@colors": LINES});
  const embedded = vegaEmbed(element, {...filled, datasets: data, config}, {mode: "vega-lite", ast: true, actions: false, renderer: "svg", tooltip: false});
  views[place] = {key, view: embedded.then(result => result.view)};
  await views[place].view;
};
const BARS = 24;
const showCharts = (now, all, symbol) => {
  const rows = all.filter(row => row.shown).slice(0, BARS), counts = page.countsFailures;
  const ends = rows.map(row => counts ? row.total : row.month);
  const texts = cellTexts(ends, symbol);
  const bars = rows.map((row, at) => {
    const isOpen = row.isLeast || ends[at][1] === null;
    return {
      strategy: row.name + undone(row), role: row.name === page.proposed ? "proposed" : row.name === page.default ? "default" : "other",
      calls: float(row.month[0]), cost: float(ends[at][0]), high: float(ends[at][1] ?? ends[at][0]),
      label: isOpen && !texts[at].startsWith("at least") ? `at least ${texts[at]}` : texts[at],
    };
  });
  const spent = spentAt(now, all);
  const limit = spent && {day: page.days, month: ONE, year: [1n, 12n]}[page.budget.per];
  const amount = spent && float(mul(spent.amount, limit));
  const budget = spent ? {budget: [{amount, label: "budget"}]} : {};
  const width = Math.max(120, byId("bars").clientWidth - 8 * Math.min(24, Math.max(...bars.map(bar => bar.strategy.length))));
  bars.forEach(bar => { bar.room = bar.high / Math.max(.25, 1 - (8 * bar.label.length + 16) / width) || 1; });
  const unit = now.currency + " per month";
  const what = counts ? "Cost per month by strategy, calls (solid) and failures (light)" : "Cost per month by strategy";
  byId("bars").querySelector("figcaption").textContent = `${what}, in ${now.currency}`;
  byId("bars").querySelector(".chart").setAttribute("aria-label", `Bar chart. ${what}: ${bars.map(bar => `${bar.strategy} ${bar.label}`).join(", ")}. The table has all figures.`);
  drawn("bars", filledIn(page.charts.bars, {"@height": 34 * bars.length}), {bars, ...budget}, symbol);
  showLines(now, symbol, unit, budget);
};
// Costs along a slider: at 40 values, and on both sides of each price step.
const alongValues = (slider, now) => {
  const found = new Map(), steps = div(sub(slider.high, slider.low), slider.step), total = steps[0] / steps[1];
  const put = at => { if (at >= 0n && at <= total) { const value = add(slider.low, mul([at, 1n], slider.step)); found.set(plain(value), value); } };
  for (let part = 0n; part <= 40n; part += 1n) put(total * part / 40n);
  put(total);
  if (slider.key === "i")
    for (const strategy of now.strategies)
      for (const pieces of [strategy.pieces, ...Object.values(strategy.tiers ?? {})])
        for (const [upto] of pieces) { const at = div(sub(upto, slider.low), slider.step); if (at[0] % at[1] === 0n) { put(at[0] / at[1]); put(at[0] / at[1] + 1n); } }
  return [...found.values()].sort(cmp);
};
const showLines = (now, symbol, unit, budget) => {
  const open = page.sliders.filter(slider => !reasonOf(slider.key));
  byId("lines").hidden = !open.length;
  if (!open.length) return;
  for (const option of byId("along").options) option.disabled = !open.some(slider => slider.key === option.value);
  if (byId("along").selectedOptions[0]?.disabled ?? true) byId("along").value = open[0].key;
  const slider = sliderOf(byId("along").value), shares = sharesNow(), lines = [], table = [];
  const values = alongValues(slider, now);
  const figure = page.countsFailures ? "total" : "month";
  for (const value of values) {
    const rows = costsAt(now, {...state.at, [slider.key]: value}, shares).filter(row => row.shown).slice(0, BARS);
    for (const row of rows) lines.push({x: float(value), cost: float(row[figure][0]), strategy: row.name});
    table.push([value, rows]);
  }
  const at = [{x: float(state.at[slider.key]), label: "now"}];
  const title = `${slider.label}, ${slider.unit}`;
  byId("along-name").textContent = slider.label.toLowerCase();
  const names = [...new Set([page.proposed, page.default, ...table[0][1].map(row => row.name)])].filter(name => table[0][1].some(row => row.name === name));
  const spec = filledIn(page.charts.lines, {"@x": title, "@unit": unit, "@names": names, "@columns": Math.max(1, Math.floor(byId("lines").clientWidth / 200))});
  const what = `Cost per month${page.countsFailures ? ", calls and failures," : ""} along ${slider.label.toLowerCase()}`;
  byId("lines").querySelector(".chart").setAttribute("aria-label", `Line chart. ${what}. The table below the chart has its figures.`);
  drawn("lines", spec, {lines, at, ...budget}, symbol);
  const rows = table.filter((_, place) => place % 4 === 0 || place === table.length - 1);
  const shown = rows[0][1];
  const columns = shown.map((_, column) => cellTexts(rows.map(([, all]) => all[column][figure]), symbol));
  byId("points").tHead.replaceChildren(make("tr", {}, ...[title, ...shown.map(row => row.isLeast ? `${row.name} (at least)` : row.name)].map(text => make("th", {scope: "col", textContent: text}))));
  byId("points").tBodies[0].replaceChildren(...rows.map(([value], row) => make("tr", {}, make("th", {scope: "row", textContent: plain(value)}),
    ...columns.map(texts => make("td", {textContent: texts[row]})))));
};
addEventListener("hashchange", applyFragment);
build();
applyFragment();
