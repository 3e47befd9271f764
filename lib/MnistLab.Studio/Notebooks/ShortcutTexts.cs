using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Notebooks;

/// <summary>Defines the descriptions of the keyboard shortcuts, which <c>notebook.js</c> implements.</summary>
internal static class ShortcutTexts
{
    /// <summary>Gets the keys and their descriptions.</summary>
    public static IReadOnlyList<(string Keys, Text Meaning)> All { get; } =
    [
        ("Shift+Enter", new("run, select below", "运行，并选择下一个单元格")),
        ("Ctrl+Enter", new("run", "运行")),
        ("Alt+Enter", new("run, insert below", "运行，并在下方插入")),
        ("Enter / Esc", new("edit / stop editing", "编辑 / 结束编辑")),
        ("A / B", new("insert above / below", "在上方 / 下方插入")),
        ("D D", new("delete", "删除")),
        ("Z", new("undo delete", "撤销删除")),
        ("X / C / V", new("cut / copy / paste", "剪切 / 复制 / 粘贴")),
        ("M / Y", new("to text / to code", "转为文本 / 转为代码")),
        ("Shift+M", new("merge with next", "与下一个合并")),
        ("Ctrl+Shift+−", new("split", "拆分")),
        ("Ctrl+Shift+↑ / ↓", new("move", "移动")),
        ("K / J", new("up / down", "向上 / 向下")),
        ("I I", new("interrupt", "中断")),
        ("0 0", new("restart", "重启")),
        ("S", new("save", "保存")),
    ];

    /// <summary>Gets the label of the button that closes the list.</summary>
    public static Text Close { get; } = new("Close (Esc)", "关闭（Esc）");
}
