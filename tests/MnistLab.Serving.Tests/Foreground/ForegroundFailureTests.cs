using System.Net;
using System.Net.Sockets;
using MnistLab.Data.Workspaces;
using MnistLab.Models;
using MnistLab.Serving.Foreground;
using MnistLab.Storage;

namespace MnistLab.Serving.Tests.Foreground;

/// <summary>Tests the messages and exit codes of a replica that cannot serve.</summary>
public sealed class ForegroundFailureTests(TrainedModel trained) : IAsyncLifetime
{
    private readonly ServiceLab _lab = new(trained);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Start_WithoutSuchAModel_NamesItAndTheStore()
    {
        var (exitCode, printed) = await RunAsync("s3://bucket/models/digits/9.9.9/");

        Assert.Equal(ServiceExitCode.InvalidModel, exitCode);
        Assert.Contains("There is nothing at s3://bucket/models/digits/9.9.9/", printed, StringComparison.Ordinal);
        Assert.Contains(trained.StoreFolder, printed, StringComparison.Ordinal);
        Assert.Contains("models list", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithoutSuchABucket_NamesIt()
    {
        var (exitCode, printed) = await RunAsync("s3://no-such-bucket/models/digits/0.0.1/");

        Assert.Equal(ServiceExitCode.InvalidModel, exitCode);
        Assert.Contains("There is no bucket 'no-such-bucket'", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PackageFiles.Model, true)]
    [InlineData(PackageFiles.Config, false)]
    public async Task Start_FromADamagedVersion_NamesTheFileAndTheNextStep(string name, bool isReplaced)
    {
        var model = await _lab.ImportAsync();
        var file = model.Package / name;
        // Flips one bit, as a failing disk would: the file can still be parsed.
        if (isReplaced) await FlipBitAsync(file);
        else await _lab.Store.PutTextAsync(file, await _lab.Store.GetTextAsync(file) + " ");

        var (exitCode, printed) = await RunAsync(model.Location.ToString());

        Assert.Equal(ServiceExitCode.InvalidModel, exitCode);
        Assert.Contains($"{file} is damaged: its SHA-256 is ", printed, StringComparison.Ordinal);
        Assert.Contains("Import the model again as a new version", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FromAVersionWhoseImportFailed_SaysWhy()
    {
        await Assert.ThrowsAsync<ModelImportException>(() => _lab.ImportAsync("this is not C#"));
        var failed = (await _lab.Models.ListAsync(ServiceLab.Name))[^1];

        var (exitCode, printed) = await RunAsync(failed.Location.ToString());

        Assert.Equal(ServiceExitCode.InvalidModel, exitCode);
        Assert.Contains($"digits {failed.Version} at {failed.Location} is ", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhileTheStoreCannotBeReached_TriesAgainAndThenGivesUp()
    {
        var (exitCode, printed) = await RunAsync(
            ["--model", "s3://bucket/models/digits/0.0.1/", "--port", "0", "--start-timeout", "1"],
            (StoreVariables.Endpoint, "http://127.0.0.1:1"),
            (StoreVariables.AccessKey, "key"),
            (StoreVariables.SecretKey, "a-secret-of-the-test"));

        Assert.Equal(ServiceExitCode.StoreUnavailable, exitCode);
        Assert.Contains("http://127.0.0.1:1 cannot be reached", printed, StringComparison.Ordinal);
        Assert.Contains(StoreVariables.Endpoint, printed, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-of-the-test", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port", "--grpc-port", "MNISTLAB_PORT")]
    [InlineData("--grpc-port", "--port", "MNISTLAB_GRPC_PORT")]
    public async Task Start_OnAPortThatIsTaken_NamesItAndItsOption(string option, string other, string variable)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var model = await _lab.ImportAsync();

        var (exitCode, printed) = await RunAsync(
            ["--model", model.Location.ToString(), "--store", trained.StoreFolder, option, $"{port}", other, "0"]);

        Assert.Equal(ServiceExitCode.Failed, exitCode);
        Assert.Contains($"Another program listens on 127.0.0.1:{port}.", printed, StringComparison.Ordinal);
        Assert.Contains($"another port with {option} or {variable}.", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithoutATemporaryFolder_NamesTheVariable()
    {
        var (exitCode, printed) = await RunAsync(
            ["--model", "s3://bucket/x/", "--store", trained.StoreFolder], ("TMPDIR", "/no-such-folder"));

        Assert.Equal(ServiceExitCode.Failed, exitCode);
        Assert.Contains("TMPDIR", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Specify --model URL, or set MNISTLAB_MODEL.")]
    [InlineData("--model digits", "--model: 'digits' is not an object address")]
    [InlineData("--model s3://bucket/x/", "OBS_ENDPOINT")]
    [InlineData("--model s3://bucket/x/ --port 65536", "--port: '65536' is not a valid port")]
    [InlineData("--model s3://bucket/x/ --grpc-port any", "--grpc-port: 'any' is not a valid port")]
    [InlineData("--model s3://bucket/x/ --grpc-port 8080", "--grpc-port: gRPC needs its own port, but 8080 is the port for HTTP.")]
    [InlineData("--model s3://bucket/x/ --drain -1", "--drain: '-1' is not a number of seconds from 0 to 600.")]
    [InlineData("--model s3://bucket/x/ --prediction-limit 0", "--prediction-limit: '0' is not a number of seconds above 0 to 40.")]
    [InlineData("--model s3://bucket/x/ --log-format xml", "--log-format: 'xml' is not a log format")]
    [InlineData("--model s3://bucket/x/ --address 0.0.0.0", "MNISTLAB_TOKEN")]
    [InlineData("--model s3://bucket/x/ --store /no-such-folder", "--store: there is no folder '/no-such-folder'.")]
    public void Create_WithoutWhatItNeeds_NamesTheOption(string arguments, string expected)
    {
        var words = arguments.Split(' ');
        string? Option(ForegroundOption option) =>
            Array.IndexOf(words, option.Option) is var index and >= 0 ? words[index + 1] : null;

        var error = Assert.Throws<ServiceConfigurationException>(() => ForegroundService.Create(Option, _ => null));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(ServiceExitCode.InvalidConfiguration, error.ExitCode);
    }

    [Fact]
    public void Create_FromAnInvalidVariable_NamesTheVariable()
    {
        var variables = new Dictionary<string, string>
        {
            [ServiceVariables.Model] = "s3://bucket/x/",
            [ServiceVariables.Store] = trained.StoreFolder,
            [ServiceVariables.Port] = "http",
        };

        var error = Assert.Throws<ServiceConfigurationException>(
            () => ForegroundService.Create(_ => null, name => variables.GetValueOrDefault(name)));

        Assert.Equal("MNISTLAB_PORT: 'http' is not a valid port: use a number from 0 to 65535.", error.Message);
    }

    [Fact]
    public void Options_OfTheService_AreOnThePage()
    {
        var page = File.ReadAllText(Path.Combine(Workspace.Find().Root, "docs", "beyond-one-machine.md"));

        Assert.All(
            ForegroundOptions.All,
            item => Assert.Contains($"| `{item.Option}` | `{item.Variable}` | ", page, StringComparison.Ordinal));
    }

    private Task<(int ExitCode, string Printed)> RunAsync(string model) =>
        RunAsync(["--model", model, "--store", trained.StoreFolder, "--port", "0"]);

    private static async Task<(int ExitCode, string Printed)> RunAsync(
        IEnumerable<string> arguments, params (string Name, string Value)[] variables)
    {
        await using var replica = ReplicaProcess.Start(arguments, variables);
        var exitCode = await replica.WaitForExitAsync();
        return (exitCode, replica.Printed);
    }

    private async Task FlipBitAsync(ObjectUrl url)
    {
        using var content = new MemoryStream();
        await using (var stored = await _lab.Store.GetAsync(url)) await stored.CopyToAsync(content);
        content.GetBuffer()[content.Length / 2] ^= 1;
        content.Position = 0;
        await _lab.Store.PutAsync(url, content);
    }
}
