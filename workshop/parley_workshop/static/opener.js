// A field that opens one small text file of this machine and tells the page what it holds.

export default {
  template: `<label class="parley-opener">{{ label }}
    <input ref="box" type="file" :accept="accept" @change="read" /></label>`,
  props: { label: String, accept: String, largest: Number },
  methods: {
    async read() {
      const file = this.$refs.box.files[0];
      if (!file) return;
      if (file.size > this.largest) this.$emit("refused");
      else this.$emit("opened", await file.text());
      this.$refs.box.value = "";
    },
  },
};
