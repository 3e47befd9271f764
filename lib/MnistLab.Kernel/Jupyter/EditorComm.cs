using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using MnistLab.Kernel.Sessions;

namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// Provides signature help with separate parameters, and diagnostics while a cell is being written, for which Jupyter's
/// protocol has no requests. A front end opens a comm with the target <see cref="Target"/>; each of its messages is a
/// request <c>{ "id", "kind": "signatures" | "diagnostics", "code", "position" }</c>, and the response is a message
/// <c>{ "id", "kind", … }</c>. Positions count UTF-16 code units.
/// </summary>
internal sealed class EditorComm(ScriptSession session)
{
    /// <summary>The target name of the comm.</summary>
    public const string Target = "mnistlab.editor";

    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>Opens a comm, or closes it immediately if its target is unknown, as the protocol requires.</summary>
    public void Open(JupyterRequest request)
    {
        var id = request.Text("comm_id");
        if (request.Text("target_name") == Target) _open.Add(id);
        else request.Publish("comm_close", new() { ["comm_id"] = id, ["data"] = new JsonObject() });
    }

    /// <summary>Closes a comm.</summary>
    public void Close(JupyterRequest request) => _open.Remove(request.Text("comm_id"));

    /// <summary>Returns the open comms in the format of the reply to a <c>comm_info_request</c>.</summary>
    public JsonObject Describe() =>
        new(_open.Select(id => KeyValuePair.Create(id, (JsonNode?)new JsonObject { ["target_name"] = Target })));

    /// <summary>Processes a message and sends the response. Ignores a message of a comm that is not open.</summary>
    public async Task AnswerAsync(JupyterRequest request)
    {
        if (!_open.Contains(request.Text("comm_id")) || request.Content["data"] is not JsonObject question) return;
        var kind = Text(question, "kind");
        var code = Text(question, "code");
        var data = new JsonObject { ["id"] = question["id"]?.DeepClone(), ["kind"] = kind };
        if (kind == "signatures")
            await AddSignaturesAsync(data, code, Math.Clamp((int?)question["position"] ?? code.Length, 0, code.Length));
        else if (kind == "diagnostics") data["diagnostics"] = await DiagnoseAsync(code);
        request.Publish("comm_msg", new() { ["comm_id"] = request.Text("comm_id"), ["data"] = data });
    }

    private static string Text(JsonObject owner, string name) =>
        owner[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private async Task AddSignaturesAsync(JsonObject data, string code, int position)
    {
        if (await session.SignaturesAsync(code, position) is not { } call) return;
        data["activeSignature"] = call.ActiveSignature;
        data["activeParameter"] = call.ActiveParameter;
        data["signatures"] = new JsonArray([.. call.Signatures.Select(signature => new JsonObject
        {
            ["label"] = signature.Label,
            ["documentation"] = signature.Documentation,
            ["parameters"] = new JsonArray([.. signature.Parameters.Select(parameter =>
                new JsonObject { ["label"] = parameter.Label, ["documentation"] = parameter.Documentation })]),
        })]);
    }

    private async Task<JsonArray> DiagnoseAsync(string code) =>
        new([.. (await session.DiagnoseAsync(code))
            .Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error or DiagnosticSeverity.Warning)
            .Select(diagnostic => new JsonObject
            {
                ["start"] = diagnostic.Location.SourceSpan.Start,
                ["end"] = diagnostic.Location.SourceSpan.End,
                ["severity"] = diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning",
                ["code"] = diagnostic.Id,
                // A syntax error does not depend on the declarations of other cells.
                ["isSyntax"] = diagnostic.Location.SourceTree?.GetDiagnostics().Contains(diagnostic) == true,
                ["message"] = diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
            })]);
}
