namespace MnistLab.Serving.Pipeline;

/// <summary>A prediction's code has ended after its time was over: the request has its answer, or is being given it.</summary>
internal sealed class PredictionTimedOutException(Task answered) : Exception
{
    /// <summary>Ends when the answer has been given.</summary>
    public Task Answered => answered;
}
