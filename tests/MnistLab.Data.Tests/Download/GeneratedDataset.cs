using System.IO.Compression;
using System.Security.Cryptography;
using MnistLab.Data.Datasets;
using MnistLab.Data.Idx;

namespace MnistLab.Data.Tests;

/// <summary>
/// Represents a small dataset of random images, and its four files as on a mirror. Random pixels do not compress: the
/// size of the image file is 160 KB.
/// </summary>
public sealed class GeneratedDataset
{
    private const int TrainCount = 200;
    private const int TestCount = 20;

    public GeneratedDataset(int seed = 1)
    {
        var random = new Random(seed);
        Add(DatasetFileRole.TrainImages, "train.gz", [TrainCount, 28, 28], random);
        Add(DatasetFileRole.TrainLabels, "train-labels.gz", [TrainCount], random);
        Add(DatasetFileRole.TestImages, "test.gz", [TestCount, 28, 28], random);
        Add(DatasetFileRole.TestLabels, "test-labels.gz", [TestCount], random);
    }

    public static string Images => "train.gz";

    public Dictionary<string, byte[]> Compressed { get; } = [];

    public Dictionary<string, byte[]> Contents { get; } = [];

    public DatasetDescription Description(params IEnumerable<Uri> mirrors) => new(
        "generated",
        "Generated",
        _files,
        ImageKind.Digits,
        mirrors.Select(mirror => mirror.AbsoluteUri));

    public void AssertPlaced(string folder)
    {
        foreach (var (name, bytes) in Compressed) Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(folder, name)));
        Assert.Empty(Directory.GetFiles(folder, "*.new"));
    }

    private readonly List<DatasetFile> _files = [];

    private void Add(DatasetFileRole role, string name, int[] dimensions, Random random)
    {
        var data = new byte[dimensions.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < data.Length; i++) data[i] = (byte)random.Next(dimensions.Length == 1 ? 10 : 256);
        using var content = new MemoryStream();
        IdxFile.Write(content, new IdxArray(IdxElementType.UInt8, dimensions, data));
        Contents[name] = content.ToArray();
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(Contents[name]);
        Compressed[name] = compressed.ToArray();
        _files.Add(new DatasetFile(role, name, Contents[name].Length, Convert.ToHexStringLower(SHA256.HashData(Contents[name]))));
    }
}
