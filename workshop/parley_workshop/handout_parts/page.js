// Words, controls and sources of the page, and what happens when they are used. One part of a script; see SCRIPTS in handout_page.py.

// ---- Words around the chart ------------------------------------------------------------------
function levelText(one, index) {
  const level = one.levels[index];
  if (level !== null) return one.kind === "dial" ? say("level_all", { level: shortNumber(level) }) : shortNumber(level);
  if (one.kind === "dial") {
    const each = one.own.map(([key, own]) => {
      const a = data.arms.findIndex((arm) => arm.key === key);
      return a < 0 ? "" : armName(a) + " " + shortNumber(own);
    }).filter(Boolean);
    return say("own_stack") + (each.length ? " (" + each.join(", ") + ")" : "");
  }
  return one.own.length ? say("own_place", { level: shortNumber(one.own[0][1]) }) : say("own_plain");
}

function drawWords() {
  const o = state.outcome, about = data.outcomes[o], arms = chosen();
  byId("view-title").textContent = outcomeName(o) + " · " + groupName(shownGroup(o));
  const setting = data.varied.map((one, i) => named(one.label) + ": " + levelText(one, state.levels[i]));
  byId("setting").textContent = [unitOf(o), say("better_" + about.direction).replace(/[.]$/, ""), say("steps", { steps: about.steps }), ...setting].join(" · ");
  const last = MONTHS - 1;
  byId("reading").textContent = state.hidden ? say("hidden") : !arms.length ? say("choose") :
    say("reading", { month: data.months[last], list: arms.map((a) => armName(a) + " " + bandTold(o, a, last)).join("; "), runs: data.made.replicates });
  byId("verdict").textContent = verdict();
  byId("sketch").hidden = !state.hidden;
  byId("controls").hidden = state.hidden;
}

let timer = 0;
function announce(text) {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => { byId("said").textContent = text; }, 250);
}

// ---- Controls --------------------------------------------------------------------------------
function sample(look) {
  const svg = drawn("svg", { width: 38, height: 12, "aria-hidden": "true" });
  svg.append(drawn("line", { x1: 0, x2: 38, y1: 6, y2: 6, stroke: look.colour, "stroke-width": 3.4, "stroke-dasharray": look.dash }));
  return svg;
}

function drawControls() {
  const outcome = byId("outcome");
  outcome.replaceChildren(...Object.keys(data.outcomes).map((name) => element("option", { value: name }, outcomeName(name))));
  outcome.value = state.outcome;
  const groups = [...new Set(data.series.map(([, group]) => group))];
  replace("groups", ...groups.map((group) => {
    const input = element("input", { type: "radio", name: "group", value: group });
    input.checked = group === state.group;
    input.addEventListener("change", () => { state.group = group; dropSketch(); draw(); tellReading(); });
    return element("label", {}, input, element("span", {}, groupName(group)));
  }));
  replace("arms", ...data.arms.map((look, a) => {
    const input = element("input", { type: "checkbox", value: look.key });
    input.checked = state.arms[a];
    input.addEventListener("change", () => { state.arms[a] = input.checked; draw(); tellReading(); });
    return element("label", {}, input, sample(look), element("span", {}, armName(a)));
  }));
  replace("sliders", ...data.varied.map((one, i) => {
    const id = "slider-" + i, output = element("output", { for: id });
    const input = element("input", { id, type: "range", min: 0, max: one.levels.length - 1, step: 1 });
    input.value = state.levels[i];
    const tell = () => {
      const level = one.levels[state.levels[i]];
      output.textContent = level === null ? say("own_short") : shortNumber(level);
      input.setAttribute("aria-valuetext", levelText(one, state.levels[i]));
    };
    input.addEventListener("input", () => { state.levels[i] = Number(input.value); tell(); draw(); tellReading(); });
    tell();
    const ends = element("div", { class: "ends", "aria-hidden": "true" }, ...one.levels.map((level) =>
      element("span", {}, level === null ? say("own_short") : shortNumber(level))));
    return element("div", { class: "slider" }, element("div", { class: "named" }, element("label", { for: id }, named(one.label)), output), input, ends);
  }));
  const mark = byId("mark");
  mark.replaceChildren(...data.marks.map((month, i) => element("option", { value: i }, String(month))));
  mark.value = state.mark;
}
const tellReading = () => announce(byId("reading").textContent);
/** A sketch belongs to one outcome and group. */
function dropSketch() {
  if (!state.sketch) return;
  state.sketch = null;
  state.hidden = state.told = false;
}

// ---- What does not change --------------------------------------------------------------------
function drawFixed() {
  document.documentElement.lang = state.language;
  document.querySelectorAll("[data-text]").forEach((one) => { one.textContent = say(one.dataset.text); });
  document.querySelectorAll("[data-label]").forEach((one) => { one.setAttribute("aria-label", say(one.dataset.label)); });
  document.querySelectorAll(".foreign").forEach((one) => { one.hidden = state.language === "en"; });
  document.title = named(data.place.title) + " · Parley";
  byId("title").textContent = named(data.place.title);
  byId("subtitle").textContent = say("subtitle");
  replace("story-text", ...data.place.story.map((text) => element("p", {}, named(text))));
  byId("story").hidden = !data.place.story.length && !data.place.events.length;
  replace("events", ...(data.place.events.length ? [element("h3", {}, say("events")),
    element("ol", {}, ...data.place.events.map((event) => element("li", {}, say("month_n", { month: event.month + 1 }) + ": ", named(event.label))))] : []));
  const notes = data.arms.map((arm, a) => [armName(a), arm.note]).filter(([, note]) => note.en);
  byId("stacks-told").hidden = !notes.length;
  replace("stacks-list", ...notes.map(([name, note]) => element("div", {}, element("dt", {}, name), element("dd", tongue(note), named(note)))));
  drawSources();
  drawMade();
}

const GRADES = { measured: "measured", "estimated elsewhere": "estimated", expert: "expert", assumption: "assumption" };
const gradeName = (grade) => (grade in GRADES ? say("grade_" + GRADES[grade]) : grade);

function drawSources() {
  if (!data.numbers.length) return replace("numbers", element("p", {}, say("no_numbers")));
  const assumption = (text) => (text === "assumption" ? say("grade_assumption") : text);
  const rows = data.numbers.map((one) => element("tr", { class: one.grade === "assumption" ? "assumed" : "" },
    element("th", { scope: "row", ...tongue(one.label) }, named(one.label)), element("td", {}, figure(one.value + (one.range ? " (" + one.range + ")" : ""))),
    element("td", {}, named(one.unit)), element("td", { class: "grade" }, gradeName(one.grade)),
    element("td", {}, element("span", one.source === "assumption" ? {} : { lang: "en" }, assumption(one.source)), one.year ? ", " + one.year : "", ...(one.note ? [element("br"), element("small", { lang: "en" }, one.note)] : []))));
  const heads = ["number", "value", "unit", "grade", "source"].map((key) => element("th", { scope: "col" }, say("column_" + key)));
  replace("numbers", element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows)));
}

function drawMade() {
  const made = data.made;
  const lines = [
    say("made_caution"),
    say("made_runs", { finished: made.finished, planned: made.planned, points: data.points.length, stacks: data.arms.length,
      replicates: made.replicates, people: made.people.join(", "), months: made.months }),
    made.failures,
    say("made_version", { version: made.version, model: made.model, commit: made.commit || "–", seeds: made.seeds.join(", "), batch: made.batch }),
    say("made_rounded") + (data.step > 1 ? " " + say("made_step", { step: data.step }) : ""),
    ...data.varied.filter((one) => one.source).map((one) => say("made_varied", { label: named(one.label), unit: named(one.unit),
      levels: one.levels.map((_, i) => levelText(one, i)).join("; "), source: one.source === "assumption" ? say("grade_assumption") : one.source })),
    ...data.varied.filter((one) => one.kind === "dial").map((one) => say("made_dial", { label: named(one.label) })),
  ];
  replace("made", ...lines.filter(Boolean).map((text) => element("p", text === made.failures ? { lang: "en" } : {}, text)));
}

// ---- Together --------------------------------------------------------------------------------
function draw() {
  drawWords();
  drawChart();
  drawOrders();
  drawTables();
}
function drawAll() {
  const languages = byId("language");
  languages.replaceChildren(...Object.entries(data.languages).map(([code, name]) => element("option", { value: code, lang: code }, name)));
  languages.value = state.language;
  drawFixed();
  drawControls();
  if (state.sketch && state.hidden) drawHandles();
  draw();
}

byId("language").addEventListener("change", (event) => { state.language = event.target.value; drawAll(); });
byId("outcome").addEventListener("change", (event) => {
  state.outcome = event.target.value;
  if (state.hidden) return startSketch();
  dropSketch();
  draw();
  tellReading();
});
byId("mark").addEventListener("change", (event) => { state.mark = Number(event.target.value); draw(); });
document.querySelectorAll("input[name=layout]").forEach((one) =>
  one.addEventListener("change", () => { state.layout = one.value; draw(); }));
byId("predict").addEventListener("click", startSketch);
byId("reveal").addEventListener("click", reveal);
byId("forget").addEventListener("click", () => { forget(); byId("predict").focus(); });
byId("sketched").addEventListener("change", (event) => {
  state.sketch.arm = Number(event.target.value);
  startSketch();
  byId("sketched").focus();
});
byId("reset").addEventListener("click", () => {
  state.levels = data.varied.map((one) => one.start);
  state.arms = data.arms.map(() => true);
  forget();
  drawControls();
  tellReading();
});
document.querySelectorAll("form").forEach((form) => form.addEventListener("submit", (event) => event.preventDefault()));
let resized = 0;
window.addEventListener("resize", () => { window.cancelAnimationFrame(resized); resized = window.requestAnimationFrame(drawChart); });
const opened = ["story", "stacks-told"].map(byId);
let before = [];
window.addEventListener("beforeprint", () => { before = opened.map((one) => one.open); opened.forEach((one) => { one.open = true; }); });
window.addEventListener("afterprint", () => opened.forEach((one, i) => { one.open = before[i]; }));

byId("page").hidden = false;
drawAll();

