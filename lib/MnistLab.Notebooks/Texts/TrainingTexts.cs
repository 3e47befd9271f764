namespace MnistLab.Notebooks.Texts;

/// <summary>
/// Defines the texts of a lab, of a training run, and of the displays of TensorBoard, playground, and pad.
/// </summary>
internal static class TrainingTexts
{
    public static readonly DisplayText Lab = new(
        "MnistLab: objects in {0}, bucket {1}", "MnistLab：对象在 {0}，桶是 {1}");

    public static readonly DisplayText Step = new("step {0:N0}", "第 {0:N0} 步");
    public static readonly DisplayText StepOf = new("step {0:N0} of {1:N0}", "第 {0:N0} 步，共 {1:N0} 步");
    public static readonly DisplayText Batch = new("{0:N0} images/s · loss {1:F3}", "{0:N0} 张图像/秒 · 损失 {1:F3}");
    public static readonly DisplayText Accuracy = new("validation accuracy {0:0.0%}", "验证准确率 {0:0.0%}");
    public static readonly DisplayText Left = new("{0:F0} s left", "还需 {0:F0} 秒");
    public static readonly DisplayText JobEnded = new(
        "{0} {1}: {2} after {3:F0} s", "{0} {1}：{2}，用时 {3:F0} 秒");
    public static readonly DisplayText StepsDone = new("steps done", "已完成的步数");
    public static readonly DisplayText LossOverSteps = new("loss over steps", "损失随步数的变化");
    public static readonly DisplayText Loss = new("loss:", "损失：");

    public static readonly DisplayText TensorBoard = new("TensorBoard of {0}", "{0} 的 TensorBoard");
    public static readonly DisplayText OwnBoard = new(
        "TensorBoard of {0}: shown here (TensorBoard is not installed)",
        "{0} 的 TensorBoard：在这里显示（未安装 TensorBoard）");
    public static readonly DisplayText HyperParameters = new("Hyper-parameters", "超参数");
    public static readonly DisplayText Stopped = new("TensorBoard of {0}: stopped", "{0} 的 TensorBoard：已停止");
    public static readonly DisplayText NothingLogged = new("{0}: nothing was logged yet.", "{0}：还没有记录任何内容。");
    public static readonly DisplayText NotShown = new("Shown only in TensorBoard: {0}.", "仅在 TensorBoard 中显示：{0}。");
    public static readonly DisplayText ImageOfStep = new("{0}: {1}, step {2:N0}", "{0}：{1}，第 {2:N0} 步");
    public static readonly DisplayText HistogramOfStep = new("{0}, step {1:N0} ({2})", "{0}，第 {1:N0} 步（{2}）");
    public static readonly DisplayText TextOfRun = new("{0}: {1}", "{0}：{1}");
    public static readonly DisplayText CountOf = new("{0:N0} of {1:N0}", "{1:N0} 张中的 {0:N0} 张");

    public static readonly DisplayText Playground = new(
        "a playground, for front ends that show HTML", "游乐场，在能显示 HTML 的前端里可用");
    public static readonly DisplayText NoScripts = new(
        "The playground runs in the browser. If you can read this, scripts are not allowed here: "
        + "trust the notebook, or open the report.",
        "游乐场在浏览器里运行。如果你看到这段文字，说明这里不允许运行脚本：请信任此笔记本，或者打开报告。");

    public static readonly DisplayText Pad = new("a drawing pad: open {0} in a browser", "画板：请在浏览器里打开 {0}");
    public static readonly DisplayText PadTitle = new(
        "A drawing pad for digits, with the predictions of the service at {0}", "画数字的画板，以及 {0} 处服务的预测");
    public static readonly DisplayText PadSilent = new(
        "The service at {0} does not respond. It must run on the same computer as your browser: run notebook 3 and this cell "
        + "again, or run {1} in a terminal. If the link works, this front end does not allow frames: draw on the linked page.",
        "位于 {0} 的服务没有响应。它必须运行在浏览器所在的计算机上：请重新运行第 3 篇和这个单元格，或者在终端里运行 {1}。"
        + "如果链接能打开，说明这个前端不允许嵌入框架：请在打开的页面上画。");
    public static readonly DisplayText TryAgain = new("Try again", "重试");
}
