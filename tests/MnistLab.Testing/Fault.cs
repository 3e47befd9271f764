namespace MnistLab.Testing;

/// <summary>What a <see cref="FaultProxy"/> does to a request.</summary>
public enum Fault
{
    /// <summary>Nothing: it is passed on, and so is the answer.</summary>
    None,

    /// <summary>Answers 503 without passing it on.</summary>
    Busy,

    /// <summary>Resets the connection when half of the request's body has come; it is not passed on.</summary>
    ResetRequest,

    /// <summary>Passes it on, and resets the connection in the middle of the answer.</summary>
    ResetAnswer,

    /// <summary>Passes it on, and closes the connection in the middle of the answer.</summary>
    CutAnswer,

    /// <summary>Passes it on, and sends the second half of the answer at a byte every now and then.</summary>
    SlowAnswer,

    /// <summary>Passes it on, and sends the answer twice.</summary>
    DoubleAnswer,

    /// <summary>Passes it on, and sends the answer again when the connection's next request has come: in place of that one's answer.</summary>
    LateDoubleAnswer,
}
