using System.Text.Json;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Documents;

/// <summary>Parses a notebook file and validates the structure that the rest of the code relies on.</summary>
internal static class NotebookReader
{
    /// <summary>The maximum depth of JSON; outputs may contain JSON of any shape.</summary>
    public const int MaxJsonDepth = 512;

    private const int Major = 4;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxJsonDepth, AllowDuplicateProperties = false };

    public static JsonObject Parse(string file)
    {
        JsonNode? root;
        using (var stream = File.OpenRead(file))
        {
            try
            {
                root = JsonNode.Parse(stream, documentOptions: Options);
            }
            catch (JsonException exception)
            {
                throw new NotebookFormatException(file, $"it is not JSON: {exception.Message}", exception);
            }
        }

        var notebook = root as JsonObject ?? throw new NotebookFormatException(file, "its JSON is not an object.");
        var place = new JsonPlace(file, "the notebook");
        var major = place.OptionalNumber(notebook, "nbformat") ?? throw place.Wrong("has no 'nbformat'");
        if (major != Major)
            throw place.Wrong(
                $"has the nbformat {major}; only nbformat {Major} is supported. Open it in Jupyter and save it, or run 'jupyter nbconvert --to notebook --nbformat {Major}'");
        if (notebook["cells"] is not JsonArray) throw place.Wrong("has no list 'cells'");
        return notebook;
    }
}
