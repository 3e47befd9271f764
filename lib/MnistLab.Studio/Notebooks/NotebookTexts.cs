using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Notebooks;

/// <summary>Defines the texts of notebooks.</summary>
internal static class NotebookTexts
{
    public static readonly Text Run = new("Run", "运行");
    public static readonly Text RunHint = new("Run the cell (Shift+Enter)", "运行单元格（Shift+Enter）");
    public static readonly Text RunAll = new("Run all", "全部运行");
    public static readonly Text RunAbove = new("Run above", "运行上方");
    public static readonly Text RunBelow = new("Run from here", "从此处运行");
    public static readonly Text Interrupt = new("Interrupt", "中断");
    public static readonly Text Restart = new("Restart", "重启");
    public static readonly Text RestartAndRunAll = new("Restart and run all", "重启并全部运行");
    public static readonly Text Save = new("Save", "保存");
    public static readonly Text AddCode = new("Code", "代码");
    public static readonly Text AddMarkdown = new("Text", "文本");
    public static readonly Text AddCodeHint = new("Insert a code cell below (B)", "在下方插入代码单元格（B）");
    public static readonly Text AddMarkdownHint = new("Insert a text cell below", "在下方插入文本单元格");
    public static readonly Text Delete = new("Delete", "删除");
    public static readonly Text DeleteHint = new("Delete the cell (D, D)", "删除单元格（D, D）");
    public static readonly Text Undo = new("Undo delete", "撤销删除");
    public static readonly Text MoveUp = new("Move up", "上移");
    public static readonly Text MoveDown = new("Move down", "下移");
    public static readonly Text Split = new("Split", "拆分");
    public static readonly Text Merge = new("Merge with next", "与下一个合并");
    public static readonly Text ToCode = new("To code", "转为代码");
    public static readonly Text ToMarkdown = new("To text", "转为文本");
    public static readonly Text ClearOutputs = new("Clear outputs", "清除输出");
    public static readonly Text Reset = new("Reset this notebook", "重置此笔记本");
    public static readonly Text ResetConfirm = new(
        "Restore the original notebook? Your version is kept beside it.", "恢复原始笔记本？你的版本会保留在旁边。");
    public static readonly Text RestartConfirm = new(
        "Restart the kernel? All variables are lost.", "重启内核？所有变量都会丢失。");
    public static readonly Text More = new("More", "更多");
    public static readonly Text Toolbar = new("Notebook", "笔记本");
    public static readonly Text Shortcuts = new("Keyboard shortcuts", "键盘快捷键");
    public static readonly Text Kernel = new("Kernel", "内核");
    public static readonly Text InstalledKernel = new("{0}, installed in Jupyter", "{0}（安装在 Jupyter 中）");
    public static readonly Text Saved = new("Saved", "已保存");
    public static readonly Text Unsaved = new("Unsaved changes", "有未保存的更改");
    public static readonly Text KernelStopped = new("not started", "未启动");
    public static readonly Text KernelStarting = new("starting", "正在启动");
    public static readonly Text KernelIdle = new("ready", "就绪");
    public static readonly Text KernelBusy = new("running", "运行中");
    public static readonly Text KernelDead = new("stopped", "已停止");
    public static readonly Text KernelDied = new(
        "The kernel stopped unexpectedly. The notebook is not affected, but its variables are lost. "
        + "Restart the kernel, then run the cells again.",
        "内核意外停止。笔记本不受影响，但变量已丢失。请重启内核，然后重新运行单元格。");
    public static readonly Text Failed = new("The operation failed", "操作失败");
    public static readonly Text Details = new("Details", "详细信息");
    public static readonly Text Dismiss = new("Dismiss", "知道了");
    public static readonly Text OtherPage = new(
        "This notebook is also open in another window. Both show and change the same notebook.",
        "此笔记本也在另一个窗口中打开。两个窗口显示并更改同一个笔记本。");
    public static readonly Text Outdated = new(
        "Another program changed the file while this page has unsaved changes. "
        + "Which version do you want to continue with? The other one is kept beside it.",
        "文件已被其他程序更改，而此页面有未保存的更改。要继续使用哪个版本？另一个版本会保留在旁边。");
    public static readonly Text KeepOwn = new("Continue with my version", "使用我的版本");
    public static readonly Text TakeFile = new("Continue with the file", "使用文件中的版本");
    public static readonly Text KeptAs = new("The other version was saved as {0}.", "另一个版本已保存为 {0}。");
    public static readonly Text Distrusted = new(
        "This notebook contains outputs that were created elsewhere. "
        + "Their scripts do not run until you trust the notebook.",
        "此笔记本的输出是在别处生成的。在你信任它之前，其中的脚本不会运行。");
    public static readonly Text Trust = new("Trust this notebook", "信任此笔记本");
    public static readonly Text CodeCell = new("Code cell {0}", "代码单元格 {0}");
    public static readonly Text MarkdownCell = new("Text cell {0}", "文本单元格 {0}");
    public static readonly Text RawCell = new("Raw cell {0}", "原始单元格 {0}");
    public static readonly Text Outputs = new("Outputs", "输出");
    public static readonly Text OutputFrame = new("Output of the cell", "单元格的输出");
    public static readonly Text Queued = new("waiting", "等待中");
    public static readonly Text Running = new("running", "运行中");
    public static readonly Text EarlierLines = new("{0:N0} earlier lines are hidden.", "前面的 {0:N0} 行已隐藏。");
    public static readonly Text LongLines = new("Long lines are shortened.", "过长的行已截短。");
    public static readonly Text OnlyBeginning = new(
        "Only the first {0:N0},000 characters are shown.", "仅显示前 {0:N0},000 个字符。");
    public static readonly Text AllLines = new("Show the full output", "显示完整输出");
    public static readonly Text LargeOutput = new("This output is large ({0:N0} KB).", "此输出较大（{0:N0} KB）。");
    public static readonly Text ShowOutput = new("Show it", "显示");
    public static readonly Text NoForm = new(
        "This output has no format that a browser can show: {0}", "此输出没有浏览器可以显示的格式：{0}");
    public static readonly Text Answer = new("Answer", "回答");
    public static readonly Text Send = new("Send", "发送");
    public static readonly Text Parameters = new("Parameters", "参数");
    public static readonly Text Earlier = new("Previous result, with {0}", "之前的结果，{0}");
    public static readonly Text EditText = new("Edit the text (Enter)", "编辑文本（Enter）");
    public static readonly Text Empty = new("Empty text: double-click or press Enter to edit", "空文本：双击或按 Enter 编辑");
    public static readonly Text NoNotebook = new("This notebook cannot be opened", "无法打开此笔记本");
}
