using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console.Models;

/// <summary>Defines the texts of the models.</summary>
internal static class ModelTexts
{
    public static readonly Text Empty = new(
        "There are no models yet. Import the output of a training job.", "还没有模型。请导入训练作业的输出。");
    public static readonly Text Accuracy = new("Accuracy", "准确率");
    public static readonly Text Precision = new("Precision", "精确率");
    public static readonly Text Recall = new("Recall", "召回率");
    public static readonly Text F1 = new("F1", "F1");
    public static readonly Text Import = new("Import model", "导入模型");
    public static readonly Text Importing = new("Importing {0} from {1}", "正在从 {1} 导入 {0}");
    public static readonly Text ImportFailed = new("The import of {0} from {1} failed.", "从 {1} 导入 {0} 失败。");
    public static readonly Text Dismiss = new("Dismiss", "关闭");
    public static readonly Text NameHint = new(
        "1–64 letters, digits, hyphens, and underscores. An existing name gets a new version.",
        "1–64 个字母、数字、连字符和下划线。使用已有名称会新增一个版本。");
    public static readonly Text Source = new("Trained model", "训练好的模型");
    public static readonly Text SourceHint = new("The output of a completed training job.", "已完成的训练作业的输出。");
    public static readonly Text Elsewhere = new("Another location", "其他位置");
    public static readonly Text Location = new("Location", "位置");
    public static readonly Text LocationHint = new(
        "The location that contains model/: an object address (s3://…), or a folder in the workspace, "
        + "which is uploaded first.",
        "包含 model/ 的位置：对象存储地址（s3://…）或工作区中的文件夹（会先上传）。");
    public static readonly Text VersionHint = new(
        "Three numbers, such as 0.0.1. Leave empty for the next version.", "三个数字，例如 0.0.1。留空则自动递增。");
    public static readonly Text DescriptionHint = new("At most 100 characters.", "最多 100 个字符。");
    public static readonly Text DefaultCode = new(
        "Use the default inference code if the package has none", "模型包中没有推理代码时使用默认代码");
    public static readonly Text Checks = new(
        "The import validates config.json and the network, compiles the inference code, "
        + "and tests it with one prediction.",
        "导入时会校验 config.json 和网络，编译推理代码，并用一次预测进行测试。");
    public static readonly Text NoName = new("Enter a name.", "请输入名称。");
    public static readonly Text NoSource = new("Enter a location.", "请输入位置。");
    public static readonly Text NoFolder = new("There is no folder '{0}' in the workspace.", "工作区中没有文件夹“{0}”。");
    public static readonly Text DeleteOf = new("Delete {0} {1}", "删除 {0} {1}");
    public static readonly Text DeleteQuestion = new("Delete {0} {1} with its files?", "删除 {0} {1} 及其文件？");
    public static readonly Text Deploy = new("Deploy", "部署");
    public static readonly Text Missing = new("There is no model {0} {1}.", "没有模型 {0} {1}。");
    public static readonly Text BadVersion = new("'{0}' is not a valid version.", "“{0}”不是有效的版本。");
    public static readonly Text Origin = new("Imported from", "导入来源");
    public static readonly Text Kept = new("Stored in", "保存位置");
    public static readonly Text Size = new("Size", "大小");
    public static readonly Text Reason = new("Reason", "原因");
    public static readonly Text Metrics = new("Metrics on the test set", "测试集指标");
    public static readonly Text Labels = new("Labels", "标签");
    public static readonly Text Algorithm = new("Algorithm", "算法");
    public static readonly Text Runtime = new("Runtime", "运行环境");
    public static readonly Text Preprocessing = new("Preprocessing", "预处理");
    public static readonly Text DigitPreprocessing = new(
        "Same as in training: any image is converted to 28 × 28 pixels, with a white digit on black, scaled to 20 × 20 "
        + "and centered by its center of mass. Inference code can override this step.",
        "与训练一致：任意图像都会转换为 28 × 28 像素的黑底白字，缩放到 20 × 20 并按质心居中。推理代码可以覆盖此步骤。");
    public static readonly Text PlainPreprocessing = new(
        "Any image is scaled to 28 × 28 pixels as a whole, and inverted if its background is light. Inference code can "
        + "override this step.",
        "任意图像都会整体缩放到 28 × 28 像素；背景较亮时会反转明暗。推理代码可以覆盖此步骤。");
    public static readonly Text InferenceCode = new("Inference code: {0}", "推理代码：{0}");
    public static readonly Text Configuration = new("Configuration: {0}", "配置：{0}");
    public static readonly Text Manifest = new("Origin of the weights: {0}", "权重来源：{0}");
    public static readonly Text Describe = new("Save the description", "保存描述");
    public static readonly Text Described = new("The description was saved.", "描述已保存。");
}
