namespace MnistLab.Kernel.Display;

/// <summary>Represents a value that is displayed as plain text.</summary>
internal sealed class PlainTree(string text) : DisplayTree
{
    public override string ToHtml() => text.Contains('\n', StringComparison.Ordinal) ? $"<pre>{Encode(text)}</pre>" : Encode(text);

    public override string ToText() => text;
}
