using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using MnistLab.Storage;
using MnistLab.Storage.S3;
using MnistLab.Testing;

namespace MnistLab.Benchmarks;

/// <summary>
/// Compares uploads and downloads through <see cref="S3ObjectStore"/> with a bare <see cref="HttpClient"/>, with the
/// same bytes and the same server.
/// </summary>
internal static class StoreBenchmark
{
    private const string Bucket = "benchmark";

    // The size of the largest file of MNIST, and a size that is uploaded in parts.
    private static readonly (int Length, int Rounds)[] Cases = [(9_912_422, 21), (128 << 20, 9)];

    public static async Task RunAsync(Report report)
    {
        if (InstalledProgram.Find("radosgw") is null)
        {
            report.Skip("S3ObjectStore", "radosgw is not installed (.ci/run installs it)");
            return;
        }

        await using var gateway = new RadosGateway();
        await gateway.InitializeAsync();
        using var store = new S3ObjectStore(new S3Settings(gateway.Endpoint, "us-east-1", RadosGateway.AccessKey, RadosGateway.SecretKey));
        await store.CreateBucketAsync(Bucket);
        using var bare = new Bare(gateway.Endpoint);
        foreach (var (length, rounds) in Cases)
        {
            var content = RandomNumberGenerator.GetBytes(length);
            var url = ObjectUrl.Parse($"s3://{Bucket}/ours");
            var what = FormattableString.Invariant($"S3 object of {length / 1e6:F1} MB");
            report.AtLeast($"{what}: upload, throughput", await Comparison.OfTimesAsync(
                () => store.PutAsync(url, new MemoryStream(content)),
                () => bare.PutAsync("peer", content),
                rounds), 0.9);
            // Every upload is verified. The ratio includes the processor time of the verification on both sides, which
            // share two cores with the server.
            report.AtLeast($"{what}: upload, throughput, peer verifying the MD5", await Comparison.OfTimesAsync(
                () => store.PutAsync(url, new MemoryStream(content)),
                () => bare.PutVerifiedAsync("peer", content),
                rounds), 0.9);
            report.AtLeast(
                $"{what}: download, throughput",
                await Comparison.OfTimesAsync(() => DownloadAsync(store, url), () => bare.GetAsync("peer"), rounds),
                0.9);
        }
    }

    private static async Task DownloadAsync(S3ObjectStore store, ObjectUrl url)
    {
        await using var content = await store.GetAsync(url);
        await content.CopyToAsync(Stream.Null);
    }

    /// <summary>Requests that are signed beforehand, so that only the transfer is measured.</summary>
    private sealed class Bare(Uri endpoint) : IDisposable
    {
        private readonly HttpClient _http = LoopbackHttp.CreateClient();

        private readonly AmazonS3Client _signer =
            new(new BasicAWSCredentials(RadosGateway.AccessKey, RadosGateway.SecretKey), new AmazonS3Config
            {
                ServiceURL = $"{endpoint}",
                AuthenticationRegion = "us-east-1",
                ForcePathStyle = true,
            });

        public async Task PutVerifiedAsync(string key, byte[] content)
        {
            var hash = Task.Run(() => Convert.ToHexStringLower(MD5.HashData(content)));
            var tag = await PutAsync(key, content);
            if (tag != $"\"{await hash}\"") throw new InvalidOperationException($"The server has {tag}.");
        }

        public async Task<string?> PutAsync(string key, byte[] content)
        {
            using var body = new ByteArrayContent(content);
            using var response = await _http.PutAsync(Sign(key, HttpVerb.PUT), body);
            return response.EnsureSuccessStatusCode().Headers.ETag?.Tag;
        }

        public async Task GetAsync(string key)
        {
            await using var content = await _http.GetStreamAsync(Sign(key, HttpVerb.GET));
            await content.CopyToAsync(Stream.Null);
        }

        public void Dispose()
        {
            _http.Dispose();
            _signer.Dispose();
        }

        private string Sign(string key, HttpVerb verb) => _signer.GetPreSignedURL(
            new GetPreSignedUrlRequest
            {
                BucketName = Bucket,
                Key = key,
                Verb = verb,
                Expires = DateTime.UtcNow.AddHours(1),
                Protocol = Protocol.HTTP
            });
    }
}
