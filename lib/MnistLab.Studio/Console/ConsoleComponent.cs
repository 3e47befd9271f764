using Microsoft.AspNetCore.Components;

namespace MnistLab.Studio.Console;

/// <summary>
/// Represents a page of the console, or a part of one. It loads its data when it is connected, shows the library's
/// errors, and cancels its work when it is closed.
/// </summary>
public abstract class ConsoleComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private int _running;

    /// <summary>Gets or sets the error message of the last action; null if it succeeded.</summary>
    protected string? Failure { get; set; }

    /// <summary>Gets whether an action is running.</summary>
    protected bool IsBusy => _running > 0;

    /// <summary>Gets whether <see cref="LoadAsync"/> has succeeded.</summary>
    protected bool IsLoaded { get; private set; }

    /// <summary>Gets the token that is canceled when the component is closed.</summary>
    protected CancellationToken Closed => _closed.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Reads the data of the component. Called when it is connected and when its parameters change.
    /// </summary>
    protected virtual Task LoadAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        // Prerendering need not wait for a store.
        if (RendererInfo.IsInteractive) IsLoaded = await RunAsync(LoadAsync);
    }

    /// <summary>Runs an action. An expected error is assigned to <see cref="Failure"/>.</summary>
    /// <returns>Whether the action succeeded.</returns>
    protected async Task<bool> RunAsync(Func<Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        (Failure, _running) = (null, _running + 1);
        try
        {
            await action();
            return true;
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            return false;
        }
        catch (OperationCanceledException error)
        {
            // Something that the action waited for gave up, not the user. Blazor would ignore this exception.
            Failure = $"The operation was interrupted: {(error.InnerException ?? error).Message} Try again.";
            return false;
        }
        catch (Exception error) when (ConsoleErrors.IsExpected(error))
        {
            Failure = error.Message;
            return false;
        }
        finally
        {
            _running--;
        }
    }

    /// <summary>
    /// Polls at an interval until the component is closed, and renders after each poll. Call it once, in
    /// <see cref="ComponentBase.OnAfterRenderAsync"/>; it returns immediately.
    /// </summary>
    /// <param name="interval">The time between polls.</param>
    /// <param name="read">Reads the data. Expected errors are shown, and polling continues.</param>
    protected void Repeat(TimeSpan interval, Func<Task> read) => _ = InvokeAsync(async () =>
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(Closed))
            {
                // The action reads newer data itself, and its error must stay visible.
                if (IsBusy) continue;
                var failure = Failure;
                if (await RunAsync(read)) Failure = failure;
                StateHasChanged();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException && _closed.IsCancellationRequested)
        {
            // The page was closed.
        }
        catch (Exception error)
        {
            await DispatchExceptionAsync(error);
        }
    });

    /// <summary>Cancels the work of the component.</summary>
    /// <param name="disposing">Whether the component is being closed.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _closed.Cancel();
        _closed.Dispose();
    }
}
