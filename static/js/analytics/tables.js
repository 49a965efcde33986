// The chart beside an ad-hoc table: the first indicator of the rows shown. On narrow screens the form folds away.
"use strict";
(() => {
  const box = document.querySelector("[data-crosstab-chart]");
  const wide = window.matchMedia("(min-width: 1001px)");
  const ask = document.querySelector("[data-ask]");
  if (ask && wide.matches) ask.open = true;
  if (!box || !window.echarts) return;
  const given = JSON.parse(document.getElementById("crosstab-chart").textContent);
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const chart = window.echarts.init(box, null, { renderer: "svg" });
  const font = { color: colour("--ink-2"), fontSize: 12 };
  chart.setOption({
    animation: false,
    grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "category", data: given.names, axisLabel: { ...font, hideOverlap: true, width: 84, overflow: "truncate" } },
    yAxis: { type: "value", axisLabel: font, splitLine: { lineStyle: { color: colour("--line") } } },
    series: [{ type: "bar", name: given.name, data: given.values, barMaxWidth: 28, itemStyle: { color: colour("--accent") } }],
  });
  new ResizeObserver(() => chart.resize()).observe(box);
})();
