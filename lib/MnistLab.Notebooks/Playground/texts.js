// The texts of the playground in each language.
const TEXTS = {
  en: {
    other: "中文", otherLabel: "用中文显示", title: "Softmax regression, trained in your browser",
    learningRate: "Learning rate", batchSize: "Batch size", images: "Training images",
    run: "Run", pause: "Pause", step: "Step", reset: "Reset", stepCount: "step", stepAt: step => `step ${step.toLocaleString("en")}`,
    learned: "training", heldOut: "held out", before: "held out, previous run", loss: "Loss", accuracy: "Accuracy",
    weights: "The weights of each digit", weightsOf: "Weights of the digit",
    inkFor: "ink here: for the digit", inkAgainst: "ink here: against it",
    draw: "Draw a digit", clear: "Clear", example: "A held-out digit", seen: "What the model sees: 28 × 28 pixels",
    pad: "A canvas for drawing a digit with a mouse, a pen, or a finger. "
      + "With the keyboard: arrow keys move the pen, Space lowers or lifts it.",
    nothing: "Nothing drawn yet", untrained: "Train the model first", says: "Prediction:", truth: "label",
    running: "Training", paused: "Paused", ended: "Stopped", restarted: "Training restarts with other images",
    curve: (name, a, b) => `${name}: ${a} on the training images, ${b} on the held-out images`,
  },
  zh: {
    other: "English", otherLabel: "Show in English", title: "在浏览器里训练 softmax 回归",
    learningRate: "学习率", batchSize: "批次大小", images: "训练图像数",
    run: "运行", pause: "暂停", step: "走一步", reset: "重置", stepCount: "步数", stepAt: step => `第 ${step.toLocaleString("en")} 步`,
    learned: "训练", heldOut: "留出", before: "留出，上一次运行", loss: "损失", accuracy: "准确率",
    weights: "每个数字的权重", weightsOf: "数字的权重：",
    inkFor: "此处有墨：支持该数字", inkAgainst: "此处有墨：反对该数字",
    draw: "画一个数字", clear: "清除", example: "取一张留出图像", seen: "模型看到的：28 × 28 像素",
    pad: "画数字的纸，可以用鼠标、笔或手指。用键盘时：方向键移动笔，空格键落笔或抬笔。",
    nothing: "还没有画", untrained: "请先训练模型", says: "预测：", truth: "标签",
    running: "正在训练", paused: "已暂停", ended: "已停止", restarted: "训练图像变了，从头开始训练",
    curve: (name, a, b) => `${name}：训练图像 ${a}，留出图像 ${b}`,
  },
};
