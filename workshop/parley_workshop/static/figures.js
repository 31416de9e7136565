// Numbers as the language of the page writes them: the same as `number` in figures.py.
// A number has `least` figures at least, so that one that moves does not jump about.

window.parleyNumber = (value, digits = 3, least = 1) => {
  const point = document.documentElement.lang.startsWith("en") ? "." : ",";
  const few = (x) => {
    const whole = Math.abs(x) >= 10 ** digits;
    const rule = whole
      ? { maximumFractionDigits: 0 }
      : { minimumSignificantDigits: Math.min(least, digits), maximumSignificantDigits: digits };
    const text = new Intl.NumberFormat("en", rule).format(x).replace(/^-(?=[0.,]*$)/, "");
    return text.replace(/[.,]/g, (sign) => (sign === "." ? point : "\u202f"));
  };
  if (value === null || value === undefined || !Number.isFinite(+value)) return "–";
  return Math.abs(value) >= 1e6 ? `${few(value / 1e6)} M` : few(+value);
};
