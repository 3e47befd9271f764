// A canvas for drawing a digit with a mouse, a pen, a finger, or the keyboard.
const SIDE = 28, BOX = 20, PEN = 1.15;

/**
 * Returns the image of the strokes, each a list of [x, y], prepared as in MNIST: scaled to a box of 20 × 20 pixels,
 * with the center of mass in the middle of 28 × 28 pixels. Returns null if there are no strokes.
 */
function rasterize(strokes) {
  const points = strokes.flat();
  if (points.length === 0) return null;
  const xs = points.map(([x]) => x), ys = points.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  // The lower bound keeps a dot from being enlarged.
  const scale = (BOX - 2 * PEN) / Math.max(width, height, 0.1);
  const place = (shiftX, shiftY) => drawLines(strokes.map(stroke => stroke.map(([x, y]) =>
    [(x - left - width / 2) * scale + SIDE / 2 + shiftX, (y - top - height / 2) * scale + SIDE / 2 + shiftY])));
  const centered = place(0, 0);
  let sum = 0, sumX = 0, sumY = 0;
  for (let i = 0; i < centered.length; i++) {
    sum += centered[i];
    sumX += centered[i] * (i % SIDE + 0.5);
    sumY += centered[i] * (Math.floor(i / SIDE) + 0.5);
  }
  return place(SIDE / 2 - sumX / sum, SIDE / 2 - sumY / sum);
}

/**
 * Draws strokes on 28 × 28 pixels. The edge of a line is soft: the ink decreases from 1, half a pixel inside the pen's
 * radius, to 0, half a pixel outside it.
 */
function drawLines(strokes) {
  const pixels = new Float32Array(SIDE * SIDE);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [i % SIDE + 0.5, Math.floor(i / SIDE) + 0.5];
    let distance = Infinity;
    for (const stroke of strokes) {
      stroke.forEach((point, p) => { distance = Math.min(distance, distanceTo(x, y, stroke[Math.max(0, p - 1)], point)); });
    }
    pixels[i] = Math.min(1, Math.max(0, PEN + 0.5 - distance));
  }
  return pixels;
}

function distanceTo(x, y, [x1, y1], [x2, y2]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = dx || dy ? Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy))) : 0;
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}

/** Lets the user draw on a canvas. Coordinates are in units of its side, 0 to 1. Calls changed() after each change. */
class Pad {
  constructor(canvas, changed) {
    [this.canvas, this.context, this.changed] = [canvas, canvas.getContext("2d"), changed];
    [this.strokes, this.isDrawing, this.pen] = [[], false, null];
    canvas.addEventListener("pointerdown", event => this.begin(event));
    canvas.addEventListener("pointermove", event => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { this.isDrawing = false; });
    canvas.addEventListener("keydown", event => this.key(event));
    canvas.addEventListener("blur", () => { this.pen = null; this.paint(); });
    this.paint();
  }

  clear() {
    [this.strokes, this.isDrawing] = [[], false];
    if (this.pen) this.pen.isDown = false;
    this.update();
  }

  begin(event) {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    [this.isDrawing, this.pen] = [true, null];
    this.strokes.push([this.at(event)]);
    this.update();
  }

  move(event) {
    if (!this.isDrawing) return;
    const parts = event.getCoalescedEvents?.() ?? [];
    for (const part of parts.length > 0 ? parts : [event]) this.strokes.at(-1).push(this.at(part));
    this.update();
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  // The arrow keys move the pen; the space bar lowers or lifts it.
  key(event) {
    const size = event.shiftKey ? 0.1 : 0.05;
    const by = { ArrowLeft: [-size, 0], ArrowRight: [size, 0], ArrowUp: [0, -size], ArrowDown: [0, size] }[event.key];
    if (!by && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    this.pen ??= { at: [0.5, 0.5], isDown: false };
    if (by) this.pen.at = this.pen.at.map((value, axis) => Math.min(0.95, Math.max(0.05, value + by[axis])));
    else this.pen.isDown = !this.pen.isDown;
    if (!by && this.pen.isDown) this.strokes.push([this.pen.at]);
    else if (by && this.pen.isDown) this.strokes.at(-1).push(this.pen.at);
    this.update();
  }

  update() {
    this.paint();
    this.changed();
  }

  paint() {
    const { context, canvas } = this, side = canvas.width;
    context.fillStyle = "#fff";
    context.fillRect(0, 0, side, side);
    context.lineCap = context.lineJoin = "round";
    [context.lineWidth, context.strokeStyle] = [side * 0.075, "#111"];
    for (const stroke of this.strokes) {
      context.beginPath();
      context.moveTo(stroke[0][0] * side, stroke[0][1] * side);
      for (const [x, y] of stroke) context.lineTo(x * side + 0.01, y * side);
      context.stroke();
    }
    if (!this.pen) return;
    [context.lineWidth, context.strokeStyle] = [2, this.pen.isDown ? "#b3261e" : "#0b5cb8"];
    context.beginPath();
    context.arc(this.pen.at[0] * side, this.pen.at[1] * side, side * 0.045, 0, 7);
    context.stroke();
  }
}
