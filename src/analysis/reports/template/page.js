// Draws each chart from the spec beside it. The caption is what stands until then, and what a
// screen reader reads after: the drawing itself is hidden from it, since its hundreds of marks
// say less than the caption and the table.
const narrow = matchMedia("(max-width: 32rem)");

const options = { ast: true, renderer: "svg", actions: false, defaultStyle: false };

// A narrow screen has a layout of its own: paths into the spec, and what stands there instead.
function laidOut(figure) {
  const spec = JSON.parse(figure.querySelector("script").textContent);
  for (const [path, value] of (narrow.matches && spec.usermeta?.narrow) || []) {
    path.slice(0, -1).reduce((part, key) => part[key], spec)[path.at(-1)] = value;
  }
  return spec;
}

// Where the list of contents stands above the page, it is folded, so that the answer comes first.
if (matchMedia("(max-width: 67.99rem)").matches) document.querySelector("nav details")?.removeAttribute("open");

function draw(figure) {
  const drawing = figure.querySelector(".drawing");
  vegaEmbed(drawing, laidOut(figure), options)
    .then(() => {
      const svg = drawing.querySelector("svg");
      svg.setAttribute("aria-hidden", "true");
      if (narrow.matches) svg.style.width = "min(100%, 26rem)";
      figure.querySelector(".save")?.removeAttribute("hidden");
      figure.classList.add("drawn");
    })
    .catch((error) => console.error(error));
}

const figures = document.querySelectorAll("figure.chart");
const drawAll = () => figures.forEach(draw);
drawAll();
narrow.addEventListener("change", drawAll);

for (const figure of figures) {
  figure.querySelector(".save")?.addEventListener("click", async ({ target }) => {
    if (target.value !== "png" && target.value !== "svg") return;
    // Away from its page a chart must say what it is of.
    const { origin, parameters } = document.querySelector(".sections").dataset;
    const spec = laidOut(figure);
    const title = spec.title?.text ? spec.title : { text: spec.title ?? "" };
    spec.title = { ...title, subtitle: [title.subtitle ?? [], origin].flat().filter(Boolean) };
    const { view } = await vegaEmbed(document.createElement("div"), spec, options);
    const link = document.createElement("a");
    link.href = await view.toImageURL(target.value, 2);
    link.download = `${parameters}-${figure.dataset.name}.${target.value}`;
    link.click();
    view.finalize();
  });
}

// What a link leads to is in sight, also where it is folded.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let box = target?.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  target?.scrollIntoView();
}
addEventListener("hashchange", reveal);
if (location.hash) reveal();

// Only a box that has something to scroll is a stop of the Tab key.
const boxes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const box of document.querySelectorAll(".scroll")) boxes.observe(box);

// Paper cannot be unfolded: sections are printed open, and tables that repeat a chart are not.
const folded = [];
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details.section:not([open])")) {
    details.open = true;
    folded.push(details);
  }
});
addEventListener("afterprint", () => {
  for (const details of folded.splice(0)) details.open = false;
});
