// Drawing grids and groups: ticks by mouse, range and keyboard, sizes as one draws, steps taken back before saving.
const form = document.getElementById("draw");
if (form) {
  const lines = [...form.querySelectorAll("tr[data-line]")];
  const sizes = form.querySelector("#sizes tbody");
  const back = form.querySelector("#draw-back"), more = form.querySelector("#draw-new");
  const least = Number(form.dataset.least), most = Number(form.dataset.most);
  const steps = [];
  const tick = (line) => line.querySelector("input[type=checkbox]");
  const target = (line) => line.querySelector("select");
  const number = new Intl.NumberFormat("en");
  let last = null;

  const count = () => {
    const gaps = [];
    const sums = new Map([...sizes.rows].map((row) => [row.dataset.column, { places: 0, doors: 0, size: 0 }]));
    for (const line of lines) {
      const sum = sums.get(target(line).value);
      if (sum) { sum.places += Number(line.dataset.places); sum.doors += Number(line.dataset.doors); sum.size += Number(line.dataset.size); }
      else if (!target(line).value) gaps.push(line.dataset.line);
    }
    for (const row of sizes.rows) {
      const sum = sums.get(row.dataset.column);
      for (const cell of row.querySelectorAll("[data-sum]")) cell.textContent = number.format(sum[cell.dataset.sum]);
      row.querySelector("[data-advice=low]").hidden = !sum.size || sum.size >= least;
      row.querySelector("[data-advice=high]").hidden = sum.size <= most;
    }
    form.querySelector("[data-gap-count]").textContent = number.format(gaps.length);
    form.querySelector("[data-gap-names]").textContent = gaps.slice(0, 30).join("、") + (gaps.length > 30 ? "…" : "");
    back.hidden = !steps.length;
  };

  const put = (key) => {
    const chosen = lines.filter((line) => tick(line).checked);
    if (!chosen.length) return;
    steps.push(chosen.map((line) => [line, target(line).value]));
    for (const line of chosen) { target(line).value = key; tick(line).checked = false; }
    count();
  };

  for (const line of lines) {
    let was = target(line).value;
    target(line).addEventListener("focus", () => { was = target(line).value; });
    target(line).addEventListener("change", () => { steps.push([[line, was]]); was = target(line).value; count(); });
    tick(line).addEventListener("click", (event) => {
      if (event.shiftKey && last) {
        const [from, to] = [lines.indexOf(last), lines.indexOf(line)].sort((a, b) => a - b);
        for (const one of lines.slice(from, to + 1)) tick(one).checked = tick(line).checked;
      }
      last = line;
    });
  }

  form.addEventListener("keydown", (event) => {
    const line = event.target.type === "checkbox" && event.target.closest("tr[data-line]");
    if (event.target.id === "range" && event.key === "Enter") {
      event.preventDefault();
      const wanted = event.target.value.split(/[^0-9-]+/).filter(Boolean).map((piece) => piece.split("-").map(Number));
      for (const one of lines) {
        const own = Number(one.dataset.line.match(/\d+/)?.[0] ?? NaN);
        if (wanted.some(([from, to = from]) => own >= from && own <= to)) tick(one).checked = true;
      }
      tick(lines.find((one) => tick(one).checked) ?? lines[0]).focus();
      return;
    }
    if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = lines[lines.indexOf(line) + step];
      if (next) { if (event.shiftKey) { tick(line).checked = true; tick(next).checked = true; } tick(next).focus(); last = next; }
    } else if (/^[0-9]$/.test(event.key)) {
      event.preventDefault();
      const row = sizes.rows[Number(event.key) - 1];
      if (event.key === "0") put(""); else if (row) put(row.dataset.column);
    }
  });

  form.addEventListener("click", (event) => {
    const key = event.target.closest("[data-put]")?.dataset.put;
    if (key) put(key);
  });
  form.addEventListener("input", (event) => {
    const row = event.target.closest("tr[data-column]");
    if (row) for (const option of form.querySelectorAll(`option[value="${row.dataset.column}"]`)) option.textContent = event.target.value;
  });
  back.addEventListener("click", () => {
    for (const [line, value] of steps.pop() ?? []) target(line).value = value;
    count();
  });
  more.hidden = false;
  more.addEventListener("click", () => {
    const made = sizes.rows[sizes.rows.length - 1].cloneNode(true);
    const at = sizes.rows.length + 1, key = `new-${at + 1000}`, name = more.dataset.name.replace("{n}", at);
    made.dataset.column = key;
    made.querySelector("[data-put]").dataset.put = key;
    made.querySelector("[data-put]").textContent = at;
    made.querySelector("input").name = `name-${key}`;
    made.querySelector("input").value = name;
    sizes.append(made);
    for (const line of lines) target(line).add(new Option(name, key));
    count();
    made.querySelector("input").select();
  });
}
