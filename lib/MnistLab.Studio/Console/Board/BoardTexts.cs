using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console.Board;

/// <summary>Defines the texts of the TensorBoard jobs.</summary>
internal static class BoardTexts
{
    public static readonly Text Introduction = new(
        "A TensorBoard job shows the curves, histograms, and images that training writes to its event log. "
        + "It runs until you stop it or Studio exits.",
        "TensorBoard 作业显示训练写入事件日志的曲线、直方图和图像。它会一直运行，直到你停止它或 Studio 退出。");
    public static readonly Text Create = new("Create TensorBoard job", "创建 TensorBoard 作业");
    public static readonly Text Location = new("Training output location", "训练输出位置");
    public static readonly Text LocationHint = new(
        "The output of one version, such as s3://modelarts-example/log/V0001/, "
        + "or the folder above it to compare all versions.",
        "一个版本的输出，例如 s3://modelarts-example/log/V0001/；如需比较所有版本，请填写其上级文件夹。");
    public static readonly Text Start = new("Start", "启动");
    public static readonly Text Starting = new("Starting", "启动中");
    public static readonly Text Running = new("Running", "运行中");
    public static readonly Text Failed = new("Failed", "失败");
    public static readonly Text Started = new("Started", "启动时间");
    public static readonly Text Open = new("Open", "打开");
    public static readonly Text OpenTab = new("Open TensorBoard in a new tab", "在新标签页中打开 TensorBoard");
    public static readonly Text Stop = new("Stop", "停止");
    public static readonly Text None = new("No TensorBoard job is running.", "没有正在运行的 TensorBoard 作业。");
    public static readonly Text Board = new("TensorBoard of {0}", "{0} 的 TensorBoard");
    public static readonly Text NotFound = new(
        "This TensorBoard job was stopped. Start it again from the list.", "此 TensorBoard 作业已停止。请从列表中重新启动。");
    public static readonly Text NotInstalled = new(
        "TensorBoard is not installed, so this page shows the event log instead. "
        + "To use TensorBoard, run \"pip install tensorboard\", make sure that tensorboard is on the PATH, "
        + "restart Studio, and start this job again.",
        "未安装 TensorBoard，因此由此页面显示事件日志。要使用 TensorBoard，请运行 \"pip install tensorboard\" 安装，"
        + "确保 tensorboard 位于 PATH 中，然后重新启动 Studio 和此作业。");
    public static readonly Text Empty = new(
        "The event log is empty so far. This page updates as training writes to it.",
        "事件日志暂无内容。训练写入日志后，此页面会自动更新。");
    public static readonly Text Filter = new("Show only tags that contain", "仅显示包含以下文字的标签");
    public static readonly Text Scalars = new("Scalars", "标量");
    public static readonly Text Histograms = new("Histograms", "直方图");
    public static readonly Text Images = new("Images", "图像");
    public static readonly Text Notes = new("Text", "文本");
    public static readonly Text HyperParameters = new("Hyper-parameters", "超参数");
    public static readonly Text Run = new("Run", "运行");
    public static readonly Text Step = new("step", "步");
    public static readonly Text AtStep = new("{0}, step {1} ({2})", "{0}，第 {1} 步（{2}）");
    public static readonly Text ChooseStep = new("Step of {0}", "{0} 的步数");
    public static readonly Text NotShown = new("Shown only in TensorBoard: {0}.", "仅在 TensorBoard 中显示：{0}。");
}
