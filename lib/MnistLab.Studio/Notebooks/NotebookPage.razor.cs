using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MnistLab.Studio.Notebooks;

/// <summary>
/// Represents the page of a notebook. Its script sends the edited text and the commands of keys and buttons here.
/// </summary>
public partial class NotebookPage : IAsyncDisposable
{
    private NotebookSession? _session;
    private IReadOnlyList<string> _cells = [];
    private string? _failure;
    private ElementReference _root;
    private IJSObjectReference? _module;
    private IJSObjectReference? _view;
    private DotNetObjectReference<NotebookPage>? _self;
    private RenderThrottle? _throttle;

    /// <summary>Gets or sets the path of the notebook in the workspace.</summary>
    [Parameter]
    public string Path { get; set; } = "";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_session?.Path == Path) return;
        await CloseAsync();
        _failure = null;
        try
        {
            _session = Sessions.Get(Path);
            _cells = [.. _session.Cells.Select(cell => cell.Id)];
        }
        catch (StudioException error)
        {
            _failure = error.Message;
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_session is null || _view is not null || _self is not null) return;
        _self = DotNetObjectReference.Create(this);
        _throttle = new(() => InvokeAsync(() =>
        {
            _cells = [.. _session?.Cells.Select(cell => cell.Id) ?? []];
            StateHasChanged();
        }));
        _session.Changed += _throttle.Request;
        _session.Edited += Follow;
        Connection.Changed += Count;
        _session.Attach(this);
        _module ??= await Script.InvokeAsync<IJSObjectReference>("import", "./notebook.js");
        _view = await _module.InvokeAsync<IJSObjectReference>("open", _root, _self);
        _ = _session.StartKernelAsync();
    }

    /// <summary>Replaces the text of a cell.</summary>
    [JSInvokable]
    public void Edit(string cell, string source) => _session?.Edit(cell, source, this);

    /// <summary>Executes the command of a key or button.</summary>
    /// <returns>The cell to select, and whether to edit it; null to keep the selection.</returns>
    [JSInvokable]
    public async Task<Selection?> CommandAsync(string name, string? cell, JsonElement? argument)
    {
        if (_session is null) return null;
        var selection = await NotebookCommands.RunAsync(_session, name, cell, argument);
        _cells = [.. _session.Cells.Select(state => state.Id)];
        StateHasChanged();
        return selection;
    }

    /// <summary>Returns completions at a position in a cell.</summary>
    [JSInvokable]
    public Task<JsonElement?> CompleteAsync(string cell, string code, int position) =>
        EditorQuestions.CompleteAsync(_session, code, position);

    /// <summary>Returns a description of the name at a position in a cell, as Markdown.</summary>
    [JSInvokable]
    public Task<string?> HoverAsync(string cell, string code, int position) =>
        EditorQuestions.HoverAsync(_session, code, position);

    /// <summary>Returns the signatures of the method call at a position in a cell.</summary>
    [JSInvokable]
    public Task<JsonElement?> SignaturesAsync(string cell, string code, int position) =>
        EditorQuestions.SignaturesAsync(_session, code, position);

    /// <summary>Returns the errors and warnings of a cell.</summary>
    [JSInvokable]
    public Task<JsonElement?> DiagnoseAsync(string cell, string code) => EditorQuestions.DiagnoseAsync(_session, cell, code);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    // A page that loses its connection may never reconnect, so it no longer counts.
    private void Count(bool isConnected)
    {
        if (isConnected) _session?.Attach(this);
        else _session?.Detach(this);
    }

    private async void Follow(CellState cell, object? page)
    {
        if (page == this || _view is null) return;
        try
        {
            await InvokeAsync(() => _view.InvokeVoidAsync("setText", cell.Id, cell.Cell.Source).AsTask());
        }
        catch (Exception error) when (error is JSException or JSDisconnectedException or ObjectDisposedException or TaskCanceledException)
        {
            // The page is closed or disconnected; it reads the text when it reconnects.
        }
    }

    private async Task CloseAsync()
    {
        if (_session is not null && _self is not null)
        {
            _session.Changed -= _throttle!.Request;
            _session.Edited -= Follow;
            Connection.Changed -= Count;
            _session.Detach(this);
        }

        try
        {
            if (_view is not null)
            {
                await _view.InvokeVoidAsync("close");
                await _view.DisposeAsync();
            }
        }
        catch (Exception error) when (error is JSDisconnectedException or JSException or ObjectDisposedException or TaskCanceledException)
        {
            // The page is closed.
        }

        _self?.Dispose();
        (_session, _view, _self) = (null, null, null);
    }
}
