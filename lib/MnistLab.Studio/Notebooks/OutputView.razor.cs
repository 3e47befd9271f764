using Microsoft.AspNetCore.Components;
using MnistLab.Studio.Outputs;
using MnistLab.Studio.Security;

namespace MnistLab.Studio.Notebooks;

/// <summary>
/// Represents an output of a cell, in the richest format that a page can show. It is rendered again when it changes.
/// </summary>
public partial class OutputView
{
    private const int ShownLines = 1000;
    private const int LinesOfBlock = 50;
    private const int LargeOutput = 5 << 20;

    // The maximum length of text within the page, in characters: a longer one would delay typing.
    private const int MaxText = 200_000;
    private const int MaxLine = 4_000;

    private static readonly string[] ImageTypes = ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"];

    private OutputState? _output;
    private NotebookSession? _session;
    private IReadOnlyList<string> _blocks = [];
    private int _folded;
    private string? _html;
    private string? _plain;
    private bool _isCut;
    private bool _isShown;
    private (long Id, int Version, bool MayRun) _rendered;

    /// <summary>Gets or sets the path of the notebook in the workspace.</summary>
    [Parameter]
    [EditorRequired]
    public required string Notebook { get; set; }

    /// <summary>Gets or sets the ID of the output.</summary>
    [Parameter]
    [EditorRequired]
    public required long Output { get; set; }

    /// <summary>Gets or sets the number of changes of the output.</summary>
    [Parameter]
    public int Version { get; set; }

    /// <summary>Gets or sets whether outputs from the file may run scripts.</summary>
    [Parameter]
    public bool IsTrusted { get; set; }

    private bool MayRun => _output!.IsOwn || IsTrusted;

    private string FrameAddress =>
        $"http://{OutputAddress.OutputHost}:{new Uri(Navigation.BaseUri).Port}{OutputAddress.Prefix}/{OutputAddress.KeyOf(Token)}/frame?scripts={(MayRun ? "true" : "false")}";

    /// <inheritdoc/>
    public override Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        _session ??= Sessions.Get(Notebook);
        _output = _session.FindOutput(Output) ?? _output;
        if (_output is null) return Task.CompletedTask;
        var now = (Output, _output.Version, MayRun);
        if (now == _rendered) return Task.CompletedTask;
        _rendered = now;
        Prepare();
        return base.SetParametersAsync(ParameterView.Empty);
    }

    private void Prepare()
    {
        _html = _output!.Data is not { } data ? null
            : data.TryGetText("text/html", out var found) ? found
            : data.TryGetText("application/javascript", out _) ? "<script></script>" : null;
        if (_output.Text is { } stream) PrepareStream(stream);
        else PrepareText(_html is null ? _output.PlainData : null);
    }

    private void PrepareText(string? text)
    {
        _isCut = text?.Length > MaxText;
        _plain = text is null ? null : new AnsiHtml().Render(_isCut ? text[..MaxText] : text);
    }

    private void PrepareStream(StreamText text)
    {
        IReadOnlyList<string> lines;
        lock (_session!.Gate)
        {
            // Blocks start at fixed lines, so that only the last ones change while output arrives.
            _folded = Math.Max(0, (text.Count - ShownLines + LinesOfBlock - 1) / LinesOfBlock * LinesOfBlock);
            lines = text.Take(_folded, text.Count - _folded);
        }

        _isCut = lines.Any(line => line.Length > MaxLine);
        string[][] blocks = [.. lines.Select(line => line.Length > MaxLine ? $"{line[..MaxLine]}…" : line).Chunk(LinesOfBlock)];
        var shown = blocks.Length;
        for (var length = 0; shown > 0; shown--)
        {
            length += blocks[shown - 1].Sum(line => line.Length);
            if (length > MaxText && shown < blocks.Length) break;
        }

        _folded += shown * LinesOfBlock;
        var ansi = new AnsiHtml();
        _blocks = [.. blocks.Skip(shown).Select(block => ansi.Render(string.Join('\n', block)))];
    }

    private string Address(string kind) =>
        $"/notebook-output/{kind}?notebook={Uri.EscapeDataString(Notebook)}&output={Output}";
}
