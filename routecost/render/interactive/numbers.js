// Exact numbers: fractions of BigInts, and texts that round as routecost rounds.
const ZERO = [0n, 1n], ONE = [1n, 1n], HUNDRED = [100n, 1n];
const exact = text => {
  const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  return [BigInt(sign + whole + part), 10n ** BigInt(part.length)];
};
const add = (a, b) => a[1] === b[1] ? [a[0] + b[0], a[1]] : [a[0] * b[1] + b[0] * a[1], a[1] * b[1]];
const neg = a => [-a[0], a[1]];
const sub = (a, b) => add(a, neg(b));
const mul = (a, b) => [a[0] * b[0], a[1] * b[1]];
const div = (a, b) => b[0] < 0n ? [-a[0] * b[1], -a[1] * b[0]] : [a[0] * b[1], a[1] * b[0]];
const cmp = (a, b) => { const d = a[0] * b[1] - b[0] * a[1]; return d < 0n ? -1 : d > 0n ? 1 : 0; };
const abs = a => a[0] < 0n ? neg(a) : a;
const isZero = a => a[0] === 0n;
const isNegative = a => a[0] < 0n;
const least = (...all) => all.reduce((a, b) => cmp(b, a) < 0 ? b : a);
const most = (...all) => all.reduce((a, b) => cmp(b, a) > 0 ? b : a);
// Coefficients that are quotients have 50 digits: what they add up to is rounded to 30 places, so that
// an amount which ends is exact.
const rounded = ([n, d], scale) => {
  const whole = ((n < 0n ? -n : n) * scale * 2n + d) / (2n * d);
  return [n < 0n ? -whole : whole, scale];
};
const settled = value => rounded(value, 10n ** 30n);
const float = a => Number(a[0] * 10n ** 15n / a[1]) / 1e15;

// A fraction with a given number of decimal places, rounded half up; the noise of quotients decides no tie.
const NOISELESS = 10n ** 25n;
const fixed = (value, places) => {
  const [n, d] = places > 15 ? abs(value) : rounded(abs(value), NOISELESS), scale = 10n ** BigInt(places);
  const digits = ((2n * n * scale + d) / (2n * d)).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
  return places ? `${whole}.${digits.slice(-places)}` : whole;
};
const isWhole = value => rounded(value, NOISELESS)[0] % NOISELESS === 0n;
// A decimal number without trailing zeros, as a document states it.
const plain = value => {
  let places = 0;
  while (places < 40 && (value[0] * 10n ** BigInt(places)) % value[1] !== 0n) places += 1;
  return (isNegative(value) ? "-" : "") + fixed(value, places).replaceAll(",", "");
};
// Small values get two significant digits, so that they never show as 0.
const placesOf = (value, usual, small) => {
  if (isZero(value) || cmp(abs(value), small) >= 0) return usual;
  let places = 0;
  for (let [n, d] = abs(value); n < d; n *= 10n) places += 1;
  return places + 1;
};
const CENT = [1n, 100n], TENTH = [1n, 10n];
const moneyPlaces = value => placesOf(value, 2, CENT);
const money = (value, symbol, atLeast = 0) =>
  (isNegative(value) ? "-" : "") + symbol + fixed(value, Math.max(atLeast, moneyPlaces(value)));
// The decimal places that the amounts of a column have in common.
const commonPlaces = values => {
  const limit = values.every(value => cmp(abs(value), ONE) < 0) ? 6 : 2;
  return Math.max(0, ...values.map(moneyPlaces).filter(places => places <= limit));
};
const change = value => {
  const percent = mul(value, HUNDRED);
  const sign = isNegative(value) ? "-" : isZero(value) ? "" : "+";
  return `${sign}${fixed(percent, placesOf(percent, 1, TENTH))}%`;
};
const share = value => {
  const percent = mul(value, HUNDRED);
  const places = placesOf(percent, isWhole(percent) ? 0 : 1, TENTH);
  return `${isNegative(value) ? "-" : ""}${fixed(percent, places)}%`;
};
const count = value => fixed(value, isWhole(value) ? 0 : 1);
