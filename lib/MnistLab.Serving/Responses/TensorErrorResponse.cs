namespace MnistLab.Serving.Responses;

/// <summary>Represents an error response in the format of the tensor protocols: <c>{"error":"…"}</c>.</summary>
internal sealed record TensorErrorResponse(string Error);
