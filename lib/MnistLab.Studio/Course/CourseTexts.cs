using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Course;

/// <summary>Defines the texts of the course overview.</summary>
internal static class CourseTexts
{
    public static readonly Text Title = new("The course", "课程");
    public static readonly Text Introduction = new(
        "Four notebooks take you from the data to a service that recognizes the digits you draw. "
        + "Each uses the results of the one before it, so run them in order.",
        "四个笔记本：从数据到能识别你手写数字的服务。每个笔记本使用前一个的结果，请按顺序运行。");
    public static readonly Text Checks = new("{0} of {1} checks passed", "已通过 {0} / {1} 项检查");
    public static readonly Text Begin = new("Begin", "开始");
    public static readonly Text Continue = new("Continue", "继续");
    public static readonly Text Again = new("Open again", "再次打开");
    public static readonly Text About = new("How to work with the notebooks", "如何使用这些笔记本");
    public static readonly Text None = new(
        "This workspace has no notebooks folder. Open a notebook on the Files page.",
        "此工作区没有 notebooks 文件夹。请在“文件”页面打开笔记本。");
}
