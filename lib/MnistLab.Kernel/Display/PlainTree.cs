namespace MnistLab.Kernel;

/// <summary>A value that is shown as text.</summary>
internal sealed class PlainTree(string text) : DisplayTree
{
    public override string ToHtml() => text.Contains('\n', StringComparison.Ordinal) ? $"<pre>{Encode(text)}</pre>" : Encode(text);

    public override string ToText() => text;
}
