using MnistLab.Serving.Metrics;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Pipeline;

/// <summary>Represents a prediction request to the pipeline, regardless of the protocol.</summary>
internal interface IInferenceCall
{
    /// <summary>Gets the protocol.</summary>
    ServiceProtocol Protocol { get; }

    /// <summary>Gets the timestamp at which the request arrived.</summary>
    long Started { get; }

    /// <summary>Gets the token that is canceled when the client no longer waits for the response.</summary>
    CancellationToken Aborted { get; }

    /// <summary>Responds with an error.</summary>
    Task RejectAsync(RequestRejectedException rejection);

    /// <summary>
    /// Responds with an error and completes the response immediately, while the request's own thread still runs
    /// inference code.
    /// </summary>
    Task EndAsync(RequestRejectedException rejection);
}
