// A slider that is the browser's own: it can be focused, has a name and says its value, and what
// the page is told while somebody drags it does not pull it away.

export default {
  template: '<input type="range" class="parley-range" :min="min" :max="max" :step="step" />',
  props: { min: Number, max: Number, step: Number, value: Number, label: String, hint: String },
  data: () => ({ held: false }),
  mounted() {
    const box = this.$el;
    this.put(this.value);
    this.name();
    box.addEventListener("input", () => {
      this.held = true;
      this.$emit("move", Number(box.value));
    });
    box.addEventListener("change", () => {
      this.held = false;
      this.$emit("set", Number(box.value));
    });
  },
  watch: {
    value(value) {
      if (!this.held) this.put(value);
    },
    max() {
      this.put(this.value);
    },
    label() {
      this.name();
    },
    hint() {
      this.name();
    },
  },
  methods: {
    put(value) {
      this.$el.value = value;
      this.$el.setAttribute("aria-valuetext", window.parleyNumber(value));
    },
    name() {
      this.$el.setAttribute("aria-label", this.label || "");
      if (this.hint) this.$el.title = this.hint;
    },
  },
};
