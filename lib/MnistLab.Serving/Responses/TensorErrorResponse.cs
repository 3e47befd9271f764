namespace MnistLab.Serving.Responses;

/// <summary>The answer to a request that cannot be served, in the shape of the tensor protocols: <c>{"error":"…"}</c>.</summary>
internal sealed record TensorErrorResponse(string Error);
