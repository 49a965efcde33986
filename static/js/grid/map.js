/* The map of the grid: districts and the outlines of one's own territory, drawn here; nothing comes from outside. */
"use strict";

(() => {
  const LAYERS = {
    1: { color: "#5b6b7a", weight: 1, fillOpacity: 0 },
    2: { color: "#5b6b7a", weight: 1, fillOpacity: 0 },
    3: { color: "#5b6b7a", weight: 1.5, fillOpacity: 0.03 },
    4: { color: "#0b6b8a", weight: 2, fillOpacity: 0.05 },
    5: { color: "#0b6b8a", weight: 1.5, fillOpacity: 0.1 },
    6: { color: "#7a4fb5", weight: 1, fillOpacity: 0.08, dashArray: "4 3" },
  };
  const CITY = [[22.44, 113.75], [22.87, 114.63]];
  // Which level is named at a zoom: one at a time, or the names would lie over each other.
  const namedLevel = (zoom) => (zoom < 13 ? 3 : zoom < 14 ? 4 : zoom < 16 ? 5 : 6);

  const place = document.getElementById("map");
  const answer = document.getElementById("map-answer");
  const map = L.map(place, { attributionControl: false, zoomControl: false, maxZoom: 19, zoomSnap: 0.5 });
  L.control.zoom({ zoomInTitle: place.dataset.textIn, zoomOutTitle: place.dataset.textOut }).addTo(map);
  map.fitBounds(CITY);

  const read = async (address) => {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  };
  const say = (...parts) => answer.replaceChildren(...parts);
  const named = (layer, name) =>
    layer.bindTooltip(() => Object.assign(document.createElement("span"), { textContent: name }), {
      permanent: true, direction: "center", className: "map-name", interactive: false,
    });

  const showDistricts = (found) => {
    const style = { color: "#9aa7b3", weight: 1, fillColor: "#ffffff", fillOpacity: 1, interactive: false };
    L.geoJSON(found, { style, onEachFeature: (one, layer) => named(layer, one.properties.name || "") })
      .addTo(map)
      .bringToBack();
  };

  const showOutlines = (found) => {
    const names = [];
    const drawn = L.geoJSON(found, {
      style: (one) => ({ ...LAYERS[one.properties.level], interactive: false }),
      onEachFeature: (one, layer) => names.push([layer, one.properties]),
    }).addTo(map);
    const follow = () => {
      const level = namedLevel(map.getZoom());
      for (const [layer, { name, level: own }] of names) {
        const shown = own === level;
        if (shown && !layer.getTooltip()) named(layer, name);
        if (!shown && layer.getTooltip()) layer.unbindTooltip();
      }
    };
    map.on("zoomend", follow);
    if (names.length && place.dataset.longitude === undefined) map.fitBounds(drawn.getBounds(), { padding: [16, 16] });
    follow();
  };

  const markBuilding = () => {
    if (place.dataset.longitude === undefined) return;
    const point = [Number(place.dataset.latitude), Number(place.dataset.longitude)];
    L.circleMarker(point, { radius: 8, color: "#b42318", weight: 3, fillOpacity: 0.4 }).addTo(map);
    map.setView(point, 16);
    say(place.dataset.name);
  };

  const ask = async ({ latlng }) => {
    const asked = new URLSearchParams({ longitude: latlng.lng.toFixed(6), latitude: latlng.lat.toFixed(6) });
    try {
      const { area } = await read(`${place.dataset.point}?${asked}`);
      if (!area) return say(place.dataset.textNone);
      const words = `${area.name} · ${area.code}`;
      if (!place.dataset.cells) return say(words);
      const link = document.createElement("a");
      link.href = `${place.dataset.cells}${area.code}/`;
      link.textContent = words;
      say(link);
    } catch {
      say(document.body.dataset.textOffline);
    }
  };

  map.on("click", ask);
  markBuilding();
  read(place.dataset.districts).then(showDistricts).catch(() => {});
  read(place.dataset.outlines).then(showOutlines).catch(() => say(document.body.dataset.textOffline));
})();
