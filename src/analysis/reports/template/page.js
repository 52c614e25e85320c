// Draws each chart from the spec beside it. The caption is what stands until then, and what a
// screen reader reads after: the drawing itself is hidden from it, since its hundreds of marks
// say less than the caption and the table.
for (const figure of document.querySelectorAll("figure.chart")) {
  const drawing = figure.querySelector(".drawing");
  const spec = JSON.parse(figure.querySelector("script").textContent);
  vegaEmbed(drawing, spec, { ast: true, renderer: "svg", actions: false, defaultStyle: false })
    .then(({ view }) => {
      const svg = drawing.querySelector("svg");
      svg.setAttribute("aria-hidden", "true");
      // Narrow screens scroll a wide chart rather than make its text too small to read.
      svg.style.minWidth = `min(${svg.getAttribute("width")}px, 30rem)`;
      offerToSave(figure, view);
      figure.classList.add("drawn");
    })
    .catch((error) => console.error(error));
}

function offerToSave(figure, view) {
  const line = figure.querySelector(".save");
  line.hidden = false;
  line.addEventListener("click", async ({ target }) => {
    if (target.value !== "png" && target.value !== "svg") return;
    const link = document.createElement("a");
    link.href = await view.toImageURL(target.value, 2);
    link.download = `${figure.dataset.name}.${target.value}`;
    link.click();
  });
}

// Only a box that has something to scroll is a stop of the Tab key.
const boxes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const box of document.querySelectorAll(".scroll")) boxes.observe(box);

// Paper cannot be unfolded, so all but the longest tables are printed open.
const folded = [];
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open], .long)")) {
    details.open = true;
    folded.push(details);
  }
});
addEventListener("afterprint", () => {
  for (const details of folded.splice(0)) details.open = false;
});
