using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using MnistLab.Data.Download;
using MnistLab.Hosting;
using MnistLab.Storage;
using MnistLab.Storage.Configuration;
using MnistLab.StorageProgram;

// put STORE URL BYTES FILL: writes an object of equal bytes, and a line for each report of progress.
// measure STORE URL BYTES:  writes an object of random bytes, reads it back, compares, and writes how much memory it took at most.
// get URL:                    sends a request as downloads of datasets do, and writes the status.
// scratch create|fill:        creates a temporary folder, fills its disk on request, and writes the error.
if (args is ["scratch", var use])
{
    try
    {
        using var scratch = ScratchFolder.Create("mnistlab-test-");
        if (use == "fill")
            await scratch.UseAsync(folder => FillAsync(Path.Combine(folder, "file")));
    }
    catch (ScratchFolderException error)
    {
        Console.WriteLine($"{error.GetType().Name}: {error.Message}");
    }

    return 0;
}

if (args is ["get", var address])
{
    using var handler = DatasetDownload.CreateHandler();
    using var http = new HttpMessageInvoker(handler);
    using var request = new HttpRequestMessage(HttpMethod.Get, address);
    using var response = await http.SendAsync(request, CancellationToken.None);
    Console.WriteLine((int)response.StatusCode);
    return 0;
}

var store = ObjectStores.Open(Environment.GetEnvironmentVariable, args[1]);
var url = ObjectUrl.Parse(args[2]);
var length = long.Parse(args[3], CultureInfo.InvariantCulture);
if (args[0] == "put")
{
    await store.PutAsync(url, new GeneratedStream(length, byte.Parse(args[4], CultureInfo.InvariantCulture)), progress: new Lines());
    return 0;
}

using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
await store.PutAsync(url, new GeneratedStream(length, sent));
using var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
var buffer = new byte[1 << 17];
await using (var content = await store.GetAsync(url))
{
    int read;
    while ((read = await content.ReadAsync(buffer)) > 0) received.AppendData(buffer, 0, read);
}

if (!sent.GetHashAndReset().AsSpan().SequenceEqual(received.GetHashAndReset())) return 1;
Console.WriteLine(Process.GetCurrentProcess().PeakWorkingSet64);
return 0;

static async Task FillAsync(string file)
{
    await using var content = new FileStream(file, FileMode.Create);
    while (true) await content.WriteAsync(new byte[1 << 16]);
}

internal sealed class Lines : IProgress<TransferProgress>
{
    public void Report(TransferProgress value) => Console.WriteLine(value.BytesDone);
}
