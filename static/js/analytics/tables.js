// The chart beside an ad-hoc table: the first indicator of the rows shown, bars or a line of times. On narrow screens the form folds away.
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
  if (!given.is_time) box.style.height = `${48 + 26 * given.names.length}px`;
  const chart = window.echarts.init(box, null, { renderer: "svg" });
  const font = { color: colour("--ink-2"), fontSize: 12 };
  const names = { type: "category", data: given.names, inverse: !given.is_time, axisTick: { show: false }, axisLabel: { ...font, hideOverlap: given.is_time, width: 120, overflow: "truncate" } };
  const values = { type: "value", axisLabel: font, splitNumber: 4, splitLine: { lineStyle: { color: colour("--line") } } };
  chart.setOption({
    animation: false,
    grid: { left: 8, right: 24, top: 12, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: given.is_time ? names : values,
    yAxis: given.is_time ? values : names,
    series: [{
      type: given.is_time ? "line" : "bar", name: given.name, data: given.values, color: colour("--accent"),
      barMaxWidth: 16, symbolSize: 4, label: { show: !given.is_time, position: "right", color: colour("--ink"), fontSize: 12 },
    }],
  });
  new ResizeObserver(() => chart.resize()).observe(box);
})();
