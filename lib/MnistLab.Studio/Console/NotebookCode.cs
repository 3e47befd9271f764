using System.Text.Encodings.Web;
using System.Text.Json;
using MnistLab.Notebooks;

namespace MnistLab.Studio.Console;

/// <summary>Writes the notebook code that a screen shows.</summary>
internal static class NotebookCode
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns code that can be run in a notebook of the course's folder as it is.</summary>
    /// <param name="code">The code.</param>
    /// <param name="types">The types that it names: their namespaces are made known to it.</param>
    public static string Of(string code, params ReadOnlySpan<Type> types)
    {
        var namespaces = new SortedSet<string>(StringComparer.Ordinal) { typeof(Lab).Namespace! };
        foreach (var type in types) namespaces.Add(type.Namespace!);
        return $"""
            #r "../artifacts/lib/MnistLab.Notebooks.dll"
            {string.Join('\n', namespaces.Select(name => $"using {name};"))}

            {code}
            """;
    }

    /// <summary>Returns code that begins with opening the lab, as <c>lab</c>.</summary>
    /// <inheritdoc cref="Of"/>
    public static string OfLab(string code, params ReadOnlySpan<Type> types) => Of($"var lab = Lab.Open();\n{code}", types);

    /// <summary>Returns a text as a literal of C#, with its quotation marks.</summary>
    public static string Literal(string text) =>
        // Each string of JSON is one of C#, too.
        JsonSerializer.Serialize(text, Readable);
}
