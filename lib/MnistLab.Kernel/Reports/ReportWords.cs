using System.Globalization;

namespace MnistLab.Kernel.Reports;

/// <summary>Provides the texts of the report in the language of the notebooks.</summary>
/// <param name="Skip">The text of the link that lets keyboard users skip the table of contents.</param>
/// <param name="Contents">The heading of the table of contents.</param>
/// <param name="HideCode">The label of the switch that hides the code.</param>
/// <param name="SolutionRan">The note below the skeleton of an exercise that was run with its solution.</param>
/// <param name="Summary">
/// Returns the summary of a run without failures, from the number of notebooks, of code cells that ran, and of all code
/// cells.
/// </param>
internal sealed record ReportWords(string Skip, string Contents, string HideCode, string SolutionRan, Func<int, int, int, string> Summary)
{
    private static readonly ReportWords English =
        new("Skip to the notebooks", "Contents", "Hide the code", "Run with the solution above.", (notebooks, run, cells) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{notebooks} {(notebooks == 1 ? "notebook" : "notebooks")}, {run} of {cells} code cells run, none failed"));

    private static readonly ReportWords Chinese = new("跳到笔记本", "目录", "隐藏代码", "运行时用的是上面的参考答案。", (notebooks, run, cells) =>
        string.Create(CultureInfo.InvariantCulture, $"{notebooks} 篇笔记本，{cells} 个代码单元格运行了 {run} 个，全部成功"));

    /// <summary>Returns the texts in a language; English if there is no translation.</summary>
    /// <param name="language">A BCP 47 tag, such as <c>zh-CN</c>.</param>
    public static ReportWords For(string language) => language.Split('-')[0] == "zh" ? Chinese : English;
}
