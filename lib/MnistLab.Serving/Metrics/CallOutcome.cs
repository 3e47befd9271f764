namespace MnistLab.Serving.Metrics;

/// <summary>How a call for a prediction ended.</summary>
internal enum CallOutcome
{
    /// <summary>With a prediction.</summary>
    Success,

    /// <summary>The request was wrong: another 4xx.</summary>
    Refused,

    /// <summary>There was no room: 429 or 503.</summary>
    Overload,

    /// <summary>The service or its inference code failed: another 5xx.</summary>
    Failure,

    /// <summary>Whoever asked was gone before the answer.</summary>
    Abandoned,
}
