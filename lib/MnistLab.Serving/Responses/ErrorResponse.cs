namespace MnistLab.Serving.Responses;

/// <summary>The answer to a request that cannot be served, in ModelArts's shape: <c>{"error_code":"PR.0101","error_msg":"…"}</c>.</summary>
internal sealed record ErrorResponse(string ErrorCode, string ErrorMsg);
