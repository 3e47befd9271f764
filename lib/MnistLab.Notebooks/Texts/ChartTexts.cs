namespace MnistLab.Notebooks.Texts;

/// <summary>Defines the texts of charts and images.</summary>
internal static class ChartTexts
{
    public static readonly DisplayText Chart = new("a chart", "一张图");
    public static readonly DisplayText Drawing = new("a drawing", "一幅画");
    public static readonly DisplayText BlackDrawing = new("a drawing, black on white", "一幅白底黑字的画");
    public static readonly DisplayText Handwritten = new("a handwritten digit", "一个手写数字");
    public static readonly DisplayText Heat = new(
        "numbers as colors: red positive, blue negative", "用颜色表示的数：红正蓝负");
    public static readonly DisplayText ColorScale = new("color scale", "色标");
    public static readonly DisplayText MoreRows = new("… {0:N0} more rows", "…… 还有 {0:N0} 行");

    public static readonly DisplayText Validation = new("validation", "验证");
    public static readonly DisplayText TrainingBatch = new("training batch", "训练批次");
    public static readonly DisplayText OfValidation = new("validation {0}", "验证{0}");
    public static readonly DisplayText ShareOfSet = new("share of the set in %", "在集合中的占比（%）");
    public static readonly DisplayText TakenFor = new("taken for", "被当成");
    public static readonly DisplayText Label = new("label", "标签");
    public static readonly DisplayText Probability = new("probability", "概率");
    public static readonly DisplayText Confidence = new("confidence", "置信度");
    public static readonly DisplayText ShareRight = new("share of correct predictions", "正确预测的比例");
    public static readonly DisplayText Calibrated = new("calibrated", "校准良好");
    public static readonly DisplayText Predictions = new("{0:N0} predictions", "{0:N0} 个预测");
    public static readonly DisplayText Latency = new("latency in ms", "延迟（毫秒）");
    public static readonly DisplayText Responses = new("responses per second", "每秒响应数");
    public static readonly DisplayText Succeeded = new("✓ {0:N0} responses", "✓ {0:N0} 个响应");
    public static readonly DisplayText Failed = new("✗ {0:N0} failed", "✗ {0:N0} 个失败");
    public static readonly DisplayText Median = new("median", "中位数");
    public static readonly DisplayText P99 = new("99th percentile", "第 99 百分位数");
}
