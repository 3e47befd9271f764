using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console;

/// <summary>Defines the texts that the screens of the console share.</summary>
internal static class ConsoleTexts
{
    public static readonly Text Title = new("Console", "控制台");
    public static readonly Text Introduction = new(
        "Complete the steps of the tutorial without a notebook. Each screen shows the equivalent notebook code.",
        "无需笔记本即可完成教程的各个步骤。每个页面都会显示等效的笔记本代码。");
    public static readonly Text Navigation = new("Console screens", "控制台页面");
    public static readonly Text Keys = new("Access keys", "访问密钥");
    public static readonly Text KeysPurpose = new(
        "Connect an object storage server. Without one, objects are stored in a folder on this machine.",
        "连接对象存储服务器。未连接时，对象保存在本机的文件夹中。");
    public static readonly Text Objects = new("Object storage", "对象存储");
    public static readonly Text ObjectsPurpose = new(
        "Browse buckets; upload, preview, download, and delete objects.", "浏览桶；上传、预览、下载和删除对象。");
    public static readonly Text Jobs = new("Training jobs", "训练作业");
    public static readonly Text JobsPurpose = new(
        "Train a model on the dataset in the bucket, and compare versions.", "用桶中的数据集训练模型，并比较各个版本。");
    public static readonly Text TensorBoard = new("TensorBoard", "TensorBoard");
    public static readonly Text TensorBoardPurpose = new(
        "View loss and accuracy during and after training.", "在训练期间和训练后查看损失与准确率。");
    public static readonly Text Models = new("Models", "模型");
    public static readonly Text ModelsPurpose = new(
        "Import the output of a training job as a model version.", "将训练作业的输出导入为模型版本。");
    public static readonly Text Services = new("Online services", "在线服务");
    public static readonly Text ServicesPurpose = new(
        "Deploy a model and predict digits with it.", "部署模型，并用它预测数字。");
    public static readonly Text NotebookCode = new("Equivalent notebook code", "等效的笔记本代码");
    public static readonly Text Loading = new("Loading…", "正在加载…");
    public static readonly Text Refresh = new("Refresh", "刷新");
    public static readonly Text Actions = new("Actions", "操作");
    public static readonly Text Name = new("Name", "名称");
    public static readonly Text Status = new("Status", "状态");
    public static readonly Text Version = new("Version", "版本");
    public static readonly Text Created = new("Created", "创建时间");
    public static readonly Text Description = new("Description", "描述");
    public static readonly Text Delete = new("Delete", "删除");
}
