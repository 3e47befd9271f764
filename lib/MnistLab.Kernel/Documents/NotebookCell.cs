using System.Globalization;
using System.Text.Json.Nodes;
using MnistLab.Kernel.Directives;

namespace MnistLab.Kernel.Documents;

/// <summary>Represents a cell of a notebook.</summary>
public sealed class NotebookCell
{
    private const string StartedKey = "iopub.execute_input";
    private const string FinishedKey = "shell.execute_reply";
    private const string SkeletonKey = "skeleton";

    private readonly JsonObject _json;

    internal NotebookCell(JsonObject json, JsonPlace place)
    {
        _json = json;
        Kind = place.Text(json, "cell_type") switch
        {
            "code" => CellKind.Code,
            "markdown" => CellKind.Markdown,
            "raw" => CellKind.Raw,
            var unknown => throw place.Wrong($"has the cell_type '{unknown}'; only 'code', 'markdown', and 'raw' are valid"),
        };
        Source = place.MultilineText(json, "source");
        if (json["metadata"] is not JsonObject)
            json["metadata"] = json["metadata"] is null ? new JsonObject() : throw place.Wrong("has 'metadata' that is not an object");
        if (Kind != CellKind.Code) return;

        ExecutionCount = place.OptionalNumber(json, "execution_count");
        // nbformat requires both members, but some programs omit them from cells that were not run.
        json["execution_count"] ??= null;
        json["outputs"] ??= new JsonArray();
        if (json["outputs"] is not JsonArray outputs) throw place.Wrong("has 'outputs' that are not a list");
        Outputs = [.. outputs.Select((output, index) =>
        {
            var outputPlace = place.Within(string.Create(CultureInfo.InvariantCulture, $"output {index + 1}"));
            return OutputJson.Read(outputPlace.Object(output), outputPlace);
        })];
    }

    /// <summary>Gets the kind of the cell.</summary>
    public CellKind Kind { get; }

    /// <summary>
    /// Gets the ID of the cell, which is unique within the notebook and has 1 to 64 letters, digits, <c>-</c>, and
    /// <c>_</c>.
    /// </summary>
    public string Id => _json["id"]!.GetValue<string>();

    /// <summary>Gets the code or text, with line feeds between the lines.</summary>
    public string Source { get; private set; }

    /// <summary>
    /// Gets the skeleton that a solution has replaced (see <see cref="ExerciseSolutions"/>); null if there is none.
    /// </summary>
    public string? Skeleton => Metadata[SkeletonKey] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Gets the tags of the cell, such as <c>parameters</c>.</summary>
    public IReadOnlyList<string> Tags => Metadata["tags"] is JsonArray tags
        ? [.. tags.OfType<JsonValue>().Select(tag => tag.TryGetValue<string>(out var text) ? text : null).OfType<string>()]
        : [];

    /// <summary>
    /// Gets the 1-based number of the last execution; null if the cell was not run or is not a code cell.
    /// </summary>
    public int? ExecutionCount { get; private set; }

    /// <summary>Gets the outputs of the last execution; empty if the cell is not a code cell.</summary>
    public IReadOnlyList<NotebookOutput> Outputs { get; private set; } = [];

    /// <summary>Gets or sets the times of the last execution; null if they are not known.</summary>
    public ExecutionTimes? Times
    {
        get => ReadTime(StartedKey) is { } started && ReadTime(FinishedKey) is { } finished ? new(started, finished) : null;
        set
        {
            RequireCode();
            if (value is null) Metadata.Remove("execution");
            else
                Metadata["execution"] = new JsonObject
                {
                    [StartedKey] = WriteTime(value.Started),
                    [FinishedKey] = WriteTime(value.Finished)
                };
        }
    }

    /// <summary>
    /// Gets the language that the metadata of the cell specifies, as <see cref="CellLanguage"/> names it; null if there
    /// is none.
    /// </summary>
    internal string? Language => CellLanguage.FindIn(Metadata, "polyglot_notebook", "kernelName")
        ?? CellLanguage.FindIn(Metadata, "dotnet_interactive", "language")
        ?? CellLanguage.FindIn(Metadata, "vscode", "languageId");

    internal JsonObject Json => _json;

    private JsonObject Metadata => (JsonObject)_json["metadata"]!;

    /// <summary>
    /// Replaces the result of an earlier execution and clears its <see cref="Times"/>. <c>SetResult(null, [])</c>
    /// resets the cell to one that was not run.
    /// </summary>
    /// <exception cref="InvalidOperationException">The cell is not a code cell.</exception>
    public void SetResult(int? executionCount, IEnumerable<NotebookOutput> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        RequireCode();
        NotebookOutput[] copy = [.. outputs];
        _json["execution_count"] = executionCount;
        _json["outputs"] = new JsonArray([.. copy.Select(OutputJson.Write)]);
        (ExecutionCount, Outputs, Times) = (executionCount, copy, null);
    }

    /// <summary>Replaces the code or text. If it is unchanged, its JSON stays as it was read.</summary>
    public void SetSource(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source == Source) return;
        Source = source;
        _json["source"] = MultilineText.Write(source);
    }

    /// <summary>
    /// Replaces the code with the solution of an exercise, and keeps the original code as the <see cref="Skeleton"/>.
    /// </summary>
    internal void Complete(string solution)
    {
        RequireCode();
        Metadata[SkeletonKey] ??= Source;
        Source = solution;
        _json["source"] = MultilineText.Write(solution);
    }

    private void RequireCode()
    {
        if (Kind != CellKind.Code)
            throw new InvalidOperationException($"Cell '{Id}' is a {Kind} cell, not a code cell, so it cannot have a result.");
    }

    // Other programs also write these times. An invalid time counts as missing.
    private DateTimeOffset? ReadTime(string key) =>
        (Metadata["execution"] as JsonObject)?[key] is JsonValue value && value.TryGetValue<string>(out var text)
        && DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time)
            ? time
            : null;

    private static string WriteTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
