// Filters the page. Every figure is counted anew from cubes, whose cells are combinations of values
// with their incidents. A view counts from the first cube that holds what it shows and all that is
// chosen; where none does, it says what cannot be crossed. It leaves its own filter out, so that
// its other values stay there to be chosen; district and location are one filter, the place.
const data = document.getElementById("cube") && JSON.parse(document.getElementById("cube").textContent);
const number = new Intl.NumberFormat("da-DK");
const told = (count) => number.format(count);
const at = (id) => document.getElementById(id);

if (data) start();

function start() {
  const TREE = ["district", "location"];
  const names = Object.keys(data.labels);
  const filters = [...names.filter((name) => !TREE.includes(name)), "place"];
  // How a cell stands to the filters: it passes all, fails one (its place in `filters`), or several.
  const PASSES = -1;
  const SEVERAL = -2;
  const EVERY = -1;
  const cubes = data.cubes.map(readCube);
  const chosen = Object.fromEntries(names.map((name) => [name, new Set()]));
  let period = data.opened;

  // A cube's month is told as its period and its place in that period. Cells lie in the order of
  // their periods: those of one lie from its place in `starts` to the next one's.
  // Where it is not of months, all of a period lie in its first.
  function readCube({ month, byMonth, columns, incidents, help }) {
    const when = month.map((each) => data.months[each]);
    const order = [...when.keys()].sort((one, other) => when[one][0] - when[other][0] || one - other);
    const place = new Int32Array(order.length);
    order.forEach((cell, n) => (place[cell] = n));
    const own = Object.fromEntries(Object.keys(columns).map((name) =>
      [name, Int32Array.from(order, (cell) => columns[name][cell])]));
    if (byMonth) own.month = Int32Array.from(order, (cell) => when[cell][1]);
    if (help) own.help = Int32Array.from(help.cell, (cell) => place[cell]);
    const starts = new Int32Array(data.periods.length + 1);
    for (const [of] of when) starts[of + 1] += 1;
    for (let of = 0; of < data.periods.length; of += 1) starts[of + 1] += starts[of];
    return {
      columns: own,
      starts,
      incidents: Float64Array.from(order, (cell) => incidents[cell]),
      help,
      failed: new Int8Array(order.length),
      checked: null,
    };
  }

  // The first cell to count, the first of the period itself, and the one after the last.
  function bounds({ starts, incidents }) {
    if (period === EVERY) return [0, 0, incidents.length];
    return [starts[Math.max(0, period - 1)], starts[period], starts[period + 1]];
  }

  const views = [...document.querySelectorAll("[data-view]")].map((element) => {
    const name = element.dataset.view;
    const buttons = [...element.querySelectorAll("button")];
    rove(element, buttons);
    return {
      name,
      element,
      title: element.closest("section").querySelector("h2").textContent,
      rows: buttons.map((button) => ({
        button,
        value: Number(button.dataset.value),
        label: data.labels[name][button.dataset.value],
        count: button.querySelector("[data-count]"),
        before: button.querySelector("[data-before]"),
        fill: button.querySelector(".fill"),
        mark: button.querySelector(".before"),
      })),
    };
  });
  const places = [...document.querySelectorAll("[data-place]")].map((row) => {
    const [district, location] = row.dataset.place.split(":");
    return {
      key: row.dataset.place,
      row,
      district: Number(district),
      location: location === "" ? null : Number(location),
      label: row.querySelector(".pick").textContent,
      ...sums(row),
    };
  });
  const all = sums(document.querySelector("#places .total"));
  const week = [...document.querySelectorAll("#week [data-cell]")].map((element) => {
    const [weekday, hour] = element.dataset.cell.split(":").map(Number);
    return { element, weekday, hour };
  });
  const course = [...document.querySelectorAll("#course .season")].map((button) => ({
    button,
    count: button.querySelector("[data-count]"),
    months: [...button.querySelectorAll(".pole")].map((pole) =>
      ({ pole, said: pole.dataset.month, fill: pole.querySelector(".fill"), now: null })),
  }));
  rove(at("course"), course.map(({ button }) => button));
  const bands = [...document.querySelectorAll("#course .band")].map((element) => {
    const location = Number(element.dataset.location);
    return { element, location, district: places.find((place) => place.location === location)?.district };
  });
  const helpers = at("help") && [...at("help").tBodies[0].rows];
  const table = at("places");
  rove(table, () => [...table.querySelectorAll("tbody:not([hidden]) .pick")], true);
  const sorted = { places: null, help: null };

  function sums(row) {
    return {
      button: row.querySelector("button.pick"),
      count: row.querySelector("[data-count]"),
      before: row.querySelector("[data-before]"),
      score: row.querySelector("[data-score]"),
      types: [...row.querySelectorAll("[data-type]")],
    };
  }

  // What is chosen

  const isChosen = (filter) =>
    filter === "place" ? TREE.some((name) => chosen[name].size) : chosen[filter].size > 0;
  const active = () => names.filter((name) => chosen[name].size);
  const dimensionsOf = (filter) => (filter === "place" ? TREE.filter((name) => chosen[name].size) : [filter]);

  function cubeFor(needed, own) {
    const crossed = filters.filter((filter) => filter !== own && isChosen(filter)).flatMap(dimensionsOf);
    return cubes.find((cube) => [...needed, ...crossed].every((name) => cube.columns[name]));
  }

  const mask = (name) => {
    const is = new Uint8Array(data.labels[name].length);
    for (const value of chosen[name]) is[value] = 1;
    return is;
  };

  function check(cube, state) {
    if (cube.checked === state) return;
    cube.checked = state;
    const { columns, failed } = cube;
    failed.fill(PASSES);
    filters.forEach((filter, which) => {
      if (!isChosen(filter) || !dimensionsOf(filter).every((name) => columns[name])) return;
      // A cell passes with one value of the filter, or of either of the place's two.
      const [name, other = name] = dimensionsOf(filter);
      const [is, too] = [mask(name), mask(other)];
      const [column, another] = [columns[name], columns[other]];
      for (let cell = 0; cell < failed.length; cell += 1) {
        if (!is[column[cell]] && !too[another[cell]]) failed[cell] = failed[cell] === PASSES ? which : SEVERAL;
      }
    });
  }

  // Whether the period before can be held against this one: each month shown is whole in both.
  function comparable() {
    if (period <= 0) return false;
    const [now, before] = [data.periods[period], data.periods[period - 1]];
    const months = chosen.month.size ? [...chosen.month] : [...now.whole.keys()];
    return now.length === before.length && months.every((n) => now.whole[n] && before.whole[n]);
  }

  // Counting

  let state = {};
  // The sums of what is chosen, and its help; null where no cube holds it together.
  let latest = null;
  let helped = null;

  // Calls `add(cell, is_before)` for the cells of the period, and of the one before, that pass.
  function each(cube, own, add, [first, now, after] = bounds(cube)) {
    check(cube, state);
    const { failed } = cube;
    const besides = filters.indexOf(own);
    for (let cell = first; cell < after; cell += 1) {
      if (failed[cell] === PASSES || failed[cell] === besides) add(cell, cell < now);
    }
  }

  function put(element, text) {
    if (element && element.textContent !== text) element.textContent = text;
  }

  // Whether a view can be counted; where not, it says what it cannot be crossed with.
  function canCross(element, cube, needed, own) {
    const section = element.closest("section");
    let said = section.querySelector(".uncrossed");
    section.classList.toggle("apart", !cube);
    if (cube) said?.remove();
    else {
      if (!said) {
        said = document.createElement("p");
        said.className = "uncrossed";
        section.querySelector("h2").after(said);
      }
      const others = filters.filter((filter) => filter !== own && isChosen(filter)).flatMap(dimensionsOf);
      const never = others.filter((name) => !cubes.some((one) => [...needed, name].every((each) => one.columns[each])));
      put(said, `Kan ikke vises sammen med ${listed((never.length ? never : others).map((name) => data.inSentence[name]))}.`);
    }
    return Boolean(cube);
  }

  function countViews(compared) {
    for (const view of views) {
      const own = view.name;
      const cube = cubeFor([own], own);
      view.shown = canCross(view.element, cube, [own], own);
      if (!cube) continue;
      const counts = new Float64Array(data.labels[own].length);
      const before = new Float64Array(counts.length);
      const column = cube.columns[own];
      each(cube, own, (cell, isBefore) => ((isBefore ? before : counts)[column[cell]] += cube.incidents[cell]));
      const month = own === "month";
      const lacks = (value, of) => month && of >= 0 && !data.periods[of].whole[value];
      const lasts = (value) => (month ? period > 0 && !lacks(value, period) && !lacks(value, period - 1) : compared);
      const most = Math.max(1, ...counts, ...before.filter((_, value) => lasts(value)));
      for (const row of view.rows) {
        const found = counts[row.value];
        row.now = found;
        row.then = lasts(row.value) ? before[row.value] : null;
        put(row.count, !found && lacks(row.value, period) ? data.notKnown : told(found));
        put(row.before, row.then === null ? "" : ` (før: ${told(row.then)})`);
        row.fill.style.setProperty("--share", found / most);
        row.fill.classList.toggle("few", found > 0);
        row.mark.style.setProperty("--share", (row.then ?? 0) / most);
        row.mark.hidden = !row.then;
        const pressed = chosen[own].has(row.value);
        row.button.setAttribute("aria-pressed", pressed);
        row.button.classList.toggle("aside", chosen[own].size > 0 && !pressed);
        row.button.classList.toggle("none", !found);
      }
    }
  }

  const empty = () => ({ count: 0, score: 0, before: 0, scoreBefore: 0, types: new Float64Array(all.types.length) });

  function add(sum, cube, cell, isBefore) {
    const type = cube.columns.category[cell];
    const count = cube.incidents[cell];
    if (isBefore) {
      sum.before += count;
      sum.scoreBefore += count * data.weights[type];
    } else {
      sum.count += count;
      sum.score += count * data.weights[type];
      sum.types[data.types[type]] += count;
    }
  }

  function write(target, sum, compared) {
    put(target.count, told(sum.count));
    put(target.score, told(sum.score));
    put(target.before, compared ? told(sum.before) : "");
    target.types.forEach((element, n) => put(element, told(sum.types[n])));
  }

  function countPlaces(compared) {
    const located = cubeFor(["district", "category", "location"], "place");
    const cube = located ?? cubeFor(["district", "category"], "place");
    if (!canCross(table, cube, ["district"], "place")) return null;
    const found = new Map(places.map((place) => [place.key, empty()]));
    const sum = empty();
    const { district, location } = cube.columns;
    each(cube, "place", (cell, isBefore) => {
      if (cube.failed[cell] === PASSES) add(sum, cube, cell, isBefore);
      add(found.get(`${district[cell]}:`), cube, cell, isBefore);
      const here = location && found.get(`${district[cell]}:${location[cell]}`);
      if (here) add(here, cube, cell, isBefore);
    });
    const picked = isChosen("place");
    for (const place of places) {
      place.sum = found.get(place.key);
      const pressed = place.location === null ? chosen.district.has(place.district) : chosen.location.has(place.location);
      const within = chosen.district.has(place.district);
      place.button.setAttribute("aria-pressed", pressed);
      place.row.classList.toggle("aside", picked && !pressed && !within);
      // What is folded away is written when it unfolds.
      if (!place.row.parentElement.hidden) write(place, place.sum, compared);
    }
    write(all, sum, compared);
    table.classList.toggle("compared", compared);
    sortPlaces();
    return sum;
  }

  function countHelp() {
    const cube = cubeFor(["help"]);
    const called = new Float64Array(data.helpers);
    const arrived = new Float64Array(data.helpers);
    const before = [0, 0];
    if (at("help")) canCross(at("help"), cube, ["help"]);
    if (!cube) return null;
    check(cube, state);
    const { helper, called: asked, arrived: came } = cube.help;
    const cell = cube.columns.help;
    const [first, now, after] = bounds(cube);
    for (let n = 0; n < cell.length; n += 1) {
      if (cell[n] < first || cell[n] >= after || cube.failed[cell[n]] !== PASSES) continue;
      if (cell[n] >= now) {
        called[helper[n]] += asked[n];
        arrived[helper[n]] += came[n];
      } else {
        before[0] += asked[n];
        before[1] += came[n];
      }
    }
    const sum = (counts) => counts.reduce((one, other) => one + other, 0);
    if (helpers) {
      for (const row of helpers) {
        put(row.querySelector("[data-called]"), told(called[row.dataset.helper]));
        put(row.querySelector("[data-arrived]"), told(arrived[row.dataset.helper]));
      }
      const key = sorted.help?.key ?? "called";
      const value = (row) => key === "name" ? row.cells[0].textContent : { called, arrived }[key][row.dataset.helper];
      reorder(helpers, value, sorted.help?.way ?? -1, (row) => row);
      put(at("help").tFoot.querySelector("[data-called]"), told(sum(called)));
      put(at("help").tFoot.querySelector("[data-arrived]"), told(sum(arrived)));
    }
    return { each: called, called: sum(called), arrived: sum(arrived), before };
  }

  function countWeek() {
    if (!week.length) return;
    const cube = cubeFor(["weekday", "hour"]);
    for (const one of week) one.now = 0;
    if (!canCross(at("week"), cube, ["weekday", "hour"])) return;
    const hours = data.labels.hour.length;
    const counts = new Float64Array(data.labels.weekday.length * hours);
    const { weekday, hour } = cube.columns;
    each(cube, null, (cell, isBefore) => {
      if (!isBefore) counts[weekday[cell] * hours + hour[cell]] += cube.incidents[cell];
    });
    const most = Math.max(1, ...week.map((one) => counts[one.weekday * hours + one.hour]));
    for (const one of week) {
      one.now = counts[one.weekday * hours + one.hour];
      put(one.element, told(one.now));
      one.element.style.setProperty("--share", one.now / most);
      one.element.classList.toggle("none", !one.now);
    }
  }

  // The incidents of each month of every period.
  const monthly = (cube) => data.periods.map(({ length }, of) => {
    const counts = new Float64Array(length);
    const { month } = cube.columns;
    const own = [cube.starts[of], cube.starts[of], cube.starts[of + 1]];
    each(cube, "month", (cell) => (counts[month[cell]] += cube.incidents[cell]), own);
    return counts;
  });

  function countCourse() {
    const cube = cubeFor(["month"], "month");
    for (const { months } of course) for (const one of months) one.now = null;
    if (!canCross(at("course"), cube, ["month"], "month")) return;
    const found = monthly(cube);
    const most = Math.max(1, ...found.flatMap((counts) => [...counts]));
    course.forEach(({ button, count, months }, of) => {
      const isOf = period === EVERY || period === of;
      let sum = 0;
      months.forEach((one, n) => {
        const picked = !chosen.month.size || chosen.month.has(n);
        one.now = data.periods[of].whole[n] || found[of][n] ? found[of][n] : null;
        if (picked) sum += found[of][n];
        const said = `${one.said}: ${one.now === null ? data.notKnown : told(one.now)}`;
        if (one.pole.title !== said) one.pole.title = said;
        one.fill.style.setProperty("--share", found[of][n] / most);
        one.pole.classList.toggle("aside", !(isOf && picked));
      });
      put(count, told(sum));
      button.setAttribute("aria-pressed", isOf);
    });
    for (const { element, location, district } of bands) {
      element.hidden = isChosen("place") && !chosen.location.has(location) && !chosen.district.has(district);
    }
    for (const lane of document.querySelectorAll(".lane")) {
      lane.hidden = !lane.querySelector(".band:not([hidden])");
    }
  }

  // Sorting

  const by = (value, way) => (one, other) => {
    const [a, b] = [value(one), value(other)];
    return way * (typeof a === "string" ? a.localeCompare(b, "da") : a - b);
  };

  // Puts elements in the order of a value, `way` being 1 or -1; equal ones stay as they were.
  function reorder(rows, value, way, element) {
    const before = rows.map(element);
    rows.sort(by(value, way));
    if (rows.some((row, n) => element(row) !== before[n])) {
      for (const row of rows) element(row).parentElement.append(element(row));
    }
  }

  function sortPlaces() {
    if (!sorted.places) return;
    const { key, way } = sorted.places;
    const value = ({ label, sum }) => (key === "name" ? label : (sum[key] ?? sum.types[key]));
    const total = table.querySelector(".total").parentElement;
    const districts = places.filter((place) => place.location === null);
    districts.sort(by(value, way));
    for (const { row, district } of districts) {
      total.before(row.parentElement);
      const folded = at(row.querySelector(".fold")?.getAttribute("aria-controls"));
      if (!folded) continue;
      total.before(folded);
      reorder(places.filter((place) => place.location !== null && place.district === district), value, way, (place) => place.row);
    }
  }

  // Words

  function listed(words) {
    return words.length > 1 ? `${words.slice(0, -1).join(", ")} og ${words.at(-1)}` : words.join("");
  }

  function label(name, value) {
    const said = data.labels[name][value];
    // These say nothing without what they are about.
    return /^(Ja|Nej|Ukendt|Ikke angivet|Ved ikke|Andet)$/.test(said) ? `${data.names[name].toLowerCase()}: ${said.toLowerCase()}` : said;
  }

  const values = (name) => [...chosen[name]].sort((one, other) => one - other);
  const when = () => (period === EVERY ? `alle sæsoner, ${data.periods[0].short}–${data.periods.at(-1).short}` : data.periods[period].name);
  const narrowed = (of = active()) => of.map((name) => listed(values(name).map((value) => label(name, value))));
  const incidents = (count) => `${told(count)} ${count === 1 ? "hændelse" : "hændelser"}`;

  function tell(sum, help, compared) {
    const set = (id, now, before) => {
      put(at(id), now === undefined ? data.notKnown : told(now));
      put(at(`${id}-before`), compared && before !== undefined ? `${told(before)} i ${data.periods[period - 1].short}` : "");
    };
    set("incidents", sum?.count, sum?.before);
    set("score", sum?.score, sum?.scoreBefore);
    set("called", help?.called, help?.before[0]);
    set("arrived", help?.arrived, help?.before[1]);
    const why = period === 0 ? "data begynder her" : "data ikke dækker alle månederne i begge";
    put(at("alone"), compared || period === EVERY ? "" : `Sæsonen før er ikke med, fordi ${why}.`);
    const words = narrowed();
    const now = sum ? `${incidents(sum.count)}, ${when()}` : `${listed(active().map((name) => data.names[name]))} kan ikke vælges sammen; fjern et af filtrene`;
    put(at("selection"), `${now}${words.length ? `: ${words.join("; ")}` : ""}.` +
      (sum && !sum.count ? " Ingen hændelser passer til alle filtrene; vælg Nulstil, eller fjern et filter." : ""));
    at("reset").disabled = !active().length && period === data.opened;
    at("chips").replaceChildren(...active().flatMap((name) => values(name).map((value) => chip(name, value))));
    at("period").value = period;
    const months = values("month");
    // Months apart are no range: the two fields are empty then.
    const isRange = months.length === 0 || months.at(-1) - months[0] + 1 === months.length;
    at("from").value = isRange ? (months[0] ?? 0) : "";
    at("to").value = isRange ? (months.at(-1) ?? data.labels.month.length - 1) : "";
    // The last month cannot be chosen before the first.
    for (const option of at("to").options) option.disabled = Number(option.value) < Number(at("from").value);
    for (const slicer of slicers) {
      const { slicer: name } = slicer.dataset;
      put(slicer.querySelector(".chosen"), chosen[name].size ? values(name).map((value) => data.labels[name][value]).join(", ") : "Alle");
      for (const box of slicer.querySelectorAll("input")) box.checked = chosen[name].has(Number(box.value));
    }
    const count = active().reduce((sum, name) => sum + chosen[name].size, 0);
    put(choices.querySelector("summary"), count ? `Filtre (${count})` : "Filtre");
    put(at("of"), `${data.place}, ${when()}`);
    put(at("unsettled"), data.periods.filter((_, of) => period === EVERY || of === period).map((one) => one.unsettled).filter(Boolean).join(" "));
  }

  function sentence() {
    const sum = latest;
    if (!sum) return at("selection").textContent;
    const chosenOf = (names) => narrowed(active().filter((name) => names.includes(name)));
    const months = chosenOf(["month"]).map((words) => ` i ${words}`).join("");
    const from = listed(chosenOf(TREE)) || data.place;
    const words = chosenOf(names.filter((name) => name !== "month" && !TREE.includes(name)));
    const against = comparable() ? ` mod ${told(sum.before)} i ${data.periods[period - 1].name}` : "";
    const time = period === EVERY ? `sæsonerne ${data.periods[0].short}–${data.periods.at(-1).short}` : when();
    return [`I ${time} blev der${months} meldt ${incidents(sum.count)} ind fra ${from}${words.length ? ` (${words.join("; ")})` : ""}${against}.`, data.source, data.warning].filter(Boolean).join(" ");
  }

  function chip(name, value) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label(name, value);
    button.setAttribute("aria-label", `Fjern filteret ${label(name, value)}`);
    button.addEventListener("click", () => {
      chosen[name].delete(value);
      change();
      at("selection").focus();
    });
    item.append(button);
    return item;
  }

  // Choosing

  // One value alone, or none where it already stands alone; `more` adds it or takes it away.
  function choose(name, value, more) {
    const set = chosen[name];
    const alone = set.has(value) && set.size === 1;
    if (!more) {
      if (TREE.includes(name)) for (const other of TREE) chosen[other].clear();
      set.clear();
      if (!alone) set.add(value);
    } else if (!set.delete(value)) set.add(value);
    change();
  }

  function pick(button, more) {
    choose(button.dataset.name ?? button.closest("[data-view]").dataset.view, Number(button.dataset.value), more);
  }

  function unfold(button, open) {
    button.setAttribute("aria-expanded", open);
    at(button.getAttribute("aria-controls")).hidden = !open;
    if (!open) return;
    for (const place of places) if (place.row.parentElement.id === button.getAttribute("aria-controls") && place.sum) write(place, place.sum, comparable());
  }

  function update() {
    state = {};
    const compared = comparable();
    countViews(compared);
    latest = countPlaces(compared);
    helped = countHelp();
    tell(latest, helped, compared);
    countWeek();
    countCourse();
  }

  const inAddress = (name) => data.names[name].toLowerCase();

  function change() {
    update();
    const kept = new URLSearchParams();
    if (period !== data.opened) kept.append("sæson", period === EVERY ? "alle" : data.periods[period].short);
    for (const name of active()) for (const value of values(name)) kept.append(inAddress(name), data.labels[name][value]);
    const address = `${location.pathname}${location.search}${[...kept].length ? `#${kept}` : ""}`;
    // After the answer is shown, which it would keep waiting.
    setTimeout(() => {
      if (address !== `${location.pathname}${location.search}${location.hash}`) history.pushState(null, "", address);
    });
  }

  function read() {
    const kept = new URLSearchParams(location.hash.slice(1));
    const season = kept.get("sæson");
    const found = data.periods.findIndex((one) => one.short === season);
    period = season === "alle" && data.periods.length > 1 ? EVERY : found < 0 ? data.opened : found;
    const unknown = [];
    for (const name of names) {
      chosen[name] = new Set();
      for (const word of kept.getAll(inAddress(name))) {
        const place = data.labels[name].indexOf(word);
        if (place < 0) unknown.push(word);
        else chosen[name].add(place);
      }
    }
    update();
    if (unknown.length) done(`Linket nævner ${listed(unknown)}, som ikke findes her.`);
    // A location that is linked to must not stay folded away.
    for (const picked of table.querySelectorAll(".location .pick[aria-pressed=true]")) {
      unfold(table.querySelector(`[aria-controls="${picked.closest("tbody").id}"]`), true);
    }
  }

  // One stop of the Tab key a chart: the arrows go on from it.
  function rove(element, given, isTree) {
    const every = () => (typeof given === "function" ? given() : given);
    const stopAt = (button) => {
      for (const other of element.querySelectorAll("[data-value]:not([tabindex='-1'])")) other.tabIndex = -1;
      button.tabIndex = 0;
    };
    stopAt(every()[0]);
    element.addEventListener("focusin", ({ target }) => {
      if (target.dataset.value !== undefined) stopAt(target);
    });
    element.addEventListener("keydown", (event) => {
      const buttons = every();
      const place = buttons.indexOf(event.target);
      if (place < 0) return;
      const fold = isTree && event.target.closest("tr").querySelector(".fold");
      const step = { ArrowDown: 1, ArrowUp: -1, ...(isTree ? {} : { ArrowRight: 1, ArrowLeft: -1 }) }[event.key];
      if (step) buttons[(place + step + buttons.length) % buttons.length].focus();
      else if (event.key === "Home") buttons[0].focus();
      else if (event.key === "End") buttons.at(-1).focus();
      else if ((event.ctrlKey || event.metaKey) && [" ", "Enter"].includes(event.key)) pick(event.target, true);
      else if (fold && event.key === "ArrowRight") unfold(fold, true);
      else if (fold && event.key === "ArrowLeft") unfold(fold, false);
      else return;
      event.preventDefault();
    });
  }

  // What is taken along

  function done(text) {
    at("done").textContent = text;
  }

  async function copy(text, said) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    done(said);
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    done(`${name} er gemt.`);
  }

  const caption = () => [data.place, when(), ...narrowed()].join("; ");
  const fileName = (title, ending) => `${`${title} ${data.place} ${period === EVERY ? "alle sæsoner" : data.periods[period].short}`.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-")}.${ending}`;

  // What a view shows as rows of label, count and, where it can be compared, the count before.
  function rowsOf(title) {
    const view = views.find((one) => one.title === title);
    // What stands beside the chosen is not what the caption says.
    const kept = (name) => ({ value }) => !chosen[name].size || chosen[name].has(value);
    if (view) return view.shown ? view.rows.filter(kept(view.name)).map(({ label: said, now, then }) => [said, now, then]) : [];
    if (title === COURSE) {
      const own = period === EVERY ? course : [course[period]];
      return own.flatMap(({ months }) => months.filter(({ now }, n) => now !== null && kept("month")({ value: n })).map(({ said, now }) => [said, now, null]));
    }
    if (title === HELP) return helped ? helpers.map((row) => [row.cells[0].textContent, helped.each[row.dataset.helper], null]) : [];
    if (!latest) return [];
    const visible = [...table.querySelectorAll("tbody:not([hidden]) [data-place]")];
    const isKept = ({ district, location: place }) => !isChosen("place") || chosen.district.has(district) || chosen.location.has(place);
    return visible.map((row) => places.find((place) => place.row === row)).filter((place) => place.sum && isKept(place))
      .map(({ label: said, location: place, sum }) => [place === null ? said : `– ${said}`, sum.count, comparable() ? sum.before : null, sum.score]);
  }

  const titleOf = (element) => element?.closest("section").querySelector("h2").textContent;
  const [PLACES, COURSE, HELP] = [table, at("course"), at("help")].map(titleOf);
  const titles = [...views.map((view) => view.title), COURSE, PLACES, HELP].filter(Boolean);

  function saveTable() {
    const quoted = (text) => (/[;"\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const lines = [["Visning", "Værdi", "Hændelser", "Sæsonen før", "Relativ score"]];
    if (latest) {
      const then = (count) => (comparable() ? count : "");
      lines.push(["I alt", "", latest.count, then(latest.before), latest.score]);
    }
    for (const title of titles) {
      for (const [said, now, then, score] of rowsOf(title)) lines.push([title, said, now, then ?? "", score ?? ""]);
    }
    for (const one of week) if (one.now) lines.push(["Ugedag og time", `${data.labels.weekday[one.weekday]}, ${data.labels.hour[one.hour]}`, one.now, ""]);
    lines.push([], [`${caption()}. ${data.source} ${data.warning}`]);
    const text = lines.map((line) => line.map((each) => quoted(String(each))).join(";")).join("\r\n");
    save(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }), fileName("tal", "csv"));
  }

  function savePicture() {
    const title = at("pictured").value;
    const rows = rowsOf(title);
    const WIDTH = 900;
    const LEFT = 300;
    const STEP = 30;
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d");
    const font = (size, weight = "") => (context.font = `${weight} ${size}px Arial, "Liberation Sans", sans-serif`);
    const wrapped = (text) => {
      font(15);
      const lines = [""];
      for (const word of text.split(" ")) {
        if (context.measureText(`${lines.at(-1)} ${word}`).width > WIDTH - 40) lines.push("");
        lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trim();
      }
      return lines;
    };
    const above = wrapped(caption());
    const below = wrapped(`${data.source} ${data.warning}${rows.some((row) => row[2] !== null) ? " Tynd streg: sæsonen før." : ""}`);
    canvas.width = WIDTH * 2;
    canvas.height = (60 + 20 * above.length + STEP * rows.length + 20 * below.length + 30) * 2;
    context.scale(2, 2);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, WIDTH, canvas.height);
    const write = (text, x, y, align = "left") => {
      context.textAlign = align;
      context.fillText(text, x, y);
    };
    context.fillStyle = "#1c1f26";
    font(22, "bold");
    write(title, 20, 36);
    font(15);
    above.forEach((line, n) => write(line, 20, 62 + 20 * n));
    const top = 60 + 20 * above.length;
    const most = Math.max(1, ...rows.flatMap((row) => [row[1], row[2] ?? 0]));
    const long = (count) => (count / most) * (WIDTH - LEFT - 90);
    const view = views.find((one) => one.title === title);
    rows.forEach(([said, now, then], n) => {
      const y = top + STEP * n;
      const colour = view?.rows.find(({ label: own }) => own === said)?.fill.style.getPropertyValue("--colour");
      context.fillStyle = colour || "#3d5a73";
      context.fillRect(LEFT, y + 5, long(now), 19);
      context.fillStyle = "#1c1f26";
      font(15);
      let short = said;
      while (context.measureText(short).width > LEFT - 40) short = `${short.slice(0, -2)}…`;
      write(short, LEFT - 10, y + 20, "right");
      if (then !== null) {
        context.fillRect(LEFT + long(then) - 1.5, y + 1, 3, 27);
      }
      // Beside the bar it would be taken for last year's, whose line may be longer.
      write(told(now), WIDTH - 20, y + 20, "right");
    });
    context.fillStyle = "#4d5462";
    below.forEach((line, n) => write(line, 20, top + STEP * rows.length + 24 + 20 * n));
    canvas.toBlob((blob) => save(blob, fileName(title, "png")), "image/png");
  }

  // Listening

  const slicers = [...document.querySelectorAll("[data-slicer]")];
  const choices = document.querySelector(".choices");
  for (const slicer of slicers) {
    slicer.addEventListener("change", ({ target }) => choose(slicer.dataset.slicer, Number(target.value), true));
    slicer.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !slicer.open) return;
      slicer.open = false;
      slicer.querySelector("summary").focus();
    });
  }
  document.addEventListener("click", ({ target }) => {
    for (const slicer of slicers) if (!slicer.contains(target)) slicer.open = false;
  });
  at("period").addEventListener("change", ({ target }) => {
    period = Number(target.value);
    change();
  });
  for (const id of ["from", "to"]) {
    at(id).addEventListener("change", () => {
      if (Number(at("from").value) > Number(at("to").value)) at("to").value = at("from").value;
      const [first, last] = [Number(at("from").value), Number(at("to").value)];
      const every = last - first + 1 === data.labels.month.length;
      chosen.month = new Set(every ? [] : Array.from({ length: last - first + 1 }, (_, n) => first + n));
      change();
    });
  }
  at("copy-link").addEventListener("click", () => copy(location.href, "Linket er kopieret."));
  at("copy-sentence").addEventListener("click", () => copy(sentence(), `Kopieret: ${sentence()}`));
  at("save-table").addEventListener("click", saveTable);
  at("save-picture").addEventListener("click", savePicture);
  at("pictured").append(...titles.map((title) => new Option(title)));
  document.querySelector(".dashboard").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const more = event.ctrlKey || event.metaKey || event.shiftKey || at("more").checked;
    if (button.id === "reset") {
      for (const name of names) chosen[name].clear();
      period = data.opened;
      change();
      at("selection").focus();
    } else if (button.classList.contains("fold")) {
      unfold(button, button.getAttribute("aria-expanded") !== "true");
    } else if (button.dataset.sort) {
      const of = button.closest("table").id;
      const key = button.dataset.sort;
      const way = sorted[of]?.key === key ? -sorted[of].way : key === "name" ? 1 : -1;
      sorted[of] = { key, way };
      for (const heading of button.closest("tr").cells) heading.removeAttribute("aria-sort");
      button.closest("th").setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      update();
    } else if (button.classList.contains("season")) {
      period = Number(button.dataset.value);
      change();
    } else if (button.dataset.value) {
      pick(button, more);
    }
  });
  addEventListener("popstate", read);
  // On a narrow screen the filters lie at the thumb, folded until they are asked for.
  const narrow = matchMedia("(max-width: 47.99rem)");
  const fold = () => (choices.open = !narrow.matches);
  narrow.addEventListener("change", fold);
  fold();
  // What the Tab key reaches must not hide under filters that stay on top.
  const panel = document.querySelector(".filters");
  new ResizeObserver(() => {
    const sticks = getComputedStyle(panel).position === "sticky";
    const root = document.documentElement.style;
    root.scrollPaddingTop = sticks && !narrow.matches ? `${panel.offsetHeight + 12}px` : "";
    root.scrollPaddingBottom = sticks && narrow.matches ? `${panel.offsetHeight + 12}px` : "";
  }).observe(panel);
  document.querySelector(".dashboard").hidden = false;
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
