using Microsoft.AspNetCore.Components;

namespace MnistLab.Studio.Console;

/// <summary>
/// A page or a part of the console: loads when it is connected, shows the library's errors, and ends its work when it
/// is closed.
/// </summary>
public abstract class ConsoleComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private int _running;

    /// <summary>Gets the message of the last action's error; null if it succeeded.</summary>
    protected string? Failure { get; set; }

    /// <summary>Gets whether an action is running.</summary>
    protected bool IsBusy => _running > 0;

    /// <summary>Gets whether <see cref="LoadAsync"/> has succeeded.</summary>
    protected bool IsLoaded { get; private set; }

    /// <summary>Gets what ends the component's work when it is closed.</summary>
    protected CancellationToken Closed => _closed.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads what the component shows, when it is connected and when its parameters change.</summary>
    protected virtual Task LoadAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        // What the server sends before the page is connected need not wait for a store.
        if (RendererInfo.IsInteractive) IsLoaded = await RunAsync(LoadAsync);
    }

    /// <summary>Runs an action, off the page's thread where it waits; its expected errors become <see cref="Failure"/>.</summary>
    /// <returns>Whether it succeeded.</returns>
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
    /// Repeats a reading at an interval until the component is closed, and renders after each. Call it once, in
    /// <see cref="ComponentBase.OnAfterRenderAsync"/>; it returns at once.
    /// </summary>
    /// <param name="interval">The time between readings.</param>
    /// <param name="read">Reads; its expected errors are shown, and it is repeated all the same.</param>
    protected void Repeat(TimeSpan interval, Func<Task> read) => _ = InvokeAsync(async () =>
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(Closed))
            {
                // An action's own reading is newer, and its error must stay.
                if (IsBusy) continue;
                var failure = Failure;
                if (await RunAsync(read)) Failure = failure;
                StateHasChanged();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The page was closed.
        }
        catch (Exception error)
        {
            await DispatchExceptionAsync(error);
        }
    });

    /// <summary>Ends the component's work.</summary>
    /// <param name="disposing">Whether the component is being closed.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _closed.Cancel();
        _closed.Dispose();
    }
}
