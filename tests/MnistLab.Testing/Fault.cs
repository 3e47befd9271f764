namespace MnistLab.Testing;

/// <summary>Specifies what a <see cref="FaultProxy"/> does to a request.</summary>
public enum Fault
{
    /// <summary>Does nothing: forwards the request and the response.</summary>
    None,

    /// <summary>Responds with 503 without forwarding the request.</summary>
    Busy,

    /// <summary>Resets the connection after half of the request's body; the request is not forwarded.</summary>
    ResetRequest,

    /// <summary>Forwards the request, and resets the connection in the middle of the response.</summary>
    ResetResponse,

    /// <summary>Forwards the request, and closes the connection in the middle of the response.</summary>
    CutResponse,

    /// <summary>
    /// Forwards the request, and sends the second half of the response one byte at a time, with pauses.
    /// </summary>
    SlowResponse,
}
