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
    public static readonly Text SwitchTheme = new("Switch between light and dark", "切换浅色与深色");
    public static readonly Text NotFound = new("There is no such page", "没有这个页面");
    public static readonly Text ToTheCourse = new("Back to the course", "返回课程");
    public static readonly Text PageFailed = new(
        "This page has failed. Your notebooks are not affected.", "此页面出错。您的笔记本不受影响。");
    public static readonly Text ShowAgain = new("Show it again", "重新显示");
    public static readonly Text ConnectionLost = new(
        "The connection to Studio is lost. The page continues when it is back; if Studio has ended, start it again with the command open.",
        "与 Studio 的连接已断开。连接恢复后页面将继续;如果 Studio 已结束,请用 open 命令重新启动。");
}
