using MnistLab.Client;
using MnistLab.Models.Registry;
using MnistLab.Serving.Foreground;
using MnistLab.Storage;
using MnistLab.Storage.S3;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests.Foreground;

/// <summary>Tests a replica that downloads its model from a real S3 server.</summary>
public sealed class ForegroundOnAServerTests(RadosGateway gateway, TrainedModel trained) : IClassFixture<RadosGateway>
{
    [Fact]
    public async Task Start_WhileTheServerIsAway_ServesWhenItIsBack()
    {
        var model = await ImportAsync();
        var isAway = true;
        await using var proxy = new FaultProxy(gateway.Endpoint, _ => isAway ? Fault.Busy : Fault.None);
        await using var replica = Start(proxy.Endpoint, model.Location.ToString(), RadosGateway.SecretKey);

        await replica.LoggedAsync("Attempt 1 failed");
        isAway = false;
        using var client = new PredictionClient(await replica.WaitUntilReadyAsync());

        Assert.NotEmpty((await client.PredictAsync(ServiceLab.Png(0))).Scores);
        Assert.DoesNotContain(RadosGateway.SecretKey, replica.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAWrongKey_EndsAtOnceAndNamesTheVariables()
    {
        var (exitCode, printed) = await RunAsync("s3://bucket/models/digits/0.0.1/", "not-the-secret-of-it");

        Assert.Equal(ServiceExitCode.StoreUnavailable, exitCode);
        Assert.Contains(StoreVariables.SecretKey, printed, StringComparison.Ordinal);
        Assert.DoesNotContain("Attempt 1 failed", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-secret-of-it", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithoutSuchABucket_NamesItAndTheServer()
    {
        var (exitCode, printed) = await RunAsync("s3://no-such-bucket/models/digits/0.0.1/", RadosGateway.SecretKey);

        Assert.Equal(ServiceExitCode.InvalidModel, exitCode);
        Assert.Contains("no-such-bucket", printed, StringComparison.Ordinal);
        Assert.Contains(gateway.Endpoint.Authority, printed, StringComparison.Ordinal);
    }

    private async Task<RegisteredModel> ImportAsync()
    {
        var settings = new S3Settings(gateway.Endpoint, "us-east-1", RadosGateway.AccessKey, RadosGateway.SecretKey);
        using var store = new S3ObjectStore(settings);
        var bucket = ObjectUrl.Parse("s3://replicas/");
        await store.CreateBucketAsync(bucket.Bucket);
        await foreach (var item in trained.Store.ListAsync(trained.Output))
        {
            await using var content = await trained.Store.GetAsync(item.Url);
            await store.PutAsync(bucket / $"log/{trained.Output.RelativeKeyOf(item.Url)}", content);
        }

        return await new ModelRegistry(store, bucket / "models/").ImportAsync(ServiceLab.Name, bucket / "log/");
    }

    private async Task<(int ExitCode, string Printed)> RunAsync(string model, string secret)
    {
        await using var replica = Start(gateway.Endpoint, model, secret);
        return (await replica.WaitForExitAsync(), replica.Printed);
    }

    private static ReplicaProcess Start(Uri endpoint, string model, string secret) => ReplicaProcess.Start(
        ["--model", model, "--port", "0"],
        (StoreVariables.Endpoint, endpoint.ToString()),
        (StoreVariables.AccessKey, RadosGateway.AccessKey),
        (StoreVariables.SecretKey, secret));
}
