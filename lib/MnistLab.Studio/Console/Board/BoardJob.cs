using MnistLab.Storage;
using MnistLab.Training.EventLog;

namespace MnistLab.Studio.Console.Board;

/// <summary>A TensorBoard job of Studio's, from its start on.</summary>
/// <param name="id">Its number, from 1.</param>
/// <param name="location">The training output location.</param>
/// <param name="started">When it was started.</param>
/// <param name="creation">What the library makes of it.</param>
/// <param name="stop">Ends its creation.</param>
internal sealed class BoardJob(
    int id, ObjectUrl location, DateTimeOffset started, Task<TensorBoardJob> creation, CancellationTokenSource stop)
    : IAsyncDisposable
{
    /// <summary>Gets its number, from 1.</summary>
    public int Id => id;

    /// <summary>Gets the training output location.</summary>
    public ObjectUrl Location => location;

    /// <summary>Gets when it was started.</summary>
    public DateTimeOffset Started => started;

    /// <summary>Gets the job of the library; null while it starts, and if it did not start.</summary>
    public TensorBoardJob? Job => creation.IsCompletedSuccessfully ? creation.Result : null;

    /// <summary>Gets why it did not start; null while it starts, and if it did.</summary>
    public string? Failure => creation.Exception?.GetBaseException().Message;

    /// <summary>Gets the address of its page.</summary>
    public string Address => FormattableString.Invariant($"/console/tensorboard/{id}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAny(creation);
        if (Job is { } job) await job.DisposeAsync();
        stop.Dispose();
    }
}
