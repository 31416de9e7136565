// A sheet over a chart on which a path, or a level to reach, is drawn with mouse, finger or pen.
// The line shows at once under the finger; the page is told when it is lifted. A path has one value
// a month: going back over months draws them anew. Keys have sliders of their own (see the page).

export default {
  template: `<div class="parley-sketch" aria-hidden="true" @pointerdown.prevent="begin"
      @pointermove="go" @pointerup="end" @pointercancel="drop" @lostpointercapture="drop">
    <svg><polyline :points="line" :style="{ stroke: colour }"
      :class="{ 'parley-sketch-aim': aim }" /></svg></div>`,
  props: { chart: Number, arm: Number, colour: String, aim: Boolean, months: Number },
  data: () => ({ line: "" }),
  mounted() {
    this.pointer = null;
    this.escape = (event) => {
      if (event.key !== "Escape" || document.querySelector(".q-dialog, .q-menu")) return;
      this.$emit("leave");
    };
    document.addEventListener("keydown", this.escape);
  },
  beforeUnmount() {
    document.removeEventListener("keydown", this.escape);
  },
  methods: {
    plot() {
      const chart = getElement(this.chart)?.chart;
      if (!chart) return null;
      const box = chart.getDom().getBoundingClientRect();
      const sheet = this.$el.getBoundingClientRect();
      const axis = chart.getOption().yAxis[0];
      return { chart, box, axis, shift: [box.left - sheet.left, box.top - sheet.top] };
    },
    // The month, from 0, and the value under a pointer.
    read(event) {
      const { chart, box, axis } = this.at;
      const pixel = [event.clientX - box.left, event.clientY - box.top];
      const [x, y] = chart.convertFromPixel({ xAxisIndex: 0, yAxisIndex: 0 }, pixel);
      const month = Math.min(Math.max(Math.round(x) - 1, 0), this.months - 1);
      return [month, Math.min(Math.max(y, axis.min), axis.max)];
    },
    begin(event) {
      if (this.pointer !== null || event.button !== 0) return;
      this.at = this.plot();
      if (!this.at) return;
      this.pointer = event.pointerId;
      this.$el.setPointerCapture(event.pointerId);
      this.values = new Map();
      this.last = null;
      this.add(event);
      this.show();
    },
    go(event) {
      if (event.pointerId !== this.pointer) return;
      const all = event.getCoalescedEvents?.() ?? [];
      (all.length ? all : [event]).forEach((one) => this.add(one));
      this.show();
    },
    add(event) {
      const [month, value] = this.read(event);
      const [from, level] = this.last ?? [month, value];
      const steps = Math.abs(month - from);
      for (let k = 1; k <= steps; k++) {
        const way = k / steps;
        this.values.set(from + Math.sign(month - from) * k, level + (value - level) * way);
      }
      if (steps === 0) this.values.set(month, value);
      this.last = [month, value];
    },
    show() {
      const { chart, shift } = this.at;
      const months = [...this.values.keys()].sort((a, b) => a - b);
      const level = this.last[1];
      const points = this.aim
        ? [[0, level], [this.months, level]]
        : months.map((month) => [month + 1, this.values.get(month)]);
      const pixels = points.map((point) => chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, point));
      // One month is a dot, which is a line without length and with round ends.
      if (pixels.length === 1) pixels.push(pixels[0]);
      this.line = pixels.map(([x, y]) => `${x + shift[0]},${y + shift[1]}`).join(" ");
    },
    end(event) {
      if (event.pointerId !== this.pointer) return;
      this.pointer = null;
      if (this.aim) this.$emit("aimed", this.last[1]);
      else this.$emit("drawn", { arm: this.arm, points: [...this.values] });
    },
    drop(event) {
      if (event.pointerId !== this.pointer) return;
      this.pointer = null;
      this.wipe();
    },
    // The chart has the line now.
    wipe() {
      if (this.pointer === null) this.line = "";
    },
  },
};
