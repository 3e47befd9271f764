using System.Text.Json.Nodes;
using MnistLab.Kernel.Editing;
using MnistLab.Kernel.Sessions;

namespace MnistLab.Kernel.Jupyter;

/// <summary>Handles the requests of a front end while a cell is being written.</summary>
internal sealed class EditorRequests(ScriptSession session)
{
    private const string IndentOfLevel = "    ";

    /// <summary>Returns the content of the reply to a <c>complete_request</c>.</summary>
    public async Task<JsonObject> CompleteAsync(JupyterRequest request)
    {
        var (code, position) = Place(request);
        var completions = await session.CompleteAsync(code, position);
        var (start, end) = (TextOffsets.ToCodePoints(code, completions.Start), TextOffsets.ToCodePoints(code, completions.End));
        return new()
        {
            ["status"] = "ok",
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["matches"] = new JsonArray([.. completions.Items.Select(item => JsonValue.Create(item.Text))]),
            // Front ends show the types beside the names. Jupyter has declared this member experimental for ten years.
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray([.. completions.Items.Select(item =>
                    new JsonObject { ["text"] = item.Text, ["type"] = item.Kind, ["start"] = start, ["end"] = end })]),
            },
        };
    }

    /// <summary>Returns the content of the reply to an <c>inspect_request</c>.</summary>
    public async Task<JsonObject> InspectAsync(JupyterRequest request)
    {
        var (code, position) = Place(request);
        var description = await session.DescribeAsync(code, position);
        return new()
        {
            ["status"] = "ok",
            ["found"] = description is not null,
            ["data"] = description is null
                ? []
                : new JsonObject { ["text/plain"] = description.Text, ["text/markdown"] = description.Markdown },
            ["metadata"] = new JsonObject(),
        };
    }

    /// <summary>Returns the content of the reply to an <c>is_complete_request</c>.</summary>
    public static JsonObject IsComplete(JupyterRequest request)
    {
        var code = request.Text("code");
        return ScriptSession.CompletenessOf(code) switch
        {
            Completeness.Complete => new() { ["status"] = "complete" },
            Completeness.Invalid => new() { ["status"] = "invalid" },
            _ => new() { ["status"] = "incomplete", ["indent"] = string.Concat(Enumerable.Repeat(IndentOfLevel, Depth(code))) },
        };
    }

    private static int Depth(string code) => Math.Max(
        0, code.Count(letter => letter is '{' or '(' or '[') - code.Count(letter => letter is '}' or ')' or ']'));

    private static (string Code, int Position) Place(JupyterRequest request)
    {
        var code = request.Text("code");
        return (code, TextOffsets.ToCodeUnits(code, request.Value("cursor_pos", code.Length)));
    }
}
