using System.Text.Json.Serialization;

namespace MnistLab.Storage.Configuration;

/// <summary>The content of the file in which a user keeps access keys.</summary>
/// <param name="Used">The entry that is used; null for none.</param>
/// <param name="Keys">All entries.</param>
internal sealed record KeysFile(string? Used, IReadOnlyList<KeysFile.Entry> Keys)
{
    public static KeysFile Empty { get; } = new(null, []);

    /// <summary>A key with its secret.</summary>
    internal sealed record Entry(
        string Id, string Endpoint, string AccessKeyId, string SecretAccessKey, string? Region, string? AddressingStyle)
    {
        public NewAccessKey Key => new(Endpoint, AccessKeyId, SecretAccessKey, Region, AddressingStyle);

        public override string ToString() => $"an access key of {Endpoint}";
    }
}

/// <summary>Writes the file; generated, so that it works where reflection is switched off.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(KeysFile))]
internal sealed partial class KeysJson : JsonSerializerContext;
