using System.Text.Encodings.Web;
using System.Text.Json;
using MnistLab.Notebooks;

namespace MnistLab.Studio.Console;

/// <summary>Generates the notebook code that the screens show.</summary>
internal static class NotebookCode
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns code that runs without changes in a notebook in the folder of the course.</summary>
    /// <param name="code">The code.</param>
    /// <param name="types">The types that the code uses; their namespaces are imported.</param>
    public static string With(string code, params ReadOnlySpan<Type> types)
    {
        var namespaces = new SortedSet<string>(StringComparer.Ordinal) { typeof(Lab).Namespace! };
        foreach (var type in types) namespaces.Add(type.Namespace!);
        return $"""
            #r "../artifacts/lib/MnistLab.Notebooks.dll"
            {string.Join('\n', namespaces.Select(name => $"using {name};"))}

            {code}
            """;
    }

    /// <summary>Returns code that first opens the lab as <c>lab</c>.</summary>
    /// <inheritdoc cref="With"/>
    public static string OfLab(string code, params ReadOnlySpan<Type> types) => With($"var lab = Lab.Open();\n{code}", types);

    /// <summary>Returns a text as a C# string literal, including the quotation marks.</summary>
    public static string Literal(string text) =>
        // Every JSON string is also a valid C# string literal.
        JsonSerializer.Serialize(text, Readable);
}
