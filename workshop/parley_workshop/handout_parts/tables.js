// Orders of the stacks, and tables. One part of a script; see SCRIPTS in handout_page.py.

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

