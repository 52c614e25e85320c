// Draws each chart from the spec beside it. The caption is what stands until then, and what a
// screen reader reads after: the drawing itself is hidden from it, since its hundreds of marks
// say less than the caption and the table.
for (const figure of document.querySelectorAll("figure.chart")) {
  const drawing = figure.querySelector(".drawing");
  const spec = JSON.parse(figure.querySelector("script").textContent);
  vegaEmbed(drawing, spec, { ast: true, renderer: "svg", actions: false, defaultStyle: false })
    .then(() => {
      const svg = drawing.querySelector("svg");
      svg.setAttribute("aria-hidden", "true");
      // Narrow screens scroll a wide chart rather than make its text too small to read.
      svg.style.minWidth = `min(${svg.getAttribute("width")}px, 30rem)`;
      figure.classList.add("drawn");
    })
    .catch((error) => console.error(error));
}

// Only a box that has something to scroll is a stop of the Tab key.
const boxes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const box of document.querySelectorAll(".scroll")) boxes.observe(box);
