using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace MnistLab.Kernel.Documents;

/// <summary>
/// Represents data in one or more representations, keyed by MIME type, in the order in which they were added. Text and
/// base64 are JSON strings. The value of <c>application/json</c>, or of a type that ends in <c>+json</c>, is any JSON
/// value.
/// </summary>
/// <remarks>
/// Immutable: <see cref="With(string, JsonNode?)"/> returns a new bundle. Do not modify the JSON values that a bundle
/// returns.
/// </remarks>
public sealed class MimeBundle : IReadOnlyCollection<KeyValuePair<string, JsonNode?>>, IEquatable<MimeBundle>
{
    private readonly OrderedDictionary<string, JsonNode?> _forms;

    private MimeBundle(OrderedDictionary<string, JsonNode?> forms) => _forms = forms;

    /// <summary>Gets the empty bundle.</summary>
    public static MimeBundle Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _forms.Count;

    /// <summary>Gets the MIME types in order.</summary>
    public IReadOnlyList<string> MimeTypes => _forms.Keys;

    /// <summary>Gets the representation with a MIME type.</summary>
    /// <exception cref="KeyNotFoundException">The bundle has no such MIME type.</exception>
    public JsonNode? this[string mimeType] => _forms[mimeType];

    /// <summary>Returns a bundle with one representation, which is text or base64.</summary>
    public static MimeBundle From(string mimeType, string text) => Empty.With(mimeType, text);

    /// <summary>Returns whether the value of a MIME type may be any JSON value, not only a string.</summary>
    public static bool IsJson(string mimeType)
    {
        ArgumentNullException.ThrowIfNull(mimeType);
        return mimeType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || mimeType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Returns this bundle with another representation, which is text or base64. It replaces one of the same MIME type
    /// and keeps its position.
    /// </summary>
    public MimeBundle With(string mimeType, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return With(mimeType, (JsonNode?)JsonValue.Create(text));
    }

    /// <summary>
    /// Returns this bundle with another representation. It replaces one of the same MIME type and keeps its position.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The MIME type is null or empty, or it is not a JSON type and <paramref name="value"/> is not a string.
    /// </exception>
    public MimeBundle With(string mimeType, JsonNode? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(mimeType);
        if (!IsJson(mimeType) && value?.GetValueKind() != System.Text.Json.JsonValueKind.String)
            throw new ArgumentException(
                $"The value of '{mimeType}' must be a string; only JSON MIME types accept other values.",
                nameof(value));
        return new(new OrderedDictionary<string, JsonNode?>(_forms) { [mimeType] = value?.DeepClone() });
    }

    /// <summary>Gets the representation with a MIME type, or returns false if there is none.</summary>
    public bool TryGet(string mimeType, out JsonNode? value) => _forms.TryGetValue(mimeType, out value);

    /// <summary>Gets the text or base64 with a MIME type, or returns false if there is none.</summary>
    public bool TryGetText(string mimeType, [NotNullWhen(true)] out string? text)
    {
        text = null;
        return TryGet(mimeType, out var value) && value is JsonValue scalar && scalar.TryGetValue(out text);
    }

    /// <summary>Returns whether another bundle has the same representations in the same order.</summary>
    public bool Equals(MimeBundle? other) =>
        other is not null && Count == other.Count
        && _forms
            .Zip(other._forms)
            .All(pair => pair.First.Key == pair.Second.Key && JsonNode.DeepEquals(pair.First.Value, pair.Second.Value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MimeBundle);

    /// <inheritdoc/>
    public override int GetHashCode() => _forms.Keys.Aggregate(Count, HashCode.Combine);

    /// <summary>Returns the MIME types, separated by commas.</summary>
    public override string ToString() => string.Join(", ", MimeTypes);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, JsonNode?>> GetEnumerator() => _forms.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
