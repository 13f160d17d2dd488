// The page: reads its settings from controls and the fragment of its address, and shows what they cost.
const byId = id => document.getElementById(id);
const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    if (name in element && name !== "list") element[name] = value; else element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const controls = {}, mixControls = {};
let saving = 0;
const state = {sheet: 0, at: {}, mixes: {}, touched: {}};
const sheet = () => page.sheets[state.sheet];
const sliderOf = key => page.sliders.find(slider => slider.key === key);
const mixOf = name => page.mixes.find(mix => mix.strategy === name);
const reasonOf = key => sheet().reasons[key];
const whole = mix => 100n * 10n ** BigInt(mix.places);
const percentOf = (mix, units) => [units, 10n ** BigInt(mix.places)];

const reset = () => {
  for (const slider of page.sliders) state.at[slider.key] = slider.stated;
  for (const mix of page.mixes) {
    state.mixes[mix.strategy] = Object.fromEntries(mix.tiers.map(([tier, share]) => [tier, share]));
    state.touched[mix.strategy] = [];
  }
};
// A text as a value of a slider, or null if it is none of its values.
const readValue = (slider, text) => {
  if (!/^\d{1,16}(\.\d{1,15})?$/.test(text)) return null;
  const value = exact(text), steps = div(sub(value, slider.low), slider.step);
  const isValid = cmp(value, slider.low) >= 0 && cmp(value, slider.high) <= 0 && steps[0] % steps[1] === 0n;
  return isValid || cmp(value, slider.stated) === 0 ? value : null;
};
const nearest = (slider, text) => {
  if (!/^\d{1,16}(\.\d{1,15})?$/.test(text)) return null;
  const value = most(slider.low, least(slider.high, exact(text)));
  const [n, d] = div(sub(value, slider.low), slider.step);
  return add(slider.low, mul([(2n * n + d) / (2n * d), 1n], slider.step));
};
// The fragment holds what differs from the scenario, and the version of the page that it is for.
const fragment = () => {
  const words = new URLSearchParams();
  if (state.sheet) words.set("pricing", sheet().name);
  for (const slider of page.sliders)
    if (cmp(state.at[slider.key], slider.stated)) words.set(slider.id, plain(state.at[slider.key]));
  for (const mix of page.mixes)
    if (mix.tiers.some(([tier, share]) => state.mixes[mix.strategy][tier] !== share))
      words.set(`mix.${mix.strategy}`, mix.tiers.map(([tier]) => plain(percentOf(mix, state.mixes[mix.strategy][tier]))).join("/"));
  if ([...words].length) words.set("page", page.version);
  return words.toString();
};
const readMix = (mix, text) => {
  const parts = text.split("/");
  if (parts.length !== mix.tiers.length || !parts.every(part => /^\d{1,3}(\.\d{1,6})?$/.test(part))) return null;
  const units = parts.map(part => mul(exact(part), [10n ** BigInt(mix.places), 1n]));
  if (units.some(([n, d]) => n % d)) return null;
  const shares = units.map(([n, d]) => n / d);
  return shares.reduce((a, b) => a + b, 0n) === whole(mix)
    ? Object.fromEntries(mix.tiers.map(([tier], at) => [tier, shares[at]])) : null;
};
// Settings of a fragment, or the reason why it is ignored.
const readFragment = text => {
  if (text.length > 20000) return "it is too long";
  const words = [...new URLSearchParams(text)], found = {sheet: 0, at: {}, mixes: {}};
  if (new Set(words.map(([name]) => name)).size !== words.length) return "it sets something twice";
  const named = new Map(words);
  if (!named.size) return found;
  if (named.get("page") !== page.version) return "it was made for another version of this page";
  named.delete("page");
  if (named.has("pricing")) {
    found.sheet = page.sheets.findIndex(one => one.name === named.get("pricing"));
    if (found.sheet < 0) return "it names an unknown pricing sheet";
    named.delete("pricing");
  }
  for (const [name, value] of named) {
    const slider = page.sliders.find(one => one.id === name), mix = name.startsWith("mix.") ? mixOf(name.slice(4)) : undefined;
    if (!slider && !mix) return "it has an unknown setting";
    if (page.sheets[found.sheet].reasons[slider ? slider.key : `mix:${mix.strategy}`]) return "it has a setting that cannot be changed";
    const read = slider ? readValue(slider, value) : readMix(mix, value);
    if (read === null) return `its ${slider ? slider.label.toLowerCase() : "mix"} is invalid`;
    if (slider) found.at[slider.key] = read; else found.mixes[mix.strategy] = read;
  }
  return found;
};
const applyFragment = () => {
  clearTimeout(saving);
  const text = location.hash.slice(1);
  const found = readFragment(text);
  const isRefused = typeof found === "string";
  reset();
  state.sheet = isRefused ? 0 : found.sheet;
  if (!isRefused) {
    Object.assign(state.at, found.at);
    Object.assign(state.mixes, found.mixes);
  }
  byId("notice").hidden = !isRefused;
  byId("notice").textContent = isRefused ? `The link's settings are ignored, because ${found}. The page shows the scenario as it is.` : "";
  show();
};

// A changed share of a mix: the tier changed before keeps its share if it can, the others share the rest.
const setShare = (mix, tier, units) => {
  const shares = state.mixes[mix.strategy], touched = state.touched[mix.strategy].filter(one => one !== tier);
  const others = mix.tiers.map(([name]) => name).filter(name => name !== tier);
  const kept = others.length > 1 ? touched.filter(name => others.includes(name)).slice(0, 1) : [];
  const free = others.filter(name => !kept.includes(name));
  let rest = whole(mix) - units;
  for (const name of kept) {
    if (shares[name] > rest) shares[name] = rest;
    rest -= shares[name];
  }
  const sum = free.reduce((total, name) => total + shares[name], 0n);
  let left = rest;
  for (const name of free) {
    shares[name] = sum ? rest * shares[name] / sum : rest / BigInt(free.length);
    left -= shares[name];
  }
  const largest = free.reduce((one, name) => shares[name] > shares[one] ? name : one, free[0]);
  if (free.length) shares[largest] += left;
  shares[tier] = units;
  state.touched[mix.strategy] = [tier, ...touched];
};

const pair = (id, label, unit, coarse, limits, set) => {
  const number = make("input", {type: "number", id: `${id}-number`, min: limits.low, max: limits.high, step: limits.step, inputMode: "decimal"});
  const range = make("input", {type: "range", id, min: limits.low, max: limits.high, step: coarse});
  const reason = make("p", {className: "reason", id: `${id}-reason`, hidden: true});
  const also = make("span", {className: "unit", id: `${id}-unit`, textContent: unit});
  number.setAttribute("aria-label", `${label}, ${unit}`);
  for (const input of [range, number]) input.setAttribute("aria-describedby", `${id}-unit ${id}-reason`);
  range.addEventListener("input", () => set(range.value));
  number.addEventListener("change", () => set(number.value));
  const name = make("div", {}, make("label", {htmlFor: id, textContent: label}), also);
  const box = make("div", {className: "slider"}, make("div", {className: "head"}, name, number), range, reason);
  return {box, range, number, reason, also};
};
const showPair = (pair_, value, text, reason) => {
  pair_.range.value = value || pair_.range.min;
  if (document.activeElement !== pair_.number || pair_.number.value !== value) pair_.number.value = value;
  pair_.range.setAttribute("aria-valuetext", text);
  for (const input of [pair_.range, pair_.number]) input.disabled = Boolean(reason);
  pair_.reason.hidden = !reason;
  pair_.reason.textContent = reason ? `Fixed: ${reason}.` : "";
};
const build = () => {
  byId("sheet").append(...page.sheets.map((one, at) => make("option", {value: String(at), textContent: one.name})));
  byId("sheet").addEventListener("change", event => { state.sheet = Number(event.target.value); changed(); });
  for (const slider of page.sliders) {
    const limits = {low: plain(slider.low), high: plain(slider.high), step: plain(slider.step)};
    controls[slider.key] = pair(slider.id, slider.label, slider.unit, plain(slider.coarse), limits, text => {
      const value = nearest(slider, text);
      if (value !== null) state.at[slider.key] = value;
      changed();
    });
    byId("workload").append(controls[slider.key].box);
  }
  page.mixes.forEach((mix, at) => {
    const box = make("fieldset", {}, make("legend", {textContent: `Mix of ${mix.strategy}`}));
    const step = plain([1n, 10n ** BigInt(mix.places)]);
    mixControls[mix.strategy] = mix.tiers.map(([tier], place) => {
      const made = pair(`mix-${at}-${place}`, tier, "% of the tasks", "1", {low: "0", high: "100", step}, text => {
        const value = nearest({low: ZERO, high: HUNDRED, step: exact(step)}, text);
        if (value !== null) setShare(mix, tier, value[0] * 10n ** BigInt(mix.places) / value[1]);
        changed();
      });
      box.append(made.box);
      return made;
    });
    box.append(make("p", {className: "sum", id: `mix-${at}-sum`}));
    byId("mixes").append(box);
  });
  byId("along").append(...page.sliders.map(slider => make("option", {value: slider.key, textContent: slider.label.toLowerCase()})));
  byId("along").addEventListener("change", () => show());
  byId("reset").addEventListener("click", () => { reset(); state.sheet = 0; changed(); byId("copied").textContent = "The page shows the scenario as it is."; });
  byId("copy").addEventListener("click", copy);
  byId("skip").addEventListener("click", event => { event.preventDefault(); byId("results").focus(); });
  byId("controls").addEventListener("submit", event => event.preventDefault());
};
const copy = async () => {
  save();
  try {
    await navigator.clipboard.writeText(location.href);
    byId("copied").textContent = "The link is copied. Whoever has this file opens it with the same settings.";
  } catch {
    byId("copied").textContent = "The link is the address of this page: copy it from the address bar.";
  }
};
const save = () => {
  clearTimeout(saving);
  const words = fragment();
  if (location.hash.slice(1) !== words) history.replaceState(null, "", words ? `#${words}` : location.pathname + location.search);
};
const changed = () => {
  byId("notice").hidden = true;
  byId("copied").textContent = "";
  for (const slider of page.sliders) if (reasonOf(slider.key)) state.at[slider.key] = slider.stated;
  for (const mix of page.mixes)
    if (reasonOf(`mix:${mix.strategy}`)) state.mixes[mix.strategy] = Object.fromEntries(mix.tiers);
  clearTimeout(saving);
  saving = setTimeout(save, 150);
  show();
};
const sharesNow = () => Object.fromEntries(page.mixes.map(mix => [mix.strategy,
  Object.fromEntries(mix.tiers.map(([tier]) => [tier, div(percentOf(mix, state.mixes[mix.strategy][tier]), HUNDRED)]))]));

const show = () => {
  const now = sheet(), symbol = now.symbol;
  const rows = costsAt(now, state.at, sharesNow());
  showControls();
  byId("basis").textContent = `${now.name} prices as of ${now.asOf}, in ${now.currency}. ${count(mul(page.tasks, page.volume ? div(state.at.v, page.volume) : ONE))} tasks a day; a month has ${plain(page.days)} days.`;
  showTable(rows, symbol);
  showSummary(now, rows, symbol);
  byId("command").textContent = command();
  showSettings();
  showCharts(now, rows, symbol);
};
const showControls = () => {
  byId("sheet").value = String(state.sheet);
  for (const slider of page.sliders) {
    const value = state.at[slider.key], text = plain(value);
    const tasks = slider.key === "v" && slider.isFactor ? `, ${count(div(mul(page.tasks, value), HUNDRED))} tasks a day` : "";
    const short = reasonOf(slider.key) && !Number.isInteger(float(value)) ? fixed(value, 2).replaceAll(",", "") : text;
    const isStated = slider.fields.length > 0;
    showPair(controls[slider.key], isStated ? short : "", isStated ? `${short} ${slider.unit}${tasks}` : "as in the scenario", reasonOf(slider.key));
    controls[slider.key].also.textContent = slider.unit + tasks;
  }
  page.mixes.forEach((mix, at) => {
    mix.tiers.forEach(([tier], place) => {
      const text = plain(percentOf(mix, state.mixes[mix.strategy][tier]));
      showPair(mixControls[mix.strategy][place], text, `${text}% of the tasks`, place ? "" : reasonOf(`mix:${mix.strategy}`));
      for (const input of [mixControls[mix.strategy][place].range, mixControls[mix.strategy][place].number])
        input.disabled = Boolean(reasonOf(`mix:${mix.strategy}`));
    });
    byId(`mix-${at}-sum`).textContent = `Sum: ${plain(percentOf(mix, Object.values(state.mixes[mix.strategy]).reduce((a, b) => a + b, 0n)))}%`;
  });
};

const cellTexts = (cells, symbol) => {
  const values = cells.flatMap(cell => cell === null ? [] : cell.filter(value => value !== null));
  const places = commonPlaces(values);
  return cells.map(cell => cell === null ? "\u2013" : cell[1] === null ? `at least ${money(cell[0], symbol, places)}`
    : [...new Set(cell.map(value => money(value, symbol, places)))].join(" to "));
};
const COLUMNS = [["per task", "task"], ["per day", "day"], ["per month", "month"], ["per year", "year"]];
const FAILURES = [["failures per month", "failures"], ["total per month", "total"]];
const changeText = (row, baseline) => {
  if (row.name === page.baseline) return "baseline";
  if (row.change === null || (row.isLeast && baseline.isLeast)) return "\u2013";
  const text = [...new Set(row.change.map(change))].join(" to ");
  return row.isLeast ? `at least ${text}` : baseline.isLeast ? `at most ${text}` : text;
};
const undone = row => row.leavesTasks ? " (not all tasks)" : "";
// Lines break before the second end of a range.
const joined = text => text.replace(" to ", " to\u00a0").replace("at least ", "at\u00a0least ");
const showTable = (all, symbol) => {
  const rows = all.filter(row => row.shown), baseline = all.find(row => row.name === page.baseline);
  const columns = [...COLUMNS, ...(page.countsFailures ? FAILURES : [])];
  const texts = columns.map(([, key]) => cellTexts(rows.map(row => row[key]), symbol));
  const labels = [...columns.map(([label]) => label)];
  byId("costs").className = page.countsFailures ? "many" : "";
  labels.splice(4, 0, `vs. ${page.baseline ?? "baseline"}`);
  byId("costs").tHead.replaceChildren(make("tr", {}, ...["strategy", ...labels].map(text => make("th", {scope: "col", textContent: text}))));
  byId("costs").tBodies[0].replaceChildren(...rows.map((row, at) => {
    const cells = columns.map(([, key], column) => {
      const text = texts[column][at];
      return row.isLeast && key !== "failures" && !text.startsWith("at least") && text !== "\u2013" ? `at least ${text}` : text;
    });
    cells.splice(4, 0, changeText(row, baseline));
    const role = undone(row) + (row.name === page.proposed ? " (proposed)" : row.name === page.default ? " (default)" : "");
    return make("tr", {className: row.name === page.proposed ? "proposed" : ""},
      make("th", {scope: "row", textContent: row.name + role}), ...cells.map(text => make("td", {textContent: joined(text)})));
  }));
};
const tile = (title, figure, also, kind = "") => make("div", {className: "tile"},
  make("h2", {textContent: title}), make("p", {className: `figure ${kind}`, textContent: figure}), make("p", {className: "also", textContent: also}));
const showSummary = (now, rows, symbol) => {
  const saving = savingsAt(now, rows, state.at), spent = spentAt(now, rows);
  const notes = savingsNotes(saving, symbol), tiles = [];
  const proposed = rows.find(row => row.name === page.proposed);
  if (proposed) {
    const [text] = cellTexts([proposed.month], symbol);
    const [year] = cellTexts([proposed.year], symbol), least = proposed.isLeast ? "at least " : "";
    tiles.push(tile(`${page.proposed} (proposed)`, `${least}${text}`, `for calls a month, ${least}${year} a year`));
  }
  if (saving && page.proposed !== page.default && !saving.one.isLeast && !saving.against.isLeast && !saving.bounds && !isRange(saving)) {
    const amount = saving.total ?? saving.calls, fraction = saving.total === null ? saving.fraction : saving.totalFraction;
    const counted = saving.total === null ? "" : "including failures";
    tiles.push(tile(`${isNegative(amount) ? "Costs more" : "Saves"} a month vs. ${page.default} (default)`,
      money(abs(amount), symbol), [fraction === null ? "" : share(abs(fraction)), counted].filter(Boolean).join(", "), isNegative(amount) ? "bad" : "good"));
  }
  if (spent) {
    const note = budgetNote(spent, symbol);
    notes.push(note);
    tiles.push(tile(`Budget of ${money(spent.amount, symbol)} a ${page.budget.per}`, note.figure,
      `${page.budget.strategy}, ${page.budget.countsFailures ? "calls and failures" : "calls"}`, note.holds ? "good" : "bad"));
  }
  const unsure = rows.filter(row => row.shown && row.isLeast).map(row => row.name);
  if (unsure.length) notes.push({warning: true, text: `The cost of ${listed(unsure)} is a lower bound: calls that the scenario does not state are not counted.`});
  byId("tiles").replaceChildren(...tiles);
  const texts = notes.map(({text, warning}) => make("p", {className: warning ? "warning" : "", textContent: text}));
  const before = [...byId("summary").children].map(one => one.textContent).join("\n");
  if (before !== texts.map(one => one.textContent).join("\n")) byId("summary").replaceChildren(...texts);
};
const quoted = word => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
const settings = () => {
  const words = [];
  for (const slider of page.sliders)
    if (cmp(state.at[slider.key], slider.stated))
      for (const [name, stated] of slider.fields) {
        const value = state.at[slider.key];
        const numbers = slider.isFactor ? stated.map(number => div(mul(number, value), HUNDRED)) : [value];
        const texts = numbers.map(plain);
        words.push(`${name}=${texts.length > 1 ? `[${texts.join(", ")}]` : texts[0]}${slider.isShare ? "%" : ""}`);
      }
  for (const mix of page.mixes)
    if (mix.tiers.some(([tier, share]) => state.mixes[mix.strategy][tier] !== share))
      for (const [tier] of mix.tiers) words.push(`${mix.name}.${tier}=${plain(percentOf(mix, state.mixes[mix.strategy][tier]))}%`);
  return words;
};
const command = () => [...page.command, ...(sheet().argument ? ["--pricing", sheet().argument] : []),
  ...settings().flatMap(text => ["--set", text])].map(quoted).join(" ");
const showSettings = () => {
  const list = make("dl");
  const item = (name, text, stated, reason) => list.append(make("dt", {textContent: name}),
    make("dd", {textContent: text + (stated ? "" : " (changed)") + (reason ? ` (fixed: ${reason})` : "")}));
  item("Pricing sheet", sheet().name, state.sheet === 0);
  for (const slider of page.sliders)
    item(slider.label, slider.fields.length ? `${controls[slider.key].number.value} ${controls[slider.key].also.textContent}` : "as in the scenario", cmp(state.at[slider.key], slider.stated) === 0, reasonOf(slider.key));
  for (const mix of page.mixes)
    item(`Mix of ${mix.strategy}`, mix.tiers.map(([tier]) => `${tier} ${plain(percentOf(mix, state.mixes[mix.strategy][tier]))}%`).join(", "),
      mix.tiers.every(([tier, share]) => state.mixes[mix.strategy][tier] === share), reasonOf(`mix:${mix.strategy}`));
  byId("settings").replaceChildren(make("h2", {textContent: "Settings"}), list);
};
