using System.Text.Json.Serialization;

namespace MnistLab.Data.Download;

/// <summary>
/// Serializes the notes of verified files; source-generated, because file-based apps have no reflection-based
/// serialization.
/// </summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, FileNote>))]
internal sealed partial class DownloadJson : JsonSerializerContext;
