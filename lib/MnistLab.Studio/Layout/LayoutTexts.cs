using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Layout;

/// <summary>Defines the texts of the layout around every page.</summary>
internal static class LayoutTexts
{
    public static readonly Text Course = new("Course", "课程");
    public static readonly Text Files = new("Files", "文件");
    public static readonly Text Console = new("Console", "控制台");
    public static readonly Text Navigation = new("Main navigation", "主导航");
    public static readonly Text SkipToContent = new("Skip to the content", "跳到内容");
    public static readonly Text SwitchTheme = new("Switch between the light and dark themes", "切换浅色与深色主题");
    public static readonly Text NotFound = new("Page not found", "页面不存在");
    public static readonly Text ToTheCourse = new("Back to the course", "返回课程");
    public static readonly Text PageFailed = new(
        "An error occurred on this page. Your notebooks are not affected.", "此页面出错。你的笔记本不受影响。");
    public static readonly Text ShowAgain = new("Try again", "重试");
    public static readonly Text ConnectionLost = new(
        "The connection to Studio was lost. The page continues when the connection is restored. "
        + "If Studio has stopped, start it again with the open command.",
        "与 Studio 的连接已断开。连接恢复后页面将继续。如果 Studio 已停止，请用 open 命令重新启动。");
}
