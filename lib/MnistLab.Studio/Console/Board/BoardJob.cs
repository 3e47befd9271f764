using MnistLab.Storage;
using MnistLab.Training.EventLog;

namespace MnistLab.Studio.Console.Board;

/// <summary>Represents a TensorBoard job of Studio, from the moment it is started.</summary>
/// <param name="id">The number of the job, from 1.</param>
/// <param name="location">The training output location.</param>
/// <param name="started">The time of the start.</param>
/// <param name="creation">Creates the job in the library.</param>
/// <param name="stop">Cancels the creation.</param>
internal sealed class BoardJob(
    int id, ObjectUrl location, DateTimeOffset started, Task<TensorBoardJob> creation, CancellationTokenSource stop)
    : IAsyncDisposable
{
    /// <summary>Gets the number of the job, from 1.</summary>
    public int Id => id;

    /// <summary>Gets the training output location.</summary>
    public ObjectUrl Location => location;

    /// <summary>Gets the time of the start.</summary>
    public DateTimeOffset Started => started;

    /// <summary>Gets the job of the library; null while it is starting, and if the start failed.</summary>
    public TensorBoardJob? Job => creation.IsCompletedSuccessfully ? creation.Result : null;

    /// <summary>Gets the reason why the start failed; null while it is starting, and if it succeeded.</summary>
    public string? Failure => creation.Exception?.GetBaseException().Message;

    /// <summary>Gets the address of the page of the job.</summary>
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
