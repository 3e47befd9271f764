using System.Diagnostics;
using System.Globalization;
using MnistLab.Storage.Folders;
using MnistLab.Storage.S3;
using MnistLab.Testing;

namespace MnistLab.Storage.Tests;

/// <summary>
/// Tests a program that is killed while it writes, and the memory that a large object takes; in a separate process,
/// with a folder and with a real server.
/// </summary>
public sealed class KilledWriterTests(RadosGateway gateway)
{
    private const int Length = 40 << 20;
    private const int ReportsOfAServer = 5;
    private const int ReportsOfAFolder = 320;

    public static TheoryData<bool> Stores => [false, true];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Put_ProcessKilledAtAnyPoint_LeavesTheOldOrTheNewObject(bool isServer)
    {
        using var folder = new TemporaryFolder();
        var store = Open(isServer, folder);
        var bucket = ObjectUrl.Parse($"s3://killed-{Guid.NewGuid():N}/");
        await store.CreateBucketAsync(bucket.Bucket);
        await store.PutTextAsync(bucket / "x", "old");
        var random = new Random(9);
        var survivors = 0;

        for (byte fill = 1; fill <= 12; fill++)
        {
            using var writer = Start(isServer, folder, "put", $"{bucket / "x"}", $"{Length}", $"{fill}");
            // The first one is killed in the middle of its work, the others at any point.
            var reports = fill == 1 ? 1 : random.Next((isServer ? ReportsOfAServer : ReportsOfAFolder) + 1);
            for (var i = 0; i < reports && await writer.StandardOutput.ReadLineAsync() is not null; i++)
            {
            }

            writer.Kill();
            await writer.WaitForExitAsync();
            await using var stream = await store.GetAsync(bucket / "x");
            using var content = new MemoryStream();
            await stream.CopyToAsync(content);
            var bytes = content.ToArray();

            if (bytes.AsSpan().SequenceEqual("old"u8))
            {
                survivors++;
            }
            else
            {
                Assert.Equal(Length, bytes.Length);
                Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept(bytes[0]));
            }

            Assert.Equal("x", Assert.Single(await store.ListAsync(bucket).ToListAsync()).Url.Key);
        }

        Assert.NotEqual(0, survivors);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task PutAndGet_AGibibyte_TakesAsMuchMemoryAsAFewMebibytes(bool isServer)
    {
        using var folder = new TemporaryFolder();
        var store = Open(isServer, folder);
        var bucket = ObjectUrl.Parse($"s3://large-{Guid.NewGuid():N}/");
        await store.CreateBucketAsync(bucket.Bucket);

        var small = await MeasureAsync(32L << 20);
        var large = await MeasureAsync(1L << 30);
        await store.DeleteAsync(bucket / "x");

        Assert.InRange(large - small, long.MinValue, 64L << 20);

        async Task<long> MeasureAsync(long length)
        {
            using var program = Start(isServer, folder, "measure", $"{bucket / "x"}", length.ToString(CultureInfo.InvariantCulture));
            var output = await program.StandardOutput.ReadToEndAsync();
            await program.WaitForExitAsync();
            Assert.Equal(0, program.ExitCode);
            return long.Parse(output, CultureInfo.InvariantCulture);
        }
    }

    private IObjectStore Open(bool isServer, TemporaryFolder folder) => isServer
        ? new S3ObjectStore(new S3Settings(gateway.Endpoint, "us-east-1", RadosGateway.AccessKey, RadosGateway.SecretKey))
        : new FolderObjectStore(folder.Path);

    private Process Start(bool isServer, TemporaryFolder folder, string command, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(
            AppContext.BaseDirectory,
            "MnistLab.StorageProgram.dll"), command, folder.Path, .. arguments])
        { RedirectStandardOutput = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OBS_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        if (isServer)
        {
            start.Environment[StoreVariables.Endpoint] = $"{gateway.Endpoint}";
            start.Environment[StoreVariables.AccessKey] = RadosGateway.AccessKey;
            start.Environment[StoreVariables.SecretKey] = RadosGateway.SecretKey;
        }

        return Process.Start(start)!;
    }
}
