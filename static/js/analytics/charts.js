/* Charts of figures, drawn by ECharts from the JSON beside them; colours come from the tokens. A table stands beside each. */
"use strict";

(() => {
  const token = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
  const charts = new Set();

  const line = (one, panel, colour, months, isWall) => ({
    name: one.name, type: "line", data: one.values, xAxisIndex: panel, yAxisIndex: panel, color: colour,
    symbol: "circle", symbolSize: 4, showSymbol: false, lineStyle: { width: isWall ? 3 : 2 }, connectNulls: false,
    endLabel: { show: true, color: colour, fontWeight: 600, formatter: ({ value }) => told(value, one.unit) },
    markLine: one.target === null || one.target === undefined ? undefined : {
      silent: true, symbol: "none", lineStyle: { type: "dashed", color: token("--ink-3") },
      label: { show: false }, data: [{ yAxis: one.target }],
    },
  });
  const told = (value, unit) =>
    value === null || value === undefined ? "—" : `${value.toLocaleString(undefined, { maximumFractionDigits: 1 })}${unit}`;

  /* Counts above, rates below: one axis for each kind, the months shared. */
  const trend = (data, isWall) => {
    const font = isWall ? 16 : 12;
    const counts = data.series.filter((one) => !one.unit);
    const rates = data.series.filter((one) => one.unit);
    const colours = [token("--accent"), token("--ok"), token("--cmp")];
    const axis = { axisLabel: { fontSize: font, color: token("--ink-2") }, splitLine: { lineStyle: { color: token("--line") } } };
    const right = isWall ? 90 : 62;
    return {
      animation: false,
      textStyle: { fontFamily: token("--font") },
      legend: { top: 0, left: 4, itemWidth: 14, itemHeight: 8, textStyle: { fontSize: font, color: token("--ink") } },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, valueFormatter: (value) => told(value, "") },
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      grid: [
        { left: 52, right, top: font * 2.4, height: "30%" },
        { left: 52, right, bottom: font * 2.2, top: counts.length ? "54%" : font * 2.4 },
      ],
      xAxis: [0, 1].map((panel) => ({
        type: "category", gridIndex: panel, data: data.months, boundaryGap: false,
        axisLabel: { show: panel === 1, fontSize: font, color: token("--ink-2"), hideOverlap: true },
        axisTick: { show: false }, axisLine: { show: panel === 1 || counts.length > 0, lineStyle: { color: token("--line-strong") } },
      })),
      yAxis: [
        { ...axis, show: counts.length > 0, type: "value", gridIndex: 0, splitNumber: 2, min: 0 },
        { ...axis, type: "value", gridIndex: 1, splitNumber: 3, scale: true, max: (range) => Math.min(100, Math.ceil(range.max)) },
      ],
      series: [
        ...counts.map((one) => line(one, 0, token("--ink-2"), data.months, isWall)),
        ...rates.map((one, at) => line(one, 1, colours[at], data.months, isWall)),
      ],
    };
  };

  /* Outlines know the districts as they were before 2018; a younger one is a point of its own, never painted over. */
  const map = (data, isWall) => {
    const drawn = new Set(data.outlines.features.map((one) => one.properties.name));
    echarts.registerMap("city", data.outlines);
    const shades = [1, 2, 3, 4, 5].map((step) => token(`--seq-${step}`));
    const colour = (one) => (one.shade ? shades[one.shade - 1] : token("--line"));
    const ink = (one) => (one.shade >= 4 ? "#fff" : token(one.shade ? "--on-seq" : "--ink"));
    const label = (one) => `${one.name}\n${one.told}`;
    const font = isWall ? 15 : 12;
    return {
      animation: false,
      textStyle: { fontFamily: token("--font") },
      geo: { map: "city", silent: true, top: 10, bottom: 10, left: 10, right: 10, itemStyle: { areaColor: "transparent", borderColor: "transparent" } },
      series: [
        {
          type: "map", map: "city", top: 10, bottom: 10, left: 10, right: 10, selectedMode: false,
          emphasis: { disabled: true },
          data: data.areas.filter((one) => drawn.has(one.outline)).map((one) => ({
            name: one.outline, value: one.value,
            itemStyle: { areaColor: colour(one), borderColor: token("--panel"), borderWidth: 2 },
            label: { show: true, formatter: label(one), fontSize: font, color: ink(one) },
          })),
        },
        {
          type: "scatter", coordinateSystem: "geo", symbol: "roundRect", symbolSize: [font * 6, font * 3],
          data: data.areas.filter((one) => one.point).map((one) => ({
            value: [...one.point, one.value],
            itemStyle: { color: colour(one), borderColor: token("--panel"), borderWidth: 2 },
            label: { show: true, formatter: label(one), fontSize: font, color: ink(one) },
          })),
        },
      ],
    };
  };

  /* The first indicator of the rows of an ad-hoc table: bars, or a line where the rows are times. */
  const crosstab = (data) => {
    const font = { color: token("--ink-2"), fontSize: 12 };
    const names = { type: "category", data: data.names, inverse: !data.is_time, axisTick: { show: false }, axisLabel: { ...font, hideOverlap: data.is_time, width: 120, overflow: "truncate" } };
    const values = { type: "value", axisLabel: font, splitNumber: 4, splitLine: { lineStyle: { color: token("--line") } } };
    return {
      animation: false,
      grid: { left: 8, right: 24, top: 12, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText" },
      xAxis: data.is_time ? names : values,
      yAxis: data.is_time ? values : names,
      series: [{
        type: data.is_time ? "line" : "bar", name: data.name, data: data.values, color: token("--accent"),
        barMaxWidth: 16, symbolSize: 4, label: { show: !data.is_time, position: "right", color: token("--ink"), fontSize: 12 },
      }],
    };
  };

  const KINDS = { trend, map, crosstab };
  const sizes = new ResizeObserver((seen) => {
    for (const { target, contentRect } of seen) if (contentRect.width) echarts.getInstanceByDom(target)?.resize();
  });

  const draw = async (place) => {
    const data = JSON.parse(document.getElementById(place.dataset.from).textContent);
    if (place.dataset.outlines) data.outlines = await (await fetch(place.dataset.outlines)).json();
    if (data.is_time === false) place.style.height = `${48 + 26 * data.names.length}px`;
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption(KINDS[place.dataset.chart](data, document.body.classList.contains("wall")));
    charts.add(chart);
    sizes.observe(place);
  };

  const drawAll = () => {
    for (const chart of charts) chart.dispose();
    charts.clear();
    sizes.disconnect();
    for (const place of document.querySelectorAll("[data-chart]")) draw(place);
  };

  addEventListener("figures-changed", drawAll);
  drawAll();
})();
