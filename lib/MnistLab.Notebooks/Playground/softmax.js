// Softmax regression: 784 pixels → 10 digits. The weights are one array: weights[p * 10 + d] for pixel p and digit d,
// followed by the ten biases. A set is { pixels: count × 784 numbers in [0, 1], labels: count digits, count }.
const DIGITS = 10, PIXELS = 784;

function createWeights() {
  return new Float64Array((PIXELS + 1) * DIGITS);
}

/** Returns the probabilities of the ten digits for one image: the 784 pixels from the offset. */
function probabilities(weights, pixels, offset = 0) {
  const scores = weights.slice(PIXELS * DIGITS);
  for (let p = 0; p < PIXELS; p++) {
    const ink = pixels[offset + p];
    if (ink === 0) continue;
    for (let d = 0; d < DIGITS; d++) scores[d] += ink * weights[p * DIGITS + d];
  }
  // Subtracting the highest score prevents the exponential of a high score from overflowing.
  const highest = Math.max(...scores);
  let sum = 0;
  for (let d = 0; d < DIGITS; d++) sum += scores[d] = Math.exp(scores[d] - highest);
  return scores.map(score => score / sum);
}

function crossEntropy(distribution, label) {
  return -Math.log(Math.max(distribution[label], Number.MIN_VALUE));
}

/** Returns the mean cross-entropy of the images at the indices, and its gradient with respect to the weights. */
function lossAndGradient(weights, set, indices) {
  const gradient = createWeights();
  let loss = 0;
  for (const i of indices) {
    const error = probabilities(weights, set.pixels, i * PIXELS);
    loss += crossEntropy(error, set.labels[i]) / indices.length;
    error[set.labels[i]] -= 1;
    for (let d = 0; d < DIGITS; d++) error[d] /= indices.length;
    for (let p = 0; p < PIXELS; p++) {
      const ink = set.pixels[i * PIXELS + p];
      if (ink === 0) continue;
      for (let d = 0; d < DIGITS; d++) gradient[p * DIGITS + d] += ink * error[d];
    }
    for (let d = 0; d < DIGITS; d++) gradient[PIXELS * DIGITS + d] += error[d];
  }
  return { loss, gradient };
}

/** Returns the mean cross-entropy and the accuracy, in [0, 1], for the first images of a set. */
function evaluate(weights, set, count = set.count) {
  let loss = 0, correct = 0;
  for (let i = 0; i < count; i++) {
    const distribution = probabilities(weights, set.pixels, i * PIXELS);
    loss += crossEntropy(distribution, set.labels[i]) / count;
    if (distribution.indexOf(Math.max(...distribution)) === set.labels[i]) correct++;
  }
  return { loss, accuracy: correct / count };
}

/** Returns a generator of random numbers in [0, 1) (mulberry32), seeded so that a run after a reset is reproducible. */
function createRandom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let bits = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}

/** Represents a model in training: mini-batch gradient descent on images that are reshuffled in each epoch. */
class Training {
  constructor(set) {
    this.set = set;
    this.reset(set.count);
  }

  reset(count) {
    this.count = count;
    this.weights = createWeights();
    this.steps = this.seen = 0;
    this.random = createRandom(1);
    this.queue = [];
  }

  step(learningRate, batchSize) {
    const batch = [];
    while (batch.length < Math.min(batchSize, this.count)) {
      if (this.queue.length === 0) this.shuffle();
      batch.push(this.queue.pop());
    }
    const { gradient } = lossAndGradient(this.weights, this.set, batch);
    for (let i = 0; i < gradient.length; i++) this.weights[i] -= learningRate * gradient[i];
    this.steps++;
    this.seen += batch.length;
  }

  shuffle() {
    this.queue = Array.from({ length: this.count }, (_, i) => i);
    for (let i = this.count - 1; i > 0; i--) {
      const j = Math.floor(this.random() * (i + 1));
      [this.queue[i], this.queue[j]] = [this.queue[j], this.queue[i]];
    }
  }
}

/** Decompresses the digits: first the labels, one byte each, then the pixels, two per byte, with 16 gray levels. */
async function unpackDigits(base64, count) {
  const packed = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const pixels = new Float32Array(count * PIXELS);
  for (let i = 0; i < pixels.length; i++) pixels[i] = ((bytes[count + (i >> 1)] >> (i % 2 ? 0 : 4)) & 15) / 15;
  return { pixels, labels: bytes.slice(0, count), count };
}

/** Returns a set of the images from start to end, exclusive. */
function subset(set, start, end) {
  const pixels = set.pixels.subarray(start * PIXELS, end * PIXELS);
  return { pixels, labels: set.labels.subarray(start, end), count: end - start };
}
