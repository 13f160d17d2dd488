// Sentences about the savings and the budget: those of routecost compare.
const listed = names => names.length < 6 ? names.join(", ") : `${names.slice(0, 4).join(", ")} and ${names.length - 4} more`;
const saved = (amount, fraction, counted, symbol) => {
  const costsMore = isNegative(amount);
  return `${page.proposed} (proposed) ${costsMore ? "costs" : "saves"} ${fraction === null ? "" : share(abs(fraction)) + " "}`
    + `${costsMore ? "more than" : "compared with"} ${page.default} (default)${counted}: ${money(abs(amount), symbol)} a month, `
    + `${money(abs(mul(amount, [12n, 1n])), symbol)} a year.`;
};
const onCallsAlone = (calls, total, symbol) => total !== null && cmp(calls, total) === 0 ? "" :
  ` On call costs alone, it ${isNegative(calls) ? "costs" : "saves"} ${money(abs(calls), symbol)} a month${isNegative(calls) ? " more" : ""}.`;
const between = (low, high, symbol) => high === null ? `at least ${money(low, symbol)}` :
  `between ${money(low, symbol)} and ${money(high, symbol)}`;
const bounded = ({low, high}, {assumed, unknown, unknownShare}, calls, symbol) => {
  const [who, than] = [`${page.proposed} (proposed)`, `${page.default} (default)`];
  let text;
  if (high !== null && cmp(high, ZERO) <= 0)
    text = `${who} costs ${between(neg(high), low === null ? null : neg(low), symbol)} a month more than ${than}, including failures`;
  else if (low !== null && cmp(low, ZERO) >= 0)
    text = `${who} saves ${between(low, high, symbol)} a month compared with ${than}, including failures`;
  else {
    text = `${who} may save money or cost more, compared with ${than} and including failures`;
    if (high !== null) text += `: it saves at most ${money(high, symbol)} a month`;
    if (low !== null) text += `${high === null ? ": it costs" : " and costs"} at most ${money(neg(low), symbol)} a month more`;
  }
  if (assumed.length) text += `, if a lower tier fails no less often on ${listed(assumed)}`;
  return `${text}. The cost of failures of ${listed(unknown)} (${share(unknownShare)} of the tasks) is unknown: `
    + `set success and failure_cost.${onCallsAlone(calls, null, symbol)}`;
};
const rangeNote = ({worst, how}, usual, ends, counted, symbol) => {
  if (!ends || (cmp(ends[0], usual) === 0 && cmp(ends[1], usual) === 0)) return [];
  const changes = (cheaper, amount) =>
    `If ${worst}, ${cheaper} costs less, by up to ${money(abs(amount), symbol)} a month, ${counted}.`;
  if (isNegative(ends[0]) && cmp(usual, ZERO) > 0) return [{text: changes(page.default, ends[0]), warning: true}];
  if (isNegative(usual) && cmp(ends[1], ZERO) > 0) return [{text: changes(page.proposed, ends[1]), warning: true}];
  const [low, high] = [least(...ends.map(abs)), most(...ends.map(abs))];
  const [verb, more] = isNegative(usual) ? ["costs", " more"] : ["saves", ""];
  return [{text: `By ${how}, ${page.proposed} ${verb} ${money(low, symbol)} to ${money(high, symbol)} a month${more}, ${counted}.`}];
};
// The savings if the calls of one side are known in part: a bound on one side, or nothing.
const partly = (saving, amount, counted, symbol) => {
  if (saving.one.isLeast && saving.against.isLeast)
    return `What ${page.proposed} (proposed) saves compared with ${page.default} (default) is unknown: calls of both are not stated.`;
  const costsMore = isNegative(amount), atMost = saving.one.isLeast !== costsMore;
  return `${page.proposed} (proposed) ${costsMore ? "costs" : "saves"} at ${atMost ? "most" : "least"} ${money(abs(amount), symbol)} a month`
    + ` ${costsMore ? "more than" : "compared with"} ${page.default} (default)${counted}: some of its calls are not stated, and not counted.`;
};
const savingsNotes = (saving, symbol) => {
  if (saving === null) return [];
  if (page.proposed === page.default)
    return [{text: `${page.proposed} is both the proposed and the default strategy, so there are no savings.`}];
  const {saved: stated, calls, fraction, total, totalFraction, bounds} = saving;
  const including = ", including failures";
  if (saving.one.isLeast || saving.against.isLeast)
    return [{text: partly(saving, total ?? calls, total === null ? "" : including, symbol), warning: true}];
  const first = bounds ? {text: bounded(bounds, stated, calls, symbol), warning: true}
    : total === null ? {text: saved(calls, fraction, "", symbol)}
    : {text: saved(total, totalFraction, including, symbol) + onCallsAlone(calls, total, symbol),
       warning: isNegative(total) !== isNegative(calls)};
  return [first, ...rangeNote(stated, calls, saving.callsSpan, "on call costs alone", symbol),
    ...(total === null ? [] : rangeNote(stated, total, saving.totalSpan, "including failures", symbol))];
};
const budgetNote = (spent, symbol) => {
  const {strategy, per, countsFailures} = page.budget, {amount, low, high} = spent;
  const start = `Budget of ${strategy}: ${money(amount, symbol)} a ${per}${countsFailures ? ", calls and failures" : ""}.`;
  const known = high !== null && cmp(low, high) === 0, cost = value => `It costs ${value} a ${per}`;
  const part = value => isZero(amount) ? "" : ` (${share(div(value, amount))} of it)`;
  if (high !== null && cmp(high, amount) <= 0) {
    const left = sub(amount, high);
    return {holds: true, figure: `${known ? "" : "at least "}${money(left, symbol)} left`, text: `${start} ${cost((known ? "" : "at most ") + money(high, symbol))}: the budget holds, with ${known ? "" : "at least "}${money(left, symbol)}${part(left)} left.`};
  }
  if (cmp(low, amount) > 0) {
    const over = sub(low, amount);
    return {holds: false, figure: `${known ? "" : "at least "}${money(over, symbol)} over`, warning: true, text: `${start} ${cost((known ? "" : "at least ") + money(low, symbol))}: the budget is exceeded by ${known ? "" : "at least "}${money(over, symbol)}${part(over)}.`};
  }
  return {holds: null, figure: "may be exceeded", warning: true, text: `${start} ${cost(`at least ${money(low, symbol)}${high === null ? "" : ` and at most ${money(high, symbol)}`}`)}: the budget may be exceeded.`};
};
