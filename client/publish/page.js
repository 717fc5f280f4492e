"use strict";
// Shows the values of a chart under the pointer or the arrow keys, from the table behind it, and hands out the results
// that the page holds. Without it everything is there, as pictures and tables.
(() => {
  const namespace = "http://www.w3.org/2000/svg";

  // The rows of the figure's table, with where each point stands in the drawing.
  const pointsOf = (figure) =>
    [...figure.querySelectorAll("tbody tr")].map((row) => ({
      x: Number(row.dataset.x),
      y: Number(row.dataset.y),
      text: [...row.cells].map((cell) => cell.textContent).join(", "),
    }));

  const explore = (figure) => {
    const drawing = figure.querySelector("svg");
    const value = figure.querySelector(".value");
    const points = pointsOf(figure);
    if (!drawing || !value || points.length === 0) return;
    const heads = [...figure.querySelectorAll("thead th")].map((head) => head.textContent).join(", ");
    const mark = document.createElementNS(namespace, "circle");
    let shown = -1;
    mark.setAttribute("class", "mark");
    mark.setAttribute("r", "6");

    const show = (index) => {
      shown = index;
      if (index < 0) {
        mark.remove();
        value.textContent = "";
        return;
      }
      mark.setAttribute("cx", points[index].x);
      mark.setAttribute("cy", points[index].y);
      drawing.append(mark);
      value.textContent = `${heads}: ${points[index].text}`;
    };

    drawing.addEventListener("pointermove", (event) => {
      const box = drawing.getBoundingClientRect();
      const scale = drawing.viewBox.baseVal.width / box.width;
      const x = (event.clientX - box.left) * scale;
      const y = (event.clientY - box.top) * scale;
      let nearest = 0;
      let least = Infinity;
      points.forEach((point, index) => {
        // Along the axis first: a column is as high as it is.
        const distance = Math.abs(point.x - x) * 4 + Math.abs(point.y - y);
        if (distance < least) {
          least = distance;
          nearest = index;
        }
      });
      show(nearest);
    });
    drawing.addEventListener("pointerleave", () => show(-1));
    drawing.addEventListener("blur", () => show(-1));
    drawing.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) show((shown + step + points.length + (shown < 0 && step < 0 ? 1 : 0)) % points.length);
      else if (event.key === "Home") show(0);
      else if (event.key === "End") show(points.length - 1);
      else if (event.key === "Escape") show(-1);
      else return;
      event.preventDefault();
    });
  };

  const offer = (place) => {
    document.querySelectorAll("script.loping-result").forEach((script, index) => {
      const link = document.createElement("a");
      const text = JSON.stringify(JSON.parse(script.textContent)) + "\n";
      link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      link.download = `loping-result${index > 0 ? `-${index + 1}` : ""}.json`;
      link.textContent = `Download the result ${script.dataset.name || ""} as JSON`.replace(/ {2}/, " ");
      place.append(link, " ");
    });
  };

  document.querySelectorAll("figure").forEach(explore);
  document.querySelectorAll(".download").forEach(offer);
})();
