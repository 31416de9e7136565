// What the file holds, what is chosen, and how a number is read and written. One part of a script; see SCRIPTS in handout_page.py.

// ---- What the file holds ---------------------------------------------------------------------
const data = JSON.parse(document.getElementById("data").textContent);
const [, SERIES, ARMS, QUANTILES, MONTHS] = data.shape;
const NOTHING = 65535, TOP = 65534, LOW = 0, MEDIAN = 1, HIGH = 2;
const bytes = atob(data.codes);
const pointOf = new Map(data.points.map((point, index) => [point.join(), index]));
const narrow = window.matchMedia("(max-width: 60rem)");

const state = {
  language: data.language,
  outcome: data.series[0][0],
  group: "all",
  arms: data.arms.map(() => true),
  layout: "together",
  levels: data.varied.map((one) => one.start),
  mark: data.marks.length - 1,
  hidden: false,
  sketch: null, // { arm, at: indices of months, values }
  told: false,
};

// ---- Small helpers ---------------------------------------------------------------------------
const byId = (id) => document.getElementById(id);
const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
const say = (key, values) => fill(data.texts[state.language][key] || key, values || {});
const named = (labels) => labels[state.language];
/** Attributes of an element that holds a text of the data: a text without a translation is English. */
const tongue = (labels) => (state.language !== "en" && named(labels) === labels.en && labels.en.includes(" ") ? { lang: "en" } : {});
/** A number that was written in English, in the language of the page; a narrow space sets thousands apart. */
const figure = (text) => text.replace(/[.,]/g, (sign) => (sign === "," ? "\u202f" : state.language === "en" ? "." : ","));
/** A number without signs between its thousands, the same way. */
const written = (text) => figure(text.replace(/^-?\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ",")));
const armName = (a) => named(data.arms[a].label);
const outcomeName = (name) =>
  named(data.outcomes[name].label) + (data.outcomes[name].near ? " †" : "");
const groupName = (name) => say("group_" + name);
const chosen = () => data.arms.map((_, a) => a).filter((a) => state.arms[a]);
const groupOf = (outcome) => (data.outcomes[outcome].level === "group" ? state.group : "all");
const seriesOf = (outcome) => {
  const wanted = groupOf(outcome);
  const found = data.series.findIndex(([name, group]) => name === outcome && group === wanted);
  return found >= 0 ? found : data.series.findIndex(([name]) => name === outcome);
};
const shownGroup = (outcome) =>
  data.outcomes[outcome].level === "group" ? data.series[seriesOf(outcome)][1] : "site";
const point = () => pointOf.get(state.levels.join());

function value(outcome, arm, quantile, month) {
  const series = seriesOf(outcome);
  const at = 2 * ((((point() * SERIES + series) * ARMS + arm) * QUANTILES + quantile) * MONTHS + month);
  const code = bytes.charCodeAt(at) + 256 * bytes.charCodeAt(at + 1);
  const [low, high] = data.scales[outcome];
  return code === NOTHING ? NaN : low + (code / TOP) * (high - low);
}

function number(x, span) {
  if (!isFinite(x)) return say("no_value");
  const digits = span >= 100 ? 0 : span >= 10 ? 1 : span >= 0.1 ? 2 : span > 0 ? 1 - Math.floor(Math.log10(span)) : 2;
  const text = x.toFixed(Math.min(6, digits)).replace(/^-(0([.]0*)?)$/, "$1");
  return written(text);
}
const shortNumber = (x) => {
  return written(Math.abs(x) >= 1e6 ? (x / 1e6).toPrecision(3) + "M" : String(Number(x.toPrecision(3))));
};
const spanOf = (outcome) => data.scales[outcome][1] - data.scales[outcome][0];
const told = (outcome, x) => number(x, spanOf(outcome));
function bandTold(outcome, arm, month) {
  return say("value_band", {
    median: told(outcome, value(outcome, arm, MEDIAN, month)),
    low: told(outcome, value(outcome, arm, LOW, month)),
    high: told(outcome, value(outcome, arm, HIGH, month)),
  });
}
const nearestMonth = (wanted) =>
  data.months.reduce((best, month, i) =>
    Math.abs(month - wanted) < Math.abs(data.months[best] - wanted) ? i : best, 0);

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, text] of Object.entries(attributes || {})) made.setAttribute(key, text);
  made.append(...children);
  return made;
}
function drawn(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, content] of Object.entries(attributes)) made.setAttribute(key, content);
  if (text !== undefined) made.textContent = text;
  return made;
}
const replace = (id, ...children) => byId(id).replaceChildren(...children);

