// Sorting and filtering of tables, one stop of the keyboard a chart, one chapter at a time. Without this script everything can be read.
"use strict";
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const number = (text) => {
    const found = text.replace(/[,\s◆*※▼]/g, "").replace(/\u2212/g, "-").match(/^[+-]?\d+(\.\d+)?%?$/);
    return found ? parseFloat(found[0]) : null;
  };
  const compare = (a, b) => {
    const x = number(a), y = number(b);
    if (x !== null && y !== null) return x - y;
    if (x !== null || y !== null) return x !== null ? -1 : 1;
    return a.localeCompare(b, document.documentElement.lang);
  };
  const text = (row, column) => (row.cells[column] ? row.cells[column].textContent.trim() : "");

  const sort = (table, head, column) => {
    const body = table.tBodies[0];
    const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    const rows = [...body.rows].filter((row) => !row.classList.contains("total"));
    const totals = [...body.rows].filter((row) => row.classList.contains("total"));
    rows.sort((a, b) => way * compare(text(a, column), text(b, column)));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
    body.append(...rows, ...totals);
  };

  for (const table of document.querySelectorAll("table.three")) {
    if (!table.tHead || table.tBodies[0].rows.length < 3) continue;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = words.sort;
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, head, column));
    });
    if (table.tBodies[0].rows.length < 15) continue;
    const label = document.createElement("label");
    label.className = "filter";
    const input = document.createElement("input");
    input.type = "search";
    label.append(words.filter, input);
    table.closest(".scroll").before(label);
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
  }

  // one stop a chart: the arrow keys go from value to value inside it
  const ways = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  for (const chart of document.querySelectorAll("svg.chart")) {
    const points = [...chart.querySelectorAll(".point")];
    points.forEach((point, n) => point.setAttribute("tabindex", n ? "-1" : "0"));
    chart.addEventListener("keydown", (event) => {
      const at = points.indexOf(document.activeElement);
      const last = points.length - 1;
      const to = event.key === "Home" ? 0 : event.key === "End" ? last : at + ways[event.key];
      if (at < 0 || !points[to]) return;
      event.preventDefault();
      points[at].setAttribute("tabindex", "-1");
      points[to].setAttribute("tabindex", "0");
      points[to].focus();
    });
  }

  const mode = document.getElementById("mode");
  const sections = [...document.querySelectorAll("main > section")];
  const choose = () => {
    const one = mode.value === "one";
    document.body.classList.toggle("one", one);
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const chosen = (target && target.closest("main > section")) || document.getElementById("summary") || sections[0];
    for (const section of sections) section.classList.toggle("chosen", section === chosen);
    if (one && target) target.scrollIntoView();
  };
  mode.parentElement.hidden = false;
  mode.addEventListener("change", choose);
  window.addEventListener("hashchange", choose);
  choose();
})();
