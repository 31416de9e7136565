"use strict";
(function () {
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
    return state.language === "en" ? text : text.replace(".", ",");
  }
  const shortNumber = (x) => {
    const text = Math.abs(x) >= 1e6 ? (x / 1e6).toPrecision(3) + "M" : String(Number(x.toPrecision(3)));
    return state.language === "en" ? text : text.replace(".", ",");
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

  // ---- The chart -------------------------------------------------------------------------------
  function niceStep(span, count) {
    const raw = span / count, power = Math.pow(10, Math.floor(Math.log10(raw)));
    return [1, 2, 2.5, 5, 10].map((m) => m * power).find((step) => step >= raw * 0.999);
  }

  /** The same for every position of the sliders, so that lines may be compared with memory. */
  function axisOf(outcome) {
    let [low, high] = data.scales[outcome];
    if (low > 0 && low < 0.6 * high) low = 0;
    if (high <= low) high = low + 1;
    const step = niceStep(high - low, 5);
    low = Math.floor(low / step + 1e-9) * step;
    high = Math.ceil(high / step - 1e-9) * step;
    return { low, high, step };
  }

  function frameOf(width, height, right) {
    const axis = axisOf(state.outcome);
    const box = { left: 58, right: width - right, top: 16, bottom: height - 42 };
    const first = data.months[0], last = data.months[MONTHS - 1];
    const x = (month) => box.left + ((month - first) / Math.max(1, last - first)) * (box.right - box.left);
    const y = (v) => box.bottom - ((v - axis.low) / (axis.high - axis.low)) * (box.bottom - box.top);
    return { width, height, box, axis, x, y, first, last };
  }

  function backdrop(svg, frame, size) {
    const { box, axis } = frame;
    const count = Math.round((axis.high - axis.low) / axis.step);
    for (let i = 0; i <= count; i++) {
      const at = axis.low + i * axis.step;
      svg.append(drawn("line", { class: "grid", x1: box.left, x2: box.right, y1: frame.y(at), y2: frame.y(at) }));
      svg.append(drawn("text", { class: "soft", x: box.left - 7, y: frame.y(at) + size / 3, "text-anchor": "end", "font-size": size },
        shortNumber(Math.abs(at) < 1e-12 ? 0 : at)));
    }
    const wide = (box.right - box.left) / (size * 3.2);
    const every = [6, 12, 24, 36, 60, 120].find((step) => frame.last / step <= wide) || 120;
    for (let month = every; month <= frame.last; month += every) {
      svg.append(drawn("line", { class: "axis", x1: frame.x(month), x2: frame.x(month), y1: box.bottom, y2: box.bottom + 5 }));
      svg.append(drawn("text", { class: "soft", x: frame.x(month), y: box.bottom + 5 + size, "text-anchor": "middle", "font-size": size }, month));
    }
    svg.append(drawn("line", { class: "axis", x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }));
    svg.append(drawn("text", { class: "soft", x: box.left, y: box.bottom + 9 + 2 * size, "font-size": size }, say("month_axis")));
    data.place.events.forEach((event, i) => {
      if (event.month + 1 < frame.first) return;
      const x = frame.x(event.month + 1), row = i % 2 ? size * 0.9 : 0;
      svg.append(drawn("line", { class: "event", x1: x, x2: x, y1: box.top, y2: box.bottom }));
      if (frame.width > 500) svg.append(drawn("text", { class: "soft", x: x + 3, y: box.top + size * 0.6 + row, "font-size": size * 0.75 }, i + 1));
    });
    const mark = data.marks[state.mark];
    svg.append(drawn("line", { class: "month", x1: frame.x(mark), x2: frame.x(mark), y1: box.top, y2: box.bottom }));
  }

  function lineOf(svg, frame, arm, width) {
    const area = [], back = [], line = [];
    for (let m = 0; m < MONTHS; m++) {
      const [low, middle, high] = [LOW, MEDIAN, HIGH].map((q) => value(state.outcome, arm, q, m));
      if (!isFinite(middle)) continue;
      const x = frame.x(data.months[m]).toFixed(1);
      line.push(x + "," + frame.y(middle).toFixed(1));
      area.push(x + "," + frame.y(high).toFixed(1));
      back.unshift(x + "," + frame.y(low).toFixed(1));
    }
    const look = data.arms[arm];
    svg.append(drawn("polygon", { class: "spread", points: area.concat(back).join(" "), fill: look.colour, "fill-opacity": 0.16 }));
    svg.append(drawn("polyline", { class: "median", "data-arm": look.key, points: line.join(" "), fill: "none", stroke: look.colour,
      "stroke-width": width, "stroke-dasharray": look.dash, "stroke-linejoin": "round" }));
  }

  /** Labels at the ends of lines, moved apart until none covers another. */
  function labelEnds(svg, frame, arms, size) {
    const ends = arms
      .map((arm) => ({ arm, value: value(state.outcome, arm, MEDIAN, MONTHS - 1) }))
      .filter((end) => isFinite(end.value))
      .sort((a, b) => b.value - a.value);
    if (narrow.matches) keyAbove(svg, frame, ends, size);
    const gap = size * 1.25;
    let before = -Infinity;
    for (const end of ends) before = end.at = Math.max(frame.y(end.value), before + gap, frame.box.top + size / 2);
    let after = frame.box.bottom + gap / 2;
    for (const end of ends.slice().reverse()) after = end.at = Math.min(end.at, after - gap / 1.01);
    for (const end of ends) {
      const x = frame.box.right, y = frame.y(end.value), look = data.arms[end.arm];
      svg.append(drawn("line", { x1: x + 1, y1: y, x2: x + 12, y2: end.at, stroke: look.colour, "stroke-width": 1.5 }));
      const text = drawn("text", { x: x + 15, y: end.at + size / 3, "font-size": size, "font-weight": 600 },
        (narrow.matches ? "" : armName(end.arm) + " ") + told(state.outcome, end.value));
      text.setAttribute("fill", look.text);
      text.style.fill = look.text;
      svg.append(text);
    }
  }

  /** On a phone the names stand above the picture, from the highest line to the lowest. */
  function keyAbove(svg, frame, ends, size) {
    ends.forEach((end, i) => {
      const look = data.arms[end.arm], y = size * (0.9 + 1.35 * i);
      svg.append(drawn("line", { x1: frame.box.left, x2: frame.box.left + 38, y1: y - size / 3, y2: y - size / 3, stroke: look.colour, "stroke-width": 3, "stroke-dasharray": look.dash }));
      svg.append(drawn("text", { x: frame.box.left + 45, y, "font-size": size, "font-weight": 600 }, armName(end.arm)));
    });
  }

  function sketchLine(svg, frame, size) {
    const { at, values } = state.sketch;
    const points = at.map((m, i) => frame.x(data.months[m]).toFixed(1) + "," + frame.y(values[i]).toFixed(1));
    svg.append(drawn("polyline", { class: "sketched", points: points.join(" "), fill: "none", stroke: "#000", "stroke-width": 3, "stroke-dasharray": "1 6", "stroke-linecap": "round" }));
    at.forEach((m, i) => svg.append(drawn("circle", { cx: frame.x(data.months[m]), cy: frame.y(values[i]), r: i ? 6 : 3, fill: "#fff", stroke: "#000", "stroke-width": 2 })));
    const end = at.length - 1;
    svg.append(drawn("text", { x: frame.x(data.months[at[end]]) - 6, y: frame.y(values[end]) - 11, "text-anchor": "end", "font-size": size, "font-style": "italic" }, say("sketch_line")));
  }

  function drawChart() {
    const holder = byId("chart"), arms = chosen();
    canvas = null;
    const beside = state.layout === "beside" && !state.sketch && arms.length > 1;
    const size = narrow.matches ? 13 : 15;
    const columns = beside ? Math.max(1, Math.min(arms.length, Math.floor(holder.clientWidth / 230))) : 1;
    const width = Math.max(260, Math.floor(holder.clientWidth / columns));
    const longest = Math.max(0, ...arms.map((a) => armName(a).length));
    const right = beside || narrow.matches ? 68 : Math.min(width * 0.38, 70 + longest * size * 0.63);
    const height = beside && columns === 1 ? 220 : Math.max(270, Math.min(430, Math.round(width * 0.46), Math.round(window.innerHeight * 0.55)));
    holder.style.display = "grid";
    holder.style.gridTemplateColumns = "repeat(" + columns + ", minmax(0, 1fr))";
    const panels = beside ? arms.map((arm) => [arm]) : [arms];
    holder.replaceChildren(...panels.map((panel) => {
      const svg = drawn("svg", { viewBox: "0 0 " + width + " " + height, "aria-hidden": "true", focusable: "false" });
      const frame = frameOf(width, height, right);
      frame.box.top = beside ? 34 : narrow.matches ? 16 + arms.length * size * 1.35 : 16;
      backdrop(svg, frame, size);
      if (!state.hidden) {
        panel.forEach((arm) => lineOf(svg, frame, arm, narrow.matches ? 2.6 : 3.4));
        if (beside) {
          const end = value(state.outcome, panel[0], MEDIAN, MONTHS - 1);
          svg.append(drawn("text", { x: frame.box.left, y: 18, "font-size": size + 1, "font-weight": 600 }, armName(panel[0])));
          if (isFinite(end)) svg.append(drawn("text", { x: frame.box.right + 6, y: frame.y(end) + size / 3, "font-size": size, "font-weight": 600 }, told(state.outcome, end)));
        } else labelEnds(svg, frame, panel, size);
      }
      if (state.sketch) {
        sketchLine(svg, frame, size);
        if (state.hidden) {
          svg.classList.add("drawing");
          canvas = { svg, frame };
        }
      }
      return svg;
    }));
  }

  /** The chart that may be drawn on: its picture and frame; null while results are shown. */
  let canvas = null;
  function drawAt(event) {
    const { svg, frame } = canvas, at = state.sketch.at, box = svg.getBoundingClientRect();
    const scale = frame.width / box.width, { low, high } = frame.axis;
    const x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
    const away = (i) => Math.abs(frame.x(data.months[at[i]]) - x);
    let best = 1;
    for (let i = 2; i < at.length; i++) if (away(i) < away(best)) best = i;
    const share = (frame.box.bottom - y) / (frame.box.bottom - frame.box.top);
    setSketch(best, Math.min(high, Math.max(low, low + share * (high - low))));
    event.preventDefault();
  }
  byId("chart").addEventListener("pointerdown", (event) => {
    if (!canvas) return;
    byId("chart").setPointerCapture(event.pointerId); // the picture is drawn anew under the finger
    drawAt(event);
  });
  byId("chart").addEventListener("pointermove", (event) => {
    if (canvas && byId("chart").hasPointerCapture(event.pointerId)) drawAt(event);
  });

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

  // ---- Orders and tables -----------------------------------------------------------------------
  /** Orders of the chosen stacks alone: [groups of equal stacks from most to least, count]. */
  function ordersOf(outcome, mark, arms) {
    const counts = new Map();
    let runs = 0;
    for (const [ranks, count] of Object.entries(data.orders[point()][seriesOf(outcome)][mark])) {
      const levels = arms.map((a) => Number(ranks[a]));
      const order = [...new Set(levels)].sort((a, b) => a - b)
        .map((level) => arms.filter((a, i) => levels[i] === level));
      const key = JSON.stringify(order);
      counts.set(key, (counts.get(key) || 0) + count);
      runs += count;
    }
    const list = [...counts].map(([key, count]) => [JSON.parse(key), count]).sort((a, b) => b[1] - a[1]);
    return { list, runs };
  }

  function drawOrders() {
    const arms = chosen(), month = data.marks[state.mark];
    const { list, runs } = ordersOf(state.outcome, state.mark, arms);
    byId("order-what").textContent = say("order_what", { outcome: outcomeName(state.outcome), group: groupName(shownGroup(state.outcome)), month, runs }) +
      " " + say("better_" + data.outcomes[state.outcome].direction);
    if (state.hidden) return replace("orders", element("li", {}, say("hidden")));
    replace("orders", ...list.map(([order, count]) => {
      const text = order.map((equal) => equal.map(armName).join(" = ")).join(" > ");
      const bar = element("span", { class: "bar", "aria-hidden": "true" }, element("span"));
      bar.firstChild.style.width = (100 * count) / runs + "%";
      return element("li", {}, element("span", { class: "chosen" }, text), bar, element("span", {}, say("order_count", { count, runs })));
    }));
  }

  function best(outcome) {
    const direction = data.outcomes[outcome].direction, arms = chosen();
    if (direction === "neither" || arms.length < 2) return "–";
    const { list, runs } = ordersOf(outcome, state.mark, arms);
    const wins = new Map();
    for (const [order, count] of list) {
      const top = direction === "higher" ? order[0] : order[order.length - 1];
      if (top.length === 1) wins.set(top[0], (wins.get(top[0]) || 0) + count);
    }
    const first = [...wins].sort((a, b) => b[1] - a[1])[0];
    return first ? say("best", { arm: armName(first[0]), count: first[1], runs }) : say("best_equal");
  }

  function table(heads, rows) {
    const head = element("tr", {}, ...heads.map((text, i) => element("th", { scope: "col", class: i && i <= chosen().length ? "number" : "" }, text)));
    return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
  }
  function cell(outcome, arm, month) {
    return element("td", { class: "number" }, ...cellText(outcome, arm, month));
  }
  function cellText(outcome, arm, month) {
    const middle = value(outcome, arm, MEDIAN, month);
    if (!isFinite(middle)) return [say("no_value")];
    const ends = [LOW, HIGH].map((q) => told(outcome, value(outcome, arm, q, month))).join(" – ");
    return [told(outcome, middle) + " ", element("small", {}, "(" + ends + ")")];
  }

  function drawTables() {
    const arms = chosen(), month = data.marks[state.mark], at = nearestMonth(month), o = state.outcome;
    byId("all-title").textContent = say("all_title", { month: data.months[at], group: groupName(state.group) });
    byId("years-title").textContent = say("years_title", { outcome: outcomeName(o), group: groupName(shownGroup(o)) });
    if (state.hidden) {
      replace("all", element("p", {}, say("hidden")));
      return replace("years", element("p", {}, say("hidden")));
    }
    const heads = arms.map(armName);
    replace("all", table([say("column_outcome"), ...heads, say("column_best")], Object.keys(data.outcomes).map((name) =>
      element("tr", {}, element("th", { scope: "row", class: name === o ? "chosen" : "" }, outcomeName(name), element("br"),
        element("small", {}, unitOf(name) + (shownGroup(name) === "site" ? "; " + groupName("site") : ""))),
        ...arms.map((arm) => cell(name, arm, at)), element("td", { class: "best" }, best(name))))));
    replace("years", table([say("month_axis"), ...heads], data.marks.map((mark) => {
      const m = nearestMonth(mark);
      return element("tr", {}, element("th", { scope: "row" }, String(data.months[m])), ...arms.map((arm) => cell(o, arm, m)));
    })));
  }
  const unitOf = (name) =>
    named(data.outcomes[name].unit) + (data.outcomes[name].adds ? ", " + say("adds") : "");

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
    byId("title").textContent = data.place.title;
    byId("title").lang = "en";
    byId("subtitle").textContent = say("subtitle");
    replace("story-text", ...data.place.story.split(/\n\s*\n/).filter((text) => text.trim()).map((text) => element("p", {}, text)));
    byId("story").hidden = !data.place.story && !data.place.events.length;
    replace("events", ...(data.place.events.length ? [element("h3", {}, say("events")),
      element("ol", {}, ...data.place.events.map((event) => element("li", {}, say("month_n", { month: event.month + 1 }) + ": ", element("span", { lang: "en" }, event.label))))] : []));
    const notes = data.arms.map((arm, a) => [armName(a), arm.note]).filter(([, note]) => note);
    byId("stacks-told").hidden = !notes.length;
    replace("stacks-list", ...notes.map(([name, note]) => element("div", {}, element("dt", {}, name), element("dd", {}, note))));
    drawSources();
    drawMade();
  }

  const GRADES = { measured: "measured", "estimated elsewhere": "estimated", expert: "expert", assumption: "assumption" };
  const gradeName = (grade) => (grade in GRADES ? say("grade_" + GRADES[grade]) : grade);

  function drawSources() {
    if (!data.numbers.length) return replace("numbers", element("p", {}, say("no_numbers")));
    const assumption = (text) => (text === "assumption" ? say("grade_assumption") : text);
    const rows = data.numbers.map((one) => element("tr", { class: one.grade === "assumption" ? "assumed" : "" },
      element("th", { scope: "row", lang: "en" }, one.label), element("td", {}, one.value + (one.range ? " (" + one.range + ")" : "")),
      element("td", { lang: "en" }, one.unit), element("td", { class: "grade" }, gradeName(one.grade)),
      element("td", {}, [assumption(one.source), one.year].filter(Boolean).join(", "), ...(one.note ? [element("br"), element("small", { lang: "en" }, one.note)] : []))));
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
      ...data.varied.filter((one) => one.source).map((one) => say("made_varied", { label: named(one.label), unit: one.unit,
        levels: one.levels.map((_, i) => levelText(one, i)).join("; "), source: one.source === "assumption" ? say("grade_assumption") : one.source })),
      ...data.varied.filter((one) => one.kind === "dial").map((one) => say("made_dial", { label: named(one.label) })),
    ];
    replace("made", ...lines.filter(Boolean).map((text) => element("p", {}, text)));
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
})();
