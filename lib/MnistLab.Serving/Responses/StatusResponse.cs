namespace MnistLab.Serving.Responses;

/// <summary>Represents a response that reports the service's status, such as <c>{"status":"alive"}</c>.</summary>
internal sealed record StatusResponse(string Status);
