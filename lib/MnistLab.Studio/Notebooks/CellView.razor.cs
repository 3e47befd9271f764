using System.Globalization;
using Microsoft.AspNetCore.Components;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Jupyter;

namespace MnistLab.Studio.Notebooks;

/// <summary>Represents a cell on the page of a notebook.</summary>
public partial class CellView : IDisposable
{
    private NotebookSession _session = null!;
    private CellState? _state;
    private RenderThrottle _throttle = null!;
    private IReadOnlyList<(long Id, int Version)> _outputs = [];
    private string _answer = "";
    private RunState _last;

    /// <summary>Gets or sets the path of the notebook in the workspace.</summary>
    [Parameter]
    [EditorRequired]
    public required string Notebook { get; set; }

    /// <summary>Gets or sets the ID of the cell.</summary>
    [Parameter]
    [EditorRequired]
    public required string Cell { get; set; }

    /// <summary>Gets or sets the number of the cell, from 1.</summary>
    [Parameter]
    public int Number { get; set; }

    /// <summary>
    /// Gets or sets the number of times the document was replaced. Each replacement creates new states of the cells.
    /// </summary>
    [Parameter]
    public int Generation { get; set; }

    /// <summary>Gets or sets whether outputs from the file may run scripts.</summary>
    [Parameter]
    public bool IsTrusted { get; set; }

    private string Kind => _state!.Cell.Kind.ToString().ToLowerInvariant();

    private string Folder => System.IO.Path.GetDirectoryName(Notebook)?.Replace('\\', '/') ?? "";

    private string Language => _session.Specification.Language.ToLowerInvariant() switch
    {
        "c#" => "csharp",
        "f#" => "fsharp",
        "pwsh" => "powershell",
        var language => language,
    };

    private string Count => _state!.State switch
    {
        RunState.Running or RunState.Queued => "[*]",
        _ => _state.ExecutionCount is { } count ? string.Create(CultureInfo.InvariantCulture, $"[{count}]") : "[ ]",
    };

    private string Label => T.Format(
        _state!.Cell.Kind switch
        {
            CellKind.Code => NotebookTexts.CodeCell,
            CellKind.Markdown => NotebookTexts.MarkdownCell,
            _ => NotebookTexts.RawCell,
        },
        Number);

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _session = Sessions.Get(Notebook);
        _state = _session.Find(Cell);
        _throttle = new(() => InvokeAsync(Render));
        TakeOutputs();
        if (_state is not null) _state.Changed += Follow;
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // If the document was replaced, the cell has a new state.
        if (_session.Find(Cell) is not { } current || current == _state) return;
        if (_state is not null) _state.Changed -= Follow;
        _state = current;
        _state.Changed += Follow;
        TakeOutputs();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_state is not null) _state.Changed -= Follow;
        GC.SuppressFinalize(this);
    }

    private void Follow()
    {
        var (last, current) = (_last, _state!.State);
        _last = current;
        _throttle.Request(isUrgent: current == RunState.Idle && last != RunState.Idle);
    }

    private void Render()
    {
        TakeOutputs();
        StateHasChanged();
    }

    private void TakeOutputs()
    {
        if (_state is null) return;
        lock (_session.Gate) _outputs = [.. _state.Outputs.Select(output => (output.Id, output.Version))];
    }

    private void Answer()
    {
        _session.Answer(Cell, _answer);
        _answer = "";
    }

    private static string Prompt(JupyterMessage question) => (string?)question.Content["prompt"] ?? "";

    private static bool IsPassword(JupyterMessage question) => (bool?)question.Content["password"] == true;

    private static string Elapsed(TimeSpan duration) => duration.TotalSeconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes} min {duration.Seconds} s");
}
