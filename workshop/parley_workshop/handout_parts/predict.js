// Predict, then reveal: a line drawn by hand or by keys, and how it compares. One part of a script; see SCRIPTS in handout_page.py.

// ---- Predict, then reveal --------------------------------------------------------------------
function startSketch() {
  const months = data.months, last = months[MONTHS - 1], at = [0];
  for (let i = 1; i <= 5; i++) {
    const index = nearestMonth((last * i) / 5);
    if (index > at[at.length - 1]) at.push(index);
  }
  const arm = state.sketch ? state.sketch.arm : chosen()[chosen().length - 1] || 0;
  const start = value(state.outcome, arm, MEDIAN, 0), axis = axisOf(state.outcome);
  const level = isFinite(start) ? start : (axis.low + axis.high) / 2;
  state.sketch = { arm, at, values: at.map(() => level) };
  state.hidden = true;
  state.told = false;
  if (!state.arms[arm]) state.arms[arm] = true;
  drawControls();
  drawHandles();
  draw();
  announce(say("hidden"));
  byId("handles").querySelector("input").focus({ preventScroll: true });
}

function setSketch(index, level) {
  state.sketch.values[index] = level;
  const input = byId("handles").querySelectorAll("input")[index - 1];
  input.value = level;
  tellHandle(input, index);
  drawChart();
}

function tellHandle(input, index) {
  const text = told(state.outcome, state.sketch.values[index]);
  input.setAttribute("aria-valuetext", text);
  input.nextElementSibling.textContent = text;
}

function drawHandles() {
  const axis = axisOf(state.outcome), step = (axis.high - axis.low) / 100;
  replace("handles", ...state.sketch.at.slice(1).map((month, i) => {
    const input = element("input", { type: "range", min: axis.low, max: axis.high, step });
    const label = element("label", {}, say("month_n", { month: data.months[month] }), input, element("span"));
    input.value = state.sketch.values[i + 1];
    tellHandle(input, i + 1);
    input.addEventListener("input", () => {
      state.sketch.values[i + 1] = Number(input.value);
      tellHandle(input, i + 1);
      drawChart();
    });
    return label;
  }));
  const select = byId("sketched");
  select.replaceChildren(...data.arms.map((_, a) => element("option", { value: a }, armName(a))));
  select.value = state.sketch.arm;
}

function reveal() {
  state.hidden = false;
  state.told = true;
  draw();
  announce(byId("verdict").textContent);
  byId("predict").focus({ preventScroll: true });
}
function forget() {
  state.sketch = null;
  state.hidden = state.told = false;
  draw();
}

function verdict() {
  if (!state.sketch || !state.told) return "";
  const { arm, at, values } = state.sketch, o = state.outcome, marks = at.slice(1);
  const inside = marks.filter((m, i) => values[i + 1] >= value(o, arm, LOW, m) && values[i + 1] <= value(o, arm, HIGH, m));
  const end = at[at.length - 1];
  return say("verdict", { arm: armName(arm), inside: inside.length, all: marks.length, month: data.months[end],
    said: told(o, values[values.length - 1]), runs: bandTold(o, arm, end) });
}

