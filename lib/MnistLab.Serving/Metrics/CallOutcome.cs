namespace MnistLab.Serving.Metrics;

/// <summary>Specifies how a prediction request ended.</summary>
internal enum CallOutcome
{
    /// <summary>The response is a prediction.</summary>
    Success,

    /// <summary>The request was rejected as invalid: any 4xx except 429.</summary>
    Refused,

    /// <summary>The service was overloaded or not ready: 429 or 503.</summary>
    Overload,

    /// <summary>The service or its inference code failed: any 5xx except 503.</summary>
    Failure,

    /// <summary>The client disconnected before the response.</summary>
    Abandoned,
}

/// <summary>Names the outcomes.</summary>
internal static class CallOutcomes
{
    /// <summary>Returns the name of the outcome in metrics.</summary>
    public static string Label(this CallOutcome outcome) => outcome.ToString().ToLowerInvariant();
}
