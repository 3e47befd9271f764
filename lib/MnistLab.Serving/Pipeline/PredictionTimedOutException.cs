namespace MnistLab.Serving.Pipeline;

/// <summary>
/// The exception that is thrown when inference code returns after its request has timed out. The timeout response has
/// been written, or is being written.
/// </summary>
internal sealed class PredictionTimedOutException(Task answered) : Exception
{
    /// <summary>Gets the task that completes when the response has been written.</summary>
    public Task Answered => answered;
}
