// The chart: frame, lines with bands, labels at their ends. One part of a script; see SCRIPTS in handout_page.py.

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

