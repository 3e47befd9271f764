using System.Text.Json;
using System.Text.Json.Nodes;

namespace MnistLab.Studio.Notebooks;

/// <summary>
/// Sends the editor's requests to the kernel. While the kernel runs a cell, no request is sent: the reply would come
/// too late to be useful.
/// </summary>
internal static class EditorQuestions
{
    /// <summary>
    /// Returns completions as <c>{ start, end, items: [{ text, kind }] }</c>, with positions in UTF-16 code units.
    /// </summary>
    public static async Task<JsonElement?> CompleteAsync(NotebookSession? session, string code, int position)
    {
        if (Ready(session) is not { } kernel) return null;
        JsonObject question = new() { ["code"] = code, ["cursor_pos"] = CodePoints(code, position) };
        var reply = await kernel.AskAsync("complete_request", question, CancellationToken.None);
        if (reply is null || (string?)reply["status"] != "ok") return null;
        var kinds = (reply["metadata"]?["_jupyter_types_experimental"] as JsonArray ?? [])
            .DistinctBy(item => (string?)item!["text"])
            .ToDictionary(item => (string?)item!["text"] ?? "", item => (string?)item!["type"] ?? "");
        var items = (reply["matches"] as JsonArray ?? [])
            .Select(match => (string?)match ?? "")
            .Select(match => new JsonObject { ["text"] = match, ["kind"] = kinds.GetValueOrDefault(match, "") });
        return ToElement(new JsonObject
        {
            ["start"] = CodeUnits(code, (int?)reply["cursor_start"] ?? position),
            ["end"] = CodeUnits(code, (int?)reply["cursor_end"] ?? position),
            ["items"] = new JsonArray([.. items]),
        });
    }

    /// <summary>Returns a description of the name at a position, as Markdown; null if there is none.</summary>
    public static async Task<string?> HoverAsync(NotebookSession? session, string code, int position)
    {
        if (Ready(session) is not { } kernel) return null;
        JsonObject question = new() { ["code"] = code, ["cursor_pos"] = CodePoints(code, position), ["detail_level"] = 0 };
        var reply = await kernel.AskAsync("inspect_request", question, CancellationToken.None);
        if (reply?["data"] is not JsonObject data) return null;
        return (string?)data["text/markdown"] ?? ((string?)data["text/plain"] is { } text ? $"```\n{text}\n```" : null);
    }

    /// <summary>
    /// Returns signatures as <c>{ signatures, activeSignature, activeParameter }</c>; null if the kernel returns none.
    /// </summary>
    public static async Task<JsonElement?> SignaturesAsync(NotebookSession? session, string code, int position) =>
        Ready(session) is { } kernel
        && await kernel.AskEditorAsync(
            new() { ["kind"] = "signatures", ["code"] = code, ["position"] = position }, CancellationToken.None) is { } found
        && found["signatures"] is not null
            ? ToElement(found)
            : null;

    /// <summary>
    /// Returns diagnostics as <c>[{ start, end, severity, code, message }]</c>. Until all cells above have run, their
    /// names are unknown, and only syntax errors are returned.
    /// </summary>
    public static async Task<JsonElement?> DiagnoseAsync(NotebookSession? session, string cell, string code)
    {
        if (Ready(session) is not { } kernel) return null;
        var found = await kernel.AskEditorAsync(new() { ["kind"] = "diagnostics", ["code"] = code }, CancellationToken.None);
        if (found?["diagnostics"] is not JsonArray diagnostics) return null;
        var knowsNames = KnowsNames(session!, cell, code);
        var shown = diagnostics.Where(diagnostic => knowsNames || (bool?)diagnostic!["isSyntax"] == true);
        return ToElement(new JsonArray([.. shown.Select(diagnostic => diagnostic!.DeepClone())]));
    }

    private static bool KnowsNames(NotebookSession session, string cell, string code)
    {
        var above = session.Cells.TakeWhile(state => state.Id != cell);
        if (above.Any(state => state is { IsCode: true, RunSource: null } && !string.IsNullOrWhiteSpace(state.Cell.Source))) return false;
        var bringsNames = code.Contains("#r ", StringComparison.Ordinal) || code.Contains("#load", StringComparison.Ordinal);
        return !bringsNames || session.Find(cell)?.RunSource is not null;
    }

    private static Kernels.NotebookKernel? Ready(NotebookSession? session) =>
        session is { KernelState: Kernels.KernelState.Idle } ? session.Kernel : null;

    private static JsonElement ToElement(JsonNode node) => JsonSerializer.SerializeToElement(node);

    // Jupyter counts Unicode code points; browsers and .NET count UTF-16 code units.
    private static int CodePoints(string code, int position) => code[..Math.Clamp(position, 0, code.Length)].EnumerateRunes().Count();

    private static int CodeUnits(string code, int codePoints)
    {
        var units = 0;
        foreach (var rune in code.EnumerateRunes())
        {
            if (codePoints-- <= 0) break;
            units += rune.Utf16SequenceLength;
        }

        return units;
    }
}
