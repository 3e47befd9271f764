// The playground: controls, curves, weights, and a drawing pad. It uses a shadow root so that the styles of the page do
// not affect it.
const BATCH_SIZES = [1, 2, 5, 10, 20, 50, 100, 400], IMAGE_COUNTS = [10, 20, 50, 100, 200, 400];
const IMAGES_PER_FRAME = 60, LAST_STEP = 5000, MAX_POINTS = 300, LOSS_LIMIT = 5;

class Playground {
  constructor(host, options, learned, heldOut) {
    [this.host, this.heldOut, this.training] = [host, heldOut, new Training(learned)];
    const root = host.attachShadow({ mode: "open" });
    root.innerHTML = `<style>${options.style}</style>${options.markup}`;
    this.card = root.querySelector(".card");
    this.parts = Object.fromEntries([...root.querySelectorAll("[data-name]")].map(part => [part.dataset.name, part]));
    [this.history, this.before, this.isRunning, this.example] = [[], [], false, null];
    this.createImages();
    this.pad = new Pad(this.parts.pad, () => { this.example = null; this.predict(); });
    this.listen(root);
    this.watchTheme();
    this.reset();
    this.speak(options.language);
  }

  get learningRate() { return Number((10 ** (this.parts.learningRate.value / 10 - 3)).toPrecision(1)); }
  get batchSize() { return BATCH_SIZES[this.parts.batchSize.value]; }
  get imageCount() { return Math.min(IMAGE_COUNTS[this.parts.images.value], this.training.set.count); }

  listen() {
    const { run, step, reset, learningRate, batchSize, images, clear, example, language } = this.parts;
    run.addEventListener("click", () => this.isRunning ? this.pause() : this.run());
    step.addEventListener("click", () => { this.pause(); this.step(); this.show(); });
    reset.addEventListener("click", () => this.reset());
    for (const slider of [learningRate, batchSize]) slider.addEventListener("input", () => this.showSettings());
    images.addEventListener("input", () => { this.reset(); this.say(this.texts.restarted); });
    clear.addEventListener("click", () => this.pad.clear());
    example.addEventListener("click", () => this.takeExample());
    language.addEventListener("click", () => this.speak(this.language === "en" ? "zh" : "en"));
    // The keyboard shortcuts of the notebook must not run while a control has the focus.
    for (const type of ["keydown", "keypress", "keyup"]) this.card.addEventListener(type, event => event.stopPropagation());
  }

  run() {
    if (this.training.steps >= LAST_STEP) return;
    this.isRunning = true;
    this.parts.run.textContent = this.texts.pause;
    this.say(this.texts.running);
    const frame = () => {
      if (!this.isRunning) return;
      // Stops if the output has been removed from the page.
      if (!this.host.isConnected) { this.isRunning = false; return; }
      for (let n = Math.max(1, Math.floor(IMAGES_PER_FRAME / this.batchSize)); n > 0; n--) this.step();
      this.show();
      if (this.training.steps >= LAST_STEP) this.pause();
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  pause() {
    if (!this.isRunning) return;
    this.isRunning = false;
    this.parts.run.textContent = this.texts.run;
    const { steps } = this.training;
    this.say(`${steps >= LAST_STEP ? this.texts.ended : this.texts.paused}, ${this.texts.stepAt(steps)}`);
  }

  step() { this.training.step(this.learningRate, this.batchSize); }

  reset() {
    this.pause();
    if (this.history.length > 1) this.before = this.history;
    this.history = [];
    this.training.reset(this.imageCount);
    this.show();
  }

  say(text) { this.parts.status.textContent = text; }

  speak(language) {
    [this.language, this.texts] = [language, TEXTS[language]];
    this.card.lang = language === "zh" ? "zh-CN" : "en";
    for (const part of this.card.querySelectorAll("[data-text]")) part.textContent = this.texts[part.dataset.text];
    const { run, language: button, pad, seen } = this.parts;
    run.textContent = this.isRunning ? this.texts.pause : this.texts.run;
    button.textContent = this.texts.other;
    button.setAttribute("aria-label", this.texts.otherLabel);
    button.lang = language === "zh" ? "en" : "zh-CN";
    pad.setAttribute("aria-label", this.texts.pad);
    seen.setAttribute("aria-label", this.texts.seen);
    seen.title = this.texts.seen;
    this.parts.weights.setAttribute("aria-label", this.texts.weights);
    this.images.forEach((canvas, digit) => canvas.setAttribute("aria-label", `${this.texts.weightsOf} ${digit}`));
    this.showNumbers();
    this.predict();
  }

  show() {
    const { weights, set, count, steps } = this.training;
    const [learned, heldOut] = [evaluate(weights, set, count), evaluate(weights, this.heldOut)];
    this.history.push({ step: steps, learned, heldOut });
    // If there are too many points, keeps every second one and the newest.
    if (this.history.length > MAX_POINTS)
      this.history = this.history.filter((_, i, all) => i % 2 === 0 || i === all.length - 1);
    this.showSettings();
    this.paintWeights();
    if (this.texts) { this.showNumbers(); this.predict(); }
  }

  showSettings() {
    const { learningRate, batchSize, images } = this.parts;
    const settings = [[learningRate, this.learningRate], [batchSize, this.batchSize], [images, this.imageCount]];
    for (const [slider, value] of settings) {
      this.parts[`${slider.dataset.name}Value`].textContent = value;
      slider.setAttribute("aria-valuetext", value);
    }
  }

  showNumbers() {
    const { step, learned, heldOut } = this.history.at(-1);
    const percent = share => `${(100 * share).toFixed(1)}%`;
    this.parts.steps.textContent = step.toLocaleString("en");
    this.parts.loss.textContent = learned.loss.toFixed(3);
    this.parts.heldOutLoss.textContent = heldOut.loss.toFixed(3);
    this.parts.accuracy.textContent = percent(learned.accuracy);
    this.parts.heldOutAccuracy.textContent = percent(heldOut.accuracy);
    const worst = Math.max(...[...this.history, ...this.before].flatMap(point => [point.learned.loss, point.heldOut.loss]));
    this.drawCurve("loss", Math.min(LOSS_LIMIT, Math.max(1, Math.ceil(worst))), value => String(Number(value.toFixed(2))));
    this.drawCurve("accuracy", 1, value => `${Math.round(100 * value)}%`);
  }

  drawCurve(metric, top, format) {
    const [width, height, left, bottom] = [320, 150, 36, 18], svg = this.parts[`${metric}Curve`];
    const end = Math.max(10, this.history.at(-1).step, this.before.at(-1)?.step ?? 0);
    const x = step => left + step / end * (width - left - 6);
    const y = value => height - bottom - Math.min(1, value / top) * (height - bottom - 8);
    const place = (point, who) => `${x(point.step).toFixed(1)},${y(point[who][metric]).toFixed(1)}`;
    const line = (points, who, kind) => points.length === 0 ? ""
      : `<polyline class="${kind}" points="${points.map(point => place(point, who)).join(" ")}"/>`;
    const ticks = [0, top / 2, top].map(value => `<path class="grid" d="M${left} ${y(value)}H${width - 6}"/>
      <text x="${left - 5}" y="${y(value) + 4}" text-anchor="end">${format(value)}</text>`);
    svg.innerHTML = ticks.join("") + line(this.before, "heldOut", "before") + line(this.history, "learned", "learned")
      + line(this.history, "heldOut", "held") + `<text x="${left}" y="${height - 4}">0</text>`
      + `<text x="${width - 6}" y="${height - 4}" text-anchor="end">${this.texts.stepAt(end)}</text>`;
    const { learned, heldOut } = this.history.at(-1);
    svg.setAttribute("aria-label", this.texts.curve(this.texts[metric], format(learned[metric]), format(heldOut[metric])));
  }

  createImages() {
    this.images = [];
    for (let digit = 0; digit < DIGITS; digit++) {
      const [figure, canvas, bar] = ["figure", "canvas", "div"].map(name => document.createElement(name));
      canvas.width = canvas.height = SIDE;
      canvas.setAttribute("role", "img");
      figure.append(canvas, `${digit}`);
      this.parts.weights.append(figure);
      this.images.push(canvas);
      bar.setAttribute("role", "listitem");
      bar.innerHTML = `<span>${digit}</span><b><i></i></b><span></span>`;
      this.parts.bars.append(bar);
    }
  }

  paintWeights() {
    const { weights } = this.training;
    let largest = 0;
    for (let i = 0; i < PIXELS * DIGITS; i++) largest = Math.max(largest, Math.abs(weights[i]));
    const zero = this.isDark ? [25, 32, 42] : [255, 255, 255];
    this.images.forEach((canvas, digit) => paintPixels(canvas, p => {
      const share = largest === 0 ? 0 : weights[p * DIGITS + digit] / largest;
      const full = share > 0 ? [208, 64, 47] : [47, 111, 196];
      // The square root makes small weights visible.
      return zero.map((value, i) => value + (full[i] - value) * Math.sqrt(Math.abs(share)));
    }));
  }

  takeExample() {
    this.pad.clear();
    this.example = Math.floor(Math.random() * this.heldOut.count);
    this.predict();
  }

  predict() {
    const { pixels, labels } = this.heldOut, { seen, answer, bars } = this.parts, isExample = this.example !== null;
    const input = isExample ? pixels.subarray(this.example * PIXELS, (this.example + 1) * PIXELS) : rasterize(this.pad.strokes);
    paintPixels(seen, p => Array(3).fill(input ? 255 * input[p] : 0));
    const isReady = input !== null && this.training.steps > 0;
    const shares = isReady ? probabilities(this.training.weights, input) : new Float64Array(DIGITS);
    const best = isReady ? shares.indexOf(Math.max(...shares)) : -1;
    const truth = isExample ? ` (${this.texts.truth} ${labels[this.example]})` : "";
    const text = input === null ? this.texts.nothing : !isReady ? this.texts.untrained : `${this.texts.says} ${best}${truth}`;
    if (answer.textContent !== text) answer.textContent = text;
    [...bars.children].forEach((bar, digit) => {
      bar.className = digit === best ? "best" : "";
      bar.querySelector("i").style.width = `${100 * shares[digit]}%`;
      bar.lastChild.textContent = isReady ? `${Math.round(100 * shares[digit])}%` : "";
    });
  }

  // Detects a dark page by its text color, because the theme can come from the system, Jupyter, or VS Code.
  watchTheme() {
    const update = () => {
      const [red, green, blue] = getComputedStyle(this.host.parentElement ?? document.body).color.match(/[\d.]+/g).map(Number);
      const isDark = 0.3 * red + 0.6 * green + 0.1 * blue > 128;
      if (isDark === this.isDark) return;
      this.isDark = isDark;
      this.card.classList.toggle("dark", isDark);
      this.paintWeights();
    };
    update();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
    for (const element of [document.documentElement, document.body])
      new MutationObserver(update).observe(element, { attributes: true });
  }
}

function paintPixels(canvas, colorOf) {
  const context = canvas.getContext("2d"), image = context.createImageData(SIDE, SIDE);
  for (let p = 0; p < PIXELS; p++) {
    const [red, green, blue] = colorOf(p);
    image.data.set([red, green, blue, 255], 4 * p);
  }
  context.putImageData(image, 0, 0);
}

/** Starts the playground in each element for the output, because a front end may display an output more than once. */
async function startPlaygrounds(options) {
  const digits = await unpackDigits(options.digits, options.learnedCount + options.heldOutCount);
  const [learned, heldOut] = [subset(digits, 0, options.learnedCount), subset(digits, options.learnedCount, digits.count)];
  for (const host of document.querySelectorAll(`[data-mnistlab-playground="${options.id}"]`)) {
    if (host.shadowRoot) continue;
    new Playground(host, options, learned, heldOut);
  }
}
