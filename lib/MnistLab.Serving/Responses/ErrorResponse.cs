namespace MnistLab.Serving.Responses;

/// <summary>
/// Represents an error response in the format of ModelArts: <c>{"error_code":"PR.0101","error_msg":"…"}</c>.
/// </summary>
internal sealed record ErrorResponse(string ErrorCode, string ErrorMsg);
