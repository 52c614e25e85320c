// Filters the page. Every figure is counted anew from the cube, whose cells are combinations of
// values with their incidents. A view leaves its own filter out, so that its other values stay
// there to be chosen; district and location are one filter, since the one holds the other.
const data = document.getElementById("cube") && JSON.parse(document.getElementById("cube").textContent);
const number = new Intl.NumberFormat("da-DK");
const told = (count) => number.format(count);

if (data) start();

function start() {
  const names = Object.keys(data.columns);
  const cells = data.incidents.length;
  const columns = Object.fromEntries(names.map((name) => [name, Int32Array.from(data.columns[name])]));
  const incidents = Float64Array.from(data.incidents);
  const total = data.incidents.reduce((sum, count) => sum + count, 0);
  const chosen = Object.fromEntries(names.map((name) => [name, null]));
  const filters = names.filter((name) => name !== "district" && name !== "location");
  // Which one filter a cell fails: none, one (its place in `filters`, the place last), or several.
  const NONE = -1;
  const SEVERAL = -2;
  const PLACE = filters.length;
  const failed = new Int8Array(cells);

  const views = [...document.querySelectorAll("[data-view]")].map((element) => {
    const name = element.dataset.view;
    const buttons = [...element.querySelectorAll("button")];
    return {
      name,
      filter: filters.indexOf(name),
      counts: new Float64Array(data.labels[name].length),
      unknown: new Set(data.unknown[name]),
      rows: buttons.map((button) => parts(button)),
    };
  });
  const places = [...document.querySelectorAll("[data-place]")].map((row) => {
    const [district, location] = row.dataset.place.split(":");
    const whole = district === "district";
    return {
      row,
      key: whole ? `${location}` : row.dataset.place,
      district: Number(whole ? location : district),
      location: whole ? null : Number(location),
      ...sums(row),
    };
  });
  const all = { ...sums(document.querySelector("#places .total")) };
  const helpers = document.getElementById("help");
  const selects = [...document.querySelectorAll("select[data-name]")];

  function parts(button) {
    return {
      button,
      value: Number(button.dataset.value),
      count: button.querySelector("[data-count]"),
      fill: button.querySelector(".fill"),
    };
  }

  function sums(row) {
    return {
      button: row.querySelector("button.pick"),
      count: row.querySelector("[data-count]"),
      score: row.querySelector("[data-score]"),
      types: [...row.querySelectorAll("[data-type]")],
    };
  }

  function check() {
    for (let cell = 0; cell < cells; cell += 1) {
      let which = NONE;
      for (let n = 0; n < filters.length; n += 1) {
        const value = chosen[filters[n]];
        if (value !== null && columns[filters[n]][cell] !== value) which = which === NONE ? n : SEVERAL;
      }
      const elsewhere =
        (chosen.district !== null && columns.district[cell] !== chosen.district) ||
        (chosen.location !== null && columns.location[cell] !== chosen.location);
      if (elsewhere) which = which === NONE ? PLACE : SEVERAL;
      failed[cell] = which;
    }
  }

  function countViews() {
    for (const view of views) {
      view.counts.fill(0);
      const column = columns[view.name];
      for (let cell = 0; cell < cells; cell += 1) {
        if (failed[cell] === NONE || failed[cell] === view.filter) view.counts[column[cell]] += incidents[cell];
      }
      const most = Math.max(...view.counts);
      for (const { button, value, count, fill } of view.rows) {
        const found = view.counts[value];
        count.textContent = !found && view.unknown.has(value) ? data.notKnown : told(found);
        fill.style.setProperty("--share", most ? found / most : 0);
        const pressed = chosen[view.name] === value;
        button.setAttribute("aria-pressed", pressed);
        button.classList.toggle("aside", chosen[view.name] !== null && !pressed);
        button.classList.toggle("none", !found);
      }
    }
  }

  function empty() {
    return { count: 0, score: 0, types: new Float64Array(all.types.length) };
  }

  function add(sum, cell) {
    const type = columns.category[cell];
    sum.count += incidents[cell];
    sum.score += incidents[cell] * data.weights[type];
    sum.types[data.types[type]] += incidents[cell];
  }

  function write(target, sum) {
    target.count.textContent = told(sum.count);
    target.score.textContent = told(sum.score);
    target.types.forEach((element, n) => (element.textContent = told(sum.types[n])));
  }

  function countPlaces() {
    const found = new Map(places.map((place) => [place.key, empty()]));
    const sum = empty();
    for (let cell = 0; cell < cells; cell += 1) {
      if (failed[cell] === NONE) add(sum, cell);
      if (failed[cell] !== NONE && failed[cell] !== PLACE) continue;
      const district = columns.district[cell];
      add(found.get(`${district}`), cell);
      const location = found.get(`${district}:${columns.location[cell]}`);
      if (location) add(location, cell);
    }
    for (const place of places) {
      const counted = found.get(place.key);
      write(place, counted);
      const here = place.location === null
        ? chosen.location === null && chosen.district === place.district
        : chosen.location === place.location;
      const picked = chosen.district !== null || chosen.location !== null;
      const within = chosen.location === null && chosen.district === place.district;
      place.button.setAttribute("aria-pressed", here);
      place.row.classList.toggle("aside", picked && !here && !within);
    }
    write(all, sum);
    return sum;
  }

  function countHelp() {
    const called = new Float64Array(data.helpers);
    const arrived = new Float64Array(data.helpers);
    const { cell, helper } = data.help;
    for (let n = 0; n < cell.length; n += 1) {
      if (failed[cell[n]] !== NONE) continue;
      called[helper[n]] += data.help.called[n];
      arrived[helper[n]] += data.help.arrived[n];
    }
    const sum = (counts) => counts.reduce((before, count) => before + count, 0);
    if (helpers) {
      const rows = [...helpers.tBodies[0].rows];
      for (const row of rows) {
        row.querySelector("[data-called]").textContent = told(called[row.dataset.helper]);
        row.querySelector("[data-arrived]").textContent = told(arrived[row.dataset.helper]);
      }
      rows.sort((one, other) => called[other.dataset.helper] - called[one.dataset.helper]);
      helpers.tBodies[0].append(...rows);
      helpers.tFoot.querySelector("[data-called]").textContent = told(sum(called));
      helpers.tFoot.querySelector("[data-arrived]").textContent = told(sum(arrived));
    }
    return [sum(called), sum(arrived)];
  }

  function tell(sum, [called, arrived]) {
    const set = (id, count) => (document.getElementById(id).textContent = told(count));
    set("incidents", sum.count);
    set("score", sum.score);
    set("called", called);
    set("arrived", arrived);
    const active = names.filter((name) => chosen[name] !== null);
    const words = active.map((name) => label(name));
    document.getElementById("selection").textContent = active.length
      ? `Viser ${told(sum.count)} af ${told(total)} ${total === 1 ? "hændelse" : "hændelser"}: ${words.join(", ")}.` +
        (sum.count ? "" : " Ingen hændelser passer til alle filtrene; vælg Nulstil, eller fjern et filter.")
      : total === 1 ? "Viser den ene hændelse i udvalget." : `Viser alle ${told(total)} hændelser i udvalget.`;
    document.getElementById("reset").disabled = !active.length;
    document.getElementById("chips").replaceChildren(...active.map(chip));
    for (const select of selects) select.value = chosen[select.dataset.name] ?? "";
    const kept = new URLSearchParams(active.map((name) => [name, data.labels[name][chosen[name]]]));
    history.replaceState(null, "", active.length ? `#${kept}` : location.pathname + location.search);
  }

  function label(name) {
    const value = data.labels[name][chosen[name]];
    // These say nothing without what they are about.
    return /^(Ja|Nej|Ukendt|Ikke angivet|Ved ikke|Andet)$/.test(value)
      ? `${data.names[name].toLowerCase()}: ${value.toLowerCase()}`
      : value;
  }

  function chip(name) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label(name);
    button.setAttribute("aria-label", `Fjern filteret ${label(name)}`);
    button.addEventListener("click", () => {
      chosen[name] = null;
      update();
      document.getElementById("selection").focus();
    });
    item.append(button);
    return item;
  }

  function choose(name, value) {
    const same = chosen[name] === value;
    if (name === "district" || name === "location") chosen.district = chosen.location = null;
    chosen[name] = same ? null : value;
    update();
  }

  function unfold(button, open) {
    button.setAttribute("aria-expanded", open);
    document.getElementById(button.getAttribute("aria-controls")).hidden = !open;
  }

  function update() {
    check();
    countViews();
    tell(countPlaces(), countHelp());
  }

  function read() {
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const name of names) {
      const place = data.labels[name].indexOf(kept.get(name));
      chosen[name] = place < 0 ? null : place;
    }
    update();
    // A location that is linked to must not stay folded away.
    for (const picked of document.querySelectorAll(".location .pick[aria-pressed=true]")) {
      unfold(document.querySelector(`[aria-controls="${picked.closest("tbody").id}"]`), true);
    }
  }

  document.querySelector(".dashboard").hidden = false;
  document.querySelector(".dashboard").addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (button.id === "reset") {
      for (const name of names) chosen[name] = null;
      update();
      document.getElementById("selection").focus();
    } else if (button.classList.contains("fold")) {
      unfold(button, button.getAttribute("aria-expanded") !== "true");
    } else if (button.dataset.name) {
      choose(button.dataset.name, Number(button.dataset.value));
    }
  });
  for (const select of selects) {
    select.addEventListener("change", () => {
      chosen[select.dataset.name] = select.value === "" ? null : Number(select.value);
      update();
    });
  }
  addEventListener("hashchange", read);
  // What the Tab key reaches must not hide under filters that stay on top.
  const panel = document.querySelector(".filters");
  new ResizeObserver(() => {
    const sticks = getComputedStyle(panel).position === "sticky";
    document.documentElement.style.scrollPaddingTop = sticks ? `${panel.offsetHeight + 12}px` : "";
  }).observe(panel);
  read();
}

// Only a box that has something to scroll is a stop of the Tab key.
const boxes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const box of document.querySelectorAll(".scroll")) boxes.observe(box);
