using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace MnistLab.Training.Checkpoints;

/// <summary>
/// Reads and writes named tensors in the safetensors format (https://github.com/huggingface/safetensors, "Format"): 8
/// bytes with the length of the header, little-endian; the header, JSON with the type, shape, and offsets of each
/// tensor; then the bytes of the tensors, little-endian, without gaps. A file contains no code.
/// </summary>
public static class SafetensorsFile
{
    private const string MetadataName = "__metadata__";
    private const int LargestHeader = 100 << 20;

    private static readonly (string Name, ScalarType Type, int Size)[] Types =
    [
        ("F32", ScalarType.Float32, 4),
            ("F64", ScalarType.Float64, 8),
            ("I64", ScalarType.Int64, 8),
            ("I32", ScalarType.Int32, 4),
            ("U8", ScalarType.Byte, 1),
            ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>Writes tensors to a stream.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="tensors">
    /// The tensors, by name: float32, float64, int64, int32, uint8, or bool, of any shape.
    /// </param>
    /// <param name="metadata">The metadata to store with the tensors: texts by name.</param>
    /// <exception cref="NotSupportedException">A tensor has an unsupported type.</exception>
    public static void Write(
        Stream stream,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var header = new JsonObject();
        if (metadata is { Count: > 0 })
            header[MetadataName] = new JsonObject(metadata
                .OrderBy(item => item.Key, StringComparer.Ordinal)
                .Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value)));
        var contents = new List<byte[]>();
        var offset = 0L;
        foreach (var (name, tensor) in tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal))
        {
            var type = Types.FirstOrDefault(type => type.Type == tensor.dtype).Name ?? throw new NotSupportedException(
                $"The tensor '{name}' has the type {tensor.dtype}, which is not supported.");
            using var scope = NewDisposeScope();
            var plain = tensor.detach().cpu().contiguous();
            var bytes = plain.bytes.ToArray();
            header[name] = new JsonObject
            {
                ["dtype"] = type,
                ["shape"] = new JsonArray([.. tensor.shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(offset, offset + bytes.Length),
            };
            contents.Add(bytes);
            offset += bytes.Length;
        }

        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        // Trailing spaces align the data to 8 bytes.
        var padded = (text.Length + 7) / 8 * 8;
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)padded);
        stream.Write(length);
        stream.Write(text);
        for (var i = text.Length; i < padded; i++) stream.WriteByte((byte)' ');
        foreach (var bytes in contents) stream.Write(bytes);
    }

    /// <summary>Reads the tensors and metadata of a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors by name, which the caller disposes, and the metadata.</returns>
    /// <exception cref="CheckpointException">The file is damaged; the message names it and the defect.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static (IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path)
    {
        var file = File.ReadAllBytes(path);
        CheckpointException Damaged(string reason, Exception? cause = null) =>
            new($"{path} is damaged: {reason}. Remove it to use an older checkpoint, if there is one.", cause);

        if (file.Length < sizeof(ulong)) throw Damaged($"it has {file.Length} bytes, but the length of its header alone takes 8");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (length > LargestHeader || length > (ulong)(file.Length - sizeof(ulong)))
            throw Damaged($"its header should have {length} bytes, but the file has {file.Length}");
        var data = file.AsMemory(sizeof(ulong) + (int)length);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var end = 0L;
            foreach (var (name, entry) in JsonNode.Parse(file.AsSpan(sizeof(ulong), (int)length))!.AsObject())
            {
                if (name == MetadataName)
                {
                    foreach (var (key, value) in entry!.AsObject()) metadata[key] = value!.GetValue<string>();
                    continue;
                }

                var (_, type, size) = Types.FirstOrDefault(type => type.Name == entry!["dtype"]!.GetValue<string>());
                var shape = entry!["shape"]!.AsArray().Select(item => item!.GetValue<long>()).ToArray();
                var (start, stop) = (entry["data_offsets"]![0]!.GetValue<long>(), entry["data_offsets"]![1]!.GetValue<long>());
                if (size == 0) throw Damaged($"the tensor '{name}' has an unknown type");
                if (start < 0
                    || stop < start
                    || stop > data.Length
                    || shape.Any(item => item < 0)
                    || shape.Aggregate((Int128)size, (product, item) => product * item) != stop - start)
                    throw Damaged($"the offsets of the tensor '{name}' do not match its shape or the file");
                tensors[name] = FromBytes(data.Span[(int)start..(int)stop], shape, type);
                end = Math.Max(end, stop);
            }

            if (end != data.Length) throw Damaged($"{data.Length - end} bytes follow the last tensor");
            return (tensors, metadata);
        }
        catch (Exception error)
        {
            foreach (var tensor in tensors.Values) tensor.Dispose();
            // The JSON classes throw these exceptions if a value is missing or has the wrong type.
            if (error is JsonException or InvalidOperationException or FormatException or NullReferenceException or ArgumentException)
                throw Damaged($"its header cannot be parsed ({error.Message})", error);
            throw;
        }
    }

    private static Tensor FromBytes(ReadOnlySpan<byte> bytes, long[] shape, ScalarType type)
    {
        var tensor = empty(shape, type).DetachFromDisposeScope();
        if (bytes.Length > 0) bytes.CopyTo(tensor.bytes);
        return tensor;
    }
}
