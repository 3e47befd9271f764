using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel;

/// <summary>
/// One thing in one or more forms, each under its mime type, in the order in which they were added. Text and base64 are JSON strings;
/// <c>application/json</c> and what ends in <c>+json</c> is any JSON value.
/// </summary>
/// <remarks>Immutable: <see cref="With(string, JsonNode?)"/> makes a new bundle. The JSON values handed out are not to be changed.</remarks>
public sealed class MimeBundle : IReadOnlyCollection<KeyValuePair<string, JsonNode?>>, IEquatable<MimeBundle>
{
    private readonly OrderedDictionary<string, JsonNode?> _forms;

    private MimeBundle(OrderedDictionary<string, JsonNode?> forms) => _forms = forms;

    /// <summary>The bundle of nothing.</summary>
    public static MimeBundle Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _forms.Count;

    /// <summary>The mime types, in order.</summary>
    public IReadOnlyList<string> MimeTypes => _forms.Keys;

    /// <summary>The form of this mime type.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public JsonNode? this[string mimeType] => _forms[mimeType];

    /// <summary>A bundle of one form: text, or base64.</summary>
    public static MimeBundle Of(string mimeType, string text) => Empty.With(mimeType, text);

    /// <summary>Whether JSON of any shape, rather than a string, is the form of this mime type.</summary>
    public static bool IsJson(string mimeType)
    {
        ArgumentNullException.ThrowIfNull(mimeType);
        return mimeType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || mimeType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>This bundle with one form, text or base64, more; a form of the same mime type is replaced in its place.</summary>
    public MimeBundle With(string mimeType, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return With(mimeType, (JsonNode?)JsonValue.Create(text));
    }

    /// <summary>This bundle with one form more; a form of the same mime type is replaced in its place.</summary>
    /// <exception cref="ArgumentException">The mime type is empty, or is not JSON's and <paramref name="value"/> is no string.</exception>
    public MimeBundle With(string mimeType, JsonNode? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(mimeType);
        if (!IsJson(mimeType) && value?.GetValueKind() != System.Text.Json.JsonValueKind.String)
            throw new ArgumentException($"The form of '{mimeType}' has to be a string; only JSON mime types take other values.", nameof(value));
        return new(new OrderedDictionary<string, JsonNode?>(_forms) { [mimeType] = value?.DeepClone() });
    }

    /// <summary>The form of this mime type, or false if there is none.</summary>
    public bool TryGet(string mimeType, out JsonNode? value) => _forms.TryGetValue(mimeType, out value);

    /// <summary>The text (or base64) of this mime type, or false if there is none.</summary>
    public bool TryGetText(string mimeType, [NotNullWhen(true)] out string? text)
    {
        text = null;
        return TryGet(mimeType, out var value) && value is JsonValue scalar && scalar.TryGetValue(out text);
    }

    /// <summary>Whether the other bundle has the same forms in the same order.</summary>
    public bool Equals(MimeBundle? other) =>
        other is not null && Count == other.Count
        && _forms.Zip(other._forms).All(pair => pair.First.Key == pair.Second.Key && JsonNode.DeepEquals(pair.First.Value, pair.Second.Value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MimeBundle);

    /// <inheritdoc/>
    public override int GetHashCode() => _forms.Keys.Aggregate(Count, HashCode.Combine);

    /// <summary>The mime types.</summary>
    public override string ToString() => string.Join(", ", MimeTypes);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, JsonNode?>> GetEnumerator() => _forms.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
