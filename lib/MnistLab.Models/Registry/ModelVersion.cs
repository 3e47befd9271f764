using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MnistLab.Models.Registry;

/// <summary>A model's version: three numbers, <c>0.0.1</c> being the first. Ordered as numbers: 0.0.10 comes after 0.0.9.</summary>
/// <param name="Major">The first number, from 0.</param>
/// <param name="Minor">The second number, from 0.</param>
/// <param name="Patch">The third number, from 0.</param>
[JsonConverter(typeof(Converter))]
public readonly record struct ModelVersion(int Major, int Minor, int Patch) : IComparable<ModelVersion>
{
    /// <summary>The version of a name's first model.</summary>
    public static ModelVersion First => new(0, 0, 1);

    /// <summary>The version after this one.</summary>
    public ModelVersion Next() => this with { Patch = Patch + 1 };

    /// <summary>Reads a version, or returns false if it is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ModelVersion version)
    {
        version = default;
        var parts = text?.Split('.');
        if (parts is not { Length: 3 }) return false;
        var numbers = new int[3];
        for (var i = 0; i < 3; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return false;
        }

        version = new ModelVersion(numbers[0], numbers[1], numbers[2]);
        // One version has one spelling: it is part of an address.
        return version.ToString() == text;
    }

    /// <summary>Reads a version.</summary>
    /// <exception cref="FormatException">It is not three numbers with dots between them.</exception>
    public static ModelVersion Parse(string text) => TryParse(text, out var version)
        ? version
        : throw new FormatException($"'{text}' is not a version: write three numbers, such as 0.0.1.");

    /// <inheritdoc/>
    public int CompareTo(ModelVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <summary>The version as text, as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    /// <summary>Reads and writes a version as text in JSON.</summary>
    public sealed class Converter : JsonConverter<ModelVersion>
    {
        /// <inheritdoc/>
        public override ModelVersion Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var version) ? version : throw new JsonException($"'{reader.GetString()}' is not a version.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, ModelVersion value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
