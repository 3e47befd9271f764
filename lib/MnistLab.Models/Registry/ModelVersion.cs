using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MnistLab.Models.Registry;

/// <summary>
/// Represents the version of a model: three numbers, beginning with <c>0.0.1</c>. Versions are compared numerically:
/// 0.0.10 is later than 0.0.9.
/// </summary>
/// <param name="Major">The first number, from 0.</param>
/// <param name="Minor">The second number, from 0.</param>
/// <param name="Patch">The third number, from 0.</param>
[JsonConverter(typeof(Converter))]
public readonly record struct ModelVersion(int Major, int Minor, int Patch) : IComparable<ModelVersion>
{
    /// <summary>Gets the first version of a model.</summary>
    public static ModelVersion First => new(0, 0, 1);

    /// <summary>Returns the next version, which has the next patch number.</summary>
    public ModelVersion Next() => this with { Patch = Patch + 1 };

    /// <summary>Parses a version; returns false if the text is not a valid version.</summary>
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
        // A version has exactly one valid spelling, because it is part of a URL.
        return version.ToString() == text;
    }

    /// <summary>Parses a version.</summary>
    /// <exception cref="FormatException">The text does not consist of three numbers separated by dots.</exception>
    public static ModelVersion Parse(string text) => TryParse(text, out var version)
        ? version
        : throw new FormatException($"'{text}' is not a valid version: use three numbers, such as 0.0.1.");

    /// <inheritdoc/>
    public int CompareTo(ModelVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <summary>Returns the version as text, which <see cref="Parse"/> accepts.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    /// <summary>Converts a version to and from a JSON string.</summary>
    public sealed class Converter : JsonConverter<ModelVersion>
    {
        /// <inheritdoc/>
        public override ModelVersion Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var version)
                ? version
                : throw new JsonException($"'{reader.GetString()}' is not a valid version.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, ModelVersion value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
