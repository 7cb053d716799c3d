/* The place of a provision on the two scales: by dragging and with arrow keys. Both fill in the numbers of the form. */
"use strict";

const chart = document.querySelector("svg[data-place]");
const placeForm = document.querySelector("form[data-place-form]");
if (chart && placeForm) {
  const SIDE = 600, EDGE = 40, STEP = 0.01;
  const inner = SIDE - 2 * EDGE;
  const field = (name) => placeForm.elements.namedItem(`place-${name}`);
  const dot = chart.querySelector(".quadrant__dot");
  const around = chart.querySelector(".quadrant__spread");
  const within = (value) => Math.min(1, Math.max(0, Math.round(value * 100) / 100));

  const draw = () => {
    for (const circle of [dot, around]) {
      circle.setAttribute("cx", EDGE + Number(field("approach").value) * inner);
      circle.setAttribute("cy", SIDE - EDGE - Number(field("formality").value) * inner);
    }
    around.setAttribute("r", Math.max(0, Number(field("spread").value)) * inner);
  };
  const put = (approach, formality) => {
    field("approach").value = within(approach);
    field("formality").value = within(formality);
    draw();
  };
  const pointed = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(chart.getScreenCTM().inverse());
    put((point.x - EDGE) / inner, (SIDE - EDGE - point.y) / inner);
  };

  chart.addEventListener("pointerdown", (event) => {
    chart.setPointerCapture(event.pointerId);
    pointed(event);
  });
  chart.addEventListener("pointermove", (event) => {
    if (chart.hasPointerCapture(event.pointerId)) pointed(event);
  });
  chart.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 10 * STEP : STEP;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    put(Number(field("approach").value) + move[0], Number(field("formality").value) + move[1]);
  });
  placeForm.addEventListener("input", draw);
}
