// Shows the steps of the place and the half-year that are chosen. Nothing is added up: each number
// was published on its own step.
const { step, under, leftOut, steps } = JSON.parse(document.getElementById("steps").textContent);
const number = new Intl.NumberFormat("da-DK");
const place = document.getElementById("place");
const period = document.getElementById("period");

const count = (least) =>
  least < 0 ? leftOut : least ? `${number.format(least)}–${number.format(least + step - 1)}` : under;

// Bars with the number that each begins at, undefined where the place was not there.
function draw(bars, numbers) {
  const most = Math.max(step, ...numbers.filter((least) => least >= 0).map((least) => least + step));
  bars.forEach((bar, n) => {
    const least = numbers[n] ?? -1;
    bar.querySelector(".fill").style.setProperty("--share", Math.max(least, 0) / most);
    bar.querySelector(".reach").style.setProperty("--share", least < 0 ? 0 : step / most);
    bar.querySelector(".count").textContent = count(least);
  });
}

function show() {
  const [here, now] = [Number(place.value), Number(period.value)];
  for (const list of document.querySelectorAll(".bars")) {
    const bars = [...list.children];
    const isPeriods = "periods" in list.dataset;
    const numbers = isPeriods ? steps.map((of) => of[here]?.[0]) : bars.map((bar) => steps[now][here]?.[bar.dataset.column]);
    draw(bars, numbers);
    if (isPeriods) bars.forEach((bar, n) => bar.setAttribute("aria-current", n === now));
  }
  const [where, when] = [place, period].map((list) => list.selectedOptions[0].textContent);
  const all = steps[now][here]?.[0] ?? -1;
  document.getElementById("selection").textContent =
    `${where}, ${when.toLocaleLowerCase("da")}: ${all < 0 ? "antallet er ikke vist" : `${count(all)} hændelser`}`;
}

for (const list of [place, period]) list.addEventListener("change", show);
document.querySelector(".steps").hidden = false;
show();
