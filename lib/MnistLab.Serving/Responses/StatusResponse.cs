namespace MnistLab.Serving.Responses;

/// <summary>The answer to a question after the service's state: <c>{"status":"alive"}</c>.</summary>
internal sealed record StatusResponse(string Status);
