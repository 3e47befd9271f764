using MnistLab.Studio.Preferences;
using MnistLab.Training.Jobs;

namespace MnistLab.Studio.Console.Jobs;

/// <summary>Defines the texts of the training jobs.</summary>
internal static class JobTexts
{
    public static readonly Text Introduction = new(
        "Each version of a job is a separate process. It continues when you close this page or Studio.",
        "作业的每个版本都是独立的进程。关闭此页面或 Studio 后仍会继续运行。");
    public static readonly Text New = new("Create training job", "创建训练作业");
    public static readonly Text Compare = new("Compare {0} versions", "比较 {0} 个版本");
    public static readonly Text CompareHint = new("Select two or more versions to compare them.", "选择两个或更多版本进行比较。");
    public static readonly Text Select = new("Compare {0} {1}", "比较 {0} {1}");
    public static readonly Text None = new("There are no training jobs yet.", "还没有训练作业。");
    public static readonly Text Duration = new("Duration", "时长");
    public static readonly Text Accuracy = new("Validation accuracy", "验证准确率");
    public static readonly Text Parameters = new("Parameters", "运行参数");
    public static readonly Text Damaged = new("The record of {0} {1} is damaged.", "{0} {1} 的记录已损坏。");

    public static readonly Text Name = new("Job name", "作业名称");
    public static readonly Text NameHint = new(
        "1–64 letters, digits, underscores, and hyphens.", "1–64 个字母、数字、下划线或连字符。");
    public static readonly Text DescriptionHint = new(
        "The purpose of the job; at most 256 characters.", "作业的用途，最多 256 个字符。");
    public static readonly Text Algorithm = new("Algorithm", "算法");
    public static readonly Text Source = new("Algorithm source", "算法来源");
    public static readonly Text CommonFramework = new("Common framework", "常用框架");
    public static readonly Text Engine = new("AI engine", "AI 引擎");
    public static readonly Text CodeUrl = new("Code directory", "代码目录");
    public static readonly Text CodeHint = new(
        "All files in it are available to the boot file; at most 10 MB.", "启动文件运行时可使用其中的所有文件，最多 10 MB。");
    public static readonly Text BootFile = new("Boot file", "启动文件");
    public static readonly Text BootFileHint = new("A C# program in the code directory.", "代码目录中的 C# 程序。");
    public static readonly Text Data = new("Data and output", "数据与输出");
    public static readonly Text DataUrl = new("Data storage location", "数据存储位置");
    public static readonly Text DataHint = new(
        "The four MNIST files. Passed as --data_url.", "四个 MNIST 文件，以 --data_url 传入。");
    public static readonly Text TrainUrl = new("Training output location", "训练输出位置");
    public static readonly Text TrainHint = new(
        "Each version writes to its own subfolder, which is passed as --train_url.", "每个版本写入各自的子文件夹，以 --train_url 传入。");
    public static readonly Text LogUrl = new("Job log location", "作业日志位置");
    public static readonly Text LogHint = new("The log of each version is kept with its output.", "每个版本的日志与其输出保存在一起。");
    public static readonly Text Resources = new("Resources", "资源");
    public static readonly Text Workers = new("Number of workers", "计算节点个数");
    public static readonly Text WorkersHint = new(
        "Processes that train one model together. More than one requires MPI.", "共同训练一个模型的进程数。多于一个时需要 MPI。");
    public static readonly Text HostFile = new("Host file", "主机文件");
    public static readonly Text HostFileHint = new(
        "For several machines: a file on this machine with their names, one per line.", "用于多台机器：本机上的文件，每行一个机器名。");
    public static readonly Text Target = new("Resource pool", "资源池");
    public static readonly Text Local = new("This machine", "本机");
    public static readonly Text Slurm = new("Slurm cluster", "Slurm 集群");
    public static readonly Text MaxMinutes = new("Auto stop", "自动停止");
    public static readonly Text MaxMinutesHint = new(
        "Minutes after which the job is stopped. Leave empty for no limit.", "作业在多少分钟后停止；留空表示不限时。");
    public static readonly Text ParametersHint = new(
        "Arguments of the boot file. Leave a value empty to use the default.", "启动文件的参数。空值表示使用默认值。");
    public static readonly Text ParameterName = new("Name of parameter {0}", "参数 {0} 的名称");
    public static readonly Text ParameterValue = new("Value of {0}", "{0} 的值");
    public static readonly Text Default = new("(default)", "（默认）");
    public static readonly Text AddParameter = new("Add parameter", "添加参数");
    public static readonly Text Remove = new("Remove {0}", "移除 {0}");
    public static readonly Text Submit = new("Submit", "提交");
    public static readonly Text VersionHint = new(
        "The job gets the next available version, such as V0001.", "作业将获得下一个可用版本，例如 V0001。");

    public static readonly Text Stop = new("Stop", "停止");
    public static readonly Text StopQuestion = new("Stop the job? It saves a checkpoint first.", "停止作业？停止前会保存检查点。");
    public static readonly Text Resume = new("Resume", "继续");
    public static readonly Text ResumeHint = new(
        "A new version continues from the newest checkpoint.", "新版本从最新的检查点继续训练。");
    public static readonly Text Retry = new("Retry", "重试");
    public static readonly Text RetryHint = new("A new version starts from the beginning.", "新版本从头开始训练。");
    public static readonly Text Change = new("New version with changes", "修改后新建版本");
    public static readonly Text OpenBoard = new("TensorBoard", "TensorBoard");
    public static readonly Text Import = new("Import the model", "导入模型");
    public static readonly Text DeleteQuestion = new(
        "Delete the job with its log and checkpoints? Its output in object storage is kept.",
        "删除作业及其日志和检查点？对象存储中的输出会保留。");
    public static readonly Text Steps = new("step {0}", "第 {0} 步");
    public static readonly Text StepsOf = new("step {0} of {1}", "第 {0} / {1} 步");
    public static readonly Text Curves = new("Curves", "曲线");
    public static readonly Text NoCurves = new("The job has not reported any metrics yet.", "作业尚未报告任何指标。");
    public static readonly Text Loss = new("Loss", "损失");
    public static readonly Text AccuracyCurve = new("Accuracy", "准确率");
    public static readonly Text Step = new("step", "步");
    public static readonly Text Training = new("training batch", "训练批次");
    public static readonly Text Validation = new("validation", "验证");
    public static readonly Text Log = new("Log", "日志");
    public static readonly Text Search = new("Search the log", "搜索日志");
    public static readonly Text Found = new("{0} lines", "{0} 行");
    public static readonly Text Worker = new("Worker", "计算节点");
    public static readonly Text Download = new("Download the log", "下载日志");
    public static readonly Text NoLog = new("The log is empty.", "日志为空。");
    public static readonly Text Earlier = new(
        "{0} earlier lines are not shown. Download the log to read them.", "前面的 {0} 行未显示，请下载日志查看。");
    public static readonly Text Events = new("Events", "事件");
    public static readonly Text Form = new("Configuration", "配置");
    public static readonly Text Output = new("Output", "输出");

    public static readonly Text Comparison = new("Comparison of versions", "版本比较");
    public static readonly Text Different = new("Settings that differ", "不同的设置");
    public static readonly Text Same = new("Settings that are the same", "相同的设置");
    public static readonly Text NoDifference = new("The settings are the same.", "设置相同。");
    public static readonly Text Metrics = new("Metrics", "指标");
    public static readonly Text Best = new("best", "最佳");
    public static readonly Text ValidationLoss = new("Validation loss", "验证损失");
    public static readonly Text TrainingLoss = new("Training loss", "训练损失");
    public static readonly Text TwoAreNeeded = new(
        "Select at least two versions in the list of training jobs.", "请在训练作业列表中至少选择两个版本。");
    public static readonly Text Setting = new("Setting", "设置");
    public static readonly Text Metric = new("Metric", "指标");
    public static readonly Text StepsDone = new("Steps", "步数");

    private static readonly Dictionary<JobStatus, Text> Statuses = new()
    {
        [JobStatus.Creating] = new("Creating", "创建中"),
        [JobStatus.Pending] = new("Pending", "等待中"),
        [JobStatus.Running] = new("Running", "运行中"),
        [JobStatus.Completed] = new("Completed", "已完成"),
        [JobStatus.Failed] = new("Failed", "失败"),
        [JobStatus.Terminating] = new("Terminating", "停止中"),
        [JobStatus.Terminated] = new("Terminated", "已停止"),
        [JobStatus.Abnormal] = new("Abnormal", "异常"),
    };

    /// <summary>Returns the name of a status, as in the original console.</summary>
    public static Text For(JobStatus status) => Statuses[status];

    /// <summary>Returns the CSS class of a status, which sets its color.</summary>
    public static string ClassOf(JobStatus status) => status switch
    {
        JobStatus.Completed => "good",
        JobStatus.Failed or JobStatus.Abnormal => "bad",
        JobStatus.Terminating or JobStatus.Terminated => "warning",
        _ => "",
    };
}
