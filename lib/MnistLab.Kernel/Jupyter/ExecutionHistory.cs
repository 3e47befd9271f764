using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MnistLab.Kernel.Jupyter;

/// <summary>
/// Stores the cells that have run since the kernel started, for front ends that let the user browse them.
/// </summary>
internal sealed class ExecutionHistory
{
    private const int Session = 1;
    private const int DefaultTail = 10;

    private readonly List<(int Number, string Code, string? Result)> _cells = [];

    public void Add(int number, string code, string? result) => _cells.Add((number, code, result));

    /// <summary>Returns the content of the reply to a <c>history_request</c>.</summary>
    public JsonObject Answer(JupyterRequest request)
    {
        var cells = request.Text("hist_access_type") switch
        {
            "range" => _cells.Where(cell => cell.Number >= request.Value("start", 0) && cell.Number < request.Value("stop", int.MaxValue)),
            "search" => Search(request),
            _ => _cells.TakeLast(request.Value("n", DefaultTail)),
        };
        var withResults = request.Value("output", false);
        return new()
        {
            ["status"] = "ok",
            ["history"] = new JsonArray([.. cells.Select(cell => new JsonArray(
                Session,
                cell.Number,
                withResults ? new JsonArray(cell.Code, cell.Result) : JsonValue.Create(cell.Code)))]),
        };
    }

    private IEnumerable<(int Number, string Code, string? Result)> Search(JupyterRequest request)
    {
        // A glob pattern: * matches any text, ? any character.
        var pattern = Regex
            .Escape(request.Value("pattern", "*"))
            .Replace("\\*", ".*", StringComparison.Ordinal)
            .Replace("\\?", ".", StringComparison.Ordinal);
        var search = new Regex($"^{pattern}\\z", RegexOptions.Singleline | RegexOptions.NonBacktracking);
        var found = _cells.Where(cell => search.IsMatch(cell.Code));
        if (request.Value("unique", false)) found = found.Reverse().DistinctBy(cell => cell.Code).Reverse();
        return found.TakeLast(request.Value("n", int.MaxValue));
    }
}
