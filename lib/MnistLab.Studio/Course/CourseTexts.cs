using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Course;

/// <summary>The texts of the course's map.</summary>
internal static class CourseTexts
{
    public static readonly Text Title = new("The course", "课程");
    public static readonly Text Introduction = new(
        "Four notebooks, from the data to a service that recognizes the digits you draw.",
        "四个笔记本:从数据到能识别您手写数字的服务。");
}
