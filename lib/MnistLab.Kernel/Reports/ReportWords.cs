using System.Globalization;

namespace MnistLab.Kernel;

/// <summary>The report's own words, in the language of its notebooks.</summary>
/// <param name="Skip">The link past the contents, for those who use the keyboard.</param>
/// <param name="Contents">The name of the table of contents.</param>
/// <param name="HideCode">The switch that hides code.</param>
/// <param name="SolutionRan">What is said below the skeleton of an exercise that its solution has replaced.</param>
/// <param name="Summary">What is said of a run without failure: notebooks, code cells that ran, code cells.</param>
internal sealed record ReportWords(string Skip, string Contents, string HideCode, string SolutionRan, Func<int, int, int, string> Summary)
{
    private static readonly ReportWords English = new("Skip to the notebooks", "Contents", "Hide the code", "Run with the solution above.", (notebooks, run, cells) =>
        string.Create(CultureInfo.InvariantCulture, $"{notebooks} {(notebooks == 1 ? "notebook" : "notebooks")}, {run} of {cells} code cells run, none failed"));

    private static readonly ReportWords Chinese = new("跳到笔记本", "目录", "隐藏代码", "运行时用的是上面的参考答案。", (notebooks, run, cells) =>
        string.Create(CultureInfo.InvariantCulture, $"{notebooks} 篇笔记本，{cells} 个代码单元格运行了 {run} 个，全部成功"));

    /// <summary>The words of a language; English where there are none of its own.</summary>
    /// <param name="language">A BCP 47 tag, such as <c>zh-CN</c>.</param>
    public static ReportWords Of(string language) => language.Split('-')[0] == "zh" ? Chinese : English;
}
