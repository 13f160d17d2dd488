// The data of the page: numbers become fractions.
for (const key of ["days", "tasks", "volume"]) if (page[key] !== null) page[key] = exact(page[key]);
for (const slider of page.sliders) {
  for (const key of ["low", "high", "step", "coarse", "stated"]) slider[key] = exact(slider[key]);
  slider.fields = slider.fields.map(([name, stated]) => [name, stated.map(exact)]);
}
for (const mix of page.mixes) mix.tiers = mix.tiers.map(([tier, units]) => [tier, BigInt(units)]);
const readForm = form => form === null ? null : Object.fromEntries(Object.entries(form).map(([keys, value]) => [keys, exact(value)]));
const readPieces = pieces => pieces.map(([upto, forms]) =>
  [exact(upto), Object.fromEntries(Object.entries(forms).map(([name, form]) => [name, readForm(form)]))]);
for (const sheet of page.sheets) {
  if (sheet.budget !== null) sheet.budget = exact(sheet.budget);
  sheet.savings = readPieces(sheet.savings);
  if (sheet.saved) sheet.saved.unknownShare = exact(sheet.saved.unknownShare);
  for (const strategy of sheet.strategies) {
    if (strategy.done !== null) [strategy.done, strategy.doneLeast] = [exact(strategy.done), exact(strategy.doneLeast)];
    strategy.pieces = readPieces(strategy.pieces);
    if (strategy.tiers) for (const tier in strategy.tiers) strategy.tiers[tier] = readPieces(strategy.tiers[tier]);
  }
}

// Costs at the settings: sums of products of sliders, in the piece of the input that holds.
const CASES = [["cost", "low", "high"], ["worst_cost", "worst_low", "worst_high"]];
const valueOf = (form, point) => Object.entries(form).reduce(
  (sum, [keys, coefficient]) => add(sum, [...keys].reduce((part, key) => mul(part, point[key]), coefficient)), ZERO);
const pieceAt = (pieces, point) => pieces.find(([upto]) => cmp(point.i ?? ZERO, upto) <= 0) ?? pieces.at(-1);
const amountsAt = (pieces, point) => Object.fromEntries(Object.entries(pieceAt(pieces, point)[1]).map(
  ([name, form]) => [name, form === null ? null : valueOf(form, point)]));

// The amounts of a mix are the means of those of its tiers.
const mixed = (tiers, shares, point) => {
  const sums = {};
  for (const [tier, pieces] of Object.entries(tiers))
    for (const [name, value] of Object.entries(amountsAt(pieces, point))) {
      const sum = name in sums ? sums[name] : ZERO;
      sums[name] = sum === null || value === null ? null : add(sum, mul(shares[tier], value));
    }
  return sums;
};
const casesOf = (strategy, shares, point) => {
  const found = strategy.tiers && shares ? mixed(strategy.tiers, shares, point) : amountsAt(strategy.pieces, point);
  const amount = name => found[name] === null ? null : settled(found[name]);
  return CASES.map(([cost, low, high]) => ({cost: amount(cost), low: amount(low), high: amount(high)}));
};
// The pairs of cases of two strategies that are compared: both usual, both worst, and those that differ.
const pairs = (against, one) => [
  [against.cases[0], one.cases[0]], [against.cases[1], one.cases[1]],
  ...(against.successDiffers ? [[against.cases[1], one.cases[0]]] : []),
  ...(one.successDiffers ? [[against.cases[0], one.cases[1]]] : []),
];
const span = values => values.includes(null) ? null : [least(...values), most(...values)];
const totals = end => one => one[end] === null ? null : add(one.cost, one[end]);
const both = (a, b) => a === null || b === null ? null : sub(a, b);

const costsAt = (sheet, point, mixes) => {
  const stated = mul(page.tasks, page.volume ? div(point.v, page.volume) : ONE);
  const rows = sheet.strategies.map(strategy => {
    const tasks = strategy.done ?? stated;
    const cases = casesOf(strategy, mixes[strategy.name], point);
    const month = span(cases.map(one => one.cost));
    const day = month.map(value => div(value, page.days));
    const wrong = [cases[0].low, cases.some(one => one.high === null) ? null : most(...cases.map(one => one.high))];
    const high = cases.map(totals("high"));
    return {
      name: strategy.name, leavesTasks: strategy.done !== null, isLeast: strategy.isLeast, comparable: strategy.comparable, shown: strategy.shown,
      successDiffers: strategy.successDiffers, cases, month: [cases[0].cost, month[1]], day: [div(cases[0].cost, page.days), day[1]],
      task: isZero(tasks) ? null : [div(div(cases[0].cost, page.days), tasks), div(day[1], strategy.doneLeast ?? tasks)],
      year: [cases[0].cost, month[1]].map(value => mul(value, [12n, 1n])),
      failures: wrong, total: [totals("low")(cases[0]), high.includes(null) ? null : most(...high)],
    };
  });
  const baseline = rows.find(row => row.name === page.baseline);
  for (const row of rows) {
    row.change = null;
    if (!baseline || !row.comparable || isZero(baseline.cases[0].cost)) continue;
    const usual = sub(div(row.cases[0].cost, baseline.cases[0].cost), ONE);
    const others = row === baseline ? [] : pairs(baseline, row).filter(([base]) => !isZero(base.cost))
      .map(([base, one]) => sub(div(one.cost, base.cost), ONE));
    row.change = [least(usual, ...others), most(usual, ...others)];
  }
  return rows;
};

// The savings of the proposal, or null: usual, and between ends, on calls alone and with failures.
const savingsAt = (sheet, rows, point) => {
  const against = rows.find(row => row.name === page.default), one = rows.find(row => row.name === page.proposed);
  if (!sheet.saved || !against || !one) return null;
  const calls = pairs(against, one).map(([left, right]) => sub(left.cost, right.cost));
  const [before, after] = [totals("low")(against.cases[0]), totals("low")(one.cases[0])];
  const sums = pairs(against, one).map(([left, right]) => both(totals("low")(left), totals("low")(right)));
  const {low, high} = against.cases[0], isKnown = high !== null && cmp(low, high) === 0;
  const bounds = sheet.savings.length ? amountsAt(sheet.savings, point) : null;
  return {
    against, one, saved: sheet.saved, calls: calls[0], callsSpan: span(calls),
    fraction: isZero(against.cases[0].cost) ? null : div(calls[0], against.cases[0].cost),
    total: page.countsFailures && !bounds ? sub(before, after) : null,
    totalSpan: page.countsFailures && !bounds ? span(sums) : null,
    totalFraction: isZero(before) || !isKnown ? null : div(sub(before, after), before), bounds,
  };
};
// What the budget's strategy spends in its period, between two ends of which the upper may be unknown.
const spentAt = (sheet, rows) => {
  const row = page.budget && rows.find(one => one.name === page.budget.strategy);
  if (!row || sheet.budget === null) return null;
  const months = {day: div(ONE, page.days), month: ONE, year: [12n, 1n]}[page.budget.per];
  const [usual] = row.cases, counts = page.budget.countsFailures;
  const cases = sheet.saved && sheet.saved.isRange ? row.cases : [usual];
  const highs = cases.map(one => counts ? totals("high")(one) : one.cost);
  const high = row.isLeast || highs.includes(null) ? null : most(...highs);
  return {amount: sheet.budget, low: mul(counts ? totals("low")(usual) : usual.cost, months), high: high && mul(high, months)};
};
