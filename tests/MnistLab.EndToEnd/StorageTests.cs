using System.Net;
using System.Net.Sockets;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Storage.S3;
using MnistLab.Testing;

namespace MnistLab.EndToEnd;

/// <summary>
/// Tests the unchanged notebooks on a real server that only environment variables select, and their output if the
/// server is not available.
/// </summary>
public sealed class StorageTests(RadosGateway gateway) : IClassFixture<RadosGateway>
{
    [Fact]
    public async Task Run_Notebook1OnAServer_PutsTheFilesIntoItAndShowsNoSecret()
    {
        await using var workspace = new CopiedWorkspace();
        Use(workspace, gateway.Endpoint);

        var (exitCode, output, error) = await workspace.RunAsync(null, "run", workspace.NotebookPath("1-prepare.ipynb"));

        Assert.True(exitCode == 0, output + error);
        Assert.Contains($"Objects are stored in {gateway.Endpoint.GetLeftPart(UriPartial.Authority)}.", output, StringComparison.Ordinal);
        using var store = new S3ObjectStore(new S3Settings(gateway.Endpoint, "us-east-1", RadosGateway.AccessKey, RadosGateway.SecretKey));
        var stored = await store.ListAsync(ObjectUrl.Parse("s3://modelarts-example/datasets/")).ToListAsync();
        Assert.Equal(MnistFiles.All.Order(StringComparer.Ordinal), stored.Select(item => item.Url.Name));
        var sample = Workspace.Find().SampleFolder;
        foreach (var item in stored) Assert.Equal(new FileInfo(Path.Combine(sample, item.Url.Name)).Length, item.Length);
        AssertNoSecret(workspace, output + error);

        // A job reads its code and data from the server, and writes its model to it.
        (exitCode, output, error) = await workspace.RunAsync(null, "jobs", "submit", "on_a_server", "-p", "max_number_of_steps=30");
        Assert.True(exitCode == 0, output + error);
        Assert.EndsWith("on_a_server V0001: Completed", output.TrimEnd(), StringComparison.Ordinal);
        var left = (await store.ListAsync(ObjectUrl.Parse("s3://modelarts-example/log/V0001/")).ToListAsync())
            .Select(item => item.Url.Name)
            .ToHashSet();
        Assert.Superset(new HashSet<string>
        {
            "worker-0.log",
            "events.log",
            "job.json",
            "model.onnx",
            "config.json",
            "step-00000030.safetensors"
        }, left);
        AssertNoSecret(workspace, output + error);
    }

    [Fact]
    public async Task Run_Notebook1WithNobodyAtTheEndpoint_FailsWithTheNextStepAndNoSecret()
    {
        await using var workspace = new CopiedWorkspace();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closed = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();
        Use(workspace, closed);

        var (exitCode, output, error) = await workspace.RunAsync(null, "run", workspace.NotebookPath("1-prepare.ipynb"));

        Assert.Equal(1, exitCode);
        Assert.Contains(closed.Authority, error, StringComparison.Ordinal);
        Assert.Contains("Check OBS_ENDPOINT", error, StringComparison.Ordinal);
        AssertNoSecret(workspace, output + error);
    }

    private static void Use(CopiedWorkspace workspace, Uri endpoint)
    {
        workspace.Variables[StoreVariables.Endpoint] = $"{endpoint}";
        workspace.Variables[StoreVariables.AccessKey] = RadosGateway.AccessKey;
        workspace.Variables[StoreVariables.SecretKey] = RadosGateway.SecretKey;
    }

    private static void AssertNoSecret(CopiedWorkspace workspace, string console)
    {
        Assert.NotEmpty(workspace.Reports);
        Assert.DoesNotContain(RadosGateway.SecretKey, workspace.Reports, StringComparison.Ordinal);
        Assert.DoesNotContain(RadosGateway.SecretKey, console, StringComparison.Ordinal);
    }
}
