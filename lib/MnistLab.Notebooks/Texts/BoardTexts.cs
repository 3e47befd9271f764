namespace MnistLab.Notebooks.Texts;

/// <summary>Defines the texts of a <see cref="RunBoard"/>.</summary>
internal static class BoardTexts
{
    public static readonly DisplayText Empty = new("The board has no runs yet. Add one:", "运行榜上还没有运行。添加一次：");
    public static readonly DisplayText StepsDone = new("steps done", "已完成的步数");
    public static readonly DisplayText Training = new(
        "Run {0} ({1}) is training: step {2:N0} of {3:N0}", "第 {0} 次运行（{1}）正在训练：第 {2:N0} 步，共 {3:N0} 步");
    public static readonly DisplayText Left = new(", about {0:F0} s left", "，大约还需 {0:F0} 秒");

    public static readonly DisplayText NoneCompleted = new("No run has completed yet.", "还没有完成的运行。");
    public static readonly DisplayText OnlyOne = new(
        "Run {0} is the only completed run. Change a setting and run the cell again.",
        "只有第 {0} 次运行已经完成。改一个设置，再运行一次单元格。");
    public static readonly DisplayText Winner = new(
        "Run {0} ({1}) is clearly better than every other run.", "第 {0} 次运行（{1}）明显好于其他各次。");
    public static readonly DisplayText NoWinner = new(
        "No winner: the differences between runs {0} are within the noise.",
        "没有胜者：第 {0} 次运行之间的差别都在噪声之内。");
    public static readonly DisplayText Two = new("{0} and {1}", "{0} 和 {1}");
    public static readonly DisplayText Several = new("{0}, and {1}", "{0} 和 {1}");
    public static readonly DisplayText Comma = new(", ", "、");

    public static readonly DisplayText Run = new("run", "运行");
    public static readonly DisplayText Accuracy = new("accuracy", "准确率");
    public static readonly DisplayText VsPrevious = new("vs. previous", "与上一次相比");
    public static readonly DisplayText VsBest = new("vs. best", "与最好的相比");
    public static readonly DisplayText Time = new("time", "用时");
    public static readonly DisplayText Seconds = new("{0:F1} s", "{0:F1} 秒");

    public static readonly DisplayText IsTraining = new("training …", "训练中……");
    public static readonly DisplayText Diverged = new("diverged", "发散");
    public static readonly DisplayText Interrupted = new("interrupted at step {0:N0}", "在第 {0:N0} 步中断");
    public static readonly DisplayText Failed = new("failed", "失败");
    public static readonly DisplayText DivergedAt = new(
        "The loss became NaN or infinite at step {0:N0}; the learning rate was {1:G4}.",
        "损失在第 {0:N0} 步变成了 NaN 或无穷大；当时的学习率是 {1:G4}。");
    public static readonly DisplayText Noise = new("within the noise", "在噪声之内");

    public static readonly DisplayText Wrong = new("Wrong", "答错");
    public static readonly DisplayText MostConfident = new("the most confident first", "最有把握的在前");
    public static readonly DisplayText NewlyRight = new("Newly right", "新近答对");
    public static readonly DisplayText NewlyWrong = new("Newly wrong", "新近答错");
    public static readonly DisplayText ComparedWith = new("compared with run {0}", "与第 {0} 次运行相比");
    public static readonly DisplayText Count = new("{0}: {1:N0}", "{0}：{1:N0}");
    public static readonly DisplayText Some = new("; {0} of them", "；这里是其中 {0} 个");
    public static readonly DisplayText Handwritten = new("a handwritten {0}", "一个手写的 {0}");

    public static readonly DisplayText HowToRead = new("How to read the table", "怎样读这张表");
    public static readonly DisplayText Explanation = new(
        "Accuracy is that on the {0:N0} validation images, ± its standard error. Changes are in percentage points. A change counts as clear "
        + "(▲ or ▼) if the images on which the two runs disagree would split so unevenly by chance less than once in 20 times (sign test). "
        + "The seed changes a result, too: before you trust a small gain, repeat both runs with",
        "准确率是在 {0:N0} 张验证图像上的，± 之后是它的标准误差。差别以百分点表示。只看两次运行中一次对、一次错的图像："
        + "如果它们分得如此不均，而纯属偶然时 20 次里出现不到一次（符号检验），差别才算明显（▲ 或 ▼）。"
        + "种子也会改变结果：在相信微小的提高之前，换一个种子把两次运行都重做一遍，例如");

    public static readonly DisplayText Curve = new("validation {0}", "验证{0}");
    public static readonly DisplayText CurveLabel = new(
        "Validation {0} of each run over the training images seen", "各次运行的验证{0}随看过的训练图像数的变化");
    public static readonly DisplayText RunNumber = new("Run {0}", "第 {0} 次运行");
    public static readonly DisplayText ImagesSeen = new("{0:N0} training images seen", "看过 {0:N0} 张训练图像");

    public static readonly DisplayText Summary = new("Run {0} ({1}): {2}", "第 {0} 次运行（{1}）：{2}");
    public static readonly DisplayText Completed = new(
        "{0:F1} ± {1:F1}% of {2:N0} validation images, in {3:F1} s.",
        "认出 {2:N0} 张验证图像的 {0:F1} ± {1:F1}%，用时 {3:F1} 秒。");
    public static readonly DisplayText AtStep = new("step {0:N0} of {1:N0}.", "第 {0:N0} 步，共 {1:N0} 步。");
    public static readonly DisplayText InterruptedAt = new("interrupted at {0}", "中断于{0}");
    public static readonly DisplayText Because = new("{0}. {1}", "{0}。{1}");
}
