using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MnistLab.Studio.Hosting;

namespace MnistLab.Studio.Notebooks;

/// <summary>The page of a notebook. What keys and buttons do is sent here by its script, with the text that was typed before.</summary>
public partial class NotebookPage : IAsyncDisposable
{
    private NotebookSession? session;
    private IReadOnlyList<string> cells = [];
    private string? failure;
    private ElementReference root;
    private IJSObjectReference? module;
    private IJSObjectReference? view;
    private DotNetObjectReference<NotebookPage>? self;
    private RenderThrottle? throttle;

    /// <summary>Gets or sets the notebook's path in the workspace.</summary>
    [Parameter]
    public string Path { get; set; } = "";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (session?.Path == Path) return;
        await CloseAsync();
        failure = null;
        try
        {
            session = Sessions.Get(Path);
            cells = [.. session.Cells.Select(cell => cell.Id)];
        }
        catch (StudioException error)
        {
            failure = error.Message;
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (session is null || view is not null || self is not null) return;
        self = DotNetObjectReference.Create(this);
        throttle = new(() => InvokeAsync(() =>
        {
            cells = [.. session?.Cells.Select(cell => cell.Id) ?? []];
            StateHasChanged();
        }));
        session.Changed += throttle.Request;
        session.Edited += Follow;
        Connection.Changed += Count;
        session.Attach(this);
        module ??= await Script.InvokeAsync<IJSObjectReference>("import", "./notebook.js");
        view = await module.InvokeAsync<IJSObjectReference>("open", root, self);
        _ = session.StartKernelAsync();
    }

    /// <summary>Takes over the text of a cell.</summary>
    [JSInvokable]
    public void Edit(string cell, string source) => session?.Edit(cell, source, this);

    /// <summary>Does what a key or a button stands for.</summary>
    /// <returns>The cell to select, and whether to edit it; null to stay.</returns>
    [JSInvokable]
    public async Task<Selection?> CommandAsync(string name, string? cell, JsonElement? argument)
    {
        if (session is null) return null;
        var selection = await NotebookCommands.RunAsync(session, name, cell, argument);
        cells = [.. session.Cells.Select(state => state.Id)];
        StateHasChanged();
        return selection;
    }

    /// <summary>Completes code.</summary>
    [JSInvokable]
    public Task<JsonElement?> CompleteAsync(string cell, string code, int position) =>
        EditorQuestions.CompleteAsync(session, code, position);

    /// <summary>Describes the name at a place of a cell, as Markdown.</summary>
    [JSInvokable]
    public Task<string?> HoverAsync(string cell, string code, int position) =>
        EditorQuestions.HoverAsync(session, code, position);

    /// <summary>Describes the call whose arguments are being written.</summary>
    [JSInvokable]
    public Task<JsonElement?> SignaturesAsync(string cell, string code, int position) =>
        EditorQuestions.SignaturesAsync(session, code, position);

    /// <summary>Finds the errors and warnings of a cell.</summary>
    [JSInvokable]
    public Task<JsonElement?> DiagnoseAsync(string cell, string code) => EditorQuestions.DiagnoseAsync(session, cell, code);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    // A page whose connection is lost may never come back.
    private void Count(bool isConnected)
    {
        if (isConnected) session?.Attach(this);
        else session?.Detach(this);
    }

    private async void Follow(CellState cell, object? page)
    {
        if (page == this || view is null) return;
        try
        {
            await InvokeAsync(() => view.InvokeVoidAsync("setText", cell.Id, cell.Cell.Source).AsTask());
        }
        catch (Exception error) when (error is JSException or JSDisconnectedException or ObjectDisposedException or TaskCanceledException)
        {
            // The page is gone, or its connection is: it reads the text when it is back.
        }
    }

    private async Task CloseAsync()
    {
        if (session is not null && self is not null)
        {
            session.Changed -= throttle!.Request;
            session.Edited -= Follow;
            Connection.Changed -= Count;
            session.Detach(this);
        }

        try
        {
            if (view is not null)
            {
                await view.InvokeVoidAsync("close");
                await view.DisposeAsync();
            }
        }
        catch (Exception error) when (error is JSDisconnectedException or JSException or ObjectDisposedException or TaskCanceledException)
        {
            // The page is gone.
        }

        self?.Dispose();
        (session, view, self) = (null, null, null);
    }
}
