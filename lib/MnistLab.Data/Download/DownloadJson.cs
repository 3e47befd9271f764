using System.Text.Json.Serialization;

namespace MnistLab.Data.Download;

/// <summary>What downloads write down, as JSON: generated, as file-based apps have no serialization by reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, FileNote>))]
internal sealed partial class DownloadJson : JsonSerializerContext;
