using System.IO.Compression;
using MnistLab.Data.Datasets;
using MnistLab.Data.Idx;
using MnistLab.Data.Sources;
using MnistLab.Data.Workspaces;

namespace MnistLab.Benchmarks;

/// <summary>
/// Compares reading the training images with decompressing them into one buffer with <see cref="GZipStream"/>.
/// </summary>
internal static class IdxBenchmark
{
    private const int Rounds = 21;

    public static async Task RunAsync(Report report)
    {
        var full = Environment.GetEnvironmentVariable(DatasetSource.Variable);
        var path = Path.Combine(full ?? Workspace.Find(AppContext.BaseDirectory).SampleFolder, MnistFiles.TrainImages);
        var payload = IdxFile.Read(path).Data.Length;
        var what = FormattableString.Invariant($"{(full is null ? "sample" : "MNIST")}, training images ({payload / 1e6:F1} MB)");
        var buffer = new byte[payload];

        report.AtMost($"{what}: IdxFile.Read, time", await Comparison.OfTimesAsync(
            () => Do(() => IdxFile.Read(path)),
            () => Do(() => Decompress(path, new byte[16 + payload])),
            Rounds), 1.15);
        report.AtMost($"{what}: IdxReader.Read, time", await Comparison.OfTimesAsync(
            () => Do(() => ReadInto(path, buffer)),
            () => Do(() => Decompress(path, new byte[16 + payload])),
            Rounds), 1.15);

        var before = GC.GetAllocatedBytesForCurrentThread();
        IdxFile.Read(path);
        report.AtMost(
            $"{what}: IdxFile.Read, allocated bytes",
            new Comparison(GC.GetAllocatedBytesForCurrentThread() - before, payload, "bytes"),
            1.05);
    }

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static void Decompress(string path, byte[] content)
    {
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        gzip.ReadExactly(content);
    }

    private static void ReadInto(string path, byte[] buffer)
    {
        using var reader = IdxReader.Open(path);
        reader.Read(buffer);
    }
}
