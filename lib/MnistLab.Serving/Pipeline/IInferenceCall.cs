using MnistLab.Serving.Metrics;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Pipeline;

/// <summary>A request for predictions as the pipeline sees it, whichever protocol it arrived by.</summary>
internal interface IInferenceCall
{
    /// <summary>Gets the protocol.</summary>
    ServiceProtocol Protocol { get; }

    /// <summary>Gets the time stamp at which the request arrived.</summary>
    long Started { get; }

    /// <summary>Gets the token that is canceled when the client no longer waits for the response.</summary>
    CancellationToken Aborted { get; }

    /// <summary>Responds with an error.</summary>
    Task RejectAsync(RequestRejectedException rejection);

    /// <summary>
    /// Responds with an error and ends the response at once, while the request's own thread still runs its code.
    /// </summary>
    Task EndAsync(RequestRejectedException rejection);
}
