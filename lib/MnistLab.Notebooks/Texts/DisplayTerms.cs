namespace MnistLab.Notebooks.Texts;

/// <summary>
/// Translates the terms of tables and charts: the names of columns and metrics, and values such as outcomes. Code uses
/// the English terms in every edition of the course; the display uses the language of the notebook.
/// </summary>
internal static class DisplayTerms
{
    private static readonly Dictionary<string, string> Chinese = new(StringComparer.Ordinal)
    {
        ["accuracy"] = "准确率",
        ["augmentation"] = "数据增强",
        ["batch size"] = "批次大小",
        ["digit"] = "数字",
        ["clearly below"] = "明显较低",
        ["gives"] = "输出",
        ["height"] = "高",
        ["ink"] = "墨量",
        ["label"] = "标签",
        ["label smoothing"] = "标签平滑",
        ["labels"] = "标签",
        ["learning rate"] = "学习率",
        ["loss"] = "损失",
        ["meaning"] = "含义",
        ["metric"] = "指标",
        ["misclassified"] = "认错的图像",
        ["model"] = "模型",
        ["operator"] = "算子",
        ["optimizer"] = "优化器",
        ["outcome"] = "结果",
        ["probability"] = "概率",
        ["recipe"] = "做法",
        ["result"] = "结论",
        ["run"] = "运行",
        ["runs"] = "运行次数",
        ["samples"] = "训练图像",
        ["seconds"] = "秒",
        ["seed"] = "种子",
        ["standard error"] = "标准误差",
        ["status"] = "状态",
        ["step"] = "步",
        ["steps"] = "步数",
        ["taken for"] = "被当成",
        ["takes"] = "输入",
        ["trial"] = "试验",
        ["validation accuracy"] = "验证准确率",
        ["validation loss"] = "验证损失",
        ["value"] = "值",
        ["weight decay"] = "权重衰减",
        ["weights"] = "权重数",
        ["width"] = "宽",
        ["★ best"] = "★ 最好",
        ["within the noise"] = "在噪声之内",
        ["not begun"] = "未开始",
        ["Abnormal"] = "异常",
        ["Completed"] = "已完成",
        ["Creating"] = "创建中",
        ["Diverged"] = "发散",
        ["Failed"] = "失败",
        ["Interrupted"] = "已中断",
        ["Pending"] = "等待中",
        ["Running"] = "进行中",
        ["Terminated"] = "已停止",
        ["Terminating"] = "停止中",

        // The service's descriptions of its metrics.
        ["Requests for predictions, by protocol and outcome."] = "预测请求的次数，按协议和结果分。",
        ["Time from a request's header to its response, by protocol."] = "从请求头到响应的时间，按协议分。",
        ["Images predicted."] = "已预测的图像数。",
        ["Requests that wait for a processor."] = "等待处理器的请求数。",
        ["1 when a model is loaded and warm."] = "模型已加载并预热时为 1。",
        ["The share of requests that a model version gets, in percent."] = "一个模型版本分到的请求的百分比。",
        ["Processor time used."] = "用掉的处理器时间。",
        ["Memory in use, resident."] = "占用的物理内存。",
        ["Bytes allocated on the managed heap since the start."] = "启动以来在托管堆上分配的字节数。",
        ["Time that all threads were paused for garbage collections."] = "所有线程因垃圾回收而暂停的时间。",
        ["Garbage collections, by generation."] = "垃圾回收的次数，按代分。",
        ["When the service started."] = "服务启动的时刻。",
    };

    /// <summary>Returns a term in the language of the notebook; any other text, such as a name, unchanged.</summary>
    public static string Translate(string term) =>
        DisplayText.Language == "zh" && Chinese.TryGetValue(term, out var translated) ? translated : term;
}
