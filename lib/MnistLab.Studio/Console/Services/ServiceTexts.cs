using MnistLab.Serving.Instances;
using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console.Services;

/// <summary>Defines the texts of the online services.</summary>
internal static class ServiceTexts
{
    public static readonly Text Introduction = new(
        "A service is a separate process that uses a model to respond to requests. "
        + "It continues when you close this page or Studio.",
        "服务是用模型响应请求的独立进程。关闭此页面或 Studio 后仍会继续运行。");
    public static readonly Text Deploy = new("Deploy a service", "部署服务");
    public static readonly Text Update = new("Change {0}", "修改 {0}");
    public static readonly Text None = new("There are no online services yet.", "还没有在线服务。");
    public static readonly Text Address = new("Address", "地址");
    public static readonly Text Models = new("Model versions and weights", "模型版本与权重");
    public static readonly Text NoModels = new(
        "There is no published model. Import the output of a training job first.", "没有可用的模型。请先导入训练作业的输出。");
    public static readonly Text ToModels = new("Import a model", "导入模型");
    public static readonly Text Name = new("Service name", "服务名称");
    public static readonly Text NameHint = new(
        "1–64 letters, digits, hyphens, and underscores.", "1–64 个字母、数字、连字符或下划线。");
    public static readonly Text Exists = new(
        "A service with this name already exists. Deploying changes it without losing requests.",
        "已有同名服务。部署将修改该服务，不会丢失请求。");
    public static readonly Text Version = new("Model version {0}", "模型版本 {0}");
    public static readonly Text Weight = new("Weight of {0}, in percent", "{0} 的权重（%）");
    public static readonly Text WeightsHint = new(
        "Requests are distributed among the versions by weight (a gray release). The weights must sum to 100.",
        "请求按权重分配给各个版本（灰度发布）。权重之和必须为 100。");
    public static readonly Text Sum = new("Sum: {0}%", "合计：{0}%");
    public static readonly Text AddVersion = new("Add version", "添加版本");
    public static readonly Text Remove = new("Remove {0}", "移除 {0}");
    public static readonly Text Instance = new("Instance", "实例");
    public static readonly Text Port = new("Port", "端口");
    public static readonly Text PortHint = new(
        "1–65535. Leave empty to keep the current port; a new service gets a free port.",
        "1–65535。留空则保留当前端口；新服务会使用空闲端口。");
    public static readonly Text StopAfter = new("Auto stop", "自动停止");
    public static readonly Text StopAfterHint = new(
        "Minutes after which the service stops automatically, or \"never\". Leave empty to keep the current setting.",
        "服务在多少分钟后自动停止，或填 \"never\"。留空表示不变。");
    public static readonly Text Limit = new("Prediction limit", "预测时限");
    public static readonly Text LimitHint = new(
        "Maximum duration of one prediction in seconds, at most 40. Leave empty to keep the current setting.",
        "单次预测的最长秒数，最多 40。留空表示不变。");
    public static readonly Text Access = new("Access", "访问");
    public static readonly Text Listen = new("Listen address", "监听地址");
    public static readonly Text ListenHint = new(
        "127.0.0.1 for this machine only; 0.0.0.0 for all networks, which requires a secret. "
        + "Leave empty to keep the current setting.",
        "127.0.0.1 表示仅本机；0.0.0.0 表示所有网络，需要密钥。留空表示不变。");
    public static readonly Text Token = new("Token", "令牌");
    public static readonly Text TokenHint = new(
        "Sent in X-Auth-Token; at least 16 characters. It is not shown again. Leave empty to keep the current token.",
        "以 X-Auth-Token 发送，至少 16 个字符。不会再次显示。留空表示不变。");
    public static readonly Text AppCode = new("App code", "应用代码");
    public static readonly Text AppCodeHint = new(
        "An alternative to the token, sent in X-Apig-AppCode; at least 16 characters. "
        + "Leave empty to keep the current code.",
        "可代替令牌，以 X-Apig-AppCode 发送，至少 16 个字符。留空表示不变。");
    public static readonly Text RemoveSecrets = new("Remove the current secrets of the service", "移除服务现有的密钥");
    public static readonly Text NotANumber = new("'{0}' is not a number.", "“{0}”不是数字。");
    public static readonly Text ChooseVersion = new("Choose a model version.", "请选择模型版本。");

    public static readonly Text Start = new("Start", "启动");
    public static readonly Text Stop = new("Stop", "停止");
    public static readonly Text StopQuestion = new(
        "Stop the service? Requests in progress are completed first.", "停止服务？会先完成进行中的请求。");
    public static readonly Text Change = new("Change weights and settings", "修改权重和设置");
    public static readonly Text DeleteQuestion = new(
        "Delete the service with its logs and history? If it is running, it is stopped first.",
        "删除服务及其日志和历史？如正在运行，会先停止。");
    public static readonly Text Dismiss = new("Dismiss", "知道了");
    public static readonly Text Working = new("Working", "处理中");
    public static readonly Text Started = new("Deployed", "部署时间");
    public static readonly Text Process = new("Process", "进程");
    public static readonly Text Restarts = new("Restarts after crashes", "崩溃后重启次数");
    public static readonly Text StopsAt = new("Stops at", "停止时间");
    public static readonly Text Never = new("never", "从不");
    public static readonly Text Secrets = new("Requires a secret", "需要密钥");
    public static readonly Text Yes = new("yes", "是");
    public static readonly Text No = new("no", "否");
    public static readonly Text Predict = new("Prediction", "预测");
    public static readonly Text Draw = new("Draw a digit", "手写一个数字");
    public static readonly Text Pad = new("Drawing pad for digits", "手写数字画板");
    public static readonly Text NoPad = new(
        "The service requires a secret, which its drawing pad does not support. Send an image below instead; "
        + "Studio adds the secret.",
        "服务需要密钥，而其画板不支持密钥。请改为在下方发送图像，Studio 会自动添加密钥。");
    public static readonly Text SendImage = new("Send an image", "发送图像");
    public static readonly Text ImageHint = new(
        "PNG, JPEG, BMP, GIF, or WebP of any size, at most 12 MB.", "任意尺寸的 PNG、JPEG、BMP、GIF 或 WebP，最大 12 MB。");
    public static readonly Text Sending = new("Sending {0}", "正在发送 {0}");
    public static readonly Text Response = new("Response: {0} in {1} ms", "响应：{0}，用时 {1} 毫秒");
    public static readonly Text Predicted = new("Predicted label: {0}", "预测的标签：{0}");
    public static readonly Text Probability = new("Probability of {0}", "{0} 的概率");
    public static readonly Text TooLarge = new(
        "{0} has {1} bytes, but the maximum is {2}.", "{0} 有 {1} 字节，超过了 {2} 字节的上限。");
    public static readonly Text Monitoring = new("Metrics", "监控");
    public static readonly Text Requests = new("Requests", "请求");
    public static readonly Text Succeeded = new("succeeded", "成功");
    public static readonly Text FailedRequests = new("failed", "失败");
    public static readonly Text PerMinute = new("Requests per minute", "每分钟请求数");
    public static readonly Text Now = new("now", "现在");
    public static readonly Text MinutesAgo = new("{0} min ago", "{0} 分钟前");
    public static readonly Text Median = new("Latency, median (p50)", "延迟，中位数（p50）");
    public static readonly Text Slow = new("Latency, p99", "延迟，p99");
    public static readonly Text Images = new("Images predicted", "已预测图像");
    public static readonly Text Queue = new("Queued requests", "等待中的请求");
    public static readonly Text Cpu = new("Processor time", "处理器时间");
    public static readonly Text Memory = new("Memory", "内存");
    public static readonly Text Uptime = new("Uptime", "运行时长");
    public static readonly Text NoMetrics = new("The service does not respond: {0}", "服务没有响应：{0}");
    public static readonly Text History = new("Configuration history", "配置历史");
    public static readonly Text Time = new("Time", "时间");
    public static readonly Text Events = new("Events", "事件");
    public static readonly Text Log = new("Log", "日志");
    public static readonly Text NoLog = new("The log is empty.", "日志为空。");

    private static readonly Dictionary<ServiceStatus, Text> Statuses = new()
    {
        [ServiceStatus.Deploying] = new("Deploying", "部署中"),
        [ServiceStatus.Running] = new("Running", "运行中"),
        [ServiceStatus.Concerning] = new("Concerning", "告警"),
        [ServiceStatus.Failed] = new("Failed", "失败"),
        [ServiceStatus.Stopped] = new("Stopped", "已停止"),
        [ServiceStatus.Stopping] = new("Stopping", "停止中"),
        [ServiceStatus.Deleting] = new("Deleting", "删除中"),
    };

    /// <summary>Returns the name of a status, as in the original console.</summary>
    public static Text For(ServiceStatus status) => Statuses[status];

    /// <summary>Returns the CSS class of a status, which sets its color.</summary>
    public static string ClassOf(ServiceStatus status) => status switch
    {
        ServiceStatus.Running => "good",
        ServiceStatus.Failed => "bad",
        ServiceStatus.Concerning or ServiceStatus.Stopping or ServiceStatus.Deleting => "warning",
        _ => "",
    };
}
