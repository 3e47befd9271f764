using System.Text.Json.Serialization;

namespace MnistLab.Storage.Configuration;

/// <summary>Represents the file in which a user's access keys are stored.</summary>
/// <param name="Used">The ID of the entry in use; null if there is none.</param>
/// <param name="Keys">All entries.</param>
internal sealed record KeysFile(string? Used, IReadOnlyList<KeysFile.Entry> Keys)
{
    public static KeysFile Empty { get; } = new(null, []);

    /// <summary>Represents a key with its secret.</summary>
    internal sealed record Entry(
        string Id, string Endpoint, string AccessKeyId, string SecretAccessKey, string? Region, string? AddressingStyle)
    {
        public NewAccessKey Key => new(Endpoint, AccessKeyId, SecretAccessKey, Region, AddressingStyle);

        public override string ToString() => $"an access key of {Endpoint}";
    }
}

/// <summary>Serializes the file; source-generated, so that it works where reflection is disabled.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(KeysFile))]
internal sealed partial class KeysJson : JsonSerializerContext;
