using System.Text.Encodings.Web;
using System.Text.Json;
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

    private static readonly string[] ImageTypes = ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"];
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private OutputState? _output;
    private NotebookSession? _session;
    private IReadOnlyList<string> _blocks = [];
    private int _folded;
    private string? _html;
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
        if (_output.Text is not { } text) return;
        IReadOnlyList<string> lines;
        lock (_session!.Gate)
        {
            // Blocks start at fixed lines, so that only the last ones change while output arrives.
            _folded = Math.Max(0, (text.Count - ShownLines + LinesOfBlock - 1) / LinesOfBlock * LinesOfBlock);
            lines = text.Take(_folded, text.Count - _folded);
        }

        var ansi = new AnsiHtml();
        _blocks = [.. lines.Chunk(LinesOfBlock).Select(chunk => ansi.Render(string.Join('\n', chunk)))];
    }

    private string Address(string kind) =>
        $"/notebook-output/{kind}?notebook={Uri.EscapeDataString(Notebook)}&output={Output}";
}
