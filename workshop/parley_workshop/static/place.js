// The picture of a place: the site in the middle, villages around it, drawn on a canvas.
// What never changes (ties) is drawn once on a canvas that is not shown; a month is a few numbers
// for each village. Nothing is shown by colour alone: each village carries its number, those who
// act in the open are strokes around it, and payments are dots that travel.

const INK = "#1d2a33";
const GROUPS = ["#005a9c", "#9a6700", "#00684a", "#8a3d6f", "#a63d00", "#4a5a66"];
const SCALES = {
  // From dark to light, readable by colour-blind eyes; light is high.
  good: [[0, 32, 76], [87, 93, 109], [166, 157, 117], [255, 233, 69]],
  bad: [[255, 247, 214], [236, 178, 96], [190, 84, 40], [92, 16, 30]],
};
const PULSE = 700;

function colourOf(share, scale) {
  const stops = SCALES[scale] || SCALES.good;
  const at = Math.max(0, Math.min(1, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(at));
  return stops[low].map((c, k) => Math.round(c + (stops[low + 1][k] - c) * (at - low)));
}

function inkOn([r, g, b]) {
  return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#000000" : "#ffffff";
}

export default {
  template: '<canvas role="img" class="parley-canvas"></canvas>',
  props: { label: String },
  mounted() {
    this.opening = null;
    this.month = null;
    this.pulses = null;
    this.frame = 0;
    this.slow = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.$el);
    this.$el.setAttribute("aria-label", this.label || "");
    this.resize();
    this.$emit("ready");
  },
  beforeUnmount() {
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
  },
  methods: {
    open(opening) {
      this.opening = opening;
      this.month = null;
      this.resize();
    },
    // values, acting, paid: one number a village; notes: what happened at the site.
    show(month) {
      this.month = month;
      if (month.label) this.$el.setAttribute("aria-label", month.label);
      const most = Math.max(0, ...(month.paid || []));
      this.pulses = !this.slow && month.pulse && most > 0 ? { from: performance.now(), most } : null;
      this.again();
    },
    again() {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => {
        this.draw();
        if (this.pulses) this.again();
      });
    },
    resize() {
      const ratio = window.devicePixelRatio || 1;
      const box = this.$el.getBoundingClientRect();
      if (!box.width || !box.height) return;
      this.width = box.width;
      this.height = box.height;
      this.$el.width = Math.round(box.width * ratio);
      this.$el.height = Math.round(box.height * ratio);
      this.ratio = ratio;
      this.layOut();
      this.again();
    },
    layOut() {
      if (!this.opening || !this.width) return;
      const sizes = this.opening.sizes;
      const count = sizes.length;
      const largest = Math.max(...sizes);
      // One ring, or two when there are many; along each the villages stand equally far apart.
      const outer = count > 20 ? Math.ceil((count * 2) / 3) : count;
      const rings = [[1, outer], [0.52, count - outer]].filter(([, many]) => many > 0);
      const margin = 43;
      const [across, down] = [this.width / 2 - margin, this.height / 2 - margin];
      const ring = rings.map(([scale, many]) => this.ringOf(across * scale, down * scale, many));
      const apart = Math.min(...ring.map(({ apart }) => apart));
      const radius = Math.max(11, Math.min(32, apart * 0.4));
      const places = ring.flatMap(({ points }) => points);
      this.villages = sizes.map((size, k) => ({
        x: this.width / 2 + places[k][0],
        y: this.height / 2 + places[k][1],
        r: radius * (0.66 + 0.34 * Math.sqrt(size / largest)),
      }));
      this.ties = document.createElement("canvas");
      this.ties.width = this.$el.width;
      this.ties.height = this.$el.height;
      const pen = this.ties.getContext("2d");
      pen.scale(this.ratio, this.ratio);
      const counts = new Map();
      for (const [a, b] of this.opening.ties) {
        if (a === b) continue;
        const key = a < b ? `${a},${b}` : `${b},${a}`;
        counts.set(key, (counts.get(key) || 0) + 1);
      }
      pen.strokeStyle = "#7d8c97";
      for (const [key, ties] of counts) {
        const [a, b] = key.split(",").map((k) => this.villages[+k]);
        pen.lineWidth = Math.min(3, 0.5 + 0.25 * ties);
        pen.globalAlpha = 0.45;
        pen.beginPath();
        pen.moveTo(a.x, a.y);
        const bend = 0.25;
        pen.quadraticCurveTo(
          (a.x + b.x) / 2 + (this.width / 2 - (a.x + b.x) / 2) * bend,
          (a.y + b.y) / 2 + (this.height / 2 - (a.y + b.y) / 2) * bend,
          b.x, b.y,
        );
        pen.stroke();
      }
    },
    ringOf(across, down, many) {
      const steps = 720;
      const at = (k) => {
        const angle = -Math.PI / 2 + (k / steps) * 2 * Math.PI;
        return [across * Math.cos(angle), down * Math.sin(angle)];
      };
      const way = [0];
      for (let k = 1; k <= steps; k++) {
        const [[x0, y0], [x1, y1]] = [at(k - 1), at(k)];
        way.push(way[k - 1] + Math.hypot(x1 - x0, y1 - y0));
      }
      const apart = way[steps] / many;
      const points = [];
      for (let k = 0; k < many; k++) {
        points.push(at(way.findIndex((gone) => gone >= (k + 0.5) * apart)));
      }
      return { points, apart };
    },
    draw() {
      const pen = this.$el.getContext("2d");
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, this.$el.width, this.$el.height);
      if (!this.opening || !this.villages) return;
      pen.drawImage(this.ties, 0, 0);
      pen.scale(this.ratio, this.ratio);
      this.drawPayments(pen);
      this.drawSite(pen);
      this.villages.forEach((village, k) => this.drawVillage(pen, village, k));
    },
    drawVillage(pen, village, k) {
      const { x, y, r } = village;
      const value = this.month ? this.month.values[k] : null;
      const known = value !== null && value !== undefined;
      const colour = known ? colourOf(value / (this.month.top || 1), this.month.scale) : [238, 242, 244];
      pen.beginPath();
      pen.arc(x, y, r, 0, 2 * Math.PI);
      pen.fillStyle = `rgb(${colour.join(",")})`;
      pen.fill();
      // Shares of the groups, as arcs around the village, the first from the top on.
      let from = -Math.PI / 2;
      this.opening.groups[k].forEach((share, group) => {
        const to = from + share * 2 * Math.PI;
        pen.beginPath();
        pen.arc(x, y, r, from, to);
        pen.strokeStyle = GROUPS[group % GROUPS.length];
        pen.lineWidth = 4;
        pen.setLineDash(group % 2 ? [3, 2] : []);
        pen.stroke();
        from = to;
      });
      pen.setLineDash([]);
      if (known) {
        pen.fillStyle = inkOn(colour);
        pen.font = `bold ${Math.max(12, Math.round(r * 0.62))}px Roboto, sans-serif`;
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        pen.fillText(this.month.texts[k], x, y + 1);
      }
      const acting = this.month ? this.month.acting[k] : 0;
      const strokes = acting > 0 ? Math.max(1, Math.round(acting * 24)) : 0;
      pen.strokeStyle = INK;
      pen.fillStyle = INK;
      for (let stroke = 0; stroke < strokes; stroke++) {
        const angle = -Math.PI / 2 + (stroke / Math.max(strokes, 8)) * 2 * Math.PI;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        pen.beginPath();
        pen.moveTo(x + c * (r + 11), y + s * (r + 11));
        pen.lineTo(x + c * (r + 4) - s * 3.5, y + s * (r + 4) + c * 3.5);
        pen.lineTo(x + c * (r + 4) + s * 3.5, y + s * (r + 4) - c * 3.5);
        pen.closePath();
        pen.fill();
      }
    },
    drawSite(pen) {
      const [x, y] = [this.width / 2, this.height / 2];
      pen.fillStyle = INK;
      pen.beginPath();
      pen.moveTo(x - 20, y + 13);
      for (const [dx, dy] of [[-20, -2], [-10, -9], [-10, -2], [0, -9], [0, -2], [8, -6], [9, -19], [15, -19], [16, 13]]) {
        pen.lineTo(x + dx, y + dy);
      }
      pen.closePath();
      pen.fill();
      const notes = (this.month && this.month.notes) || [];
      if (this.month && this.month.blocked) {
        pen.strokeStyle = "#ffffff";
        pen.lineWidth = 8;
        this.cross(pen, x, y);
        pen.strokeStyle = "#a4000f";
        pen.lineWidth = 4;
        this.cross(pen, x, y);
      }
      pen.font = "bold 14px Roboto, sans-serif";
      pen.textAlign = "center";
      pen.textBaseline = "top";
      notes.slice(0, 2).forEach((note, row) => {
        const wide = pen.measureText(note).width + 10;
        pen.fillStyle = "rgba(255,255,255,0.9)";
        pen.fillRect(x - wide / 2, y + 17 + row * 19, wide, 19);
        pen.fillStyle = INK;
        pen.fillText(note, x, y + 20 + row * 19);
      });
    },
    cross(pen, x, y) {
      pen.beginPath();
      pen.moveTo(x - 24, y - 20);
      pen.lineTo(x + 24, y + 18);
      pen.moveTo(x + 24, y - 20);
      pen.lineTo(x - 24, y + 18);
      pen.stroke();
    },
    drawPayments(pen) {
      if (!this.pulses || !this.month) return;
      const way = (performance.now() - this.pulses.from) / PULSE;
      if (way >= 1) {
        this.pulses = null;
        return;
      }
      const [x, y] = [this.width / 2, this.height / 2];
      this.villages.forEach((village, k) => {
        const size = this.month.paid[k] / this.pulses.most;
        if (!(size > 0.02)) return;
        pen.beginPath();
        pen.arc(x + (village.x - x) * way, y + (village.y - y) * way, 2 + 4 * size, 0, 2 * Math.PI);
        pen.fillStyle = "#ffffff";
        pen.fill();
        pen.strokeStyle = "#00684a";
        pen.lineWidth = 2.5;
        pen.stroke();
      });
    },
  },
};
